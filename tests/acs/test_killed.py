"""Ended at any step, and repeated: nothing is left open, and the outcome is the same as if it had not been.

An operation is ended at each of its requests, before the server has done the work and after it: as by the end
of its process, by Ctrl-C, by cancellation, and by its deadline.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hamilton_sdk.errors import ConnectorError, PartialFailure, TimedOut
from hamilton_sdk.flow import Cut, Flow, Request, Response
from hamilton_sdk.testing.faults import Fault
from hamilton_sdk.testing.server import LoopbackServer
from hamilton_sdk.transport.inprocess import AsyncInProcessTransport, InProcessTransport
from tests.acs.building import (
    START,
    STRATEGIES,
    AsyncLine,
    Building,
    InlineExecutor,
    Line,
    Strategy,
    order,
)
from tests.acs.cases import WRITES, Case
from tests.acs.stepping import Stepper

ROOT = Path(__file__).parents[2]


class Scene:
    """One operation with one strategy, as it stands before and as it should stand after."""

    def __init__(self, case: Case, strategy: Strategy) -> None:
        self.case = case
        self.building = building = Building(strategy)
        with building.connect() as acs:
            case.before(acs)
        self.before, self.stood = building.keep(), building.picture()
        building.put_back(self.before)
        line = building.transport()
        with building.connect(line) as acs:
            case.call(acs)
        self.requests, self.wanted = len(line.sent), building.picture()
        self._seen: set[str] = set()

    def places(self) -> Iterator[tuple[int, bool, str]]:
        """Each request, and whether its work is done; the scene is as before each time."""
        for nth in range(1, self.requests + 1):
            for late in (False, True):
                self.building.put_back(self.before)
                when = "after" if late else "before"
                yield nth, late, f"{self.case} ({self.building.strategy}), ended {when} request {nth}"

    def check_undone(self, where: str) -> None:
        """What was made is undone, and what was changed is as before, where the operation undoes."""
        if self.case.undone:
            stands = self.building.picture()
            assert stands == self.stood, f"{where}: not all is as before"
        self.check(where)

    def check(self, where: str) -> None:
        """All is accounted for; repeating ends as if nothing had happened, and revoking in no access."""
        building, picture = self.building, self.building.picture()
        if picture in self._seen:
            return
        self._seen.add(picture)
        building.assert_sound(where)
        stands, elapsed = building.keep(), building.clock.monotonic()
        with building.connect() as acs:
            self.case.call(acs)
        repeated = building.picture()
        if not self.case.kills:
            assert repeated == self.wanted, f"{where}, then repeated:\n{repeated}\ninstead of\n{self.wanted}"
        building.assert_sound(f"{where}, then repeated")
        building.put_back(stands, elapsed=elapsed)
        with building.connect() as acs:
            for reference in {*building.references()}:
                acs.revoke(reference)
        building.assert_shut(f"{where}, then revoked")


every_write = pytest.mark.parametrize("case", WRITES, ids=str)
both_strategies = pytest.mark.parametrize("strategy", STRATEGIES)


@pytest.fixture
def one_thing_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests that are sent at once are sent in a known order, so that the so many-th is always the same."""
    monkeypatch.setattr("hamilton_sdk.runner.blocking.ThreadPoolExecutor", InlineExecutor)


@both_strategies
@every_write
@pytest.mark.usefixtures("one_thing_after_the_other")
def test_the_end_of_the_process(case: Case, strategy: Strategy) -> None:
    """Nothing can be undone then: what is left is accounted for, and is taken up by the next call."""
    scene = Scene(case, strategy)
    for nth, late, where in scene.places():
        flow: Flow[object] = case.call(scene.building.adapter)  # type: ignore[assignment]  # an adapter makes flows
        stepper = Stepper(scene.building, flow)
        for _ in range(nth - 1):
            stepper.step()
        if late:
            stepper.perform()
        stands = scene.building.keep()
        stepper.kill()
        assert scene.building.keep() == stands, f"{where}: something was sent all the same"
        scene.check(where)


class Interrupting(Line):
    """A line whose user presses Ctrl-C at the so many-th request, and again some requests later."""

    def __init__(
        self, building: Building, nth: int, press: Callable[[], object], *, late: bool, again: int = 0
    ) -> None:
        super().__init__(InProcessTransport(building.simulator, building.clock), 20.0)
        self._places, self._press, self._late = {nth, nth + again}, press, late

    def send(self, request: Request, timeout: float | None) -> Response:
        here = len(self.sent) + 1 in self._places
        if here and not self._late:
            self.sent.append(request.operation)
            self._press()
        answer = super().send(request, timeout)
        if here and self._late:
            self._press()
        return answer


def _interrupt() -> None:
    raise KeyboardInterrupt


@both_strategies
@every_write
@pytest.mark.usefixtures("one_thing_after_the_other")
def test_ctrl_c(case: Case, strategy: Strategy) -> None:
    """What was begun is taken back before the interrupt passes on."""
    scene = Scene(case, strategy)
    for nth, late, where in scene.places():
        line = Interrupting(scene.building, nth, _interrupt, late=late)
        with scene.building.connect(line) as acs, pytest.raises(KeyboardInterrupt) as caught:
            case.call(acs)
        assert not getattr(caught.value, "__notes__", ()), f"{where}: undoing failed"
        scene.check_undone(where)


@both_strategies
@pytest.mark.usefixtures("one_thing_after_the_other")
def test_ctrl_c_twice(strategy: Strategy) -> None:
    """Pressed again while all is being taken back, it ends at once, and what is left is accounted for."""
    scene = Scene(next(each for each in WRITES if each.name == "activate-a-change"), strategy)
    for nth, _, where in scene.places():
        for more in (1, 2, 3):
            scene.building.put_back(scene.before)
            line = Interrupting(scene.building, nth, _interrupt, late=True, again=more)
            with scene.building.connect(line) as acs, pytest.raises(KeyboardInterrupt):
                scene.case.call(acs)
            scene.check(f"{where}, and once more {more} requests later")


class Cancelling(AsyncLine):
    """A line at whose so many-th request the task that waits is cancelled."""

    def __init__(self, building: Building, nth: int, *, late: bool) -> None:
        super().__init__(AsyncInProcessTransport(building.simulator, building.clock), 20.0)
        self._nth, self._late = nth, late
        self.task: asyncio.Task[object] | None = None

    async def send(self, request: Request, timeout: float | None) -> Response:
        here = len(self.sent) + 1 == self._nth
        if here and not self._late:
            self.sent.append(request.operation)
            await self._cancel()
        answer = await super().send(request, timeout)
        if here and self._late:
            await self._cancel()
        return answer

    async def _cancel(self) -> None:
        assert self.task is not None
        self.task.cancel()
        # A real exchange would be waiting for the network here.
        await asyncio.sleep(3600)


@both_strategies
@every_write
async def test_cancellation(case: Case, strategy: Strategy, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was begun is taken back before the task ends, which stays cancelled."""
    monkeypatch.setattr("hamilton_sdk.runner.blocking.ThreadPoolExecutor", InlineExecutor)
    scene = Scene(case, strategy)
    for nth, late, where in scene.places():
        line = Cancelling(scene.building, nth, late=late)
        async with scene.building.connect_async(line) as acs:
            line.task = asyncio.ensure_future(case.call(acs))  # type: ignore[arg-type]  # a coroutine, of this connector
            with pytest.raises(asyncio.CancelledError) as caught:
                await line.task
        assert line.task.cancelled(), where
        assert not getattr(caught.value, "__notes__", ()), f"{where}: undoing failed"
        scene.check_undone(where)


@both_strategies
@every_write
@pytest.mark.usefixtures("one_thing_after_the_other")
def test_the_deadline(case: Case, strategy: Strategy) -> None:
    """A peer that lets the whole time pass: what was begun is taken back in time of its own."""
    scene = Scene(case, strategy)
    for nth, late, where in scene.places():
        scene.building.simulator.faults.add(Fault("timeout", after_work=late), nth=nth)
        with (
            scene.building.connect(scene.building.transport(None)) as acs,
            pytest.raises(ConnectorError) as caught,
        ):
            case.call(acs)
        first = caught.value.__cause__ if isinstance(caught.value, PartialFailure) else caught.value
        assert isinstance(first, TimedOut), f"{where}: {first!r}"
        assert not isinstance(caught.value, PartialFailure) or case.goes_on, f"{where}: undoing failed"
        assert scene.building.clock.monotonic() <= 70, f"{where}: it went on past its deadline"
        scene.check_undone(where)


@both_strategies
def test_a_real_ctrl_c_while_several_requests_are_under_way(strategy: Strategy) -> None:
    """The same with threads that send at once, and a signal to the process."""
    scene = Scene(next(each for each in WRITES if each.name == "activate"), strategy)
    for nth, late, where in scene.places():
        line = Interrupting(scene.building, nth, lambda: os.kill(os.getpid(), signal.SIGINT), late=late)
        with scene.building.connect(line) as acs, pytest.raises(KeyboardInterrupt):
            scene.case.call(acs)
        scene.check_undone(where)


# A process that is really killed

_CHILD = """
from hamilton_sdk.acs import AccessControl, AccessOrder, Aeos
from hamilton_sdk.clock import SettableClock
from datetime import datetime
import sys

url, strategy, now, wanted = sys.argv[1:]
adapter = Aeos(
    url,
    username="hamilton",
    password="simulated-secret",
    timezone="Europe/Paris",
    strategy=strategy,
    identifier_type="Visitor badge",
)
wanted = AccessOrder.model_validate_json(wanted)  # the server's clock stands still, and so does this one
with AccessControl(adapter, clock=SettableClock(datetime.fromisoformat(now))) as acs:
    acs.activate(wanted)
"""


class Killer:
    """A server during one of whose calls its client is killed, for good."""

    def __init__(self, building: Building, root: str, *, late: bool) -> None:
        self._building, self._root, self._late = building, f"<{root} ".encode(), late
        self._client: subprocess.Popen[bytes] | None = None
        self._known = threading.Event()
        self.killed = False

    def let_run(self, *arguments: str) -> int:
        """Run the client to its end; its exit code."""
        with subprocess.Popen([sys.executable, "-c", _CHILD, *arguments], cwd=ROOT) as process:
            self._client = process
            self._known.set()
            return process.wait()

    def respond(self, request: Request) -> Flow[Response]:
        if self.killed or self._root not in request.body:
            return (yield from self._building.simulator.respond(request))
        if self._late:
            yield from self._building.simulator.respond(request)
        self._known.wait()
        assert self._client is not None
        self.killed = True
        self._client.kill()
        self._client.wait()
        raise Cut("reset", after_work=self._late)


@both_strategies
@pytest.mark.parametrize(
    ("step", "late"), [("holder", True), ("rights", True), ("credential", False), ("credential", True)]
)
def test_a_real_process_that_is_killed(strategy: Strategy, step: str, late: bool) -> None:
    """SIGKILL in the middle of activating over real sockets; another process makes it whole, or ends it."""
    scene = Scene(next(each for each in WRITES if each.name == "activate"), strategy)
    building = scene.building
    building.put_back(scene.before)
    rights = "VisitAdd" if strategy == "visit" else "ProfileAdd"
    root = {"holder": "VisitorAdd", "rights": rights, "credential": "IdentifierAdd"}[step]
    killer = Killer(building, root, late=late)
    with LoopbackServer(killer, clock=building.clock) as server:
        url = server.url + building.simulator.path
        code = killer.let_run(url, strategy, START.isoformat(), order().model_dump_json())
    assert code == -signal.SIGKILL
    assert building.picture() != scene.stood, "it was killed before it had written anything"
    assert bool(building.open_numbers()) == (step == "credential" and late)
    scene.check(f"{strategy}, killed {'after' if late else 'before'} its {step}")
