"""All patterns in Graph's words and back, and the days on which they fall."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import Invalid
from hamilton_sdk.graph import Recurrence
from hamilton_sdk.graph.exchange import recurrence

FIRST = date(2026, 12, 7)  # a Monday, the first one of its month
FILLED = {"month": 0, "dayOfMonth": 0, "index": "first", "firstDayOfWeek": "sunday", "daysOfWeek": []}
PATTERNS = [
    (Recurrence(pattern="daily", interval=2), {"type": "daily", "interval": 2}),
    (
        Recurrence(pattern="weekly", days=("monday", "friday"), first_day="sunday"),
        {"type": "weekly", "interval": 1, "daysOfWeek": ["monday", "friday"], "firstDayOfWeek": "sunday"},
    ),
    (
        Recurrence(pattern="absolute_monthly", day_of_month=7),
        {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 7},
    ),
    (
        Recurrence(pattern="relative_monthly", days=("monday",), index="first", interval=3),
        {"type": "relativeMonthly", "interval": 3, "daysOfWeek": ["monday"], "index": "first"},
    ),
    (
        Recurrence(pattern="absolute_yearly", day_of_month=7, month=12),
        {"type": "absoluteYearly", "interval": 1, "dayOfMonth": 7, "month": 12},
    ),
    (
        Recurrence(pattern="relative_yearly", days=("monday",), index="first", month=12),
        {"type": "relativeYearly", "interval": 1, "daysOfWeek": ["monday"], "index": "first", "month": 12},
    ),
]


@pytest.mark.parametrize(("word", "pattern"), PATTERNS)
def test_each_pattern_is_written_with_what_it_needs_and_pattern_before_range(word, pattern):
    written = recurrence.written(word, FIRST, "Romance Standard Time")
    assert written["pattern"] == pattern
    assert list(written) == ["pattern", "range"]
    assert written["range"] == {
        "type": "noEnd",
        "startDate": "2026-12-07",
        "recurrenceTimeZone": "Romance Standard Time",
    }


@pytest.mark.parametrize(("word", "pattern"), PATTERNS)
def test_each_pattern_reads_back_also_when_unused_members_are_filled_up(word, pattern):
    span = {"type": "noEnd", "startDate": "2026-12-07", "endDate": "0001-01-01", "numberOfOccurrences": 0}
    for told in (pattern, FILLED | pattern):
        assert recurrence.read({"recurrence": {"pattern": told, "range": span}}) == word


@pytest.mark.parametrize(
    ("word", "span"),
    [
        (Recurrence(pattern="daily", until=date(2027, 1, 1)), {"type": "endDate", "endDate": "2027-01-01"}),
        (Recurrence(pattern="daily", count=5), {"type": "numbered", "numberOfOccurrences": 5}),
    ],
)
def test_a_range_goes_both_ways(word, span):
    written = recurrence.written(word, FIRST, "UTC")
    assert span.items() <= written["range"].items()
    assert recurrence.read({"recurrence": written}) == word


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"recurrence": None},
        {"recurrence": {"pattern": {"type": "lunar"}, "range": {"type": "noEnd"}}},
        {"recurrence": {"pattern": {"type": "weekly", "interval": 1, "daysOfWeek": []}, "range": {}}},
        {"recurrence": {"pattern": {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 0}, "range": {}}},
    ],
)
def test_what_no_word_of_ours_tells_is_none(told):
    assert recurrence.read(told) is None


def test_what_cannot_be_read_of_a_range_leaves_it_open():
    pattern = {"type": "DAILY", "interval": 1}
    told = {"pattern": pattern, "range": {"type": "endDate", "endDate": "soon"}}
    assert recurrence.read({"recurrence": told}) == Recurrence(pattern="daily")
    assert recurrence.read({"recurrence": {**told, "range": {"type": "endDate"}}}) == Recurrence(
        pattern="daily"
    )


def test_a_week_begins_on_sunday_where_nothing_is_said():
    told = {"pattern": {"type": "weekly", "daysOfWeek": ["Monday"]}, "range": {"type": "noEnd"}}
    assert recurrence.read({"recurrence": told}) == Recurrence(
        pattern="weekly", days=("monday",), first_day="sunday"
    )


def days(word, first=FIRST, number=4):
    return [str(each) for each in islice(recurrence.occurrences(word, first, date(2040, 1, 1)), number)]


@pytest.mark.parametrize(
    ("word", "first", "expected"),
    [
        (PATTERNS[0][0], FIRST, ["2026-12-07", "2026-12-09", "2026-12-11", "2026-12-13"]),
        (PATTERNS[1][0], FIRST, ["2026-12-07", "2026-12-11", "2026-12-14", "2026-12-18"]),
        (PATTERNS[2][0], FIRST, ["2026-12-07", "2027-01-07", "2027-02-07", "2027-03-07"]),
        (PATTERNS[3][0], FIRST, ["2026-12-07", "2027-03-01", "2027-06-07", "2027-09-06"]),
        (PATTERNS[4][0], FIRST, ["2026-12-07", "2027-12-07", "2028-12-07", "2029-12-07"]),
        (PATTERNS[5][0], FIRST, ["2026-12-07", "2027-12-06", "2028-12-04", "2029-12-03"]),
        (
            Recurrence(pattern="absolute_monthly", day_of_month=31),
            date(2026, 12, 31),
            ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"],
        ),
        (
            Recurrence(pattern="relative_monthly", days=("friday",), index="last"),
            date(2026, 12, 25),
            ["2026-12-25", "2027-01-29", "2027-02-26", "2027-03-26"],
        ),
        (
            # Where weeks are left out it counts on which day one begins.
            Recurrence(pattern="weekly", days=("sunday", "monday"), interval=2, first_day="monday"),
            FIRST,
            ["2026-12-07", "2026-12-13", "2026-12-21", "2026-12-27"],
        ),
        (
            Recurrence(pattern="weekly", days=("sunday", "monday"), interval=2, first_day="sunday"),
            FIRST,
            ["2026-12-07", "2026-12-20", "2026-12-21", "2027-01-03"],
        ),
    ],
)
def test_a_pattern_falls_on_these_days(word, first, expected):
    assert days(word, first) == expected


def test_a_count_and_an_end_bound_it():
    assert len(days(Recurrence(pattern="daily", count=3), number=9)) == 3
    assert days(Recurrence(pattern="daily", until=date(2026, 12, 8)), number=9) == [
        "2026-12-07",
        "2026-12-08",
    ]
    bounded = recurrence.occurrences(Recurrence(pattern="daily"), FIRST, FIRST + timedelta(days=4))
    assert len(list(bounded)) == 5


@pytest.mark.parametrize("word", [PATTERNS[0][0], PATTERNS[4][0]])
def test_it_ends_where_the_calendar_ends(word):
    late = date(9999, 12, 30) if word.pattern == "daily" else date(9998, 12, 7)
    assert len(list(recurrence.occurrences(word, late, date.max))) in {1, 2}


@pytest.mark.parametrize("word", [each for each, _ in PATTERNS])
def test_a_first_day_on_the_pattern_is_taken(word):
    recurrence.check(word, FIRST)


@pytest.mark.parametrize("word", [each for each, _ in PATTERNS[1:]])
def test_a_first_day_off_the_pattern_is_refused_since_exchange_would_move_it(word):
    with pytest.raises(Invalid, match="does not lie on a day"):
        recurrence.check(word, FIRST + timedelta(days=1))


def test_an_end_before_the_beginning_is_refused():
    with pytest.raises(Invalid, match="ends before it begins"):
        recurrence.check(Recurrence(pattern="daily", until=date(2026, 12, 6)), FIRST)


@given(st.integers(1, 20), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 30))
def test_days_come_in_order_and_as_many_as_counted(interval, first, number):
    word = Recurrence(pattern="daily", interval=interval, count=number)
    found = list(recurrence.occurrences(word, first, date(2060, 1, 1)))
    assert found == sorted(set(found))
    assert len(found) == number
