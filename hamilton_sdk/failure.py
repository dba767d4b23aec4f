"""What a failed answer amounts to: the error, its hint, and an address that may be shown. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from hamilton_sdk.errors import (
    BadResponse,
    Conflict,
    ConnectorError,
    Forbidden,
    Invalid,
    NotFound,
    Outcome,
    ProxyFailed,
    RateLimited,
    ServerFailed,
    TimedOut,
    Unauthorized,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.flow import Request, Response

__all__ = ["error_from", "peer_request_id", "redacted_url"]

_UNREADABLE: Final = "(unreadable address)"


def redacted_url(url: str) -> str:
    """The address without user, password, query and fragment, which may hold secrets or names.

    A part of the path with an ``@`` in it is masked: it is an e-mail address, or a password gone astray. What
    cannot be read as an address is not shown at all.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:  # a broken IPv6 address, or a port that is no number
        return _UNREADABLE
    if not (parts.scheme and host):
        return _UNREADABLE
    shown = f"[{host}]" if ":" in host else host
    if port is not None:
        shown += f":{port}"
    path = "/".join("***" if "@" in part or "%40" in part else part for part in parts.path.split("/"))
    return f"{parts.scheme}://{shown}{path}"


_VALUES: Final = "the peer refuses the values: compare them with its limits"
_ADDRESS: Final = "check the address: path, port and upper or lower case"
_IN_THE_WAY: Final = "something else at the peer stands in the way"
_RATE: Final = "too many calls: lower the rate, or wait as long as retry_after says"

_BY_STATUS: Final[Mapping[int, tuple[type[ConnectorError], str]]] = {
    400: (Invalid, _VALUES),
    401: (Unauthorized, "check the user name, the password or the key, and that the account is not locked"),
    403: (Forbidden, "the account lacks a right or a licence: ask the peer's administrator"),
    404: (NotFound, _ADDRESS),
    407: (ProxyFailed, "the proxy wants a user and a password: give them in proxy="),
    408: (TimedOut, "the peer did not get the whole request in time: look at the network"),
    409: (Conflict, _IN_THE_WAY),
    410: (NotFound, _ADDRESS),
    412: (Conflict, _IN_THE_WAY),
    423: (Conflict, _IN_THE_WAY),
    425: (RateLimited, _RATE),
    429: (RateLimited, _RATE),
}
_BY_CLASS: Final[Mapping[int, tuple[type[ConnectorError], str]]] = {
    3: (BadResponse, "the peer sends us elsewhere and no redirect is followed: check the address"),
    4: (Invalid, _VALUES),
    5: (ServerFailed, "look into the peer's own log"),
}
_BROKEN: Final = (BadResponse, "check that the address is the peer's, and that no portal answers for it")


def error_from(
    request: Request,
    response: Response,
    *,
    connector: str,
    message: str | None = None,
    code: str | None = None,
    hint: str | None = None,
    kind: type[ConnectorError] | None = None,
) -> ConnectorError:
    """The error that an answer amounts to, filled with what support will ask for.

    Args:
        request: What was asked.
        response: What came back.
        connector: The adapter's name.
        message: The peer's reason, without secrets or personal data; the status if not given.
        code: The peer's own code.
        hint: What a person can do; a general one by status if not given.
        kind: The class, where the protocol says more than the status.
    """
    by_class = _BY_CLASS.get(response.status // 100, _BROKEN)
    by_status, general = _BY_STATUS.get(response.status, by_class)
    outcome = request.judge(response)
    where = f"{connector}: {request.operation} at {redacted_url(request.url)}"
    return (kind or by_status)(
        f"{where}: {message or f'HTTP status {response.status}'}",
        hint=hint or general,
        connector=connector,
        operation=request.operation,
        method=request.method,
        url=redacted_url(request.url),
        status=response.status,
        code=code,
        request_id=response.request_id,
        peer_request_id=peer_request_id(response),
        retry_after=response.retry_after,
        attempts=response.attempts,
        # An answer that looks done and is an error all the same: the class knows what that means.
        outcome=None if outcome is Outcome.DONE else outcome,
        raw=response.body[:2048],
    )


def peer_request_id(response: Response) -> str | None:
    """The peer's own id of the request, under the names in use."""
    for name in ("request-id", "x-request-id", "x-ms-request-id", "x-correlation-id"):
        if name in response.headers:
            return response.headers[name]
    return None
