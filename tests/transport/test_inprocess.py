"""A responder in process: its answers, its time, and the ways it can fail to answer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from hamilton_sdk.acs import AccessControl, Aeos
from hamilton_sdk.clock import SettableClock, SystemClock
from hamilton_sdk.errors import (
    BadResponse,
    ConnectionFailed,
    ConnectionLost,
    ConnectorError,
    Outcome,
    TimedOut,
)
from hamilton_sdk.flow import Cut, Flow, Now, Offload, Request, Response, Sleep
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.testing.faults import Fault
from hamilton_sdk.testing.simulators import AeosSimulator
from hamilton_sdk.transport.opening import open_async_transport, open_transport
from tests.transport.conftest import get, post

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.acs import AccessControl, Aeos
from hamilton_sdk.clock import Clock

Send = "Callable[[Simulator, Clock, Request, float | None], Response]"


class Simulator:
    """Answers as its script says, and remembers what was done."""

    def __init__(self, script: Callable[[Simulator, Request], Flow[Response]]) -> None:
        self._script = script
        self.done: list[str] = []

    def respond(self, request: Request) -> Flow[Response]:
        return self._script(self, request)


def send_sync(simulator: Simulator, clock: Clock, request: Request, timeout: float | None) -> Response:
    transport = open_transport(simulator, clock)
    try:
        return transport.send(request, timeout)
    finally:
        transport.close()


def send_async(simulator: Simulator, clock: Clock, request: Request, timeout: float | None) -> Response:
    async def run() -> Response:
        transport = open_async_transport(simulator, clock)
        try:
            return await transport.send(request, timeout)
        finally:
            await transport.close()

    return asyncio.run(run(), debug=True)


@pytest.fixture(params=[send_sync, send_async], ids=["sync", "async"])
def send(request: pytest.FixtureRequest) -> Send:
    return request.param


def slowly(seconds: float) -> Callable[[Simulator, Request], Flow[Response]]:
    def script(simulator: Simulator, request: Request) -> Flow[Response]:
        yield Sleep(seconds)
        simulator.done.append(request.operation)
        return Response(200, {"x-kind": "slow"}, b"done")

    return script


def cutting(kind: str) -> Callable[[Simulator, Request], Flow[Response]]:
    def script(simulator: Simulator, request: Request) -> Flow[Response]:
        yield Sleep(1.0)
        simulator.done.append(request.operation)
        raise Cut(kind, after_work=True)

    return script


def test_the_answer_is_the_responders(send: Send) -> None:
    simulator = Simulator(slowly(0.0))
    assert send(simulator, SettableClock(), post("https://peer.example/"), None) == Response(
        200, {"x-kind": "slow"}, b"done"
    )
    assert simulator.done == ["write"]


def test_time_is_the_clocks_and_waits_move_it_without_counting_as_the_callers(send: Send) -> None:
    def script(_simulator: Simulator, _request: Request) -> Flow[Response]:
        before: datetime = yield Now()
        yield Sleep(90.0)
        after: datetime = yield Now()
        return Response(200, {}, f"{before.isoformat()} {after.isoformat()}".encode())

    clock = SettableClock(datetime(2026, 3, 27, 8, 0, tzinfo=UTC))
    answer = send(Simulator(script), clock, get("https://peer.example/"), None)
    assert answer.body == b"2026-03-27T08:00:00+00:00 2026-03-27T08:01:30+00:00"
    assert clock.slept == []


def test_a_wait_shorter_than_the_time_out_is_answered(send: Send) -> None:
    clock = SettableClock()
    assert send(Simulator(slowly(2.0)), clock, get("https://peer.example/"), 2.5).ok
    assert clock.monotonic() == 2.0


@pytest.mark.parametrize("seconds", [2.5, 1000.0])
def test_a_wait_as_long_as_the_time_out_times_out_when_that_has_passed(send: Send, seconds: float) -> None:
    clock = SettableClock()
    simulator = Simulator(slowly(seconds))
    with pytest.raises(TimedOut, match=r"write at https://peer\.example/: no whole answer in time") as caught:
        send(simulator, clock, post("https://peer.example/?secret=1"), 2.5)
    assert type(caught.value) is TimedOut
    assert caught.value.outcome is Outcome.UNKNOWN
    assert clock.monotonic() == 2.5


def test_a_peer_finishes_what_nobody_waits_for_any_more(send: Send) -> None:
    """As a real server would: that is why the outcome is unknown."""
    simulator = Simulator(slowly(3.0))
    with pytest.raises(TimedOut):
        send(simulator, SettableClock(), post("https://peer.example/"), 1.0)
    assert simulator.done == ["write"]


def test_several_waits_add_up(send: Send) -> None:
    def script(_simulator: Simulator, _request: Request) -> Flow[Response]:
        for _ in range(3):
            yield Sleep(1.0)
        return Response(200)

    clock = SettableClock()
    with pytest.raises(TimedOut):
        send(Simulator(script), clock, get("https://peer.example/"), 2.5)
    assert clock.monotonic() == 2.5


@pytest.mark.parametrize(
    ("kind", "error", "outcome", "passed"),
    [
        ("refused", ConnectionFailed, Outcome.NOT_SENT, 1.0),
        ("reset", ConnectionLost, Outcome.UNKNOWN, 1.0),
        ("truncated", ConnectionLost, Outcome.UNKNOWN, 1.0),
        ("timeout", TimedOut, Outcome.UNKNOWN, 30.0),
    ],
)
def test_a_cut_line_is_the_error_a_real_one_would_be(
    send: Send, kind: str, error: type[ConnectorError], outcome: Outcome, passed: float
) -> None:
    clock = SettableClock()
    with pytest.raises(error) as caught:
        send(Simulator(cutting(kind)), clock, post("https://peer.example/"), 30.0)
    assert type(caught.value) is error
    assert caught.value.outcome is outcome
    assert caught.value.hint is not None
    assert (caught.value.operation, caught.value.method, caught.value.url) == (
        "write",
        "POST",
        "https://peer.example/",
    )
    assert clock.monotonic() == passed


def test_silence_without_a_time_out_takes_no_time(send: Send) -> None:
    clock = SettableClock()
    with pytest.raises(TimedOut):
        send(Simulator(cutting("timeout")), clock, get("https://peer.example/"), None)
    assert clock.monotonic() == 1.0


class Waiting(SystemClock):
    """The machine's clock, with its waits noted and its time moved instead of spent."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return sum(self.waits)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def asleep(self, seconds: float) -> None:
        self.waits.append(seconds)


def test_with_the_machines_clock_waits_are_real(send: Send) -> None:
    clock = Waiting()
    assert send(Simulator(slowly(2.0)), clock, get("https://peer.example/"), 30.0).ok
    assert clock.waits == [2.0]


def test_with_the_machines_clock_a_late_answer_is_waited_for_until_the_time_out(send: Send) -> None:
    """As at a real peer: raised at once, the call would have time left to be tried again, and succeed."""
    clock, simulator = Waiting(), Simulator(slowly(60.0))
    with pytest.raises(TimedOut):
        send(simulator, clock, post("https://peer.example/"), 30.0)
    assert clock.waits == [30.0]
    assert simulator.done == ["write"]


def test_with_the_machines_clock_silence_lasts_until_the_time_out(send: Send) -> None:
    clock = Waiting()
    with pytest.raises(TimedOut):
        send(Simulator(cutting("timeout")), clock, post("https://peer.example/"), 30.0)
    assert clock.waits == [1.0, 29.0]


def test_a_peer_that_goes_on_after_the_time_out_is_not_waited_for_again(send: Send) -> None:
    def script(_simulator: Simulator, _request: Request) -> Flow[Response]:
        yield Sleep(20.0)
        yield Sleep(20.0)
        yield Sleep(20.0)
        raise Cut("timeout")

    clock = Waiting()
    with pytest.raises(TimedOut):
        send(Simulator(script), clock, get("https://peer.example/"), 30.0)
    assert clock.waits == [20.0, 10.0]


def test_a_short_deadline_is_over_before_a_slow_answer_and_nothing_is_tried_again() -> None:
    """Of the whole way through a connector: the time was really spent, so none is left for a second try."""
    clock = Waiting()
    simulator = AeosSimulator()
    simulator.faults.add(Fault("slow", seconds=60.0))
    aeos = Aeos(
        f"https://aeos.example{simulator.path}",
        username=simulator.username,
        password=simulator.password,
        timezone=simulator.timezone.key,
    )
    policy = RetryPolicy(deadline=2.0)
    with (
        AccessControl(aeos, transport=simulator, retry=policy, clock=clock) as acs,
        pytest.raises(TimedOut),
    ):
        acs.profiles()
    assert clock.waits == [2.0]
    assert len(simulator.faults.drawn) == 1


@pytest.mark.parametrize(("allowed", "refused"), [(4, False), (3, True)])
def test_the_cap_on_answers_holds_here_too(send: Send, allowed: int, refused: bool) -> None:
    request = get("https://peer.example/", largest_response=allowed)
    if refused:
        with pytest.raises(BadResponse, match="larger than allowed") as caught:
            send(Simulator(slowly(0.0)), SettableClock(), request, None)
        assert caught.value.status == 200
    else:
        assert send(Simulator(slowly(0.0)), SettableClock(), request, None).body == b"done"


def test_a_responder_that_yields_anything_else_is_told_so(send: Send) -> None:
    def script(_simulator: Simulator, _request: Request) -> Flow[Response]:
        yield Offload(lambda _fetch: None)
        return Response(200)

    with pytest.raises(TypeError, match="Offload: it may yield Sleep and Now"):
        send(Simulator(script), SettableClock(), get("https://peer.example/"), None)


async def test_an_async_exchange_lets_other_tasks_run_before_the_answer_and_while_it_waits() -> None:
    order: list[str] = []

    def script(simulator: Simulator, _request: Request) -> Flow[Response]:
        order.append("asked")
        yield Sleep(1.0)
        order.append("answered")
        return Response(200)

    async def other() -> None:
        order.append("other")
        await asyncio.sleep(0)
        order.append("other again")

    transport = open_async_transport(Simulator(script), SettableClock())
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(transport.send(get("https://peer.example/"), None))
        tasks.create_task(other())
    assert order == ["other", "asked", "other again", "answered"]
