"""Room calendars: reservations in Exchange Online, through Microsoft Graph.

Names load on first use (PEP 562): who only verifies notifications does not load pydantic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk._lazy import lazy

if TYPE_CHECKING:
    from hamilton_sdk.graph.async_connector import AsyncCalendar
    from hamilton_sdk.graph.changes import AsyncChanges, Changes
    from hamilton_sdk.graph.connector import Calendar
    from hamilton_sdk.graph.errors import RoomTaken
    from hamilton_sdk.graph.exchange import Graph
    from hamilton_sdk.graph.exchange.credentials import ClientCertificate, ClientSecret
    from hamilton_sdk.graph.fake import FakeCalendar
    from hamilton_sdk.graph.interface import CalendarAdapter, Capabilities, ChangePage
    from hamilton_sdk.graph.models import (
        Attendee,
        Booking,
        Change,
        Health,
        Meeting,
        Occupancy,
        Recurrence,
        Reservation,
        Room,
        RoomList,
        Watch,
    )

__all__ = [
    "AsyncCalendar",
    "AsyncChanges",
    "Attendee",
    "Booking",
    "Calendar",
    "CalendarAdapter",
    "Capabilities",
    "Change",
    "ChangePage",
    "Changes",
    "ClientCertificate",
    "ClientSecret",
    "FakeCalendar",
    "Graph",
    "Health",
    "Meeting",
    "Occupancy",
    "Recurrence",
    "Reservation",
    "Room",
    "RoomList",
    "RoomTaken",
    "Watch",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy(
        __name__,
        {
            "async_connector": ("AsyncCalendar",),
            "changes": ("AsyncChanges", "Changes"),
            "connector": ("Calendar",),
            "errors": ("RoomTaken",),
            "exchange": ("Graph",),
            "exchange.credentials": ("ClientCertificate", "ClientSecret"),
            "fake": ("FakeCalendar",),
            "interface": ("CalendarAdapter", "Capabilities", "ChangePage"),
            "models": (
                "Attendee",
                "Booking",
                "Change",
                "Health",
                "Meeting",
                "Occupancy",
                "Recurrence",
                "Reservation",
                "Room",
                "RoomList",
                "Watch",
            ),
        },
    )
