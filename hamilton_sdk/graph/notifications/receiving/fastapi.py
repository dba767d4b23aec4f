"""Notifications in FastAPI: a dependency."""

from __future__ import annotations

from typing import TYPE_CHECKING

# FastAPI looks at a dependency's annotations when the route is made.
from starlette.requests import Request  # noqa: TC002

from hamilton_sdk.graph.notifications.models import Received  # noqa: TC001
from hamilton_sdk.graph.notifications.receiving.answers import LARGEST_POST
from hamilton_sdk.graph.notifications.receiving.starlette import answer, receive_request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hamilton_sdk.graph.notifications.receiving.answers import AsyncReceives

__all__ = ["answer", "receive_request", "received_by"]


def received_by(
    receiver: AsyncReceives, *, largest_body: int = LARGEST_POST
) -> Callable[[Request], Awaitable[Received]]:
    """A dependency that gives what a request brings; else the endpoint is not called.

    ``received: Annotated[Received, Depends(received_by(receiver))]``, and ``return answer(received)``. It
    declares no body, so FastAPI parses none.

    Args:
        receiver: Who judges.
        largest_body: Bytes of a body that are taken.
    """

    async def received(request: Request) -> Received:
        return await receive_request(request, receiver, largest_body=largest_body)

    return received
