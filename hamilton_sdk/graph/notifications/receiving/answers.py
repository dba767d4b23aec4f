"""What Graph is answered where nothing could be received: one table of statuses for all frameworks. Pure.

| what happened | status |
|---|---|
| it is no collection of notifications, not whole, or a handshake that cannot be read | 400 |
| another method than POST | 405 |
| it comes in chunks, and the server does not decode them | 411 |
| the body is too large | 413 |
| Entra ID's keys, or the store that knows the watches, cannot be reached: Graph tries again for hours | 503 |

Items that are forged or cannot be opened make no failure: the post is answered 202 with the others.
"""

from __future__ import annotations

import inspect
import logging
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from hamilton_sdk.errors import ConnectorError, RequestRefused, StoreError
from hamilton_sdk.flow import Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hamilton_sdk.graph.notifications.models import Received

__all__ = [
    "FAILURES",
    "LARGEST_POST",
    "AsyncReceives",
    "Failure",
    "Receives",
    "check_handled",
    "check_method",
    "failed",
    "hand_over",
    "hand_over_async",
]

LARGEST_POST: Final = 4 * 1024 * 1024
"""Bytes of a post that are taken, unless told otherwise: Graph puts many notifications into one."""

FAILURES: Final = (RequestRefused, ConnectorError, StoreError)
"""What receiving raises on account of a request, or of what it needs from elsewhere."""

Failure: TypeAlias = RequestRefused | ConnectorError | StoreError

_METHOD: Final = "POST"
_WRONG_METHOD: Final = 405
_UNAVAILABLE: Final = 503

_log = logging.getLogger("hamilton_sdk.graph")
_log.addHandler(logging.NullHandler())


class Receives(Protocol):
    """Who judges a post: a `NotificationReceiver`."""

    def receive(self, query: str | bytes, body: bytes) -> Received:
        """Read and judge one post."""
        ...

    def done(self, received: Received) -> None:
        """Say that what was received is kept."""
        ...


class AsyncReceives(Protocol):
    """Who judges a post in async code: an `AsyncNotificationReceiver`."""

    async def receive(self, query: str | bytes, body: bytes) -> Received:
        """Read and judge one post."""
        ...

    def done(self, received: Received) -> None:
        """Say that what was received is kept."""
        ...


def check_method(method: str | None) -> None:
    """Let POST pass, by which handshakes come as well.

    Raises:
        RequestRefused: Status 405.
    """
    if method != _METHOD:
        message = f"notifications come by {_METHOD}"
        raise RequestRefused(message, status=_WRONG_METHOD)


def failed(error: Failure) -> Response:
    """The answer to a failure, after a WARNING to ``logging.getLogger("hamilton_sdk.graph")``."""
    status = error.status if isinstance(error, RequestRefused) else _UNAVAILABLE
    _log.warning(
        "notifications not received, answered with status %d: %s%s",
        status,
        error,
        f" ({error.hint})" if error.hint else "",
        extra={"hamilton": {"status": status, "error": type(error).__name__}},
    )
    return Response(status, {"allow": _METHOD} if status == _WRONG_METHOD else {})


def hand_over(receiver: Receives, handle: Callable[[Received], object], received: Received) -> Response:
    """Let a handler keep what was received, and say that it is done; a handshake goes past it.

    Returns:
        The answer.

    Raises:
        TypeError: The handler returned something, which might be meant as a failure.
    """
    if not received.handshake:
        check_handled(handle(received))
        receiver.done(received)
    return received.response


async def hand_over_async(
    receiver: AsyncReceives, handle: Callable[[Received], Awaitable[object]], received: Received
) -> Response:
    """The async twin of `hand_over`."""
    if not received.handshake:
        waiting: object = handle(received)
        if not inspect.isawaitable(waiting):
            slip = "this handler of notifications must be async; one that blocks belongs to a sync receiver"
            raise TypeError(slip)
        check_handled(await waiting)
        receiver.done(received)
    return received.response


def check_handled(returned: object) -> None:
    """Refuse what a handler returned: it might be meant as a failure.

    Raises:
        TypeError: It is anything but None.
    """
    if returned is not None:
        kind = type(returned).__name__
        message = f"the handler of notifications returns nothing, not {kind}, and raises where it fails"
        raise TypeError(message)
