"""When a delivery is tried again."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks.schedule import (
    JITTER,
    SCHEDULE,
    THROTTLED,
    check_schedule,
    longest_wait,
    next_delay,
)

_MINUTE, _HOUR = 60, 3600


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


@pytest.mark.parametrize(
    ("retry_after", "delay"),
    [
        (0, 300),  # not sooner than scheduled
        (299, 300),
        (300, 300),
        (450, 450),
        (900, 900),  # fifteen minutes are always given
        (901, 900),
        (10**9, 900),
        (None, 300),
    ],
)
def test_retry_after_is_honoured_between_the_schedule_and_its_bound(retry_after, delay):
    assert next_delay(2, SCHEDULE, 0.0, retry_after) == delay


def test_a_long_delay_may_be_doubled_by_retry_after_and_no_more():
    assert next_delay(4, SCHEDULE, 0.0, 3 * _HOUR) == 3 * _HOUR
    assert next_delay(4, SCHEDULE, 0.0, 5 * _HOUR) == 4 * _HOUR
    assert longest_wait(2 * _HOUR) == 4 * _HOUR
    assert longest_wait(0) == 15 * _MINUTE


def test_an_overloaded_receiver_gets_a_minute_at_least():
    assert next_delay(1, SCHEDULE, 0.0, at_least=THROTTLED) == 60
    assert next_delay(2, SCHEDULE, 0.0, at_least=THROTTLED) == 300


def test_the_end_of_the_schedule_is_the_end_whatever_the_receiver_asks():
    assert next_delay(10, SCHEDULE, 0.0, 5.0, at_least=THROTTLED) is None


@given(
    attempt=st.integers(0, 9),
    random=st.floats(0, 1, exclude_max=True),
    retry_after=st.none() | st.floats(0, 1e12),
    at_least=st.sampled_from([0.0, THROTTLED]),
)
def test_a_receiver_can_neither_hasten_nor_stop_its_deliveries(attempt, random, retry_after, at_least):
    scheduled = max(SCHEDULE[attempt], at_least)
    delay = next_delay(attempt, SCHEDULE, random, retry_after, at_least=at_least)
    assert delay is not None
    assert scheduled <= delay <= longest_wait(scheduled) * (1 + JITTER)


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
