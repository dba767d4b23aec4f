"""A dispatcher's tasks: what a course asks for is done here. The async twin of ``_threads``."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from hamilton_sdk.errors import HamiltonError, StoreError
from hamilton_sdk.flow import Query
from hamilton_sdk.runner import AsyncRunner
from hamilton_sdk.webhooks._course import Wait
from hamilton_sdk.webhooks._dispatching import ONCE, asked, open_async_door
from hamilton_sdk.webhooks._keyring import Keyring
from hamilton_sdk.webhooks._operations.keys import CheckKey
from hamilton_sdk.webhooks.delivering import DELIVERIES, released

if TYPE_CHECKING:
    from hamilton_sdk.webhooks._course import Course, Step
    from hamilton_sdk.webhooks._dispatching import Settings
    from hamilton_sdk.webhooks.async_outbox import AsyncOutbox
    from hamilton_sdk.webhooks.delivering import Claimed, Result

__all__ = ["AsyncCrew", "AsyncGear"]


class AsyncGear:
    """What a dispatcher opens in an event loop, for all its crews.

    Args:
        outbox: Whose deliveries.
        settings: The dispatcher's.
    """

    def __init__(self, outbox: AsyncOutbox, settings: Settings) -> None:
        self.process = os.getpid()
        self.settings = settings
        self.sign = Keyring(outbox.seal).sign
        self.check = CheckKey(outbox.seal)
        self.transport = open_async_door(settings.transport, settings.clock)
        self.runner = AsyncRunner(DELIVERIES, self.transport, settings.clock, store=outbox.store)

    async def close(self) -> None:
        """Give connections back."""
        await self.transport.close()


class AsyncCrew:
    """Those who work on one course.

    Args:
        gear: What they use.
    """

    def __init__(self, gear: AsyncGear) -> None:
        self._gear = gear
        self._loop = asyncio.get_running_loop()
        self._token = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.course: Course = gear.settings.course(self._wake, gear.check)

    async def work(self, *, until_stopped: bool) -> None:
        """Go through with it; when broken off, break off what is under way and give it back.

        Raises:
            StoreError: The database cannot.
        """
        try:
            await self._drive(until_stopped=until_stopped)
        except BaseException:
            self.course.stop()
            for task in self._tasks:
                task.cancel()
            with suppress(HamiltonError):
                await _to_its_end(asyncio.ensure_future(self._drive(until_stopped=False)))
            raise

    def _wake(self) -> None:
        # From any thread, and from a signal handler; the loop may be gone by then.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._token.set)

    async def _drive(self, *, until_stopped: bool) -> None:
        steps = self.course.steps(until_stopped=until_stopped)
        answer: object = None
        error: StoreError | None = None
        try:
            while True:
                step = steps.send(answer) if error is None else steps.throw(error)
                answer = error = None
                try:
                    answer = await self._perform(step)
                except StoreError as failure:
                    error = failure
        except StopIteration:
            return
        finally:
            steps.close()

    async def _perform(self, step: Step) -> object:
        if isinstance(step, Query):
            return await self._gear.runner.run(asked(step), "dispatch", ONCE)
        if isinstance(step, Wait):
            return await self._wait(step.seconds)
        for claimed in step.deliveries:
            task = asyncio.ensure_future(self._keep_place(claimed))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return None

    async def _wait(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._token.wait()
        except TimeoutError:
            return False
        self._token.clear()
        return True

    async def _keep_place(self, claimed: Claimed) -> None:
        """Deliver one after the other, as long as there is one for this place."""
        following: Claimed | None = claimed
        while following is not None:
            following = self.course.finish(await self._attempt(following))

    async def _attempt(self, claimed: Claimed) -> Result:
        settings, gear = self._gear.settings, self._gear
        try:
            return await gear.runner.run(settings.flow(claimed, gear.sign), "deliver", ONCE)
        except asyncio.CancelledError:
            # Its course stops: what was cut off is given back, and the place ends with it.
            return released(claimed, settings.now())
        except Exception as error:  # noqa: BLE001 (recorded; the place must go on)
            return settings.failed(claimed, error)


async def _to_its_end(task: asyncio.Future[None]) -> None:
    """Await something to its end, whatever cancels the caller meanwhile."""
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.shield(task)
    task.result()
