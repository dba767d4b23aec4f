"""What every fake has: calls in one step, at the connector's time, and failures that a test asked for."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from hamilton_sdk.errors import ConnectionLost, ConnectorError, NotFound
from hamilton_sdk.faking import Faking
from hamilton_sdk.flow import Now

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


class Counter(Faking):
    """Counts its calls."""

    def __init__(self) -> None:
        super().__init__("counting.fake")
        self.count = 0
        self.settled: list[datetime] = []

    def _settle(self, now: datetime) -> None:
        self.settled.append(now)

    def add(self, step: int = 1):
        return self._perform("add", lambda now: self._add(step))

    def take(self):
        return self._perform("take", lambda now: self._add(-1))

    def _add(self, step: int) -> int:
        if self.count + step < 0:
            raise NotFound("there is none")
        self.count += step
        return self.count


def run(flow):
    assert isinstance(next(flow), Now)
    try:
        flow.send(NOW)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("it asked for more")


def test_a_call_is_done_in_one_step_at_the_connectors_time() -> None:
    counter = Counter()
    assert run(counter.add()) == 1
    assert counter.settled == [NOW]


def test_what_was_not_begun_did_nothing() -> None:
    counter = Counter()
    flow = counter.add()
    next(flow)
    flow.close()
    assert counter.count == 0


def test_what_it_refuses_says_who_refused_what() -> None:
    counter = Counter()
    with pytest.raises(NotFound) as caught:
        run(counter.take())
    assert (caught.value.connector, caught.value.operation) == ("counting.fake", "take")
    assert counter.name == "counting.fake"


class TestFailures:
    def test_the_next_call_fails_and_the_one_after_works(self) -> None:
        counter = Counter()
        counter.fail_next(ConnectionLost("cut"))
        with pytest.raises(ConnectionLost):
            run(counter.add())
        assert run(counter.add()) == 1

    def test_an_answer_may_be_lost_after_the_work(self) -> None:
        counter = Counter()
        counter.fail_next(ConnectionLost("cut"), after_work=True)
        with pytest.raises(ConnectionLost):
            run(counter.add())
        assert counter.count == 1

    def test_several_are_used_up_in_order_each_by_its_operation(self) -> None:
        counter = Counter()
        first, second = ConnectorError("first"), ConnectorError("second")
        counter.fail_next(first, "take")
        counter.fail_next(second)
        with pytest.raises(ConnectorError, match="second"):
            run(counter.add())
        assert run(counter.add()) == 1
        with pytest.raises(ConnectorError, match="first"):
            run(counter.take())
        counter.assert_all_failed()

    def test_one_that_was_never_reached_is_told(self) -> None:
        counter = Counter()
        counter.fail_next(ConnectionLost("cut"), "take")
        counter.fail_next(ConnectionLost("cut"))
        with pytest.raises(AssertionError, match="failures that never happened: take, any call"):
            counter.assert_all_failed()


def test_threads_may_share_it() -> None:
    counter = Counter()
    threads = [threading.Thread(target=lambda: [run(counter.add()) for _ in range(200)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.count == 800
