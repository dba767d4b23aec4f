"""What an application wants to hear about deliveries: nothing is given up or disabled in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["DeadLetter", "DeliveryHooks", "DisabledEndpoint", "UnsentDelivery"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A delivery whose schedule is at its end; it waits for `Outbox.replay` or `Outbox.skip`.

    Attributes:
        event_type: For example ``visit.created``.
        event_id: Of the event.
        endpoint_id: Where it could not be delivered.
        delivery_id: Of the delivery.
        attempts: How many were made.
        status: HTTP status of the last answer, if there was one.
        error: What went wrong last, if there was no answer.
    """

    event_type: str
    event_id: str
    endpoint_id: str
    delivery_id: int
    attempts: int
    status: int | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisabledEndpoint:
    """An endpoint to which nothing is sent any more until `Outbox.resume`; its events are kept for it.

    Attributes:
        endpoint_id: Of the endpoint.
        reason: Why, in words.
        event_type: Type of the event whose delivery was the last straw.
        event_id: Of that event.
    """

    endpoint_id: str
    reason: str
    event_type: str
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentDelivery:
    """A delivery of which nothing could be sent: it costs no attempt, and is tried again until it can.

    Somebody must act, or it waits for good: no key opens the endpoint's secrets, the proxy is down, the
    address leads nowhere or is not allowed.

    Attributes:
        event_type: For example ``visit.created``.
        event_id: Of the event.
        endpoint_id: Where it could not be sent to.
        delivery_id: Of the delivery; `Outbox.attempts` tells of each try.
        error: What was in the way, in words; no secret.
    """

    event_type: str
    event_id: str
    endpoint_id: str
    delivery_id: int
    error: str


def _no_hook(_happened: object) -> None:
    """Stand in where no hook is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryHooks:
    """What an application wants to hear about.

    A hook is called after what it tells of was committed, by the dispatcher that did it, and should return
    soon. One that raises is logged and forgotten. What it missed because the process ended just then stands
    in `Outbox.dead_letters` and `Outbox.endpoints`.

    Args:
        on_dead_letter: Called when a delivery's schedule is at its end.
        on_endpoint_disabled: Called when an endpoint answered 410, or had nothing but failures for days.
        on_unsent: Called when nothing could be sent to an endpoint. Once for each kind of trouble, and each
            hour while it lasts; a warning in the log as well.
    """

    on_dead_letter: Callable[[DeadLetter], None] = _no_hook
    on_endpoint_disabled: Callable[[DisabledEndpoint], None] = _no_hook
    on_unsent: Callable[[UnsentDelivery], None] = _no_hook
