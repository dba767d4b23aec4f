"""Times on the wire: local, seven digits, with the zone beside; in a query with their own offset."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hamilton_sdk.testing.simulators.graph.errors import Refused
from hamilton_sdk.testing.simulators.graph.times import (
    Moment,
    read_moment,
    read_query_time,
    write_instant,
    write_moment,
)

NINE = datetime(2026, 1, 5, 9)


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-01-05T09:00:00.0000000", "Romance Standard Time", 8),
        ("2026-07-05T09:00:00", "Europe/Paris", 7),
        ("2026-01-05T09:00", None, 9),
        ("2026-01-05T09:00:00Z", "Romance Standard Time", 9),
        ("2026-01-05T09:00:00+02:00", "UTC", 7),
        ("2026-01-05", "UTC", 0),
    ],
)
def test_a_time_is_read_in_its_zone(text, zone, utc):
    assert read_moment({"dateTime": text, "timeZone": zone}).utc.hour == utc


@pytest.mark.parametrize(
    "given", [None, "2026-01-05", {}, {"dateTime": "x"}, {"dateTime": "2026-13-05T09:00:00"}]
)
def test_what_is_no_time_is_refused(given):
    with pytest.raises(Refused) as caught:
        read_moment(given)
    assert caught.value.code == "UnableToDeserializePostBody"


def test_an_unknown_zone_is_refused():
    with pytest.raises(Refused) as caught:
        read_moment({"dateTime": "2026-01-05T09:00:00", "timeZone": "Nowhere"})
    assert caught.value.code == "TimeZoneNotSupportedException"


def test_times_are_written_in_utc_or_as_preferred_and_whole_days_as_midnights():
    moment = Moment(NINE, "Romance Standard Time")

    assert write_moment(moment, None) == {"dateTime": "2026-01-05T08:00:00.0000000", "timeZone": "UTC"}
    assert write_moment(moment, "Romance Standard Time")["dateTime"] == "2026-01-05T09:00:00.0000000"
    midnight = Moment(datetime(2026, 1, 5), "Romance Standard Time")
    assert write_moment(midnight, "Romance Standard Time", all_day=True) == {
        "dateTime": "2026-01-05T00:00:00.0000000",
        "timeZone": "UTC",
    }
    assert write_instant(None) == "0001-01-01T00:00:00Z"


def test_a_time_in_a_query_has_its_own_offset_or_utc():
    assert read_query_time("2026-01-05T09:00:00-05:00", "x") == datetime(2026, 1, 5, 14, tzinfo=UTC)
    assert read_query_time("2026-01-05", "x") == datetime(2026, 1, 5, tzinfo=UTC)
    for text in (None, "tomorrow"):
        with pytest.raises(Refused):
            read_query_time(text, "x")
