"""The SDK's own transport on httpx: its addresses and trust, and the connection pool beneath it, httpcore.

httpx's own transport takes no network backend, and the deadline of an exchange is kept there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import httpcore
import httpx

from hamilton_sdk.transport._pooled import KEEPALIVE, Address, Library, Plan
from hamilton_sdk.transport._sockets import Sockets
from hamilton_sdk.transport._streams import AsyncBackend, Backend

if TYPE_CHECKING:
    import ssl

    from hamilton_sdk.transport._streams import Network

__all__ = ["CLIENT_FAILURES", "LIBRARY"]

CLIENT_FAILURES: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError)
"""What a client of the user's own may raise."""


def _address(url: str) -> Address:
    parsed = httpx.URL(url)
    return Address(
        parsed.scheme, parsed.raw_host.decode("ascii"), parsed.port, parsed.netloc, parsed.raw_path
    )


def _public() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _network() -> Network:
    return httpcore.SyncBackend()


def _pool(plan: Plan) -> httpcore.ConnectionPool:
    # The library asks for its own base classes in annotations alone.
    backend = cast("httpcore.NetworkBackend", Backend(_network()))
    if plan.proxy is None:
        return httpcore.ConnectionPool(
            ssl_context=plan.context,
            max_connections=plan.connections,
            keepalive_expiry=KEEPALIVE,
            network_backend=backend,
        )
    return httpcore.HTTPProxy(
        plan.proxy.url,
        proxy_auth=plan.proxy.auth,
        ssl_context=plan.context,
        proxy_ssl_context=plan.proxy_context,
        max_connections=plan.connections,
        keepalive_expiry=KEEPALIVE,
        network_backend=backend,
    )


def _async_pool(plan: Plan) -> httpcore.AsyncConnectionPool:
    backend = cast("httpcore.AsyncNetworkBackend", AsyncBackend(Sockets(httpcore.WriteError)))
    if plan.proxy is None:
        return httpcore.AsyncConnectionPool(
            ssl_context=plan.context,
            max_connections=plan.connections,
            keepalive_expiry=KEEPALIVE,
            network_backend=backend,
        )
    return httpcore.AsyncHTTPProxy(
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
        httpx.InvalidURL,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.ProxyError,
        httpcore.TimeoutException,
    ),
    address=_address,
    public=_public,
    network=_network,
    pool=_pool,
    async_pool=_async_pool,
)
