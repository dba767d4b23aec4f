"""`hamilton webhooks listen`: a receiver on this machine that says of each message whether it is genuine."""

from __future__ import annotations

import contextlib
import queue
from collections import Counter
from typing import TYPE_CHECKING, Final, Protocol

from hamilton_sdk.cli.interruption import interruption
from hamilton_sdk.cli.loopback import loopback
from hamilton_sdk.cli.receiver import Receiver

if TYPE_CHECKING:
    from hamilton_sdk.cli.receiver import Arrival
    from hamilton_sdk.webhooks.signing import Webhook

__all__ = ["Listener", "listen"]

_LOOK: Final = 0.5
"""Seconds between two looks for an interruption: on Windows a wait without end cannot be interrupted."""


class Listener(Protocol):
    """Who is told."""

    def open(self, needed: dict[str, str]) -> None:
        """Before the first message: what a sender needs, by name, the url first."""
        ...

    def tell(self, arrival: Arrival) -> None:
        """After each message."""
        ...

    def close(self, counts: Counter[str]) -> None:
        """At the end: how many were new, came again, or were refused."""
        ...


def listen(
    hook: Webhook, listener: Listener, *, needed: dict[str, str], port: int, tls: bool, count: int | None
) -> None:
    """Receive until interrupted (Ctrl-C or SIGTERM), or until so many messages came.

    Args:
        hook: Verifies.
        listener: Is told, by the calling thread.
        needed: What a sender needs besides the url and the authority, by name.
        port: Any free one if 0.
        tls: Whether to serve HTTPS, with a throw-away authority that lasts as long.
        count: After how many messages to end; None for never.

    Raises:
        OSError: The port is taken.
    """
    arrivals: queue.SimpleQueue[Arrival] = queue.SimpleQueue()
    receiver = Receiver(hook, arrivals.put)
    counts: Counter[str] = Counter()
    with interruption() as interrupted, loopback(receiver, port=port, tls=tls) as (url, authority):
        trust = {"ca": str(authority)} if authority else {}
        listener.open({"url": url + receiver.path, **trust, **needed})
        while not interrupted.is_set() and (count is None or counts.total() < count):
            with contextlib.suppress(queue.Empty):
                arrival = arrivals.get(timeout=_LOOK)
                counts[_kind(arrival)] += 1
                listener.tell(arrival)
    listener.close(counts)


def _kind(arrival: Arrival) -> str:
    if not arrival.is_taken:
        return "refused"
    return "new" if arrival.is_new else "again"
