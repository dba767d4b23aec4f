"""What was taken lately, so that what Graph sends twice is handed over once. Thread-safe, in this process."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from hamilton_sdk.graph.notifications.judging import Identity

__all__ = ["Recent"]


class Recent:
    """Remembers what notifications said.

    Args:
        most: How many; the oldest is forgotten first.
        span: For how long.
    """

    def __init__(self, most: int, span: timedelta) -> None:
        self._most = most
        self._span = span
        self._lock = threading.Lock()
        self._seen: dict[Identity, datetime] = {}

    def __contains__(self, mark: object) -> bool:
        return mark in self._seen

    def add(self, marks: Iterable[Identity], now: datetime) -> None:
        """Remember, and forget what is old."""
        with self._lock:
            for mark in marks:
                self._seen.pop(mark, None)  # so that the newest stand at the end
                self._seen[mark] = now
            for mark in list(self._seen):
                if len(self._seen) <= self._most and now - self._seen[mark] < self._span:
                    break
                del self._seen[mark]
