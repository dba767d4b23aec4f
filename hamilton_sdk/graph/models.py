"""The words of room calendars, the same for every calendar service."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Annotated, Final, Literal, LiteralString, Self, cast

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from hamilton_sdk.model import Health, Moment, Text, TimeWindow, Word, checks_by_fields, filled, trimmed

__all__ = [
    "Attendee",
    "AttendeeKind",
    "Booking",
    "BookingKind",
    "BookingState",
    "Change",
    "ChangeKind",
    "Health",
    "Meeting",
    "MeetingStatus",
    "Occupancy",
    "PatternKind",
    "Recurrence",
    "Reservation",
    "Room",
    "RoomList",
    "RoomResponse",
    "Sensitivity",
    "TimeWindow",
    "Watch",
    "WeekIndex",
    "Weekday",
]

AttendeeKind = Literal["required", "optional", "resource"]
BookingKind = Literal["single", "series", "occurrence", "exception"]
BookingState = Literal["confirmed", "pending", "tentative", "declined", "cancelled"]
RoomResponse = Literal["none", "organizer", "accepted", "tentative", "declined"]
ChangeKind = Literal["changed", "removed"]
MeetingStatus = Literal["free", "tentative", "busy", "out_of_office", "working_elsewhere", "unknown"]
Sensitivity = Literal["normal", "personal", "private", "confidential"]
PatternKind = Literal[
    "daily", "weekly", "absolute_monthly", "relative_monthly", "absolute_yearly", "relative_yearly"
]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WeekIndex = Literal["first", "second", "third", "fourth", "last"]

MOST_ATTENDEES: Final = 500
"""Of one event, the room included (Graph, resource type event)."""

_Rule = tuple[LiteralString, LiteralString, dict[str, str]]

_FILLED: Final = filled("give it: a calendar needs it")
_TRIMMED: Final = trimmed("trim it")
_NO_ADDRESS: Final[_Rule] = (
    "no_address",
    "is no e-mail address",
    {"hint": "give the mailbox's address such as room@example.com; `rooms()` lists those of rooms"},
)
_TOO_MANY: Final[_Rule] = (
    "too_many",
    "has more than 500 attendees, the room included",
    {"hint": "invite a distribution group instead"},
)
_SINGLE: Final[_Rule] = ("single", "is a single one", {"hint": "give a list or tuple"})
_UNKNOWN_ZONE: Final[_Rule] = (
    "unknown_zone",
    "is no time zone that is known",
    {"hint": 'give an IANA name such as "Europe/Paris", or a Windows one such as "Romance Standard Time"'},
)
_NOT_WHOLE_DAYS: Final[_Rule] = (
    "not_whole_days",
    "is for whole days, and its window does not begin and end at midnight in its time zone",
    {"hint": "give timezone=, and a window from midnight to midnight there"},
)


def _address(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not (at and local and domain) or any(each.isspace() for each in text):
        raise PydanticCustomError(*_NO_ADDRESS)
    return text


Address = Annotated[Text, AfterValidator(_address)]
"""An e-mail address; compared without case."""


def _several(given: object) -> object:
    if isinstance(given, (str, Attendee)):
        raise PydanticCustomError(*_SINGLE)
    if not isinstance(given, Iterable):
        return given
    people = cast("Iterable[object]", given)
    return tuple(Attendee(each) if isinstance(each, str) else each for each in people)


def _zone(name: str) -> str:
    # Loaded on use: most reservations name no zone, and the tables of Windows' names are large.
    from hamilton_sdk.graph.zones import zone_named

    if zone_named(name) is None:
        raise PydanticCustomError(*_UNKNOWN_ZONE)
    return name


class Attendee(Word):
    """Somebody, or something, that is invited.

    Args:
        email: Where the invitation goes.
        name: As shown beside it.
        kind: ``"required"``, ``"optional"`` or ``"resource"`` (equipment; the room itself is never listed).

    Raises:
        Invalid: The address is none.
    """

    email: Address = Field(repr=False)
    name: Text | None = Field(default=None, repr=False)
    kind: AttendeeKind = "required"

    @checks_by_fields
    def __init__(self, email: str, name: str | None = None, kind: AttendeeKind = "required") -> None:
        super().__init__(email=email, name=name, kind=kind)


class Recurrence(Word):
    """How a reservation repeats (Microsoft Graph, resource types recurrencePattern and recurrenceRange).

    Attributes:
        pattern: ``"daily"``, ``"weekly"``, ``"absolute_monthly"`` (a day of the month),
            ``"relative_monthly"`` (the second Tuesday), ``"absolute_yearly"`` or ``"relative_yearly"``.
        interval: Every so many days, weeks, months or years.
        days: Weekdays, for weekly and the relative patterns.
        day_of_month: For the absolute patterns, 1 to 31.
        month: For the yearly patterns, 1 to 12.
        index: Which of the weekdays in its month, for the relative patterns.
        first_day: On which a week begins, where `interval` weeks are counted.
        until: The last day on which one may begin, in the reservation's time zone.
        count: How many there are; give this or `until` or neither, for no end.

    Raises:
        Invalid: The pattern lacks what it needs, or has what it cannot use.
    """

    pattern: PatternKind
    interval: Annotated[int, Field(ge=1, le=999)] = 1
    days: tuple[Weekday, ...] = ()
    day_of_month: Annotated[int, Field(ge=1, le=31)] | None = None
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    index: WeekIndex | None = None
    first_day: Weekday = "monday"
    until: date | None = None
    count: Annotated[int, Field(ge=1, le=999)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for name, needed in _NEEDED[self.pattern].items():
            given = getattr(self, name) not in (None, ())
            if given != needed:
                said = {
                    "pattern": self.pattern,
                    "name": name,
                    "hint": "give it" if needed else "leave it out",
                }
                raise PydanticCustomError(*(_MISSING if needed else _NEEDLESS), said)
        if self.until is not None and self.count is not None:
            raise PydanticCustomError(*_TWO_ENDS)
        return self


_MISSING: Final[tuple[LiteralString, LiteralString]] = ("missing_part", "a {pattern} pattern needs {name}")
_NEEDLESS: Final[tuple[LiteralString, LiteralString]] = (
    "needless_part",
    "a {pattern} pattern cannot use {name}",
)
_TWO_ENDS: Final[_Rule] = ("two_ends", "has until and count", {"hint": "give one of them"})
_NEEDED: Final[dict[PatternKind, dict[str, bool]]] = {
    "daily": {"days": False, "day_of_month": False, "month": False, "index": False},
    "weekly": {"days": True, "day_of_month": False, "month": False, "index": False},
    "absolute_monthly": {"days": False, "day_of_month": True, "month": False, "index": False},
    "relative_monthly": {"days": True, "day_of_month": False, "month": False, "index": True},
    "absolute_yearly": {"days": False, "day_of_month": True, "month": True, "index": False},
    "relative_yearly": {"days": True, "day_of_month": False, "month": True, "index": True},
}


class Reservation(Word):
    """What the application wants to stand in a room's calendar.

    Args:
        reference: The caller's own id of the reservation: the key of every later call.
        room: The room mailbox's address.
        subject: Personal, like every text people write; left out of the repr.
        window: When, half open; of the first one where it repeats.
        organizer: Address of the person who organises it. Needed in the mode ``"attendee"``; in
            ``"organizer"`` the room organises, and this person is invited.
        attendees: Who else is invited, as addresses or `Attendee`.
        body: Plain text.
        timezone: In which it was made, IANA or Windows name: what people see, and what repeats keep to across
            the change of the clocks. UTC if None.
        recurrence: How it repeats.
        sensitivity: ``"private"`` hides it from others who see the room's calendar.
        all_day: Whether it is for whole days, in `timezone`.

    Raises:
        Invalid: An empty reference or subject, a wrong address, an unknown zone, too many attendees, or whole
            days that are none.
    """

    reference: Annotated[Text, _FILLED, _TRIMMED]
    room: Address
    subject: Annotated[Text, _FILLED] = Field(repr=False)
    window: TimeWindow
    organizer: Address | None = Field(default=None, repr=False)
    attendees: Annotated[tuple[Attendee, ...], BeforeValidator(_several)] = Field(default=(), repr=False)
    body: str | None = Field(default=None, repr=False)
    timezone: Annotated[str, AfterValidator(_zone)] | None = None
    recurrence: Recurrence | None = None
    sensitivity: Sensitivity | None = None
    all_day: bool = False

    @checks_by_fields
    def __init__(  # noqa: PLR0917 (the fields, in the order in which people say them)
        self,
        reference: str,
        room: str,
        subject: str,
        window: TimeWindow,
        organizer: str | None = None,
        attendees: Iterable[str | Attendee] = (),
        body: str | None = None,
        timezone: str | None = None,
        recurrence: Recurrence | None = None,
        sensitivity: Sensitivity | None = None,
        all_day: bool = False,  # noqa: FBT001, FBT002 (a field like the others)
    ) -> None:
        super().__init__(
            reference=reference,
            room=room,
            subject=subject,
            window=window,
            organizer=organizer,
            attendees=attendees,
            body=body,
            timezone=timezone,
            recurrence=recurrence,
            sensitivity=sensitivity,
            all_day=all_day,
        )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.attendees) + 1 > MOST_ATTENDEES:
            raise PydanticCustomError(*_TOO_MANY)
        if self.all_day and not self._whole_days():
            raise PydanticCustomError(*_NOT_WHOLE_DAYS)
        return self

    def _whole_days(self) -> bool:
        from hamilton_sdk.graph.zones import zone_named

        zone = zone_named(self.timezone or "UTC")
        ends = (self.window.start.astimezone(zone), self.window.end.astimezone(zone))
        return all(end.time() == time.min for end in ends)


class Meeting(Word):
    """A span in which a room is taken, as others may see it.

    Attributes:
        window: When, UTC, whole even where it reaches beyond what was asked for.
        status: ``"busy"``, ``"tentative"`` and so on; ``"unknown"`` where the service does not say.
        subject: Personal; None where it may not be seen.
        private: Whether it is marked private.
        id: The event's id in the room's calendar, where that was read.
        reference: Of a reservation of ours, where it is one.
    """

    window: TimeWindow
    status: MeetingStatus = "busy"
    subject: str | None = Field(default=None, repr=False)
    private: bool = False
    id: str | None = None
    reference: str | None = None


class Occupancy(Word):
    """When a room is taken.

    Attributes:
        room: Its address, as asked.
        meetings: What takes it, by start.
        error: The service's code where it could not tell for this room; None where it could.
    """

    room: str
    meetings: tuple[Meeting, ...] = ()
    error: str | None = None

    def free(self, window: TimeWindow) -> bool:
        """Whether nothing takes the room in a window; False where the service could not tell.

        Args:
            window: Within the one that was asked for.
        """
        taken = (each for each in self.meetings if each.status not in ("free", "working_elsewhere"))
        return self.error is None and not any(each.window.overlaps(window) for each in taken)


class Booking(Word):
    """What stands in a calendar for one meeting.

    Attributes:
        reference: The caller's own id; None for a meeting that the SDK did not make.
        id: The event's id in `mailbox`: opaque, case-sensitive, immutable.
        mailbox: In whose calendar the event lives: a person's address where a person organises.
        room: The room's address.
        state: ``"confirmed"``, ``"pending"`` (the room has not answered), ``"tentative"``, ``"declined"`` or
            ``"cancelled"``.
        version: Changes with every change of the event: give it to `update` or `cancel` to overwrite only
            what was read.
        window: When, UTC; for a series that of its first occurrence.
        response: What the room answered; ``"organizer"`` where it organises itself.
        conflicts: Other meetings in the way.
        subject: Personal. In the room's copy it may be the organiser's name (Exchange's default).
        organizer: Personal: an address.
        attendees: Personal; the room itself is left out.
        kind: ``"single"``, ``"series"`` (the master of a recurring one), ``"occurrence"`` or ``"exception"``.
        series_id: Of the master, for an occurrence or exception.
        ical_uid: The same in all copies of the meeting.
        all_day: The first day, and the day after the last, of a meeting of whole days; None otherwise.
        recurrence: Of a series.
        timezone: In which it was made, as the service names it.
        sensitivity: As for `Reservation`.
        changed_at: When it was last changed, UTC, where the service says so.
    """

    reference: str | None
    id: str
    room: str
    state: BookingState
    version: str
    window: TimeWindow
    response: RoomResponse = "none"
    conflicts: tuple[Meeting, ...] = ()
    mailbox: str = Field(default="", repr=False)
    subject: str | None = Field(default=None, repr=False)
    organizer: str | None = Field(default=None, repr=False)
    attendees: tuple[Attendee, ...] = Field(default=(), repr=False)
    kind: BookingKind = "single"
    series_id: str | None = None
    ical_uid: str | None = None
    all_day: tuple[date, date] | None = None
    recurrence: Recurrence | None = None
    timezone: str | None = None
    sensitivity: Sensitivity = "normal"
    changed_at: Moment | None = None


class Change(Word):
    """One thing that changed in a room's calendar since the cursor.

    Attributes:
        kind: ``"changed"`` (made or altered: the service does not tell them apart) or ``"removed"``, which
            may also mean moved out of the window, and may name an id never seen.
        id: The event's.
        booking: What stands now; None where it was removed.
    """

    kind: ChangeKind
    id: str
    booking: Booking | None = None


class Room(Word):
    """A room that can be booked.

    Attributes:
        address: The room mailbox's.
        name: What people call it.
        id: The service's id of the place, which is not the mailbox's.
        capacity: Seats; None where nobody said.
        building: Where.
        floor: Where; a number or a label as the tenant keeps it.
        wheelchair_accessible: None where nobody said.
        equipment: Audio, video and display devices, by name.
        tags: Free words of the tenant's.
    """

    address: str
    name: str
    id: str | None = None
    capacity: int | None = None
    building: str | None = None
    floor: str | None = None
    wheelchair_accessible: bool | None = None
    equipment: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class RoomList(Word):
    """A named list of rooms, most often a building.

    Attributes:
        address: The list's own.
        name: What people call it.
        id: The service's id of the place.
    """

    address: str
    name: str
    id: str | None = None


class Watch(Word):
    """A subscription to what changes in a room's calendar.

    Attributes:
        id: The subscription's.
        room: Whose calendar.
        notify_url: Where notifications go.
        expires_at: When it ends unless it is renewed.
        rich: Whether notifications bring the event along, encrypted.
        secret: The ``clientState`` that notifications repeat; told by `watch` alone, once, and left out of
            the repr.
        resource: As the service names it.
    """

    id: str
    room: str
    notify_url: str
    expires_at: Moment
    rich: bool = False
    secret: str | None = Field(default=None, repr=False)
    resource: str | None = None
