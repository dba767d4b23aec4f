"""Each exception of a library's becomes the error that it means, at the stage it came at."""

from __future__ import annotations

import errno
import math
import socket
import ssl
import threading

import httpcore
import httpcore2
import httpx
import httpx2
import pytest

from hamilton_sdk.errors import (
    AddressRefused,
    BadResponse,
    CertificateRejected,
    ConnectionFailed,
    ConnectionLost,
    ConnectorError,
    Invalid,
    NameNotResolved,
    Outcome,
    ProxyFailed,
    TimedOut,
    TlsFailed,
)
from hamilton_sdk.transport._body import Undecodable
from hamilton_sdk.transport._exchange import Exchange, Stage, current
from hamilton_sdk.transport._faults import Barred, Unsendable, as_error, explain, performing, proxy_finding
from hamilton_sdk.transport._handshake import Finding
from tests.transport.conftest import get, post

CORES = [httpcore, httpcore2]
ALL = [*CORES, httpx, httpx2]


def name(value: object) -> str | None:
    return getattr(value, "__name__", None)


def at(stage: Stage, *, proxied: bool = False) -> Exchange:
    exchange = Exchange(math.inf, stage=stage)
    exchange.proxied = proxied
    return exchange


def caused(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


def alert(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return error


def unverified() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "expired")
    error.verify_code = 10
    return error


@pytest.mark.parametrize("library", ALL, ids=name)
@pytest.mark.parametrize(
    ("kind", "stage", "expected", "outcome"),
    [
        ("PoolTimeout", Stage.WAITING, ConnectionFailed, Outcome.NOT_SENT),
        ("ConnectTimeout", Stage.CONNECTING, ConnectionFailed, Outcome.NOT_SENT),
        ("ConnectError", Stage.CONNECTING, ConnectionFailed, Outcome.NOT_SENT),
        ("ConnectTimeout", Stage.HANDSHAKE, TlsFailed, Outcome.NOT_SENT),
        ("ConnectError", Stage.HANDSHAKE, TlsFailed, Outcome.NOT_SENT),
        ("ReadError", Stage.PROXY, ConnectionFailed, Outcome.NOT_SENT),
        ("WriteTimeout", Stage.SENDING, TimedOut, Outcome.UNKNOWN),
        ("WriteError", Stage.SENDING, ConnectionLost, Outcome.UNKNOWN),
        ("ReadTimeout", Stage.RECEIVING, TimedOut, Outcome.UNKNOWN),
        ("ReadError", Stage.RECEIVING, ConnectionLost, Outcome.UNKNOWN),
        ("RemoteProtocolError", Stage.RECEIVING, BadResponse, Outcome.UNKNOWN),
        ("LocalProtocolError", Stage.SENDING, Invalid, Outcome.FINAL),
        ("UnsupportedProtocol", Stage.WAITING, Invalid, Outcome.FINAL),
        ("ConnectTimeout", Stage.HIDDEN, ConnectionFailed, Outcome.NOT_SENT),
        ("ConnectError", Stage.HIDDEN, ConnectionFailed, Outcome.NOT_SENT),
        ("ProxyError", Stage.HIDDEN, ProxyFailed, Outcome.NOT_SENT),
        ("ReadTimeout", Stage.HIDDEN, TimedOut, Outcome.UNKNOWN),
        ("ReadError", Stage.HIDDEN, ConnectionLost, Outcome.UNKNOWN),
    ],
)
def test_an_exception_means_the_same_in_every_library(
    library: object, kind: str, stage: Stage, expected: type[ConnectorError], outcome: Outcome
) -> None:
    error = getattr(library, kind)("secret")
    finding = explain(error, at(stage), "peer.example")
    assert finding.kind is expected
    assert (finding.outcome or finding.kind.default_outcome) is outcome
    assert "secret" not in f"{finding.what}{finding.hint}"
    assert finding.hint


@pytest.mark.parametrize("library", [httpx, httpx2], ids=name)
def test_a_status_that_a_client_raises_for_is_a_bad_response(library: object) -> None:
    error = getattr(library, "HTTPStatusError")("500", request=None, response=None)  # noqa: B009 (two modules)
    assert explain(error, at(Stage.HIDDEN), "peer.example").kind is BadResponse


@pytest.mark.parametrize("kind", ["InvalidURL"])
@pytest.mark.parametrize("library", [httpx, httpx2], ids=name)
def test_an_address_that_cannot_be_parsed_is_invalid(library: object, kind: str) -> None:
    assert explain(getattr(library, kind)("?"), at(Stage.WAITING), "?").kind is Invalid


@pytest.mark.parametrize("error", [Unsendable(), UnicodeEncodeError("ascii", "é", 0, 1, "secret")])
def test_what_cannot_be_written_down_is_invalid(error: Exception) -> None:
    assert explain(error, at(Stage.WAITING), "?").kind is Invalid


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_what_is_barred_is_told_for_the_reason_that_barred_it(scheme: str) -> None:
    finding = Finding(AddressRefused, "the host has an address that is private", "allow its network")
    with (
        pytest.raises(AddressRefused) as caught,
        performing(get(f"{scheme}://peer.example/"), at(Stage.CONNECTING), ()),
    ):
        raise Barred(finding)
    assert str(caught.value) == f"read at {scheme}://peer.example/: {finding.what}"
    assert (caught.value.hint, caught.value.outcome) == (finding.hint, Outcome.FINAL)


def test_no_time_before_anything_began_is_not_sent() -> None:
    finding = explain(TimeoutError(), at(Stage.WAITING), "peer.example")
    assert (finding.kind, finding.outcome) == (TimedOut, Outcome.NOT_SENT)


@pytest.mark.parametrize(
    ("cause", "what"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "refused, nothing listens there"),
        (OSError(errno.EHOSTUNREACH, "x"), "no route to host"),
        (OSError("all attempts failed"), "cut"),
        (
            caused(
                OSError("all attempts failed"),
                ExceptionGroup(
                    "several", [OSError(errno.ENETUNREACH, "x"), OSError(errno.ECONNREFUSED, "x")]
                ),
            ),
            "refused, nothing listens there",
        ),
    ],
    ids=["refused", "no route", "unknown", "several addresses"],
)
def test_why_there_is_no_connection_is_told(cause: OSError, what: str) -> None:
    for error in (
        httpcore.ConnectError(cause),
        caused(httpx.ConnectError("x"), httpcore.ConnectError(cause)),
    ):
        finding = explain(error, at(Stage.CONNECTING), "peer.example:8443")
        assert finding.kind is ConnectionFailed
        assert finding.what == f"no connection to peer.example:8443: {what}"


def test_no_connection_in_time_is_told() -> None:
    finding = explain(httpcore.ConnectTimeout(), at(Stage.CONNECTING), "peer.example")
    assert finding.what == "no connection to peer.example: no answer in time"


@pytest.mark.parametrize("cause", [socket.gaierror(-2, "x"), UnicodeError("label too long")])
def test_an_unknown_name_is_told(cause: Exception) -> None:
    for error in (cause, httpcore.ConnectError(cause)):
        finding = explain(error, at(Stage.CONNECTING), "peer.example:8443")
        assert finding.kind is NameNotResolved
        assert "nslookup peer.example" in finding.hint


@pytest.mark.parametrize("stage", [Stage.HANDSHAKE, Stage.RECEIVING, Stage.HIDDEN])
def test_a_refused_certificate_is_told_whenever_it_comes(stage: Stage) -> None:
    for cause in (unverified(), alert("TLSV13_ALERT_CERTIFICATE_REQUIRED")):
        for error in (cause, httpcore.ConnectError(cause), caused(httpcore.ReadError(), cause)):
            if stage is Stage.HIDDEN and isinstance(error, httpcore.ReadError):
                continue
            assert explain(error, at(stage), "peer.example").kind is CertificateRejected


def test_other_trouble_with_tls_after_the_handshake_is_a_lost_line() -> None:
    finding = explain(alert("DECRYPTION_FAILED_OR_BAD_RECORD_MAC"), at(Stage.RECEIVING), "peer.example")
    assert finding.kind is ConnectionLost


def test_what_tls_says_of_a_cut_or_of_waiting_is_not_taken_for_a_reason() -> None:
    for cause in (ssl.SSLEOFError(8, "EOF"), ssl.SSLWantReadError(2, "want")):
        finding = explain(httpcore.ConnectError(cause), at(Stage.HANDSHAKE), "peer.example")
        assert finding.what == "peer.example cut the connection in the TLS handshake"


def test_a_connection_that_took_nothing_means_not_sent_unless_the_peer_answered() -> None:
    exchange = at(Stage.RECEIVING)
    exchange.refused = True
    finding = explain(httpcore.ReadError(), exchange, "peer.example")
    assert finding.kind is ConnectionFailed
    assert "before anything was sent" in finding.what
    exchange.seen = b"HTTP/1.1 200"
    assert explain(httpcore.ReadError(), exchange, "peer.example").kind is ConnectionLost


@pytest.mark.parametrize(
    ("text", "seen", "kind", "what"),
    [
        ("Server disconnected without sending a response.", b"", ConnectionLost, "cut"),
        ("peer closed connection without sending complete message body", b"HTTP/1.1", ConnectionLost, "cut"),
        ("Server disconnected without sending a response.", b"\x15\x03", BadResponse, "does not speak HTTP"),
        ("illegal status line", b"SSH-2.0", BadResponse, "does not speak HTTP"),
        ("illegal header line", b"HTTP/1.1", BadResponse, "breaks the rules of HTTP"),
        ("illegal header line", b"", BadResponse, "breaks the rules of HTTP"),
    ],
)
def test_a_cut_is_told_from_what_is_no_http(
    text: str, seen: bytes, kind: type[ConnectorError], what: str
) -> None:
    exchange = at(Stage.RECEIVING)
    exchange.seen = seen
    finding = explain(httpcore.RemoteProtocolError(text), exchange, "peer.example")
    assert finding.kind is kind
    assert what in finding.what


@pytest.mark.parametrize("stage", [Stage.CONNECTING, Stage.PROXY_HANDSHAKE, Stage.PROXY])
@pytest.mark.parametrize(
    ("error", "kind", "what"),
    [
        (httpcore.ConnectError(ConnectionRefusedError(errno.ECONNREFUSED, "x")), ProxyFailed, "refused"),
        (httpcore.ReadTimeout(), ProxyFailed, "no answer in time"),
        (httpcore.RemoteProtocolError("x"), ProxyFailed, "no connection through the proxy: cut"),
        (socket.gaierror(-2, "x"), ProxyFailed, "name of the proxy is not known"),
        (
            httpcore.ConnectError(unverified()),
            CertificateRejected,
            "the certificate of the proxy has expired",
        ),
    ],
    ids=["refused", "late", "garbage", "unknown", "certificate"],
)
def test_on_the_way_to_the_proxy_it_is_the_proxy_that_failed(
    stage: Stage, error: Exception, kind: type[ConnectorError], what: str
) -> None:
    finding = explain(error, at(stage, proxied=True), "peer.example")
    assert finding.kind is kind
    assert what in finding.what


def test_behind_the_proxy_it_is_the_peer_that_failed() -> None:
    finding = explain(httpcore.ConnectError(unverified()), at(Stage.HANDSHAKE, proxied=True), "peer.example")
    assert finding.what == "the certificate of peer.example has expired"


@pytest.mark.parametrize(
    ("status", "outcome", "what"),
    [
        (407, Outcome.FINAL, "user and a password"),
        (403, Outcome.FINAL, "refuses to connect (HTTP status 403)"),
        (499, Outcome.FINAL, "refuses to connect"),
        (500, None, "could not connect (HTTP status 500)"),
        (None, None, "the proxy could not connect"),
    ],
)
def test_a_proxys_refusal_is_final_unless_the_proxy_itself_failed(
    status: int | None, outcome: Outcome | None, what: str
) -> None:
    finding = proxy_finding(status)
    assert (finding.kind, finding.outcome) == (ProxyFailed, outcome)
    assert what in finding.what


@pytest.mark.parametrize(
    ("text", "what"), [("407 Who", "user and a password"), ("No way", "could not connect")]
)
def test_the_proxys_status_is_read_from_what_the_library_says(text: str, what: str) -> None:
    assert what in explain(httpcore.ProxyError(text), at(Stage.PROXY, proxied=True), "peer.example").what


def test_an_error_is_filled_with_what_the_request_tells() -> None:
    exchange = at(Stage.RECEIVING)
    exchange.status, exchange.seen = 200, b"HTTP/1.1 200 OK"
    finding = Finding(BadResponse, "is odd", "look", Outcome.DONE)
    error = as_error(finding, post("https://user:hunter2@peer.example:8443/x?token=secret"), exchange)
    assert str(error) == "write at https://peer.example:8443/x: is odd"
    assert (error.operation, error.method, error.url) == ("write", "POST", "https://peer.example:8443/x")
    assert (error.status, error.raw, error.outcome) == (200, b"HTTP/1.1 200 OK", Outcome.DONE)
    assert error.hint == "look"


def test_nothing_seen_is_nothing_kept() -> None:
    assert as_error(Finding(BadResponse, "is odd", "look"), get("/"), at(Stage.SENDING)).raw is None


def test_while_an_exchange_is_performed_its_failures_become_errors() -> None:
    exchange = at(Stage.RECEIVING)
    cause = httpcore.ReadError("x")
    seen: list[Exchange] = []

    def fail() -> None:
        seen.append(current.get())
        raise cause

    with (
        pytest.raises(ConnectionLost, match=r"read at https://peer\.example/: the connection") as caught,
        performing(get("https://peer.example/"), exchange, (httpcore.NetworkError,)),
    ):
        fail()
    assert caught.value.__cause__ is cause
    assert seen == [exchange]
    assert current.get(None) is None


@pytest.mark.parametrize(
    ("url", "seen", "kind", "asks"),
    [
        ("http://peer.example/", b"", ConnectionLost, True),
        ("HTTP://peer.example/", b"\x15\x03\x03\x00\x02\x02\x0a", BadResponse, True),
        ("http://peer.example/", b"HTTP/1.1 200", ConnectionLost, False),
        ("https://peer.example/", b"", ConnectionLost, False),
        ("https://peer.example/", b"\x15\x03\x03\x00\x02\x02\x0a", ConnectionLost, False),
    ],
)
def test_a_plain_address_whose_port_may_speak_tls_is_asked_about(
    url: str, seen: bytes, kind: type[ConnectorError], asks: bool
) -> None:
    exchange = at(Stage.RECEIVING)
    exchange.seen = seen
    with pytest.raises(kind) as caught, performing(get(url), exchange, ()):
        raise ConnectionResetError
    assert ("does this port speak https?" in (caught.value.hint or "")) is asks


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionResetError(), ssl.SSLError(1, "x")])
def test_what_the_network_raises_itself_is_taken_too(error: Exception) -> None:
    with pytest.raises(TimedOut), performing(get("https://peer.example/"), at(Stage.RECEIVING), ()):
        raise error


def test_an_unreadable_body_is_a_bad_response() -> None:
    with (
        pytest.raises(BadResponse, match=r"read at https://peer\.example/: too large") as caught,
        performing(get("https://peer.example/"), at(Stage.RECEIVING), ()),
    ):
        raise Undecodable("too large", "allow more")
    assert caught.value.hint == "allow more"


def test_a_request_that_cannot_be_sent_does_not_show_why() -> None:
    with (
        pytest.raises(Invalid) as caught,
        performing(get("https://peer.example/"), at(Stage.SENDING), (httpcore.ProtocolError,)),
    ):
        raise httpcore.LocalProtocolError("Illegal header value b'Basic c2VjcmV0'")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("url", ["https:///path", "not an address", "http://[::1", ""])
def test_an_address_without_a_host_is_still_told(url: str) -> None:
    with pytest.raises(ConnectorError), performing(get(url), at(Stage.CONNECTING), (httpcore.ConnectError,)):
        raise httpcore.ConnectError


def test_anything_else_passes_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError), performing(get("https://peer.example/"), at(Stage.SENDING), ()):
        raise ZeroDivisionError


def test_an_exchange_is_current_while_it_is_performed_and_only_there() -> None:
    exchange = at(Stage.SENDING)
    elsewhere: list[object] = []
    with performing(get("https://peer.example/"), exchange, ()):
        assert current.get() is exchange
        thread = threading.Thread(target=lambda: elsewhere.append(current.get(None)))
        thread.start()
        thread.join()
    assert current.get(None) is None
    assert elsewhere == [None]


def test_an_exchange_that_fails_is_current_no_longer() -> None:
    with pytest.raises(TimedOut), performing(get("https://peer.example/"), at(Stage.RECEIVING), ()):
        raise TimeoutError
    assert current.get(None) is None
