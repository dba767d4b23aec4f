"""Webhooks in FastAPI: a dependency."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

# FastAPI looks at a dependency's annotations when the route is made.
from starlette.requests import Request  # noqa: TC002

from hamilton_sdk.serving.incoming import LARGEST_BODY
from hamilton_sdk.webhooks.receiving.starlette import answer_webhook_error, verify_request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hamilton_sdk.webhooks.receiving.verifying import Verifier

__all__ = ["answer_webhook_error", "verified", "verify_request"]

M = TypeVar("M")


def verified(hook: Verifier[M], *, largest_body: int = LARGEST_BODY) -> Callable[[Request], Awaitable[M]]:
    """A dependency that gives the message of a request, if it is genuine; else the endpoint is not called.

    ``message: Annotated[VerifiedMessage, Depends(verified(hook))]``. It declares no body, so FastAPI parses
    none; an endpoint that declares one lets FastAPI read the body first, without a limit.

    Args:
        hook: Who verifies.
        largest_body: Bytes of a body that are taken.
    """

    async def message(request: Request) -> M:
        return await verify_request(request, hook, largest_body=largest_body)

    return message
