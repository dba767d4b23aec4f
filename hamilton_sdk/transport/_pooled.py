"""The SDK's own transport over a connection pool, sync and async; what differs per library is handed in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from hamilton_sdk import __version__
from hamilton_sdk.flow import Response
from hamilton_sdk.transport._body import ACCEPTED_ENCODINGS, Body, headers_of
from hamilton_sdk.transport._exchange import Exchange
from hamilton_sdk.transport._faults import Unsendable, performing
from hamilton_sdk.transport._portions import Portions
from hamilton_sdk.transport.proxies import Proxies
from hamilton_sdk.transport.tls import client_context, proxy_context

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    from hamilton_sdk.flow import Request
    from hamilton_sdk.transport._streams import Network
    from hamilton_sdk.transport.base import Http
    from hamilton_sdk.transport.proxies import Proxy

__all__ = ["KEEPALIVE", "Address", "AsyncPooledTransport", "Library", "Plan", "PooledTransport"]

KEEPALIVE: Final = 4.0
"""Seconds a connection is kept idle: less than the 5 s after which Apache closes it if not told otherwise."""

_DEFAULTS: Final[Mapping[str, str]] = {
    "Accept": "*/*",
    "Accept-Encoding": ACCEPTED_ENCODINGS,
    "User-Agent": f"hamilton-apps-sdk/{__version__}",
}
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


class Address(NamedTuple):
    """A request's address, in ASCII.

    Attributes:
        scheme: ``http`` or ``https``.
        host: Without brackets.
        port: None for the scheme's own.
        authority: Host and port as the Host header has them.
        target: Path and query.
    """

    scheme: str
    host: str
    port: int | None
    authority: bytes
    target: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """What a pool is made with.

    Attributes:
        connections: At most at the same time.
        context: For peers.
        proxy: That all its connections go through, if any.
        proxy_context: For the proxy, where it is secure.
    """

    connections: int
    context: ssl.SSLContext
    proxy: Proxy | None
    proxy_context: ssl.SSLContext | None


class Answer(Protocol):
    """An answer whose body is still to be read."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> list[tuple[bytes, bytes]]: ...
    def iter_stream(self) -> Iterator[bytes]: ...
    def aiter_stream(self) -> AsyncIterator[bytes]: ...


class Pool(Protocol):
    """A sync connection pool of an HTTP library."""

    def stream(
        self,
        method: str,
        url: bytes,
        *,
        headers: list[tuple[bytes, bytes]],
        content: bytes | None,
        extensions: dict[str, dict[str, float]],
    ) -> AbstractContextManager[Answer]: ...
    def close(self) -> None: ...


class AsyncPool(Protocol):
    """The same for an event loop."""

    def stream(
        self,
        method: str,
        url: bytes,
        *,
        headers: list[tuple[bytes, bytes]],
        content: bytes | None,
        extensions: dict[str, dict[str, float]],
    ) -> AbstractAsyncContextManager[Answer]: ...
    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Library:
    """What differs between HTTP libraries.

    Attributes:
        failures: The exceptions it raises.
        address: Parses an address, international host names included.
        public: Makes a context that trusts the usual public authorities, and reads no environment.
        network: Makes sync connections.
        pool: Makes a pool of sync connections.
        async_pool: Makes one for an event loop.
    """

    failures: tuple[type[Exception], ...]
    address: Callable[[str], Address]
    public: Callable[[], ssl.SSLContext]
    network: Callable[[], Network]
    pool: Callable[[Plan], Pool]
    async_pool: Callable[[Plan], AsyncPool]


class _Call(NamedTuple):
    method: str
    url: bytes
    headers: list[tuple[bytes, bytes]]
    content: bytes | None
    extensions: dict[str, dict[str, float]]
    proxy: Proxy | None


class _Calls:
    """What both shells share: turning a request into a call of the library's.

    Args:
        http: The settings.
        library: What to perform them with.

    Raises:
        ConfigurationError: A file of the settings, or a proxy of the environment, cannot be used.
    """

    def __init__(self, http: Http, library: Library) -> None:
        self._http = http
        self._library = library
        self._proxies = Proxies.of(http)

    def _plans(self) -> dict[Proxy | None, Plan]:
        """A plan for direct connections and one for each proxy."""
        http, public = self._http, self._library.public
        context = client_context(http, public)
        plans: dict[Proxy | None, Plan] = {None: Plan(http.connections, context, None, None)}
        for proxy in self._proxies:
            own = proxy_context(http, public) if proxy.secure else None
            plans[proxy] = Plan(http.connections, context, proxy, own)
        return plans

    def _exchange(self, timeout: float | None) -> Exchange:
        limits = self._http.timeouts
        total = limits.total if timeout is None else min(limits.total, timeout)
        exchange = Exchange(total, connect=limits.connect)
        exchange.portions = Portions()
        return exchange

    def _call(self, request: Request, exchange: Exchange) -> _Call:
        address, limits = self._library.address(request.url), self._http.timeouts
        if address.scheme not in ("http", "https") or not address.host:
            raise Unsendable
        proxy = self._proxies.choose(address.scheme, address.host, address.port)
        exchange.route(
            secure=address.scheme == "https",
            proxied=proxy is not None,
            proxy_secure=proxy is not None and proxy.secure,
        )
        return _Call(
            request.method,
            b"%b://%b%b" % (address.scheme.encode(), address.authority, address.target),
            _headers(request, address.authority),
            request.body if request.body or request.method in _WITH_BODY else None,
            {
                "timeout": {
                    "connect": limits.connect,
                    "read": limits.read,
                    "write": limits.write,
                    "pool": exchange.left(limits.pool),
                }
            },
            proxy,
        )

    def _body(self, request: Request, exchange: Exchange, status: int, headers: dict[str, str]) -> Body:
        exchange.head(request.method, status, headers)
        return Body(headers, request.largest_response or self._http.largest_response)


def _headers(request: Request, authority: bytes) -> list[tuple[bytes, bytes]]:
    given = {name.lower() for name in request.headers}
    headers = [(name.encode("ascii"), value.encode("ascii")) for name, value in request.headers.items()]
    headers += [
        (name.encode(), value.encode()) for name, value in _DEFAULTS.items() if name.lower() not in given
    ]
    # Set here, since httpcore forgets the brackets of an IPv6 address.
    return headers if "host" in given else [(b"Host", authority), *headers]


class PooledTransport(_Calls):
    """The SDK's own transport; may be used from any thread."""

    def __init__(self, http: Http, library: Library) -> None:
        super().__init__(http, library)
        self._left_behind: list[object] = []
        self._open()

    def _open(self) -> None:
        self._process = os.getpid()
        self._pools = {proxy: self._library.pool(plan) for proxy, plan in self._plans().items()}

    def send(self, request: Request, timeout: float | None) -> Response:
        """Perform the exchange; see `hamilton_sdk.transport.Transport.send`."""
        if self._process != os.getpid():
            # Forked: the connections are the parent's, and closing them would need locks it may have held.
            self._left_behind.append(self._pools)
            self._open()
        exchange = self._exchange(timeout)
        with performing(request, exchange, self._library.failures):
            call = self._call(request, exchange)
            with self._pools[call.proxy].stream(
                call.method,
                call.url,
                headers=call.headers,
                content=call.content,
                extensions=call.extensions,
            ) as answer:
                headers = headers_of(answer.headers)
                body = self._body(request, exchange, answer.status, headers)
                for piece in answer.iter_stream():
                    body.feed(piece)
            return Response(answer.status, headers, body.whole())

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()


class AsyncPooledTransport(_Calls):
    """The SDK's own transport for one event loop."""

    def __init__(self, http: Http, library: Library) -> None:
        super().__init__(http, library)
        self._pools = {proxy: library.async_pool(plan) for proxy, plan in self._plans().items()}

    async def send(self, request: Request, timeout: float | None) -> Response:  # noqa: ASYNC109
        """Perform the exchange; see `hamilton_sdk.transport.Transport.send`."""
        exchange = self._exchange(timeout)
        with performing(request, exchange, self._library.failures):
            call = self._call(request, exchange)
            async with self._pools[call.proxy].stream(
                call.method,
                call.url,
                headers=call.headers,
                content=call.content,
                extensions=call.extensions,
            ) as answer:
                headers = headers_of(answer.headers)
                body = self._body(request, exchange, answer.status, headers)
                async for piece in answer.aiter_stream():
                    body.feed(piece)
            return Response(answer.status, headers, body.whole())

    async def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            await pool.aclose()
