"""How a reservation repeats, in Graph's words and back, and on which days. Pure.

Sources: Microsoft Graph, resource types recurrencePattern and recurrenceRange.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, get_args

from hamilton_sdk.errors import Invalid
from hamilton_sdk.graph.exchange.nodes import Node, node, text, texts, whole
from hamilton_sdk.graph.exchange.wire import refusal
from hamilton_sdk.graph.models import PatternKind, Recurrence, Weekday, WeekIndex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["check", "occurrences", "read", "written"]

_TYPES: Final[Mapping[PatternKind, str]] = {
    "daily": "daily",
    "weekly": "weekly",
    "absolute_monthly": "absoluteMonthly",
    "relative_monthly": "relativeMonthly",
    "absolute_yearly": "absoluteYearly",
    "relative_yearly": "relativeYearly",
}
_PATTERNS: Final[Mapping[str, PatternKind]] = {name.lower(): each for each, name in _TYPES.items()}
_WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)
_INDEXES: Final[tuple[WeekIndex, ...]] = get_args(WeekIndex)
_WEEKDAY_BY_NAME: Final[Mapping[str, Weekday]] = {each: each for each in _WEEKDAYS}
_INDEX_BY_NAME: Final[Mapping[str, WeekIndex]] = {each: each for each in _INDEXES}
_WITH_DAYS: Final = ("weekly", "relative_monthly", "relative_yearly")
_ABSOLUTE: Final = ("absolute_monthly", "absolute_yearly")
_RELATIVE: Final = ("relative_monthly", "relative_yearly")
_YEARLY: Final = ("absolute_yearly", "relative_yearly")
_MONTHS: Final = 12


def written(recurrence: Recurrence, first: date, zone: str) -> Node:
    """Graph's object for it.

    Args:
        recurrence: How it repeats.
        first: The day on which the first one begins.
        zone: As Exchange names it.
    """
    # The pattern goes first: the order mattered once (microsoft-graph-docs issue 11359).
    return {"pattern": _written_pattern(recurrence), "range": _written_range(recurrence, first, zone)}


def _written_pattern(recurrence: Recurrence) -> Node:
    # A missing interval is answered with 500 instead of 400.
    pattern: dict[str, object] = {"type": _TYPES[recurrence.pattern], "interval": recurrence.interval}
    if recurrence.pattern in _WITH_DAYS:
        pattern["daysOfWeek"] = list(recurrence.days)
    if recurrence.pattern == "weekly":
        pattern["firstDayOfWeek"] = recurrence.first_day
    if recurrence.pattern in _RELATIVE:
        pattern["index"] = recurrence.index
    if recurrence.pattern in _ABSOLUTE:
        pattern["dayOfMonth"] = recurrence.day_of_month
    if recurrence.pattern in _YEARLY:
        pattern["month"] = recurrence.month
    return pattern


def _written_range(recurrence: Recurrence, first: date, zone: str) -> Node:
    span: dict[str, object] = {
        "type": "noEnd",
        "startDate": first.isoformat(),
        "recurrenceTimeZone": zone,
    }
    if recurrence.until is not None:
        span |= {"type": "endDate", "endDate": recurrence.until.isoformat()}
    elif recurrence.count is not None:
        span |= {"type": "numbered", "numberOfOccurrences": recurrence.count}
    return span


def read(event: Node) -> Recurrence | None:
    """What an event's ``recurrence`` says; None where it has none, or one that no word of ours tells.

    Unused members are filled up with zeros, "first" and year 1; what the pattern does not use is not read.
    """
    pattern, span = node(node(event, "recurrence"), "pattern"), node(node(event, "recurrence"), "range")
    kind = _PATTERNS.get((text(pattern, "type") or "").lower())
    if kind is None:
        return None
    bounded = (text(span, "type") or "").lower()
    try:
        return Recurrence(
            pattern=kind,
            interval=whole(pattern, "interval") or 1,
            days=_days(pattern) if kind in _WITH_DAYS else (),
            day_of_month=whole(pattern, "dayOfMonth") if kind in _ABSOLUTE else None,
            month=whole(pattern, "month") if kind in _YEARLY else None,
            index=_INDEX_BY_NAME.get((text(pattern, "index") or "").lower()) if kind in _RELATIVE else None,
            first_day=_first_day(pattern) if kind == "weekly" else "monday",
            until=_date(text(span, "endDate")) if bounded == "enddate" else None,
            count=whole(span, "numberOfOccurrences") if bounded == "numbered" else None,
        )
    except Invalid:
        return None


def _first_day(pattern: Node) -> Weekday:
    # The documented default is Sunday.
    return _WEEKDAY_BY_NAME.get((text(pattern, "firstDayOfWeek") or "").lower(), "sunday")


def _days(pattern: Node) -> tuple[Weekday, ...]:
    found = {each.lower() for each in texts(pattern, "daysOfWeek")}
    return tuple(each for each in _WEEKDAYS if each in found)


def _date(written_date: str | None) -> date | None:
    try:
        return None if written_date is None else date.fromisoformat(written_date[:10])
    except ValueError:
        return None


def check(recurrence: Recurrence, first: date) -> None:
    """Refuse what Graph cannot express.

    Raises:
        Invalid: The first day is none of the pattern's, or lies after the last one.
    """
    if recurrence.until is not None and recurrence.until < first:
        raise refusal(
            Invalid, "the recurrence ends before it begins", "give an until= on or after the first day"
        )
    if next(occurrences(recurrence, first, first), None) != first:
        raise refusal(
            Invalid,
            "the first window does not lie on a day of the recurrence",
            "Exchange would move it: begin on a day on which the pattern falls",
        )


def occurrences(recurrence: Recurrence, first: date, last: date) -> Iterator[date]:
    """The days on which it falls, in order.

    Args:
        recurrence: How it repeats.
        first: Its first day; counting begins there.
        last: Nothing after this day is of interest.
    """
    end = last if recurrence.until is None else min(last, recurrence.until)
    left = recurrence.count
    for each in _unbounded(recurrence, first):
        if each > end or left == 0:
            return
        if each >= first:
            left = None if left is None else left - 1
            yield each


def _unbounded(recurrence: Recurrence, first: date) -> Iterator[date]:
    """Days of the pattern from the period in which the first lies, until the calendar ends."""
    try:
        if recurrence.pattern == "daily":
            yield from _every(first, timedelta(days=recurrence.interval))
        elif recurrence.pattern == "weekly":
            yield from _weekly(recurrence, first)
        else:
            yield from _monthly(recurrence, first)
    except (OverflowError, ValueError):  # past the year 9999
        return


def _every(first: date, step: timedelta) -> Iterator[date]:
    while True:
        yield first
        first += step


def _weekly(recurrence: Recurrence, first: date) -> Iterator[date]:
    begins = _WEEKDAYS.index(recurrence.first_day)
    monday_like = first - timedelta(days=(first.weekday() - begins) % 7)
    offsets = sorted((_WEEKDAYS.index(each) - begins) % 7 for each in recurrence.days)
    for week in _every(monday_like, timedelta(weeks=recurrence.interval)):
        yield from (week + timedelta(days=offset) for offset in offsets)


def _monthly(recurrence: Recurrence, first: date) -> Iterator[date]:
    yearly = recurrence.pattern in _YEARLY
    month = recurrence.month if yearly and recurrence.month else first.month
    number = first.year * _MONTHS + month - 1
    while True:
        yield _in_month(recurrence, number // _MONTHS, number % _MONTHS + 1)
        number += recurrence.interval * (_MONTHS if yearly else 1)


def _in_month(recurrence: Recurrence, year: int, month: int) -> date:
    length = calendar.monthrange(year, month)[1]
    if recurrence.day_of_month is not None:
        # In a month without that day Exchange takes its last one.
        return date(year, month, min(recurrence.day_of_month, length))
    days = (date(year, month, number) for number in range(1, length + 1))
    fitting = [each for each in days if _WEEKDAYS[each.weekday()] in recurrence.days]
    if recurrence.index is None or recurrence.index == "last":
        return fitting[-1]
    return fitting[_INDEXES.index(recurrence.index)]
