"""A request from Starlette, and so from FastAPI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect

from hamilton_sdk.serving.incoming.asgi import expected_length, header_pairs
from hamilton_sdk.serving.incoming.received import (
    LARGEST_BODY,
    Gathering,
    Incoming,
    SenderWentAway,
    read_before,
)

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["read_request"]

# They read the body and do not keep it.
_READERS: Final = "request.form() or request.stream(), and once for each request"


async def read_request(request: Request, *, largest_body: int = LARGEST_BODY) -> Incoming:
    """Read a request whole, as a stream: ``Request.body()`` has no limit.

    Bytes that ``body()`` or ``json()`` read before are used; after a form was parsed they are gone.

    Args:
        request: Starlette's.
        largest_body: Bytes of the body that are taken.

    Raises:
        RequestRefused: Status 413: the body is too large. Status 400: the sender went away, or
            ``Content-Length`` is wrong.
        ConfigurationError: The body was read before as a form or a stream.
    """
    headers = header_pairs(request.headers.raw)
    gathering = Gathering(largest_body, expected_length(headers))
    try:
        async for part in request.stream():
            gathering.add(part)
    except ClientDisconnect as error:
        raise SenderWentAway from error
    except RuntimeError as error:  # "Stream consumed"
        raise read_before(_READERS) from error
    return Incoming(request.method, headers, gathering.whole())
