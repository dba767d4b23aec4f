"""TLS against real servers: which certificate was refused, why, and what the person on site can do."""

from __future__ import annotations

import ssl
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from hamilton_sdk.errors import BadResponse, CertificateRejected, ConnectionLost, Outcome, TlsFailed
from hamilton_sdk.testing.authority import Authority
from hamilton_sdk.transport import Timeouts
from hamilton_sdk.transport._handshake import certificate_finding, handshake_finding
from tests.transport.conftest import get, post
from tests.transport.servers import far, listening, ok, read_request, replying, server_context, silence

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from hamilton_sdk.testing.authority import Identity
    from tests.transport.conftest import Way


def test_a_private_authority_is_trusted_when_given(way: Way, authority: Authority, server: Identity) -> None:
    with listening(replying(ok()), server_context(server)) as port:
        assert way.send(get(f"https://localhost:{port}/"), ca=authority.ca).body == b"fine"


def test_a_folder_of_authorities_will_do(
    way: Way, authority: Authority, server: Identity, tmp_path: Path
) -> None:
    (tmp_path / "site.CRT").write_bytes(b"Autorit\xe9\n" + authority.ca.read_bytes())
    (tmp_path / "readme.txt").write_text("no certificate")
    with listening(replying(ok()), server_context(server)) as port:
        assert way.send(get(f"https://localhost:{port}/"), ca=tmp_path).ok


def test_the_servers_own_certificate_will_do(way: Way, server: Identity) -> None:
    with listening(replying(ok()), server_context(server)) as port:
        assert way.send(get(f"https://localhost:{port}/"), ca=server.certificate).ok


def test_an_unknown_authority_is_refused_with_how_to_trust_it(way: Way, server: Identity) -> None:
    requests: list[bytes] = []
    with (
        listening(replying(ok(), requests=requests), server_context(server)) as port,
        pytest.raises(CertificateRejected, match="not issued by an authority trusted here") as caught,
    ):
        way.send(post(f"https://localhost:{port}/"))
    assert caught.value.outcome is Outcome.FINAL
    assert "Http(ca=" in (caught.value.hint or "")
    assert requests == []


def test_another_authority_of_the_same_name_is_refused(way: Way, server: Identity, tmp_path: Path) -> None:
    with (
        listening(replying(ok()), server_context(server)) as port,
        pytest.raises(CertificateRejected, match="certificate of localhost"),
    ):
        way.send(get(f"https://localhost:{port}/"), ca=Authority(tmp_path).ca)


@pytest.mark.parametrize(
    ("start", "end", "what", "hint"),
    [
        (-timedelta(days=2), -timedelta(days=1), "has expired", "renewed"),
        (timedelta(days=1), timedelta(days=2), "is not valid yet", "clock"),
    ],
    ids=["expired", "not yet"],
)
def test_a_certificate_outside_its_time_is_refused(
    way: Way, authority: Authority, start: timedelta, end: timedelta, what: str, hint: str
) -> None:
    now = datetime.now(UTC)
    identity = authority.issue_server(valid_from=now + start, valid_until=now + end)
    with (
        listening(replying(ok()), server_context(identity)) as port,
        pytest.raises(CertificateRejected, match=what) as caught,
    ):
        way.send(get(f"https://localhost:{port}/"), ca=authority.ca)
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_certificate_for_another_name_is_refused(way: Way, authority: Authority, host: str) -> None:
    identity = authority.issue_server("aeos.example", "10.0.0.1")
    with (
        listening(replying(ok()), server_context(identity)) as port,
        pytest.raises(CertificateRejected, match="is for another name") as caught,
    ):
        way.send(get(f"https://{host}:{port}/"), ca=authority.ca)
    assert f"{host}:{port}" in str(caught.value)


# The old versions are set on purpose, and Python warns of them.
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
def test_a_server_that_offers_tls_1_1_at_most_is_refused(
    way: Way, authority: Authority, server: Identity
) -> None:
    context = server_context(server)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        listening(replying(ok()), context) as port,
        pytest.raises(TlsFailed, match=r"offers no TLS 1\.2 or later") as caught,
    ):
        way.send(get(f"https://localhost:{port}/"), ca=authority.ca)
    assert not isinstance(caught.value, CertificateRejected)
    assert caught.value.outcome is Outcome.NOT_SENT


def test_tls_1_2_is_enough(way: Way, authority: Authority, server: Identity) -> None:
    context = server_context(server)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with listening(replying(ok()), context) as port:
        assert way.send(get(f"https://localhost:{port}/"), ca=authority.ca).ok


def test_a_known_client_certificate_lets_us_in(
    way: Way, authority: Authority, server: Identity, client: Identity
) -> None:
    context = server_context(server, str(authority.ca))
    with listening(replying(ok()), context) as port:
        pair = (client.certificate, client.key)
        assert way.send(get(f"https://localhost:{port}/"), ca=authority.ca, client_certificate=pair).ok


def test_a_missing_client_certificate_is_told(way: Way, authority: Authority, server: Identity) -> None:
    """With TLS 1.3 the refusal comes after our request was sent, and still nothing happened."""
    context = server_context(server, str(authority.ca))
    with (
        listening(replying(ok()), context) as peer,
        listening(far(peer)) as port,
        pytest.raises(CertificateRejected, match="wants a client certificate, and none") as caught,
    ):
        way.send(post(f"https://localhost:{port}/"), ca=authority.ca)
    assert caught.value.outcome is Outcome.FINAL
    assert "client_certificate=" in (caught.value.hint or "")


def test_a_missing_client_certificate_under_tls_1_2_may_also_be_the_ciphers(
    way: Way, authority: Authority, server: Identity
) -> None:
    context = server_context(server, str(authority.ca))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        listening(replying(ok()), context) as port,
        pytest.raises(TlsFailed, match="broke off the TLS handshake") as caught,
    ):
        way.send(post(f"https://localhost:{port}/"), ca=authority.ca)
    assert "client certificate" in (caught.value.hint or "")


def test_a_client_certificate_of_a_strange_authority_is_told(
    way: Way, authority: Authority, server: Identity, tmp_path: Path
) -> None:
    stranger = Authority(tmp_path).issue_client("stranger")
    context = server_context(server, str(authority.ca))
    pair = (stranger.certificate, stranger.key)
    with (
        listening(replying(ok()), context) as peer,
        listening(far(peer)) as port,
        pytest.raises(CertificateRejected, match="client certificate"),
    ):
        way.send(post(f"https://localhost:{port}/"), ca=authority.ca, client_certificate=pair)


def test_plain_http_on_a_tls_address_is_told(way: Way, authority: Authority) -> None:
    def answer(connection: socket.socket) -> None:
        connection.recv(1024)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with (
        listening(answer) as port,
        pytest.raises(TlsFailed, match="does not speak TLS on this port") as caught,
    ):
        way.send(post(f"https://localhost:{port}/"), ca=authority.ca)
    assert caught.value.outcome is Outcome.NOT_SENT
    assert "does this port speak plain http?" in (caught.value.hint or "")
    assert "begin the address with http://" in (caught.value.hint or "")


def test_a_plain_server_that_waits_for_the_end_of_a_line_is_told_too(way: Way, authority: Authority) -> None:
    """To it, the handshake is the beginning of a request that goes on for ever."""
    with (
        listening(replying(ok())) as port,
        pytest.raises(TlsFailed, match="did not end the TLS handshake in time") as caught,
    ):
        way.send(post(f"https://localhost:{port}/"), ca=authority.ca, timeouts=Timeouts(connect=0.2))
    assert "does this port speak plain http?" in (caught.value.hint or "")


def test_plain_http_to_a_port_that_speaks_tls_is_told(way: Way, server: Identity) -> None:
    """OpenSSL hangs up without a word."""
    requests: list[bytes] = []
    with (
        listening(replying(ok(), requests=requests), server_context(server)) as port,
        pytest.raises(ConnectionLost) as caught,
    ):
        way.send(post(f"http://localhost:{port}/"))
    assert (caught.value.hint or "").startswith("does this port speak https? begin the address with https://")
    assert requests == []


@pytest.mark.parametrize("version", [b"\x03\x03", b"\x03\x01"], ids=["TLS 1.2", "oldest"])
def test_a_tls_server_that_answers_plain_http_with_an_alert_is_told(way: Way, version: bytes) -> None:
    """Others send one: here a fatal "unexpected message" (RFC 8446, 6)."""
    with (
        listening(replying(b"\x15" + version + b"\x00\x02\x02\x0a")) as port,
        pytest.raises(BadResponse, match="does not speak HTTP but TLS") as caught,
    ):
        way.send(post(f"http://localhost:{port}/"))
    assert caught.value.outcome is Outcome.FINAL
    assert caught.value.hint == "does this port speak https? begin the address with https://"


def test_a_handshake_that_is_cut_is_told(way: Way, authority: Authority) -> None:
    with (
        listening(lambda connection: connection.recv(10) and None) as port,
        pytest.raises(TlsFailed, match="TLS handshake") as caught,
    ):
        way.send(post(f"https://localhost:{port}/"), ca=authority.ca)
    assert caught.value.outcome is Outcome.NOT_SENT
    assert "begin the address with http://" in (caught.value.hint or "")


def test_a_handshake_that_never_ends_is_told(way: Way, authority: Authority) -> None:
    stop = threading.Event()
    with (
        listening(silence(stop), stop=stop) as port,
        pytest.raises(TlsFailed, match="did not end the TLS handshake in time") as caught,
    ):
        way.send(post(f"https://localhost:{port}/"), ca=authority.ca, timeouts=Timeouts(connect=0.1))
    assert caught.value.outcome is Outcome.NOT_SENT


def test_a_line_that_breaks_after_the_handshake_is_lost_and_no_question_of_certificates(
    way: Way, authority: Authority, server: Identity
) -> None:
    def answer(connection: socket.socket) -> None:
        assert isinstance(connection, ssl.SSLSocket)
        read_request(connection)
        plain = connection.detach()
        import socket as sockets

        with sockets.socket(fileno=plain) as bare:
            bare.sendall(b"this is no TLS record, and long enough to be read as one")

    with listening(answer, server_context(server)) as port, pytest.raises(ConnectionLost) as caught:
        way.send(post(f"https://localhost:{port}/"), ca=authority.ca)
    assert caught.value.outcome is Outcome.UNKNOWN


def ssl_error(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return error


def verification_error(code: int, text: str = "") -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, text)
    error.verify_code, error.verify_message = code, text
    return error


@pytest.mark.parametrize(
    ("code", "what"),
    [
        (9, "is not valid yet"),
        (10, "has expired"),
        (18, "not issued by an authority"),
        (19, "not issued by an authority"),
        (20, "not issued by an authority"),
        (21, "not issued by an authority"),
        (23, "was revoked"),
        (62, "for another name"),
        (64, "for another name"),
        (66, "too short a key"),
        (67, "too short a key"),
        (68, "too weak a signature"),
        (24, "is not accepted: invalid CA"),
    ],
)
def test_each_reason_of_verification_has_its_words(code: int, what: str) -> None:
    finding = handshake_finding(verification_error(code, "invalid CA"), "peer.example")
    assert finding.kind is CertificateRejected
    assert finding.what.startswith("the certificate of peer.example ")
    assert what in finding.what
    assert finding.hint


@pytest.mark.parametrize(
    ("reason", "what"),
    [
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "wants a client certificate"),
        ("TLSV1_ALERT_UNKNOWN_CA", "does not know the authority of our client certificate"),
        ("SSLV3_ALERT_CERTIFICATE_EXPIRED", "our client certificate has expired"),
        ("SSLV3_ALERT_CERTIFICATE_REVOKED", "our client certificate was revoked"),
        ("SSLV3_ALERT_BAD_CERTIFICATE", "refuses our client certificate"),
        ("SSLV3_ALERT_CERTIFICATE_UNKNOWN", "refuses our client certificate"),
        ("SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", "refuses our client certificate"),
        ("TLSV1_ALERT_ACCESS_DENIED", "refuses our client certificate"),
    ],
)
def test_each_refusal_of_our_certificate_has_its_words(reason: str, what: str) -> None:
    finding = certificate_finding(ssl_error(reason), "peer.example")
    assert finding is not None
    assert finding.kind is CertificateRejected
    assert finding.what.startswith("peer.example ")
    assert what in finding.what


@pytest.mark.parametrize(
    ("reason", "what"),
    [
        ("WRONG_VERSION_NUMBER", "does not speak TLS on this port"),
        ("TLSV1_ALERT_PROTOCOL_VERSION", "offers no TLS 1.2"),
        ("UNSUPPORTED_PROTOCOL", "offers no TLS 1.2"),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", "broke off"),
        ("TLSV1_UNRECOGNIZED_NAME", "knows no host of this name"),
        ("DH_KEY_TOO_SMALL", "broke off the TLS handshake (DH_KEY_TOO_SMALL)"),
        ("", "broke off the TLS handshake (cut)"),
    ],
)
def test_other_ends_of_a_handshake_have_theirs(reason: str, what: str) -> None:
    error = ssl_error(reason)
    assert certificate_finding(error, "peer.example") is None
    finding = handshake_finding(error, "peer.example")
    assert finding.kind is TlsFailed
    assert finding.what.startswith("peer.example ")
    assert what in finding.what


def test_errors_that_openssl_did_not_make_are_told_without_its_reasons() -> None:
    assert certificate_finding(ssl.SSLError(), "peer.example") is None
    finding = certificate_finding(ssl.SSLCertVerificationError(), "peer.example")
    assert finding is not None
    assert finding.what == "the certificate of peer.example is not accepted: no reason given"
