"""Proxies: which one is taken, and what a real one does with our calls."""

from __future__ import annotations

import base64
import threading
from typing import TYPE_CHECKING

import pytest

from hamilton_sdk.errors import CertificateRejected, ConfigurationError, Outcome, ProxyFailed
from hamilton_sdk.transport import Http, Timeouts
from hamilton_sdk.transport.proxies import Proxies, Proxy, parse_proxy
from tests.transport.conftest import get, post
from tests.transport.servers import listening, ok, proxy, replying, server_context, silence, unused_port

if TYPE_CHECKING:
    from hamilton_sdk.testing.authority import Authority, Identity
    from tests.transport.conftest import Way

PROXY = Proxy("http://proxy.example:3128")
OTHER = Proxy("https://other.example")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """One without proxies."""
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_PROXY".upper(), raising=False)
    monkeypatch.delenv("REQUEST_METHOD", raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://proxy.example:3128", PROXY),
        ("proxy.example:3128", PROXY),
        ("http://proxy.example:3128/", PROXY),
        ("https://other.example", OTHER),
        ("http://[2001:db8::1]:8080", Proxy("http://[2001:db8::1]:8080")),
        ("http://user@proxy.example", Proxy("http://proxy.example", "user")),
        ("http://us%40er:p%3Aw%2F@proxy.example", Proxy("http://proxy.example", "us@er", "p:w/")),
    ],
)
def test_an_address_is_read_with_its_credentials_apart(address: str, expected: Proxy) -> None:
    assert parse_proxy(address, "Http.proxy") == expected


def test_a_proxy_knows_how_to_sign_in_and_shows_no_password() -> None:
    known = parse_proxy("https://us%C3%A9r:hunter2@proxy.example", "Http.proxy")
    assert known.auth == ("usér".encode(), b"hunter2")
    assert known.secure
    assert "hunter2" not in repr(known)
    assert PROXY.auth is None
    assert not PROXY.secure


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("socks5://u:hunter2@proxy.example", "is no http or https proxy but 'socks5'"),
        ("http://u:hunter2@", "names no host"),
        ("http://u:hunter2@proxy.example:port", "is not an address"),
        ("http://[u:hunter2", "is not an address"),
    ],
)
def test_what_is_no_proxy_is_refused_and_not_shown(address: str, what: str) -> None:
    with pytest.raises(ConfigurationError, match=what) as caught:
        parse_proxy(address, "HTTPS_PROXY")
    assert str(caught.value).startswith("HTTPS_PROXY ")
    assert "hunter2" not in f"{caught.value}{caught.value.hint}{caught.value.__cause__}"


@pytest.mark.parametrize(
    ("rules", "host", "port", "direct"),
    [
        ("", "aeos.example", None, False),
        ("*", "aeos.example", None, True),
        ("aeos.example", "aeos.example", 8443, True),
        ("AEOS.example", "Aeos.Example", None, True),
        (".example", "aeos.example", None, True),
        ("example", "aeos.example", None, True),
        ("example", "aeosexample", None, False),
        ("other.example, example", "aeos.example", None, True),
        ("aeos.example:8443", "aeos.example", 8443, True),
        ("aeos.example:8443", "aeos.example", 443, False),
        ("example:8443", "aeos.example", 8443, True),
        ("example:8443", "aeos.example", 443, False),
        ("10.0.0.5", "10.0.0.5", None, True),
        ("10.0.0.5", "10.0.0.55", None, False),
        ("10.0.0.0/8", "10.200.1.1", 8443, True),
        ("10.0.0.0/8", "11.0.0.1", None, False),
        ("10.0.0.7/8", "10.1.1.1", None, True),
        ("10.0.0.0/8", "aeos.example", None, False),
        ("2001:db8::/32", "2001:db8::1", None, True),
        ("not/anetwork", "10.0.0.1", None, False),
        (" , ", "aeos.example", None, False),
    ],
)
def test_what_no_proxy_lists_is_reached_directly(
    rules: str, host: str, port: int | None, direct: bool
) -> None:
    chosen = Proxies({"https": PROXY}, rules).choose("https", host, port)
    assert chosen is (None if direct else PROXY)


def test_each_scheme_has_its_own_proxy_or_none() -> None:
    proxies = Proxies({"https": PROXY})
    assert proxies.choose("https", "aeos.example", None) is PROXY
    assert proxies.choose("http", "aeos.example", None) is None


def test_a_proxy_of_the_settings_is_for_every_address() -> None:
    proxies = Proxies.of(Http(proxy="http://proxy.example:3128"))
    assert list(proxies) == [PROXY]
    assert proxies.choose("http", "localhost", None) == proxies.choose("https", "localhost", None) == PROXY


def test_the_environment_is_read_only_if_asked(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    environment.setenv("http_proxy", "https://other.example")
    environment.setenv("NO_PROXY", "intern.example")
    assert list(Proxies.of(Http())) == []
    proxies = Proxies.of(Http(proxy_from_environment=True))
    assert proxies.choose("https", "aeos.example", None) == PROXY
    assert proxies.choose("http", "aeos.example", None) == OTHER
    assert proxies.choose("https", "aeos.intern.example", None) is None


def test_one_variable_may_be_for_all(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ALL_PROXY", "proxy.example:3128")
    proxies = Proxies.from_environment()
    assert list(proxies) == [PROXY]
    assert proxies.choose("http", "aeos.example", None) == PROXY


def test_an_empty_environment_has_none(environment: pytest.MonkeyPatch) -> None:
    assert list(Proxies.from_environment()) == []


def test_a_wrong_variable_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HTTPS_PROXY", "socks5://proxy.example")
    with pytest.raises(ConfigurationError, match=r"^HTTPS_PROXY is no http or https proxy"):
        Proxies.from_environment()


def test_a_secure_peer_is_reached_through_a_tunnel(way: Way, authority: Authority, server: Identity) -> None:
    seen: list[bytes] = []
    with (
        listening(replying(ok(), ok()), server_context(server)) as peer,
        listening(proxy(seen=seen)) as port,
    ):
        url = f"https://localhost:{peer}/"
        answers = way.send_all(
            [get(url), get(url)], ca=authority.ca, proxy=f"http://us%65r:pw@127.0.0.1:{port}"
        )
    assert [answer.body for answer in answers] == [b"fine", b"fine"]
    (connect,) = seen
    assert connect.startswith(b"CONNECT localhost:%d HTTP/1.1\r\n" % peer)
    assert b"Proxy-Authorization: Basic " + base64.b64encode(b"user:pw") in connect


def test_a_plain_peer_is_reached_by_forwarding(way: Way) -> None:
    seen: list[bytes] = []
    with listening(replying(ok())) as peer, listening(proxy(seen=seen)) as port:
        answer = way.send(get(f"http://127.0.0.1:{peer}/x?y"), proxy=f"http://127.0.0.1:{port}")
    assert answer.body == b"fine"
    assert seen[0].startswith(b"GET http://127.0.0.1:%d/x?y HTTP/1.1\r\n" % peer)


def test_the_proxy_may_be_secure_itself(way: Way, authority: Authority, server: Identity) -> None:
    with (
        listening(replying(ok()), server_context(server)) as peer,
        listening(proxy(), server_context(server)) as port,
    ):
        answer = way.send(
            get(f"https://localhost:{peer}/"), ca=authority.ca, proxy=f"https://localhost:{port}"
        )
    assert answer.body == b"fine"


def test_a_proxy_of_the_environment_is_taken_and_bypassed(way: Way, environment: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    with listening(replying(ok())) as peer, listening(proxy(seen=seen)) as port:
        environment.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        url = f"http://127.0.0.1:{peer}/"
        assert way.send(get(url)).ok
        assert seen == []
        assert way.send(get(url), proxy_from_environment=True).ok
        assert len(seen) == 1
        environment.setenv("NO_PROXY", "127.0.0.0/8")
        assert way.send(get(url), proxy_from_environment=True).ok
        assert len(seen) == 1


@pytest.mark.parametrize(
    ("status", "what", "outcome"),
    [
        (407, "without a user and a password", Outcome.FINAL),
        (403, r"refuses to connect \(HTTP status 403\)", Outcome.FINAL),
        (502, r"could not connect \(HTTP status 502\)", Outcome.NOT_SENT),
    ],
)
def test_a_proxy_that_refuses_is_told_and_its_password_is_not(
    way: Way, authority: Authority, status: int, what: str, outcome: Outcome
) -> None:
    refusal = b"HTTP/1.1 %d Whatever hunter2\r\nContent-Length: 0\r\n\r\n" % status
    with listening(proxy(refusal)) as port, pytest.raises(ProxyFailed, match=what) as caught:
        way.send(post("https://aeos.example/"), ca=authority.ca, proxy=f"http://u:hunter2@127.0.0.1:{port}")
    assert caught.value.outcome is outcome
    assert "hunter2" not in f"{caught.value}{caught.value.hint}"
    assert caught.value.url == "https://aeos.example/"


def test_a_proxy_that_nobody_is_behind_is_told(way: Way, authority: Authority) -> None:
    for url in ("https://aeos.example/", "http://aeos.example/"):
        with pytest.raises(ProxyFailed, match="no connection through the proxy: refused") as caught:
            way.send(post(url), ca=authority.ca, proxy=f"http://127.0.0.1:{unused_port()}")
        assert caught.value.outcome is Outcome.NOT_SENT


def test_a_proxy_whose_name_is_not_known_is_told(way: Way) -> None:
    with pytest.raises(ProxyFailed, match="the name of the proxy is not known"):
        way.send(post("https://aeos.example/"), proxy="http://nobody.example:3128")


def test_a_proxy_that_says_nothing_is_told(way: Way) -> None:
    stop = threading.Event()
    with (
        listening(silence(stop), stop=stop) as port,
        pytest.raises(ProxyFailed, match="no answer in time") as caught,
    ):
        way.send(
            post("https://aeos.example/"),
            proxy=f"http://127.0.0.1:{port}",
            timeouts=Timeouts(connect=0.1),
        )
    assert caught.value.outcome is Outcome.NOT_SENT


@pytest.mark.parametrize("reply", [b"SSH-2.0-OpenSSH_9.9\r\n", b"", b"HTTP/1.1 200"])
def test_a_proxy_that_is_none_is_told(way: Way, reply: bytes) -> None:
    with listening(proxy(reply)) as port, pytest.raises(ProxyFailed) as caught:
        way.send(post("https://aeos.example/"), proxy=f"http://127.0.0.1:{port}")
    assert caught.value.outcome is Outcome.NOT_SENT


def test_a_proxys_own_certificate_is_checked(way: Way, server: Identity) -> None:
    with (
        listening(proxy(), server_context(server)) as port,
        pytest.raises(CertificateRejected, match="the certificate of the proxy was not issued by"),
    ):
        way.send(post("https://aeos.example/"), proxy=f"https://localhost:{port}")


def test_a_peers_certificate_is_checked_through_the_proxy(way: Way, server: Identity) -> None:
    with (
        listening(replying(ok()), server_context(server)) as peer,
        listening(proxy()) as port,
        pytest.raises(CertificateRejected, match=f"the certificate of localhost:{peer} was not issued by"),
    ):
        way.send(post(f"https://localhost:{peer}/"), proxy=f"http://127.0.0.1:{port}")
