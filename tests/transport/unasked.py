"""A receiver that sends what nobody asked for, and decides how records and packets fall together."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator

from hamilton_sdk.testing.authority import Identity
from tests.transport.servers import ok, server_context

__all__ = [
    "AT_ONCE",
    "LATER",
    "MADE_UP",
    "Receiver",
    "Records",
    "only_the_answer",
]

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


def only_the_answer(records: Records) -> Iterator[bytes]:
    """In records of a byte each, as some receivers write."""
    yield b"".join(records.record(ok()[at : at + 1]) for at in range(len(ok())))


AT_ONCE = [in_the_same_record, in_the_next_record, half_in_the_next_record, a_stray_record_behind_it]
LATER = [later, half_later]
