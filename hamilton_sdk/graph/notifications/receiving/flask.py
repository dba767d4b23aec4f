"""Notifications in Flask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.exceptions import default_exceptions
from werkzeug.wrappers import Response

from hamilton_sdk.graph.notifications.receiving.answers import FAILURES, LARGEST_POST, failed
from hamilton_sdk.serving.incoming.flask import read_request

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from hamilton_sdk.graph.notifications.models import Received
    from hamilton_sdk.graph.notifications.receiving.answers import Receives

__all__ = ["answer", "receive_request"]


def receive_request(request: Request, receiver: Receives, *, largest_body: int = LARGEST_POST) -> Received:
    """What a request brings.

    Call it before anything looks at ``form``, ``files`` or ``values``.

    Args:
        request: ``flask.request``.
        receiver: Who judges.
        largest_body: Bytes of the body that are taken.

    Returns:
        It; keep what it holds, tell the receiver that it is `done`, and return `answer` of it.

    Raises:
        HTTPException: Nothing could be received; with its answer, as ``flask.abort`` does, and logged.
        ConfigurationError: The body was parsed as a form before, or read without keeping it.
    """
    try:
        incoming = read_request(request, largest_body=largest_body)
        return receiver.receive(request.query_string, incoming.body)
    except FAILURES as error:
        told = failed(error)
        response = Response(told.body, told.status, dict(told.headers))
        raise default_exceptions[told.status](response=response) from error


def answer(received: Received) -> Response:
    """The answer: 202, or the handshake's."""
    told = received.response
    return Response(told.body, told.status, dict(told.headers))
