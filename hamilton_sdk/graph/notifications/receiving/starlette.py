"""Notifications in Starlette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

from hamilton_sdk.graph.notifications.receiving.answers import FAILURES, LARGEST_POST, failed
from hamilton_sdk.serving.incoming.starlette import read_request

if TYPE_CHECKING:
    from starlette.requests import Request

    from hamilton_sdk.graph.notifications.models import Received
    from hamilton_sdk.graph.notifications.receiving.answers import AsyncReceives

__all__ = ["answer", "receive_request"]


async def receive_request(
    request: Request, receiver: AsyncReceives, *, largest_body: int = LARGEST_POST
) -> Received:
    """What a request brings.

    Args:
        request: Starlette's.
        receiver: Who judges.
        largest_body: Bytes of the body that are taken.

    Returns:
        It; keep what it holds, tell the receiver that it is `done`, and return `answer` of it.

    Raises:
        HTTPException: Nothing could be received; with the status to answer, and logged.
        ConfigurationError: The body was parsed as a form before.
    """
    try:
        incoming = await read_request(request, largest_body=largest_body)
        return await receiver.receive(request.url.query, incoming.body)
    except FAILURES as error:
        told = failed(error)
        raise HTTPException(told.status, headers=dict(told.headers)) from error


def answer(received: Received) -> Response:
    """The answer: 202, or the handshake's."""
    told = received.response
    return Response(told.body, told.status, dict(told.headers))
