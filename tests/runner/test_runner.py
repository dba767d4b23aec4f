"""What both runners promise, shown for the sync and the async one alike."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from hamilton_sdk.errors import (
    ConfigurationError,
    ConnectionFailed,
    ConnectionLost,
    ConnectorError,
    Interrupted,
    Outcome,
    PartialFailure,
    RateLimited,
    TimedOut,
)
from hamilton_sdk.flow import Flow, Now, Offload, Query, Request, Response, Safety, Sleep
from hamilton_sdk.journal import correlation
from hamilton_sdk.retry import Reason, RetryPolicy
from tests.runner.rig import Script, ask, one

OK = Response(200)
NO_JITTER_LIMIT = 20.0


def failing(times: int, failure: Callable[[], Response | BaseException]) -> Script:
    """Fail so many times, then answer."""
    return lambda _request, number: failure() if number <= times else OK


def test_a_flows_result_is_returned(rig):
    def flow() -> Flow[str]:
        answer: Response = yield ask("read")
        moment: datetime = yield Now()
        yield Sleep(3.0)
        later: datetime = yield Now()
        return f"{answer.status} {later - moment}"

    assert rig().run(flow()) == "200 0:00:03"


def test_an_answer_reaches_the_flow_whatever_its_status(rig):
    answer = rig(lambda _request, _times: Response(404)).run(one())
    assert answer.status == 404


def test_an_answer_knows_its_attempt_our_id_and_the_wait_asked_for(rig):
    busy = Response(503, {"retry-after": "7"})
    made = rig(failing(1, lambda: busy))
    with correlation("visit-7"):
        answer = made.run(one())
    assert (answer.attempts, answer.request_id, answer.retry_after) == (2, "visit-7", None)
    last = rig(failing(9, lambda: busy)).run(one())
    assert (last.attempts, last.retry_after) == (4, 7.0)


def test_without_a_correlation_each_operation_has_an_id_of_its_own(rig):
    made = rig()
    ids = {made.run(one()).request_id, made.run(one()).request_id}
    assert len(ids) == 2
    assert all(len(each) == 32 for each in ids)


@pytest.mark.parametrize(
    ("failure", "safety", "sent"),
    [
        (lambda: ConnectionFailed("no"), Safety.UNSAFE, 4),
        (lambda: ConnectionLost("cut"), Safety.SAFE, 4),
        (lambda: ConnectionLost("cut"), Safety.IDEMPOTENT, 4),
        (lambda: ConnectionLost("cut"), Safety.UNSAFE, 1),
        (lambda: Response(500), Safety.UNSAFE, 1),
        (lambda: Response(500), Safety.SAFE, 4),
        (lambda: Response(429), Safety.UNSAFE, 4),
        (lambda: Response(400), Safety.SAFE, 1),
    ],
)
def test_a_request_is_repeated_by_outcome_and_safety(rig, failure, safety, sent):
    made = rig(failing(99, failure))
    try:
        made.run(one("write", safety))
    except ConnectorError as error:
        assert error.attempts == sent
    assert made.wire.operations == ["write"] * sent
    assert made.attempts[-1].reason is not Reason.RETRY
    assert [attempt.number for attempt in made.attempts] == list(range(1, sent + 1))
    assert len(made.given_up) == 1


def test_a_missing_answer_is_thrown_into_the_flow_filled_with_what_support_asks_for(rig):
    made = rig(failing(99, lambda: ConnectionLost("cut")))

    def flow() -> Flow[ConnectorError]:
        try:
            yield ask("write", Safety.UNSAFE)
        except ConnectorError as error:
            return error
        raise AssertionError

    with correlation("c-1"):
        error = made.run(flow())
    assert (error.connector, error.operation, error.method) == ("acs.test", "write", "POST")
    assert (error.url, error.request_id, error.attempts) == ("https://peer.example:8443/x", "c-1", 1)


def test_the_wait_asked_for_is_kept(rig):
    made = rig(failing(1, lambda: Response(429, {"retry-after": "5"})))
    assert made.run(one()).status == 200
    assert 5.0 <= made.clock.slept[0] <= 5.5


def test_a_wait_over_a_minute_is_given_up_at_once(rig):
    made = rig(failing(9, lambda: Response(429, {"retry-after": "61"})))
    answer = made.run(one())
    assert (answer.status, answer.retry_after, made.clock.slept) == (429, 61.0, [])
    assert made.given_up[0].reason is Reason.RETRY_AFTER_TOO_LONG


def test_a_dead_peer_uses_its_budget_up(rig):
    made = rig(failing(999, lambda: ConnectionFailed("no")))
    flows = [_swallow("read") for _ in range(30)]
    made.run(*flows, policy=RetryPolicy(budget_per_second=0.0))
    # Ten at the start and a fifth of each call; it starts full, so the first calls add nothing.
    assert 30 + 10 <= len(made.wire.sent) <= 30 + 16
    assert made.given_up[-1].reason is Reason.BUDGET


def _swallow(operation: str) -> Flow[None]:
    try:
        yield ask(operation)
    except ConnectorError:
        return


def test_the_peer_gets_no_more_time_than_the_deadline_leaves(rig):
    made = rig(takes=20.0)

    def flow() -> Flow[None]:
        yield ask("a")
        yield ask("b")
        yield ask("c")

    made.run(flow())
    assert made.wire.timeouts == [60.0, 40.0, 20.0]
    endless = rig(takes=20.0)
    endless.run(flow(), policy=RetryPolicy(deadline=None))
    assert endless.wire.timeouts == [None, None, None]


def undoing(*, second: str = "grant") -> Flow[str]:
    made = False
    try:
        yield ask("create", Safety.UNSAFE)
        made = True
        yield ask(second, Safety.UNSAFE)
    except ConnectorError:
        if made:
            yield ask("remove", Safety.IDEMPOTENT, undo=True)
        raise
    return "made"


def test_a_passed_deadline_interrupts_undoes_and_is_reported(rig):
    made = rig(takes=61.0)
    with pytest.raises(TimedOut, match="operate did not end within 60 s") as caught:
        made.run(undoing())
    assert made.wire.operations == ["create", "remove"]
    assert made.wire.timeouts == [60.0, 10.0]
    assert "deadline" in (caught.value.hint or "")


def test_a_deadline_passed_during_a_request_undoes_too(rig):
    def script(request: Request, _times: int) -> Response | BaseException:
        return TimedOut("no answer") if request.operation == "grant" else OK

    made = rig(script)
    with pytest.raises(TimedOut, match="no answer"):
        made.run(undoing())
    assert made.wire.operations == ["create", "grant", "remove"]


@pytest.mark.parametrize("cause", [KeyboardInterrupt, SystemExit, ZeroDivisionError])
def test_what_breaks_in_from_outside_undoes_and_passes_on_unchanged(rig, cause):
    def script(request: Request, _times: int) -> Response | BaseException:
        return cause() if request.operation == "grant" else OK

    made = rig(script)
    with pytest.raises(cause):
        made.run(undoing())
    assert made.wire.operations == ["create", "grant", "remove"]


def test_an_undo_that_is_broken_off_is_finished(rig):
    def script(request: Request, times: int) -> Response | BaseException:
        if request.operation == "grant":
            return Response(200) if times > 1 else ConnectionLost("cut")
        return KeyboardInterrupt() if request.operation == "remove" and times == 1 else OK

    made = rig(script)
    with pytest.raises(KeyboardInterrupt):
        made.run(undoing())
    assert made.wire.operations == ["create", "grant", "remove", "remove"]


def test_a_second_interruption_while_undoing_gives_up(rig):
    def script(request: Request, _times: int) -> Response | BaseException:
        return OK if request.operation == "create" else KeyboardInterrupt()

    made = rig(script)
    with pytest.raises(KeyboardInterrupt):
        made.run(undoing())
    assert made.wire.operations == ["create", "grant", "remove"]


def test_undo_has_ten_seconds_in_all_outside_of_the_deadline(rig):
    def script(request: Request, _times: int) -> Response | BaseException:
        return OK if request.operation in {"create", "grant"} else ConnectionLost("cut")

    made = rig(script, takes=61.0)
    with pytest.raises(TimedOut):
        made.run(undoing())
    # The first try of the undo took longer than the ten seconds: no second one.
    assert made.wire.operations == ["create", "remove"]
    assert sum(made.clock.slept) == 0


def test_undo_is_not_held_back_by_an_empty_budget(rig):
    def script(request: Request, times: int) -> Response | BaseException:
        if request.operation == "remove" and times < 3:
            return ConnectionLost("cut")
        return ConnectionLost("cut") if request.operation == "grant" else OK

    made = rig(script)
    with pytest.raises(ConnectionLost):
        made.run(undoing(), policy=RetryPolicy(budget_start=0.0, budget_per_second=0.0, budget_ratio=0.0))
    assert made.wire.operations == ["create", "grant", "remove", "remove", "remove"]


def half(cause: str) -> Flow[None]:
    try:
        yield ask(cause, Safety.UNSAFE)
        yield Sleep(99.0)
    except ConnectorError as error:
        raise PartialFailure("half", left=("holder 7",)) from error


def test_what_could_not_be_undone_is_noted_on_an_interruption(rig):
    made = rig(lambda _request, _times: KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt) as caught:
        made.run(half("create"))
    assert any("holder 7" in note for note in caught.value.__notes__)


def test_what_could_not_be_undone_replaces_a_passed_deadline(rig):
    with pytest.raises(PartialFailure) as caught:
        rig().run(half("create"))
    assert caught.value.left == ("holder 7",)
    assert isinstance(caught.value.__cause__, TimedOut)


def test_a_flow_that_swallows_its_interruption_does_not_turn_it_into_success(rig):
    def flow() -> Flow[str]:
        try:
            yield Sleep(99.0)
        except Interrupted:
            return "as if nothing had been"
        return "slept"

    with pytest.raises(TimedOut):
        rig().run(flow())


def test_a_sleep_beyond_the_deadline_ends_at_the_deadline(rig):
    made = rig()
    with pytest.raises(TimedOut):
        made.run(yield_sleep(99.0))
    assert made.clock.slept == [60.0]


def test_a_sleep_while_undoing_is_bounded_by_the_time_to_undo(rig):
    seen = []

    def flow() -> Flow[None]:
        try:
            yield Sleep(99.0)
        except Interrupted:
            try:
                yield Sleep(11.0)
            except TimedOut as error:
                seen.append(str(error))
            raise

    made = rig()
    with pytest.raises(TimedOut, match="operate did not end"):
        made.run(flow())
    assert made.clock.slept == [60.0, 10.0]
    assert "could not be taken back within 10 s" in seen[0]


def yield_sleep(seconds: float) -> Flow[None]:
    yield Sleep(seconds)


def test_a_flow_is_closed_whatever_happens(rig):
    closed = []

    def flow() -> Flow[None]:
        try:
            yield ask("read")
            yield Query("anything")
        finally:
            closed.append(True)

    with pytest.raises(ConfigurationError, match="has no store"):
        rig().run(flow())
    assert closed == [True]


def test_what_is_no_effect_is_named(rig):
    def flow() -> Flow[None]:
        yield "request"  # type: ignore[misc]  # on purpose

    with pytest.raises(ConfigurationError, match="yielded str, which is no effect"):
        rig().run(flow())


# Offload


def test_an_offloaded_function_uses_our_transport(rig):
    def function(fetch: Callable[[Request], Response]) -> int:
        return fetch(ask("through")).status

    def flow() -> Flow[int]:
        status: int = yield Offload(function)
        return status

    made = rig(lambda _request, _times: Response(204))
    assert made.run(flow()) == 204
    assert made.wire.operations == ["through"]


# Asking again for what an answer left unserved


def test_unserved_items_wait_as_a_retry_does(rig):
    def flow() -> Flow[tuple[int, int]]:
        first: Response = yield ask("batch")
        second: Response = yield ask("batch", retry_of=first)
        return first.attempts, second.attempts

    made = rig(lambda _request, times: Response(200, {"retry-after": "3"} if times == 1 else {}))
    assert made.run(flow()) == (1, 2)
    assert 3.0 <= made.clock.slept[0] <= 3.5


def test_unserved_items_are_given_up_after_the_attempts(rig):
    def flow() -> Flow[None]:
        answer: Response = yield ask("batch")
        while True:
            answer = yield ask("batch", retry_of=answer)

    made = rig()
    with pytest.raises(RateLimited, match="not everything was served") as caught:
        made.run(flow())
    assert len(made.wire.sent) == 4
    assert caught.value.attempts == 4


# Journal


def test_each_attempt_is_one_record(rig, caplog):
    caplog.set_level(logging.INFO, "hamilton_sdk")
    made = rig(failing(1, lambda: Response(503, {"x-request-id": "peer-1", "authorization": "secret"})))
    with correlation("c-9"):
        made.run(one("read"))
    records = [record.hamilton for record in caplog.records if record.name == "hamilton_sdk.acs"]
    assert [record["attempt"] for record in records] == [1, 2]
    assert [record["outcome"] for record in records] == [Outcome.UNKNOWN, Outcome.DONE]
    assert records[0]["peer"] == "peer.example:8443"
    assert records[0]["peer_request_id"] == "peer-1"
    assert {record["request_id"] for record in records} == {"c-9"}
    assert "secret" not in caplog.text


def test_a_cut_off_attempt_is_recorded_too(rig, caplog):
    caplog.set_level(logging.INFO, "hamilton_sdk")
    with pytest.raises(KeyboardInterrupt):
        rig(lambda _request, _times: KeyboardInterrupt()).run(one("read"))
    assert [record.hamilton["error"] for record in caplog.records] == ["KeyboardInterrupt"]
    assert caplog.records[0].hamilton["outcome"] is Outcome.UNKNOWN


def test_now_is_the_clocks_aware_time(rig):
    def flow() -> Flow[datetime]:
        moment: datetime = yield Now()
        return moment

    assert rig().run(flow()) == datetime(2026, 1, 1, tzinfo=UTC)


def test_calls_for_one_reference_may_follow_each_other(rig):
    made = rig()
    made.run(one("a"), one("b"), turn="visit-1")
    assert made.wire.operations == ["a", "b"]
