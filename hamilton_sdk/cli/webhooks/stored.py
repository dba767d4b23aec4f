"""An outbox that is there already, looked at and replayed: what `deliveries` and `replay` do."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from hamilton_sdk.errors import Invalid
from hamilton_sdk.webhooks._operations.deliveries import Replay
from hamilton_sdk.webhooks._time import micros
from hamilton_sdk.webhooks.outbox import Outbox

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.store.operation import Execute, Operation
    from hamilton_sdk.webhooks.models import Counters, Delivery, DeliveryState

__all__ = ["Listed", "Wanted", "deliveries_of", "open_outbox", "replay", "would_replay"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which deliveries are meant: those that fit all that is given.

    Attributes:
        delivery: This one.
        endpoint: To this one.
        event: Of this one.
        since: Of events published then or later.
        until: Of events published before.
        state: In this state.
    """

    delivery: int | None = None
    endpoint: str | None = None
    event: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    state: DeliveryState | None = None

    def check(self) -> None:
        """Refuse to mean every delivery there is: nobody wants that, and a mistyped option must not.

        Raises:
            Invalid: Nothing was given but a state.
        """
        if (self.delivery, self.endpoint, self.event, self.since, self.until) == (None,) * 5:
            message = "nothing says what to replay"
            raise Invalid(message, hint="give --delivery, --endpoint, --event, --since or --until")


@dataclass(frozen=True, slots=True)
class Listed:
    """What is told of an outbox.

    Attributes:
        counters: Of all deliveries, or of those to one endpoint.
        deliveries: The newest first.
        more: Whether older ones follow.
    """

    counters: Counters
    deliveries: tuple[Delivery, ...]
    more: bool


def open_outbox(address: str, *, schema: str | None, prefix: str) -> Outbox:
    """Open an outbox that is there; nothing is made, and nothing is brought up to date.

    Raises:
        ConfigurationError: It cannot be an address.
        Invalid: There is no such file.
        StoreError: The database cannot be opened.
    """
    outbox = Outbox.open(address, schema=schema, prefix=prefix, upgrade=False)
    place = outbox.store.address
    # SQLite would make it on the first look.
    if place.dialect == "sqlite" and not Path(str(place)).is_file():
        outbox.close()
        message = f"there is no store {place}"
        raise Invalid(message, hint="name the outbox's own file or URL with --store, or in HAMILTON_STORE")
    return outbox


def deliveries_of(outbox: Outbox, wanted: Wanted, limit: int) -> Listed:
    """List deliveries, by endpoint, event and state.

    Args:
        outbox: Whose.
        wanted: Which; its other criteria are not looked at.
        limit: How many at most.

    Raises:
        StoreError: The database cannot.
    """
    found = outbox.deliveries(endpoint=wanted.endpoint, event=wanted.event, state=wanted.state)
    some = tuple(islice(found, limit + 1))
    return Listed(outbox.counters(wanted.endpoint), some[:limit], len(some) > limit)


def replay(outbox: Outbox, wanted: Wanted) -> int:
    """Make deliveries due again; how many.

    Raises:
        Invalid: Nothing says which.
        StoreError: The database cannot.
    """
    wanted.check()
    return outbox.replay(
        delivery=wanted.delivery,
        endpoint=wanted.endpoint,
        event=wanted.event,
        since=wanted.since,
        until=wanted.until,
        only=wanted.state,
    )


def would_replay(outbox: Outbox, wanted: Wanted) -> int:
    """How many `replay` would make due again: it is done, counted, and taken back.

    Raises:
        Invalid: Nothing says which.
        StoreError: The database cannot.
    """
    wanted.check()
    criteria = {
        "delivery": wanted.delivery,
        "endpoint": wanted.endpoint,
        "event": wanted.event,
        "since": None if wanted.since is None else micros(wanted.since),
        "until": None if wanted.until is None else micros(wanted.until),
    }
    given = {name: value for name, value in criteria.items() if value is not None}
    operation = Replay(given, wanted.state, micros(outbox.clock.now()))
    try:
        return outbox.store.perform(_Rehearsal(operation))
    except _TakenBack as taken_back:
        return taken_back.count


class _TakenBack(Exception):
    def __init__(self, count: int) -> None:
        self.count = count


@dataclass(frozen=True, slots=True)
class _Rehearsal:
    """An operation that counts, and whose transaction is rolled back."""

    writes: ClassVar = True

    operation: Operation[int]

    def run(self, execute: Execute) -> int:
        raise _TakenBack(self.operation.run(execute))
