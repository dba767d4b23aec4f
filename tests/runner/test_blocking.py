"""What only the sync runner promises: threads."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.errors import Interrupted, TimedOut
from hamilton_sdk.flow import Flow, Request, Response, Together, Token
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.runner import Runner
from tests.runner.rig import Plain, Rig, ask, one

OK = Response(200)
POLICY = RetryPolicy()


class Meeting:
    """A transport that notes how many requests were under way at once."""

    def __init__(self, *, hold: threading.Event | None = None) -> None:
        self.hold = hold
        self.lock = threading.Lock()
        self.inside = 0
        self.most = 0
        self.begun = threading.Semaphore(0)
        self.operations: list[str] = []

    def send(self, request: Request, timeout: float | None) -> Response:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.operations.append(request.operation)
        self.begun.release()
        if self.hold is not None:
            assert self.hold.wait(10)
        with self.lock:
            self.inside -= 1
        return OK

    def close(self) -> None: ...


def start(*calls: Any) -> list[threading.Thread]:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    return threads


def test_calls_for_one_reference_take_turns():
    hold = threading.Event()
    wire = Meeting(hold=hold)
    runner = Runner(Plain(), wire, SystemClock())
    threads = start(*[lambda: runner.run(one("same"), "operate", POLICY, "visit-1") for _ in range(3)])
    assert wire.begun.acquire(timeout=10)
    hold.set()
    for thread in threads:
        thread.join(10)
    assert wire.most == 1
    assert wire.operations == ["same"] * 3


def test_calls_for_different_references_do_not_wait_for_each_other():
    hold = threading.Event()
    wire = Meeting(hold=hold)
    runner = Runner(Plain(), wire, SystemClock())
    threads = start(
        lambda: runner.run(one("a"), "operate", POLICY, "visit-1"),
        lambda: runner.run(one("b"), "operate", POLICY, "visit-2"),
    )
    assert wire.begun.acquire(timeout=10)
    assert wire.begun.acquire(timeout=10)
    hold.set()
    for thread in threads:
        thread.join(10)
    assert wire.most == 2


def test_a_turn_that_does_not_come_ends_at_the_deadline_with_nothing_sent():
    hold = threading.Event()
    wire = Meeting(hold=hold)
    runner = Runner(Plain(), wire, SystemClock())
    threads = start(lambda: runner.run(one("first"), "operate", POLICY, "visit-1"))
    assert wire.begun.acquire(timeout=10)
    with pytest.raises(TimedOut):
        runner.run(one("second"), "operate", RetryPolicy(deadline=0.05), "visit-1")
    hold.set()
    threads[0].join(10)
    assert wire.operations == ["first"]
    assert runner.run(one("third"), "operate", POLICY, "visit-1").status == 200


def test_together_runs_no_more_than_its_limit_at_once():
    wire = Meeting()
    runner = Runner(Plain(), wire, SystemClock())

    def flow() -> Flow[int]:
        answers: list[Response] = yield Together([one() for _ in range(24)], limit=3)
        return len(answers)

    assert runner.run(flow(), "operate", POLICY) == 24
    assert wire.most <= 3


class Pass:
    def __init__(self) -> None:
        self.acquired = 0

    def acquire(self) -> Flow[Token]:
        yield ask("token")
        self.acquired += 1
        return Token("t")

    def apply(self, request: Request, token: Token) -> Request:
        return request.with_headers({"authorization": token.value})

    def expired(self, response: Response) -> bool:
        return response.status == 401


def test_many_threads_fetch_one_token():
    passes = Pass()
    runner = Runner(Plain(auth=passes), Meeting(), SystemClock())
    for thread in start(*[lambda: runner.run(one(), "operate", POLICY) for _ in range(8)]):
        thread.join(10)
    assert passes.acquired == 1


def test_ctrl_c_reaches_all_under_together_and_the_outer_flow_undoes():
    def script(request: Request, _times: int) -> Response | BaseException:
        return KeyboardInterrupt() if request.operation == "stop" else OK

    def flow() -> Flow[None]:
        try:
            yield ask("outer")
            yield Together([one("stop"), one("never")], limit=1)
        except Interrupted:
            yield ask("outer-undo", undo=True)
            raise

    rig = Rig(script, is_async=False)
    with pytest.raises(KeyboardInterrupt):
        rig.run(flow())
    assert rig.wire.operations == ["outer", "stop", "outer-undo"]


def test_ctrl_c_while_waiting_for_several_stops_them(monkeypatch):
    """The main thread waits while others work; Ctrl-C arrives in the main thread."""
    hold = threading.Event()
    wire = Meeting(hold=hold)
    runner = Runner(Plain(), wire, SystemClock())

    def interrupted(_futures: object) -> None:
        assert wire.begun.acquire(timeout=10)
        hold.set()
        raise KeyboardInterrupt

    monkeypatch.setattr("hamilton_sdk.runner.blocking.wait", interrupted)

    def two() -> Flow[None]:
        yield ask("first")
        yield ask("second")

    def flow() -> Flow[None]:
        yield Together([two()])

    with pytest.raises(KeyboardInterrupt):
        runner.run(flow(), "operate", POLICY)
    assert wire.operations[0] == "first"
