"""How a simulator served on its own reaches subscribers: a blocking POST by the standard library."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Final

from hamilton_sdk.flow import Cut, Response

if TYPE_CHECKING:
    from hamilton_sdk.flow import Request

__all__ = ["post"]

_PATIENCE: Final = 10.0
"""Seconds for an answer: what Graph gives a handshake."""


def post(request: Request) -> Response:
    """Send a notification or a handshake.

    Args:
        request: To an ``http`` or ``https`` address; the machine's own trust holds for the latter.

    Returns:
        The answer, whatever its status.

    Raises:
        Cut: There was none.
    """
    asked = urllib.request.Request(  # noqa: S310 (subscriptions take http and https alone)
        request.url, data=request.body, headers=dict(request.headers), method=request.method
    )
    try:
        with urllib.request.urlopen(asked, timeout=_PATIENCE) as found:  # noqa: S310 (as above)
            return _response(found.status, found.headers.items(), found.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return _response(refused.code, refused.headers.items(), refused.read())
    except OSError:
        kind = "timeout"
        raise Cut(kind) from None


def _response(status: int, headers: list[tuple[str, str]], body: bytes) -> Response:
    return Response(status=status, headers={name.lower(): value for name, value in headers}, body=body)
