"""Series of events: Graph's six patterns and three ranges, read strictly and laid out as dates."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, cast

from hamilton_sdk.testing.simulators.graph.errors import Refused, malformed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hamilton_sdk.testing.simulators.graph.wire import Document

__all__ = ["Recurrence", "read_recurrence"]

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_INDEXES: Final = ("first", "second", "third", "fourth", "last")
_TYPES: Final = {
    "daily": (),
    "weekly": ("daysOfWeek",),
    "absoluteMonthly": ("dayOfMonth",),
    "relativeMonthly": ("daysOfWeek",),
    "absoluteYearly": ("dayOfMonth", "month"),
    "relativeYearly": ("daysOfWeek", "month"),
}
_RANGES: Final = ("endDate", "noEnd", "numbered")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_UNSET: Final = date(1, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """A pattern and its range."""

    kind: str
    interval: int
    days: tuple[int, ...] = ()
    day_of_month: int = 0
    month: int = 0
    index: str = "first"
    first_day: int = 6
    range: str
    start: date
    end: date | None = None
    count: int = 0
    zone: str = ""

    def dates(self, until: date) -> Iterator[date]:
        """The days of its occurrences up to and with `until`, in order."""
        last = until if self.range != "endDate" or self.end is None else min(until, self.end)
        made = 0
        for day in self._candidates(last):
            if day < self.start:
                continue
            if day > last or (self.range == "numbered" and made >= self.count):
                return
            made += 1
            yield day

    def _candidates(self, last: date) -> Iterator[date]:
        if self.kind == "daily":
            yield from _every(self.start, timedelta(days=self.interval), last)
        elif self.kind == "weekly":
            first = self.start - timedelta(days=(self.start.weekday() - self.first_day) % 7)
            for week in _every(first, timedelta(weeks=self.interval), last):
                yield from sorted(week + timedelta(days=(day - self.first_day) % 7) for day in self.days)
        else:
            yield from self._monthly(last)

    def _monthly(self, last: date) -> Iterator[date]:
        yearly = self.kind.endswith("Yearly")
        step = self.interval * (12 if yearly else 1)
        at = self.start.year * 12 + (self.month if yearly else self.start.month) - 1
        while at // 12 <= min(last.year, 9998):
            yield self._in_month(at // 12, at % 12 + 1)
            at += step

    def _in_month(self, year: int, month: int) -> date:
        length = calendar.monthrange(year, month)[1]
        if self.kind.startswith("absolute"):
            return date(year, month, min(self.day_of_month, length))
        fitting = [
            day
            for day in (date(year, month, each + 1) for each in range(length))
            if day.weekday() in self.days
        ]
        return fitting[-1] if self.index == "last" else fitting[_INDEXES.index(self.index)]

    def document(self) -> Document:
        """As Graph answers it: members that are not used are filled."""
        pattern: Document = {
            "type": self.kind,
            "interval": self.interval,
            "month": self.month,
            "dayOfMonth": self.day_of_month,
            "daysOfWeek": [_DAYS[each] for each in self.days],
            "firstDayOfWeek": _DAYS[self.first_day],
            "index": self.index,
        }
        if not self.days:
            del pattern["daysOfWeek"]
        return {
            "pattern": pattern,
            "range": {
                "type": self.range,
                "startDate": self.start.isoformat(),
                "endDate": (self.end or _UNSET).isoformat(),
                "recurrenceTimeZone": self.zone,
                "numberOfOccurrences": self.count,
            },
        }


def _every(start: date, step: timedelta, last: date) -> Iterator[date]:
    day = start
    while day <= last:
        yield day
        day += step


def read_recurrence(given: object, start: date, zone: str) -> Recurrence:
    """A patternedRecurrence.

    Args:
        given: The document.
        start: The day on which the event starts.
        zone: The zone of its start.

    Raises:
        Refused: It breaks a rule. A missing interval is a 500 at the real service, not a 400.
    """
    pattern, span = _part(given, "pattern"), _part(given, "range")
    kind = _word(pattern.get("type"), tuple(_TYPES))
    interval = pattern.get("interval")
    if interval is None:
        raise Refused(
            500, "ErrorInternalServerError", "An internal server error occurred. The operation failed."
        )
    missing = [each for each in _TYPES[kind] if not pattern.get(each)]
    if not _is_whole(interval, 1, 999) or missing:
        raise _invalid()
    days = tuple(sorted({_DAYS.index(_word(each, _DAYS)) for each in pattern.get("daysOfWeek") or ()}))
    if _date(span.get("startDate")) != start:
        raise _invalid()
    end, count = _ends(span, start)
    return Recurrence(
        kind=kind,
        interval=interval,
        days=days if "daysOfWeek" in _TYPES[kind] else (),
        day_of_month=_number(pattern, "dayOfMonth", 31) if "dayOfMonth" in _TYPES[kind] else 0,
        month=_number(pattern, "month", 12) if "month" in _TYPES[kind] else 0,
        index=_word(pattern.get("index") or "first", _INDEXES),
        first_day=_DAYS.index(_word(pattern.get("firstDayOfWeek") or "sunday", _DAYS)),
        range=_word(span.get("type"), _RANGES),
        start=start,
        end=end,
        count=count,
        zone=span.get("recurrenceTimeZone") or zone,
    )


def _ends(span: Document, start: date) -> tuple[date | None, int]:
    kind = _word(span.get("type"), _RANGES)
    if kind == "endDate":
        end = _date(span.get("endDate"))
        if end < start:
            raise _invalid()
        return end, 0
    return None, _number(span, "numberOfOccurrences", 999) if kind == "numbered" else 0


def _part(given: object, name: str) -> Document:
    part: object = cast("Document", given).get(name) if isinstance(given, dict) else None
    if not isinstance(part, dict):
        raise malformed()
    return cast("Document", part)


def _word(given: object, known: tuple[str, ...]) -> str:
    found = [each for each in known if isinstance(given, str) and each.lower() == given.lower()]
    if not found:
        raise malformed()
    return found[0]


def _is_whole(given: object, smallest: int, largest: int) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and smallest <= given <= largest


def _number(document: Document, name: str, largest: int) -> int:
    found: object = document.get(name)
    if not isinstance(found, int) or not _is_whole(found, 1, largest):
        raise _invalid()
    return found


def _date(given: object) -> date:
    if not isinstance(given, str) or not _DATE.fullmatch(given):
        raise malformed()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise malformed() from None


def _invalid() -> Refused:
    return Refused(400, "ErrorInvalidRecurrencePattern", "The recurrence pattern is not valid.")
