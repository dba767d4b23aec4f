"""A request from plain WSGI (PEP 3333); no framework is imported.

WSGI has one value for each header: a server joins what was sent twice, with a comma.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from hamilton_sdk.errors import RequestRefused
from hamilton_sdk.serving.incoming.received import (
    BLOCK,
    LARGEST_BODY,
    Gathering,
    Incoming,
    SenderWentAway,
    declared_length,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from wsgiref.types import WSGIEnvironment

__all__ = ["Readable", "expected_length", "gather", "header_pairs", "read_request"]

_UNPREFIXED: Final = {"CONTENT_TYPE": "content-type", "CONTENT_LENGTH": "content-length"}


class Readable(Protocol):
    """The reading side of ``wsgi.input``, and of a Django request."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; nothing at the end."""
        ...


def read_request(environ: WSGIEnvironment, *, largest_body: int = LARGEST_BODY) -> Incoming:
    """Read a request whole.

    Without ``Content-Length`` there is a body only where the server says that it ends the input itself
    (``wsgi.input_terminated``), as servers do that decode chunks. Elsewhere the input is read no further than
    promised: what follows may never come, or belong to the next request.

    Args:
        environ: What the server tells of the request.
        largest_body: Bytes of the body that are taken.

    Raises:
        RequestRefused: Status 413: the body is too large. Status 411: it comes in chunks, which this server
            does not decode. Status 400: the sender went away, or ``Content-Length`` is wrong.
    """
    terminated = bool(environ.get("wsgi.input_terminated"))
    declared = expected_length(environ, decodes_chunks=terminated)
    gathering = Gathering(largest_body, declared)
    body = gather(environ["wsgi.input"], gathering, None if terminated else declared or 0)
    return Incoming(environ["REQUEST_METHOD"], header_pairs(environ), body)


def expected_length(environ: Mapping[str, object], *, decodes_chunks: bool) -> int | None:
    """How much body is promised; None where that is not said.

    Args:
        environ: What the server tells of the request.
        decodes_chunks: Whether a body in chunks can be read.

    Raises:
        RequestRefused: Status 411: the body comes in chunks, and they cannot be read. Status 400:
            ``Content-Length`` is not a number.
    """
    if "HTTP_TRANSFER_ENCODING" in environ and not decodes_chunks:
        message = "the body comes in chunks, which this server does not decode"
        hint = "serve the application by a WSGI server that does (wsgi.input_terminated), or by ASGI"
        raise RequestRefused(message, status=411, hint=hint)
    return declared_length(environ.get("CONTENT_LENGTH"))


def gather(source: Readable, gathering: Gathering, left: int | None) -> bytes:
    """Read a body in blocks.

    Args:
        source: Where it is read from.
        gathering: Where it goes.
        left: Bytes that may be read; None up to the end.

    Raises:
        RequestRefused: Status 413: it is too large. Status 400: the sender went away.
    """
    try:
        while left is None or left > 0:
            part = source.read(BLOCK if left is None else min(BLOCK, left))
            if not part:
                break
            gathering.add(part)
            left = None if left is None else left - len(part)
    except OSError as error:
        raise SenderWentAway from error
    return gathering.whole()


def header_pairs(environ: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The headers of a request, by their own names."""
    named = ((_name(key), value) for key, value in environ.items())
    return tuple((name, value) for name, value in named if name and isinstance(value, str))


def _name(key: str) -> str | None:
    if key.startswith("HTTP_"):
        return key.removeprefix("HTTP_").replace("_", "-").lower()
    return _UNPREFIXED.get(key)
