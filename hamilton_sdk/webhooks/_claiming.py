"""Claiming: which deliveries a worker takes next. All limits are judged here, inside one transaction.

Endpoints that may get a delivery now are locked first (``FOR UPDATE SKIP LOCKED`` on PostgreSQL; SQLite lets
one writer in at a time), and only then are deliveries counted and taken. So breaker, in-flight limit, rate,
pause and order hold over any number of workers, and what one endpoint may not have costs the others nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from hamilton_sdk.store.statements.claiming import (
    change_endpoint,
    count_in_flight,
    lock_due_endpoints,
    select_due,
    select_due_endpoints,
    select_due_in_order,
    set_lease,
    set_leases,
)
from hamilton_sdk.webhooks.breaker import Breaker, places, probing
from hamilton_sdk.webhooks.delivering import Claimed, Target
from hamilton_sdk.webhooks.schedule import SCHEDULE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.store.operation import Execute, Row

__all__ = ["Claim", "Claims", "Room", "allowance"]

_SECOND: Final = 1_000_000


def allowance(held: int, free: int) -> int:
    """How many more places one endpoint may take of those that are free.

    It may hold at most four times as many as it leaves free (the dynamic threshold of Choudhury and Hahne,
    IEEE/ACM Transactions on Networking 6(2), 1998): alone it gets four fifths of all places, and however
    slow it is, some stay free for an endpoint that has none.

    Args:
        held: Places it has.
        free: Places nobody has.
    """
    least = 1 if free > 0 and held == 0 else 0
    return max(least, (_SHARE * free - held) // (_SHARE + 1))


_SHARE: Final = 4


@dataclass(frozen=True, slots=True)
class Room:
    """What a worker has room for.

    Attributes:
        free: Places nobody has.
        held: Places each endpoint has, by its id; those without any may be left out.
    """

    free: int
    held: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Claims:
    """What a worker got.

    Attributes:
        deliveries: Leased to it.
        contended: Whether it got nothing, and others were just claiming from what there is.
    """

    deliveries: tuple[Claimed, ...] = ()
    contended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Lease what is due and allowed, as far as there is room.

    Attributes:
        worker: Whose lease it becomes.
        now: Microseconds since 1970.
        lease_until: End of the lease.
        room: What the worker has room for.
    """

    writes: ClassVar[bool] = True

    worker: str
    now: int
    lease_until: int
    room: Room

    def run(self, execute: Execute) -> Claims:
        """Lease them."""
        # Endpoints in which this worker has as much as it may are no reason to overlook others behind them.
        most = self.room.free + len(self.room.held)
        rows = execute(lock_due_endpoints, {"now": self.now, "most": most})
        if not rows:
            return Claims((), self._others_are_at_it(execute))
        in_flight = {row[0]: row[1] for row in execute(count_in_flight, {"now": self.now})}
        endpoints = [_Endpoint.of(row, in_flight.get(row[0], 0), self.now) for row in rows]
        taken = self._take(execute, endpoints)
        changed = [endpoint.changes(self.now) for endpoint in endpoints if endpoint.is_changed]
        if changed:
            execute(change_endpoint, changed)
        return Claims(tuple(taken))

    def _others_are_at_it(self, execute: Execute) -> bool:
        # SKIP LOCKED leaves out what another worker is just claiming from: nothing may be left, or much.
        return execute.dialect == "postgresql" and bool(
            execute(select_due_endpoints, {"now": self.now, "most": 1})
        )

    def _take(self, execute: Execute, endpoints: list[_Endpoint]) -> list[Claimed]:
        """Share the room out evenly, and what some leave of their share among the rest."""
        taken: list[Claimed] = []
        free, held = self.room.free, dict(self.room.held)
        hungry = endpoints
        while free and hungry:
            share, still = max(1, free // len(hungry)), list[_Endpoint]()
            for endpoint in hungry:
                wanted = min(
                    share, allowance(held.get(endpoint.id, 0), free), endpoint.places - endpoint.taken
                )
                got = self._due(execute, endpoint, wanted) if wanted > 0 else []
                taken += got
                free -= len(got)
                held[endpoint.id] = held.get(endpoint.id, 0) + len(got)
                if got and len(got) == wanted:
                    still.append(endpoint)
            hungry = still
        return taken

    def _due(self, execute: Execute, endpoint: _Endpoint, wanted: int) -> list[Claimed]:
        values = {"now": self.now, "endpoint": endpoint.id, "wanted": wanted}
        rows = execute(select_due_in_order if endpoint.ordered else select_due, values)
        if rows:
            self._lease(execute, [row[0] for row in rows])
            endpoint.taken += len(rows)
        return [self._claimed(row, endpoint.target) for row in rows]

    def _lease(self, execute: Execute, deliveries: list[int]) -> None:
        lease = {"worker": self.worker, "until": self.lease_until, "now": self.now}
        if execute.dialect == "postgresql":
            execute(set_leases, {**lease, "deliveries": deliveries})
        else:
            execute(set_lease, [{**lease, "delivery": each} for each in deliveries])

    def _claimed(self, row: Row, target: Target) -> Claimed:
        id_, event_id, event_type, body, attempts = row
        return Claimed(
            id=id_,
            event_id=event_id,
            event_type=event_type,
            body=bytes(body),
            attempts=attempts,
            lease_until=self.lease_until,
            target=target,
        )


class _Endpoint:
    """An endpoint that is locked, and how much of it may be claimed."""

    def __init__(self, target: Target, breaker: Breaker, *, ordered: bool, tokens: float | None) -> None:
        self.id = target.id
        self.target = target
        self.breaker = breaker
        self.ordered = ordered
        self.tokens = tokens
        self.places = 0
        self.taken = 0

    @classmethod
    def of(cls, row: Row, in_flight: int, now: int) -> _Endpoint:
        # In the order of the statement's columns.
        id_, url, secrets, headers, networks, schedule, ordered, limit, rate, tokens, rate_at, *breaker = row
        target = Target(
            id=id_,
            url=url,
            secrets=bytes(secrets),
            headers=headers,
            networks=tuple(json.loads(networks)),
            schedule=SCHEDULE if schedule is None else tuple(json.loads(schedule)),
        )
        left = None if rate is None else _refilled(rate, tokens, now - rate_at)
        endpoint = cls(target, Breaker(*breaker), ordered=bool(ordered), tokens=left)
        endpoint.places = places(endpoint.breaker, now, in_flight, limit)
        if left is not None:
            endpoint.places = min(endpoint.places, int(left))
        return endpoint

    @property
    def is_changed(self) -> bool:
        return bool(self.taken) and (self.tokens is not None or self.breaker.state != "closed")

    def changes(self, now: int) -> dict[str, object]:
        tokens = 0.0 if self.tokens is None else self.tokens - self.taken
        return {"endpoint": self.id, "tokens": tokens, "now": now, "breaker": probing(self.breaker).state}


def _refilled(rate: float, tokens: float, elapsed: int) -> float:
    """The tokens of a bucket that holds what a second brings, and one at least."""
    return min(max(1.0, rate), tokens + rate * max(0, elapsed) / _SECOND)
