"""What is bound to httpx: addresses, trust, pools, and the exceptions it may raise."""

from __future__ import annotations

import ssl

import httpcore
import httpx
import pytest

from hamilton_sdk.transport import Http
from hamilton_sdk.transport._httpx import CLIENT_FAILURES, LIBRARY
from hamilton_sdk.transport._pooled import Address, AsyncPooledTransport, Plan, PooledTransport
from hamilton_sdk.transport.proxies import Proxy

CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
DIRECT = Plan(7, CONTEXT, None, None)
THROUGH = Plan(7, CONTEXT, Proxy("https://proxy.example:3128", "user", "pw"), CONTEXT)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://aeos.example/a?b=c", Address("https", "aeos.example", None, b"aeos.example", b"/a?b=c")),
        ("http://AEOS.example:8080", Address("http", "aeos.example", 8080, b"aeos.example:8080", b"/")),
        ("https://[2001:db8::1]:8443/", Address("https", "2001:db8::1", 8443, b"[2001:db8::1]:8443", b"/")),
        (
            "https://soci\xe9t\xe9.example/caf\xe9",
            Address("https", "xn--socit-esab.example", None, b"xn--socit-esab.example", b"/caf%C3%A9"),
        ),
        ("https://user:pw@aeos.example/", Address("https", "aeos.example", None, b"aeos.example", b"/")),
    ],
)
def test_an_address_is_in_ascii_and_without_credentials(url: str, expected: Address) -> None:
    assert LIBRARY.address(url) == expected


def test_an_address_that_is_none_raises_what_is_listed() -> None:
    with pytest.raises(LIBRARY.failures):
        LIBRARY.address("http://aeos.example:port/")


def test_public_authorities_are_trusted_and_no_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    context = LIBRARY.public()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.parametrize(
    ("plan", "kind", "async_kind"),
    [
        (DIRECT, httpcore.ConnectionPool, httpcore.AsyncConnectionPool),
        (THROUGH, httpcore.HTTPProxy, httpcore.AsyncHTTPProxy),
    ],
    ids=["direct", "proxy"],
)
def test_a_pool_is_made_as_planned(plan: Plan, kind: type, async_kind: type) -> None:
    for pool, expected in ((LIBRARY.pool(plan), kind), (LIBRARY.async_pool(plan), async_kind)):
        assert type(pool) is expected
        assert vars(pool)["_max_connections"] == 7
        assert not vars(pool)["_http2"]
        assert vars(pool)["_retries"] == 0


@pytest.mark.parametrize(
    "name",
    [
        "ConnectError",
        "ConnectTimeout",
        "LocalProtocolError",
        "PoolTimeout",
        "ProxyError",
        "ReadError",
        "ReadTimeout",
        "RemoteProtocolError",
        "WriteError",
        "WriteTimeout",
    ],
)
def test_every_exception_of_the_library_is_listed(name: str) -> None:
    assert issubclass(getattr(httpx, name), CLIENT_FAILURES)
    assert issubclass(getattr(httpcore, name), LIBRARY.failures)


def test_it_makes_both_transports() -> None:
    assert PooledTransport(Http(), LIBRARY)
    assert AsyncPooledTransport(Http(), LIBRARY)
