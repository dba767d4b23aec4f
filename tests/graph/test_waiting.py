"""The operation's deadline allows for the wait."""

from __future__ import annotations

from datetime import timedelta

from hamilton_sdk.graph._waiting import USUAL_WAIT, deadline_with
from hamilton_sdk.retry import RetryPolicy


def test_the_wait_comes_on_top_of_the_deadline():
    assert deadline_with(RetryPolicy(deadline=60), timedelta(seconds=30), "attendee") == 90


def test_a_room_that_organises_is_not_waited_for():
    assert deadline_with(RetryPolicy(deadline=60), timedelta(seconds=30), "organizer") == 60


def test_no_limit_stays_none():
    assert deadline_with(RetryPolicy(deadline=None), timedelta(days=1), "attendee") is None


def test_half_a_minute_is_usual():
    assert timedelta(seconds=30) == USUAL_WAIT
