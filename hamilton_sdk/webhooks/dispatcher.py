"""Dispatchers: deliver what the outbox holds, at least once. Any number of them may work on one outbox.

What is decided lies in `hamilton_sdk.webhooks._course`, for both; threads and tasks lie in files of their
own.
"""

from __future__ import annotations

import asyncio
import os
import threading
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks._dispatching import Settings, warn_unclosed
from hamilton_sdk.webhooks._listening import AsyncListener, Listener
from hamilton_sdk.webhooks._tasks import AsyncCrew, AsyncGear
from hamilton_sdk.webhooks._threads import Crew, Gear

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator
    from datetime import timedelta
    from types import TracebackType
    from typing import Self

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Responder
    from hamilton_sdk.transport.base import Http
    from hamilton_sdk.webhooks.async_outbox import AsyncOutbox
    from hamilton_sdk.webhooks.breaker import BreakerPolicy
    from hamilton_sdk.webhooks.hooks import DeliveryHooks
    from hamilton_sdk.webhooks.outbox import Outbox

__all__ = ["AsyncDispatcher", "Dispatcher"]


class Dispatcher:
    """Delivers what an outbox holds, in threads. Thread-safe; opens on first use, or with ``with``.

    Each event is delivered to each of its endpoints at least once: where a worker or a receiver ends between
    an answer and its being written down, the delivery comes again, with the same ``webhook-id``.

    Args:
        outbox: Whose deliveries; opened with a key, and closed by its owner, after this.
        transport: Settings for TLS, proxy and limits, or a simulator of the receivers. A client of your own
            is refused: deliveries go to addresses of others' choosing, and only the guarded transport keeps
            them out of your network.
        concurrency: Deliveries under way at the same time. One endpoint gets four fifths of them at most.
        hooks: What the application wants to hear about.
        breaker: When a failing endpoint gets a rest, and when it is disabled.
        lease: How long a delivery belongs to the worker that claimed it; after that another takes it over.
            Five seconds more than the transport's total time limit at least; a minute more if not given.
        clock: Where time comes from; the outbox's own if None.

    Raises:
        ConfigurationError: An argument is none of what it may be, or the outbox has no key.
        TypeError: One is of another type.

    Example:
        >>> def drain(outbox):
        ...     with Dispatcher(outbox) as dispatcher:
        ...         return dispatcher.deliver_due()
    """

    def __init__(
        self,
        outbox: Outbox,
        *,
        transport: Http | Responder | None = None,
        concurrency: int = 20,
        hooks: DeliveryHooks | None = None,
        breaker: BreakerPolicy | None = None,
        lease: timedelta | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._gear: Gear | None = None
        outbox.seal.box()  # refuses one without a key now, not at the first delivery
        self._outbox = outbox
        self._settings = Settings(transport, concurrency, hooks, breaker, lease, clock or outbox.clock)
        self._crews: set[Crew] = set()
        self._stopped = self._closed = False
        self._lock = threading.Lock()
        self._ended = threading.Condition(self._lock)

    def deliver_due(self, *, at_most: timedelta | None = None) -> int:
        """Deliver until nothing is due any more: for a worker of your own, such as a periodic job.

        Args:
            at_most: After so long claim nothing more, finish what is under way and give the rest back, for
                jobs that must end; only once nothing is due if None.

        Returns:
            How many deliveries were tried.

        Raises:
            ConfigurationError: The dispatcher or the outbox is closed, or its key opens the secrets of none
                of the endpoints there are.
            StoreError: The database cannot. What was under way is delivered again once its lease has ended.
        """
        return self._work(until_stopped=False, at_most=at_most)

    def run(self) -> None:
        """Deliver until `stop` is called; waits while nothing is due, and while the database is away.

        Raises:
            ConfigurationError: The dispatcher or the outbox is closed, or its key opens the secrets of none
                of the endpoints there are.
            StoreError: The database was away while stopping.
        """
        self._work(until_stopped=True)

    def stop(self) -> None:
        """End `run`: claim nothing more, finish what is under way, give the rest back.

        Ends `deliver_due` early, too. Returns at once; may be called from another thread and from a signal
        handler. A dispatcher that was stopped stays so.
        """
        self._stopped = True
        for crew in tuple(self._crews):
            crew.course.stop()

    def close(self) -> None:
        """Stop, wait for what is under way, and give connections back; a second time does nothing.

        In a hook call `stop` instead: what is under way waits for the hook.
        """
        self.stop()
        if threading.get_ident() in {crew.thread for crew in tuple(self._crews)}:
            message = "close() was called from a delivery hook, and would wait for itself"
            raise ConfigurationError(message, hint="call stop() there, and close() once run() has ended")
        with self._ended:
            self._ended.wait_for(lambda: not self._crews)
            gear, self._gear, self._closed = self._gear, None, True
        if gear is not None and gear.process == os.getpid():
            gear.close()

    def _work(self, *, until_stopped: bool, at_most: timedelta | None = None) -> int:
        crew = Crew(self._opened())
        if at_most is not None:
            crew.course.end_after(at_most)
        with self._registered(crew), self._listening(crew, wanted=until_stopped):
            crew.work(until_stopped=until_stopped)
        return crew.course.attempts

    def _opened(self) -> Gear:
        if self._gear is not None and self._gear.process != os.getpid():
            # Forked: threads, sockets and locks are the parent's.
            self._lock = threading.Lock()
            self._ended = threading.Condition(self._lock)
            self._gear, self._crews = None, set()
        with self._lock:
            _check_open(self, closed=self._closed)
            if self._gear is None:
                self._gear = Gear(self._outbox, self._settings)
            return self._gear

    @contextmanager
    def _registered(self, crew: Crew) -> Generator[None]:
        with self._lock:
            self._crews.add(crew)
        if self._stopped:
            crew.course.stop()
        try:
            yield
        finally:
            with self._ended:
                self._crews.discard(crew)
                self._ended.notify_all()

    @contextmanager
    def _listening(self, crew: Crew, *, wanted: bool) -> Generator[None]:
        store = self._outbox.store
        if not wanted or store.dialect != "postgresql":
            yield
            return
        listener = Listener(store.conninfo, store.tables.channel, crew.course.look)
        listener.start()
        try:
            yield
        finally:
            listener.stop()

    def __repr__(self) -> str:
        return f"Dispatcher(concurrency={self._settings.places})"

    def __enter__(self) -> Self:
        self._opened()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if self._gear is not None and self._gear.process == os.getpid():
            warn_unclosed(self)


class AsyncDispatcher:
    """Delivers what an outbox holds, in tasks. Belongs to one event loop.

    Each event is delivered to each of its endpoints at least once: where a worker or a receiver ends between
    an answer and its being written down, the delivery comes again, with the same ``webhook-id``.

    Args:
        outbox: Whose deliveries; opened with a key, and closed by its owner, after this.
        transport: Settings for TLS, proxy and limits, or a simulator of the receivers. A client of your own
            is refused: deliveries go to addresses of others' choosing, and only the guarded transport keeps
            them out of your network.
        concurrency: Deliveries under way at the same time. One endpoint gets four fifths of them at most.
        hooks: What the application wants to hear about.
        breaker: When a failing endpoint gets a rest, and when it is disabled.
        lease: How long a delivery belongs to the worker that claimed it; after that another takes it over.
            Five seconds more than the transport's total time limit at least; a minute more if not given.
        clock: Where time comes from; the outbox's own if None.

    Raises:
        ConfigurationError: An argument is none of what it may be, or the outbox has no key.
        TypeError: One is of another type.
    """

    def __init__(
        self,
        outbox: AsyncOutbox,
        *,
        transport: Http | Responder | None = None,
        concurrency: int = 20,
        hooks: DeliveryHooks | None = None,
        breaker: BreakerPolicy | None = None,
        lease: timedelta | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._gear: AsyncGear | None = None
        outbox.seal.box()  # refuses one without a key now, not at the first delivery
        self._outbox = outbox
        self._settings = Settings(transport, concurrency, hooks, breaker, lease, clock or outbox.clock)
        self._crews: set[AsyncCrew] = set()
        self._stopped = self._closed = False
        self._ended = asyncio.Event()

    async def deliver_due(self, *, at_most: timedelta | None = None) -> int:
        """Deliver until nothing is due any more: for a worker of your own, such as a periodic job.

        Args:
            at_most: After so long claim nothing more, finish what is under way and give the rest back, for
                jobs that must end; only once nothing is due if None.

        Returns:
            How many deliveries were tried.

        Raises:
            ConfigurationError: The dispatcher or the outbox is closed, or its key opens the secrets of none
                of the endpoints there are.
            StoreError: The database cannot. What was under way is delivered again once its lease has ended.
        """
        return await self._work(until_stopped=False, at_most=at_most)

    async def run(self) -> None:
        """Deliver until `stop` is called; waits while nothing is due, and while the database is away.

        Raises:
            ConfigurationError: The dispatcher or the outbox is closed, or its key opens the secrets of none
                of the endpoints there are.
            StoreError: The database was away while stopping.
        """
        await self._work(until_stopped=True)

    def stop(self) -> None:
        """End `run`: claim nothing more, finish what is under way, give the rest back.

        Ends `deliver_due` early, too. Returns at once; may be called from another thread and from a signal
        handler. A dispatcher that was stopped stays so.
        """
        self._stopped = True
        for crew in tuple(self._crews):
            crew.course.stop()

    async def close(self) -> None:
        """Stop, wait for what is under way, and give connections back; a second time does nothing.

        In a hook call `stop` instead: what is under way waits for the hook.
        """
        self.stop()
        while self._crews:
            self._ended.clear()
            await self._ended.wait()
        gear, self._gear, self._closed = self._gear, None, True
        if gear is not None and gear.process == os.getpid():
            await gear.close()

    async def _work(self, *, until_stopped: bool, at_most: timedelta | None = None) -> int:
        crew = AsyncCrew(self._opened())
        if at_most is not None:
            crew.course.end_after(at_most)
        async with self._registered(crew), self._listening(crew, wanted=until_stopped):
            await crew.work(until_stopped=until_stopped)
        return crew.course.attempts

    def _opened(self) -> AsyncGear:
        if self._gear is not None and self._gear.process != os.getpid():
            self._gear, self._crews = None, set()
        _check_open(self, closed=self._closed)
        if self._gear is None:
            self._gear = AsyncGear(self._outbox, self._settings)
        return self._gear

    @asynccontextmanager
    async def _registered(self, crew: AsyncCrew) -> AsyncGenerator[None]:
        self._crews.add(crew)
        if self._stopped:
            crew.course.stop()
        try:
            yield
        finally:
            self._crews.discard(crew)
            self._ended.set()

    @asynccontextmanager
    async def _listening(self, crew: AsyncCrew, *, wanted: bool) -> AsyncGenerator[None]:
        store = self._outbox.store
        if not wanted or store.dialect != "postgresql":
            yield
            return
        listener = AsyncListener(store.conninfo, store.tables.channel, crew.course.look)
        listening = asyncio.ensure_future(listener.run())
        try:
            yield
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening

    def __repr__(self) -> str:
        return f"AsyncDispatcher(concurrency={self._settings.places})"

    async def __aenter__(self) -> Self:
        self._opened()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def __del__(self) -> None:
        if self._gear is not None and self._gear.process == os.getpid():
            warn_unclosed(self)


def _check_open(dispatcher: object, *, closed: bool) -> None:
    if closed:
        message = f"this {type(dispatcher).__name__} is closed"
        raise ConfigurationError(message, hint="make a new one, or close it later")
