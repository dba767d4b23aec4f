"""The loopback server: HTTP/1.1 by the book, TLS, and lines that are really cut."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from typing import TYPE_CHECKING

import httpx
import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.flow import Cut, Now, Request, Response, Sleep
from hamilton_sdk.testing.authority import Authority
from hamilton_sdk.testing.server import LoopbackServer

if TYPE_CHECKING:
    from pathlib import Path

    from hamilton_sdk.flow import Flow


class Peer:
    """Answers what it is told to answer, and notes what was asked."""

    def __init__(self, answer: Response | Exception | None = None) -> None:
        self.answer = answer or Response(status=200, headers={"x-a": "b"}, body=b"hello")
        self.asked: list[Request] = []

    def respond(self, request: Request) -> Flow[Response]:
        self.asked.append(request)
        yield Now()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Sleeper:
    """Waits for a very long time."""

    def __init__(self) -> None:
        self.waiting = threading.Event()

    def respond(self, request: Request) -> Flow[Response]:
        self.waiting.set()
        yield Sleep(3600)
        return Response(status=200)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def port_of(server: LoopbackServer) -> int:
    return int(server.url.rpartition(":")[2])


def connected(server: LoopbackServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port_of(server)), timeout=5)


def read_all(line: socket.socket) -> bytes:
    """Read until the server closes the connection."""
    received = b""
    while part := line.recv(65536):
        received += part
    return received


def talk(server: LoopbackServer, sent: bytes) -> bytes:
    """Send bytes and read until the server closes the connection."""
    with connected(server) as line:
        line.sendall(sent)
        return read_all(line)


def test_a_request_reaches_the_responder_whole():
    peer = Peer()
    with LoopbackServer(peer) as server:
        answer = httpx.post(f"{server.url}/a%20b?c=d", content=b"body", headers=[("X-A", "1"), ("x-a", "2")])

    assert (answer.status_code, answer.content, answer.headers["x-a"]) == (200, b"hello", "b")
    [request] = peer.asked
    assert (request.method, request.body) == ("POST", b"body")
    assert request.url == f"{server.url}/a%20b?c=d"
    assert request.headers["x-a"] == "1, 2"


def test_it_listens_on_this_machine_alone_and_tells_where():
    with LoopbackServer(Peer()) as server:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.url)


def test_the_address_is_known_once_it_listens():
    with pytest.raises(AssertionError, match="enter the server"):
        _ = LoopbackServer(Peer()).url


def test_a_port_can_be_chosen_unless_it_is_taken():
    with LoopbackServer(Peer()) as first:
        port = port_of(first)
        second = LoopbackServer(Peer(), port=port)
        with pytest.raises(OSError, match="in use"):
            second.__enter__()
    with LoopbackServer(Peer(), port=port) as again:
        assert port_of(again) == port


def test_connections_are_kept_for_further_requests():
    peer = Peer()
    request = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
    with LoopbackServer(peer) as server:
        received = talk(server, request + request.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"))

    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert len(peer.asked) == 2


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_every_method_is_passed_on(method):
    peer = Peer()
    with LoopbackServer(peer) as server:
        answer = httpx.request(method, server.url)

    assert peer.asked[0].method == method
    assert answer.content == (b"" if method == "HEAD" else b"hello")
    assert answer.headers["content-length"] == "5"


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_a_body_has_no_length(status):
    with LoopbackServer(Peer(Response(status=status))) as server:
        answer = httpx.get(server.url)

    assert answer.status_code == status
    assert "content-length" not in answer.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"content-length: 5\r\n", 413),
        (b"content-length: 9999999\r\n", 413),
        (b"content-length: five\r\n", 400),
        (b"content-length: -1\r\n", 400),
        (b"transfer-encoding: chunked\r\n", 411),
    ],
)
def test_a_body_that_cannot_be_taken_ends_the_connection(headers, status):
    peer = Peer()
    with LoopbackServer(peer, largest_request=4) as server, connected(server) as line:
        line.sendall(b"POST / HTTP/1.1\r\nhost: x\r\n" + headers + b"\r\n12345")
        line.shutdown(socket.SHUT_WR)
        received = line.recv(65536)
        assert line.recv(65536) == b""

    assert received.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"connection: close" in received
    assert peer.asked == []


def test_a_body_up_to_the_limit_is_taken():
    peer = Peer()
    with LoopbackServer(peer, largest_request=4) as server:
        assert httpx.post(server.url, content=b"1234").status_code == 200


def test_an_error_of_the_responder_is_status_500_and_told_when_the_server_stops():
    with pytest.raises(ZeroDivisionError), LoopbackServer(Peer(ZeroDivisionError("slip"))) as server:
        assert httpx.get(server.url).status_code == 500


def test_an_answer_that_cannot_be_written_is_told_too():
    def ask() -> None:
        server = LoopbackServer(Peer(Response(status=200, headers={"x-price": "5 €"})))
        with server, pytest.raises(httpx.RemoteProtocolError):
            httpx.get(server.url)

    with pytest.raises(UnicodeEncodeError):
        ask()


def test_an_error_of_the_test_goes_before_one_of_the_responder():
    def fail_while_it_runs() -> None:
        with LoopbackServer(Peer(ZeroDivisionError("slip"))) as server:
            assert httpx.get(server.url).status_code == 500
            raise KeyError

    with pytest.raises(KeyError):
        fail_while_it_runs()


def test_time_comes_from_the_clock_that_is_given():
    clock = SettableClock()
    with LoopbackServer(Sleeper(), clock=clock) as server:
        assert httpx.get(server.url).status_code == 200

    assert clock.slept == [3600]


@pytest.mark.parametrize("kind", ["reset", "refused"])
def test_a_reset_is_a_reset_without_a_byte(kind):
    with LoopbackServer(Peer(Cut(kind))) as server, connected(server) as line:
        line.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            line.recv(1)


def test_a_truncated_answer_begins_and_is_cut():
    """The reset may overtake the beginning, so what is read is not looked at; the answer is never whole."""
    with LoopbackServer(Peer(Cut("truncated"))) as server, connected(server) as line:
        line.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            read_all(line)
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            httpx.get(server.url)


def test_a_timeout_is_silence_until_the_client_goes_away():
    peer = Peer(Cut("timeout"))
    with LoopbackServer(peer) as server:
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(server.url, timeout=0.2)
        peer.answer = Response(status=200)
        assert httpx.get(server.url).status_code == 200


def test_stopping_ends_silence_waits_and_idle_connections():
    """Nothing of a server lives on after it, however its clients behave."""
    sleeper, silent = Sleeper(), Peer(Cut("timeout"))
    lines = []
    for responder in (sleeper, silent, Peer()):
        with LoopbackServer(responder) as server:
            line = connected(server)
            lines.append(line)
            line.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            if responder is sleeper:
                assert sleeper.waiting.wait(5)
    for line in lines:
        line.close()

    assert not [thread for thread in threading.enumerate() if "loopback" in thread.name]


def test_several_clients_are_served_at_once():
    """The second gets its answer while the first still waits for one."""
    sleeper = Sleeper()
    with LoopbackServer(sleeper) as server, connected(server) as line:
        line.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        assert sleeper.waiting.wait(5)
        assert talk(server, b"GET / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")


def test_a_request_that_is_not_http_is_refused_and_the_server_lives():
    with LoopbackServer(Peer()) as server:
        assert talk(server, b"hello\r\n\r\n").startswith((b"HTTP/1.1 400", b"<!DOCTYPE"))
        assert httpx.get(server.url).status_code == 200


def test_tls_is_spoken_with_a_certificate_of_the_authority(authority):
    with LoopbackServer(Peer(), tls=authority.issue_server("127.0.0.1")) as server:
        assert server.url.startswith("https://127.0.0.1:")
        context = ssl.create_default_context(cafile=str(authority.ca))
        assert httpx.get(server.url, verify=context).text == "hello"
        with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
            httpx.get(server.url)


def test_a_line_under_tls_is_cut_too(authority):
    context = ssl.create_default_context(cafile=str(authority.ca))
    server = LoopbackServer(Peer(Cut("reset")), tls=authority.issue_server("127.0.0.1"))
    with server, pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        httpx.get(server.url, verify=context)


def test_tls_below_1_2_is_not_spoken(authority):
    with LoopbackServer(Peer(), tls=authority.issue_server("127.0.0.1")) as server:
        context = ssl.create_default_context(cafile=str(authority.ca))
        with pytest.warns(DeprecationWarning, match="TLSv1"):
            context.minimum_version = ssl.TLSVersion.TLSv1
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises(httpx.ConnectError):
            httpx.get(server.url, verify=context)


def test_client_certificates_can_be_demanded(authority):
    with LoopbackServer(Peer(), tls=authority.issue_server("127.0.0.1"), client_ca=authority.ca) as server:
        context = ssl.create_default_context(cafile=str(authority.ca))
        with pytest.raises((httpx.ReadError, httpx.ConnectError, httpx.RemoteProtocolError)):
            httpx.get(server.url, verify=context)
        identity = authority.issue_client("hamilton")
        context.load_cert_chain(identity.certificate, identity.key)
        assert httpx.get(server.url, verify=context).text == "hello"


def test_client_certificates_without_tls_make_no_sense(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="only asked for in TLS"):
        LoopbackServer(Peer(), client_ca=tmp_path / "ca.pem")


def test_a_client_that_never_shakes_hands_holds_up_nobody(authority):
    with LoopbackServer(Peer(), tls=authority.issue_server("127.0.0.1")) as server, connected(server):
        context = ssl.create_default_context(cafile=str(authority.ca))
        assert httpx.get(server.url, verify=context).text == "hello"
