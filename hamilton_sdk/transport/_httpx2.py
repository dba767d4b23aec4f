"""The SDK's own transport on httpx2: its addresses and trust, and the connection pool beneath it, httpcore2.

httpx2's own transport takes no network backend, and the deadline of an exchange is kept there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import httpcore2
import httpx2

from hamilton_sdk.transport._pooled import KEEPALIVE, Address, Library, Plan
from hamilton_sdk.transport._sockets import Sockets
from hamilton_sdk.transport._streams import AsyncBackend, Backend

if TYPE_CHECKING:
    import ssl

    from hamilton_sdk.transport._streams import Network

__all__ = ["CLIENT_FAILURES", "LIBRARY"]

CLIENT_FAILURES: Final = (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError)
"""What a client of the user's own may raise."""


def _address(url: str) -> Address:
    parsed = httpx2.URL(url)
    return Address(
        parsed.scheme, parsed.raw_host.decode("ascii"), parsed.port, parsed.netloc, parsed.raw_path
    )


def _public() -> ssl.SSLContext:
    return httpx2.create_ssl_context(trust_env=False)


def _network() -> Network:
    return httpcore2.SyncBackend()


def _pool(plan: Plan) -> httpcore2.ConnectionPool:
    # The library asks for its own base classes in annotations alone.
    backend = cast("httpcore2.NetworkBackend", Backend(_network()))
    if plan.proxy is None:
        return httpcore2.ConnectionPool(
            ssl_context=plan.context,
            max_connections=plan.connections,
            keepalive_expiry=KEEPALIVE,
            network_backend=backend,
        )
    return httpcore2.HTTPProxy(
        plan.proxy.url,
        proxy_auth=plan.proxy.auth,
        ssl_context=plan.context,
        proxy_ssl_context=plan.proxy_context,
        max_connections=plan.connections,
        keepalive_expiry=KEEPALIVE,
        network_backend=backend,
    )


def _async_pool(plan: Plan) -> httpcore2.AsyncConnectionPool:
    backend = cast("httpcore2.AsyncNetworkBackend", AsyncBackend(Sockets(httpcore2.WriteError)))
    if plan.proxy is None:
        return httpcore2.AsyncConnectionPool(
            ssl_context=plan.context,
            max_connections=plan.connections,
            keepalive_expiry=KEEPALIVE,
            network_backend=backend,
        )
    return httpcore2.AsyncHTTPProxy(
        plan.proxy.url,
        proxy_auth=plan.proxy.auth,
        ssl_context=plan.context,
        proxy_ssl_context=plan.proxy_context,
        max_connections=plan.connections,
        keepalive_expiry=KEEPALIVE,
        network_backend=backend,
    )


LIBRARY: Final = Library(
    failures=(
        httpx2.InvalidURL,
        httpcore2.NetworkError,
        httpcore2.ProtocolError,
        httpcore2.ProxyError,
        httpcore2.TimeoutException,
    ),
    address=_address,
    public=_public,
    network=_network,
    pool=_pool,
    async_pool=_async_pool,
)
