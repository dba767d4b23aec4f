"""Webhooks in plain ASGI 3; no framework is imported."""

from __future__ import annotations

import contextlib
import inspect
from typing import TYPE_CHECKING, Final, TypeVar

from hamilton_sdk.flow import Response
from hamilton_sdk.serving.asgi import send_response, serving
from hamilton_sdk.serving.incoming import LARGEST_BODY
from hamilton_sdk.serving.incoming.asgi import read_request
from hamilton_sdk.webhooks.receiving.verifying import (
    REFUSALS,
    accepted,
    check_method,
    noted_refusal,
    verify,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hamilton_sdk.serving.asgi import Application, Receive, Scope, Send
    from hamilton_sdk.webhooks.receiving.verifying import Verifier

__all__ = ["verify_request", "webhook_asgi"]

M = TypeVar("M")

_FAILED: Final = Response(status=500)


async def verify_request(
    scope: Scope, receive: Receive, hook: Verifier[M], *, largest_body: int = LARGEST_BODY
) -> M:
    """The message of a request, if it is genuine.

    Args:
        scope: Of the connection, its type being ``"http"``.
        receive: Where its events come from; nothing may have read the body before.
        hook: Who verifies.
        largest_body: Bytes of the body that are taken.

    Returns:
        What `hook` makes of it: a `VerifiedMessage`, where that is a `Webhook`.

    Raises:
        WebhookVerificationError: It cannot be trusted.
        RequestRefused: It is too large or not whole. `hamilton_sdk.webhooks.receiving.refusal` makes an
            answer of both.
    """
    return verify(await read_request(scope, receive, largest_body=largest_body), hook)


def webhook_asgi(
    hook: Verifier[M],
    handle: Callable[[M], Awaitable[Response | None]],
    *,
    largest_body: int = LARGEST_BODY,
) -> Application:
    """An ASGI application that verifies each request and hands the message over, whatever the path.

    Refused messages are answered by the table of `hamilton_sdk.webhooks.receiving.answers`, and logged;
    `WebhookPayloadError`, when `handle` raises it, among them. Any other error of `handle` is answered with
    500, so that the sender repeats the message, and goes on to the server.

    Args:
        hook: Who verifies.
        handle: Gets the message. What it returns is the answer; nothing is 204.
        largest_body: Bytes of a body that are taken.

    Returns:
        The application; it accepts lifespan events and closes websockets.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            check_method(scope["method"])
            message = await verify_request(scope, receive, hook, largest_body=largest_body)
            found = await _handed_over(handle, message)
        except REFUSALS as error:
            # Who went away cannot be told, and servers may say so (ASGI 2.4: send raises OSError).
            with contextlib.suppress(OSError):
                await send_response(noted_refusal(error).response(), scope, send)
        except Exception:
            await send_response(_FAILED, scope, send)
            raise
        else:
            await send_response(found, scope, send)

    return serving(serve)


async def _handed_over(handle: Callable[[M], Awaitable[Response | None]], message: M) -> Response:
    waiting: object = handle(message)
    if not inspect.isawaitable(waiting):
        slip = (
            "the handler of webhook_asgi must be async; one that blocks belongs to webhook_wsgi or a thread"
        )
        raise TypeError(slip)
    return accepted(await waiting)
