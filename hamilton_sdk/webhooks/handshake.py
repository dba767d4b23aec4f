"""The consent handshake of CloudEvents http-webhook 1.0.2, section 4, from both sides. Pure.

Before it delivers anything to an address that somebody registered, a sender asks by OPTIONS whether webhooks
are wanted there. Consent is one header of the answer and never its status, since many servers answer OPTIONS.
This keeps a sender from being turned against strangers; it does not keep it out of private networks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import BadResponse, ConfigurationError
from hamilton_sdk.flow import Request, Safety
from hamilton_sdk.webhooks._headers import every_value

if TYPE_CHECKING:
    from collections.abc import Collection

    from hamilton_sdk.flow import Response
    from hamilton_sdk.webhooks._headers import Headers

__all__ = ["ANY", "REQUEST_ORIGIN", "allowed_rate", "consent", "consent_request", "is_allowed"]

REQUEST_ORIGIN: Final = "WebHook-Request-Origin"
"""Names the sender, in the handshake and in every delivery that follows it (4.1.2)."""

ANY: Final = "*"
"""Any origin; any rate."""

_REQUEST_RATE: Final = "WebHook-Request-Rate"
_ALLOWED_ORIGIN: Final = "WebHook-Allowed-Origin"
_ALLOWED_RATE: Final = "WebHook-Allowed-Rate"
_METHOD: Final = "OPTIONS"
_OPERATION: Final = "consent"

# A DNS name (RFC 1123, 2.1): what is put into a header, and compared by its letters.
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_LONGEST_NAME: Final = 253
_POSITIVE: Final = re.compile(r"[1-9][0-9]{0,8}")


def consent(
    request_headers: Headers, allowed_origins: Collection[str], rate: int | None = None
) -> dict[str, str]:
    """The receiver's side: the headers to answer an OPTIONS request with.

    Args:
        request_headers: Of the OPTIONS request: a mapping or pairs, of str or bytes, names in any case.
        allowed_origins: DNS names of the senders that are wanted; ``"*"`` among them for any.
        rate: Requests a minute that are wanted; None for any number.

    Returns:
        The consent, to be answered with status 200 or 204; empty where there is none, to be answered with 405
        (section 4.2).

    Raises:
        ConfigurationError: `rate` is not positive, or `allowed_origins` is a single text.

    Example:
        >>> asked = {"webhook-request-origin": "events.example.com", "webhook-request-rate": "120"}
        >>> consent(asked, {"events.example.com"}, rate=100)["WebHook-Allowed-Rate"]
        '100'
        >>> consent(asked, {"other.example.com"})
        {}
    """
    if isinstance(allowed_origins, str):
        message = "allowed_origins is a collection of names, not a single text"
        raise ConfigurationError(message, hint=f'give {{"{ANY}"}} or {{"events.example.com"}}')
    allowed = {each.lower() for each in allowed_origins}
    granted = ANY if rate is None else _written(rate)
    name = REQUEST_ORIGIN.lower()
    origins = every_value(request_headers, (name,)).get(name, [])
    if len(origins) != 1 or not _is_name(origins[0]):
        return {}
    if ANY not in allowed and origins[0].lower() not in allowed:
        return {}
    return {"Allow": "POST", _ALLOWED_ORIGIN: origins[0], _ALLOWED_RATE: granted}


def consent_request(url: str, origin: str, rate: int | None = None) -> Request:
    """The sender's side: the request that asks for consent.

    No callback is offered (4.1.3): consent is in the answer, or there is none yet.

    Args:
        url: Where webhooks shall go, exactly.
        origin: DNS name that stands for the whole sending system.
        rate: Requests a minute that are asked for; None where none is.

    Raises:
        ConfigurationError: `origin` is no DNS name, or `rate` is not positive.
    """
    if not _is_name(origin):
        message = "origin is no DNS name"
        raise ConfigurationError(message, hint='name the sending system, as in "events.example.com"')
    headers = {REQUEST_ORIGIN: origin}
    if rate is not None:
        headers[_REQUEST_RATE] = _written(rate)
    return Request(method=_METHOD, url=url, operation=_OPERATION, safety=Safety.SAFE, headers=headers)


def is_allowed(response: Response, origin: str) -> bool:
    """Whether an answer, whatever its status, is consent to this origin or to any (4.2.1).

    Args:
        response: The answer to `consent_request`.
        origin: What was asked for.
    """
    return response.headers.get(_ALLOWED_ORIGIN.lower(), "").strip() in {origin, ANY}


def allowed_rate(response: Response) -> int | None:
    """Requests a minute that an answer consents to (4.2.2); None where it sets no limit.

    Args:
        response: An answer that `is_allowed`.

    Raises:
        BadResponse: It is neither a positive number nor ``*``.
    """
    rate = response.headers.get(_ALLOWED_RATE.lower(), ANY).strip()
    if rate == ANY:
        return None
    if _POSITIVE.fullmatch(rate) is None:
        message = f"{_ALLOWED_RATE} is neither a positive number nor {ANY}"
        raise BadResponse(message, operation=_OPERATION, method=_METHOD, status=response.status)
    return int(rate)


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and _NAME.fullmatch(text) is not None


def _written(rate: int) -> str:
    text = str(rate)
    if _POSITIVE.fullmatch(text) is None:
        message = "rate is not a positive number of requests a minute"
        raise ConfigurationError(message, hint="leave it out to set none")
    return text
