"""One request through its attempts, without any transport."""

from __future__ import annotations

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConnectionLost, Outcome, RateLimited, TimedOut
from hamilton_sdk.flow import Response
from hamilton_sdk.retry import Attempt, Hooks, Reason, RetryPolicy
from hamilton_sdk.runner.core import Core, End, Operation
from hamilton_sdk.runner.exchange import Exchange
from tests.runner.rig import Plain, ask


class Rig:
    def __init__(self, *, deadline: float | None = 60.0, undo: bool = False, **request: object) -> None:
        self.clock = SettableClock()
        self.attempts: list[Attempt] = []
        self.given_up: list[Attempt] = []
        hooks = Hooks(on_attempt=self.attempts.append, on_give_up=self.given_up.append)
        self.core = Core(Plain(), self.clock, hooks)
        self.operation = Operation("operate", RetryPolicy(deadline=deadline), 0.0, "r-1")
        self.exchange = Exchange(self.core, self.operation, ask("read", undo=undo, **request))


def test_an_attempt_gets_what_the_deadline_leaves():
    rig = Rig()
    assert rig.exchange.begin() == 60.0
    rig.clock.advance(59.0)
    assert rig.exchange.begin() == 1.0
    rig.clock.advance(1.0)
    with pytest.raises(TimedOut) as caught:
        rig.exchange.begin()
    assert caught.value.outcome is Outcome.NOT_SENT


def test_hooks_hear_of_each_attempt_without_anything_personal():
    rig = Rig()
    rig.exchange.begin()
    rig.clock.advance(0.25)
    decision = rig.exchange.settle(1, rig.exchange.complete(1, Response(500)), None)
    assert decision.reason is Reason.RETRY
    assert rig.attempts == [
        Attempt(
            connector="acs.test",
            operation="read",
            host="peer.example:8443",
            number=1,
            outcome=Outcome.UNKNOWN,
            reason=Reason.RETRY,
            delay=decision.delay,
            status=500,
            duration=0.25,
            request_id="r-1",
        )
    ]
    assert rig.given_up == []


def test_success_is_no_giving_up_and_a_final_answer_is():
    rig = Rig()
    rig.exchange.begin()
    assert rig.exchange.settle(1, Response(200), None).reason is Reason.DONE
    assert rig.given_up == []
    assert rig.exchange.settle(1, Response(404), None).reason is Reason.FINAL
    assert [attempt.status for attempt in rig.given_up] == [404]


def test_a_defect_is_final_and_left_as_it_is():
    rig = Rig()
    rig.exchange.begin()
    assert rig.exchange.settle(1, None, ZeroDivisionError("x")).reason is Reason.FINAL


def test_an_error_keeps_what_it_already_knows():
    rig = Rig()
    rig.exchange.begin()
    error = ConnectionLost(
        "cut", connector="acs.other", operation="login", url="https://other/", request_id="x"
    )
    rig.exchange.settle(2, None, error)
    assert (error.connector, error.operation, error.url, error.request_id) == (
        "acs.other",
        "login",
        "https://other/",
        "x",
    )
    assert error.attempts == 2


def test_the_clock_is_asked_for_a_retry_after_date():
    rig = Rig()
    answer = rig.exchange.complete(1, Response(503, {"retry-after": "Thu, 01 Jan 2026 00:00:30 GMT"}))
    assert answer.retry_after == 30.0
    assert rig.exchange.complete(1, Response(202, {"retry-after": "4"})).retry_after == 4.0
    assert rig.exchange.complete(1, Response(200)).retry_after is None


def test_compensation_has_its_own_ten_seconds():
    rig = Rig(undo=True)
    assert rig.exchange.begin() == 10.0
    rig.clock.advance(9.999)
    assert rig.exchange.settle(1, Response(429, retry_after=1.0), None).reason is Reason.DEADLINE
    rig.clock.advance(1.0)
    with pytest.raises(TimedOut, match="could not be taken back within 10 s"):
        rig.exchange.begin()


def test_asking_again_goes_on_where_the_answer_ended():
    served = Response(200, attempts=2, retry_after=1.5)
    rig = Rig(retry_of=served)
    assert 1.5 <= (rig.exchange.resume() or 0) <= 2.0
    assert rig.exchange.complete(1, Response(200)).attempts == 3
    rig.exchange.begin()
    rig.exchange.settle(1, Response(200), None)
    assert rig.attempts[0].number == 3


def test_asking_again_ends_with_the_attempts():
    rig = Rig(retry_of=Response(200, attempts=4))
    with pytest.raises(RateLimited, match="attempts_used"):
        rig.exchange.resume()


def test_a_first_request_waits_for_nothing():
    assert Rig().exchange.resume() is None


def test_only_marked_requests_are_compensation_until_the_flow_is_interrupted():
    rig = Rig()
    assert not rig.exchange.undo
    assert Rig(undo=True).exchange.undo
    part = rig.operation.child()
    rig.operation.end(0.0)
    assert Exchange(rig.core, rig.operation, ask("read")).undo
    assert not Exchange(rig.core, part, ask("read")).undo
    assert Exchange(rig.core, rig.operation.child(), ask("read")).undo


def test_a_request_is_not_begun_once_the_deadline_is_over():
    rig = Rig(deadline=1.0)
    rig.clock.advance(1.0)
    with pytest.raises(End):
        Exchange(rig.core, rig.operation, ask("read"))
    assert rig.attempts == []
