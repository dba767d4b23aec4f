"""A request from Django, in sync and async views alike.

Under ASGI Django takes the whole body into a temporary file before any view runs, however large it is: there
only the server or the proxy before it can refuse early. What is read into memory is capped here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.serving.incoming.received import LARGEST_BODY, Gathering, Incoming, read_before
from hamilton_sdk.serving.incoming.wsgi import expected_length, gather, header_pairs

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["read_request"]

# They read the body and do not keep it.
_READERS: Final = "request.POST, request.FILES, request.data or request.read()"


def read_request(request: HttpRequest, *, largest_body: int = LARGEST_BODY) -> Incoming:
    """Read a request whole.

    Bytes that ``request.body`` read before are used. After this has read them, ``request.body`` raises
    Django's ``RawPostDataException``. ``DATA_UPLOAD_MAX_MEMORY_SIZE`` is about ``request.body``; here
    `largest_body` holds, be it lower or higher.

    Args:
        request: Django's, or Django REST framework's.
        largest_body: Bytes of the body that are taken.

    Raises:
        RequestRefused: Status 413: the body is too large. Status 400: the sender went away, or
            ``Content-Length`` is wrong.
        ConfigurationError: The body was read before, as a form with files or a stream.
    """
    # Under WSGI Django reads what Content-Length promises and nothing else, whatever the server can do.
    declared = expected_length(request.META, decodes_chunks="wsgi.input" not in request.META)
    gathering = Gathering(largest_body, declared)
    if hasattr(request, "_body"):
        gathering.add(request.body)
        body = gathering.whole()
    elif getattr(request, "_read_started", False):
        raise read_before(_READERS)
    else:
        body = gather(request, gathering, None)
    return Incoming(request.method or "", header_pairs(request.META), body)
