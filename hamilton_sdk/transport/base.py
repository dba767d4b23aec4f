"""What a runner needs of a transport, and what users may give as one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from hamilton_sdk.flow import Request, Responder, Response

if TYPE_CHECKING:
    from pydantic import SecretStr

__all__ = ["AsyncTransport", "Http", "HttpClient", "Timeouts", "Transport", "TransportLike"]


class Transport(Protocol):
    """Performs one exchange at a time, from any thread."""

    def send(self, request: Request, timeout: float | None) -> Response:
        """Perform the exchange.

        Args:
            request: What to send.
            timeout: Seconds for the whole exchange, the reading of a dripping answer included; None for the
                transport's own limits alone.

        Raises:
            NotReachable: Nothing was sent.
            TimedOut: No whole answer; the outcome is unknown.
            BadResponse: The answer is larger than allowed, or not HTTP.
        """
        ...

    def close(self) -> None:
        """Give connections back."""
        ...


class AsyncTransport(Protocol):
    """The same for an event loop."""

    async def send(self, request: Request, timeout: float | None) -> Response:  # noqa: ASYNC109 (the deadline is enforced below, per stream)
        """Perform the exchange; see `Transport.send`."""
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...


class HttpClient(Protocol):
    """A client of the user's own: an ``httpx.Client`` or ``httpx.AsyncClient``, or their httpx2 kin.

    It keeps its own TLS, proxy and timeouts, and is never closed by the SDK.
    """

    @property
    def is_closed(self) -> bool:
        """Whether it can still be used."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Limits of one exchange, in seconds.

    Args:
        connect: For TCP, TLS and the proxy together.
        read: For each wait for bytes of the answer.
        write: For each wait while sending.
        pool: For a free connection.
        total: For the whole exchange, however slowly the answer drips.
    """

    connect: float = 5.0
    read: float = 20.0
    write: float = 20.0
    pool: float = 10.0
    total: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """Settings of the SDK's own HTTP transport. TLS 1.2 is the floor; verification cannot be switched off.

    Args:
        ca: A PEM file, or a folder of them, with the private authorities to trust besides none other; None
            for the usual public ones.
        client_certificate: ``(certificate file, key file)`` in PEM for mutual TLS.
        client_key_password: Of the key file.
        proxy: ``http://`` or ``https://`` address of a proxy; user and password may stand in it and are never
            shown. None for a direct connection: the environment's proxies are not read unless asked.
        proxy_from_environment: Read ``HTTPS_PROXY``, ``HTTP_PROXY`` and ``NO_PROXY`` when the connector opens.
        timeouts: Limits of one exchange.
        largest_response: Bytes of an answer, decompressed, before it is refused.
        connections: Connections at most at the same time.
        library: ``"httpx"``, or ``"httpx2"``, its maintained successor.

    Raises:
        ConfigurationError: A file is missing or unreadable, or a value makes no sense; raised here, not at
            the first call.
    """

    # TLS
    ca: Path | str | None = None
    client_certificate: tuple[Path | str, Path | str] | None = None
    client_key_password: SecretStr | str | None = field(default=None, repr=False)
    # Proxy
    proxy: str | None = field(default=None, repr=False)
    proxy_from_environment: bool = False
    # Limits
    timeouts: Timeouts = field(default_factory=Timeouts)
    largest_response: int = 16 * 1024 * 1024
    connections: int = 20
    library: Literal["httpx", "httpx2"] = "httpx"


TransportLike: TypeAlias = Http | HttpClient | Responder | Transport | AsyncTransport
"""What ``transport=`` takes: settings, a client of one's own, a simulator, or a transport."""
