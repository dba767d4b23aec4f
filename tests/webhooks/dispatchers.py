"""Both dispatchers as one: a test says what it wants, and need not care which it has."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hamilton_sdk.webhooks import AsyncDispatcher, Dispatcher
from tests.webhooks.boxes import Awaited

__all__ = ["Running", "open_dispatcher", "running", "wait_until"]


class _Async:
    """An async dispatcher, in the loop of its outbox."""

    def __init__(self, outbox: Awaited, settings: dict[str, Any]) -> None:
        self._loop = outbox._runner

        async def make() -> AsyncDispatcher:
            return AsyncDispatcher(outbox._twin, **settings)

        self.twin = self._loop.run(make())

    def deliver_due(self, **settings: Any) -> int:
        return self._loop.run(self.twin.deliver_due(**settings))

    def run(self) -> None:
        self._loop.run(self.twin.run())

    def stop(self) -> None:
        self.twin.stop()

    def close(self) -> None:
        self._loop.run(self.twin.close())

    def __repr__(self) -> str:
        return repr(self.twin)


@contextmanager
def open_dispatcher(outbox: Any, **settings: Any) -> Iterator[Any]:
    """The dispatcher that fits an outbox, closed in the end."""
    if isinstance(outbox, Awaited):
        dispatcher: Any = _Async(outbox, settings)
    else:
        dispatcher = Dispatcher(outbox, **settings)
    try:
        yield dispatcher
    finally:
        dispatcher.close()


class Running:
    """A dispatcher that runs in a thread until it is stopped; what it raised is raised by `end`."""

    def __init__(self, dispatcher: Any) -> None:
        self._dispatcher = dispatcher
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._dispatcher.run()
        except BaseException as error:  # noqa: BLE001 (raised again by `end`)
            self._error = error

    def end(self) -> None:
        self._dispatcher.stop()
        self._thread.join()
        if self._error is not None:
            raise self._error


@contextmanager
def running(dispatcher: Any) -> Iterator[None]:
    """Deliver meanwhile."""
    worker = Running(dispatcher)
    try:
        yield
    finally:
        worker.end()


def wait_until(met: Any, *, seconds: float = 30.0) -> None:
    """Wait for something, by looking; fails loudly where it never comes."""
    ended = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if met():
            return
        ended.wait(0.02)
    message = "it did not happen"
    raise AssertionError(message)
