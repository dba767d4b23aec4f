"""What a runner needs of a transport, and what users may give as one."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, field, fields
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias, cast

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.flow import Request, Responder, Response

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import SecretStr

__all__ = ["AsyncTransport", "Http", "HttpClient", "Timeouts", "Transport", "TransportLike"]


LARGEST_RESPONSE: Final = 16 * 1024 * 1024
"""Bytes of an answer, decompressed, before it is refused, where nothing else is said."""


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

    # ASYNC109: the time limit is enforced below, in the network streams.
    async def send(self, request: Request, timeout: float | None) -> Response:  # noqa: ASYNC109
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

    Raises:
        ConfigurationError: One of them is no number above zero.
    """

    connect: float = 5.0
    read: float = 20.0
    write: float = 20.0
    pool: float = 10.0
    total: float = 30.0

    def __post_init__(self) -> None:
        for limit in fields(self):
            seconds = getattr(self, limit.name)
            is_number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
            if not (is_number and seconds > 0 and math.isfinite(seconds)):
                message = f"Timeouts.{limit.name} is {seconds!r}"
                raise ConfigurationError(message, hint="give seconds, above zero and not infinite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """Settings of the SDK's own HTTP transport. TLS 1.2 is the floor; verification cannot be switched off.

    Args:
        ca: A PEM file, or a folder of them (``.pem``, ``.crt``, ``.cer``), with the private authorities to
            trust, and no other; None for the usual public ones.
        client_certificate: ``(certificate file, key file)`` in PEM for mutual TLS.
        client_key_password: Of the key file.
        proxy: ``http://`` or ``https://`` address of a proxy; user and password may stand in it and are never
            shown. None for a direct connection: the environment's proxies are not read unless asked.
        proxy_from_environment: Read ``HTTPS_PROXY``, ``HTTP_PROXY`` and ``NO_PROXY`` on opening.
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
    largest_response: int = LARGEST_RESPONSE
    connections: int = 20
    library: Literal["httpx", "httpx2"] = "httpx"

    def __post_init__(self) -> None:
        self._check_files()
        self._check_values()
        self._check_proxy()
        if self.ca is not None or self.client_certificate is not None:
            # Loaded on use: ssl is not needed to import the SDK.
            from hamilton_sdk.transport.tls import check_files

            check_files(self)

    def _check_files(self) -> None:
        if self.ca is not None and not _is(self.ca, str, os.PathLike):
            message = f"Http.ca is no path but of type {type(self.ca).__name__}"
            raise ConfigurationError(message, hint="give a PEM file, or a folder of them")
        if self.client_certificate is not None and not _is_pair(self.client_certificate):
            message = "Http.client_certificate is not a pair of files"
            hint = "give (certificate file, key file); where one file holds both, name it twice"
            raise ConfigurationError(message, hint=hint)

    def _check_values(self) -> None:
        if not _is(self.timeouts, Timeouts):
            message = f"Http.timeouts is {self.timeouts!r}"
            raise ConfigurationError(message, hint="give Timeouts(...), such as Timeouts(total=10)")
        for name in ("largest_response", "connections"):
            value = getattr(self, name)
            if type(value) is not int or value < 1:
                message = f"Http.{name} is {value!r}"
                raise ConfigurationError(message, hint=f"{name} is a whole number of at least 1")
        if self.library not in _LIBRARIES:
            message = f"Http.library is {self.library!r}"
            raise ConfigurationError(message, hint=f"give one of {', '.join(_LIBRARIES)}")
        if self.library != "httpx" and find_spec(self.library) is None:
            message = f"Http.library is {self.library!r}, which is not installed"
            raise ConfigurationError(message, hint=f"pip install 'hamilton-apps-sdk[{self.library}]'")

    def _check_proxy(self) -> None:
        if self.proxy is None:
            return
        if not _is(self.proxy, str):
            message = "Http.proxy is no text"
            raise ConfigurationError(message, hint="give its address, such as 'http://proxy.example:3128'")
        from hamilton_sdk.transport.proxies import parse_proxy

        parse_proxy(self.proxy, "Http.proxy")
        if self.proxy_from_environment:
            message = "Http.proxy and Http.proxy_from_environment are both given"
            raise ConfigurationError(message, hint="give one of them")


_LIBRARIES = ("httpx", "httpx2")


def _is(given: object, *kinds: type) -> bool:
    """Whether a setting is what its annotation says, which nothing else checks."""
    return isinstance(given, kinds)


def _is_pair(given: object) -> bool:
    if not isinstance(given, tuple):
        return False
    files = cast("tuple[object, ...]", given)
    return [_is(each, str, os.PathLike) for each in files] == [True, True]


TransportLike: TypeAlias = Http | HttpClient | Responder | Transport | AsyncTransport
"""What ``transport=`` takes: settings, a client of one's own, a simulator, or a transport."""
