"""A dispatcher's threads: what a course asks for is done here."""

from __future__ import annotations

import os
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from hamilton_sdk.errors import HamiltonError, StoreError
from hamilton_sdk.flow import Query
from hamilton_sdk.runner import Runner
from hamilton_sdk.webhooks._course import Wait
from hamilton_sdk.webhooks._dispatching import ONCE, asked, open_door
from hamilton_sdk.webhooks._keyring import Keyring
from hamilton_sdk.webhooks._operations.keys import CheckKey
from hamilton_sdk.webhooks.delivering import DELIVERIES, released

if TYPE_CHECKING:
    from hamilton_sdk.webhooks._course import Course, Step
    from hamilton_sdk.webhooks._dispatching import Settings
    from hamilton_sdk.webhooks.delivering import Claimed, Result
    from hamilton_sdk.webhooks.outbox import Outbox

__all__ = ["Crew", "Gear"]


class Gear:
    """What a dispatcher opens in a process, for all its crews.

    Args:
        outbox: Whose deliveries.
        settings: The dispatcher's.
    """

    def __init__(self, outbox: Outbox, settings: Settings) -> None:
        self.process = os.getpid()
        self.settings = settings
        self.sign = Keyring(outbox.seal).sign
        self.check = CheckKey(outbox.seal)
        self.transport = open_door(settings.transport, settings.clock)
        self.runner = Runner(DELIVERIES, self.transport, settings.clock, store=outbox.store)
        self.pool = ThreadPoolExecutor(settings.places, thread_name_prefix="hamilton-delivery")

    def close(self) -> None:
        """End the threads, and give connections back."""
        self.pool.shutdown()
        self.transport.close()


class Crew:
    """Those who work on one course.

    Args:
        gear: What they use.
    """

    def __init__(self, gear: Gear) -> None:
        # A simple queue: a signal handler may put a token into it at any moment.
        self._tokens: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._gear = gear
        self.thread: int = threading.get_ident()
        """Where hooks are called."""
        self.course: Course = gear.settings.course(lambda: self._tokens.put(None), gear.check)

    def work(self, *, until_stopped: bool) -> None:
        """Go through with it; when broken off, finish what is under way first.

        Raises:
            StoreError: The database cannot.
        """
        try:
            self._drive(until_stopped=until_stopped)
        except BaseException:
            # Ctrl-C, or the store is away. Threads cannot be broken off.
            self.course.stop()
            with suppress(HamiltonError):
                self._drive(until_stopped=False)
            raise

    def _drive(self, *, until_stopped: bool) -> None:
        steps = self.course.steps(until_stopped=until_stopped)
        answer: object = None
        error: StoreError | None = None
        try:
            while True:
                step = steps.send(answer) if error is None else steps.throw(error)
                answer = error = None
                try:
                    answer = self._perform(step)
                except StoreError as failure:
                    error = failure
        except StopIteration:
            return
        finally:
            steps.close()

    def _perform(self, step: Step) -> object:
        if isinstance(step, Query):
            return self._gear.runner.run(asked(step), "dispatch", ONCE)
        if isinstance(step, Wait):
            return self._wait(step.seconds)
        self._begin(step.deliveries)
        return None

    def _begin(self, deliveries: tuple[Claimed, ...]) -> None:
        begun = 0
        try:
            for claimed in deliveries:
                self._gear.pool.submit(self._keep_place, claimed)
                begun += 1
        except BaseException:
            # Ctrl-C, or the main thread has ended and no thread is started any more.
            self.course.stop()
            for claimed in deliveries[begun:]:
                self.course.finish(released(claimed, self._gear.settings.now()))
            raise

    def _wait(self, seconds: float) -> bool:
        try:
            self._tokens.get(timeout=seconds)
        except queue.Empty:
            return False
        with suppress(queue.Empty):
            while True:  # one token wakes as well as many
                self._tokens.get_nowait()
        return True

    def _keep_place(self, claimed: Claimed) -> None:
        """Deliver one after the other, as long as there is one for this place."""
        following: Claimed | None = claimed
        while following is not None:
            following = self.course.finish(self._attempt(following))

    def _attempt(self, claimed: Claimed) -> Result:
        settings, gear = self._gear.settings, self._gear
        try:
            return gear.runner.run(settings.flow(claimed, gear.sign), "deliver", ONCE)
        except Exception as error:  # noqa: BLE001 (recorded; the place must go on)
            return settings.failed(claimed, error)
