"""Where time comes from: a real clock and one that tests set.

A `Clock` gives the aware UTC time and a monotonic reading, and knows how to sleep; runners are the only
callers. Pure modules never import this: a flow yields `Now` and `Sleep`.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

__all__ = ["Clock", "SettableClock", "SystemClock"]


class Clock(Protocol):
    """Aware UTC now, monotonic seconds, and waiting."""

    def now(self) -> datetime:
        """The aware time in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back, for measuring durations."""
        ...

    def sleep(self, seconds: float) -> None:
        """Block for so many seconds."""
        ...

    async def asleep(self, seconds: float) -> None:
        """Wait for so many seconds without blocking the event loop."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The aware time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back, for measuring durations."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block for so many seconds."""
        time.sleep(seconds)

    async def asleep(self, seconds: float) -> None:
        """Wait for so many seconds without blocking the event loop."""
        import asyncio

        await asyncio.sleep(seconds)


class SettableClock:
    """A clock that stands still until told, for tests: sleeping moves it and takes no time.

    Args:
        now: The aware time it starts at; the beginning of 2026 in UTC if not given.

    Raises:
        ValueError: `now` is naive.
    """

    def __init__(self, now: datetime | None = None) -> None:
        start = datetime(2026, 1, 1, tzinfo=UTC) if now is None else now
        if start.utcoffset() is None:
            message = "a clock needs an aware datetime, for example datetime.now(UTC)"
            raise ValueError(message)
        self._start = start.astimezone(UTC)
        self._elapsed = 0.0
        self.slept: list[float] = []
        """Every wait asked for, in seconds, in order."""

    def now(self) -> datetime:
        """The aware time in UTC."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Move the clock forward by so many seconds.

        Raises:
            ValueError: `seconds` is negative or no number: `monotonic` never goes back.
        """
        if not seconds >= 0:
            message = f"a clock cannot be moved by {seconds} seconds"
            raise ValueError(message)
        self._elapsed += seconds

    def sleep(self, seconds: float) -> None:
        """Note the wait and move the clock forward at once."""
        self.advance(seconds)
        self.slept.append(seconds)

    async def asleep(self, seconds: float) -> None:
        """Note the wait, move the clock forward and let other tasks run once."""
        import asyncio

        self.sleep(seconds)
        await asyncio.sleep(0)
