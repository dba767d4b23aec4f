"""A peer's limits per mailbox or the like: never more at once or in a span, and no wait past the deadline."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.clock import SettableClock, SystemClock
from hamilton_sdk.errors import ConnectionLost, Outcome, RateLimited, ServerFailed, TimedOut
from hamilton_sdk.flow import Lane, Request, Response, Safety
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.runner import AsyncRunner, Runner
from hamilton_sdk.runner.lanes import AsyncLanes, Lanes, Pace
from tests.runner.rig import Plain

POLICY = RetryPolicy()


def ask(lane):
    def flow():
        answer = yield Request(
            method="GET", url="https://peer.example/", operation="get", safety=Safety.SAFE, lane=lane
        )
        return answer

    return flow()


class Gate:
    """A transport that keeps every request until it is opened, and counts those inside."""

    def __init__(self):
        self.inside = self.most = self.sent = 0
        self.lock = threading.Lock()
        self.open = threading.Event()

    def _enter(self):
        with self.lock:
            self.sent += 1
            self.inside += 1
            self.most = max(self.most, self.inside)

    def _leave(self):
        with self.lock:
            self.inside -= 1

    def send(self, request, timeout):
        self._enter()
        self.open.wait(10)
        self._leave()
        return Response(200)

    def close(self): ...


class AsyncGate(Gate):
    async def send(self, request, timeout):
        self._enter()
        while not self.open.is_set():
            await asyncio.sleep(0.001)
        self._leave()
        return Response(200)

    async def close(self): ...


def until(condition):
    for _ in range(5000):
        if condition():
            return
        time.sleep(0.001)
    pytest.fail("it did not come to pass")


class TestWidth:
    def test_no_more_threads_at_once_than_the_lane_is_wide(self):
        gate = Gate()
        runner = Runner(Plain(), gate, SystemClock())
        threads = [
            threading.Thread(target=runner.run, args=(ask(Lane("a", 4)), "get", POLICY)) for _ in range(12)
        ]
        for thread in threads:
            thread.start()
        until(lambda: gate.inside == 4)
        other = threading.Thread(target=runner.run, args=(ask(Lane("b", 4)), "get", POLICY))
        other.start()
        until(lambda: gate.inside == 5)  # another lane is not held back
        gate.open.set()
        for thread in (*threads, other):
            thread.join()
        assert (gate.sent, gate.most) == (13, 5)

    async def test_no_more_tasks_at_once_than_the_lane_is_wide(self):
        gate = AsyncGate()
        runner = AsyncRunner(Plain(), gate, SystemClock())
        tasks = [asyncio.create_task(runner.run(ask(Lane("a", 4)), "get", POLICY)) for _ in range(12)]
        other = asyncio.create_task(runner.run(ask(Lane("b", 4)), "get", POLICY))
        while gate.inside < 5:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.02)
        assert gate.sent == 5
        gate.open.set()
        await asyncio.gather(*tasks, other)
        assert (gate.sent, gate.most) == (13, 5)

    async def test_a_cancelled_request_gives_its_place_back(self):
        gate = AsyncGate()
        runner = AsyncRunner(Plain(), gate, SystemClock())
        holding = asyncio.create_task(runner.run(ask(Lane("a", 1)), "get", POLICY))
        waiting = asyncio.create_task(runner.run(ask(Lane("a", 1)), "get", POLICY))
        while gate.inside < 1:
            await asyncio.sleep(0.001)
        waiting.cancel()
        holding.cancel()
        await asyncio.gather(waiting, holding, return_exceptions=True)
        gate.open.set()
        assert (await runner.run(ask(Lane("a", 1)), "get", POLICY)).status == 200


class Scripted:
    def __init__(self, *script):
        self.script = list(script)
        self.timeouts = []

    def send(self, request, timeout):
        self.timeouts.append(timeout)
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self): ...


class AsyncScripted(Scripted):
    async def send(self, request, timeout):
        return super().send(request, timeout)

    async def close(self): ...


def run(transport, clock, lane, policy=POLICY):
    """The same call, sync and async."""
    if isinstance(transport, AsyncScripted):

        async def main():
            return await AsyncRunner(Plain(), transport, clock).run(ask(lane), "get", policy)

        return asyncio.run(main())
    return Runner(Plain(), transport, clock).run(ask(lane), "get", policy)


@pytest.mark.parametrize("kind", [Scripted, AsyncScripted])
class TestEachAttempt:
    def test_a_failed_attempt_gives_its_place_back(self, kind):
        transport = kind(ConnectionLost("cut"), Response(200))
        assert run(transport, SettableClock(), Lane("a", 1)).attempts == 2

    def test_what_the_peer_answers_is_the_answer(self, kind):
        transport = kind(*[Response(503)] * 4)
        assert run(transport, SettableClock(), Lane("a", 1)).status == 503

    def test_an_error_of_the_transport_is_not_taken_for_a_lack_of_room(self, kind):
        with pytest.raises(ServerFailed):
            run(kind(ServerFailed("no", outcome=Outcome.FINAL)), SettableClock(), Lane("a", 1))


class TestDeadline:
    def test_no_place_in_time_sends_nothing(self):
        gate = Gate()
        runner = Runner(Plain(), gate, SystemClock())
        holding = threading.Thread(target=runner.run, args=(ask(Lane("a", 1)), "get", POLICY))
        holding.start()
        until(lambda: gate.inside == 1)
        with pytest.raises(TimedOut) as caught:
            runner.run(ask(Lane("a", 1)), "get", RetryPolicy(deadline=0.05))
        gate.open.set()
        holding.join()
        assert caught.value.outcome is Outcome.NOT_SENT
        assert caught.value.hint
        assert gate.sent == 1

    async def test_no_place_in_time_sends_nothing_async(self):
        gate = AsyncGate()
        runner = AsyncRunner(Plain(), gate, SystemClock())
        holding = asyncio.create_task(runner.run(ask(Lane("a", 1)), "get", POLICY))
        while gate.inside < 1:
            await asyncio.sleep(0.001)
        with pytest.raises(TimedOut) as caught:
            await runner.run(ask(Lane("a", 1)), "get", RetryPolicy(deadline=0.05))
        gate.open.set()
        await holding
        assert caught.value.outcome is Outcome.NOT_SENT
        assert gate.sent == 1

    @pytest.mark.parametrize("kind", [Scripted, AsyncScripted])
    def test_a_place_in_the_span_that_comes_too_late_is_not_waited_for(self, kind):
        clock = SettableClock()
        transport = kind(Response(200))

        async def both():
            runner = AsyncRunner(Plain(), transport, clock)
            await runner.run(ask(lane), "get", POLICY)
            await runner.run(ask(lane), "get", POLICY)

        lane = Lane("a", 4, most=1, seconds=600)
        with pytest.raises(RateLimited) as caught:
            if kind is AsyncScripted:
                asyncio.run(both())
            else:
                runner = Runner(Plain(), transport, clock)
                runner.run(ask(lane), "get", POLICY)
                runner.run(ask(lane), "get", POLICY)
        assert clock.slept == []
        assert (caught.value.outcome, caught.value.retry_after) == (Outcome.NOT_SENT, 600.0)
        assert len(transport.timeouts) == 1

    @pytest.mark.parametrize("deadline", [None, 60.0])
    async def test_waiting_takes_from_the_time_of_the_request(self, deadline):
        lane, clock = Lane("a", 1, most=1, seconds=20), SettableClock()
        policy = RetryPolicy(deadline=deadline)
        blocking, awaiting = Scripted(*[Response(200)] * 2), AsyncScripted(*[Response(200)] * 2)
        runner, async_runner = Runner(Plain(), blocking, clock), AsyncRunner(Plain(), awaiting, clock)
        for _ in range(2):
            runner.run(ask(lane), "get", policy)
        for _ in range(2):
            await async_runner.run(ask(lane), "get", policy)
        assert blocking.timeouts == awaiting.timeouts == ([None, None] if deadline is None else [60.0, 40.0])
        assert clock.slept == [20.0, 20.0]


class TestPace:
    @given(
        most=st.integers(1, 5),
        gaps=st.lists(st.floats(0, 5, allow_nan=False), min_size=1, max_size=40),
    )
    def test_no_span_holds_more_than_allowed(self, most, gaps):
        pace, now, begun = Pace(most, 10.0), 0.0, []
        for gap in gaps:
            now += gap
            begun.append(now + pace.wait(now))
        for start in begun:
            assert sum(start <= each < start + 10.0 - 1e-9 for each in begun) <= most

    def test_nobody_waits_while_there_is_room(self):
        pace = Pace(2, 10.0)
        assert [pace.wait(0.0), pace.wait(1.0)] == [0.0, 0.0]
        assert pace.wait(4.0) == 6.0  # the first leaves the span at 10
        assert pace.wait(4.0) == 7.0  # the second at 11
        assert pace.wait(30.0) == 0.0


def test_lanes_of_one_name_are_one_whoever_asks():
    clock = SettableClock()
    lanes = Lanes(clock)
    with lanes.take(Lane("a", 1), None) as rest:
        assert rest is None
        with pytest.raises(TimeoutError), lanes.take(Lane("a", 1), 0.01):
            pytest.fail("there was room")
    with lanes.take(Lane("a", 1), 5.0) as rest:
        assert rest == 5.0


async def test_async_lanes_of_one_name_are_one_whoever_asks():
    lanes = AsyncLanes(SettableClock())
    async with lanes.take(Lane("a", 1), None) as rest:
        assert rest is None
        with pytest.raises(TimeoutError):
            async with lanes.take(Lane("a", 1), 0.01):
                pytest.fail("there was room")
    async with lanes.take(Lane("a", 1), 5.0) as rest:
        assert rest == 5.0
