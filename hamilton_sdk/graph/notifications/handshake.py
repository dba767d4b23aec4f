"""The handshake by which Graph tries an address before it sends notifications there. Pure.

``POST {url}?validationToken=...`` wants 200 within ten seconds, and as ``text/plain`` the token, decoded once
(Microsoft Graph, "Receive change notifications through webhooks"). It comes again at some renewals.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from hamilton_sdk.errors import RequestRefused

__all__ = ["validation_token"]

_NAME: Final = "validationToken"
_MOST_FIELDS: Final = 100
_BAD_REQUEST: Final = 400


def validation_token(query: str | bytes) -> bytes | None:
    """What to echo; None where the request is no handshake.

    Args:
        query: Of the request's address, as it came; the address's own query stands in it as well.

    Returns:
        The token, opaque: ``+`` and ``%XX`` are decoded exactly once.

    Raises:
        RequestRefused: Status 400: there are several tokens, or it cannot be read.

    Example:
        >>> validation_token("room=5&validationToken=Validation%3a+Testing%2520it")
        b'Validation: Testing%20it'
    """
    text = query.decode("latin-1") if isinstance(query, bytes) else query
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="surrogateescape", max_num_fields=_MOST_FIELDS)
    except ValueError:
        message = "the query has too many parts"
        raise RequestRefused(message, status=_BAD_REQUEST) from None
    tokens = [value for name, value in pairs if name == _NAME]
    if not tokens:
        return None
    if len(tokens) > 1 or not tokens[0]:
        message = f"there is not one {_NAME}"
        raise RequestRefused(message, status=_BAD_REQUEST)
    return tokens[0].encode("utf-8", "surrogateescape")
