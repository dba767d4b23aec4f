"""A request from plain ASGI 3; no framework is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk.serving.incoming.received import (
    LARGEST_BODY,
    Gathering,
    Incoming,
    SenderWentAway,
    declared_length,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hamilton_sdk.serving.asgi import Receive, Scope

__all__ = ["expected_length", "header_pairs", "read_request"]


async def read_request(scope: Scope, receive: Receive, *, largest_body: int = LARGEST_BODY) -> Incoming:
    """Read a request whole.

    Args:
        scope: Of the connection, its type being ``"http"``.
        receive: Where its events come from.
        largest_body: Bytes of the body that are taken.

    Raises:
        RequestRefused: Status 413: the body is too large. Status 400: the sender went away, or
            ``Content-Length`` is wrong.
    """
    headers = header_pairs(scope["headers"])
    gathering, more = Gathering(largest_body, expected_length(headers)), True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise SenderWentAway
        gathering.add(event.get("body", b""))
        more = event.get("more_body", False)
    return Incoming(scope["method"], headers, gathering.whole())


def header_pairs(raw: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """The headers of a request, decoded."""
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw)


def expected_length(headers: Iterable[tuple[str, str]]) -> int:
    """How much body is promised at the most; 0 where that is not said.

    Raises:
        RequestRefused: Status 400: ``Content-Length`` is not a number.
    """
    return max(
        (declared_length(value) or 0 for name, value in headers if name == "content-length"), default=0
    )
