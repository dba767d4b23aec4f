"""What stands in the calendars of `hamilton_sdk.graph.FakeCalendar`, and how callers see it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from hamilton_sdk.graph._series import windows_of
from hamilton_sdk.graph.models import Attendee, Booking, Meeting
from hamilton_sdk.graph.zones import zone_named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from hamilton_sdk.graph.models import (
        BookingKind,
        BookingState,
        MeetingStatus,
        Recurrence,
        Reservation,
        RoomResponse,
        Sensitivity,
    )
    from hamilton_sdk.model import TimeWindow

__all__ = ["Event", "Moved", "Span", "Values"]

_STATES: Final[dict[RoomResponse, BookingState]] = {
    "none": "pending",
    "organizer": "confirmed",
    "accepted": "confirmed",
    "tentative": "tentative",
    "declined": "declined",
}


@dataclass(frozen=True, slots=True)
class Values:
    """What people see of an event, and may change."""

    subject: str
    window: TimeWindow
    attendees: tuple[Attendee, ...] = ()
    body: str | None = None
    timezone: str = "UTC"
    recurrence: Recurrence | None = None
    sensitivity: Sensitivity = "normal"
    all_day: bool = False

    @classmethod
    def of(cls, reservation: Reservation, *, invited: str | None) -> Values:
        """What a reservation asks for.

        Args:
            reservation: All of it.
            invited: The organising person, where the room organises.
        """
        person = () if invited is None else (Attendee(invited),)
        return cls(
            subject=reservation.subject,
            window=reservation.window,
            attendees=(*person, *reservation.attendees),
            body=reservation.body,
            timezone=reservation.timezone or "UTC",
            recurrence=reservation.recurrence,
            sensitivity=reservation.sensitivity or "normal",
            all_day=reservation.all_day,
        )

    def zone(self) -> ZoneInfo:
        """In which it was made."""
        return zone_named(self.timezone) or ZoneInfo("UTC")

    def takes_as(self, other: Values) -> bool:
        """Whether it takes the room at the same times as another."""
        times = (self.window, self.recurrence)
        return times == (other.window, other.recurrence) and (
            self.recurrence is None or self.zone() == other.zone()
        )


@dataclass(frozen=True, slots=True)
class Moved:
    """An exception of a series; no window where that occurrence is cancelled."""

    window: TimeWindow | None
    version: int


class Span(NamedTuple):
    """One time at which an event takes its room."""

    window: TimeWindow
    day: date | None
    version: int
    kind: BookingKind


@dataclass(slots=True)
class Event:
    """One meeting, in all its copies.

    Attributes:
        number: Of which its ids are made.
        reference: The caller's own id; None for people's meetings.
        mailbox: Where it lives: its organiser's.
        room: The room's address.
        values: What people see.
        version: Grows with every change.
        changed_at: When that was.
        response: What the room answered.
        answers_at: When the room will; None where it has, or never will by itself.
        cancelled: Whether it is gone, and only remembered.
        series_version: Of the occurrences that are no exceptions.
        exceptions: Of a series, by the day on which the occurrence would have begun.
    """

    number: int
    reference: str | None
    mailbox: str
    room: str
    values: Values
    version: int
    changed_at: datetime
    response: RoomResponse
    answers_at: datetime | None = None
    cancelled: bool = False
    series_version: int = 0
    exceptions: dict[date, Moved] = field(default_factory=dict["date", Moved])

    @property
    def id(self) -> str:
        """In the mailbox where it lives."""
        return f"event-{self.number}"

    @property
    def room_id(self) -> str:
        """In the room's calendar: another one where a person organises."""
        return self.id if self.lives_in_room else f"{self.id}-copy"

    @property
    def lives_in_room(self) -> bool:
        """Whether the room organises."""
        return self.mailbox.lower() == self.room.lower()

    @property
    def in_room(self) -> bool:
        """Whether it stands in the room's calendar."""
        return not self.cancelled and self.response != "declined"

    def spans(self, until: datetime) -> Iterator[Span]:
        """When it takes the room, by day: everything that begins before a moment, and perhaps more."""
        values = self.values
        if values.recurrence is None:
            if values.window.start < until:
                yield Span(values.window, None, self.version, "single")
            return
        moved_last = max(self.exceptions, default=None)
        for day, window in windows_of(values.window, values.zone(), values.recurrence):
            if window.start >= until and (moved_last is None or day > moved_last):
                return
            moved = self.exceptions.get(day)
            if moved is None:
                yield Span(window, day, self.series_version, "occurrence")
            elif moved.window is not None:
                yield Span(moved.window, day, moved.version, "exception")

    def meeting(self, span: Span) -> Meeting:
        """How others see it in the room's calendar."""
        private = self.values.sensitivity == "private"
        status: MeetingStatus = "tentative" if self.response in ("none", "tentative") else "busy"
        return Meeting(
            window=span.window,
            status=status,
            subject=None if private else self._shown(at_home=False),
            private=private,
            id=_id_of(self.room_id, span.day),
            reference=self.reference if self.lives_in_room else None,
        )

    def booking(self, span: Span | None = None, *, at_home: bool = True) -> Booking:
        """How callers see it.

        Args:
            span: One of its times; all of it if None.
            at_home: Whether in the mailbox where it lives; in the room's calendar otherwise.
        """
        values, day = self.values, None if span is None else span.day
        event_id = self.id if at_home else self.room_id
        window = values.window if span is None else span.window
        kind: BookingKind = "single" if values.recurrence is None else "series"
        if span is not None and day is not None:
            kind = span.kind
        return Booking(
            reference=self.reference if at_home or self.lives_in_room else None,
            id=_id_of(event_id, day),
            room=self.room,
            state="cancelled" if self.cancelled else _STATES[self.response],
            version=f"v{self.version if day is None or span is None else span.version}",
            window=window,
            response=self.response,
            mailbox=self.mailbox if at_home else self.room,
            subject=self._shown(at_home=at_home),
            organizer=self.mailbox,
            attendees=values.attendees,
            kind=kind,
            series_id=None if day is None else event_id,
            ical_uid=f"uid-{self.number}",
            all_day=self._days(window) if values.all_day else None,
            recurrence=None if day is not None else values.recurrence,
            timezone=values.timezone,
            sensitivity=values.sensitivity,
            changed_at=self.changed_at,
        )

    def _shown(self, *, at_home: bool) -> str:
        """The subject; in a room's copy the organiser, Exchange's default for rooms since 2018."""
        return self.values.subject if at_home or self.lives_in_room else self.mailbox

    def _days(self, window: TimeWindow) -> tuple[date, date]:
        zone = self.values.zone()
        return window.start.astimezone(zone).date(), window.end.astimezone(zone).date()


def _id_of(event_id: str, day: date | None) -> str:
    return event_id if day is None else f"{event_id}/{day.isoformat()}"
