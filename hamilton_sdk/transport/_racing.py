"""Several attempts at the same thing, each a little after the one before: the first to succeed counts."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

__all__ = ["HEAD_START", "first"]

T = TypeVar("T")

HEAD_START: Final = 0.25
"""Seconds before the next attempt joins in (RFC 8305, 5 and 8)."""


async def first(
    attempts: Sequence[Callable[[], Coroutine[object, object, T]]],
    undo: Callable[[T], Awaitable[object]],
    head_start: float = HEAD_START,
) -> T:
    """What the first attempt that succeeds gives; an attempt that fails makes way for the next at once.

    Args:
        attempts: In order; at least one.
        undo: Takes back what an attempt gave that came too late.
        head_start: Seconds that each has before the next joins in.

    Raises:
        Exception: None succeeds: that of the last one.
    """
    if len(attempts) == 1:
        return await attempts[0]()
    tasks: list[asyncio.Task[T]] = []
    winner: asyncio.Task[T] | None = None
    try:
        for attempt in attempts:
            tasks.append(asyncio.create_task(attempt()))
            winner = await _success(tasks, head_start)
            if winner is not None:
                return winner.result()
        winner = await _success(tasks, None)
        return (winner or tasks[-1]).result()
    finally:
        await _end([task for task in tasks if task is not winner], undo)


async def _success(tasks: Sequence[asyncio.Task[T]], seconds: float | None) -> asyncio.Task[T] | None:
    """The first task to succeed; None where it is time for the next, or none is left."""
    loop = asyncio.get_running_loop()
    end = math.inf if seconds is None else loop.time() + seconds
    waiting = set(tasks)
    while waiting and (left := end - loop.time()) > 0:
        limit = None if seconds is None else left
        done, waiting = await asyncio.wait(waiting, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        found = next((task for task in tasks if task in done and task.exception() is None), None)
        if found is not None:
            return found
        if seconds is not None and tasks[-1] in done:
            break
    return None


async def _end(tasks: Sequence[asyncio.Task[T]], undo: Callable[[T], Awaitable[object]]) -> None:
    for task in tasks:
        task.cancel()
    for found in await asyncio.gather(*tasks, return_exceptions=True):
        if not isinstance(found, BaseException):
            await undo(found)
