"""A worker's places: what it holds, what runs, what came of it. Waits for nothing; thread-safe.

A *place* is room for one delivery under way. Beside the places lies a small stock of deliveries that are
leased and ready, so that a place never waits for the database. Both are shared out by `allowance`, so that no
endpoint, however slow, has them all.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from typing import TYPE_CHECKING

from hamilton_sdk.webhooks._claiming import Room, allowance
from hamilton_sdk.webhooks.delivering import released

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hamilton_sdk.webhooks.delivering import Claimed, Result

__all__ = ["Places"]


class Places:
    """What one worker has in its hands.

    Args:
        count: Deliveries under way at the same time, at most.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._batch = max(1, count // 2)
        self._stock: dict[str, deque[Claimed]] = {}
        self._running: Counter[str] = Counter()
        self._in_stock = 0
        self._under_way = 0
        self._results: list[Result] = []
        self._idle = False
        """Whether a place found nothing to do since results were taken away."""
        self._lock = threading.Lock()

    @property
    def is_clear(self) -> bool:
        """Whether nothing is left to do or to write down."""
        with self._lock:
            return not (self._in_stock or self._under_way or self._results)

    @property
    def has_results(self) -> bool:
        """Whether there is something to write down."""
        return bool(self._results)

    @property
    def is_pressing(self) -> bool:
        """Whether results should be written down now: they are many, or a place has nothing to do."""
        with self._lock:
            return self._presses()

    def room(self) -> Room:
        """What more it can hold."""
        with self._lock:
            held = self._running + Counter({endpoint: len(some) for endpoint, some in self._stock.items()})
            return Room(2 * self._count - self._under_way - self._in_stock, held)

    def add(self, deliveries: Iterable[Claimed]) -> None:
        """Put claimed deliveries into the stock."""
        with self._lock:
            for claimed in deliveries:
                self._stock.setdefault(claimed.target.id, deque()).append(claimed)
                self._in_stock += 1

    def begin(self) -> tuple[Claimed, ...]:
        """Take a place for each delivery that may begin now."""
        begun: list[Claimed] = []
        with self._lock:
            while (claimed := self._next()) is not None:
                begun.append(claimed)
        return tuple(begun)

    def finish(self, result: Result, *, then_begin: bool) -> tuple[Claimed | None, bool]:
        """Note what came of a delivery, and give its place to the next.

        Args:
            result: What came of it.
            then_begin: Whether another may begin.

        Returns:
            The next delivery, if there is one to begin; and whether results should be written down now.
        """
        with self._lock:
            endpoint = result.claimed.target.id
            self._running[endpoint] -= 1
            if not self._running[endpoint]:
                del self._running[endpoint]
            self._under_way -= 1
            self._results.append(result)
            following = self._next() if then_begin else None
            # What is in stock may all be of endpoints that have as many places as they may.
            self._idle = self._idle or (then_begin and following is None)
            return following, self._presses()

    def take_results(self) -> tuple[Result, ...]:
        """Take away what is to be written down."""
        with self._lock:
            results, self._results = self._results, []
            self._idle = False
        return tuple(results)

    def put_back(self, results: Iterable[Result]) -> None:
        """Keep results that could not be written down, before those that came since."""
        with self._lock:
            self._results[:0] = results

    def clear_stock(self, at: int) -> None:
        """Turn the stock into results: given back untried, at so many microseconds since 1970."""
        with self._lock:
            self._results += [released(claimed, at) for some in self._stock.values() for claimed in some]
            self._stock.clear()
            self._in_stock = 0

    def _presses(self) -> bool:
        few = len(self._results) < self._batch
        return bool(self._results) and (self._idle or not self._in_stock or not few)

    def _next(self) -> Claimed | None:
        """The next delivery to begin: of an endpoint that has few places, and may have more."""
        free = self._count - self._under_way
        may = [each for each in self._stock if allowance(self._running[each], free)]
        if not may:
            return None
        endpoint = min(may, key=self._running.__getitem__)
        stock = self._stock.pop(endpoint)
        claimed = stock.popleft()
        if stock:
            self._stock[endpoint] = stock  # behind the others
        self._in_stock -= 1
        self._running[endpoint] += 1
        self._under_way += 1
        return claimed
