"""Receiving what Graph posts to an application: the two shells over one flow."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Final

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.graph.notifications.adapter import Notifications
from hamilton_sdk.graph.notifications.judging import LATE
from hamilton_sdk.graph.notifications.recent import Recent
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.shell import AsyncShell, Shell

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.graph.exchange.settings import Cloud
    from hamilton_sdk.graph.notifications.adapter import Watches
    from hamilton_sdk.graph.notifications.decryption import DecryptionKey
    from hamilton_sdk.graph.notifications.models import Received
    from hamilton_sdk.retry import Hooks
    from hamilton_sdk.transport.base import TransportLike

__all__ = ["AsyncNotificationReceiver", "NotificationReceiver"]

# Graph wants its answer within ten seconds, and tries again where there is none.
_POLICY: Final = RetryPolicy(deadline=8.0)
_REMEMBERED: Final = 10_000

_log = logging.getLogger("hamilton_sdk.graph")
_log.addHandler(logging.NullHandler())


class NotificationReceiver(Shell[Notifications]):
    """Receives notifications of Graph, sync: thread-safe; opens on first use, or with ``with``.

    Nothing is asked of a network but the keys of Entra ID, once a day, and only where rich notifications are
    opened.

    Args:
        watches: The secret of each watch by the watch's id, as `Calendar.watch` told them: a mapping, or a
            function that may ask a database and gives None for an id that is not known. Several secrets are
            fine while one is replaced.
        tenant_id: Take notifications of that tenant alone; of any if None.
        client_id: Of the application that watches, or of several: what validation tokens must be for. Needed
            with `keys`.
        keys: Private keys for rich notifications, one for each certificate in use; none leaves content
            unread.
        national_cloud: Whose Entra ID signs.
        login_url: Where its keys are, instead of the cloud's.
        remember: How long a change that was taken is not handed over again, in this process; nothing for not
            at all.
        transport: For fetching keys, as for `Calendar`.
        retry: How often and how long to try that; 8 s by default, since Graph waits for ten.
        clock: Where time comes from.
        hooks: What the application wants to hear about.

    Raises:
        ConfigurationError: A setting is wrong.

    Example:
        >>> receiver = NotificationReceiver({"5f8a": "the watch's secret"})
        >>> receiver.receive("validationToken=Validation%3A+try", b"").response.body
        b'Validation: try'
        >>> receiver.close()
    """

    def __init__(
        self,
        watches: Watches,
        *,
        # Rich notifications
        tenant_id: str | None = None,
        client_id: str | Iterable[str] | None = None,
        keys: Iterable[DecryptionKey] = (),
        national_cloud: Cloud = "global",
        login_url: str | None = None,
        # Duplicates
        remember: timedelta = LATE,
        # As for every connector
        transport: TransportLike | None = None,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
        hooks: Hooks | None = None,
    ) -> None:
        self._recent = Recent(_REMEMBERED, remember)
        self._time = clock or SystemClock()
        adapter = Notifications(
            watches,
            tenant_id=tenant_id,
            client_id=client_id,
            keys=keys,
            national_cloud=national_cloud,
            login_url=login_url,
            recent=self._recent,
        )
        super().__init__(adapter, transport=transport, retry=retry or _POLICY, clock=clock, hooks=hooks)

    def receive(self, query: str | bytes, body: bytes) -> Received:
        """Read and judge one post; refused items are logged.

        Args:
            query: Of the request's address, as it came.
            body: Of the request, as it came.

        Returns:
            What it holds. Keep that, then answer with its `response`; and call `done`.

        Raises:
            RequestRefused: It is neither a handshake nor a collection of notifications; it has the status to
                answer with.
            ConnectorError: The keys of Entra ID cannot be had: answer 503, and Graph tries again.
        """
        return _noted(self._run(self._adapter.receive(query, body), "receive"))

    def done(self, received: Received) -> None:
        """Say that what was received is kept: the same is not handed over again."""
        self._recent.add(received.marks, self._time.now())


class AsyncNotificationReceiver(AsyncShell[Notifications]):
    """Receives notifications of Graph, async: belongs to one event loop; opens on first use.

    Nothing is asked of a network but the keys of Entra ID, once a day, and only where rich notifications are
    opened.

    Args:
        watches: The secret of each watch by the watch's id, as `Calendar.watch` told them: a mapping, or a
            function that may ask a database, in a thread, and gives None for an id that is not known. Several
            secrets are fine while one is replaced.
        tenant_id: Take notifications of that tenant alone; of any if None.
        client_id: Of the application that watches, or of several: what validation tokens must be for. Needed
            with `keys`.
        keys: Private keys for rich notifications, one for each certificate in use; none leaves content
            unread.
        national_cloud: Whose Entra ID signs.
        login_url: Where its keys are, instead of the cloud's.
        remember: How long a change that was taken is not handed over again, in this process; nothing for not
            at all.
        transport: For fetching keys, as for `Calendar`.
        retry: How often and how long to try that; 8 s by default, since Graph waits for ten.
        clock: Where time comes from.
        hooks: What the application wants to hear about.

    Raises:
        ConfigurationError: A setting is wrong.
    """

    def __init__(
        self,
        watches: Watches,
        *,
        # Rich notifications
        tenant_id: str | None = None,
        client_id: str | Iterable[str] | None = None,
        keys: Iterable[DecryptionKey] = (),
        national_cloud: Cloud = "global",
        login_url: str | None = None,
        # Duplicates
        remember: timedelta = LATE,
        # As for every connector
        transport: TransportLike | None = None,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
        hooks: Hooks | None = None,
    ) -> None:
        self._recent = Recent(_REMEMBERED, remember)
        self._time = clock or SystemClock()
        adapter = Notifications(
            watches,
            tenant_id=tenant_id,
            client_id=client_id,
            keys=keys,
            national_cloud=national_cloud,
            login_url=login_url,
            recent=self._recent,
        )
        super().__init__(adapter, transport=transport, retry=retry or _POLICY, clock=clock, hooks=hooks)

    async def receive(self, query: str | bytes, body: bytes) -> Received:
        """Read and judge one post; refused items are logged.

        Args:
            query: Of the request's address, as it came.
            body: Of the request, as it came.

        Returns:
            What it holds. Keep that, then answer with its `response`; and call `done`.

        Raises:
            RequestRefused: It is neither a handshake nor a collection of notifications; it has the status to
                answer with.
            ConnectorError: The keys of Entra ID cannot be had: answer 503, and Graph tries again.
        """
        return _noted(await self._run(self._adapter.receive(query, body), "receive"))

    def done(self, received: Received) -> None:
        """Say that what was received is kept: the same is not handed over again."""
        self._recent.add(received.marks, self._time.now())


def _noted(received: Received) -> Received:
    """A WARNING for items that were refused, by reason; nothing of their content is in it."""
    counts = Counter(each.reason for each in received.refused)
    if counts:
        told = ", ".join(f"{number} {reason}" for reason, number in sorted(counts.items()))
        _log.warning("notifications refused: %s", told, extra={"hamilton": {"refused": dict(counts)}})
    return received
