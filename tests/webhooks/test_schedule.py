"""When a delivery is tried again."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks.schedule import (
    JITTER,
    LONGEST_RETRY_AFTER,
    SCHEDULE,
    THROTTLED,
    check_schedule,
    next_delay,
)

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_OWN = (0, 1, 2, 5)
"""A schedule of a user's own that is quick."""


def test_the_usual_schedule_is_the_one_of_standard_webhooks():
    minutes_and_hours = [5 * _MINUTE, 30 * _MINUTE, *(each * _HOUR for each in (2, 5, 10, 14, 20, 24))]
    assert list(SCHEDULE) == [0, 5, *minutes_and_hours]
    assert sum(SCHEDULE) == 75 * _HOUR + 35 * _MINUTE + 5


@pytest.mark.parametrize(("attempt", "delay"), list(enumerate(SCHEDULE)))
def test_each_attempt_has_its_delay(attempt, delay):
    assert next_delay(attempt, SCHEDULE, 0.0) == delay


@pytest.mark.parametrize("attempt", [10, 11, 400])
def test_after_the_last_attempt_there_is_no_other(attempt):
    assert next_delay(attempt, SCHEDULE, 0.0) is None


def test_a_schedule_of_ones_own_counts_alone():
    assert [next_delay(attempt, (0, 1, 2), 0.0) for attempt in range(4)] == [0, 1, 2, None]


def test_chance_adds_a_tenth_at_most():
    assert next_delay(2, SCHEDULE, 0.5) == pytest.approx(300 * 1.05)
    assert pytest.approx(0.1) == JITTER


@pytest.mark.parametrize("throttled", [False, True])
@pytest.mark.parametrize(
    ("retry_after", "delay"),
    [
        (0, 300),  # not sooner than scheduled
        (299, 300),
        (300, 300),
        (450, 450),
        (6 * _HOUR, 6 * _HOUR),  # a night of maintenance costs no attempt
        (_DAY, _DAY),
        (_DAY + 1, _DAY),  # not put off for good
        (10**9, _DAY),
    ],
)
def test_retry_after_is_honoured_between_the_schedule_and_a_day(retry_after, delay, throttled):
    assert next_delay(2, SCHEDULE, 0.0, retry_after, throttled=throttled) == delay
    assert LONGEST_RETRY_AFTER == _DAY


@pytest.mark.parametrize(("retry_after", "delay"), [(0, 2), (1.5, 2), (30, 30), (7200, 7200), (10**9, _DAY)])
def test_retry_after_is_honoured_on_a_short_schedule_as_well(retry_after, delay):
    assert next_delay(2, _OWN, 0.0, retry_after, throttled=True) == delay


def test_an_overloaded_receiver_gets_a_minute_at_least():
    assert THROTTLED == 60
    assert next_delay(1, SCHEDULE, 0.0, throttled=True) == 60
    assert next_delay(2, SCHEDULE, 0.0, throttled=True) == 300


def test_an_overloaded_receiver_that_says_when_is_asked_then():
    assert next_delay(1, SCHEDULE, 0.0, 10, throttled=True) == 10
    assert next_delay(1, SCHEDULE, 0.0, 0, throttled=True) == 5


@pytest.mark.parametrize(
    ("schedule", "delay"), [(_OWN, 5), ((0, 1, 59), 59), ((0, 1, 61), 60), ((0, 90, 1), 90), ((0, 0), 0)]
)
def test_an_overloaded_receiver_waits_no_longer_than_its_own_schedule_ever_does(schedule, delay):
    """Somebody who asks for quick attempts gets them, and the longest of their own waits here."""
    assert next_delay(1, schedule, 0.0, throttled=True) == delay


def test_chance_lengthens_what_the_receiver_asked_for():
    assert next_delay(1, _OWN, 0.5, 100, throttled=True) == pytest.approx(105)


def test_the_end_of_the_schedule_is_the_end_whatever_the_receiver_asks():
    assert next_delay(10, SCHEDULE, 0.0, 5.0, throttled=True) is None


@given(
    schedule=st.lists(st.floats(0, 604_800), min_size=1, max_size=50),
    random=st.floats(0, 1, exclude_max=True),
    retry_after=st.none() | st.floats(0, 1e12),
    throttled=st.booleans(),
    data=st.data(),
)
def test_a_receiver_can_neither_hasten_nor_stop_its_deliveries(
    schedule, random, retry_after, throttled, data
):
    attempt = data.draw(st.integers(0, len(schedule) - 1))
    delay = next_delay(attempt, schedule, random, retry_after, throttled=throttled)
    assert delay is not None
    assert schedule[attempt] <= delay <= max(schedule[attempt], _DAY) * (1 + JITTER)


def test_a_schedule_that_makes_sense_is_taken():
    assert check_schedule([0, 1.5, 604800]) == (0.0, 1.5, 604800.0)
    assert check_schedule([0] * 50) == (0.0,) * 50
    assert check_schedule((7,)) == (7.0,)


@pytest.mark.parametrize("delays", [[], [0] * 51])
def test_a_schedule_has_from_one_to_fifty_attempts(delays):
    with pytest.raises(ConfigurationError, match=f"has {len(delays)} attempts") as caught:
        check_schedule(delays)
    assert caught.value.hint == "give 1 to 50 delays in seconds"


@pytest.mark.parametrize("delay", [-1, 604801, math.nan, math.inf, True, "5", None])
def test_a_delay_is_a_number_of_seconds_within_a_week(delay):
    with pytest.raises(ConfigurationError, match="has the delay") as caught:
        check_schedule([0, delay])
    assert caught.value.hint == "a delay is in seconds, from 0 to 604800 (a week)"


@pytest.mark.parametrize("given_", ["5", 5, None, {5}])
def test_a_schedule_is_a_list(given_):
    with pytest.raises(TypeError, match=f"a list of seconds, not {type(given_).__name__}"):
        check_schedule(given_)
