"""Deliveries over real sockets and real TLS: what they reach, what they never do, what an answer may do."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable

import pytest

from hamilton_sdk.errors import (
    AddressRefused,
    BadResponse,
    CertificateRejected,
    ConnectionFailed,
    ConnectionLost,
    Outcome,
    ProxyFailed,
    TimedOut,
    TlsFailed,
)
from hamilton_sdk.testing.authority import Identity
from hamilton_sdk.transport import Timeouts
from tests.transport.conftest import post
from tests.transport.delivering import HERE, NAME, DeliveryWay, resolving
from tests.transport.servers import (
    hard_close,
    listening,
    ok,
    proxy,
    read_request,
    replying,
    server_context,
    silence,
    unused_port,
)

Answering = Callable[[socket.socket], None]


def speaking_first(connection: socket.socket) -> None:
    connection.sendall(ok())
    connection.recv(1)


class TestTls:
    def test_an_unknown_authority_is_refused(self, delivery: DeliveryWay, receiving) -> None:
        with (
            receiving(replying(ok())) as port,
            pytest.raises(CertificateRejected, match="authority") as caught,
        ):
            delivery.send(post(f"https://{NAME}:{port}/"))
        assert caught.value.outcome is Outcome.FINAL

    def test_a_certificate_for_another_name_is_refused(
        self, delivery: DeliveryWay, receiving, ca: str
    ) -> None:
        with receiving(replying(ok())) as port, pytest.raises(CertificateRejected, match="another name"):
            delivery.send(post(f"https://other.example:{port}/"), ca=ca)

    def test_plain_http_is_no_answer(self, delivery: DeliveryWay, ca: str) -> None:
        with listening(speaking_first) as port, pytest.raises(TlsFailed) as caught:
            delivery.send(post(f"https://{NAME}:{port}/"), ca=ca)
        self.says_that_https_is_the_only_way(caught.value)

    def test_a_client_certificate_is_shown(
        self, delivery: DeliveryWay, receiver: Identity, client: Identity, ca: str
    ) -> None:
        with listening(replying(ok()), server_context(receiver, ca)) as port:
            pair = (client.certificate, client.key)
            assert delivery.send(post(f"https://{NAME}:{port}/"), ca=ca, client_certificate=pair).ok

    def test_a_handshake_that_does_not_end_does_not_outlast_the_limit(
        self, delivery: DeliveryWay, ca: str
    ) -> None:
        stop = threading.Event()
        with listening(silence(stop), stop=stop) as port, pytest.raises(TlsFailed) as caught:
            delivery.send(post(f"https://{NAME}:{port}/"), ca=ca, timeouts=Timeouts(connect=0.2))
        assert caught.value.outcome is Outcome.NOT_SENT
        self.says_that_https_is_the_only_way(caught.value)

    def says_that_https_is_the_only_way(self, error: TlsFailed) -> None:
        hint = error.hint or ""
        assert hint.startswith("does this port speak plain http? deliveries go by https alone")
        assert "http://" not in hint

    def test_nobody_listens(self, delivery: DeliveryWay, ca: str) -> None:
        with pytest.raises(ConnectionFailed, match="refused"):
            delivery.send(post(f"https://{NAME}:{unused_port()}/"), ca=ca)


class TestTheAnswer:
    @pytest.mark.parametrize(
        "reply",
        [
            b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1_000_000,
            b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000,
        ],
        ids=["announced", "streamed"],
    )
    def test_of_a_large_body_the_beginning_is_kept(
        self, delivery: DeliveryWay, receiving, ca: str, reply: bytes
    ) -> None:
        with receiving(replying(reply)) as port:
            request = post(f"https://{NAME}:{port}/")
            answer = delivery.send(request, ca=ca)
            less = delivery.send(request, ca=ca, largest_response=10)
            asked = delivery.send(post(request.url, largest_response=5), ca=ca)
        assert (answer.status, answer.body) == (200, b"x" * 16 * 1024)
        assert less.body == b"x" * 10
        assert asked.body == b"x" * 5

    def test_an_endless_body_is_cut_off(self, delivery: DeliveryWay, receiving, ca: str) -> None:
        cut = threading.Event()

        def answer(connection: socket.socket) -> None:
            read_request(connection)
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            try:
                while True:
                    connection.sendall(b"x" * 65536)
            finally:
                cut.set()

        with receiving(answer) as port:
            assert len(delivery.send(post(f"https://{NAME}:{port}/"), ca=ca).body) == 16 * 1024
            assert cut.wait(10)

    def test_a_packed_body_is_never_unpacked(self, delivery: DeliveryWay, receiving, ca: str) -> None:
        packed = gzip.compress(b"\0" * 50_000_000, compresslevel=9)
        with receiving(replying(ok(packed, b"Content-Encoding: gzip"))) as port:
            answer = delivery.send(post(f"https://{NAME}:{port}/"), ca=ca)
        assert answer.body == packed[: 16 * 1024]
        assert answer.headers["content-encoding"] == "gzip"

    @pytest.mark.parametrize("encoding", [b"br", b"gzip", b"nonsense"])
    def test_what_an_encoding_claims_is_none_of_ours(
        self, delivery: DeliveryWay, receiving, ca: str, encoding: bytes
    ) -> None:
        with receiving(replying(ok(b"plain", b"Content-Encoding: " + encoding))) as port:
            assert delivery.send(post(f"https://{NAME}:{port}/"), ca=ca).body == b"plain"

    @pytest.mark.parametrize(
        ("beginning", "piece", "status"),
        [
            (b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n", None),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x", 200),
            (b"", b"HTTP/1.1 102 Processing\r\n\r\n", None),
        ],
        ids=["headers", "body", "interim answers"],
    )
    def test_a_dripping_answer_does_not_outlast_the_deadline(
        self, delivery: DeliveryWay, receiving, ca: str, beginning: bytes, piece: bytes, status: int | None
    ) -> None:
        stop = threading.Event()

        def answer(connection: socket.socket) -> None:
            read_request(connection)
            connection.sendall(beginning)
            while not stop.wait(0.02):
                connection.sendall(piece)

        with receiving(answer, stop) as port, pytest.raises(TimedOut) as caught:
            delivery.send(post(f"https://{NAME}:{port}/"), 0.8, ca=ca)
        assert type(caught.value) is TimedOut
        assert (caught.value.outcome, caught.value.status) == (Outcome.UNKNOWN, status)

    @pytest.mark.parametrize("limits", [Timeouts(read=0.2), Timeouts(total=0.8)], ids=["read", "total"])
    def test_silence_ends_with_the_settings_own_limits(
        self, delivery: DeliveryWay, receiving, ca: str, limits: Timeouts
    ) -> None:
        stop = threading.Event()
        with receiving(silence(stop), stop) as port, pytest.raises(TimedOut):
            delivery.send(post(f"https://{NAME}:{port}/"), ca=ca, timeouts=limits)

    @pytest.mark.parametrize("seconds", [0.0, -1.0])
    def test_without_time_nothing_is_sent(self, delivery: DeliveryWay, watched, seconds: float) -> None:
        port, connections = watched
        with pytest.raises(TimedOut) as caught:
            delivery.send(post(f"https://{NAME}:{port}/"), seconds)
        assert caught.value.outcome is Outcome.NOT_SENT
        assert connections == []

    @pytest.mark.parametrize("hard", [False, True], ids=["end", "reset"])
    @pytest.mark.parametrize("reply", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"])
    def test_a_cut_answer_leaves_the_outcome_unknown(
        self, delivery: DeliveryWay, receiving, ca: str, reply: bytes, hard: bool
    ) -> None:
        def answer(connection: socket.socket) -> None:
            read_request(connection)
            connection.sendall(reply)
            if hard:
                hard_close(connection)

        with receiving(answer) as port, pytest.raises(ConnectionLost) as caught:
            delivery.send(post(f"https://{NAME}:{port}/"), ca=ca)
        assert caught.value.outcome is Outcome.UNKNOWN

    def test_what_is_no_http_is_a_bad_response(self, delivery: DeliveryWay, receiving, ca: str) -> None:
        with receiving(replying(b"SSH-2.0-OpenSSH_9.9\r\n")) as port, pytest.raises(BadResponse) as caught:
            delivery.send(post(f"https://{NAME}:{port}/"), ca=ca)
        assert caught.value.raw == b"SSH-2.0-OpenSSH_9.9\r\n"

    def test_an_answer_before_the_request_was_read_is_an_answer(
        self, delivery: DeliveryWay, receiving, ca: str
    ) -> None:
        def answer(connection: socket.socket) -> None:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
            # The rest is read, so that no reset overtakes the answer.
            while connection.recv(65536):
                pass

        with receiving(answer) as port:
            assert delivery.send(post(f"https://{NAME}:{port}/", b"x" * 500_000), ca=ca).status == 413


class TestProxy:
    """An explicit proxy dials in our place: names are its to judge, written addresses ours."""

    def test_it_is_asked_for_a_tunnel(self, delivery: DeliveryWay, receiving, ca: str) -> None:
        seen: list[bytes] = []
        resolve, asked = resolving(["10.0.0.1"])
        with receiving(replying(ok(), ok())) as peer, listening(proxy(seen=seen)) as port:
            request = (post(f"https://127.0.0.1:{peer}/"), HERE)
            address = f"http://user:p%40ss@127.0.0.1:{port}"
            answers = delivery.send_all([request] * 2, resolve=resolve, ca=ca, proxy=address)
        assert [answer.body for answer in answers] == [b"fine"] * 2
        assert len(seen) == 1
        assert seen[0].startswith(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n" % peer)
        assert b"Proxy-Authorization: Basic dXNlcjpwQHNz\r\n" in seen[0]
        assert asked == []

    def test_it_may_itself_be_reached_over_tls(
        self, delivery: DeliveryWay, receiving, server: Identity, ca: str
    ) -> None:
        with receiving(replying(ok())) as peer, listening(proxy(), server_context(server)) as port:
            url = f"https://127.0.0.1:{peer}/"
            assert delivery.send(post(url), ca=ca, proxy=f"https://127.0.0.1:{port}").body == b"fine"

    @pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "169.254.169.254"])
    def test_it_is_not_asked_for_an_inner_address(self, delivery: DeliveryWay, watched, host: str) -> None:
        port, connections = watched
        with pytest.raises(AddressRefused):
            delivery.send(post(f"https://{host}/"), networks=(), proxy=f"http://127.0.0.1:{port}")
        assert connections == []

    @pytest.mark.parametrize(
        ("reply", "what", "outcome"),
        [
            (b"HTTP/1.1 407 Sign In\r\nContent-Length: 0\r\n\r\n", "does not let us in", Outcome.FINAL),
            (b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "refuses to connect", Outcome.FINAL),
            (b"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n", "could not connect", Outcome.NOT_SENT),
            (b"", "no connection through the proxy", Outcome.NOT_SENT),
        ],
    )
    def test_its_refusal_is_told(
        self, delivery: DeliveryWay, reply: bytes, what: str, outcome: Outcome
    ) -> None:
        with listening(proxy(reply)) as port, pytest.raises(ProxyFailed, match=what) as caught:
            delivery.send(post(f"https://{NAME}/"), proxy=f"http://127.0.0.1:{port}")
        assert caught.value.outcome is outcome

    def test_an_ipv6_address_is_asked_for_in_brackets(self, delivery: DeliveryWay) -> None:
        seen: list[bytes] = []
        refusal = b"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n"
        with listening(proxy(refusal, seen)) as port, pytest.raises(ProxyFailed):
            delivery.send(post("https://[2606:4700::1111]/"), proxy=f"http://127.0.0.1:{port}")
        assert seen[0].startswith(
            b"CONNECT [2606:4700::1111]:443 HTTP/1.1\r\nHost: [2606:4700::1111]:443\r\n"
        )
