"""What type checkers are to see of calendars; checked by mypy and pyright, never run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import assert_type

from hamilton_sdk import Http, RetryPolicy, TimeWindow
from hamilton_sdk.flow import Flow, Page
from hamilton_sdk.graph import (
    AsyncCalendar,
    AsyncChanges,
    Attendee,
    Booking,
    Calendar,
    CalendarAdapter,
    Capabilities,
    Change,
    ChangePage,
    Changes,
    ClientCertificate,
    ClientSecret,
    FakeCalendar,
    Graph,
    Health,
    Meeting,
    Occupancy,
    Recurrence,
    Reservation,
    Room,
    RoomList,
    RoomTaken,
    Watch,
)
from hamilton_sdk.graph.models import RoomResponse
from hamilton_sdk.shell import AsyncPager, Pager

START = datetime(2026, 3, 9, 9, tzinfo=UTC)
WINDOW = TimeWindow(START, START + timedelta(hours=1))
ROOM = "blue@example.com"
RESERVATION = Reservation(
    "R-1",
    ROOM,
    "Budget",
    WINDOW,
    organizer="zoe@example.com",
    attendees=["max@example.com", Attendee("beamer@example.com", kind="resource")],
    timezone="Europe/Paris",
    recurrence=Recurrence(pattern="weekly", days=("monday",), count=4),
)
GRAPH = Graph("tenant", "client", ClientSecret("secret"), mode="attendee", national_cloud="global")


def sync_calls(adapter: CalendarAdapter) -> None:
    """The sync shell returns values."""
    with Calendar(adapter, transport=Http(ca="authority.pem"), retry=RetryPolicy(attempts=2)) as calendar:
        assert_type(calendar, Calendar)
        assert_type(calendar.with_options(deadline=5), Calendar)
        assert_type(calendar.capabilities, Capabilities)
        assert_type(calendar.check(), Health)
        assert_type(calendar.rooms(), Pager[Room])
        assert_type(calendar.room_lists(), Pager[RoomList])
        assert_type(calendar.occupancy([ROOM], WINDOW), tuple[Occupancy, ...])
        assert_type(calendar.book(RESERVATION), Booking)
        assert_type(calendar.book(RESERVATION, wait=timedelta(minutes=1)), Booking)
        assert_type(calendar.book(RESERVATION, wait=2.5), Booking)
        assert_type(calendar.update(RESERVATION, version="v1"), Booking)
        assert_type(calendar.cancel("R-1", mailbox=ROOM, comment="No quorum."), Booking)
        assert_type(calendar.end_early("R-1", mailbox=ROOM), Booking)
        assert_type(calendar.find("R-1", mailbox=ROOM), Booking | None)
        assert_type(calendar.bookings(ROOM, WINDOW), Pager[Booking])
        assert_type(list(calendar.bookings(ROOM, WINDOW)), list[Booking])
        assert_type(calendar.response("R-1", mailbox=ROOM), RoomResponse)
        assert_type(calendar.changes(ROOM, window=WINDOW), Changes)
        assert_type(list(calendar.changes(ROOM, cursor="c")), list[Change])
        assert_type(calendar.changes(ROOM, cursor="c").cursor, str)
        assert_type(calendar.changes(ROOM, cursor="c").restarted, bool)
        assert_type(calendar.watch(ROOM, "https://hamilton.example/graph"), Watch)
        assert_type(calendar.renew("w"), Watch)
        assert_type(calendar.unwatch("w"), None)
        assert_type(calendar.watches(), Pager[Watch])


async def async_calls() -> None:
    """The async shell returns the same, awaited."""
    async with AsyncCalendar(FakeCalendar(mode="attendee")) as calendar:
        assert_type(calendar, AsyncCalendar)
        assert_type(await calendar.check(), Health)
        assert_type(calendar.rooms(), AsyncPager[Room])
        assert_type([room async for room in calendar.rooms()], list[Room])
        assert_type(await calendar.occupancy([ROOM], WINDOW), tuple[Occupancy, ...])
        assert_type(await calendar.book(RESERVATION), Booking)
        assert_type(await calendar.update(RESERVATION), Booking)
        assert_type(await calendar.cancel("R-1", mailbox=ROOM), Booking)
        assert_type(await calendar.find("R-1", mailbox=ROOM), Booking | None)
        assert_type(await calendar.response("R-1", mailbox=ROOM), RoomResponse)
        assert_type(calendar.changes(ROOM, window=WINDOW), AsyncChanges)
        assert_type([change async for change in calendar.changes(ROOM, cursor="c")], list[Change])
        assert_type(await calendar.watch(ROOM, "https://hamilton.example/graph"), Watch)
        assert_type(await calendar.unwatch("w"), None)


def fakes() -> None:
    """What a test does with the fake is typed too."""
    fake = FakeCalendar(rooms=[ROOM], answer_after=None)
    assert_type(fake.outlook.book(ROOM, WINDOW), Booking)
    assert_type(fake.outlook.move("event-1", WINDOW, on_top=True), Booking)
    assert_type(fake.bookings_now(), tuple[Booking, ...])


def flows() -> None:
    """An adapter's methods are flows of what the shells return."""
    assert_type(GRAPH.find("R-1", mailbox=ROOM), Flow[Booking | None])
    assert_type(GRAPH.rooms_page(), Flow[Page[Room]])
    assert_type(GRAPH.changes_page(ROOM, window=WINDOW), Flow[ChangePage])


def errors(error: RoomTaken) -> None:
    """Meetings in the way are words."""
    assert_type(error.conflicts, tuple[Meeting, ...])


def refused() -> None:
    """What a type checker must refuse."""
    Graph("t", "c", ClientCertificate("key.pem", "certificate.pem"), mode="host")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no such mode
    Calendar(GRAPH).find("R-1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # no mailbox
    Calendar(GRAPH).book("R-1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # a name is no reservation
