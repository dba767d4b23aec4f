"""On connections of a pool too, what nobody asked for answers nothing: it ends the connection it came on."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pytest

from hamilton_sdk.testing.authority import Authority, Identity
from hamilton_sdk.transport._streams import AsyncStream, Stream
from tests.transport.conftest import Way, get, post
from tests.transport.servers import listening, ok, proxy, read_request, server_context
from tests.transport.unasked import AT_ONCE, LATER, MADE_UP, Receiver, Records, only_the_answer

CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"6;note=x\r\nfi\n\nne\r\n000a\r\n0123456789\r\n0\r\nX-Trailer: 5\r\n\r\n"
)
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"
EARLIER = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + ok()
ANSWERS = {
    "counted": ok(b"x" * 5000),
    "without a body": ok(b""),
    "chunked": CHUNKED,
    "chunked without trailers": CHUNKED.replace(b"X-Trailer: 5\r\n", b""),
    "of a status without a body": EMPTY,
    "after an informational one": EARLIER,
}


class Peer:
    """Answers each request in the same way, and adds to the first answer what nobody asked for."""

    def __init__(self, first: Sequence[bytes], others: bytes) -> None:
        self.first = first
        self.others = others
        self.connections = 0
        self.more = threading.Event()
        self.done = threading.Event()

    def __call__(self, connection: socket.socket) -> None:
        self.connections += 1
        if self.connections == 1:
            read_request(connection)
            connection.sendall(self.first[0])
            self.more.wait()
            for packet in self.first[1:]:
                connection.sendall(packet)
            self.done.set()
        while read_request(connection):
            connection.sendall(self.others)

    def goes_on(self) -> None:
        """The answer has come: now the rest is sent."""
        self.more.set()
        self.done.wait()


@pytest.fixture(params=["in the clear", "over TLS", "through a proxy", "over TLS through a proxy"])
def serving(
    request: pytest.FixtureRequest, authority: Authority, server: Identity
) -> Iterator[Callable[[Peer], tuple[str, dict[str, object]]]]:
    """Serves a peer; its address, and the settings that lead to it."""
    with ExitStack() as open_now:

        def serve(peer: Peer) -> tuple[str, dict[str, object]]:
            secure = "TLS" in request.param
            port = open_now.enter_context(
                listening(peer, server_context(server) if secure else None, stop=peer.more)
            )
            settings: dict[str, object] = {"ca": authority.ca} if secure else {}
            if "proxy" in request.param:
                settings["proxy"] = f"http://127.0.0.1:{open_now.enter_context(listening(proxy()))}"
            return f"{'https' if secure else 'http'}://localhost:{port}/", settings

        yield serve


Serving = Callable[[Peer], tuple[str, dict[str, object]]]


def added(way: Way, serving: Serving, peer: Peer) -> None:
    url, settings = serving(peer)
    answers = way.send_all([get(url)] * 3, between=peer.goes_on, **settings)
    assert 299 not in [answer.status for answer in answers]
    assert [answer.status for answer in answers] == [int(peer.others.rpartition(b"HTTP/1.1 ")[2][:3])] * 3
    assert peer.connections == 2


IN_THE_CLEAR = pytest.mark.parametrize("serving", ["in the clear"], indirect=True)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("extra", [MADE_UP, MADE_UP[:11], b"\r\n", ok(b"0\r\n\r\n")], ids=str)
@IN_THE_CLEAR
def test_what_comes_with_an_answer_is_none_to_the_next_request(
    way: Way, serving: Serving, answer: bytes, extra: bytes
) -> None:
    added(way, serving, Peer([answer + extra], answer))


def test_it_is_none_whatever_lies_between(way: Way, serving: Serving) -> None:
    added(way, serving, Peer([ok() + MADE_UP], ok()))


class Arriving:
    """Waits, once, for the peer to go on and for that to arrive, where anything is still to come."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.streams: list[Stream | AsyncStream] = []
        for kind in (Stream, AsyncStream):
            monkeypatch.setattr(kind, "read", self._noting(kind.read))

    def _noting(self, read: Callable[..., Any]) -> Callable[..., Any]:
        def note(stream: Stream | AsyncStream, *arguments: object, **named: object) -> object:
            self.streams.append(stream)
            return read(stream, *arguments, **named)

        return note

    def between(self, goes_on: Callable[[], None]) -> Callable[[], None]:
        """What to do between two requests."""

        def wait() -> None:
            goes_on()
            first = self.streams[0]
            if self.streams[-1] is first:
                select.select([first.get_extra_info("socket")], [], [])

        return wait


@pytest.fixture
def arriving(monkeypatch: pytest.MonkeyPatch) -> Arriving:
    return Arriving(monkeypatch)


def test_what_comes_later_is_none_to_the_next_request(way: Way, arriving: Arriving) -> None:
    peer = Peer([ok(), MADE_UP], ok())
    with listening(peer, stop=peer.more) as port:
        requests = [get(f"http://127.0.0.1:{port}/")] * 3
        answers = way.send_all(requests, between=arriving.between(peer.goes_on))
    assert [answer.status for answer in answers] == [200] * 3
    assert peer.connections == 2


@IN_THE_CLEAR
def test_what_comes_in_parts_is_none_to_the_next_request(way: Way, serving: Serving) -> None:
    added(way, serving, Peer([ok() + MADE_UP[:9], MADE_UP[9:]], ok()))


@pytest.mark.parametrize("records", [*AT_ONCE, *LATER], ids=lambda records: records.__name__)
def test_it_is_none_however_it_falls_into_records_of_tls(
    way: Way,
    server: Identity,
    authority: Authority,
    arriving: Arriving,
    records: Callable[[Records], Iterator[bytes]],
) -> None:
    receiver = Receiver(server, records)
    between = arriving.between(receiver.goes_on) if records in LATER else receiver.goes_on
    with listening(receiver, stop=receiver.more) as port:
        requests = [post(f"https://localhost:{port}/")] * 3
        answers = way.send_all(requests, between=between, ca=authority.ca)
    assert [answer.status for answer in answers] == [200] * 3
    assert receiver.connections == 2


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@IN_THE_CLEAR
def test_a_connection_on_which_nothing_waits_is_used_again(way: Way, serving: Serving, answer: bytes) -> None:
    used_again(way, serving, answer)


def test_it_is_used_again_whatever_lies_between(way: Way, serving: Serving) -> None:
    used_again(way, serving, CHUNKED)


def used_again(way: Way, serving: Serving, answer: bytes) -> None:
    peer = Peer([answer], answer)
    url, settings = serving(peer)
    bodies = [each.body for each in way.send_all([get(url)] * 3, between=peer.goes_on, **settings)]
    assert bodies == [bodies[0]] * 3
    assert peer.connections == 1


def test_it_is_used_again_after_an_answer_in_many_records(
    way: Way, server: Identity, authority: Authority
) -> None:
    receiver = Receiver(server, only_the_answer)
    with listening(receiver, stop=receiver.more) as port:
        requests = [post(f"https://localhost:{port}/")] * 3
        answers = way.send_all(requests, between=receiver.goes_on, ca=authority.ca)
    assert [answer.status for answer in answers] == [200] * 3
    assert receiver.connections == 1
