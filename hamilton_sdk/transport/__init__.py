"""How requests reach the peer: settings, TLS policy, proxies, limits, one small file per HTTP library.

`RetryTransport` and `AsyncRetryTransport` serve any ``httpx`` client and load on first use (PEP 562), since
they bring httpx in; their httpx2 kin are in `hamilton_sdk.transport.retrying_httpx2`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk.transport.base import AsyncTransport, Http, HttpClient, Timeouts, Transport, TransportLike

if TYPE_CHECKING:
    from hamilton_sdk.transport.retrying import AsyncRetryTransport, RetryTransport

__all__ = [
    "AsyncRetryTransport",
    "AsyncTransport",
    "Http",
    "HttpClient",
    "RetryTransport",
    "Timeouts",
    "Transport",
    "TransportLike",
]

_LATE = ("AsyncRetryTransport", "RetryTransport")


def __getattr__(name: str) -> object:
    """Load a retrying transport on first use."""
    if name not in _LATE:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from hamilton_sdk.transport import retrying

    value = getattr(retrying, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
