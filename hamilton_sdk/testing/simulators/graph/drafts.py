"""Events as clients send them: read strictly, member by member."""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING, Any, Final, cast

from hamilton_sdk.testing.simulators.graph.errors import Refused, bad_request, malformed
from hamilton_sdk.testing.simulators.graph.recurrence import read_recurrence
from hamilton_sdk.testing.simulators.graph.state import Address, Attendee
from hamilton_sdk.testing.simulators.graph.times import Moment, read_moment

if TYPE_CHECKING:
    from hamilton_sdk.testing.simulators.graph.state import Event
    from hamilton_sdk.testing.simulators.graph.wire import Document

__all__ = ["DEFAULTS", "apply", "read_address", "read_properties"]

DEFAULTS: Final[dict[str, Any]] = {
    "subject": "",
    "body": {"contentType": "html", "content": ""},
    "importance": "normal",
    "sensitivity": "normal",
    "showAs": "busy",
    "isAllDay": False,
    "isCancelled": False,
    "isReminderOn": True,
    "reminderMinutesBeforeStart": 15,
    "responseRequested": True,
    "allowNewTimeProposals": True,
    "hideAttendees": False,
    "isOnlineMeeting": False,
    "onlineMeetingProvider": "unknown",
    "categories": [],
    "location": {"displayName": "", "locationType": "default", "uniqueIdType": "unknown", "address": {}},
    "locations": [],
}
"""What an event has that its maker did not speak of."""

_PLAIN: Final[dict[str, type | tuple[str, ...]]] = {
    "subject": str,
    "importance": ("low", "normal", "high"),
    "sensitivity": ("normal", "personal", "private", "confidential"),
    "showAs": ("free", "tentative", "busy", "oof", "workingElsewhere", "unknown"),
    "isAllDay": bool,
    "isReminderOn": bool,
    "reminderMinutesBeforeStart": int,
    "responseRequested": bool,
    "allowNewTimeProposals": bool,
    "hideAttendees": bool,
    "isOnlineMeeting": bool,
    "onlineMeetingProvider": ("unknown", "teamsForBusiness", "skypeForBusiness", "skypeForConsumer"),
    "categories": list,
    "locations": list,
}
_OTHERS: Final = frozenset(
    {
        "body",
        "location",
        "start",
        "end",
        "attendees",
        "recurrence",
        "transactionId",
        "singleValueExtendedProperties",
    }
)
# Taken and read over: what Graph computes itself, and what clients echo.
_READ_OVER: Final = frozenset(
    {"@odata.type", "organizer", "originalStartTimeZone", "originalEndTimeZone", "type"}
)
_LONGEST_SUBJECT: Final = 255
_MOST_ATTENDEES: Final = 500
_PROPERTY: Final = re.compile(
    r"(String|Integer|Boolean|SystemTime) \{[0-9a-f-]{36}\} Name \S.*", re.IGNORECASE
)


def apply(document: Document, event: Event, *, new: bool) -> None:
    """Write into an event what a body holds; nothing is half written.

    Args:
        document: The body.
        event: Of which a copy may be given, as it is written member by member.
        new: Whether it is being made.

    Raises:
        Refused: A member is unknown or wrong.
    """
    for name in document:
        if name not in _PLAIN and name not in _OTHERS and name not in _READ_OVER:
            raise malformed()
    for name, kind in _PLAIN.items():
        if name in document:
            event.members[name] = _plain(document[name], kind)
    if "transactionId" in document and not new:
        message = "The property 'transactionId' can only be set when the event is created."
        raise bad_request(message, "ErrorInvalidPropertySet")
    _text(document, event)
    _place(document, event)
    _times(document, event, new=new)
    if "attendees" in document:
        event.attendees = _attendees(document["attendees"], event.attendees)
    if "recurrence" in document:
        given = document["recurrence"]
        start = event.start
        event.recurrence = None if given is None else read_recurrence(given, start.local.date(), start.zone)
    if "singleValueExtendedProperties" in document:
        event.properties.update(read_properties(document["singleValueExtendedProperties"]))


def _plain(given: Any, kind: type | tuple[str, ...]) -> Any:  # noqa: ANN401 (whatever stands in the JSON)
    if isinstance(kind, tuple):
        found = [each for each in kind if isinstance(given, str) and each.lower() == given.lower()]
        if not found:
            raise malformed()
        return found[0]
    if not isinstance(given, kind) or (kind is int and isinstance(given, bool)):
        raise malformed()
    return given


def _text(document: Document, event: Event) -> None:
    if len(event.members["subject"]) > _LONGEST_SUBJECT:
        message = "The subject is longer than 255 characters."
        raise bad_request(message, "ErrorInvalidArgument")
    if "body" in document:
        body = _object(document["body"])
        kind, content = body.get("contentType", "text"), body.get("content", "")
        if not isinstance(content, str):
            raise malformed()
        event.members["body"] = {"contentType": _plain(kind, ("text", "html")), "content": content}


def _place(document: Document, event: Event) -> None:
    """`location` and `locations` mirror each other; `location` replaces every entry of the other."""
    if "location" in document:
        location = _located(_object(document["location"]))
        event.members["location"] = location
        event.members["locations"] = [location] if location["displayName"] else []
    elif "locations" in document:
        locations = [_located(_object(each)) for each in event.members["locations"]]
        event.members["locations"] = locations
        event.members["location"] = locations[0] if locations else DEFAULTS["location"]


def _located(given: Document) -> Document:
    return {"displayName": "", "locationType": "default", "uniqueIdType": "private", **given}


def _times(document: Document, event: Event, *, new: bool) -> None:
    if new and not {"start", "end"} <= document.keys():
        message = "The start and end of the event are needed."
        raise bad_request(message, "ErrorPropertyRequired")
    if "start" in document:
        event.start = read_moment(document["start"])
    if "end" in document:
        event.end = read_moment(document["end"])
    if event.end.utc < event.start.utc:
        message = "The end of the event is before its start."
        raise bad_request(message, "ErrorCalendarEndDateIsEarlierThanStartDate")
    if event.all_day and not _whole_days(event.start, event.end):
        message = "The Event.Start and Event.End of an all-day event must be midnights in the same zone."
        raise bad_request(message, "ErrorInvalidRequest")


def _whole_days(start: Moment, end: Moment) -> bool:
    midnights = start.local.time() == end.local.time() == time()
    return midnights and start.zone == end.zone and end.local > start.local


def _attendees(given: object, before: list[Attendee]) -> list[Attendee]:
    """The whole list is replaced; who was in it keeps their answer."""
    if not isinstance(given, list):
        raise malformed()
    entries = cast("list[object]", given)
    if len(entries) > _MOST_ATTENDEES:
        message = "The number of attendees is above the limit of 500."
        raise Refused(400, "ErrorInvalidRecipients", message)
    answers = {each.who.address.lower(): each for each in before}
    found: list[Attendee] = []
    for entry in entries:
        document = _object(entry)
        who = read_address(document.get("emailAddress"))
        kind = _plain(document.get("type", "required"), ("required", "optional", "resource"))
        known = answers.get(who.address.lower())
        found.append(
            Attendee(who, kind) if known is None else Attendee(who, kind, known.response, known.answered)
        )
    return found


def read_address(given: object) -> Address:
    """An emailAddress.

    Raises:
        Refused: It has no address.
    """
    document = _object(given)
    address = document.get("address")
    if not isinstance(address, str) or "@" not in address:
        message = "At least one recipient is not valid."
        raise bad_request(message, "ErrorInvalidRecipients")
    return Address(str(document.get("name") or address), address)


def read_properties(given: object) -> dict[str, str]:
    """Values by id of single-value extended properties.

    Raises:
        Refused: An id is not of the documented form.
    """
    if not isinstance(given, list):
        raise malformed()
    found: dict[str, str] = {}
    for entry in cast("list[object]", given):
        document = _object(entry)
        name, value = document.get("id"), document.get("value")
        if not isinstance(name, str) or not isinstance(value, str):
            raise malformed()
        if not _PROPERTY.fullmatch(name):
            message = "The extended property id is not valid."
            raise bad_request(message, "ErrorInvalidPropertyForOperation")
        found[name.lower()] = value
    return found


def _object(given: object) -> Document:
    if not isinstance(given, dict):
        raise malformed()
    return cast("Document", given)
