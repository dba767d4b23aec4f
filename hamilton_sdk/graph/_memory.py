"""The rooms behind `hamilton_sdk.graph.FakeCalendar`: what stands in their calendars, and the rules.

Plain methods over a given time. Each checks everything before it changes anything, so nothing is half done.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import Conflict, Invalid, NotFound
from hamilton_sdk.graph._events import Event, Moved, Span, Values
from hamilton_sdk.graph._series import windows_of
from hamilton_sdk.graph.errors import RoomTaken
from hamilton_sdk.graph.models import Occupancy
from hamilton_sdk.model import TimeWindow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from hamilton_sdk.graph.interface import Mode
    from hamilton_sdk.graph.models import Booking, Meeting, Reservation, Room, RoomResponse

__all__ = ["HORIZON", "LONGEST_SUBJECT", "Office", "taken_by"]

LONGEST_SUBJECT: Final = 255
"""Characters; Exchange keeps no more."""

HORIZON: Final = timedelta(days=731)
"""How far ahead of its first occurrence a series is compared with other meetings."""

_UNKNOWN_ROOM: Final = "5009"
"""What getSchedule answers for an address that it cannot resolve."""


class Office:
    """Everything the fake keeps; the caller holds a lock and has called `settle`.

    Args:
        rooms: That can be booked.
        people: Whose mailboxes there are; empty to take any address that is no room's.
        mode: Who organises.
        answer_after: How long a room takes to answer a person; None to leave it to the test.
    """

    def __init__(
        self, rooms: Iterable[Room], people: Iterable[str], mode: Mode, answer_after: timedelta | None
    ) -> None:
        self.rooms: dict[str, Room] = {each.address.lower(): each for each in rooms}
        self.events: dict[int, Event] = {}
        self._people = {each.lower() for each in people}
        self._mode = mode
        self.answer_after = answer_after
        self._newest: dict[tuple[str, str], Event] = {}
        self._numbers = count(1)
        self._versions = count(1)

    # What applications ask for

    def book(self, reservation: Reservation, now: datetime) -> tuple[Event, bool]:
        """Make it stand, and say whether that is new; the room may still have to answer."""
        home, values = self._checked(reservation)
        event = self._newest.get((home.lower(), reservation.reference))
        if event is not None and event.in_room:
            if not self._says(event, reservation, values):
                self._change(event, reservation, values, now)
            return event, False
        room = self.room(reservation.room)
        if self._mode == "organizer":
            self._refuse_taken(room.address, values, None)
        if event is not None and not event.cancelled:
            self.remove(event, now)  # the room declined it: this is another try
        event = self.add(home, room.address, values, now, reference=reservation.reference)
        if self._mode == "attendee":
            self._ask(event, now)
        return event, True

    def update(self, reservation: Reservation, version: str | None, now: datetime) -> Event:
        """See `CalendarAdapter.update`."""
        home, values = self._checked(reservation)
        event = self.standing(reservation.reference, home)
        _check_version(event, version)
        if not self._says(event, reservation, values):
            self._change(event, reservation, values, now)
        return event

    def cancel(self, reference: str, mailbox: str, version: str | None, now: datetime) -> Event:
        """See `CalendarAdapter.cancel`."""
        event = self._remembered(reference, mailbox)
        if not event.cancelled:
            _check_version(event, version)
            self.remove(event, now)
        return event

    def end_early(self, reference: str, mailbox: str, now: datetime) -> Booking:
        """See `CalendarAdapter.end_early`. Of a series, the occurrence that runs now."""
        event = self._remembered(reference, mailbox)
        end = now.replace(second=0, microsecond=0)
        window = event.values.window
        if event.cancelled or event.response == "declined":
            return event.booking()
        if event.values.recurrence is not None:
            return self._end_occurrence(event, end, now)
        if end <= window.start:
            self.remove(event, now)
        elif end < window.end:
            self.edit(event, replace(event.values, window=TimeWindow(window.start, end)), now)
        return event.booking()

    def find(self, reference: str, mailbox: str) -> Event | None:
        """What stands for a reference; None where there is nothing, or it was cancelled."""
        event = self._newest.get((mailbox.lower(), reference))
        return None if event is None or event.cancelled else event

    def standing(self, reference: str, mailbox: str) -> Event:
        """The same, where there must be something.

        Raises:
            NotFound: There is nothing.
        """
        event = self.find(reference, mailbox)
        if event is None:
            message = "nothing stands for this reference in that mailbox"
            raise NotFound(message, hint="check the reference and the mailbox; `book` makes it stand")
        return event

    def occupancy(self, room: str, window: TimeWindow) -> Occupancy:
        """When one room is taken; its error where it is none."""
        known = self.rooms.get(room.lower())
        if known is None:
            return Occupancy(room=room, error=_UNKNOWN_ROOM)
        meetings = tuple(event.meeting(span) for event, span in self.taking(known.address, window))
        return Occupancy(room=room, meetings=meetings)

    def taking(self, room: str, window: TimeWindow) -> list[tuple[Event, Span]]:
        """What stands in a room's calendar in a window, by start."""
        found = [
            (event, span)
            for event in self._in(room)
            for span in event.spans(window.end)
            if span.window.overlaps(window)
        ]
        return sorted(found, key=lambda each: (each[1].window.start, each[0].number))

    def room(self, address: str) -> Room:
        """The room of an address.

        Raises:
            Invalid: There is none, or it is a person's.
        """
        room = self.rooms.get(address.lower())
        if room is not None:
            return room
        if address.lower() in self._people:
            message = "the address is a person's, not a room's"
            raise Invalid(message, hint="give a room's; `rooms()` lists them")
        message = "there is no room of this address"
        raise Invalid(message, hint="check the address; `rooms()` lists those there are")

    def restore(self, event: Event, values: Values, room: str, now: datetime) -> None:
        """Put an event back where it was before the room declined its change."""
        event.room = room
        self.edit(event, values, now)
        self.answer(event, "accepted", now)

    # What time brings

    def settle(self, now: datetime) -> None:
        """Let rooms answer that were to have answered by now, in the order in which they were asked."""
        due = [each for each in self.events.values() if each.answers_at is not None]
        for event in sorted(due, key=lambda each: (each.answers_at or now, each.version)):
            if event.answers_at is not None and event.answers_at <= now:
                taken = self.in_the_way(event.room, event.values, event)
                self.answer(event, "declined" if taken else "accepted", event.answers_at)

    # What is done to an event, by whomever

    def add(
        self, mailbox: str, room: str, values: Values, now: datetime, *, reference: str | None = None
    ) -> Event:
        """Put an event into a calendar, whatever stands there."""
        number, version = next(self._numbers), next(self._versions)
        response: RoomResponse = "organizer" if mailbox.lower() == room.lower() else "accepted"
        event = Event(number, reference, mailbox, room, values, version, now, response)
        event.series_version = version
        self.events[number] = event
        if reference is not None:
            self._newest[mailbox.lower(), reference] = event
        return event

    def edit(self, event: Event, values: Values, now: datetime) -> None:
        """Give an event other values; exceptions of a series do not outlive another pattern or time."""
        if not values.takes_as(event.values):
            event.exceptions.clear()
        event.values = values
        self._touch(event, now)
        event.series_version = event.version

    def move_occurrence(self, event: Event, day: date, window: TimeWindow | None, now: datetime) -> None:
        """Make an exception of an occurrence, or cancel it where no window is given."""
        self._touch(event, now)
        event.exceptions[day] = Moved(window, event.version)

    def answer(self, event: Event, response: RoomResponse, now: datetime) -> None:
        """Let the room answer."""
        event.response, event.answers_at = response, None
        self._touch(event, now)
        event.series_version = event.version

    def remove(self, event: Event, now: datetime) -> None:
        """Take an event out of all calendars; it is remembered."""
        event.cancelled, event.answers_at = True, None
        self._touch(event, now)

    def in_the_way(self, room: str, values: Values, own: Event | None) -> tuple[Meeting, ...]:
        """Meetings that have the room already when these values would take it."""
        mine = _windows(values)
        starts = [each.start for each in mine]
        within = TimeWindow(mine[0].start, mine[-1].end)
        return tuple(
            event.meeting(span)
            for event, span in self.taking(room, within)
            if event is not own
            and event.response != "none"
            # Of several of mine that begin before its end, the last is the one that also ends last.
            and mine[bisect_left(starts, span.window.end) - 1].overlaps(span.window)
        )

    # What they are made of

    def _change(self, event: Event, reservation: Reservation, values: Values, now: datetime) -> None:
        room = self.room(reservation.room).address
        moves = room != event.room or not values.takes_as(event.values)
        if moves:
            self._refuse_taken(room, values, event)
        event.room = room
        self.edit(event, values, now)
        if moves and self._mode == "attendee":
            self._ask(event, now)

    def _ask(self, event: Event, now: datetime) -> None:
        """Invite the room."""
        event.response = "none"
        event.answers_at = None if self.answer_after is None else now + self.answer_after
        self.settle(now)

    def _says(self, event: Event, reservation: Reservation, values: Values) -> bool:
        return event.values == values and event.room.lower() == reservation.room.lower()

    def _touch(self, event: Event, now: datetime) -> None:
        event.version, event.changed_at = next(self._versions), now

    def _end_occurrence(self, event: Event, end: datetime, now: datetime) -> Booking:
        for span in event.spans(now + timedelta(microseconds=1)):
            if span.day is not None and now in span.window:
                freed = None if end <= span.window.start else TimeWindow(span.window.start, end)
                self.move_occurrence(event, span.day, freed, now)
                return event.booking(span._replace(window=freed or span.window, kind="exception"))
        return event.booking()

    def _refuse_taken(self, room: str, values: Values, own: Event | None) -> None:
        taken = self.in_the_way(room, values, own)
        if taken:
            raise taken_by(taken)

    def _in(self, room: str) -> Iterator[Event]:
        return (each for each in self.events.values() if each.room == room and each.in_room)

    def _remembered(self, reference: str, mailbox: str) -> Event:
        event = self._newest.get((mailbox.lower(), reference))
        return event if event is not None else self.standing(reference, mailbox)

    def _checked(self, reservation: Reservation) -> tuple[str, Values]:
        """Check a whole reservation; where it will live, and what people will see."""
        room = self.room(reservation.room)
        if len(reservation.subject) > LONGEST_SUBJECT:
            message = f"Reservation.subject has more than {LONGEST_SUBJECT} characters"
            raise Invalid(message, hint=f"shorten it to {LONGEST_SUBJECT} characters")
        organiser = reservation.organizer
        if self._mode == "organizer":
            values = Values.of(reservation, invited=organiser)
            _check_series(values)
            return room.address, values
        if organiser is None:
            message = "Reservation.organizer is missing, and a person organises here"
            raise Invalid(message, hint="give the address of the person who invites the room")
        if organiser.lower() in self.rooms or (self._people and organiser.lower() not in self._people):
            message = "Reservation.organizer is nobody's mailbox"
            raise Invalid(message, hint="give the address of a person who has a mailbox there")
        values = Values.of(reservation, invited=None)
        _check_series(values)
        return organiser, values


def taken_by(meetings: tuple[Meeting, ...]) -> RoomTaken:
    """What to raise where meetings are in the way."""
    message = f"the room is taken: {len(meetings)} in the way" if meetings else "the room declined"
    return RoomTaken(message, hint="choose another room or time; `occupancy` tells when", conflicts=meetings)


def _windows(values: Values) -> list[TimeWindow]:
    if values.recurrence is None:
        return [values.window]
    until = values.window.start + HORIZON
    found: list[TimeWindow] = []
    for _, window in windows_of(values.window, values.zone(), values.recurrence):
        if window.start >= until:
            break
        found.append(window)
    return found


def _check_series(values: Values) -> None:
    """Refuse a series that does not begin where its pattern does: services shift it, each in its own way."""
    if values.recurrence is None:
        return
    first = values.window.start.astimezone(values.zone()).date()
    days = (day for day, _ in windows_of(values.window, values.zone(), values.recurrence))
    if next(days, None) != first:
        message = "Reservation.window does not begin on a day of its own recurrence"
        raise Invalid(message, hint="give the window of the first occurrence, in the reservation's timezone")


def _check_version(event: Event, version: str | None) -> None:
    if version is not None and version != f"v{event.version}":
        message = "the booking has changed: another version stands"
        raise Conflict(message, hint="`find` it again, decide anew, and give the version found")
