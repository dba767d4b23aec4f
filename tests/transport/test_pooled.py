"""The SDK's own transport, against real sockets: what arrives, what is refused, when it gives up."""

from __future__ import annotations

import asyncio
import gzip
import os
import threading
from typing import TYPE_CHECKING

import pytest

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.errors import (
    BadResponse,
    ConnectionFailed,
    ConnectionLost,
    Invalid,
    Outcome,
    TimedOut,
)
from hamilton_sdk.flow import Response
from hamilton_sdk.transport import Http, Timeouts
from hamilton_sdk.transport.opening import open_async_transport, open_transport
from tests.transport.conftest import get, post
from tests.transport.servers import hard_close, listening, ok, proxy, read_request, replying, silence

if TYPE_CHECKING:
    import socket

    from tests.transport.conftest import Way


def test_an_exchange_brings_status_headers_and_body(way: Way) -> None:
    reply = b"HTTP/1.1 202 Accepted\r\nX-Kind: a\r\nx-kind: b\r\nContent-Length: 5\r\n\r\nhello"
    with listening(replying(reply)) as port:
        answer = way.send(get(f"http://127.0.0.1:{port}/path?q=1"))
    assert answer == Response(202, {"x-kind": "a, b", "content-length": "5"}, b"hello")


def test_the_request_arrives_as_it_was_given_with_what_http_needs(way: Way) -> None:
    requests: list[bytes] = []
    with listening(replying(ok(), requests=requests)) as port:
        way.send(post(f"http://127.0.0.1:{port}/x?a=b%20c", b"<a/>", headers={"SOAPAction": '"op"'}))
    head, _, body = requests[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /x?a=b%20c HTTP/1.1"
    assert body == b"<a/>"
    assert {
        b"Host: 127.0.0.1:%d" % port,
        b'SOAPAction: "op"',
        b"Content-Length: 4",
        b"Accept: */*",
        b"Accept-Encoding: gzip, deflate",
    } <= set(lines)
    assert any(line.startswith(b"User-Agent: hamilton-apps-sdk/") for line in lines)


def test_headers_of_the_request_win_over_the_defaults(way: Way) -> None:
    requests: list[bytes] = []
    given = {"host": "other.example", "accept": "text/xml", "user-agent": "mine", "accept-encoding": "gzip"}
    with listening(replying(ok(), requests=requests)) as port:
        way.send(get(f"http://127.0.0.1:{port}/", headers=given))
    names = [line.split(b":")[0].lower() for line in requests[0].split(b"\r\n")[1:] if line]
    assert sorted(names) == [b"accept", b"accept-encoding", b"host", b"user-agent"]
    assert b"host: other.example" in requests[0]


def test_an_ipv6_address_keeps_its_brackets_in_the_host_header(way: Way) -> None:
    requests: list[bytes] = []
    with listening(replying(ok(), requests=requests)) as port:
        error = way.send_all([get(f"http://[::1]:{port}/")])[0]
    assert isinstance(error, ConnectionFailed)
    assert f"[::1]:{port}" in str(error)


def test_an_empty_write_says_that_it_is_empty(way: Way) -> None:
    requests: list[bytes] = []
    with listening(replying(ok(), ok(), requests=requests)) as port:
        way.send_all([post(f"http://127.0.0.1:{port}/", b""), get(f"http://127.0.0.1:{port}/")])
    assert b"Content-Length: 0" in requests[0]
    assert b"Content-Length" not in requests[1]


def test_a_redirect_is_answered_as_it_is(way: Way) -> None:
    reply = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with listening(replying(reply)) as port:
        answer = way.send(get(f"http://127.0.0.1:{port}/"))
    assert (answer.status, answer.headers["location"]) == (302, "http://127.0.0.1:1/")


def test_cookies_are_not_kept_between_calls(way: Way) -> None:
    requests: list[bytes] = []
    replies = [ok(b"", b"Set-Cookie: session=secret"), ok()]
    with listening(replying(*replies, requests=requests)) as port:
        way.send_all([get(f"http://127.0.0.1:{port}/"), get(f"http://127.0.0.1:{port}/")])
    assert len(requests) == 2
    assert b"ookie" not in requests[1]


def test_a_connection_is_used_again(way: Way) -> None:
    connections: list[socket.socket] = []

    def answer(connection: socket.socket) -> None:
        connections.append(connection)
        replying(ok(), ok(), ok())(connection)

    with listening(answer) as port:
        answers = way.send_all([get(f"http://127.0.0.1:{port}/")] * 3)
    assert [reply.body for reply in answers] == [b"fine"] * 3
    assert len(connections) == 1


def test_a_kept_connection_that_the_peer_closed_is_not_used(way: Way) -> None:
    """A server that closes after each answer without saying so: no call suffers for it."""
    closed = threading.Event()

    def answer(connection: socket.socket) -> None:
        replying(ok())(connection)
        connection.close()
        closed.set()

    def wait() -> None:
        closed.wait()
        closed.clear()

    with listening(answer) as port:
        answers = way.send_all([post(f"http://127.0.0.1:{port}/")] * 3, between=wait)
    assert [reply.body for reply in answers] == [b"fine"] * 3


def test_compressed_answers_arrive_plain(way: Way) -> None:
    reply = ok(gzip.compress(b"x" * 1000), b"Content-Encoding: gzip")
    with listening(replying(reply)) as port:
        assert way.send(get(f"http://127.0.0.1:{port}/")).body == b"x" * 1000


def test_an_answer_to_head_has_no_body(way: Way) -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nContent-Encoding: gzip\r\n\r\n"
    with listening(replying(reply)) as port:
        assert way.send(get(f"http://127.0.0.1:{port}/", method="HEAD")).body == b""


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000,
        ok(gzip.compress(b"x" * 2000), b"Content-Encoding: gzip"),
    ],
    ids=["announced", "streamed", "gzip bomb"],
)
def test_an_answer_larger_than_allowed_is_refused(way: Way, reply: bytes) -> None:
    with (
        listening(replying(reply)) as port,
        pytest.raises(BadResponse, match="larger than 1000 bytes") as caught,
    ):
        way.send(get(f"http://127.0.0.1:{port}/"), largest_response=1000)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.status == 200
    assert "largest_response" in (caught.value.hint or "")


def test_a_request_may_allow_more_or_less_than_the_settings(way: Way) -> None:
    with listening(replying(ok(b"x" * 100), ok(b"x" * 100))) as port:
        url = f"http://127.0.0.1:{port}/"
        more = way.send_all([get(url, largest_response=100)], largest_response=10)[0]
        less = way.send_all([get(url, largest_response=99)])[0]
    assert isinstance(more, Response)
    assert isinstance(less, BadResponse)


def drip(connection: socket.socket, stop: threading.Event, beginning: bytes, piece: bytes) -> None:
    read_request(connection)
    connection.sendall(beginning)
    while not stop.wait(0.02):
        connection.sendall(piece)


@pytest.mark.parametrize(
    ("beginning", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
        (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    ],
    ids=["headers", "body", "interim answers"],
)
def test_a_dripping_answer_does_not_outlast_the_deadline(way: Way, beginning: bytes, piece: bytes) -> None:
    """Each read succeeds in time, the whole never does: the limit is for the whole."""
    stop = threading.Event()
    with (
        listening(lambda connection: drip(connection, stop, beginning, piece), stop=stop) as port,
        pytest.raises(TimedOut) as caught,
    ):
        way.send(post(f"http://127.0.0.1:{port}/"), 0.3)
    assert type(caught.value) is TimedOut
    assert caught.value.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("limits", [Timeouts(read=0.1), Timeouts(total=0.1)], ids=["read", "total"])
def test_silence_ends_with_the_settings_own_limits(way: Way, limits: Timeouts) -> None:
    stop = threading.Event()
    with listening(silence(stop), stop=stop) as port, pytest.raises(TimedOut):
        way.send(get(f"http://127.0.0.1:{port}/"), timeouts=limits)


def test_a_peer_that_reads_nothing_does_not_outlast_the_deadline(way: Way) -> None:
    stop = threading.Event()
    with listening(silence(stop), stop=stop) as port, pytest.raises(TimedOut) as caught:
        way.send(post(f"http://127.0.0.1:{port}/", b"x" * 20_000_000), 0.3)
    assert caught.value.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_without_time_nothing_is_sent(way: Way, seconds: float) -> None:
    requests: list[bytes] = []
    with listening(replying(ok(), requests=requests)) as port, pytest.raises(TimedOut) as caught:
        way.send(post(f"http://127.0.0.1:{port}/"), seconds)
    assert caught.value.outcome is Outcome.NOT_SENT
    assert requests == []


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 2",
    ],
    ids=["nothing", "half the headers", "half the body", "half a line"],
)
@pytest.mark.parametrize("hard", [False, True], ids=["end", "reset"])
def test_a_cut_answer_leaves_the_outcome_unknown(way: Way, reply: bytes, hard: bool) -> None:
    def answer(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(reply)
        if hard:
            hard_close(connection)

    with listening(answer) as port, pytest.raises(ConnectionLost) as caught:
        way.send(post(f"http://127.0.0.1:{port}/api?token=secret"))
    assert caught.value.outcome is Outcome.UNKNOWN
    assert str(caught.value) == (
        f"write at http://127.0.0.1:{port}/api: the connection was cut before the answer was whole"
    )
    assert (caught.value.operation, caught.value.method) == ("write", "POST")


def test_a_connection_reset_before_anything_was_read_is_told_as_lost(way: Way) -> None:
    with listening(hard_close) as port, pytest.raises((ConnectionLost, ConnectionFailed)):
        way.send(post(f"http://127.0.0.1:{port}/", b"x" * 100_000))


@pytest.mark.parametrize(
    ("reply", "what"),
    [
        (b"SSH-2.0-OpenSSH_9.9\r\n", "does not speak HTTP"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n",
            "breaks the rules of HTTP",
        ),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "breaks the rules of HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n", "breaks the rules of HTTP"),
        (ok(b"plain", b"Content-Encoding: gzip"), "damaged"),
        (ok(b"?", b"Content-Encoding: br"), "not asked for"),
    ],
    ids=["ssh", "chunks", "headers", "endless header", "no gzip", "brotli"],
)
def test_what_is_no_http_is_a_bad_response(way: Way, reply: bytes, what: str) -> None:
    with listening(replying(reply)) as port, pytest.raises(BadResponse, match=what) as caught:
        way.send(post(f"http://127.0.0.1:{port}/"))
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.raw is not None
    assert caught.value.raw == reply[: len(caught.value.raw)]


def test_what_answers_in_tls_has_read_nothing_of_a_plain_request(way: Way) -> None:
    alert = b"\x15\x03\x01\x00\x02\x02\x46"
    with listening(replying(alert)) as port, pytest.raises(BadResponse, match="but TLS") as caught:
        way.send(post(f"http://127.0.0.1:{port}/"))
    assert caught.value.outcome is Outcome.FINAL


def test_more_calls_than_connections_wait_their_turn_and_then_give_up() -> None:
    release, taken = threading.Event(), threading.Event()

    def answer(connection: socket.socket) -> None:
        read_request(connection)
        taken.set()
        release.wait()
        connection.sendall(ok())

    http = Http(connections=1, timeouts=Timeouts(pool=0.05))
    transport = open_transport(http, SystemClock())
    with listening(answer) as port:
        first = threading.Thread(target=transport.send, args=(get(f"http://127.0.0.1:{port}/"), None))
        first.start()
        taken.wait()
        with pytest.raises(ConnectionFailed, match="no connection became free") as caught:
            transport.send(post(f"http://127.0.0.1:{port}/"), None)
        release.set()
        first.join()
    transport.close()
    assert caught.value.outcome is Outcome.NOT_SENT
    assert "connections" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("ftp://127.0.0.1/", {}),
        ("/relative", {}),
        ("http:///no-host", {}),
        ("http://127.0.0.1:port/", {}),
        ("http://127.0.0.1:9/", {"Authorization": "Basic c2VjcmV0\r\nX-Injected: 1"}),
        ("http://127.0.0.1:9/", {"Authorization": "gehe\xefm"}),
    ],
    ids=["scheme", "relative", "host", "port", "line break", "accent"],
)
def test_a_request_that_cannot_be_sent_is_invalid_and_shows_no_secret(
    way: Way, url: str, headers: dict[str, str]
) -> None:
    with listening(replying(ok())) as port, pytest.raises(Invalid, match="cannot be sent") as caught:
        way.send(post(url.replace(":9/", f":{port}/"), headers=headers))
    told = f"{caught.value}{caught.value.hint}{caught.value.__cause__}"
    assert "c2VjcmV0" not in told
    assert "gehe" not in told
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or not headers


def test_threads_share_a_transport_and_each_keeps_its_own_deadline() -> None:
    stop = threading.Event()
    results: list[object] = []

    def answer(connection: socket.socket) -> None:
        while request := read_request(connection):
            if b"/slow" in request:
                stop.wait()
            connection.sendall(ok(request.split(b" ")[1]))

    transport = open_transport(None, SystemClock())

    def call(path: str, seconds: float) -> None:
        try:
            results.append(transport.send(get(f"http://127.0.0.1:{port}{path}"), seconds).body.decode())
        except TimedOut:
            results.append(f"late {path}")

    with listening(answer, stop=stop) as port:
        slow = threading.Thread(target=call, args=("/slow", 0.3))
        quick = [threading.Thread(target=call, args=(f"/{number}", 60.0)) for number in range(10)]
        for thread in (slow, *quick):
            thread.start()
        for thread in (slow, *quick):
            thread.join()
    transport.close()
    assert sorted(results) == sorted(["late /slow", *(f"/{number}" for number in range(10))])


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
async def test_a_cancelled_exchange_leaves_the_transport_usable(library: str) -> None:
    stop, asked = threading.Event(), threading.Event()

    def answer(connection: socket.socket) -> None:
        while request := read_request(connection):
            if b"/slow" in request:
                asked.set()
                stop.wait()
            connection.sendall(ok())

    transport = open_async_transport(Http(library=library, connections=1), SystemClock())
    with listening(answer, stop=stop) as port:
        task = asyncio.create_task(transport.send(get(f"http://127.0.0.1:{port}/slow"), None))
        await asyncio.to_thread(asked.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await transport.send(get(f"http://127.0.0.1:{port}/"), None)).ok
        await transport.close()


def test_a_proxy_is_used_where_there_is_one(way: Way) -> None:
    with listening(replying(ok())) as peer, listening(proxy()) as port:
        url = f"http://127.0.0.1:{peer}/"
        assert way.send(get(url), proxy=f"http://127.0.0.1:{port}").body == b"fine"


def test_a_forked_process_opens_its_own_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    connections: list[socket.socket] = []

    def answer(connection: socket.socket) -> None:
        connections.append(connection)
        replying(ok(), ok())(connection)

    transport = open_transport(None, SystemClock())
    with listening(answer) as port:
        transport.send(get(f"http://127.0.0.1:{port}/"), None)
        parent = os.getpid()
        with monkeypatch.context() as patch:
            patch.setattr(os, "getpid", lambda: parent + 1)
            transport.send(get(f"http://127.0.0.1:{port}/"), None)
        transport.close()
        # Here both belong to one process after all.
        for pools in transport._left_behind:
            pools[None].close()
    assert len(connections) == 2
