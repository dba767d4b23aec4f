"""An async connector read by blocking, so that each promise is written once and tested both ways."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
    from types import TracebackType
    from typing import Self

    from hamilton_sdk.flow import Page
    from hamilton_sdk.shell import AsyncPager

__all__ = ["Blocking", "Listed", "in_threads", "read"]

A = TypeVar("A")
C = TypeVar("C", bound=AbstractAsyncContextManager[object])
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Listed(Protocol[T_co]):
    """A list that comes in pages."""

    @property
    def token(self) -> str | None:
        """Where to resume."""
        ...

    def pages(self) -> Iterator[Page[T_co]]:
        """The pages, one at a time."""
        ...

    def __iter__(self) -> Iterator[T_co]:
        """The items."""
        ...


class Blocking(Generic[C]):
    """An async connector with an event loop of its own; a family adds the methods, each one line.

    Args:
        connector: Not yet opened.
    """

    def __init__(self, connector: C) -> None:
        self._connector = connector
        self._loop = asyncio.Runner()

    def __enter__(self) -> Self:
        self._wait(self._connector.__aenter__())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._loop:
            self._wait(self._connector.__aexit__(kind, error, trace))

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run(work)

    def _paged(self, pager: AsyncPager[T]) -> Listed[T]:
        return _BlockingPager(pager, self._loop)

    def _in_tasks(self, call: Callable[[A], Coroutine[Any, Any, T]], arguments: Sequence[A]) -> list[T]:
        async def gathered() -> list[T]:
            return await asyncio.gather(*map(call, arguments))

        return self._wait(gathered())


class _BlockingPager(Generic[T]):
    """An `AsyncPager` read by blocking."""

    def __init__(self, pager: AsyncPager[T], loop: asyncio.Runner) -> None:
        self._pager = pager
        self._loop = loop

    @property
    def token(self) -> str | None:
        """Where to resume."""
        return self._pager.token

    def pages(self) -> Iterator[Page[T]]:
        """The pages, one at a time."""
        return read(self._loop, self._pager.pages())

    def __iter__(self) -> Iterator[T]:
        return read(self._loop, self._pager.__aiter__())


def read(loop: asyncio.Runner, source: AsyncIterator[T]) -> Iterator[T]:
    """Items that come asynchronously, each awaited when it is asked for.

    Args:
        loop: Where to await them.
        source: Of the items.
    """
    while items := loop.run(_following(source)):
        yield from items


async def _following(source: AsyncIterator[T]) -> list[T]:
    """The next item alone; nothing at the end."""
    try:
        return [await anext(source)]
    except StopAsyncIteration:
        return []


def in_threads(call: Callable[[A], T], arguments: Sequence[A]) -> list[T]:
    """Make several calls at the same time, each in a thread of its own.

    Args:
        call: To make.
        arguments: One for each call.

    Returns:
        What each call gave, in order.
    """
    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(call, arguments))
