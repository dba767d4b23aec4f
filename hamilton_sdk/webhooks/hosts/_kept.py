"""What a worker keeps from one job to the next: the dispatcher, and the outbox beneath it."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hamilton_sdk.arguments import check_type
from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.webhooks.async_outbox import AsyncOutbox
    from hamilton_sdk.webhooks.dispatcher import AsyncDispatcher, Dispatcher
    from hamilton_sdk.webhooks.outbox import Outbox

__all__ = ["AT_MOST", "NAME", "AsyncKept", "Kept", "note_unheard"]

NAME: Final = "hamilton_sdk.webhooks.deliver"
"""What the task is called, unless the application has another name for it."""

AT_MOST: Final = timedelta(minutes=1)
"""How long one job delivers. Under steady work it would not end by itself, and a worker that is told to stop
waits for its jobs."""

_logger: Final = logging.getLogger("hamilton_sdk.webhooks")


class Kept:
    """The dispatcher of a process, opened by its first job. Thread-safe; a forked process opens its own.

    Args:
        open_outbox: Opens the outbox.
        dispatcher: Makes the dispatcher.
        at_most: How long one job delivers.

    Raises:
        ConfigurationError: The duration is not above zero.
        TypeError: It is none.
    """

    def __init__(
        self,
        open_outbox: Callable[[], Outbox],
        dispatcher: Callable[[Outbox], Dispatcher],
        at_most: timedelta,
    ) -> None:
        self._open_outbox = open_outbox
        self._make = dispatcher
        self._at_most = _checked(at_most)
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._kept: tuple[Dispatcher, Clock, ExitStack] | None = None

    def deliver(self) -> bool:
        """Deliver what is due; whether the time was over before that was done.

        Raises:
            ConfigurationError: The outbox or the dispatcher cannot be made so.
            StoreError: The database cannot.
        """
        dispatcher, clock, _ = self._opened()
        began = clock.monotonic()
        dispatcher.deliver_due(at_most=self._at_most)
        return clock.monotonic() - began >= self._at_most.total_seconds()

    def _opened(self) -> tuple[Dispatcher, Clock, ExitStack]:
        if self._process != os.getpid():
            # The lock may be held by a thread that exists in the parent alone. What is kept knows by itself
            # that it was inherited.
            self._lock, self._process = threading.Lock(), os.getpid()
        with self._lock:
            if self._kept is None:
                with ExitStack() as opening:
                    outbox = opening.enter_context(self._open_outbox())
                    dispatcher = opening.enter_context(self._make(outbox))
                    self._kept = dispatcher, outbox.clock, opening.pop_all()
            return self._kept

    def stop(self) -> None:
        """End the jobs under way in this process early; may be called from a signal handler."""
        kept = self._kept
        if kept is not None and self._process == os.getpid():
            kept[0].stop()

    def close(self) -> None:
        """Stop, wait for what is under way, and give connections back; the next job opens anew."""
        if self._process != os.getpid():
            return  # inherited and never used: it is the parent's to close
        with self._lock:
            kept, self._kept = self._kept, None
        if kept is not None:
            kept[2].close()


class AsyncKept:
    """The async twin, for one event loop at a time; it is closed with the loop.

    Args:
        open_outbox: Opens the outbox.
        dispatcher: Makes the dispatcher.
        at_most: How long one job delivers.

    Raises:
        ConfigurationError: The duration is not above zero.
        TypeError: It is none.
    """

    def __init__(
        self,
        open_outbox: Callable[[], AsyncOutbox],
        dispatcher: Callable[[AsyncOutbox], AsyncDispatcher],
        at_most: timedelta,
    ) -> None:
        self._open_outbox = open_outbox
        self._make = dispatcher
        self._at_most = _checked(at_most)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = asyncio.Lock()
        self._keeper: AsyncGenerator[tuple[AsyncDispatcher, Clock]] | None = None
        self._kept: tuple[AsyncDispatcher, Clock] | None = None

    async def deliver(self) -> bool:
        """Deliver what is due; whether the time was over before that was done.

        Raises:
            ConfigurationError: The outbox or the dispatcher cannot be made so.
            StoreError: The database cannot.
        """
        dispatcher, clock = await self._opened()
        began = clock.monotonic()
        await dispatcher.deliver_due(at_most=self._at_most)
        return clock.monotonic() - began >= self._at_most.total_seconds()

    async def _opened(self) -> tuple[AsyncDispatcher, Clock]:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._lock, self._kept = loop, asyncio.Lock(), None
        async with self._lock:
            if self._kept is None:
                keeper = self._keep()
                self._kept = await anext(keeper)
                self._keeper = keeper
            return self._kept

    async def _keep(self) -> AsyncGenerator[tuple[AsyncDispatcher, Clock]]:
        # An event loop closes the generators that were begun in it before it ends, as `asyncio.run` does: so
        # this closes with the worker, which has no hook of its own for that.
        async with self._open_outbox() as outbox, self._make(outbox) as dispatcher:
            while True:
                yield dispatcher, outbox.clock

    async def close(self) -> None:
        """Stop, wait for what is under way, and give connections back; the next job opens anew."""
        keeper, self._keeper, self._kept = self._keeper, None, None
        if keeper is not None:
            await keeper.aclose()


def note_unheard(error: Exception) -> None:
    """Note that no job could be woken. The event is kept all the same: the periodic job delivers it."""
    _logger.warning("no job was woken for a delivery, the periodic one comes: %s", type(error).__name__)


def _checked(at_most: timedelta) -> timedelta:
    check_type("at_most", at_most, timedelta)
    if at_most <= timedelta(0):
        message = f"at_most is {at_most}"
        raise ConfigurationError(message, hint="give the time that a job may take, e.g. timedelta(minutes=1)")
    return at_most
