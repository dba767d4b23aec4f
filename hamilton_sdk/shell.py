"""What every connector is made of: opening and closing, options, and lists as pages.

A family's connector adds its methods, each one line over an adapter's flow. The runner, tenacity, asyncio and
the HTTP library load when a connector opens, not when it is made.
"""

from __future__ import annotations

import os
import threading
import warnings
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
    from types import TracebackType
    from typing import Self

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Adapter, Flow, Page
    from hamilton_sdk.retry import Hooks, RetryPolicy
    from hamilton_sdk.runner import AsyncRunner, Runner
    from hamilton_sdk.transport.base import AsyncTransport, Transport, TransportLike

__all__ = ["AsyncPager", "AsyncShell", "Pager", "Shell"]

A = TypeVar("A", bound="Adapter")
T = TypeVar("T")


class _Unset:
    """The type of `UNSET`."""


UNSET = _Unset()
"""Tells "not given" from None, which means "no limit" for a deadline."""


def _usual_policy() -> RetryPolicy:
    from hamilton_sdk.retry import RetryPolicy

    return RetryPolicy()


class _Options(Generic[A]):
    """What both shells are made with."""

    def __init__(
        self,
        adapter: A,
        *,
        transport: TransportLike | None = None,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
        hooks: Hooks | None = None,
    ) -> None:
        self._adapter = adapter
        self._transport = transport
        self._policy = retry or _usual_policy()
        self._clock = clock or SystemClock()
        self._hooks = hooks
        self._copied = False

    def with_options(
        self,
        *,
        deadline: float | _Unset | None = UNSET,
        retry: RetryPolicy | None = None,
    ) -> Self:
        """A cheap copy for one call or a few: the same connections, other limits.

        Args:
            deadline: Seconds for a whole operation; None for no limit.
            retry: Another policy.

        Returns:
            The copy; closing it does nothing, its original owns the connections.
        """
        policy = retry or self._policy
        if not isinstance(deadline, _Unset):
            policy = replace(policy, deadline=deadline)
        other = copy(self)
        other._become_copy(policy)  # noqa: SLF001 (the copy is of this very class)
        return other

    def _become_copy(self, policy: RetryPolicy) -> None:
        self._policy, self._copied = policy, True

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._adapter!r})"


class _Line:
    """A sync connector's open transport and runner, shared with the copies that `with_options` makes."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._open: tuple[Runner, Transport] | None = None
        self._process = os.getpid()
        self._closed = False

    def runner(self, build: Callable[[], tuple[Runner, Transport]]) -> Runner:
        if self._process != os.getpid():
            # After a fork the parent's sockets must not be used, nor shut down, by the child.
            self._lock, self._open, self._process = threading.Lock(), None, os.getpid()
        opened = self._open
        if opened is not None:
            return opened[0]
        with self._lock:
            if self._closed:
                raise _closed(self._name)
            if self._open is None:
                self._open = build()
            return self._open[0]

    def close(self) -> None:
        with self._lock:
            opened, self._open, self._closed = self._open, None, True
        if opened is not None:
            opened[1].close()

    def __del__(self) -> None:
        if self._open is not None and self._process == os.getpid():
            _unclosed(self._name, self)


class Shell(_Options[A]):
    """The sync side of a connector. Thread-safe; opens on first use, or with ``with``.

    Args:
        adapter: The product's protocol, or a fake.
        transport: Settings (`hamilton_sdk.Http`), an HTTP client of one's own, or a simulator; the SDK's
            own HTTP with public authorities if None.
        retry: How often and how long to try.
        clock: Where time comes from.
        hooks: What the application wants to hear about.
    """

    def __init__(
        self,
        adapter: A,
        *,
        transport: TransportLike | None = None,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
        hooks: Hooks | None = None,
    ) -> None:
        super().__init__(adapter, transport=transport, retry=retry, clock=clock, hooks=hooks)
        self._line = _Line(type(self).__name__)

    def _build(self) -> tuple[Runner, Transport]:
        from hamilton_sdk.runner import Runner
        from hamilton_sdk.transport.opening import open_transport

        transport = open_transport(self._transport, self._clock)
        return Runner(self._adapter, transport, self._clock, self._hooks), transport

    def _run(self, flow: Flow[T], operation: str, turn: str | None = None) -> T:
        return self._line.runner(self._build).run(flow, operation, self._policy, turn)

    def close(self) -> None:
        """Give connections back; a second time does nothing."""
        if not self._copied:
            self._line.close()

    def __enter__(self) -> Self:
        self._line.runner(self._build)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _AsyncLine:
    """An async connector's open transport and runner, shared with the copies that `with_options` makes."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._open: tuple[AsyncRunner, AsyncTransport] | None = None
        self._process = os.getpid()
        self._closed = False

    def runner(self, build: Callable[[], tuple[AsyncRunner, AsyncTransport]]) -> AsyncRunner:
        if self._process != os.getpid():
            self._open, self._process = None, os.getpid()
        if self._closed:
            raise _closed(self._name)
        if self._open is None:
            self._open = build()
        return self._open[0]

    async def close(self) -> None:
        opened, self._open, self._closed = self._open, None, True
        if opened is not None:
            await opened[1].close()

    def __del__(self) -> None:
        if self._open is not None and self._process == os.getpid():
            _unclosed(self._name, self)


class AsyncShell(_Options[A]):
    """The async side of a connector. Belongs to one event loop; opens on first use, or with ``async with``.

    Args:
        adapter: The product's protocol, or a fake.
        transport: Settings (`hamilton_sdk.Http`), an HTTP client of one's own, or a simulator; the SDK's
            own HTTP with public authorities if None.
        retry: How often and how long to try.
        clock: Where time comes from.
        hooks: What the application wants to hear about.
    """

    def __init__(
        self,
        adapter: A,
        *,
        transport: TransportLike | None = None,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
        hooks: Hooks | None = None,
    ) -> None:
        super().__init__(adapter, transport=transport, retry=retry, clock=clock, hooks=hooks)
        self._line = _AsyncLine(type(self).__name__)

    def _build(self) -> tuple[AsyncRunner, AsyncTransport]:
        from hamilton_sdk.runner import AsyncRunner
        from hamilton_sdk.transport.opening import open_async_transport

        transport = open_async_transport(self._transport, self._clock)
        return AsyncRunner(self._adapter, transport, self._clock, self._hooks), transport

    def _run(self, flow: Flow[T], operation: str, turn: str | None = None) -> Coroutine[Any, Any, T]:
        return self._line.runner(self._build).run(flow, operation, self._policy, turn)

    async def close(self) -> None:
        """Give connections back; a second time does nothing."""
        if not self._copied:
            await self._line.close()

    async def __aenter__(self) -> Self:
        self._line.runner(self._build)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def _closed(name: str) -> ConfigurationError:
    return ConfigurationError(f"this {name} is closed", hint="make a new one, or close it later")


def _unclosed(name: str, source: object) -> None:
    warnings.warn(
        f"unclosed {name}: use `with`, or call close()",
        ResourceWarning,
        stacklevel=2,
        source=source,
    )


class Pager(Generic[T]):
    """A list that comes in pages, fetched as it is read.

    Iterate over it for the items, or over `pages`. The deadline holds for each page.

    Args:
        fetch: Gets one page by its token.
        token: Where to begin; None for the first page.

    Attributes:
        token: Where to resume so that nothing is missed: the first page not read to its end. An item may come
            again. None once all is read.
    """

    def __init__(self, fetch: Callable[[str | None], Page[T]], token: str | None = None) -> None:
        self._fetch = fetch
        self.token = token

    def pages(self) -> Iterator[Page[T]]:
        """The pages, one at a time."""
        while True:
            page = self._fetch(self.token)
            yield page
            self.token = page.next
            if page.next is None:
                return

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.items


class AsyncPager(Generic[T]):
    """The async twin of `Pager`.

    Args:
        fetch: Gets one page by its token.
        token: Where to begin; None for the first page.

    Attributes:
        token: Where to resume so that nothing is missed: the first page not read to its end. An item may come
            again. None once all is read.
    """

    def __init__(
        self,
        fetch: Callable[[str | None], Awaitable[Page[T]]],
        token: str | None = None,
    ) -> None:
        self._fetch = fetch
        self.token = token

    async def pages(self) -> AsyncIterator[Page[T]]:
        """The pages, one at a time."""
        while True:
            page = await self._fetch(self.token)
            yield page
            self.token = page.next
            if page.next is None:
                return

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.items:
                yield item
