"""The hooks of the calendar contract, and what its tests are written with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple
from unittest import SkipTest

from hamilton_sdk.errors import NotFound
from hamilton_sdk.graph.async_connector import AsyncCalendar
from hamilton_sdk.graph.connector import Calendar
from hamilton_sdk.graph.interface import CalendarAdapter
from hamilton_sdk.graph.models import Attendee, Reservation
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.contracts.base import Contract
from hamilton_sdk.testing.contracts.graph.blocking import BlockingCalendar, Calls

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.graph.models import Booking, Recurrence, RoomResponse, Sensitivity
    from hamilton_sdk.retry import RetryPolicy
    from hamilton_sdk.transport.base import TransportLike

__all__ = ["Base", "Broken"]

_SUBJECT: Final = "Quatremère - budget"
_GUEST: Final = Attendee("zephyrine@example.org", "Zéphyrine Vergelesses")


class Broken(NamedTuple):
    """A connector whose line breaks once.

    Attributes:
        calendar: The connector.
        was_cut: Whether that has happened yet.
    """

    calendar: Calls
    was_cut: Callable[[], bool]


class Base(Contract[CalendarAdapter, Calls]):
    """What a subclass says about its service. Only `adapter` must be overridden.

    More hooks are those of `hamilton_sdk.testing.contracts.base.Contract`. A method that raises
    `unittest.SkipTest` here or there is optional: what needs it is skipped without it. The calendars of both
    rooms are empty when a test begins.

    Attributes:
        room: Address of a room.
        other_room: Address of another one.
        nowhere: Address of no mailbox.
        person: Address of a person, who organises where persons do.
        room_list: Address of a list of rooms; None where there is none.
        longest_subject: The most characters the service keeps; None for no limit.
        more_than_a_page: So many bookings make at least two pages, with the adapter as `adapter` sets it up.
        remembers_cancelled: Whether the service still knows what was cancelled, so that cancelling twice is
            success; elsewhere it is not found then.
        notify_url: Where notifications may go, and the handshake is answered; None where nowhere.
    """

    room: str = "room-1@example.com"
    other_room: str = "room-2@example.com"
    nowhere: str = "no-such-room@example.com"
    person: str = "leocadie@example.com"
    room_list: str | None = None
    longest_subject: int | None = 255
    more_than_a_page: int = 3
    remembers_cancelled: bool = True
    notify_url: str | None = None

    _start = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    _referred = "reservation"
    _personal = "a subject, a name or a person's address"

    def setup_method(self) -> None:
        """Begin a test; pytest calls it. Make the service here, after ``super().setup_method()``."""
        super().setup_method()
        self._monday: datetime | None = None
        self._secrets += [_SUBJECT, "Quatremère", _GUEST.email, "Vergelesses", self.person]

    # Hooks

    def meet(self, room: str, window: TimeWindow) -> None:
        """Let a person book a room in Outlook; the room has accepted when this returns."""
        del window
        message = f"no person can book {room} here"
        raise SkipTest(message)

    def move(self, booking: Booking, window: TimeWindow) -> None:
        """Let a person move what stands in the calendar of `booking.mailbox`; an occurrence too."""
        del window
        message = f"no person can move {booking.kind} here"
        raise SkipTest(message)

    def remove(self, booking: Booking) -> None:
        """Let a person delete what stands in the calendar of `booking.mailbox`; an occurrence too."""
        message = f"no person can delete {booking.kind} here"
        raise SkipTest(message)

    def silence(self) -> None:
        """Let rooms answer nobody by themselves from now on."""
        message = "rooms cannot be kept from answering here"
        raise SkipTest(message)

    def answer(self, booking: Booking, response: RoomResponse) -> None:
        """Let the room answer what it was invited to; `booking` is the organiser's."""
        del booking
        message = f"no room can be made to answer {response} here"
        raise SkipTest(message)

    def forget_cursors(self) -> None:
        """Let the service forget every cursor."""
        message = "cursors are not forgotten here"
        raise SkipTest(message)

    # What tests are written with

    def _connect(
        self, transport: TransportLike | None, retry: RetryPolicy | None, clock: Clock
    ) -> AbstractContextManager[Calls]:
        adapter = self.adapter()
        if self.asynchronous:
            return BlockingCalendar(AsyncCalendar(adapter, transport=transport, retry=retry, clock=clock))
        return Calendar(adapter, transport=transport, retry=retry, clock=clock)

    def set_time(self, moment: datetime) -> None:
        """Let time pass up to a moment, or skip the test where it cannot be set."""
        clock = self.settable()
        clock.advance((moment - clock.now()).total_seconds())

    def let_rooms_answer(self) -> None:
        """Give rooms a minute to answer, where time can be set."""
        if self.clock is not None:
            self.clock.advance(60)

    def only(self, calendar: Calls, mode: str) -> None:
        """Skip the test in the other mode."""
        if calendar.capabilities.mode != mode:
            message = f"this is about the mode {mode!r}"
            raise SkipTest(message)

    def at(self, hour: float, hours: float = 1, *, days: int = 0) -> TimeWindow:
        """A window in the week after the next, on a Monday or so many days later, in UTC."""
        if self._monday is None:
            today = self.now().replace(hour=0, minute=0, second=0, microsecond=0)
            self._monday = today + timedelta(days=14 - today.weekday())
        start = self._monday + timedelta(days=days, hours=hour)
        return TimeWindow(start, start + timedelta(hours=hours))

    def week(self) -> TimeWindow:
        """The week in which `at` lies, and three more."""
        return TimeWindow(self.at(0).start, self.at(0).start + timedelta(days=28))

    def reservation(
        self,
        reference: str | None = None,
        *,
        window: TimeWindow | None = None,
        room: str | None = None,
        subject: str = _SUBJECT,
        timezone: str | None = None,
        recurrence: Recurrence | None = None,
        sensitivity: Sensitivity | None = None,
        all_day: bool = False,
    ) -> Reservation:
        """A reservation that is good, with these values for those of the usual one."""
        return Reservation(
            reference or self.reference(),
            room or self.room,
            subject,
            window or self.at(9),
            organizer=self.person,
            attendees=[_GUEST],
            body="Please bring the figures.",
            timezone=timezone,
            recurrence=recurrence,
            sensitivity=sensitivity,
            all_day=all_day,
        )

    def mailbox(self, calendar: Calls, room: str | None = None) -> str:
        """Where a reservation of these tests lives."""
        return self.person if calendar.capabilities.mode == "attendee" else room or self.room

    def found(self, calendar: Calls, reference: str) -> Booking:
        """The booking that must be there."""
        booking = calendar.find(reference, mailbox=self.mailbox(calendar))
        assert booking is not None, f"find({reference!r}) is None, a booking should be there"
        assert booking.reference == reference, f"find({reference!r}) gave {booking.reference!r}"
        return booking

    def shown(self, calendar: Calls, room: str | None = None) -> list[TimeWindow]:
        """When a room is taken in the four weeks, as its calendar shows it."""
        return sorted(
            (each.window for each in calendar.bookings(room or self.room, self.week())),
            key=lambda each: each.start,
        )

    def assert_stands(self, calendar: Calls, booking: Booking, reservation: Reservation) -> None:
        """Check that a booking says what was reserved, and that the room is taken then."""
        assert booking.reference == reservation.reference, f"the booking is of {booking.reference!r}"
        assert booking.state == "confirmed", f"the booking is {booking.state}"
        assert booking.window == reservation.window, f"the booking is for {booking.window}"
        assert booking.room.lower() == reservation.room.lower(), "the booking is of another room"
        assert booking.mailbox.lower() == self.mailbox(calendar, reservation.room).lower(), (
            "it lives in another mailbox"
        )
        assert booking.subject == reservation.subject, "the booking has another subject"
        organises = calendar.capabilities.mode == "organizer"
        assert booking.response == ("organizer" if organises else "accepted"), f"it says {booking.response}"
        invited = {each.email.lower() for each in booking.attendees}
        assert {each.email.lower() for each in reservation.attendees} <= invited, "somebody is not invited"
        assert booking.room.lower() not in invited, "the room is listed among those invited"
        assert booking.id, "the booking has no id"
        assert booking.version, "the booking has no version"
        (taken,) = calendar.occupancy([reservation.room], reservation.window)
        assert not taken.free(reservation.window), "the room is free nevertheless"

    def cancelled_again(self, calendar: Calls, reference: str) -> None:
        """Cancel what may be cancelled already, and see that this is as good as success."""
        try:
            booking = calendar.cancel(reference, mailbox=self.mailbox(calendar))
        except NotFound:
            assert not self.remembers_cancelled, "cancelling twice is not success"
        else:
            assert booking.state == "cancelled", f"the booking is {booking.state}"

    def assert_gone(self, calendar: Calls, reference: str) -> None:
        """Check that nothing stands for a reference."""
        booking = calendar.find(reference, mailbox=self.mailbox(calendar))
        assert booking is None or booking.state == "cancelled", f"a booking is left: {booking}"
