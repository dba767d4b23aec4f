"""The words of delivery: endpoints, deliveries and attempts, as the outbox tells of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

__all__ = [
    "Attempt",
    "BreakerState",
    "Counters",
    "Delivery",
    "DeliveryState",
    "Endpoint",
    "EndpointState",
    "NewEndpoint",
    "Publishable",
]

EndpointState: TypeAlias = Literal["active", "paused", "disabled"]
"""Whether an endpoint is delivered to. While it is not, its events are kept for it."""

BreakerState: TypeAlias = Literal["closed", "open", "half_open"]
"""Whether a failing endpoint is given a rest: open, none is sent; half open, one is tried."""

DeliveryState: TypeAlias = Literal["pending", "delivered", "dead", "skipped"]
"""What became of a delivery. A dead one was given up: it waits for a person to replay or skip it."""


class Publishable(Protocol):
    """What can be published: `hamilton_sdk.webhooks.events.Event`, or a class of your own with the same."""

    @property
    def id(self) -> str:
        """Of the event; published twice it is one."""
        ...

    @property
    def type(self) -> str:
        """Its type, for example ``visit.created``."""
        ...

    @property
    def site(self) -> str | None:
        """Where it happened."""
        ...

    @property
    def object(self) -> str | None:
        """What it is about, for deliveries in order."""
        ...

    @property
    def sequence(self) -> int | None:
        """Its place among the events of its object."""
        ...

    def to_bytes(self) -> bytes:
        """The body as it is signed and sent."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where events are delivered to.

    Attributes:
        id: Its id.
        url: The ``https`` address.
        events: Types it gets, ``visit.*`` for all that begin so; empty for all.
        state: Whether it is delivered to.
        reason: Why it is paused or disabled, if somebody said so.
        schedule: Seconds before each attempt; None for the usual schedule.
        in_flight_limit: How many deliveries at the same time.
        rate: Deliveries a second; None for no limit.
        ordered: Whether the events of one object are delivered one after the other, by their sequence.
        headers: Sent along with each delivery; kept out of the repr, since they may hold credentials.
        private_networks: Networks it may lie in that are not public, such as ``10.20.0.0/16``.
        breaker: Whether it is given a rest.
        failures: How many deliveries in a row have failed.
        failing_since: Since when all have.
        breaker_until: Until when it is given a rest.
        created_at: When it was added.
        updated_at: When it was last changed.
        readable: Whether a key at hand opens its secrets and headers. Where none does, nothing can be
            delivered to it, and no headers are shown; all that needs no secret can be done with it.
    """

    id: str
    url: str
    events: tuple[str, ...]
    state: EndpointState
    reason: str | None
    schedule: tuple[float, ...] | None
    in_flight_limit: int
    rate: float | None
    ordered: bool
    headers: Mapping[str, str] = field(repr=False)
    private_networks: tuple[str, ...]
    breaker: BreakerState
    failures: int
    failing_since: datetime | None
    breaker_until: datetime | None
    created_at: datetime
    updated_at: datetime
    readable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEndpoint(Endpoint):
    """An endpoint with its secret, which is shown this once; the receiver needs it to verify.

    Attributes:
        secret: ``whsec_...``; kept out of the repr. Of an Ed25519 secret, ``whsk_...``, the receiver gets the
            public key alone.
    """

    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one endpoint.

    Attributes:
        id: Its number.
        event_id: Of the event.
        event_type: Of the event.
        endpoint_id: Of the endpoint.
        object: What the event is about.
        sequence: The event's place among those of its object.
        state: What became of it.
        attempts: How many of the attempts that the schedule grants were made since it was published or
            replayed; tries of which nothing could be sent are none.
        next_at: When it is due; None once it is finished.
        published_at: When the event was published.
        updated_at: When its state last changed.
    """

    id: int
    event_id: str
    event_type: str
    endpoint_id: str
    object: str | None
    sequence: int | None
    state: DeliveryState
    attempts: int
    next_at: datetime | None
    published_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to deliver.

    Attributes:
        number: Of the tries of its delivery, from 1, whatever came of them; goes on after a replay.
        at: When it began.
        status: HTTP status of the answer, if there was one.
        duration: How long it took.
        error: What went wrong, if it failed.
        response: The beginning of the answer's body as it came; kept out of the repr.
        counts: Whether it is one of the attempts that the schedule grants: false where nothing could be sent.
    """

    number: int
    at: datetime
    status: int | None
    duration: timedelta
    error: str | None
    response: bytes | None = field(repr=False)
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """How many deliveries there are.

    Attributes:
        pending: Waiting for their time, or for their endpoint.
        leased: Of the pending ones: being delivered at this moment.
        delivered: Done.
        dead: Given up.
        skipped: Left out on purpose.
        oldest_pending: When the oldest pending one was published; None without any.
    """

    pending: int
    leased: int
    delivered: int
    dead: int
    skipped: int
    oldest_pending: datetime | None
