"""Notifications in plain ASGI 3; no framework is imported."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from hamilton_sdk.flow import Response
from hamilton_sdk.graph.notifications.receiving.answers import (
    FAILURES,
    LARGEST_POST,
    check_method,
    failed,
    hand_over_async,
)
from hamilton_sdk.serving.asgi import send_response, serving
from hamilton_sdk.serving.incoming.asgi import read_request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hamilton_sdk.graph.notifications.models import Received
    from hamilton_sdk.graph.notifications.receiving.answers import AsyncReceives
    from hamilton_sdk.serving.asgi import Application, Receive, Scope, Send

__all__ = ["notifications_asgi", "receive_request"]

_FAILED: Final = Response(status=500)


async def receive_request(
    scope: Scope, receive: Receive, receiver: AsyncReceives, *, largest_body: int = LARGEST_POST
) -> Received:
    """What a request brings.

    Args:
        scope: Of the connection, its type being ``"http"``.
        receive: Where its events come from; nothing may have read the body before.
        receiver: Who judges.
        largest_body: Bytes of the body that are taken.

    Returns:
        It; keep what it holds, answer with its ``response``, and tell the receiver that it is `done`.

    Raises:
        RequestRefused: It is too large, not whole, or nothing that Graph sends.
        ConnectorError: What is needed from Entra ID cannot be had.
    """
    incoming = await read_request(scope, receive, largest_body=largest_body)
    return await receiver.receive(scope.get("query_string", b""), incoming.body)


def notifications_asgi(
    receiver: AsyncReceives,
    handle: Callable[[Received], Awaitable[None]],
    *,
    largest_body: int = LARGEST_POST,
) -> Application:
    """An ASGI application that answers handshakes and hands notifications over, whatever the path.

    Failures are answered by the table of `hamilton_sdk.graph.notifications.receiving.answers`, and logged. An
    error of `handle` is answered with 500, so that Graph sends the notifications again, and goes on to the
    server.

    Args:
        receiver: Who judges.
        handle: Keeps what was received, within Graph's ten seconds; not called for a handshake.
        largest_body: Bytes of a body that are taken.

    Returns:
        The application; it accepts lifespan events and closes websockets.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            check_method(scope["method"])
            received = await receive_request(scope, receive, receiver, largest_body=largest_body)
        except FAILURES as error:
            # Who went away cannot be told, and servers may say so (ASGI 2.4: send raises OSError).
            with contextlib.suppress(OSError):
                await send_response(failed(error), scope, send)
            return
        try:
            answer = await hand_over_async(receiver, handle, received)
        except Exception:
            await send_response(_FAILED, scope, send)
            raise
        await send_response(answer, scope, send)

    return serving(serve)
