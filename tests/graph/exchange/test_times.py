"""Dates and times of Graph, both ways."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import Invalid
from hamilton_sdk.graph.exchange import times
from hamilton_sdk.graph.exchange.nodes import Broken
from hamilton_sdk.model import TimeWindow

AT = datetime(2026, 7, 5, 9, 0, tzinfo=UTC)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


def test_a_time_has_seven_digits_no_offset_and_its_zone_beside_it():
    assert times.utc(AT) == {"dateTime": "2026-07-05T09:00:00.0000000", "timeZone": "UTC"}
    assert times.zoned(AT, "Europe/Paris") == {
        "dateTime": "2026-07-05T11:00:00.0000000",
        "timeZone": "Romance Standard Time",
    }
    assert times.query(AT) == "2026-07-05T09:00:00.0000000Z"
    assert times.midnight(date(2026, 7, 5), "Europe/Paris")["dateTime"] == "2026-07-05T00:00:00.0000000"


@given(moments)
def test_what_is_written_reads_back(at):
    assert times.moment(times.utc(at)) == at


@given(moments, st.sampled_from(["Europe/Paris", "America/Indiana/Indianapolis", "Asia/Kolkata"]))
def test_what_is_written_in_a_zone_reads_back_where_local_time_tells_it(at, zone):
    if times.unambiguous(at, zone):
        assert times.moment(times.zoned(at, zone)) == at


@pytest.mark.parametrize(
    ("written", "zone", "meant"),
    [
        ("2026-07-05T11:00:00.0000000", "Romance Standard Time", AT),
        ("2026-07-05T11:00:00", "Europe/Paris", AT),
        ("2026-07-05T09:00:00.0000000Z", "UTC", AT),
        ("2026-07-05T09:00:00.2500000", "tzone://Microsoft/Utc", AT + timedelta(milliseconds=250)),
        ("2026-07-05T09:00:00.1234567", None, AT + timedelta(microseconds=123456)),
    ],
)
def test_every_form_is_read(written, zone, meant):
    assert times.moment({"dateTime": written, "timeZone": zone}) == meant


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"dateTime": "soon", "timeZone": "UTC"},
        {"dateTime": "2026-07-05T09:00:00.x", "timeZone": "UTC"},
        {"dateTime": "2026-07-05T09:00:00", "timeZone": "tzone://Microsoft/Custom"},
    ],
)
def test_a_time_that_says_nothing_breaks_the_contract(broken):
    with pytest.raises(Broken):
        times.moment(broken)


def test_a_zone_is_known_or_not():
    assert times.known("Romance Standard Time")
    assert not times.known("tzone://Microsoft/Custom")


def test_a_day_is_the_date_that_stands_there():
    assert times.day({"dateTime": "2026-07-05T00:00:00.0000000", "timeZone": "UTC"}) == date(2026, 7, 5)
    with pytest.raises(Broken):
        times.day({})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-07-05T09:00:00Z", AT),
        ("2026-07-05T11:00:00+02:00", AT),
        ("2026-07-05T09:00:00", AT),
        ("2026-07-05T09:00:00.1234567Z", AT + timedelta(microseconds=123456)),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+05:30", None),
        ("now", None),
        (None, None),
    ],
)
def test_a_stamp_is_a_moment_and_never_is_none(written, meant):
    assert times.stamp(written) == meant


def test_a_meeting_of_no_length_gets_the_least_there_is():
    assert times.read_window(AT, AT).duration == timedelta.resolution
    assert times.read_window(AT, AT + timedelta(hours=1)).duration == timedelta(hours=1)


def test_whole_days_lie_in_the_zone_in_which_they_were_meant():
    paris = ZoneInfo("Europe/Paris")
    window = times.days(date(2026, 7, 5), date(2026, 7, 6), "Romance Standard Time")
    assert window == TimeWindow(datetime(2026, 7, 5, tzinfo=paris), datetime(2026, 7, 6, tzinfo=paris))
    for zone in (None, "tzone://Microsoft/Custom"):
        assert times.days(date(2026, 7, 5), date(2026, 7, 6), zone).start == datetime(2026, 7, 5, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_ambiguous():
    twice = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 in Paris, for the first time
    assert not times.unambiguous(twice, "Europe/Paris")
    assert times.unambiguous(twice, "UTC")
    assert times.unambiguous(AT, "Europe/Paris")
    with pytest.raises(Invalid, match="comes twice"):
        times.check_unambiguous(TimeWindow(twice, twice + timedelta(hours=3)), "Europe/Paris")
    times.check_unambiguous(TimeWindow(AT, AT + timedelta(hours=1)), "Europe/Paris")
