"""A request from Flask, or from Werkzeug itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from hamilton_sdk.serving.incoming.received import (
    LARGEST_BODY,
    Gathering,
    Incoming,
    SenderWentAway,
    read_before,
    too_large,
)
from hamilton_sdk.serving.incoming.wsgi import expected_length, header_pairs

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

__all__ = ["read_request"]

# They read the body and do not keep it.
_READERS: Final = "request.form, request.files or get_data(cache=False)"


def read_request(request: Request, *, largest_body: int = LARGEST_BODY) -> Incoming:
    """Read a request whole; ``get_data()`` and ``get_json()`` go on working afterwards.

    ``get_data()`` alone has no limit, and ``data`` is empty for a form. A lower ``MAX_CONTENT_LENGTH`` of the
    application holds as well.

    Args:
        request: Flask's.
        largest_body: Bytes of the body that are taken.

    Raises:
        RequestRefused: Status 413: the body is too large. Status 411: it comes in chunks, which the server
            does not decode. Status 400: the sender went away, or ``Content-Length`` is wrong.
        ConfigurationError: The body was parsed as a form before, or read without keeping it.
    """
    terminated = bool(request.environ.get("wsgi.input_terminated"))
    declared = expected_length(request.environ, decodes_chunks=terminated)
    theirs = request.max_content_length
    largest = largest_body if theirs is None else min(theirs, largest_body)
    gathering = Gathering(largest, declared)
    body = _data(request, largest)
    if not body and (declared or _holds_a_form(request)):
        raise read_before(_READERS)
    gathering.add(body)
    return Incoming(request.method, header_pairs(request.environ), gathering.whole())


def _holds_a_form(request: Request) -> bool:
    # Werkzeug keeps under these names what it parsed, and of the bytes nothing.
    kept = request.__dict__
    return bool(kept.get("form") or kept.get("files"))


def _data(request: Request, largest: int) -> bytes:
    theirs = request.max_content_length
    # Werkzeug's own stream stops there while reading, and says nothing: the byte too many tells.
    request.max_content_length = largest + 1
    try:
        return request.get_data()
    except RequestEntityTooLarge as error:
        raise too_large(largest) from error
    except ClientDisconnected as error:
        raise SenderWentAway from error
    finally:
        request.max_content_length = theirs
