"""When a message was signed is judged in whole seconds, to the second, on both sides."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks._window import FIVE_MINUTES, Window, from_seconds, outgoing_seconds, whole_seconds
from tests.webhooks.refused import refused

NOW = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)
SECONDS = 1774603800


class Stopped:
    """A clock with any answer."""

    def __init__(self, answer: object) -> None:
        self.now = lambda: answer


def window(past: float = 300, future: float = 300, now: datetime = NOW) -> Window:
    return Window(timedelta(seconds=past), timedelta(seconds=future), SettableClock(now))


def passes(made: Window, signed: int, received_at: datetime | None = None) -> None:
    made.check(signed, received_at)


def test_exactly_the_tolerance_is_accepted_and_a_second_more_is_not() -> None:
    made = window(past=300, future=60)
    for signed in (SECONDS - 300, SECONDS - 1, SECONDS, SECONDS + 60):
        passes(made, signed)
    with refused("too_old", r"^the webhook was signed 301 s ago, and 300 s are allowed\n"):
        made.check(SECONDS - 301, None)
    with refused("too_new", r"^the webhook was signed 61 s ahead, and 60 s are allowed\n"):
        made.check(SECONDS + 61, None)


def test_no_tolerance_is_the_same_second() -> None:
    made = window(past=0, future=0)
    passes(made, SECONDS)
    with refused("too_old"):
        made.check(SECONDS - 1, None)
    with refused("too_new"):
        made.check(SECONDS + 1, None)


@pytest.mark.parametrize("fraction", [timedelta(microseconds=1), timedelta(microseconds=999_999)])
def test_the_fraction_of_the_second_at_which_it_arrives_does_not_count(fraction: timedelta) -> None:
    for made in (window(now=NOW + fraction), window()):
        received_at = None if made.now() == SECONDS else NOW + fraction
        passes(made, SECONDS - 300, received_at)
        passes(made, SECONDS + 300, received_at)
        with refused("too_old"):
            made.check(SECONDS - 301, NOW + fraction)
        with refused("too_new"):
            made.check(SECONDS + 301, NOW + fraction)


def test_the_fraction_of_a_tolerance_does_not_count() -> None:
    made = window(past=1.9, future=1.9)
    passes(made, SECONDS - 1)
    passes(made, SECONDS + 1)
    with refused("too_old"):
        made.check(SECONDS - 2, None)
    with refused("too_new"):
        made.check(SECONDS + 2, None)


def test_the_time_of_arrival_takes_the_place_of_the_clock() -> None:
    made = window()
    passes(made, 0, datetime(1970, 1, 1, 0, 5, tzinfo=UTC))
    with refused("too_new"):
        made.check(SECONDS, datetime(1970, 1, 1, tzinfo=UTC))


def test_without_a_clock_the_time_is_the_machines() -> None:
    made = Window(FIVE_MINUTES, FIVE_MINUTES, None)
    assert time.time() - 60 < made.now() <= time.time()
    passes(made, int(time.time()))
    with refused("too_old"):
        made.check(int(time.time()) - 302, None)
    with refused("too_new"):
        made.check(int(time.time()) + 302, None)


def test_any_second_that_a_datetime_can_hold_may_pass_and_none_beyond() -> None:
    made = Window(timedelta.max, timedelta.max, SettableClock(NOW))
    last = 253_402_300_799
    for signed in (0, last):
        passes(made, signed)
    assert from_seconds(last) == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    for signed in (last + 1, 999_999_999_999):
        with refused("too_new"):
            made.check(signed, None)


class TestEnd:
    def test_a_signature_is_over_when_its_sender_said_give_or_take_what_clocks_may_be_off(self) -> None:
        made = window(future=60)
        for ends in (SECONDS - 60, SECONDS, SECONDS + 10_000):
            made.check_end(ends, None)
        with refused("too_old", r"^the webhook's signature expired 61 s ago\n"):
            made.check_end(SECONDS - 61, None)

    def test_the_fraction_of_a_second_does_not_count(self) -> None:
        made = window(future=0, now=NOW + timedelta(microseconds=999_999))
        made.check_end(SECONDS, None)
        with refused("too_old"):
            made.check_end(SECONDS - 1, None)

    def test_the_time_of_arrival_takes_the_place_of_the_clock(self) -> None:
        window().check_end(0, datetime(1970, 1, 1, tzinfo=UTC))
        with pytest.raises(TypeError, match=r"^received_at must be an aware datetime"):
            window().check_end(0, datetime(1970, 1, 1))


class TestSettings:
    @pytest.mark.parametrize("name", ["past_tolerance", "future_tolerance"])
    def test_a_tolerance_is_a_span_of_time_and_not_negative(self, name: str) -> None:
        def made(span: object) -> Window:
            spans = {"past_tolerance": FIVE_MINUTES, "future_tolerance": FIVE_MINUTES, name: span}
            return Window(*spans.values(), None)  # type: ignore[arg-type]  # what a caller may get wrong

        for wrong in (300, None):
            with pytest.raises(TypeError, match=rf"^{name} must be a timedelta, not {type(wrong).__name__}$"):
                made(wrong)
        with pytest.raises(ConfigurationError, match=rf"^{name} is negative\n") as caught:
            made(timedelta(microseconds=-1))
        assert caught.value.hint == "give a span of time such as timedelta(minutes=5)"

    def test_the_standards_libraries_allow_five_minutes(self) -> None:
        assert timedelta(seconds=300) == FIVE_MINUTES


class TestMoments:
    @pytest.mark.parametrize(
        "moment",
        [
            NOW,
            NOW + timedelta(microseconds=999_999),
            NOW.astimezone(ZoneInfo("Europe/Paris")),
            NOW.astimezone(timezone(timedelta(hours=-9, minutes=-30))),
        ],
    )
    def test_an_aware_datetime_of_any_zone_is_its_instant(self, moment: datetime) -> None:
        assert whole_seconds(moment, "timestamp") == SECONDS

    def test_before_1970_it_is_rounded_down_too(self) -> None:
        assert whole_seconds(datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC), "timestamp") == -1

    @given(st.integers(0, 253_402_300_799))
    def test_seconds_and_datetimes_are_each_other(self, seconds: int) -> None:
        assert whole_seconds(from_seconds(seconds), "timestamp") == seconds
        assert from_seconds(seconds).tzinfo is UTC

    @pytest.mark.parametrize(
        ("moment", "said"),
        [
            (datetime(2026, 3, 27), "e.g. datetime.now(UTC): a naive one names no moment"),
            (date(2026, 3, 27), "not date"),
            (SECONDS, "not int"),
            ("2026-03-27T09:30:00Z", "not str"),
        ],
    )
    def test_anything_else_is_of_the_wrong_type(self, moment: object, said: str) -> None:
        with pytest.raises(TypeError, match=r"^arrival must be an aware datetime, ") as caught:
            whole_seconds(moment, "arrival")
        assert said in str(caught.value)

    def test_a_clock_of_naive_times_is_named(self) -> None:
        made = Window(FIVE_MINUTES, FIVE_MINUTES, Stopped(datetime(2026, 3, 27)))  # type: ignore[arg-type]  # no clock
        with pytest.raises(TypeError, match=r"^the clock's now\(\) must be an aware datetime"):
            made.now()

    def test_a_naive_arrival_is_named(self) -> None:
        with pytest.raises(TypeError, match=r"^received_at must be an aware datetime"):
            window().check(SECONDS, datetime(2026, 3, 27))


class TestOutgoing:
    def test_it_is_the_time_given_or_the_clocks(self) -> None:
        made = window(now=NOW + timedelta(milliseconds=900))
        assert outgoing_seconds(made, None) == SECONDS
        assert outgoing_seconds(made, NOW + timedelta(days=1)) == SECONDS + 86_400
        assert outgoing_seconds(made, datetime(1970, 1, 1, tzinfo=UTC)) == 0
        assert type(outgoing_seconds(Window(FIVE_MINUTES, FIVE_MINUTES, None), None)) is int

    def test_before_1970_there_is_no_timestamp(self) -> None:
        with pytest.raises(ConfigurationError, match=r"^the webhook's timestamp is before 1970\n") as caught:
            outgoing_seconds(window(), datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC))
        assert caught.value.hint == "give the time of this attempt, not that of the event"

    def test_a_naive_time_is_named(self) -> None:
        with pytest.raises(TypeError, match=r"^timestamp must be an aware datetime"):
            outgoing_seconds(window(), datetime(2026, 3, 27))
