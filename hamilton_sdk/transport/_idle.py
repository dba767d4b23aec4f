"""Connections that wait to be used again. Bookkeeping alone: whoever holds it closes what it gives out."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

    from hamilton_sdk.clock import Clock

__all__ = ["Idle", "Waiting"]


class Waits(Protocol):
    """A connection."""

    def unread(self) -> bool: ...


C = TypeVar("C", bound=Waits)


class Waiting(NamedTuple, Generic[C]):
    """A connection that waits.

    Attributes:
        key: What it was made for, and with.
        since: On the monotonic clock.
        connection: The thing itself.
    """

    key: Hashable
    since: float
    connection: C


class Idle(Generic[C]):
    """Connections by what they were made for; the last one used is the first to be used again.

    Args:
        most: Connections at the same time, those that are in use included.
        seconds: To keep each that waits.
        clock: What tells them.
    """

    def __init__(self, most: int, seconds: float, clock: Clock) -> None:
        self._most = most
        self._seconds = seconds
        self._now = clock.monotonic
        self._used = 0
        self._waiting: deque[Waiting[C]] = deque()

    def take(self, key: Hashable) -> tuple[C | None, list[C]]:
        """A connection that is alive, or None and room for a new one; and those that are to be closed."""
        self._used += 1
        ended = self._expired()
        for number in range(len(self._waiting) - 1, -1, -1):
            if self._waiting[number].key != key:
                continue
            found = self._waiting[number].connection
            del self._waiting[number]
            # Whatever is there to read is the end, or an answer to nothing.
            if not found.unread():
                return found, ended
            ended.append(found)
        while self._waiting and len(self._waiting) + self._used > self._most:
            ended.append(self._waiting.popleft().connection)
        return None, ended

    def give(self, key: Hashable, connection: C) -> None:
        """Keep a connection that was in use."""
        self._used -= 1
        self._waiting.append(Waiting(key, self._now(), connection))

    def lose(self) -> None:
        """One that was in use is no more."""
        self._used -= 1

    def clear(self) -> list[C]:
        """Keep none; returns those that waited, to be closed."""
        ended = [each.connection for each in self._waiting]
        self._waiting.clear()
        return ended

    def _expired(self) -> list[C]:
        ended: list[C] = []
        limit = self._now() - self._seconds
        while self._waiting and self._waiting[0].since < limit:
            ended.append(self._waiting.popleft().connection)
        return ended
