"""Webhooks in Flask."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from werkzeug.exceptions import default_exceptions
from werkzeug.wrappers import Response

from hamilton_sdk.serving.incoming import LARGEST_BODY
from hamilton_sdk.serving.incoming.flask import read_request
from hamilton_sdk.webhooks.receiving.verifying import REFUSALS, noted_refusal, verify

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from hamilton_sdk.errors import RequestRefused, WebhookError
    from hamilton_sdk.webhooks.receiving.verifying import Verifier

__all__ = ["answer_webhook_error", "verify_request"]

M = TypeVar("M")


def verify_request(request: Request, hook: Verifier[M], *, largest_body: int = LARGEST_BODY) -> M:
    """The message of a request, if it is genuine.

    Call it before anything looks at ``form``, ``files`` or ``values``. WSGI has one value for each header: a
    server joins what was sent twice, with a comma, and a value so joined is refused, also where both were the
    same.

    Args:
        request: ``flask.request``.
        hook: Who verifies.
        largest_body: Bytes of the body that are taken.

    Returns:
        What `hook` makes of it: a `VerifiedMessage`, where that is a `Webhook`.

    Raises:
        HTTPException: It is refused, with its answer, as ``flask.abort`` does; logged.
        ConfigurationError: The body was parsed as a form before, or read without keeping it.
    """
    try:
        return verify(read_request(request, largest_body=largest_body), hook)
    except REFUSALS as error:
        response = _response(error)
        raise default_exceptions[response.status_code](response=response) from error


def answer_webhook_error(error: WebhookError) -> Response:
    """An error handler for what views raise themselves, such as ``message.event()``.

    ``app.register_error_handler(WebhookError, answer_webhook_error)``.
    """
    return _response(error)


def _response(error: WebhookError | RequestRefused) -> Response:
    told = noted_refusal(error).response()
    return Response(told.body, told.status, told.headers)
