"""TLS within TLS: a peer behind a proxy that is itself reached over TLS."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from typing import TYPE_CHECKING

import pytest

from hamilton_sdk.errors import CertificateRejected, ConnectionLost, Outcome, TimedOut, TlsFailed
from hamilton_sdk.transport._exchange import Exchange
from hamilton_sdk.transport._tunnel import TunnelledTls
from tests.transport.conftest import Way, get, post
from tests.transport.exchanging import under_way
from tests.transport.servers import listening, ok, proxy, read_request, replying, server_context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from hamilton_sdk.testing.authority import Authority, Identity

SYNC = Way("httpx", is_async=False)


class Plain:
    """A stream over a socket, a byte at a time: records arrive in pieces."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.limits: list[float | None] = []
        self.closed = False

    def read(self, _max_bytes: int, timeout: float | None = None) -> bytes:
        self.limits.append(timeout)
        return self.connection.recv(1)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.limits.append(timeout)
        self.connection.sendall(buffer)

    def close(self) -> None:
        self.closed = True

    def get_extra_info(self, info: str) -> object:
        return f"the {info}"


@pytest.fixture
def pair() -> Iterator[tuple[Plain, socket.socket]]:
    near, far = socket.socketpair()
    with near, far:
        yield Plain(near), far


def serving(
    far: socket.socket, server: Identity, answer: Callable[[ssl.SSLSocket], None]
) -> AbstractContextManager[object]:
    """The peer's side, in a thread."""

    def run() -> None:
        # How our side leaves is its own affair.
        with (
            contextlib.suppress(OSError),
            server_context(server).wrap_socket(far, server_side=True) as secured,
        ):
            answer(secured)

    class Running:
        def __enter__(self) -> None:
            self.thread = threading.Thread(target=run)
            self.thread.start()

        def __exit__(self, *_: object) -> None:
            self.thread.join()

    return Running()


def trusting(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authority.ca)


def test_bytes_pass_both_ways_however_they_are_cut(
    pair: tuple[Plain, socket.socket], authority: Authority, server: Identity
) -> None:
    plain, far = pair

    def echo(secured: ssl.SSLSocket) -> None:
        secured.sendall(secured.recv(100).upper())
        secured.unwrap()

    with under_way(Exchange(60.0)), serving(far, server, echo):
        tunnel = TunnelledTls(plain, trusting(authority), "localhost", 5.0)
        tunnel.write(b"hello")
        assert tunnel.read(100) == b"HELLO"
        assert tunnel.read(100) == b""
        plain.connection.close()
    assert all(limit is None or 0 < limit <= 60.0 for limit in plain.limits)
    assert isinstance(tunnel.get_extra_info("ssl_object"), ssl.SSLObject)
    assert tunnel.get_extra_info("socket") == "the socket"
    tunnel.close()
    assert plain.closed


def test_what_waits_is_told_wherever_it_waits(
    pair: tuple[Plain, socket.socket], authority: Authority, server: Identity
) -> None:
    class Whole(Plain):
        """Reads all that is there, and answers for what it did not read."""

        readable = False

        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            self.limits.append(timeout)
            return self.connection.recv(max_bytes)

        def get_extra_info(self, info: str) -> object:
            return self.readable if info == "is_readable" else None

    plain, far = Whole(pair[0].connection), pair[1]
    asked = threading.Event()

    def answer(secured: ssl.SSLSocket) -> None:
        asked.wait()
        secured.sendall(b"answer")
        secured.sendall(b"unasked")

    with under_way(Exchange(60.0)):
        with serving(far, server, answer):
            tunnel = TunnelledTls(plain, trusting(authority), "localhost", 5.0)
            assert tunnel.get_extra_info("is_readable") is False
            asked.set()
        # All is here, and is read from the system at once: one record, a byte of it, the other one.
        assert tunnel.read(1) == b"a"
        assert tunnel.get_extra_info("is_readable") is True
        assert tunnel.read(100) == b"nswer"
        assert tunnel.get_extra_info("is_readable") is True
        assert tunnel.read(100) == b"unasked"
        assert tunnel.get_extra_info("is_readable") is False
        plain.readable = True
        assert tunnel.get_extra_info("is_readable") is True


def test_an_end_without_goodbye_is_an_end(
    pair: tuple[Plain, socket.socket], authority: Authority, server: Identity
) -> None:
    plain, far = pair
    with under_way(Exchange(60.0)):
        with serving(far, server, lambda secured: secured.shutdown(socket.SHUT_RDWR)):
            tunnel = TunnelledTls(plain, trusting(authority), "localhost", 5.0)
        assert tunnel.read(100) == b""


def test_no_step_gets_more_than_is_left(pair: tuple[Plain, socket.socket], authority: Authority) -> None:
    plain, _ = pair
    with under_way(Exchange(0.000001)), pytest.raises(TimeoutError):
        TunnelledTls(plain, trusting(authority), "localhost", 5.0)
    assert plain.limits == []
    assert plain.closed


def test_a_layer_more_is_agreed_on_inside(
    pair: tuple[Plain, socket.socket], authority: Authority, server: Identity
) -> None:
    plain, far = pair

    def answer(secured: ssl.SSLSocket) -> None:
        secured.recv(10_000)
        secured.sendall(b"no TLS in here")

    with under_way(Exchange(60.0)), serving(far, server, answer):
        tunnel = TunnelledTls(plain, trusting(authority), "localhost")
        with pytest.raises(ssl.SSLError, match="WRONG_VERSION_NUMBER"):
            tunnel.start_tls(trusting(authority), "localhost")
        plain.connection.close()


@pytest.fixture
def through(authority: Authority, server: Identity) -> Iterator[dict[str, object]]:
    """Settings that go through a proxy reached over TLS."""
    with listening(proxy(), server_context(server)) as port:
        yield {"ca": authority.ca, "proxy": f"https://localhost:{port}"}


def test_a_large_exchange_passes(through: dict[str, object], server: Identity) -> None:
    body = bytes(range(256)) * 8000
    requests: list[bytes] = []
    with listening(replying(ok(body), requests=requests), server_context(server)) as port:
        answer = SYNC.send(post(f"https://localhost:{port}/", body), **through)
    assert answer.body == body
    assert requests[0].endswith(body)


def test_the_peers_certificate_is_checked(through: dict[str, object], authority: Authority) -> None:
    with (
        listening(replying(ok()), server_context(authority.issue_server("aeos.example"))) as port,
        pytest.raises(CertificateRejected, match=f"localhost:{port} is for another name"),
    ):
        SYNC.send(get(f"https://localhost:{port}/"), **through)


def test_a_peer_that_cuts_the_handshake_is_told(through: dict[str, object]) -> None:
    with (
        listening(lambda connection: connection.recv(1) and None) as port,
        pytest.raises(TlsFailed) as caught,
    ):
        SYNC.send(post(f"https://localhost:{port}/"), **through)
    assert caught.value.outcome is Outcome.NOT_SENT


def test_a_cut_answer_is_lost(through: dict[str, object], server: Identity) -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
    with listening(replying(reply), server_context(server)) as port, pytest.raises(ConnectionLost):
        SYNC.send(post(f"https://localhost:{port}/"), **through)


def test_a_record_that_drips_does_not_outlast_the_deadline(
    through: dict[str, object], server: Identity
) -> None:
    """Not even where each byte is only a piece of a TLS record, which alone says nothing."""
    stop = threading.Event()

    def answer(connection: socket.socket) -> None:
        assert isinstance(connection, ssl.SSLSocket)
        read_request(connection)
        bare = socket.socket(fileno=connection.detach())
        with bare:
            bare.sendall(b"\x17\x03\x03\x40\x00")  # the head of a record of 16 KiB (RFC 8446, 5.2)
            while not stop.wait(0.02):
                bare.sendall(b"x")

    with (
        listening(answer, server_context(server), stop=stop) as port,
        pytest.raises(TimedOut) as caught,
    ):
        SYNC.send(post(f"https://localhost:{port}/"), 1.0, **through)
    assert type(caught.value) is TimedOut
