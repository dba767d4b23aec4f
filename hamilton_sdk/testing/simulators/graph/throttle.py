"""Limits for each mailbox: requests at the same time, and within ten minutes."""

from __future__ import annotations

from collections import Counter, deque
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NoReturn

from hamilton_sdk.testing.simulators.graph.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.testing.simulators.graph.settings import Switches

__all__ = ["Throttle"]

_SPAN: Final = timedelta(minutes=10)


class Throttle:
    """Counts the requests to each mailbox.

    Args:
        switches: The limits, and what a refusal says.
    """

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._inside: Counter[str] = Counter()
        self._begun: dict[str, deque[datetime]] = {}
        self.busiest: Counter[str] = Counter()
        """The most requests at the same time that each mailbox has seen, refused ones counted."""

    def enter(self, mailbox: str, now: datetime) -> None:
        """Let a request in; it must `leave`.

        Raises:
            Refused: It is one too many; it counts all the same.
        """
        begun = self._begun.setdefault(mailbox, deque())
        while begun and begun[0] <= now - _SPAN:
            begun.popleft()
        begun.append(now)
        self.busiest[mailbox] = max(self.busiest[mailbox], self._inside[mailbox] + 1)
        if len(begun) > self._switches.mailbox_requests:
            self._refuse("RequestRate")
        if self._inside[mailbox] >= self._switches.mailbox_concurrency:
            self._refuse("MailboxConcurrency")
        self._inside[mailbox] += 1

    def leave(self, mailbox: str) -> None:
        """A request has ended."""
        self._inside[mailbox] -= 1

    def _refuse(self, limit: str) -> NoReturn:
        after = self._switches.retry_after
        headers = {} if after is None else {"retry-after": after}
        raise Refused(429, "ApplicationThrottled", f"Application is over its {limit} limit.", headers)
