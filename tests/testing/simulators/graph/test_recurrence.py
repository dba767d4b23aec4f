"""Series: six patterns and three ranges laid out as dates, and what breaks their rules refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamilton_sdk.testing.simulators.graph.errors import Refused
from hamilton_sdk.testing.simulators.graph.recurrence import read_recurrence

START = date(2026, 1, 5)
LAST = date(2030, 1, 1)


def _document(
    pattern: dict[str, Any], span: dict[str, Any] | None = None, start: date = START
) -> dict[str, Any]:
    span = {"type": "numbered", "numberOfOccurrences": 3} if span is None else span
    return {"pattern": {"interval": 1, **pattern}, "range": {"startDate": start.isoformat(), **span}}


def _days(pattern: dict[str, Any], start: date = START) -> list[str]:
    return [
        f"{day:%m-%d}" for day in read_recurrence(_document(pattern, None, start), start, "UTC").dates(LAST)
    ]


@pytest.mark.parametrize(
    ("pattern", "days"),
    [
        ({"type": "daily", "interval": 10}, ["01-05", "01-15", "01-25"]),
        ({"type": "weekly", "daysOfWeek": ["monday", "thursday"]}, ["01-05", "01-08", "01-12"]),
        (
            {"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "monday"], "firstDayOfWeek": "monday"},
            ["01-05", "01-11", "01-19"],
        ),
        (
            {"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "monday"], "firstDayOfWeek": "sunday"},
            ["01-05", "01-18", "01-19"],
        ),
        ({"type": "absoluteMonthly", "dayOfMonth": 5}, ["01-05", "02-05", "03-05"]),
        ({"type": "absoluteMonthly", "dayOfMonth": 31}, ["01-31", "02-28", "03-31"]),
        (
            {"type": "relativeMonthly", "daysOfWeek": ["monday"], "index": "first"},
            ["01-05", "02-02", "03-02"],
        ),
        ({"type": "relativeMonthly", "daysOfWeek": ["friday"], "index": "last"}, ["01-30", "02-27", "03-27"]),
        ({"type": "absoluteYearly", "dayOfMonth": 5, "month": 1}, ["01-05", "01-05", "01-05"]),
        ({"type": "relativeYearly", "daysOfWeek": ["monday"], "month": 1}, ["01-05", "01-04", "01-03"]),
    ],
)
def test_every_pattern_has_its_days(pattern, days):
    assert _days(pattern) == days


def test_a_range_may_end_on_a_day_or_never():
    until = _document({"type": "daily"}, {"type": "endDate", "endDate": "2026-01-07"})
    never = _document({"type": "daily"}, {"type": "noEnd"})

    assert len(list(read_recurrence(until, START, "UTC").dates(LAST))) == 3
    assert len(list(read_recurrence(never, START, "UTC").dates(date(2026, 1, 14)))) == 10


@pytest.mark.parametrize(
    ("document", "status", "code"),
    [
        ({}, 400, "UnableToDeserializePostBody"),
        ("x", 400, "UnableToDeserializePostBody"),
        (_document({"type": "hourly"}), 400, "UnableToDeserializePostBody"),
        (_document({"type": "daily", "interval": None}), 500, "ErrorInternalServerError"),
        (_document({"type": "daily", "interval": 0}), 400, "ErrorInvalidRecurrencePattern"),
        (_document({"type": "weekly"}), 400, "ErrorInvalidRecurrencePattern"),
        (_document({"type": "absoluteMonthly", "dayOfMonth": 32}), 400, "ErrorInvalidRecurrencePattern"),
        (_document({"type": "daily"}, {"type": "numbered"}), 400, "ErrorInvalidRecurrencePattern"),
        (_document({"type": "daily"}, None, date(2026, 1, 6)), 400, "ErrorInvalidRecurrencePattern"),
        (
            _document({"type": "daily"}, {"type": "endDate", "endDate": "2026-01-04"}),
            400,
            "ErrorInvalidRecurrencePattern",
        ),
        (
            _document({"type": "daily"}, {"type": "endDate", "endDate": "7 January"}),
            400,
            "UnableToDeserializePostBody",
        ),
        (
            _document({"type": "daily"}, {"type": "endDate", "endDate": "2026-02-30"}),
            400,
            "UnableToDeserializePostBody",
        ),
    ],
)
def test_what_breaks_a_rule_is_refused(document, status, code):
    with pytest.raises(Refused) as caught:
        read_recurrence(document, START, "UTC")

    assert (caught.value.status, caught.value.code) == (status, code)


def test_answers_fill_what_is_not_used():
    found = read_recurrence(_document({"type": "daily"}), START, "Romance Standard Time").document()

    assert found["pattern"]["index"] == "first"
    assert (found["pattern"]["month"], found["pattern"]["dayOfMonth"]) == (0, 0)
    assert found["range"]["endDate"] == "0001-01-01"
    assert found["range"]["recurrenceTimeZone"] == "Romance Standard Time"


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(
        ["daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly"]
    ),
    st.integers(1, 5),
    st.integers(1, 12),
    st.sampled_from(["first", "second", "third", "fourth", "last"]),
)
def test_days_ascend_and_are_as_many_as_asked(kind, interval, month, index):
    pattern = {
        "type": kind,
        "interval": interval,
        "daysOfWeek": ["tuesday"],
        "dayOfMonth": 29,
        "month": month,
    }
    document = _document({**pattern, "index": index})
    days = list(read_recurrence(document, START, "UTC").dates(date(2060, 1, 1)))

    assert len(days) == 3
    assert days == sorted(set(days))
    assert days[0] >= START
