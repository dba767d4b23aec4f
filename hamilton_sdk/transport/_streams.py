"""Network streams that keep to an exchange's deadline.

An HTTP library's limits are for one operation each: a peer that drips a header a second keeps ``timeout=1``
busy for minutes. These wrap the library's own streams and give every read, write and handshake no more time
than is left of the whole. They serve httpcore and httpcore2, whose streams share a shape but no class.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from hamilton_sdk.transport._exchange import Exchange, Stage, current
from hamilton_sdk.transport._lookup import look_up, look_up_async
from hamilton_sdk.transport._racing import first
from hamilton_sdk.transport._tunnel import TunnelledTls
from hamilton_sdk.transport._unread import HasInfo, unread

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

__all__ = ["AsyncBackend", "AsyncNetwork", "AsyncStream", "Backend", "Network", "Stream"]

_PIECE: Final = 16 * 1024  # one TLS record: the deadline is looked at between pieces


class Wire(Protocol):
    """A sync stream of an HTTP library."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes: ...
    def write(self, buffer: bytes, timeout: float | None = None) -> None: ...
    def close(self) -> None: ...
    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Wire: ...
    def get_extra_info(self, info: str) -> object: ...


class Network(Protocol):
    """What makes them."""

    def connect_tcp(self, host: str, port: int, timeout: float | None = None) -> Wire: ...


class AsyncWire(Protocol):
    """An async stream of an HTTP library."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes: ...  # noqa: ASYNC109 (httpcore's)
    async def write(self, buffer: bytes, timeout: float | None = None) -> None: ...  # noqa: ASYNC109
    async def aclose(self) -> None: ...
    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> AsyncWire: ...
    def get_extra_info(self, info: str) -> object: ...


class AsyncNetwork(Protocol):
    """What makes them."""

    async def connect_tcp(self, host: str, port: int, timeout: float | None = None) -> AsyncWire: ...  # noqa: ASYNC109


class Backend:
    """Makes streams that keep to the current exchange's deadline.

    Args:
        inner: The library's own.
    """

    def __init__(self, inner: Network) -> None:
        self._inner = inner

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **_settings: object) -> Stream:
        """Connect to the first of a name's addresses that answers, or raise as the last one does."""
        exchange = current.get()
        exchange.connect()
        return self.connect_first(look_up(host, port, exchange.left(timeout)), port, timeout)

    def connect_first(self, addresses: Sequence[str], port: int, timeout: float | None = None) -> Stream:
        """The same for addresses that are known already."""
        exchange = current.get()
        *others, last = addresses
        for number, address in enumerate(others):
            # A dead address must leave time for those after it.
            share = exchange.left(timeout) / (len(addresses) - number)
            with suppress(Exception):
                return self._open(address, port, share, exchange)
        return self._open(last, port, exchange.left(timeout), exchange)

    def _open(self, address: str, port: int, seconds: float, exchange: Exchange) -> Stream:
        return Stream(self._inner.connect_tcp(address, port, timeout=seconds), exchange.layers)


class _Stream:
    """What both kinds share: what arrived and is nobody's answer, and whether anything waits."""

    def __init__(self, inner: HasInfo, layers: int) -> None:
        self._asked = inner
        self._layers = layers
        self._held = b""

    def _split(self, data: bytes, exchange: Exchange) -> bytes:
        """Hold back what is not the answer's."""
        size = exchange.portion(data, self._layers)
        self._held = data[size:]
        return data[:size]

    def unread(self) -> bool:
        """Whether there is anything to read: data, the end of the connection, or an error."""
        return bool(self._held) or unread(self._asked)

    def get_extra_info(self, info: str) -> object:
        """What the library asks about its own stream: before each use again, whether it ``is_readable``."""
        return self.unread() if info == "is_readable" else self._asked.get_extra_info(info)


class Stream(_Stream):
    """A sync stream that keeps to the current exchange's deadline.

    Args:
        inner: The library's own.
        layers: TLS handshakes still to come until its bytes are the peer's own.
    """

    def __init__(self, inner: Wire, layers: int) -> None:
        super().__init__(inner, layers)
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, within what is left."""
        exchange = current.get()
        exchange.through(Stage.RECEIVING, self._layers)
        seconds = exchange.left(timeout)
        data = self._split(self._held or self._inner.read(max_bytes, seconds), exchange)
        exchange.note(data, self._layers)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it, within what is left."""
        exchange = current.get()
        exchange.through(Stage.SENDING, self._layers)
        for start in range(0, len(buffer), _PIECE):
            piece = buffer[start : start + _PIECE]
            seconds = exchange.left(timeout)
            try:
                self._inner.write(piece, seconds)
            except Exception as error:
                _note_refusal(exchange, error)
                raise
            exchange.sent(len(piece), self._layers)

    def close(self) -> None:
        """Close it."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Stream:
        """Agree on TLS, within what is left."""
        exchange = current.get()
        exchange.handshake(self._layers)
        seconds = exchange.left(timeout)
        if self._inner.get_extra_info("ssl_object") is None:
            return Stream(self._inner.start_tls(ssl_context, server_hostname, seconds), self._layers - 1)
        return Stream(TunnelledTls(self._inner, ssl_context, server_hostname, seconds), self._layers - 1)


class AsyncBackend:
    """`Backend` for an event loop."""

    def __init__(self, inner: AsyncNetwork) -> None:
        self._inner = inner

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's own signature)
        **_settings: object,
    ) -> AsyncStream:
        """Connect to whichever of a name's addresses answers first, or raise as the last one does."""
        exchange = current.get()
        exchange.connect()
        addresses = await look_up_async(host, port, exchange.left(timeout))
        return await self.connect_first(addresses, port, timeout)

    async def connect_first(
        self,
        addresses: Sequence[str],
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> AsyncStream:
        """The same for addresses that are known already; none waits long for those before it."""
        attempts = [partial(self._open, address, port, timeout) for address in addresses]
        return await first(attempts, lambda late: late.aclose())

    async def _open(self, address: str, port: int, timeout: float | None) -> AsyncStream:  # noqa: ASYNC109
        exchange = current.get()
        wire = await self._inner.connect_tcp(address, port, timeout=exchange.left(timeout))
        return AsyncStream(wire, exchange.layers)


class AsyncStream(_Stream):
    """`Stream` for an event loop."""

    def __init__(self, inner: AsyncWire, layers: int) -> None:
        super().__init__(inner, layers)
        self._inner = inner

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Read what is there, within what is left."""
        exchange = current.get()
        exchange.through(Stage.RECEIVING, self._layers)
        seconds = exchange.left(timeout)
        data = self._split(self._held or await self._inner.read(max_bytes, seconds), exchange)
        exchange.note(data, self._layers)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Write all of it, within what is left."""
        exchange = current.get()
        exchange.through(Stage.SENDING, self._layers)
        for start in range(0, len(buffer), _PIECE):
            piece = buffer[start : start + _PIECE]
            seconds = exchange.left(timeout)
            try:
                await self._inner.write(piece, seconds)
            except Exception as error:
                _note_refusal(exchange, error)
                raise
            exchange.sent(len(piece), self._layers)

    async def aclose(self) -> None:
        """Close it."""
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> AsyncStream:
        """Agree on TLS, within what is left."""
        exchange = current.get()
        exchange.handshake(self._layers)
        inner = await self._inner.start_tls(ssl_context, server_hostname, exchange.left(timeout))
        return AsyncStream(inner, self._layers - 1)


def _note_refusal(exchange: Exchange, error: Exception) -> None:
    """Note a first write that was refused: nothing of the request was taken.

    The library goes on to read, since the peer may have said why. A write that ran out of time may have been
    taken in part.
    """
    if type(error).__name__ == "WriteError" and exchange.stage is Stage.SENDING and not exchange.written:
        exchange.refused = True
