"""HTTP/1.1 without a network: what is written for a request, and what is made of the bytes that come back."""

from __future__ import annotations

import gzip

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.transport._http11 import FAILURES, Answer, Http11, Steps

HEADERS = [(b"Host", b"hooks.example"), (b"webhook-id", b"msg_1")]


def converse(steps: Steps[object], *arrives: bytes) -> tuple[bytes, object]:
    """What is written, and the result, where bytes arrive in these pieces and then the connection ends."""
    pieces = list(arrives)
    written = b""
    reply = None
    while True:
        try:
            step = next(steps) if reply is None else steps.send(reply)
        except StopIteration as end:
            return written, end.value
        if step is None:
            reply = pieces.pop(0) if pieces else b""
        else:
            written += step
            reply = b""


def exchange(connection: Http11, *arrives: bytes, kept: int = 100, method: str = "POST") -> Answer:
    steps = connection.exchange(method, b"/in?x=1", HEADERS, b"body", kept)
    result = converse(steps, *arrives)[1]
    assert isinstance(result, Answer)
    return result


def test_a_request_is_written_at_once_and_whole() -> None:
    steps = Http11().exchange("POST", b"/in?x=1", HEADERS, b"body", 100)
    assert next(steps) == (
        b"POST /in?x=1 HTTP/1.1\r\nHost: hooks.example\r\nwebhook-id: msg_1\r\nContent-Length: 4\r\n\r\nbody"
    )
    assert steps.send(b"") is None


def test_a_request_without_a_body_says_so() -> None:
    written, _ = converse(Http11().exchange("POST", b"/", HEADERS, b"", 1), b"HTTP/1.1 204 No\r\n\r\n")
    assert written.endswith(b"Content-Length: 0\r\n\r\n")


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_an_answer_is_read_from_pieces_of_any_size(size: int) -> None:
    reply = b"HTTP/1.1 202 Accepted\r\nX-Kind: a\r\nx-kind: b\r\nContent-Length: 5\r\n\r\nhello"
    connection = Http11()
    pieces = [reply[start : start + size] for start in range(0, len(reply), size)]
    assert exchange(connection, *pieces) == (202, {"x-kind": "a, b", "content-length": "5"}, b"hello")
    assert connection.status == 202
    assert connection.reusable


def test_a_connection_serves_one_request_after_the_other() -> None:
    connection = Http11()
    assert not connection.reusable
    for number in range(3):
        body = b"%d" % number
        reply = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + body
        assert exchange(connection, reply).body == body
        assert connection.reusable


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ],
    ids=["close", "HTTP/1.0", "until the end", "more than was asked for"],
)
def test_a_connection_that_is_over_or_said_too_much_is_not_used_again(reply: bytes) -> None:
    connection = Http11()
    assert exchange(connection, reply).body == b"ok"
    assert not connection.reusable


def test_interim_answers_are_passed_over() -> None:
    reply = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\n\r\nHTTP/1.1 204 No\r\n\r\n"
    assert exchange(Http11(), reply) == (204, {}, b"")


def test_an_answer_to_head_has_no_body() -> None:
    connection = Http11()
    assert exchange(connection, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", method="HEAD").body == b""


@pytest.mark.parametrize("length", [b"Content-Length: 200\r\n", b"", b"Transfer-Encoding: chunked\r\n"])
def test_of_a_long_body_the_beginning_is_kept_and_the_rest_not_read(length: bytes) -> None:
    connection = Http11()
    body = b"c8\r\n" + b"x" * 200 if b"chunked" in length else b"x" * 200
    answer = exchange(connection, b"HTTP/1.1 500 No\r\n" + length + b"\r\n" + body)
    assert (answer.status, answer.body) == (500, b"x" * 100)
    assert not connection.reusable


def test_an_endless_body_is_not_read_to_its_end() -> None:
    steps = Http11().exchange("POST", b"/", HEADERS, b"", 1000)
    next(steps)
    steps.send(b"")
    reads = 1
    with pytest.raises(StopIteration) as end:
        steps.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            reads += 1
            steps.send(b"x" * 100)
    assert end.value.value.body == b"x" * 1000
    assert reads <= 12


def test_a_body_of_just_the_size_that_is_kept_is_whole() -> None:
    connection = Http11()
    answer = exchange(connection, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 100)
    assert answer.body == b"x" * 100
    assert connection.reusable


def test_a_body_stays_as_it_came() -> None:
    packed = gzip.compress(b"x" * 1_000_000)[:100]
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    assert exchange(Http11(), head + packed).body == packed


@pytest.mark.parametrize(
    "reply",
    [
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
    ],
    ids=["ssh", "header", "chunk", "two lengths", "another protocol", "endless head"],
)
def test_what_breaks_the_rules_is_a_failure(reply: bytes) -> None:
    with pytest.raises(h11.RemoteProtocolError):
        exchange(Http11(), reply)


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (b"", None),
        (b"HTTP/1.1 2", None),
        (b"HTTP/1.1 200 OK\r\nContent-Le", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", 200),
    ],
)
def test_an_answer_that_ends_too_early_is_told_apart_by_its_words(reply: bytes, status: int | None) -> None:
    connection = Http11()
    with pytest.raises(h11.RemoteProtocolError, match="without sending"):
        exchange(connection, reply)
    assert connection.status == status
    assert not connection.reusable


def test_a_request_that_breaks_the_rules_is_a_failure_of_ours() -> None:
    steps = Http11().exchange("POST", b"/", [(b"Host", b"a"), (b"X", b"a\r\nY: b")], b"", 1)
    with pytest.raises(h11.LocalProtocolError):
        next(steps)
    assert issubclass(h11.LocalProtocolError, FAILURES)


@pytest.mark.parametrize("status", [200, 407, 502])
def test_a_proxy_is_asked_for_a_tunnel(status: int) -> None:
    steps = Http11().tunnel(b"hooks.example:443", [(b"Proxy-Authorization", b"Basic x")])
    written, told = converse(steps, b"HTTP/1.1 %d Something\r\nContent-Length: 0\r\n\r\n" % status)
    assert written == (
        b"CONNECT hooks.example:443 HTTP/1.1\r\nHost: hooks.example:443\r\n"
        b"Proxy-Authorization: Basic x\r\n\r\n"
    )
    assert told == status


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_no_bytes_of_a_peers_raise_anything_else(pieces: list[bytes]) -> None:
    for prefix in (b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"):
        try:
            answer = exchange(Http11(), prefix, *pieces, kept=40)
        except FAILURES:
            continue
        assert len(answer.body) <= 40
