"""Events of webhooks: a class for each type, and the contracts that describe them.

Names load on first use (PEP 562).

Example:
    >>> from datetime import UTC, datetime
    >>> from hamilton_sdk.webhooks.events import VisitCreated, VisitData, parse_event
    >>> event = VisitCreated(timestamp=datetime.now(UTC), data=VisitData(visit_id="HV-2026-1"))
    >>> parse_event(event.to_bytes()) == event
    True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk._lazy import lazy

if TYPE_CHECKING:
    from hamilton_sdk.webhooks.events._asyncapi import asyncapi
    from hamilton_sdk.webhooks.events._openapi import openapi
    from hamilton_sdk.webhooks.events._schemas import event_schema
    from hamilton_sdk.webhooks.events.base import Data, Event
    from hamilton_sdk.webhooks.events.parsing import parse_event
    from hamilton_sdk.webhooks.events.people import Person
    from hamilton_sdk.webhooks.events.registry import EVENTS, UnknownEvent
    from hamilton_sdk.webhooks.events.reservations import (
        CheckinData,
        CheckinPerformed,
        ReservationCancelled,
        ReservationCreated,
        ReservationData,
        ReservationUpdated,
    )
    from hamilton_sdk.webhooks.events.rooms import RoomReleased, RoomReleaseData, ServiceAdded, ServiceData
    from hamilton_sdk.webhooks.events.visits import VisitCheckedIn, VisitCheckedOut, VisitCreated, VisitData

__all__ = [
    "EVENTS",
    "CheckinData",
    "CheckinPerformed",
    "Data",
    "Event",
    "Person",
    "ReservationCancelled",
    "ReservationCreated",
    "ReservationData",
    "ReservationUpdated",
    "RoomReleaseData",
    "RoomReleased",
    "ServiceAdded",
    "ServiceData",
    "UnknownEvent",
    "VisitCheckedIn",
    "VisitCheckedOut",
    "VisitCreated",
    "VisitData",
    "asyncapi",
    "event_schema",
    "openapi",
    "parse_event",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy(
        __name__,
        {
            "_asyncapi": ("asyncapi",),
            "_openapi": ("openapi",),
            "_schemas": ("event_schema",),
            "base": ("Data", "Event"),
            "parsing": ("parse_event",),
            "people": ("Person",),
            "registry": ("EVENTS", "UnknownEvent"),
            "reservations": (
                "CheckinData",
                "CheckinPerformed",
                "ReservationCancelled",
                "ReservationCreated",
                "ReservationData",
                "ReservationUpdated",
            ),
            "rooms": ("RoomReleaseData", "RoomReleased", "ServiceAdded", "ServiceData"),
            "visits": ("VisitCheckedIn", "VisitCheckedOut", "VisitCreated", "VisitData"),
        },
    )
