"""Looking after deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from hamilton_sdk.errors import Conflict, NotFound
from hamilton_sdk.flow import Page
from hamilton_sdk.store.statements import deliveries as statements
from hamilton_sdk.webhooks._time import moment
from hamilton_sdk.webhooks.models import Attempt, Counters, Delivery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.store.operation import Execute, Row
    from hamilton_sdk.webhooks.models import DeliveryState

__all__ = ["Count", "ListAttempts", "ListDeliveries", "PurgeSome", "Replay", "Skip", "SkipOrphans"]

_PAGE: Final = 100
_NEWEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ListDeliveries:
    """Read a page of them, the newest first."""

    writes: ClassVar[bool] = False

    endpoint: str | None
    event: str | None
    state: DeliveryState | None
    before: int | None

    def run(self, execute: Execute) -> Page[Delivery]:
        """Do it."""
        which = statements.select_deliveries(
            endpoint=self.endpoint is not None, event=self.event is not None, state=self.state
        )
        before = _NEWEST if self.before is None else self.before
        given = {"endpoint": self.endpoint, "event": self.event, "before": before, "limit": _PAGE + 1}
        found = [_delivery(row) for row in execute(which, _given(given))]
        page = tuple(found[:_PAGE])
        return Page(page, str(page[-1].id) if len(found) > _PAGE else None)


@dataclass(frozen=True, slots=True)
class ListAttempts:
    """Read the attempts of one delivery."""

    writes: ClassVar[bool] = False

    delivery: int

    def run(self, execute: Execute) -> tuple[Attempt, ...]:
        """Do it."""
        rows = execute(statements.select_attempts, {"delivery": self.delivery})
        if not rows:
            _row(execute, self.delivery)
        return tuple([_attempt(row, number) for number, row in enumerate(rows, start=1)])


@dataclass(frozen=True, slots=True)
class Replay:
    """Make deliveries due now, as if they had never been tried."""

    writes: ClassVar[bool] = True

    criteria: Mapping[str, object]
    state: DeliveryState | None
    now: int

    def run(self, execute: Execute) -> int:
        """Do it; how many."""
        names = ("delivery", "endpoint", "event", "since", "until")
        given = {name: name in self.criteria for name in names}
        statement = statements.replay_deliveries(**given, state=self.state)
        return len(execute(statement, {**self.criteria, "now": self.now}))


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave one out."""

    writes: ClassVar[bool] = True

    delivery: int
    now: int

    def run(self, execute: Execute) -> Delivery:
        """Do it."""
        row = _row(execute, self.delivery)
        found = _delivery(row)
        if found.state == "delivered":
            raise _conflict(
                message=f"the delivery {self.delivery} is done", hint="replay() delivers it again"
            )
        if (row[_LEASE] or 0) > self.now:
            message = f"the delivery {self.delivery} is on its way"
            raise _conflict(message=message, hint="skip it once its attempt has ended")
        execute(statements.skip_delivery, {"id_": self.delivery, "now": self.now})
        return _delivery(_row(execute, self.delivery))


@dataclass(frozen=True, slots=True)
class Count:
    """Count deliveries."""

    writes: ClassVar[bool] = False

    endpoint: str | None
    now: int

    def run(self, execute: Execute) -> Counters:
        """Do it."""
        some = self.endpoint is not None
        given = _given({"endpoint": self.endpoint, "now": self.now})
        rows = execute(statements.count_deliveries(endpoint=some), given)
        counts = {state: int(count) for state, count, _ in rows}
        oldest = execute(statements.oldest_pending(endpoint=some), given)
        return Counters(
            pending=counts.get("pending", 0),
            leased=sum(int(leased) for _, _, leased in rows),
            delivered=counts.get("delivered", 0),
            dead=counts.get("dead", 0),
            skipped=counts.get("skipped", 0),
            oldest_pending=moment(oldest[0][0]) if oldest else None,
        )


@dataclass(frozen=True, slots=True)
class PurgeSome:
    """Delete some old events that are finished, with their deliveries and attempts."""

    writes: ClassVar[bool] = True

    before: int
    dead_letters: bool
    limit: int

    def run(self, execute: Execute) -> int:
        """Do it; how many."""
        statement = statements.delete_events(dead_letters=self.dead_letters)
        gone = execute(statement, {"before": self.before, "limit": self.limit})
        if gone:
            execute(statements.delete_deliveries, [{"event": row[0]} for row in gone])
        return len(gone)


@dataclass(frozen=True, slots=True)
class SkipOrphans:
    """Leave out what was published to an endpoint while it was being taken away."""

    writes: ClassVar[bool] = True

    now: int

    def run(self, execute: Execute) -> None:
        """Do it."""
        execute(statements.skip_orphans, {"now": self.now})


_LEASE: Final = statements.COLUMNS.index("lease_until")


def _given(parameters: Mapping[str, object]) -> dict[str, object]:
    # A statement through SQLAlchemy takes no parameters that it does not have.
    return {name: value for name, value in parameters.items() if value is not None}


def _row(execute: Execute, delivery: int) -> Row:
    """One delivery's row, held until the transaction ends.

    Raises:
        NotFound: There is none.
    """
    rows = execute(statements.lock_delivery, {"id": delivery})
    if not rows:
        message = f"there is no delivery {delivery}"
        raise NotFound(message, hint="deliveries() lists them", connector="webhooks.outbox")
    return rows[0]


def _conflict(*, message: str, hint: str) -> Conflict:
    return Conflict(message, hint=hint, connector="webhooks.outbox")


def _delivery(row: Row) -> Delivery:
    kept: dict[str, Any] = dict(zip(statements.COLUMNS, row, strict=True))
    return Delivery(
        id=kept["id"],
        event_id=kept["event_id"],
        event_type=kept["type"],
        endpoint_id=kept["endpoint_id"],
        object=kept["object"],
        sequence=kept["sequence"],
        state=kept["state"],
        attempts=kept["attempts"],
        next_at=moment(kept["next_at"]) if kept["state"] == "pending" else None,
        published_at=moment(kept["published_at"]),
        updated_at=moment(kept["updated_at"]),
    )


def _attempt(row: Row, number: int) -> Attempt:
    granted, at, status, duration, error, response = row
    return Attempt(
        number=number,
        counts=granted > 0,
        at=moment(at),
        status=status,
        duration=timedelta(milliseconds=duration),
        error=error,
        response=None if response is None else bytes(response),
    )
