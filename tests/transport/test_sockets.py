"""An event loop's connections keep to their limits, and say of every byte that waits that it does."""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
import ssl
import threading
from typing import TYPE_CHECKING

import pytest

from hamilton_sdk.transport._sockets import Plain, Secured, Sockets, WriteError
from tests.transport.servers import hard_close, listening, proxy, server_context, silence, unused_port

if TYPE_CHECKING:
    from hamilton_sdk.testing.authority import Authority, Identity


@pytest.fixture
def trusting(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authority.ca)


def echo(connection: socket.socket) -> None:
    while data := connection.recv(65536):
        connection.sendall(data.upper())


async def read_all(stream: Plain | Secured, size: int) -> bytes:
    received = b""
    while len(received) < size:
        received += await stream.read(65536, 60.0)
    return received


def peek(stream: Plain) -> bytes:
    """What has come, once anything has."""
    ours = stream.get_extra_info("socket")
    assert isinstance(ours, socket.socket)
    select.select([ours], [], [])
    return ours.recv(65536, socket.MSG_PEEK)


class TestPlain:
    async def test_bytes_pass_both_ways(self) -> None:
        with listening(echo) as port:
            stream = await Sockets().connect_tcp("127.0.0.1", port, 60.0)
            await stream.write(b"hello", 60.0)
            assert await read_all(stream, 5) == b"HELLO"
            await stream.aclose()

    async def test_a_large_write_waits_until_all_is_taken(self) -> None:
        body = b"x" * 8_000_000
        with listening(echo) as port:
            stream = await Sockets().connect_tcp("127.0.0.1", port)
            received, _ = await asyncio.gather(read_all(stream, len(body)), stream.write(body, 60.0))
            await stream.aclose()
        assert received == body.upper()

    async def test_the_end_reads_as_nothing(self) -> None:
        with listening(lambda _connection: None) as port:
            stream = await Sockets().connect_tcp("127.0.0.1", port)
            assert await stream.read(1, 60.0) == b""
            await stream.aclose()

    async def test_small_writes_are_not_held_back(self) -> None:
        with listening(echo) as port:
            stream = await Sockets().connect_tcp("127.0.0.1", port)
            ours = stream.get_extra_info("socket")
            assert isinstance(ours, socket.socket)
            assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert stream.get_extra_info("ssl_object") is None
            await stream.aclose()
            assert ours.fileno() == -1

    async def test_nobody_there_is_told(self) -> None:
        with pytest.raises(ConnectionRefusedError):
            await Sockets().connect_tcp("127.0.0.1", unused_port(), 60.0)

    async def test_a_name_is_not_looked_up(self) -> None:
        """Who judges addresses has to be the one that asks for them."""
        with pytest.raises(socket.gaierror):
            await Sockets().connect_tcp("localhost", 1)

    async def test_no_step_outlasts_its_limit(self) -> None:
        stop = threading.Event()
        with listening(silence(stop), stop=stop) as port:
            stream = await Sockets().connect_tcp("127.0.0.1", port)
            with pytest.raises(TimeoutError):
                await stream.read(1, 0.01)
            with pytest.raises(TimeoutError):
                await stream.write(b"x" * 50_000_000, 0.01)
            await stream.aclose()

    async def test_a_write_that_is_not_taken_is_named(self) -> None:
        def cut(connection: socket.socket) -> None:
            connection.recv(1)
            hard_close(connection)

        with listening(cut) as port:
            stream = await Sockets().connect_tcp("127.0.0.1", port)
            await stream.write(b"x")
            with contextlib.suppress(ConnectionResetError):
                await stream.read(1, 60.0)
            with pytest.raises(WriteError) as caught:
                await stream.write(b"x", 60.0)
            assert isinstance(caught.value.__cause__, OSError)
            await stream.aclose()

    async def test_a_peer_that_never_pauses_does_not_have_the_loop_to_itself(self) -> None:
        with listening(echo) as port:
            stream = await Sockets().connect_tcp("127.0.0.1", port)
            await stream.write(b"0123456789")
            while len(await asyncio.to_thread(peek, stream)) < 10:
                pass
            loop, turns = asyncio.get_running_loop(), list[int]()
            for number in range(10):
                loop.call_soon(turns.append, number)
                await stream.read(1, 60.0)
            assert turns == list(range(10))
            await stream.aclose()

    async def test_what_waits_is_told(self) -> None:
        with listening(echo) as port:
            stream = await Sockets().connect_tcp("127.0.0.1", port)
            assert stream.get_extra_info("is_readable") is False
            await stream.write(b"hello")
            assert peek(stream)
            assert stream.get_extra_info("is_readable") is True
            await stream.aclose()
            assert stream.get_extra_info("is_readable") is True


class TestSecured:
    async def test_bytes_pass_both_ways(self, server: Identity, trusting: ssl.SSLContext) -> None:
        body = b"x" * 200_000
        with listening(echo, server_context(server)) as port:
            plain = await Sockets().connect_tcp("127.0.0.1", port)
            stream = await plain.start_tls(trusting, "localhost", 60.0)
            received, _ = await asyncio.gather(read_all(stream, len(body)), stream.write(body, 60.0))
            assert received == body.upper()
            assert isinstance(stream.get_extra_info("ssl_object"), ssl.SSLObject)
            ours = stream.get_extra_info("socket")
            assert ours is plain.get_extra_info("socket")
            await stream.aclose()
            assert isinstance(ours, socket.socket)
            assert ours.fileno() == -1

    async def test_an_end_is_one_with_and_without_goodbye(
        self, server: Identity, trusting: ssl.SSLContext
    ) -> None:
        def goodbye(connection: socket.socket) -> None:
            assert isinstance(connection, ssl.SSLSocket)
            connection.recv(1)
            connection.unwrap()

        for end in (goodbye, lambda connection: connection.recv(1) and None):
            with listening(end, server_context(server)) as port:
                plain = await Sockets().connect_tcp("127.0.0.1", port)
                stream = await plain.start_tls(trusting, "localhost", 60.0)
                await stream.write(b"x")
                assert await stream.read(1, 60.0) == b""
                await stream.aclose()

    async def test_a_certificate_for_another_name_is_refused(
        self, server: Identity, trusting: ssl.SSLContext
    ) -> None:
        with listening(echo, server_context(server)) as port:
            plain = await Sockets().connect_tcp("127.0.0.1", port)
            with pytest.raises(ssl.SSLCertVerificationError):
                await plain.start_tls(trusting, "other.example", 60.0)
            assert plain.get_extra_info("is_readable") is True  # closed

    async def test_a_handshake_does_not_outlast_its_limit(self, trusting: ssl.SSLContext) -> None:
        stop = threading.Event()
        with listening(silence(stop), stop=stop) as port:
            plain = await Sockets().connect_tcp("127.0.0.1", port)
            with pytest.raises(TimeoutError):
                await plain.start_tls(trusting, "localhost", 0.01)

    async def test_a_layer_more_is_agreed_on_inside(self, server: Identity, trusting: ssl.SSLContext) -> None:
        with (
            listening(proxy(), server_context(server)) as there,
            listening(echo, server_context(server)) as port,
        ):
            plain = await Sockets().connect_tcp("127.0.0.1", there)
            outer = await plain.start_tls(trusting, "localhost", 60.0)
            await outer.write(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % port)
            assert await outer.read(65536, 60.0) == b"HTTP/1.1 200 Connection established\r\n\r\n"
            stream = await outer.start_tls(trusting, "localhost", 60.0)
            await stream.write(b"hello")
            assert await read_all(stream, 5) == b"HELLO"
            assert stream.get_extra_info("ssl_object") is not outer.get_extra_info("ssl_object")
            await stream.aclose()

    async def test_what_waits_is_told_wherever_it_waits(
        self, server: Identity, trusting: ssl.SSLContext
    ) -> None:
        peer = Peer(server)
        stream = await Secured.over(peer, trusting, "localhost", 60.0)
        assert stream.get_extra_info("is_readable") is False
        peer.tls.write(b"answer")
        peer.tls.write(b"unasked")
        # All comes at once: a byte of one record, the rest of it, the other record.
        assert await stream.read(1, 60.0) == b"a"
        assert stream.get_extra_info("is_readable") is True
        assert await stream.read(100, 60.0) == b"nswer"
        assert stream.get_extra_info("is_readable") is True
        assert await stream.read(6, 60.0) == b"unaske"
        assert stream.get_extra_info("is_readable") is True
        assert await stream.read(100, 60.0) == b"d"
        assert stream.get_extra_info("is_readable") is False
        peer.readable = True
        assert stream.get_extra_info("is_readable") is True


class Peer:
    """What carries bytes to a peer and back, without a network between."""

    def __init__(self, identity: Identity) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = server_context(identity).wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.readable = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._outgoing.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._incoming.write(buffer)
        with contextlib.suppress(ssl.SSLWantReadError):
            self.tls.do_handshake()

    async def aclose(self) -> None:
        raise AssertionError("nobody closes it here")

    def get_extra_info(self, info: str) -> object:
        return self.readable if info == "is_readable" else None
