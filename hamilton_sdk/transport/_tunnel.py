"""TLS within TLS, for a peer behind a proxy that is itself reached over TLS, on a sync connection.

httpcore has it too, but gives each piece of a TLS record the whole time anew, so that a dripping peer
outlasts every deadline. (Its async streams have one limit for all pieces.)
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from hamilton_sdk.transport._exchange import current
from hamilton_sdk.transport._unread import unread

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Outer", "TunnelledTls"]

T = TypeVar("T")

_CHUNK: Final = 64 * 1024


class Outer(Protocol):
    """The stream to the proxy."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes: ...
    def write(self, buffer: bytes, timeout: float | None = None) -> None: ...
    def close(self) -> None: ...
    def get_extra_info(self, info: str) -> object: ...


class TunnelledTls:
    """A stream whose bytes are encrypted for the peer and then once more for the proxy.

    Args:
        outer: The stream to the proxy.
        context: TLS towards the peer.
        host: The peer's name.
        timeout: Seconds for each step of the handshake; none of them outlasts the current exchange.
    """

    def __init__(
        self, outer: Outer, context: ssl.SSLContext, host: str | None, timeout: float | None = None
    ) -> None:
        self._outer = outer
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        try:
            self._perform(self._tls.do_handshake, timeout)
        except BaseException:
            self.close()
            raise

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there; nothing at the end."""
        try:
            return self._perform(lambda: self._tls.read(max_bytes), timeout)
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return b""

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        self._perform(lambda: self._tls.write(buffer), timeout)

    def close(self) -> None:
        """Close the stream to the proxy."""
        self._outer.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> TunnelledTls:
        """Encrypt once more."""
        return TunnelledTls(self, ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> object:
        """This layer's ``ssl_object``, and whether it or one below ``is_readable``; else the outer one's."""
        if info == "ssl_object":
            return self._tls
        if info == "is_readable":
            return self._incoming.pending > 0 or self._tls.pending() > 0 or unread(self._outer)
        return self._outer.get_extra_info(info)

    def _perform(self, step: Callable[[], T], timeout: float | None) -> T:
        """Repeat a step of OpenSSL's until it has the bytes that it needs."""
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                self._flush(timeout)
                self._fetch(timeout)
            else:
                self._flush(timeout)
                return result

    def _flush(self, timeout: float | None) -> None:
        if self._outgoing.pending:
            self._outer.write(self._outgoing.read(), current.get().left(timeout))

    def _fetch(self, timeout: float | None) -> None:
        data = self._outer.read(_CHUNK, current.get().left(timeout))
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()
