"""The course of a worker, step by step: no thread, no task, no database."""

from __future__ import annotations

import logging
from collections import deque
from datetime import timedelta

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError, StoreError
from hamilton_sdk.flow import Query
from hamilton_sdk.webhooks._claiming import Claims
from hamilton_sdk.webhooks._course import Begin, Course, Wait
from hamilton_sdk.webhooks._settling import Settled, Turn, Turned
from hamilton_sdk.webhooks._time import micros
from hamilton_sdk.webhooks._unsent import Unsent
from hamilton_sdk.webhooks.breaker import BreakerPolicy
from hamilton_sdk.webhooks.delivering import Verdict
from hamilton_sdk.webhooks.hooks import DeadLetter, DeliveryHooks, DisabledEndpoint
from tests.webhooks.claimed import claimed, result

_DEAD = DeadLetter(
    event_type="visit.created",
    event_id="e1",
    endpoint_id="ep_1",
    delivery_id=1,
    attempts=10,
    status=500,
    error=None,
)
_DISABLED = DisabledEndpoint(
    endpoint_id="ep_1", reason="it answered 410", event_type="visit.created", event_id="e1"
)


class Rig:
    """A course whose steps a test answers.

    Args:
        places: Of the worker.
        hooks: What the application wants to hear about.
        until_stopped: Whether the course goes on where nothing is due.
    """

    def __init__(self, places=4, hooks=None, *, until_stopped=True, check=None):
        self.clock = SettableClock()
        self.woken = 0
        self.course = Course(
            worker="w",
            places=places,
            clock=self.clock,
            chance=lambda: 0.25,
            lease=timedelta(seconds=90),
            breaker=BreakerPolicy(),
            hooks=hooks or DeliveryHooks(),
            unsent=Unsent(self.clock),
            wake=self._wake,
            check=check,
        )
        self._steps = self.course.steps(until_stopped=until_stopped)
        self.step = next(self._steps)

    def _wake(self):
        self.woken += 1

    def answer(self, answer=None):
        """Go on to the next step; None at the end."""
        try:
            if isinstance(answer, Exception):
                self.step = self._steps.throw(answer)
            else:
                self.step = self._steps.send(answer)
        except StopIteration:
            self.step = None
        return self.step

    def turn(self, *deliveries, settled=None, contended=False):
        """Answer a turn with what was claimed."""
        assert isinstance(self.step, Query)
        return self.answer(Turned(settled or Settled(), Claims(deliveries, contended=contended)))

    @property
    def asked(self):
        """The operation of the present step."""
        assert isinstance(self.step, Query)
        assert isinstance(self.step.operation, Turn)
        return self.step.operation

    def finish(self, step, *verdicts):
        """Finish what was begun."""
        assert isinstance(step, Begin)
        verdicts = verdicts or (Verdict.DELIVERED,) * len(step.deliveries)
        return [
            self.course.finish(result(each, verdict))
            for each, verdict in zip(step.deliveries, verdicts, strict=True)
        ]


def _claimed(*numbers):
    return [claimed(number) for number in numbers]


class TestClaiming:
    def test_it_begins_with_a_claim(self):
        rig = Rig()
        assert rig.asked.settle is None
        claim = rig.asked.claim
        now = micros(rig.clock.now())
        assert (claim.worker, claim.now, claim.lease_until) == ("w", now, now + 90_000_000)
        assert (claim.room.free, claim.room.held) == (8, {})

    def test_it_waits_a_second_where_nothing_is_due_and_looks_again(self):
        rig = Rig()
        assert rig.turn() == Wait(1.0)
        rig.answer(False)
        assert rig.asked.claim is not None

    def test_what_is_claimed_begins(self):
        rig = Rig()
        several = _claimed(1, 2)
        assert rig.turn(*several) == Begin(tuple(several))
        assert isinstance(rig.answer(), Wait)

    def test_it_looks_at_once_when_something_was_published(self):
        rig = Rig()
        rig.turn()
        rig.course.look()
        assert rig.woken == 1
        rig.answer(True)
        assert rig.asked.claim is not None

    def test_a_publication_during_a_turn_is_not_overheard(self):
        rig = Rig()
        rig.course.look()
        rig.turn()
        assert rig.asked.claim is not None

    def test_being_woken_for_something_else_is_no_reason_to_look(self):
        rig = Rig()
        rig.turn()
        assert rig.answer(True) == Wait(1.0)

    def test_a_full_worker_does_not_look(self):
        rig = Rig(places=1)
        begun = rig.turn(*_claimed(1, 2))
        rig.course.look()
        assert begun == Begin((claimed(1),))
        assert rig.answer() == Wait(1.0)

    def test_where_others_claim_it_looks_again_soon(self):
        rig = Rig()
        assert rig.turn(contended=True) == Wait(0.02)
        rig.answer(False)
        assert rig.asked.claim is not None


class TestChecking:
    """What is checked first: whether the key fits, say."""

    def test_it_is_done_once_before_the_first_claim(self):
        check = object()
        rig = Rig(check=check)
        assert rig.step == Query(check)
        assert rig.answer(None) != Query(check)
        assert rig.asked.claim is not None
        rig.turn()
        rig.answer(False)
        assert rig.asked.claim is not None

    def test_what_it_finds_ends_the_course_with_nothing_claimed(self):
        rig = Rig(check=object())
        with pytest.raises(ConfigurationError, match="the wrong key"):
            rig.answer(ConfigurationError("the wrong key"))

    def test_where_the_store_is_away_it_is_tried_again(self):
        check = object()
        rig = Rig(check=check)
        assert rig.answer(StoreError("away")) == Wait(0.1)
        assert rig.answer(False) == Query(check)
        rig.answer(None)
        assert rig.asked.claim is not None

    def test_a_course_that_is_to_stop_checks_nothing(self):
        rig = Rig(check=object())
        rig.course.stop()
        rest = rig.course.steps(until_stopped=True)
        assert list(rest) == []


class TestSettling:
    def test_results_are_settled_with_the_next_claim_when_nothing_is_left_to_begin(self):
        rig = Rig()
        begun = rig.turn(*_claimed(1, 2))
        rig.answer()
        rig.finish(begun)
        assert rig.woken == 2
        rig.answer(True)
        settle = rig.asked.settle
        assert [each.claimed.id for each in settle.results] == [1, 2]
        assert (settle.worker, settle.chances) == ("w", (0.25, 0.25))
        assert rig.asked.claim is not None

    def test_a_result_waits_a_moment_for_company_while_there_is_more_to_begin(self):
        rig = Rig(places=8)
        begun = rig.turn(*_claimed(*range(1, 11)))
        rig.answer()
        following = rig.course.finish(result(begun.deliveries[0]))
        assert following is not None
        assert rig.woken == 0
        assert rig.answer(True) == Wait(0.05)
        rig.answer(False)
        assert len(rig.asked.settle.results) == 1

    def test_half_of_the_places_are_company_enough(self):
        rig = Rig(places=4)
        begun = rig.turn(*_claimed(*range(1, 8)))
        rig.answer()
        for each in begun.deliveries[:2]:
            rig.course.finish(result(each))
        assert rig.woken == 1
        rig.answer(True)
        assert len(rig.asked.settle.results) == 2

    def test_attempts_are_counted_and_what_was_given_back_is_none(self):
        rig = Rig()
        begun = rig.turn(*_claimed(1, 2, 3))
        rig.answer()
        rig.finish(begun, Verdict.DELIVERED, Verdict.FAILED, Verdict.RELEASED)
        rig.answer(True)
        assert rig.course.attempts == 0
        rig.turn()
        assert rig.course.attempts == 2


class TestHooks:
    def test_they_are_told_once_it_is_written_down(self):
        heard = []
        rig = Rig(hooks=DeliveryHooks(on_dead_letter=heard.append, on_endpoint_disabled=heard.append))
        assert heard == []
        rig.turn(settled=Settled((_DEAD,), (_DISABLED,)))
        assert heard == [_DEAD, _DISABLED]

    def test_what_cannot_be_sent_is_told_and_logged_once_it_is_written_down(self, caplog):
        heard = []
        rig = Rig(hooks=DeliveryHooks(on_unsent=heard.append))
        begun = rig.turn(*_claimed(1, 2))
        rig.answer()
        for each in begun.deliveries:
            rig.course.finish(result(each, Verdict.PREVENTED, error="ProxyFailed: it refused"))
        rig.answer(True)
        assert heard == []
        with caplog.at_level(logging.WARNING, logger="hamilton_sdk.webhooks"):
            rig.turn()
        assert [(each.delivery_id, each.error) for each in heard] == [(1, "ProxyFailed: it refused")]
        assert [record.message for record in caplog.records] == [
            "nothing can be sent to endpoint ep_1: ProxyFailed: it refused"
        ]

    def test_what_could_not_be_written_down_is_told_later(self):
        heard = []
        rig = Rig(hooks=DeliveryHooks(on_unsent=heard.append))
        begun = rig.turn(*_claimed(1))
        rig.answer()
        rig.finish(begun, Verdict.UNREACHED)
        rig.answer(True)
        rig.answer(StoreError("away"))
        assert heard == []
        rig.answer(False)
        rig.turn()
        assert len(heard) == 1

    def test_one_that_fails_is_logged_and_stops_nothing(self, caplog):
        def fail(_):
            raise ValueError("the application's own")

        rig = Rig(hooks=DeliveryHooks(on_dead_letter=fail))
        with caplog.at_level(logging.ERROR, logger="hamilton_sdk.webhooks"):
            assert isinstance(rig.turn(settled=Settled((_DEAD, _DEAD))), Wait)
        assert [record.message for record in caplog.records] == ["a delivery hook failed"] * 2


class TestEnding:
    def test_where_nothing_is_due_it_ends_if_it_is_not_to_go_on(self):
        assert Rig(until_stopped=False).turn() is None

    def test_but_not_before_everything_is_written_down(self):
        rig = Rig(until_stopped=False)
        begun = rig.turn(*_claimed(1))
        assert isinstance(rig.answer(), Wait)
        rig.finish(begun)
        rig.answer(True)
        assert rig.turn() is None

    def test_nor_while_others_claim(self):
        rig = Rig(until_stopped=False)
        assert rig.turn(contended=True) == Wait(0.02)
        rig.answer(False)
        assert rig.turn() is None

    def test_stopping_claims_nothing_finishes_what_runs_and_gives_the_rest_back(self):
        rig = Rig(places=1)
        begun = rig.turn(*_claimed(1, 2))
        rig.answer()
        rig.course.stop()
        assert rig.woken == 1
        rig.answer(True)
        settle = rig.asked.settle
        assert [(each.claimed.id, each.verdict) for each in settle.results] == [(2, Verdict.RELEASED)]
        assert rig.asked.claim is None
        assert isinstance(rig.turn(), Wait)
        assert rig.finish(begun) == [None]
        rig.answer(True)
        assert [each.claimed.id for each in rig.asked.settle.results] == [1]
        assert rig.asked.claim is None
        assert rig.turn() is None

    def test_what_was_claimed_while_it_was_stopped_does_not_begin(self):
        rig = Rig()
        rig.course.stop()
        rig.turn(*_claimed(1))
        assert [each.verdict for each in rig.asked.settle.results] == [Verdict.RELEASED]
        assert rig.turn() is None

    def test_a_course_with_an_end_stops_by_itself(self):
        rig = Rig(places=1, until_stopped=False)
        rig.course.end_after(timedelta(seconds=60))
        rig.clock.advance(59)
        begun = rig.turn(*_claimed(1, 2))
        rig.clock.advance(1)
        rig.answer()
        settle = rig.asked.settle
        assert [(each.claimed.id, each.verdict) for each in settle.results] == [(2, Verdict.RELEASED)]
        assert isinstance(rig.turn(), Wait)
        assert rig.finish(begun) == [None]
        rig.answer(True)
        assert rig.asked.claim is None
        assert rig.turn() is None

    def test_an_idle_course_that_is_stopped_ends(self):
        rig = Rig()
        rig.turn()
        rig.course.stop()
        assert rig.answer(True) is None


class TestStoreAway:
    def test_it_waits_longer_and_longer_and_nothing_is_lost(self, caplog):
        rig = Rig()
        begun = rig.turn(*_claimed(1, 2))
        rig.answer()
        rig.finish(begun)
        rig.answer(True)
        waits = []
        with caplog.at_level(logging.WARNING, logger="hamilton_sdk.webhooks"):
            for _ in range(8):
                assert len(rig.asked.settle.results) == 2
                waits.append(rig.answer(StoreError("the disk is full")).seconds)
                rig.answer(False)
        assert waits == [0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 10.0, 10.0]
        assert [record.message for record in caplog.records] == ["deliveries pause: the disk is full"]
        assert len(rig.asked.settle.results) == 2
        rig.turn()
        assert rig.course.attempts == 2

    def test_it_begins_to_count_anew_once_the_store_is_back(self):
        rig = Rig()
        rig.answer(StoreError("away"))
        rig.answer(False)
        rig.turn()
        rig.answer(False)
        assert rig.answer(StoreError("away")) == Wait(0.1)

    def test_one_that_is_to_end_gives_up_after_three_tries(self):
        rig = Rig(until_stopped=False)
        for _ in range(2):
            assert isinstance(rig.answer(StoreError("away")), Wait)
            rig.answer(False)
        with pytest.raises(StoreError, match="away"):
            rig.answer(StoreError("away"))

    def test_so_does_one_that_is_stopped(self):
        rig = Rig()
        begun = rig.turn(*_claimed(1))
        rig.answer()
        rig.course.stop()
        rig.finish(begun)
        rig.answer(True)
        for _ in range(2):
            assert rig.asked.claim is None
            rig.answer(StoreError("away"))
            rig.answer(False)
        with pytest.raises(StoreError):
            rig.answer(StoreError("away"))

    def test_results_outlive_whatever_else_goes_wrong(self):
        rig = Rig()
        begun = rig.turn(*_claimed(1))
        rig.answer()
        rig.finish(begun)
        rig.answer(True)
        with pytest.raises(ZeroDivisionError):
            rig.answer(ZeroDivisionError())
        rest = rig.course.steps(until_stopped=False)
        step = next(rest)
        assert [each.claimed.id for each in step.operation.settle.results] == [1]


def test_the_whole_way_of_many_deliveries():
    """Each is begun once and settled once, whatever finishes first."""
    rig, waiting, running, settled = (
        Rig(places=5, until_stopped=False),
        deque(_claimed(*range(200))),
        deque(),
        [],
    )
    while rig.step is not None:
        if isinstance(rig.step, Query):
            if rig.asked.settle is not None:
                settled += [each.claimed.id for each in rig.asked.settle.results]
            free = rig.asked.claim.room.free
            rig.turn(*[waiting.popleft() for _ in range(min(free, len(waiting)))])
        elif isinstance(rig.step, Begin):
            running += rig.step.deliveries
            rig.answer()
        else:
            running.rotate(1)
            following = rig.course.finish(result(running.popleft())) if running else None
            running += [] if following is None else [following]
            rig.answer(True)
    assert sorted(settled) == list(range(200))
    assert rig.course.attempts == 200
