"""Webhooks in Starlette."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from starlette.exceptions import HTTPException
from starlette.responses import Response

from hamilton_sdk.serving.incoming import LARGEST_BODY
from hamilton_sdk.serving.incoming.starlette import read_request
from hamilton_sdk.webhooks.receiving.verifying import REFUSALS, noted_refusal, verify

if TYPE_CHECKING:
    from starlette.requests import Request

    from hamilton_sdk.webhooks.receiving.verifying import Verifier

__all__ = ["answer_webhook_error", "verify_request"]

M = TypeVar("M")


async def verify_request(request: Request, hook: Verifier[M], *, largest_body: int = LARGEST_BODY) -> M:
    """The message of a request, if it is genuine.

    The body is read as a stream, so ``request.body()`` and ``request.json()`` do not work afterwards: what
    counts is the message's own ``body``, the bytes that were verified.

    Args:
        request: Starlette's.
        hook: Who verifies.
        largest_body: Bytes of the body that are taken.

    Returns:
        What `hook` makes of it: a `VerifiedMessage`, where that is a `Webhook`.

    Raises:
        HTTPException: It is refused, with the status and a word why; logged.
        ConfigurationError: The body was parsed as a form before.
    """
    try:
        return verify(await read_request(request, largest_body=largest_body), hook)
    except REFUSALS as error:
        refused = noted_refusal(error)
        raise HTTPException(refused.status, refused.detail, refused.headers) from error


def answer_webhook_error(request: Request, error: Exception) -> Response:
    """An exception handler for what endpoints raise themselves, such as ``message.event()``.

    ``Starlette(exception_handlers={WebhookError: answer_webhook_error})``; in FastAPI by
    ``app.add_exception_handler``.
    """
    del request
    if not isinstance(error, REFUSALS):  # registered for a class above
        raise error
    told = noted_refusal(error).response()
    return Response(told.body, told.status, told.headers)
