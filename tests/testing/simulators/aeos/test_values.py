"""Simple values of XML Schema, and the server's local time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.testing.simulators import AeosSimulator
from hamilton_sdk.testing.simulators.aeos.errors import Refused
from hamilton_sdk.testing.simulators.aeos.values import earliest, latest, local, parse, text_of
from tests.testing.simulators.aeos.client import Client

PARIS = ZoneInfo("Europe/Paris")


def read(kind: str, text: str, offsets="dropped"):
    return parse(kind, text, zone=PARIS, offsets=offsets)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("string", " as it is ", " as it is "),
        ("long", "+5", 5),
        ("long", "-9223372036854775808", -(2**63)),
        ("long", " 007 ", 7),
        ("int", "2147483647", 2**31 - 1),
        ("boolean", "1", True),
        ("boolean", "false", False),
        ("date", "2018-01-28", date(2018, 1, 28)),
        ("date", "2018-01-28Z", date(2018, 1, 28)),
        ("dateTime", "2026-03-27T08:45:00", datetime(2026, 3, 27, 8, 45)),
        ("dateTime", "2026-03-27T08:45:00.999", datetime(2026, 3, 27, 8, 45)),
        ("GenderInfo", "Male", "Male"),
        ("base64", "eA==", "eA=="),
    ],
)
def test_a_valid_text_is_read(kind, text, value):
    assert read(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("long", ""),
        ("long", "1.0"),
        ("long", "9223372036854775808"),
        ("long", "9" * 5000),
        ("long", "\N{ARABIC-INDIC DIGIT FIVE}"),
        ("int", "2147483648"),
        ("boolean", "True"),
        ("boolean", "yes"),
        ("date", "28/01/2018"),
        ("date", "2018-02-30"),
        ("dateTime", "2026-03-27"),
        ("dateTime", "2026-03-27 08:45:00"),
        ("dateTime", "2026-03-27T08:45"),
        ("dateTime", "2026-02-30T08:45:00"),
        ("dateTime", "2026-03-27T25:45:00"),
        ("dateTime", "\N{ARABIC-INDIC DIGIT TWO}026-03-27T08:45:00"),
        ("GenderInfo", "male"),
    ],
)
def test_an_invalid_text_is_refused(kind, text):
    with pytest.raises(Refused) as refused:
        read(kind, text)

    assert kind in refused.value.because


def test_an_offset_is_dropped_or_converted():
    """The manual sends +02:00 and reads the same hours back, which fits both."""
    assert read("dateTime", "2026-03-27T08:45:00+05:00") == datetime(2026, 3, 27, 8, 45)
    assert read("dateTime", "2026-03-27T08:45:00Z", "converted") == datetime(2026, 3, 27, 9, 45)


@pytest.mark.parametrize(("offsets", "echoed"), [("dropped", "07:45"), ("converted", "08:45")])
def test_dates_are_echoed_without_a_zone(offsets, echoed):
    client = Client(AeosSimulator(offsets=offsets))
    reply = client.ok(
        "<VisitorAdd><ArrivalDateTime>2026-03-27T07:45:00Z</ArrivalDateTime><LastName>D</LastName></VisitorAdd>"
    )

    assert reply.text("ArrivalDateTime") == f"2026-03-27T{echoed}:00"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (5, "5"),
        ("x", "x"),
        (date(2018, 1, 28), "2018-01-28"),
        (datetime(2026, 3, 27, 8, 45, 0, 5), "2026-03-27T08:45:00"),
    ],
)
def test_values_are_written_without_zone_and_fraction(value, text):
    assert text_of(value) == text


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


@given(MOMENTS)
def test_a_moment_lies_between_the_two_readings_of_its_local_time(moment):
    moment = moment.replace(microsecond=0)
    naive = local(moment, PARIS)

    assert moment in (earliest(naive, PARIS), latest(naive, PARIS))
    assert latest(naive, PARIS) - earliest(naive, PARIS) in (timedelta(0), timedelta(hours=1))


def test_the_hour_that_comes_twice_and_the_hour_that_is_skipped_have_two_readings():
    twice, skipped = datetime(2026, 10, 25, 2, 30), datetime(2026, 3, 29, 2, 30)

    assert earliest(twice, PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert latest(twice, PARIS) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert earliest(skipped, PARIS) == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert latest(skipped, PARIS) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
