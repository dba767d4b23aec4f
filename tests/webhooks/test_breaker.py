"""An endpoint's circuit breaker."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks.breaker import (
    CLOSED,
    Breaker,
    BreakerPolicy,
    is_hopeless,
    places,
    probing,
    record,
)

_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_POLICY = BreakerPolicy(failures=3)
_NOW = 1_800_000_000 * _SECOND


def _after(*successes, start=CLOSED, at=_NOW, policy=_POLICY):
    breaker = start
    for success in successes:
        breaker = record(breaker, at, policy, success=success)
    return breaker


def _failed(times):
    """A breaker that was let through and failed again and again, so many times in all."""
    breaker = CLOSED
    for _ in range(times):
        breaker = record(probing(breaker), _NOW, _POLICY, success=False)
    return breaker


def test_it_stays_closed_below_the_number_of_failures():
    assert _after(False, False) == Breaker("closed", 2, _NOW)


def test_it_opens_at_the_number_of_failures_in_a_row_for_half_a_minute():
    assert _after(False, False, False) == Breaker("open", 3, _NOW, _NOW + 30 * _SECOND)


def test_a_success_in_between_begins_the_count_anew():
    assert _after(False, False, True, False) == Breaker("closed", 1, _NOW)


@pytest.mark.parametrize("state", ["closed", "open", "half_open"])
def test_a_success_closes_it_from_any_state(state):
    assert _after(True, start=Breaker(state, 7, _NOW, _NOW + 5)) == CLOSED


def test_failures_of_deliveries_that_were_under_way_do_not_prolong_an_open_breaker():
    opened = _after(False, False, False)
    assert record(opened, _NOW + 20 * _SECOND, _POLICY, success=False) == opened


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(3, 30), (4, 60), (5, 120), (6, 240), (7, 480), (8, 900), (9, 900), (90, 900), (5000, 900)],
)
def test_each_failure_while_half_open_doubles_the_time_up_to_a_quarter_of_an_hour(failures, seconds):
    breaker = Breaker("half_open", failures - 1, _NOW, _NOW)
    assert record(breaker, _NOW, _POLICY, success=False).until == _NOW + seconds * _SECOND


def test_a_half_open_breaker_opens_again_at_the_first_failure_even_below_the_number():
    assert record(Breaker("half_open", 0), _NOW, _POLICY, success=False).state == "open"


def test_what_it_was_failing_since_stays_the_first_failure():
    first = _after(False)
    assert record(first, _NOW + _DAY, _POLICY, success=False).failing_since == _NOW


def test_a_failure_of_long_ago_is_forgotten_for_nothing_was_tried_since():
    """Two failures eleven days apart are not eleven days of nothing but failures."""
    first = _after(False)
    later = _NOW + 10 * _DAY
    assert record(first, later - 1, _POLICY, success=False).failing_since == _NOW
    assert record(first, later, _POLICY, success=False).failing_since == later


@pytest.mark.parametrize(
    ("breaker", "in_flight", "free"),
    [
        (CLOSED, 0, 5),
        (CLOSED, 4, 1),
        (CLOSED, 5, 0),
        (CLOSED, 9, 0),
        (Breaker("open", 3, _NOW, _NOW + 1), 0, 0),
        (Breaker("open", 3, _NOW, _NOW), 0, 1),
        (Breaker("open", 3, _NOW, _NOW), 1, 0),
        (Breaker("open", 3, _NOW, None), 0, 1),
        (Breaker("half_open", 3, _NOW, _NOW + 9), 0, 1),
        (Breaker("half_open", 3, _NOW, _NOW), 1, 0),
        (Breaker("half_open", 3, _NOW, _NOW), 2, 0),
    ],
)
def test_how_many_may_start(breaker, in_flight, free):
    assert places(breaker, _NOW, in_flight, 5) == free


def test_letting_one_through_is_noted():
    assert probing(Breaker("open", 3, _NOW, _NOW)) == Breaker("half_open", 3, _NOW, _NOW)
    assert probing(Breaker("half_open", 3)).state == "half_open"
    assert probing(CLOSED) is CLOSED


def test_an_endpoint_is_hopeless_after_five_days_of_nothing_but_failures():
    breaker = _failed(3)
    assert not is_hopeless(breaker, _NOW + 5 * _DAY - 1, _POLICY)
    assert is_hopeless(breaker, _NOW + 5 * _DAY, _POLICY)


def test_few_failures_are_not_hopeless_however_old_they_are():
    assert not is_hopeless(_failed(2), _NOW + 5 * _DAY, _POLICY)


def test_failures_of_our_own_open_it_but_disable_nothing():
    breaker = CLOSED
    for _ in range(3):
        breaker = record(breaker, _NOW, _POLICY, success=False, blame=False)
    assert breaker == Breaker("open", 3, None, _NOW + 30 * _SECOND)
    assert not is_hopeless(breaker, _NOW + 100 * _DAY, _POLICY)


def test_a_failure_of_our_own_leaves_the_receivers_first_one_standing():
    assert record(_after(False), _NOW + _DAY, _POLICY, success=False, blame=False).failing_since == _NOW


def test_an_endpoint_that_works_is_not_hopeless():
    assert not is_hopeless(CLOSED, _NOW, _POLICY)


def test_the_usual_limits():
    usual = BreakerPolicy()
    assert (usual.failures, usual.open_for.seconds, usual.longest.seconds) == (10, 30, 900)
    assert usual.disable_after == timedelta(hours=120)


def test_a_breaker_needs_at_least_one_failure():
    with pytest.raises(ConfigurationError, match="failures is 0") as caught:
        BreakerPolicy(failures=0)
    assert caught.value.hint == "give the number of failures in a row, at least 1"
    assert BreakerPolicy(failures=1).failures == 1


@pytest.mark.parametrize("name", ["open_for", "longest", "disable_after"])
def test_its_durations_are_above_zero(name):
    with pytest.raises(ConfigurationError, match=f"{name} is 0:00:00") as caught:
        BreakerPolicy(**{name: timedelta(0)})
    assert caught.value.hint == "give a duration above zero"


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3 * _DAY)), max_size=40), st.integers(1, 5))
def test_whatever_happens_it_is_never_open_longer_than_allowed_and_counts_only_failures(steps, needed):
    policy, breaker, now = BreakerPolicy(failures=needed), CLOSED, _NOW
    for success, later in steps:
        now += later
        if places(breaker, now, 0, 5):
            breaker = probing(breaker)
        breaker = record(breaker, now, policy, success=success)
        assert (breaker == CLOSED) == (breaker.failures == 0)
        assert (breaker.until is None) == (breaker.state == "closed")
        if breaker.until is not None:
            assert breaker.until <= now + 900 * _SECOND
            assert breaker.failures >= needed
