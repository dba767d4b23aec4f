"""TCP and TLS on an event loop's own socket calls: nothing is read ahead but into a buffer that can be asked.

A connection may only be used again if nothing waits on it. Of the streams of asyncio and anyio that cannot be
told: they keep what arrived in queues and buffers of their own, out of sight of the operating system.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from hamilton_sdk.transport._unread import is_readable, unread

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Plain", "Secured", "Sockets", "WriteError"]

T = TypeVar("T")

_CHUNK: Final = 64 * 1024


class WriteError(OSError):
    """The peer no longer takes anything; named as the libraries name theirs."""


class Sockets:
    """Makes connections.

    Args:
        write_error: To raise where the peer no longer takes anything: a library knows its own alone.
    """

    def __init__(self, write_error: type[Exception] = WriteError) -> None:
        self._write_error = write_error

    async def connect_tcp(self, host: str, port: int, timeout: float | None = None) -> Plain:  # noqa: ASYNC109
        """Connect to an address within so many seconds.

        Args:
            host: An address, not a name.
            port: At that address.
            timeout: Seconds.

        Raises:
            OSError: There is no connection, or none in time.
        """
        # Of an address this asks nobody; it knows zones of IPv6 (RFC 4007).
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        )[0]
        made = socket.socket(family, kind, protocol)
        try:
            made.setblocking(False)  # noqa: FBT003 (its only argument)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            async with asyncio.timeout(timeout):
                await asyncio.get_running_loop().sock_connect(made, address)
        except BaseException:
            made.close()
            raise
        return Plain(made, self._write_error)


class Plain:
    """A connection without TLS.

    Args:
        connected: Its socket, which does not block.
        write_error: To raise where the peer no longer takes anything.
    """

    def __init__(self, connected: socket.socket, write_error: type[Exception] = WriteError) -> None:
        self._socket = connected
        self._write_error = write_error
        self._loop = asyncio.get_running_loop()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Read what is there; nothing at the end."""
        async with asyncio.timeout(timeout):
            try:
                data = self._socket.recv(max_bytes)
            except BlockingIOError:
                return await self._loop.sock_recv(self._socket, max_bytes)
            # The loop's own call would not pause either, and a flood would leave no other task a turn.
            await asyncio.sleep(0)
            return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Write all of it.

        Raises:
            WriteError: The peer does not take it; or the library's own such error.
            TimeoutError: It does not take it in time.
        """
        try:
            async with asyncio.timeout(timeout):
                await self._loop.sock_sendall(self._socket, buffer)
        except TimeoutError:
            raise
        except OSError as error:
            raise self._write_error from error

    async def aclose(self) -> None:
        """Close it."""
        self._socket.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> Secured:
        """Agree on TLS; this stream is for the one that is returned from then on."""
        return await Secured.over(self, ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> object:
        """The ``socket``, or whether it ``is_readable``."""
        if info == "is_readable":
            return is_readable(self._socket)
        return self._socket if info == "socket" else None


class _Outer(Protocol):
    """What carries the encrypted bytes."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes: ...  # noqa: ASYNC109
    async def write(self, buffer: bytes, timeout: float | None = None) -> None: ...  # noqa: ASYNC109
    async def aclose(self) -> None: ...
    def get_extra_info(self, info: str) -> object: ...


class Secured:
    """A connection with TLS, over one without or, behind a proxy that is reached over TLS, over another.

    Args:
        outer: What carries the encrypted bytes.
        context: TLS towards the peer.
        host: The peer's name.
    """

    def __init__(self, outer: _Outer, context: ssl.SSLContext, host: str | None) -> None:
        self._outer = outer
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)

    @classmethod
    async def over(
        cls,
        outer: _Outer,
        context: ssl.SSLContext,
        host: str | None,
        timeout: float | None,  # noqa: ASYNC109
    ) -> Secured:
        """Agree on TLS within so many seconds; closes the connection if that fails."""
        made = cls(outer, context, host)
        try:
            await made._perform(made._tls.do_handshake, timeout)
        except BaseException:
            await outer.aclose()
            raise
        return made

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Read what is there; nothing at the end."""
        try:
            return await self._perform(lambda: self._tls.read(max_bytes), timeout)
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Write all of it; raises as `Plain.write` does."""
        await self._perform(lambda: self._tls.write(buffer), timeout)

    async def aclose(self) -> None:
        """Close it."""
        await self._outer.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> Secured:
        """Encrypt once more."""
        return await Secured.over(self, ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> object:
        """This layer's ``ssl_object``, and whether it or one below ``is_readable``; else the outer one's."""
        if info == "ssl_object":
            return self._tls
        if info == "is_readable":
            return self._incoming.pending > 0 or self._tls.pending() > 0 or unread(self._outer)
        return self._outer.get_extra_info(info)

    async def _perform(self, step: Callable[[], T], timeout: float | None) -> T:  # noqa: ASYNC109
        """Repeat a step of OpenSSL's until it has the bytes that it needs."""
        async with asyncio.timeout(timeout):
            while True:
                try:
                    result = step()
                except ssl.SSLWantReadError:
                    await self._flush()
                    await self._fetch()
                else:
                    await self._flush()
                    return result

    async def _flush(self) -> None:
        if self._outgoing.pending:
            await self._outer.write(self._outgoing.read())

    async def _fetch(self) -> None:
        data = await self._outer.read(_CHUNK)
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()
