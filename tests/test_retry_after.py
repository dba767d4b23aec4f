"""Reading how long a peer asks to wait, also from peers that write nonsense."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hamilton_sdk.retry_after import RETRY_AFTER_HEADERS, retry_after_seconds

NOW = datetime(2026, 3, 27, 12, 0, 0, tzinfo=UTC)
CENTURY = 36525 * 86_400


def read(text: str, now: datetime = NOW) -> float | None:
    return retry_after_seconds({"retry-after": text}, now)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        # RFC 9110 section 10.2.3: whole seconds; some peers send decimals
        ("120", 120.0),
        ("0", 0.0),
        (" 7 ", 7.0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("007", 7.0),
        # a date, in all three forms of RFC 9110 section 5.6.7
        ("Fri, 27 Mar 2026 12:02:00 GMT", 120.0),
        ("Friday, 27-Mar-26 12:02:00 GMT", 120.0),
        ("Fri Mar 27 12:02:00 2026", 120.0),
        # other zones, and none that is known (RFC 5322 section 3.3)
        ("Fri, 27 Mar 2026 14:02:00 +0200", 120.0),
        ("Fri, 27 Mar 2026 12:02:00 -0000", 120.0),
        # the past is now
        ("Fri, 27 Mar 2026 11:00:00 GMT", 0.0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0.0),
        # sent twice, by the peer and by a proxy before it: the longest
        ("5, 10", 10.0),
        ("10,5", 10.0),
    ],
)
def test_every_form_of_a_wait_is_understood(text: str, seconds: float) -> None:
    assert read(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        ",",
        "5,",
        "soon",
        "-5",
        "+5",
        "1.2.3",
        "1e3",
        "1_000",
        "0x10",
        "nan",
        "inf",
        "\u0663",  # an Arabic three, which float() takes
        "\u00b2",  # a superscript two, which isdigit() takes and float() does not
        "5 seconds",
        "2026-03-27T12:02:00Z",
        "Fri, 31 Feb 2026 12:00:00 GMT",
        "Fri, 27 Mar 99999 12:00:00 GMT",
        "Fri, 27 Mar 99999999999999999999 12:00:00 GMT",
        "Fri, 27 Mar 2026 99999999999999999999:00:00 GMT",
        "Fri, 27 Mar 2026 12:00:00 +99999999999999999999",
        "Fri, 27 Mar 2026 12:00:00 -9999",
        "\x00",
    ],
)
def test_nonsense_says_nothing(text: str) -> None:
    assert read(text) is None
    assert retry_after_seconds({"retry-after-ms": text}, NOW) is None


def test_no_header_says_nothing() -> None:
    assert retry_after_seconds({}, NOW) is None
    assert retry_after_seconds({"date": "5"}, NOW) is None


@pytest.mark.parametrize("name", ["retry-after-ms", "x-ms-retry-after-ms"])
def test_milliseconds_are_finer_and_so_come_first(name: str) -> None:
    assert retry_after_seconds({name: "1500"}, NOW) == 1.5
    assert retry_after_seconds({name: "250", "retry-after": "1"}, NOW) == 0.25
    assert retry_after_seconds({name: "soon", "retry-after": "3"}, NOW) == 3.0


def test_of_two_headers_in_milliseconds_the_plain_one_counts() -> None:
    assert retry_after_seconds({"x-ms-retry-after-ms": "2000", "retry-after-ms": "1000"}, NOW) == 1.0


def test_the_headers_are_named_for_those_who_look_for_them() -> None:
    assert RETRY_AFTER_HEADERS == ("retry-after", "retry-after-ms", "x-ms-retry-after-ms")


@pytest.mark.parametrize("text", ["9" * 30, "9" * 400, "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_wait_for_ever_is_a_century(text: str) -> None:
    """Infinity would be no JSON, and more than a timedelta holds."""
    assert read(text) == CENTURY


def test_milliseconds_for_ever_are_a_century_too() -> None:
    assert retry_after_seconds({"retry-after-ms": "9" * 400}, NOW) == CENTURY


@given(st.integers(0, CENTURY), st.timezones())
def test_a_date_is_as_far_ahead_as_it_says(seconds: int, zone) -> None:
    moment = NOW + timedelta(seconds=seconds)
    assert read(format_datetime(moment), NOW.astimezone(zone)) == seconds
    assert read(format_datetime(moment, usegmt=True)) == seconds


_dates = st.tuples(
    st.sampled_from(["", "Fri, ", "Friday, ", "Fri "]),
    st.integers(0, 10**24).map(str),
    st.sampled_from([" ", "-", ""]),
    st.sampled_from(["Mar", "March", "Feb", "xx", "13"]),
    st.sampled_from([" ", "-", ""]),
    st.integers(0, 10**24).map(str),
    st.sampled_from([" 12:00:00", " 12:00", " 12.00.00", " 99:99:99", " :::", ""]),
    st.sampled_from([" GMT", " EST", " -0000", " +9999", " -2400", " +", " (x)", ""]),
).map("".join)


@given(
    st.dictionaries(st.sampled_from(RETRY_AFTER_HEADERS), st.text() | _dates, max_size=3),
    st.datetimes(
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))])
    ),
)
@example({"retry-after": "1 Jan 1900 00:00:00 +2359"}, datetime.max.replace(tzinfo=UTC))
@example({"retry-after": "31 Dec 9999 23:59:59 -2359"}, datetime.min.replace(tzinfo=UTC))
def test_whatever_a_peer_writes_never_raises(headers: dict[str, str], now: datetime) -> None:
    seconds = retry_after_seconds(headers, now)
    assert seconds is None or (math.isfinite(seconds) and 0 <= seconds <= CENTURY)
