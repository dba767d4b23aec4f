"""How many requests a peer lets us make at once, and in a span of time: the runners' side of `Lane`.

A lane's places are counted per connector. Who finds none waits for the next request to end, in the order of
coming where the runner is async.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Lane

__all__ = ["AsyncLanes", "Crowded", "Lanes", "Pace"]


class Crowded(Exception):
    """A lane has had its most for now.

    Args:
        wait: Seconds until its next place.
    """

    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        self.wait = wait


class Pace:
    """When the next request of a lane may begin. Not thread-safe by itself: its owner holds a lock.

    Args:
        most: Requests within the span.
        seconds: The span.
    """

    __slots__ = ("_begun", "_most", "_seconds")

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._begun: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Take a place, and say how many seconds from `now` it begins; 0 for at once."""
        while self._begun and self._begun[0] <= now - self._seconds:
            self._begun.popleft()
        full = len(self._begun) >= self._most
        # As soon as the one leaves the span that stands `most` places before.
        begins = self._begun[-self._most] + self._seconds if full else now
        self._begun.append(begins)
        return max(0.0, begins - now)


def _pace(lane: Lane) -> Pace | None:
    return None if lane.most is None else Pace(lane.most, lane.seconds)


class Lanes:
    """The lanes of a sync connector.

    Args:
        clock: Where time comes from.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._lanes: dict[str, tuple[threading.Semaphore, Pace | None]] = {}

    @contextmanager
    def take(self, lane: Lane, left: float | None) -> Generator[float | None]:
        """Hold one of the lane's places.

        Args:
            lane: Whose.
            left: Seconds that the request may take in all; None for no limit.

        Yields:
            The seconds that are left once the place is there.

        Raises:
            TimeoutError: There was none in time.
            Crowded: The lane has had its most, and its next one begins too late.
        """
        started = self._clock.monotonic()
        with self._lock:
            places, pace = self._lanes.setdefault(lane.name, (threading.Semaphore(lane.width), _pace(lane)))
        if not places.acquire(timeout=None if left is None else min(left, threading.TIMEOUT_MAX)):
            raise TimeoutError
        try:
            if pace is not None:
                with self._lock:
                    wait = pace.wait(self._clock.monotonic())
                _check(wait, left)
                if wait:
                    self._clock.sleep(wait)
            yield _rest(left, self._clock.monotonic() - started)
        finally:
            places.release()


class AsyncLanes:
    """The lanes of an async connector.

    Args:
        clock: Where time comes from.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lanes: dict[str, tuple[asyncio.Semaphore, Pace | None]] = {}

    @asynccontextmanager
    async def take(self, lane: Lane, left: float | None) -> AsyncGenerator[float | None]:
        """Hold one of the lane's places; see `Lanes.take`."""
        started = self._clock.monotonic()
        places, pace = self._lanes.setdefault(lane.name, (asyncio.Semaphore(lane.width), _pace(lane)))
        async with asyncio.timeout(left):
            await places.acquire()
        try:
            if pace is not None:
                wait = pace.wait(self._clock.monotonic())
                _check(wait, left)
                if wait:
                    await self._clock.asleep(wait)
            yield _rest(left, self._clock.monotonic() - started)
        finally:
            places.release()


def _check(wait: float, left: float | None) -> None:
    if left is not None and wait >= left:
        raise Crowded(wait)


def _rest(left: float | None, passed: float) -> float | None:
    return None if left is None else max(0.0, left - passed)
