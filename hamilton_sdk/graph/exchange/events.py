"""An event of Graph's and a `Booking`. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.graph.exchange import recurrence, times
from hamilton_sdk.graph.exchange.nodes import Broken, Node, flag, node, nodes, text
from hamilton_sdk.graph.models import Attendee, Booking, Meeting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.graph.models import (
        AttendeeKind,
        BookingKind,
        BookingState,
        MeetingStatus,
        RoomResponse,
        Sensitivity,
    )
    from hamilton_sdk.model import TimeWindow

__all__ = [
    "Reader",
    "busy",
    "expanding",
    "is_cancelled",
    "meeting",
    "reference_of",
    "version_of",
    "window_of",
]

_KINDS: Final[Mapping[str, BookingKind]] = {
    "singleinstance": "single",
    "seriesmaster": "series",
    "occurrence": "occurrence",
    "exception": "exception",
}
_RESPONSES: Final[Mapping[str, RoomResponse]] = {
    "organizer": "organizer",
    "accepted": "accepted",
    "tentativelyaccepted": "tentative",
    "declined": "declined",
    # `none` as the organiser sees it is `notResponded` as the room sees it.
    "notresponded": "none",
    "none": "none",
}
_STATES: Final[Mapping[RoomResponse, BookingState]] = {
    "organizer": "confirmed",
    "accepted": "confirmed",
    "tentative": "tentative",
    "declined": "declined",
    "none": "pending",
}
_STATUSES: Final[Mapping[str, MeetingStatus]] = {
    "free": "free",
    "tentative": "tentative",
    "busy": "busy",
    "oof": "out_of_office",
    "workingelsewhere": "working_elsewhere",
}
_SENSITIVITIES: Final[Mapping[str, Sensitivity]] = {
    "personal": "personal",
    "private": "private",
    "confidential": "confidential",
}
_ATTENDEE_KINDS: Final[Mapping[str, AttendeeKind]] = {"optional": "optional", "resource": "resource"}
_NOT_TAKING: Final = ("free", "working_elsewhere")
_PROPERTIES: Final = "singleValueExtendedProperties"


def expanding(reference_property: str) -> str:
    """What ``$expand`` must say for an answer to bring the caller's reference."""
    return f"{_PROPERTIES}($filter=id eq '{reference_property}')"


def reference_of(event: Node, reference_property: str) -> str | None:
    """The caller's reference; None where the event is not ours, or the answer does not bring it."""
    for each in nodes(event, _PROPERTIES):
        # Exchange writes the property's name back with a GUID of its own case.
        if (text(each, "id") or "").lower() == reference_property.lower():
            return text(each, "value")
    return None


def version_of(event: Node) -> str:
    """The change key, which is the inside of the tag: a partial occurrence has the tag alone.

    Raises:
        Broken: There is none.
    """
    tag = text(event, "@odata.etag")
    version = text(event, "changeKey") or (tag and tag.removeprefix("W/").strip('"'))
    if not version:
        reason = "an event without a version"
        raise Broken(reason)
    return version


def is_cancelled(event: Node) -> bool:
    """Whether it was called off and still stands in the calendar."""
    return flag(event, "isCancelled")


def identifier(event: Node) -> str:
    """Its id.

    Raises:
        Broken: There is none.
    """
    found = text(event, "id")
    if found is None:
        reason = "an event without an id"
        raise Broken(reason)
    return found


def window_of(event: Node) -> TimeWindow:
    """When it is."""
    start, end = node(event, "start"), node(event, "end")
    if flag(event, "isAllDay"):
        return times.days(times.day(start), times.day(end), text(event, "originalStartTimeZone"))
    return times.read_window(times.moment(start), times.moment(end))


def status_of(event: Node) -> MeetingStatus:
    """How it takes the time."""
    return _STATUSES.get((text(event, "showAs") or "").lower(), "unknown")


def busy(event: Node) -> bool:
    """Whether it takes the room."""
    declined = text(node(event, "responseStatus"), "response") == "declined"
    return not (is_cancelled(event) or declined or status_of(event) in _NOT_TAKING)


def meeting(event: Node, reference_property: str) -> Meeting:
    """An event as one that is in the way."""
    return Meeting(
        window=window_of(event),
        status=status_of(event),
        subject=text(event, "subject"),
        private=text(event, "sensitivity") == "private",
        id=identifier(event),
        reference=reference_of(event, reference_property),
    )


class Reader:
    """Reads events of one mailbox.

    Args:
        mailbox: Whose calendar they stand in.
        reference_property: Which holds the caller's reference.
        room: Whose calendar it is; None for a person's, who invites rooms.
    """

    __slots__ = ("_mailbox", "_property", "_room")

    def __init__(self, mailbox: str, reference_property: str, *, room: str | None) -> None:
        self._mailbox = mailbox
        self._property = reference_property
        self._room = room

    def __call__(self, event: Node, reference: str | None = None) -> Booking:
        """A booking of an event.

        Args:
            event: Whole.
            reference: Where it is known otherwise: rounds of changes do not bring it.

        Raises:
            Broken: It lacks what every event has.
        """
        room = self._room or room_invited(event)
        response = self._response(event, room)
        kind = _KINDS.get((text(event, "type") or "").lower(), "single")
        all_day = flag(event, "isAllDay")
        return Booking(
            reference=reference or reference_of(event, self._property),
            id=identifier(event),
            mailbox=self._mailbox,
            room=room,
            state="cancelled" if is_cancelled(event) else _STATES[response],
            version=version_of(event),
            window=window_of(event),
            response=response,
            subject=text(event, "subject"),
            organizer=_address(node(event, "organizer")),
            attendees=_attendees(event, room),
            kind=kind,
            series_id=text(event, "seriesMasterId"),
            ical_uid=text(event, "iCalUId"),
            all_day=(times.day(node(event, "start")), times.day(node(event, "end"))) if all_day else None,
            recurrence=recurrence.read(event) if kind == "series" else None,
            timezone=text(event, "originalStartTimeZone"),
            sensitivity=_sensitivity(event),
            changed_at=times.stamp(text(event, "lastModifiedDateTime")),
        )

    def _response(self, event: Node, room: str) -> RoomResponse:
        if self._room is not None:
            said = text(node(event, "responseStatus"), "response")
            # A meeting that the room organises itself need not bring the member.
            return "organizer" if flag(event, "isOrganizer") else _RESPONSES.get((said or "").lower(), "none")
        for each in nodes(event, "attendees"):
            if same_address(_address(each), room):
                said = text(node(each, "status"), "response")
                return _RESPONSES.get((said or "").lower(), "none")
        return "none"


def same_address(one: str | None, other: str | None) -> bool:
    """Whether two addresses are the same, which is told without case."""
    return one is not None and other is not None and one.lower() == other.lower()


def room_invited(event: Node) -> str:
    """The room that a person's event invites: the resource that is its place, else the first resource.

    Equipment is a resource too. An empty text where there is none.
    """
    resources = [
        address
        for each in nodes(event, "attendees")
        if text(each, "type") == "resource" and (address := _address(each)) is not None
    ]
    place = node(event, "location")
    told = (text(place, "locationEmailAddress") or "", text(place, "uniqueId") or "")
    placed = {each.lower() for each in told}
    return next((each for each in resources if each.lower() in placed), resources[0] if resources else "")


def _attendees(event: Node, room: str) -> tuple[Attendee, ...]:
    found = (_attendee(each) for each in nodes(event, "attendees") if not same_address(_address(each), room))
    return tuple(each for each in found if each is not None)


def _attendee(each: Node) -> Attendee | None:
    """Somebody invited; None for one without an address that is one, such as a group of a phone."""
    address = _address(each)
    kind: AttendeeKind = _ATTENDEE_KINDS.get(text(each, "type") or "", "required")
    if address is None or "@" not in address[1:-1] or any(letter.isspace() for letter in address):
        return None
    name = text(node(each, "emailAddress"), "name")
    # People's names hold what they like: a tab in one must not hide the meeting.
    return Attendee(address, name if name is not None and name.isprintable() else None, kind)


def _address(of: Node) -> str | None:
    return text(node(of, "emailAddress"), "address")


def _sensitivity(event: Node) -> Sensitivity:
    return _SENSITIVITIES.get(text(event, "sensitivity") or "", "normal")
