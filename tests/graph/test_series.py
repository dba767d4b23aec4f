"""On which days a series falls, and when that is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.graph._series import days_of, windows_of
from hamilton_sdk.graph.models import Recurrence
from hamilton_sdk.model import TimeWindow

PARIS = ZoneInfo("Europe/Paris")


def days(first: str, **pattern: object) -> list[str]:
    recurrence = Recurrence(**pattern)
    return [each.isoformat() for each in islice(days_of(recurrence, date.fromisoformat(first)), 6)]


def test_every_so_many_days():
    assert days("2026-02-27", pattern="daily", interval=2, count=3) == [
        "2026-02-27",
        "2026-03-01",
        "2026-03-03",
    ]


def test_weeks_are_counted_from_their_first_day():
    """A Sunday belongs to the week before where weeks begin on Monday, and to the next where on Sunday."""
    pattern = {"pattern": "weekly", "interval": 2, "days": ("sunday", "wednesday"), "count": 4}
    assert days("2026-04-01", first_day="monday", **pattern) == [
        "2026-04-01",
        "2026-04-05",
        "2026-04-15",
        "2026-04-19",
    ]
    assert days("2026-04-01", first_day="sunday", **pattern) == [
        "2026-04-01",
        "2026-04-12",
        "2026-04-15",
        "2026-04-26",
    ]


def test_days_before_the_first_do_not_count():
    assert days("2026-04-02", pattern="weekly", days=("monday", "friday"), count=2) == [
        "2026-04-03",
        "2026-04-06",
    ]


def test_a_day_that_a_month_does_not_have_is_its_last():
    assert days("2026-01-31", pattern="absolute_monthly", day_of_month=31, count=4) == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
    ]
    assert days("2027-02-28", pattern="absolute_yearly", month=2, day_of_month=29, count=2) == [
        "2027-02-28",
        "2028-02-29",
    ]


def test_the_end_belongs_to_it():
    assert days("2026-04-01", pattern="daily", until=date(2026, 4, 2)) == ["2026-04-01", "2026-04-02"]


def test_without_an_end_it_goes_on():
    assert len(days("2026-04-01", pattern="daily")) == 6


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        ("first", "2026-06-01"),
        ("second", "2026-06-02"),
        ("third", "2026-06-08"),
        ("fourth", "2026-06-09"),
        ("last", "2026-06-30"),
    ],
)
def test_an_index_counts_all_of_its_weekdays(index, expected):
    """The fourth of Mondays and Tuesdays is the second Tuesday."""
    pattern = {"pattern": "relative_yearly", "month": 6, "days": ("monday", "tuesday")}
    assert days("2026-06-01", index=index, count=1, **pattern) == [expected]


@pytest.mark.parametrize(
    "recurrence",
    [
        Recurrence(pattern="daily", interval=999),
        Recurrence(pattern="weekly", days=("monday",), interval=999),
        Recurrence(pattern="absolute_yearly", month=12, day_of_month=31, interval=999),
    ],
)
def test_the_calendar_ends(recurrence):
    """An endless series ends with the years there are, and with no error."""
    found = list(days_of(recurrence, date(2026, 12, 28)))
    assert found
    assert found == sorted(set(found))


def test_wall_times_stay_the_same():
    start = datetime(2026, 10, 24, 9, tzinfo=PARIS)
    daily = Recurrence(pattern="daily", count=2)
    found = [window for _, window in windows_of(TimeWindow(start, start + timedelta(hours=1)), PARIS, daily)]
    assert [each.start.hour for each in found] == [7, 8]
    assert {each.duration for each in found} == {timedelta(hours=1)}


def test_a_wall_time_that_is_left_out_still_has_its_length():
    """In Paris there was no 2:30 on 29 March 2026."""
    start = datetime(2026, 3, 28, 2, 30, tzinfo=PARIS)
    daily = Recurrence(pattern="daily", count=2)
    window = TimeWindow(start, start + timedelta(minutes=45))
    found = [window for _, window in windows_of(window, PARIS, daily)]
    assert found[1].start == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert found[1].duration == timedelta(minutes=45)


patterns = st.one_of(
    st.builds(Recurrence, pattern=st.just("daily"), interval=st.integers(1, 40), count=st.integers(1, 20)),
    st.builds(
        Recurrence,
        pattern=st.just("weekly"),
        interval=st.integers(1, 5),
        days=st.sets(st.sampled_from(["monday", "wednesday", "sunday"]), min_size=1).map(tuple),
        first_day=st.sampled_from(["sunday", "monday"]),
        count=st.integers(1, 20),
    ),
    st.builds(
        Recurrence,
        pattern=st.just("absolute_monthly"),
        interval=st.integers(1, 14),
        day_of_month=st.integers(1, 31),
        count=st.integers(1, 20),
    ),
    st.builds(
        Recurrence,
        pattern=st.just("relative_monthly"),
        interval=st.integers(1, 14),
        days=st.just(("friday",)),
        index=st.sampled_from(["first", "last"]),
        count=st.integers(1, 20),
    ),
)


@given(patterns, st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_days_come_in_order_once_each_and_as_many_as_asked(recurrence, first):
    found = list(days_of(recurrence, first))
    assert len(found) == recurrence.count
    assert found == sorted(set(found))
    assert found[0] >= first
