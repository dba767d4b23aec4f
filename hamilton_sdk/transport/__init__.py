"""How requests reach the peer: settings, TLS policy, proxies, limits, one small file per HTTP library.

`RetryTransport` and `AsyncRetryTransport` serve any ``httpx`` client and load on first use (PEP 562), since
they bring httpx in; their httpx2 kin are in `hamilton_sdk.transport.retrying_httpx2`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk._lazy import lazy
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

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy(__name__, {"retrying": ("AsyncRetryTransport", "RetryTransport")})
