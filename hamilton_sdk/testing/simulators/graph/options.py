"""Query options: what of them each resource takes, and what they ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hamilton_sdk.testing.simulators.graph.errors import Refused, unsupported
from hamilton_sdk.testing.simulators.graph.times import read_query_time

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from hamilton_sdk.testing.simulators.graph.state import Event
    from hamilton_sdk.testing.simulators.graph.wire import Call, Document

__all__ = ["Selection", "check_options", "matching", "selection", "window"]

_QUOTED: Final = r"'((?:[^']|'')*)'"
_EXPANDED: Final = re.compile(r"singleValueExtendedProperties\s*\(\s*\$filter\s*=\s*(.+)\)", re.IGNORECASE)
_ID: Final = re.compile(rf"id\s+eq\s+{_QUOTED}", re.IGNORECASE)
_ANY: Final = re.compile(
    rf"singleValueExtendedProperties/any\(\s*(\w+)\s*:\s*\1/id\s+eq\s+{_QUOTED}\s+and\s+\1/value\s+eq\s+{_QUOTED}\s*\)",
    re.IGNORECASE,
)
_UID: Final = re.compile(rf"iCalUId\s+eq\s+{_QUOTED}", re.IGNORECASE)
_TIMES: Final = re.compile(rf"(start|end)/dateTime\s+(ge|gt|le|lt)\s+{_QUOTED}", re.IGNORECASE)
_ALWAYS: Final = frozenset({"@odata.etag", "@odata.type", "id"})


def check_options(call: Call, allowed: Collection[str]) -> None:
    """Refuse query options that a resource does not take.

    Raises:
        Refused: There is one; those without a dollar are read over unless they are known elsewhere.
    """
    for name in call.query:
        if name.startswith("$") and name not in allowed:
            raise unsupported(name)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which members of an event are answered.

    Attributes:
        members: None for all.
        properties: Ids of extended properties to add, lower case.
    """

    members: frozenset[str] | None
    properties: tuple[str, ...]

    def of(self, document: Document, event: Event) -> Document:
        """What of a document was asked for."""
        kept = document
        if self.members is not None:
            wanted = self.members | {name.lower() for name in _ALWAYS}
            kept = {name: value for name, value in document.items() if name.lower() in wanted}
        values = {**({} if event.master is None else event.master.properties), **event.properties}
        found = [{"id": name, "value": values[name]} for name in self.properties if name in values]
        # Where an event has none of them, the member is absent.
        return {**kept, "singleValueExtendedProperties": found} if found else kept


def selection(call: Call, *, forbidden: Collection[str] = ()) -> Selection:
    """``$select`` and ``$expand``.

    Args:
        call: The request.
        forbidden: Members that cannot be selected here, lower case.

    Raises:
        Refused: They ask for what cannot be had.
    """
    names = call.query.get("$select")
    members = None if names is None else frozenset(each.strip().lower() for each in names.split(","))
    for name in forbidden:
        if members is not None and name in members:
            option = f"$select={name}"
            raise unsupported(option)
    expand = call.query.get("$expand")
    if expand is None:
        return Selection(members, ())
    match = _EXPANDED.fullmatch(expand.strip())
    ids = [] if match is None else _ID.findall(match[1])
    if not ids:
        option = f"$expand={expand}"
        raise unsupported(option)
    return Selection(members, tuple(each.replace("''", "'").lower() for each in ids))


def matching(call: Call, events: list[Event]) -> list[Event]:
    """``$filter``: by extended property, by iCalUId, by times joined with ``and``.

    Raises:
        Refused: It is another filter.
    """
    text = call.query.get("$filter")
    if text is None:
        return events
    match = _ANY.fullmatch(text.strip())
    if match is not None:
        name, value = match[2].replace("''", "'").lower(), match[3].replace("''", "'")
        return [each for each in events if each.properties.get(name) == value]
    match = _UID.fullmatch(text.strip())
    if match is not None:
        return [each for each in events if each.uid == match[1]]
    for part in re.split(r"\s+and\s+", text.strip(), flags=re.IGNORECASE):
        match = _TIMES.fullmatch(part)
        if match is None:
            message = "The filter expression is not supported."
            raise Refused(400, "ErrorInvalidUrlQueryFilter", message)
        bound = read_query_time(match[3], "$filter")
        events = [each for each in events if _holds(each, match[1].lower(), match[2].lower(), bound)]
    return events


def _holds(event: Event, end: str, comparison: str, bound: datetime) -> bool:
    value = event.start.utc if end == "start" else event.end.utc
    return {
        "ge": value >= bound,
        "gt": value > bound,
        "le": value <= bound,
        "lt": value < bound,
    }[comparison]


def window(call: Call) -> tuple[datetime, datetime]:
    """The window of a calendarView, with its own offsets.

    Raises:
        Refused: It is missing, or ends before it starts.
    """
    start = read_query_time(call.query.get("startdatetime"), "startDateTime")
    end = read_query_time(call.query.get("enddatetime"), "endDateTime")
    if end < start:
        message = "The value of 'endDateTime' is before that of 'startDateTime'."
        raise Refused(400, "ErrorInvalidParameter", message)
    return start, end
