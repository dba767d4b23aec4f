"""Streams give no step more time than is left, and note how far an exchange got."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from typing import TYPE_CHECKING

import pytest

from hamilton_sdk.transport import _exchange, _streams
from hamilton_sdk.transport._exchange import Exchange, Stage
from hamilton_sdk.transport._portions import Portions
from hamilton_sdk.transport._streams import AsyncBackend, AsyncStream, Backend, Stream
from tests.transport.exchanging import under_way

if TYPE_CHECKING:
    from collections.abc import Iterator


class WriteError(Exception):
    """Named as the libraries name theirs."""


class Wire:
    """Notes the time it is given for each step."""

    def __init__(self, fails: Exception | None = None, fails_after: int = 0) -> None:
        self.steps: list[tuple[str, object, float | None]] = []
        self.fails = fails
        self.fails_after = fails_after

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.steps.append(("read", max_bytes, timeout))
        return b"HTTP/1.1"

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.steps.append(("write", len(buffer), timeout))
        if self.fails is not None and len(self.steps) > self.fails_after:
            raise self.fails

    def close(self) -> None:
        self.steps.append(("close", None, None))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Wire:
        self.steps.append(("tls", server_hostname, timeout))
        return self

    def get_extra_info(self, info: str) -> object:
        return None if info == "ssl_object" else f"the {info}"


class AsyncWire(Wire):
    """The same for an event loop."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return super().read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        super().write(buffer, timeout)

    async def aclose(self) -> None:
        super().close()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> AsyncWire:
        super().start_tls(ssl_context, server_hostname, timeout)
        return self


class Scripted(Wire):
    """Gives what it was told to, once."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data
        self.reads = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.reads += 1
        return self.data

    def get_extra_info(self, info: str) -> object:
        return None


class AsyncScripted(AsyncWire, Scripted):
    """The same for an event loop."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return Scripted.read(self, max_bytes, timeout)


class Network:
    """Notes whom it connects to; addresses in `dead` do not answer."""

    def __init__(self, wire: Wire, *dead: str) -> None:
        self.wire = wire
        self.dead = dead
        self.tried: list[tuple[str, int, float | None]] = []

    def connect_tcp(self, host: str, port: int, timeout: float | None = None) -> Wire:
        self.tried.append((host, port, timeout))
        if host in self.dead:
            raise ConnectionRefusedError(host)
        return self.wire


class AsyncNetwork(Network):
    """The same for an event loop."""

    async def connect_tcp(self, host: str, port: int, timeout: float | None = None) -> Wire:
        return super().connect_tcp(host, port, timeout)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(_exchange, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def exchange(time: list[float]) -> Iterator[Exchange]:
    exchange = Exchange(10.0, connect=4.0)
    with under_way(exchange):
        yield exchange


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the resolver answers for any name."""
    found: list[str] = ["192.0.2.1", "192.0.2.1", "192.0.2.2"]

    def look_up(_host: str, port: int, **_more: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return found


def context() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def test_every_step_gets_what_is_left_and_no_more(exchange: Exchange, time: list[float]) -> None:
    wire = Wire()
    stream = Stream(wire, 0)
    stream.write(b"request", 20.0)
    time[0] += 9.0
    assert stream.read(65536, 20.0) == b"HTTP/1.1"
    stream.read(100, 0.5)
    stream.close()
    assert wire.steps == [
        ("write", 7, 10.0),
        ("read", 65536, 1.0),
        ("read", 100, 0.5),
        ("close", None, None),
    ]
    assert exchange.stage is Stage.RECEIVING
    assert exchange.written == 7
    assert exchange.seen == b"HTTP/1.1HTTP/1.1"
    assert stream.get_extra_info("socket") == "the socket"


async def test_every_async_step_gets_what_is_left_and_no_more(exchange: Exchange, time: list[float]) -> None:
    wire = AsyncWire()
    stream = AsyncStream(wire, 0)
    await stream.write(b"request", 20.0)
    time[0] += 9.0
    assert await stream.read(65536, 20.0) == b"HTTP/1.1"
    await stream.aclose()
    assert wire.steps == [("write", 7, 10.0), ("read", 65536, 1.0), ("close", None, None)]
    assert (exchange.stage, exchange.written, exchange.seen) == (Stage.RECEIVING, 7, b"HTTP/1.1")
    assert stream.get_extra_info("socket") == "the socket"


def test_a_large_body_is_written_in_pieces_between_which_the_time_is_looked_at(
    exchange: Exchange, time: list[float]
) -> None:
    class Slow(Wire):
        def write(self, buffer: bytes, timeout: float | None = None) -> None:
            super().write(buffer, timeout)
            time[0] += 6.0

    wire = Slow()
    with pytest.raises(TimeoutError):
        Stream(wire, 0).write(b"x" * 40_000, 20.0)
    assert wire.steps == [("write", 16384, 10.0), ("write", 16384, 4.0)]
    assert exchange.written == 32768


async def test_a_large_body_is_written_in_pieces_in_a_loop_too(exchange: Exchange) -> None:
    """Else a connection that took the whole request, and then broke, would count as one that took nothing."""
    wire = AsyncWire(WriteError(), 1)
    with pytest.raises(WriteError):
        await AsyncStream(wire, 0).write(b"x" * 20_000)
    assert [size for _, size, _ in wire.steps] == [16384, 3616]
    assert (exchange.written, exchange.refused) == (16384, False)


@pytest.mark.parametrize(("readable", "expected"), [(True, True), (False, False)])
def test_what_waits_is_told(readable: object, expected: bool) -> None:
    class Answering(Wire):
        def get_extra_info(self, info: str) -> object:
            return readable if info == "is_readable" else None

    assert Stream(Answering(), 0).unread() is expected
    assert AsyncStream(Answering(), 0).unread() is expected


def test_without_time_nothing_is_tried(exchange: Exchange, time: list[float]) -> None:
    wire, async_wire = Wire(), AsyncWire()
    time[0] += 10.0
    for step in (
        lambda: Stream(wire, 0).read(1),
        lambda: Stream(wire, 0).write(b"x"),
        lambda: Stream(wire, 1).start_tls(context(), "peer.example"),
        lambda: asyncio.run(AsyncStream(async_wire, 0).read(1)),
        lambda: asyncio.run(AsyncStream(async_wire, 0).write(b"x")),
        lambda: asyncio.run(AsyncStream(async_wire, 1).start_tls(context(), "peer.example")),
    ):
        with pytest.raises(TimeoutError):
            step()
    assert wire.steps == async_wire.steps == []


def test_a_handshake_takes_off_a_layer(exchange: Exchange) -> None:
    wire = Wire()
    exchange.secure = True
    stream = Stream(wire, 1)
    stream.write(b"CONNECT")
    assert exchange.stage is Stage.PROXY
    secured = stream.start_tls(context(), "peer.example", 20.0)
    assert exchange.stage is Stage.HANDSHAKE
    secured.write(b"request")
    assert exchange.stage is Stage.SENDING
    assert exchange.written == 7
    assert wire.steps[1] == ("tls", "peer.example", 10.0)


def test_tls_within_tls_is_our_own(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    class Secured(Wire):
        def get_extra_info(self, info: str) -> object:
            return f"the {info}"

    made: list[tuple[object, str | None, float | None]] = []

    def tunnel(outer: Wire, _context: ssl.SSLContext, host: str | None, timeout: float | None) -> Wire:
        made.append((outer, host, timeout))
        return outer

    monkeypatch.setattr(_streams, "TunnelledTls", tunnel)
    wire = Secured()
    Stream(wire, 1).start_tls(context(), "peer.example", 20.0).write(b"request")
    assert made == [(wire, "peer.example", 10.0)]
    assert wire.steps == [("write", 7, 10.0)]


async def test_an_async_handshake_takes_off_a_layer(exchange: Exchange) -> None:
    wire = AsyncWire()
    exchange.secure = True
    stream = AsyncStream(wire, 1)
    await stream.write(b"CONNECT")
    assert exchange.stage is Stage.PROXY
    secured = await stream.start_tls(context(), "peer.example", 20.0)
    assert exchange.stage is Stage.HANDSHAKE
    await secured.write(b"request")
    assert (exchange.stage, exchange.written) == (Stage.SENDING, 7)


@pytest.mark.parametrize(
    ("error", "fails_after", "layers", "refused"),
    [
        (WriteError(), 0, 0, True),
        (WriteError(), 1, 0, False),
        (WriteError(), 0, 1, False),
        (TimeoutError(), 0, 0, False),
    ],
    ids=["first write", "second write", "to the proxy", "in time"],
)
def test_a_connection_that_took_nothing_is_noted(
    exchange: Exchange, error: Exception, fails_after: int, layers: int, refused: bool
) -> None:
    stream = Stream(Wire(error, fails_after), layers)
    with pytest.raises(type(error)):
        stream.write(b"x" * 20_000)
    assert exchange.refused is refused


@pytest.mark.parametrize(("error", "refused"), [(WriteError(), True), (TimeoutError(), False)])
async def test_an_async_connection_that_took_nothing_is_noted(
    exchange: Exchange, error: Exception, refused: bool
) -> None:
    with pytest.raises(type(error)):
        await AsyncStream(AsyncWire(error), 0).write(b"request")
    assert exchange.refused is refused


def test_the_addresses_of_a_name_are_tried_in_turn_and_share_the_time(
    exchange: Exchange, names: list[str], time: list[float]
) -> None:
    network = Network(Wire(), "192.0.2.1")
    exchange.layers = 1
    stream = Backend(network).connect_tcp("peer.example", 443, 4.0, local_address=None, socket_options=None)
    assert network.tried == [("192.0.2.1", 443, 2.0), ("192.0.2.2", 443, 4.0)]
    assert exchange.stage is Stage.CONNECTING
    stream.write(b"CONNECT")
    assert exchange.stage is Stage.PROXY


def test_the_last_addresss_failure_is_the_one_told(exchange: Exchange, names: list[str]) -> None:
    network = Network(Wire(), "192.0.2.1", "192.0.2.2")
    with pytest.raises(ConnectionRefusedError, match=r"192\.0\.2\.2"):
        Backend(network).connect_tcp("peer.example", 443)
    assert len(network.tried) == 2


@pytest.mark.parametrize("address", ["192.0.2.9", "2001:db8::1"])
def test_an_address_is_not_looked_up(exchange: Exchange, names: list[str], address: str) -> None:
    network = Network(Wire())
    Backend(network).connect_tcp(address, 80, 1.0)
    assert network.tried == [(address, 80, 1.0)]


@pytest.mark.parametrize(
    "error", [socket.gaierror(socket.EAI_NONAME, "unknown"), UnicodeError("label too long")]
)
def test_a_name_that_is_not_known_is_told(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def look_up(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(type(error)):
        Backend(Network(Wire())).connect_tcp("nobody.example", 443, 1.0)


def test_addresses_that_are_known_already_are_tried_in_turn(exchange: Exchange, time: list[float]) -> None:
    network = Network(Wire(), "192.0.2.8")
    Backend(network).connect_first(["192.0.2.8", "192.0.2.9"], 443, 4.0)
    assert network.tried == [("192.0.2.8", 443, 2.0), ("192.0.2.9", 443, 4.0)]


async def test_async_addresses_that_are_known_already_are_tried_and_each_has_all_that_is_left(
    exchange: Exchange, time: list[float]
) -> None:
    network = AsyncNetwork(AsyncWire(), "192.0.2.7", "192.0.2.8")
    addresses = ["192.0.2.7", "192.0.2.8", "192.0.2.9"]
    stream = await AsyncBackend(network).connect_first(addresses, 443, 6.0)
    assert network.tried == [(address, 443, 6.0) for address in addresses]
    assert isinstance(stream, AsyncStream)
    with pytest.raises(ConnectionRefusedError, match=r"192\.0\.2\.8"):
        await AsyncBackend(network).connect_first(addresses[:2], 443, 6.0)


def test_a_resolver_that_does_not_answer_does_not_outlast_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: release.wait() and [])
    try:
        with (
            under_way(Exchange(10.0, connect=0.05)),
            pytest.raises(socket.gaierror, match="no answer in time"),
        ):
            Backend(Network(Wire())).connect_tcp("slow.example", 443, 5.0)
    finally:
        release.set()


async def test_async_connecting_gets_what_is_left(
    exchange: Exchange, names: list[str], time: list[float]
) -> None:
    network = AsyncNetwork(AsyncWire(), "192.0.2.1")
    stream = await AsyncBackend(network).connect_tcp("peer.example", 443, 20.0, socket_options=None)
    assert network.tried == [("192.0.2.1", 443, 4.0), ("192.0.2.2", 443, 4.0)]
    assert isinstance(stream, AsyncStream)
    assert exchange.stage is Stage.CONNECTING


async def test_an_async_address_that_does_not_answer_takes_no_time_from_the_next(exchange: Exchange) -> None:
    class Silent(AsyncNetwork):
        async def connect_tcp(self, host: str, port: int, timeout: float | None = None) -> Wire:
            wire = await super().connect_tcp(host, port, timeout)
            if host == "2001:db8::1":
                await asyncio.sleep(3600)
            return wire

    network = Silent(AsyncWire())
    stream = await AsyncBackend(network).connect_first(["2001:db8::1", "192.0.2.1"], 443, 4.0)
    assert isinstance(stream, AsyncStream)
    assert [host for host, *_ in network.tried] == ["2001:db8::1", "192.0.2.1"]


def test_only_the_bytes_of_the_answer_are_handed_over(exchange: Exchange) -> None:
    exchange.portions = Portions()
    wire = Scripted(b"HTTP/1.1 200 OK\r\n\r\nbody+more")
    stream = Stream(wire, 0)
    assert stream.read(65536) == b"HTTP/1.1 200 OK\r\n\r\n"
    assert stream.get_extra_info("is_readable")
    exchange.head("GET", 200, {"content-length": "4"})
    assert stream.read(65536) == b"body"
    assert exchange.seen.endswith(b"body")
    assert stream.unread()
    assert wire.reads == 1


async def test_only_the_bytes_of_the_answer_are_handed_over_in_a_loop_too(exchange: Exchange) -> None:
    exchange.portions = Portions()
    wire = AsyncScripted(b"HTTP/1.1 204 No\r\n\r\nHTTP/1.1 299 Made up\r\n\r\n")
    stream = AsyncStream(wire, 0)
    assert await stream.read(65536) == b"HTTP/1.1 204 No\r\n\r\n"
    assert stream.get_extra_info("is_readable")
    assert wire.reads == 1


def test_what_a_proxy_says_is_handed_over_as_it_comes(exchange: Exchange) -> None:
    exchange.portions = Portions()
    stream = Stream(Scripted(b"HTTP/1.1 200 OK\r\n\r\nmore"), 1)
    assert stream.read(65536) == b"HTTP/1.1 200 OK\r\n\r\nmore"
    assert not stream.unread()
