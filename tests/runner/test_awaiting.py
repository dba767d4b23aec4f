"""What only the async runner promises: cancellation, tasks, one event loop."""

from __future__ import annotations

import asyncio

import anyio
import pytest

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.errors import ConfigurationError, ConnectorError, PartialFailure, TimedOut
from hamilton_sdk.flow import Flow, Offload, Request, Response, Sleep, Together
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.runner import AsyncRunner
from tests.runner.rig import Plain, ask, one

OK = Response(200)
POLICY = RetryPolicy()


class Slow:
    """A transport on which the named operations never answer, unless `released`."""

    def __init__(self, *hanging: str) -> None:
        self.hanging = set(hanging)
        self.operations: list[str] = []
        self.reached = asyncio.Event()
        self.inside = 0
        self.most = 0

    async def send(self, request: Request, timeout: float | None) -> Response:
        self.operations.append(request.operation)
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            if request.operation in self.hanging:
                self.reached.set()
                await asyncio.Event().wait()
            await asyncio.sleep(0.001)
        finally:
            self.inside -= 1
        return OK

    async def close(self) -> None: ...


def undoing(name: str = "") -> Flow[None]:
    try:
        yield ask(f"create{name}")
        yield ask(f"grant{name}")
    except ConnectorError:
        yield ask(f"undo{name}-1", undo=True)
        yield ask(f"undo{name}-2", undo=True)
        raise


async def begin(wire: Slow, flow: Flow[None]) -> asyncio.Task[None]:
    runner = AsyncRunner(Plain(), wire, SystemClock())
    task = asyncio.create_task(runner.run(flow, "operate", POLICY))
    await wire.reached.wait()
    return task


async def test_cancellation_undoes_and_stays_cancellation():
    wire = Slow("grant")
    task = await begin(wire, undoing())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert wire.operations == ["create", "grant", "undo-1", "undo-2"]


async def test_a_second_cancellation_does_not_break_the_undo_off():
    wire = Slow("grant")
    task = await begin(wire, undoing())
    task.cancel()
    while "undo-1" not in wire.operations:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert wire.operations == ["create", "grant", "undo-1", "undo-2"]


async def test_an_asyncio_timeout_undoes():
    wire = Slow("grant")
    runner = AsyncRunner(Plain(), wire, SystemClock())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await runner.run(undoing(), "operate", POLICY)
    assert wire.operations[-2:] == ["undo-1", "undo-2"]


async def test_an_anyio_cancel_scope_undoes_although_it_cancels_again_and_again():
    wire = Slow("grant")
    runner = AsyncRunner(Plain(), wire, SystemClock())
    with anyio.move_on_after(0.05) as scope:
        await runner.run(undoing(), "operate", POLICY)
    assert scope.cancelled_caught
    assert wire.operations == ["create", "grant", "undo-1", "undo-2"]


async def test_cancellation_while_undoing_finishes_the_undo():
    class FailsThenHangs(Slow):
        async def send(self, request: Request, timeout: float | None) -> Response:
            if request.operation == "grant":
                self.operations.append("grant")
                message = "bad values"
                raise ConnectorError(message)
            if request.operation == "undo-1" and "undo-1" in self.operations:
                self.hanging.clear()
            return await super().send(request, timeout)

    wire = FailsThenHangs("undo-1")
    task = await begin(wire, undoing())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert wire.operations == ["create", "grant", "undo-1", "undo-1", "undo-2"]


async def test_what_could_not_be_undone_is_noted_on_the_cancellation():
    def flow() -> Flow[None]:
        try:
            yield ask("grant")
        except ConnectorError as error:
            message = "half"
            raise PartialFailure(message, left=("holder 7",)) from error

    task = await begin(Slow("grant"), flow())
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    assert any("holder 7" in note for note in caught.value.__notes__)


async def test_cancellation_reaches_all_under_together_and_each_undoes():
    wire = Slow("grant-a", "grant-b")

    def flow() -> Flow[None]:
        try:
            yield Together([undoing("-a"), undoing("-b")])
        except ConnectorError:
            yield ask("outer-undo", undo=True)
            raise

    task = await begin(wire, flow())
    while not {"grant-a", "grant-b"} <= set(wire.operations):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert {"undo-a-2", "undo-b-2"} <= set(wire.operations)
    assert wire.operations[-1] == "outer-undo"


async def test_a_failing_sibling_ends_one_that_hangs():
    wire = Slow("grant-a")

    def bad() -> Flow[None]:
        yield ask("bad")
        message = "no"
        raise ConnectorError(message)

    def flow() -> Flow[str]:
        try:
            yield Together([undoing("-a"), bad()])
        except ConnectorError as error:
            return str(error)
        raise AssertionError

    runner = AsyncRunner(Plain(), wire, SystemClock())
    assert await runner.run(flow(), "operate", POLICY) == "no"
    assert wire.operations[-2:] == ["undo-a-1", "undo-a-2"]


async def test_calls_for_one_reference_take_turns_and_others_do_not_wait():
    wire = Slow()
    runner = AsyncRunner(Plain(), wire, SystemClock())
    await asyncio.gather(*(runner.run(one(), "operate", POLICY, "visit-1") for _ in range(5)))
    assert wire.most == 1
    await asyncio.gather(*(runner.run(one(), "operate", POLICY, str(number)) for number in range(5)))
    assert wire.most == 5


async def test_a_turn_that_does_not_come_ends_at_the_deadline_with_nothing_sent():
    wire = Slow("first")
    runner = AsyncRunner(Plain(), wire, SystemClock())
    first = asyncio.create_task(runner.run(one("first"), "operate", POLICY, "visit-1"))
    await wire.reached.wait()
    with pytest.raises(TimedOut):
        await runner.run(one("second"), "operate", RetryPolicy(deadline=0.02), "visit-1")
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert wire.operations == ["first"]
    assert (await runner.run(one("third"), "operate", POLICY, "visit-1")).status == 200


async def test_together_runs_no_more_than_its_limit_at_once():
    wire = Slow()

    def flow() -> Flow[int]:
        answers: list[Response] = yield Together([one() for _ in range(20)], limit=4)
        return len(answers)

    assert await AsyncRunner(Plain(), wire, SystemClock()).run(flow(), "operate", POLICY) == 20
    assert wire.most == 4


async def test_an_offloaded_function_does_not_block_the_loop():
    runner = AsyncRunner(Plain(), Slow(), SystemClock())
    ticked = asyncio.Event()

    def flow() -> Flow[str]:
        name: str = yield Offload(lambda fetch: str(fetch(ask("through")).status))
        return name

    asyncio.get_running_loop().call_soon(ticked.set)
    assert await runner.run(flow(), "operate", POLICY) == "200"
    assert ticked.is_set()


def test_another_event_loop_is_refused_with_what_to_do():
    async def build() -> AsyncRunner:
        return AsyncRunner(Plain(), Slow(), SystemClock())

    runner = asyncio.run(build())
    closed = []

    def flow() -> Flow[None]:
        try:
            yield ask("read")
        finally:
            closed.append(True)

    given = flow()
    with pytest.raises(ConfigurationError, match="another event loop") as caught:
        asyncio.run(runner.run(given, "operate", POLICY))
    assert "each event loop" in (caught.value.hint or "")
    assert given.gi_frame is None


async def test_a_cancellation_is_never_lost_whenever_it_comes():
    """A flow that waits for several at once is cancelled after every number of steps of the loop."""

    def flow() -> Flow[str]:
        yield Together([one("a"), one("b"), one("c")])
        yield ask("d")
        return "done"

    lost = []
    for steps in range(60):
        task = asyncio.ensure_future(
            AsyncRunner(Plain(), Slow(), SystemClock()).run(flow(), "operate", POLICY)
        )
        for _ in range(steps):
            await asyncio.sleep(0)
        if task.done() or not task.cancel():
            break
        try:
            await task
        except asyncio.CancelledError:
            continue
        lost.append(steps)
    assert lost == []


async def test_a_cancellation_while_a_deadline_undoes_is_raised_once_it_has_undone():
    wire = Slow("undo-1")
    runner = AsyncRunner(Plain(), wire, SystemClock())

    def flow() -> Flow[None]:
        try:
            yield Sleep(99.0)
        except ConnectorError:
            yield ask("undo-0", undo=True)
            yield ask("undo-2", undo=True)
            raise

    task = asyncio.ensure_future(runner.run(flow(), "operate", RetryPolicy(deadline=0.01)))
    while "undo-0" not in wire.operations:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert wire.operations == ["undo-0", "undo-2"]
