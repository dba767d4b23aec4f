"""What both guarded transports share: the settings they take, what a request must be, what may be dialled."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from hamilton_sdk import __version__
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.transport._exchange import Exchange
from hamilton_sdk.transport._faults import Barred, proxy_finding
from hamilton_sdk.transport._http11 import FAILURES, Answer, Http11, Steps
from hamilton_sdk.transport.base import Http
from hamilton_sdk.transport.destinations import (
    address_finding,
    header_finding,
    host_finding,
    url_finding,
)
from hamilton_sdk.transport.opening import library_of
from hamilton_sdk.transport.proxies import parse_proxy
from hamilton_sdk.transport.tls import client_context, proxy_context

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

    from hamilton_sdk.flow import Request
    from hamilton_sdk.transport._handshake import Finding
    from hamilton_sdk.transport._lookup import Resolve
    from hamilton_sdk.transport.addresses import Network

__all__ = ["KEPT", "Call", "Guard", "Networks", "Route", "Upstream"]

Networks: TypeAlias = "tuple[Network, ...]"

KEPT: Final = 16 * 1024
"""Bytes of an answer's body that are kept at most."""

_HTTPS: Final = 443
_ROUTES: Final = 1024
_USER_AGENT: Final = f"hamilton-apps-sdk/{__version__}".encode()


class Route(NamedTuple):
    """Where a request goes, once its address has been read and judged.

    Attributes:
        host: Name or address, in ASCII and without brackets.
        port: To connect to.
        server_name: What the certificate has to be for.
        authority: As the Host header has it.
        target: Path and query.
        networks: That are allowed besides public addresses.
    """

    host: str
    port: int
    server_name: str
    authority: bytes
    target: bytes
    networks: Networks

    @property
    def key(self) -> tuple[str, int, Networks]:
        """Requests with the same may use each other's connections."""
        return self.host, self.port, self.networks


class Call(NamedTuple):
    """A request, ready to be sent.

    Attributes:
        route: Where to.
        steps: The exchange on a connection.
    """

    route: Route
    method: str
    headers: list[tuple[bytes, bytes]]
    body: bytes
    kept: int

    def on(self, connection: Http11) -> Steps[Answer]:
        """The exchange, step by step, on a connection."""
        return connection.exchange(self.method, self.route.target, self.headers, self.body, self.kept)


class Upstream(NamedTuple):
    """The proxy that dials, where the settings name one.

    Attributes:
        host: Its name or address.
        port: It listens on.
        context: Where it is reached over TLS.
        headers: That let us in.
    """

    host: str
    port: int
    context: ssl.SSLContext | None
    headers: list[tuple[bytes, bytes]]

    def tunnel(self, route: Route) -> Steps[None]:
        """Ask it to connect."""
        shown = f"[{route.host}]" if ":" in route.host else route.host
        status = yield from Http11().tunnel(f"{shown}:{route.port}".encode(), self.headers)
        if not 200 <= status < 300:  # noqa: PLR2004 (RFC 9110, 9.3.6)
            raise Barred(proxy_finding(status))


class Guard:
    """Settings, and the judgement over requests and addresses.

    Args:
        http: The settings.
        resolve: Gives the addresses of a name.

    Raises:
        ConfigurationError: They cannot be used, or not for deliveries.
    """

    def __init__(self, http: object, resolve: Resolve) -> None:
        if not isinstance(http, Http):
            raise _refused_client(http)
        if http.proxy_from_environment:
            message = "a proxy from the environment is not used for deliveries"
            hint = "name it, since it sees where they go and has to guard the network: Http(proxy=...)"
            raise ConfigurationError(message, hint=hint)
        self.http = http
        self.resolve = resolve
        self.library = library_of(http)
        self.failures = (*self.library.failures, *FAILURES)
        self.context = client_context(http, self.library.public)
        self.context.set_alpn_protocols(["http/1.1"])
        self.upstream = self._upstream()
        self._kept = min(http.largest_response, KEPT)
        self._route = lru_cache(_ROUTES)(self._read)

    def exchange(self, timeout: float | None) -> Exchange:
        """One about to begin."""
        limits = self.http.timeouts
        total = limits.total if timeout is None else min(limits.total, timeout)
        exchange = Exchange(total, connect=limits.connect, is_delivery=True)
        upstream = self.upstream
        exchange.route(
            secure=True,
            proxied=upstream is not None,
            proxy_secure=upstream is not None and upstream.context is not None,
        )
        return exchange

    def call(self, request: Request, networks: Networks) -> Call:
        """A request, judged and ready to be sent.

        Raises:
            Barred: It is not to be sent.
        """
        _bar(header_finding(request.headers.items()))
        route = self._route(request.url, networks)
        kept = self._kept if request.largest_response is None else request.largest_response
        return Call(route, request.method, _headers(request, route), request.body, kept)

    def vetted(self, addresses: Sequence[str], route: Route) -> Sequence[str]:
        """The addresses, if a delivery may go to every one of them.

        Raises:
            Barred: It may not. One bad address among good ones is enough: whoever mixes them tries something.
        """
        for address in addresses:
            _bar(address_finding(address, route.networks))
        return addresses

    def _read(self, url: str, networks: Networks) -> Route:
        _bar(url_finding(url))
        address = self.library.address(url)
        # As the library read it, which is what is sent: all that follows depends on this one reading.
        _bar(host_finding(address.host, networks))
        name = address.host.removesuffix(".")  # certificates know no root (RFC 6066, 3)
        return Route(address.host, address.port or _HTTPS, name, address.authority, address.target, networks)

    def _upstream(self) -> Upstream | None:
        if self.http.proxy is None:
            return None
        proxy = parse_proxy(self.http.proxy, "Http.proxy")
        parts = urlsplit(proxy.url)
        context = proxy_context(self.http, self.library.public) if proxy.secure else None
        headers = [] if proxy.auth is None else [(b"Proxy-Authorization", _basic(*proxy.auth))]
        return Upstream(parts.hostname or "", parts.port or _PORTS[parts.scheme], context, headers)


_PORTS: Final = {"http": 80, "https": _HTTPS}


def _basic(user: bytes, password: bytes) -> bytes:
    from base64 import b64encode

    return b"Basic " + b64encode(user + b":" + password)  # RFC 7617, 2


def _bar(finding: Finding | None) -> None:
    if finding is not None:
        raise Barred(finding)


def _headers(request: Request, route: Route) -> list[tuple[bytes, bytes]]:
    headers = [(b"Host", route.authority), (b"Accept", b"*/*"), (b"Accept-Encoding", b"identity")]
    given = [(name.encode(), value.encode()) for name, value in request.headers.items()]
    if not any(name.lower() == b"user-agent" for name, _ in given):
        headers.append((b"User-Agent", _USER_AGENT))
    return headers + given


def _refused_client(given: object) -> ConfigurationError:
    kind = type(given)
    name = f"{kind.__module__.partition('.')[0]}.{kind.__name__}"
    message = f"transport= is of type {name}, which is not used for deliveries"
    hint = (
        "a client of one's own looks up names and follows redirects by its own rules, so that a customer's "
        "address could lead it into the internal network: give settings, Http(...)"
    )
    return ConfigurationError(message, hint=hint)
