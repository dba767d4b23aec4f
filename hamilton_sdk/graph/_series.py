"""On which days a reservation repeats, and when that is: the same wall time across the change of the clocks.

Pure. The rules are those of Microsoft Graph's recurrencePattern and recurrenceRange; a day that a month does
not have is its last day, as in Outlook.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Final

from hamilton_sdk.model import TimeWindow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from hamilton_sdk.graph.models import Recurrence

__all__ = ["days_of", "windows_of"]

_WEEK: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_INDEXES: Final = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_AFTER_LAST_YEAR: Final = 9999
"""Of datetimes, less one for zones."""


def days_of(recurrence: Recurrence, first: date) -> Iterator[date]:
    """The days on which one begins, in order; endless where the recurrence is.

    Args:
        recurrence: How it repeats.
        first: Not before this day; weeks, months and years are counted from it.
    """
    days = (day for day in _pattern(recurrence, first) if day >= first)
    for number, day in enumerate(days, 1):
        if recurrence.until is not None and day > recurrence.until:
            return
        yield day
        if number == recurrence.count:
            return


def windows_of(
    window: TimeWindow, zone: ZoneInfo, recurrence: Recurrence
) -> Iterator[tuple[date, TimeWindow]]:
    """Each day on which one begins, in a zone, and its window.

    Args:
        window: Of the first; its day is where counting begins.
        zone: In which wall times stay the same.
        recurrence: How it repeats.
    """
    start = window.start.astimezone(zone).replace(tzinfo=None)
    end = window.end.astimezone(zone).replace(tzinfo=None)
    for day in days_of(recurrence, start.date()):
        shift = day - start.date()
        begins = (start + shift).replace(tzinfo=zone).astimezone(UTC)
        ends = (end + shift).replace(tzinfo=zone).astimezone(UTC)
        # Where the clocks jump, a wall time of the end may lie before that of the start.
        yield day, TimeWindow(begins, ends if ends > begins else begins + window.duration)


def _pattern(recurrence: Recurrence, first: date) -> Iterator[date]:
    """Days of the pattern from the period in which the first lies; some may be before it."""
    if recurrence.pattern == "daily":
        steps = ((date.max - first).days // recurrence.interval) + 1
        return (first + timedelta(days=recurrence.interval * step) for step in range(steps))
    if recurrence.pattern == "weekly":
        return _weekly(recurrence, first)
    return _monthly(recurrence, first)


def _weekly(recurrence: Recurrence, first: date) -> Iterator[date]:
    begins = _WEEK.index(recurrence.first_day)
    week = first.toordinal() - (first.weekday() - begins) % 7
    offsets = sorted((_WEEK.index(day) - begins) % 7 for day in set(recurrence.days))
    while week + 6 <= date.max.toordinal():
        yield from (date.fromordinal(week + offset) for offset in offsets)
        week += 7 * recurrence.interval


def _monthly(recurrence: Recurrence, first: date) -> Iterator[date]:
    step = recurrence.interval * (1 if recurrence.month is None else 12)
    begin = first.year * 12 + (recurrence.month or first.month) - 1
    for number in range(begin, _AFTER_LAST_YEAR * 12, step):
        year, month = divmod(number, 12)
        yield _day_in(recurrence, year, month + 1)


def _day_in(recurrence: Recurrence, year: int, month: int) -> date:
    last = monthrange(year, month)[1]
    if recurrence.day_of_month is not None:
        return date(year, month, min(recurrence.day_of_month, last))
    wanted = {_WEEK.index(day) for day in recurrence.days}
    all_days = [date(year, month, day) for day in range(1, last + 1)]
    fitting = [day for day in all_days if day.weekday() in wanted]
    return fitting[_INDEXES[recurrence.index or "first"]]
