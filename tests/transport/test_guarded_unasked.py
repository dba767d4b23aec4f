"""What nobody asked for answers nothing: neither beside an answer, nor behind it, nor later."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from hamilton_sdk.testing.authority import Identity
from hamilton_sdk.transport._idle import Idle
from hamilton_sdk.transport.guarded import _Line
from tests.transport.conftest import post
from tests.transport.delivering import HERE, NAME, DeliveryWay
from tests.transport.servers import listening, ok, proxy, server_context

MADE_UP = b"HTTP/1.1 299 Made up\r\nContent-Length: 0\r\n\r\n"


class Records:
    """The receiver's end of a connection, which decides how records and packets fall together."""

    def __init__(self, connection: socket.socket, identity: Identity) -> None:
        self._connection = connection
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = server_context(identity).wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._until(self._tls.do_handshake)
        self.send(self._outgoing.read())

    def request(self) -> bool:
        """Whether one came."""
        received = b""
        while not received.endswith(b"\r\n\r\ndata"):
            more = self._until(lambda: self._tls.read(65536))
            if not more:
                return False
            received += more
        return True

    def record(self, data: bytes) -> bytes:
        """Encrypted, and not sent yet."""
        self._tls.write(data)
        return self._outgoing.read()

    def send(self, encrypted: bytes) -> None:
        self._connection.sendall(encrypted)

    def _until(self, step: Callable[[], bytes | None]) -> bytes | None:
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                self.send(self._outgoing.read())
                data = self._connection.recv(65536)
                if not data:
                    return b""
                self._incoming.write(data)


class Receiver:
    """Answers each request with 200, and the first one in its own way; says when that is done."""

    def __init__(self, identity: Identity, way: Callable[[Records], Iterator[bytes]]) -> None:
        self.identity = identity
        self.way = way
        self.connections = 0
        self.more = threading.Event()
        self.done = threading.Event()

    def __call__(self, connection: socket.socket) -> None:
        self.connections += 1
        records = Records(connection, self.identity)
        if self.connections == 1:
            self._answer_first(records)
        while records.request():
            records.send(records.record(ok()))

    def _answer_first(self, records: Records) -> None:
        assert records.request()
        packets = self.way(records)
        records.send(next(packets))
        self.more.wait()
        try:
            for packet in packets:
                records.send(packet)
        finally:
            self.done.set()

    def goes_on(self) -> None:
        """The answer has come: now the rest is sent."""
        self.more.set()
        self.done.wait()


def in_the_same_record(records: Records) -> Iterator[bytes]:
    yield records.record(ok() + MADE_UP)


def in_the_next_record(records: Records) -> Iterator[bytes]:
    yield records.record(ok()) + records.record(MADE_UP)


def half_in_the_next_record(records: Records) -> Iterator[bytes]:
    """Which nobody can decrypt yet."""
    answer, whole = records.record(ok()), records.record(MADE_UP)
    yield answer + whole[:9]
    yield whole[9:]


def later(records: Records) -> Iterator[bytes]:
    yield records.record(ok())
    yield records.record(MADE_UP)


def half_later(records: Records) -> Iterator[bytes]:
    yield records.record(ok())
    yield records.record(MADE_UP)[:9]


def a_stray_record_behind_it(records: Records) -> Iterator[bytes]:
    yield records.record(ok()) + b"\x17\x03\x03\x00\x01\x00"


AT_ONCE = [in_the_same_record, in_the_next_record, half_in_the_next_record, a_stray_record_behind_it]


@pytest.fixture(params=["direct", "through a proxy", "through a proxy reached over TLS"])
def path(request: pytest.FixtureRequest, receiver: Identity) -> Iterator[dict[str, object]]:
    """Settings that take a way to the receiver."""
    with ExitStack() as open_now:
        if request.param == "direct":
            yield {}
        elif request.param == "through a proxy":
            port = open_now.enter_context(listening(proxy()))
            yield {"proxy": f"http://127.0.0.1:{port}"}
        else:
            port = open_now.enter_context(listening(proxy(), server_context(receiver)))
            yield {"proxy": f"https://127.0.0.1:{port}"}


@pytest.mark.parametrize("way", AT_ONCE, ids=lambda way: way.__name__)
def test_what_comes_with_an_answer_is_none_to_the_next_delivery(
    delivery: DeliveryWay,
    receiver: Identity,
    ca: str,
    path: dict[str, object],
    way: Callable[[Records], Iterator[bytes]],
) -> None:
    served = Receiver(receiver, way)
    with listening(served) as port:
        host = "127.0.0.1" if path else NAME
        request = (post(f"https://{host}:{port}/"), HERE)
        answers = delivery.send_all([request] * 3, between=served.goes_on, ca=ca, **path)
    assert [answer.status for answer in answers] == [200] * 3
    assert served.connections == 2


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[socket.socket]:
    """Our ends of connections that wait to be used again."""
    seen: list[socket.socket] = []
    give = Idle.give

    def note(idle: Idle[_Line], key: object, line: _Line) -> None:
        seen.append(line.stream.get_extra_info("socket"))
        give(idle, key, line)

    monkeypatch.setattr(Idle, "give", note)
    return seen


@pytest.mark.parametrize("way", [later, half_later], ids=lambda way: way.__name__)
def test_what_comes_later_is_no_answer_to_the_next_delivery(
    delivery: DeliveryWay,
    receiver: Identity,
    ca: str,
    kept: list[socket.socket],
    way: Callable[[Records], Iterator[bytes]],
) -> None:
    served = Receiver(receiver, way)

    def arrives() -> None:
        if len(kept) == 1:
            served.goes_on()
            select.select(kept, [], [])

    with listening(served) as port:
        request = (post(f"https://{NAME}:{port}/"), HERE)
        answers = delivery.send_all([request] * 3, between=arrives, ca=ca)
    assert [answer.status for answer in answers] == [200] * 3
    assert served.connections == 2


def only_the_answer(records: Records) -> Iterator[bytes]:
    """In records of a byte each, as some receivers write."""
    yield b"".join(records.record(ok()[at : at + 1]) for at in range(len(ok())))


def test_a_connection_on_which_nothing_waits_is_used_again(
    delivery: DeliveryWay, receiver: Identity, ca: str, path: dict[str, object]
) -> None:
    served = Receiver(receiver, only_the_answer)
    with listening(served) as port:
        host = "127.0.0.1" if path else NAME
        request = (post(f"https://{host}:{port}/"), HERE)
        answers = delivery.send_all([request] * 3, between=served.goes_on, ca=ca, **path)
    assert [answer.status for answer in answers] == [200] * 3
    assert served.connections == 1
