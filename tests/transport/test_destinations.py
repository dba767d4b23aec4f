"""What is told of a delivery's address and headers before any name is looked up."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import AddressRefused, Invalid
from hamilton_sdk.transport.destinations import (
    address_finding,
    destination_finding,
    header_finding,
    host_finding,
    url_finding,
)

GOOD = [
    "https://hooks.customer.example",
    "https://hooks.customer.example/",
    "https://hooks.customer.example:8443/in?token=x%20y#fragment",
    "https://hooks.customer.example?x=1",
    "HTTPS://Hooks.Customer.Example/In",
    "https://hooks.customer.example./in",
    "https://with_underscore.example/",
    "https://b\u00fccher.example/",
    "https://93.184.216.34/",
    "https://[2606:4700::1111]:443/",
    "https://h.example/path@with:signs/",
]


@pytest.mark.parametrize("url", GOOD)
def test_a_plain_https_address_of_a_public_host_is_fine(url: str) -> None:
    assert destination_finding(url) is None


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("http://hooks.example/", "is not https"),
        ("ftp://hooks.example/", "is not https"),
        ("hooks.example/in", "is not https"),
        ("//hooks.example/in", "is not https"),
        ("", "is not https"),
        ("https:hooks.example", "is not https"),
        ("https://user:secret@hooks.example/", "holds a user or a password"),
        ("https://user@hooks.example/", "holds a user or a password"),
        ("https://hooks.example@127.0.0.1/", "holds a user or a password"),
        ("https://hooks.example:443@127.0.0.1/", "holds a user or a password"),
        ("https://127.0.0.1\\@hooks.example/", "cannot be read without doubt"),
        ("https://hooks.example\\.evil.example/", "cannot be read without doubt"),
        ("https://hooks.example/\\..\\", "cannot be read without doubt"),
        ("https:///in", "cannot be read without doubt"),
        ("https://", "cannot be read without doubt"),
        ("https://[fe80::1%25eth0]/", "cannot be read without doubt"),
        ("https://[::1/", "cannot be read without doubt"),
        ("https://::1/", "cannot be read without doubt"),
        ("https://hooks.example:/", "cannot be read without doubt"),
        ("https://hooks.example:port/", "cannot be read without doubt"),
        ("https://hooks.example:443:80/", "cannot be read without doubt"),
        ("https://127%2e0%2e0%2e1/", "cannot be read without doubt"),
        ("https://hooks.example:0/", "has no possible port"),
        ("https://hooks.example:65536/", "has no possible port"),
        ("https://hooks.example/a b", "a space or a control character"),
        (" https://hooks.example/", "a space or a control character"),
        ("https://hooks.example/\r\nX: 1", "a space or a control character"),
        ("https://hooks\t.example/", "a space or a control character"),
        ("https://hooks\x00.example/", "a space or a control character"),
    ],
)
def test_an_address_that_could_be_read_in_two_ways_is_invalid(url: str, what: str) -> None:
    finding = url_finding(url)
    assert finding is not None
    assert finding.kind is Invalid
    assert what in finding.what
    assert finding.hint
    assert "secret" not in finding.what + finding.hint
    assert destination_finding(url) == finding


@pytest.mark.parametrize(
    "host",
    [
        "127.1",
        "127.0.1",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0x7f.1",
        "0x7f000001",
        "0x",
        "127.0.0.1.",
        "127.000.000.001",
        "1.2.3.4.5",
        "256.1.1.1",
        "hooks.1",
    ],
)
def test_an_ipv4_address_in_another_spelling_is_invalid(host: str) -> None:
    """inet_aton(3), and so getaddrinfo, takes them; a proxy or a library may read them in yet another way."""
    finding = host_finding(host, [ip_network("0.0.0.0/0")])
    assert finding is not None
    assert (finding.kind, finding.what) == (Invalid, "the address has an IPv4 address in another spelling")


@pytest.mark.parametrize(
    "host", ["", ".", "a..b", "-a.example", "a-.example", "a/b", "a b", "a%2eb", "\u2460"]
)
def test_what_is_no_host_name_is_invalid(host: str) -> None:
    finding = host_finding(host)
    assert finding is not None
    assert (finding.kind, finding.what) == (Invalid, "the address names no host")


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("https://127.0.0.1/", "loopback"),
        ("https://10.0.0.1:8443/in", "private"),
        ("https://169.254.169.254/latest/meta-data/", "the metadata service of a cloud"),
        ("https://[::1]/", "loopback"),
        ("https://[::ffff:169.254.169.254]/", "an IPv4 address mapped into IPv6"),
        ("https://[::ffff:7f00:1]/", "an IPv4 address mapped into IPv6"),
        ("https://[64:ff9b::a00:1]/", "an IPv4 address behind NAT64"),
        ("https://localhost/", "loopback"),
        ("https://LOCALHOST./", "loopback"),
        ("https://app.localhost/", "loopback"),
        ("https://127\u30020\u30020\u30021/", "loopback"),  # ideographic full stops
        ("https://\u2460\u2461\u2466.0.0.1/", "loopback"),  # digits in circles
    ],
)
def test_a_host_that_is_an_address_is_judged_at_once(url: str, what: str) -> None:
    finding = destination_finding(url)
    assert finding is not None
    assert (finding.kind, finding.what) == (AddressRefused, f"the host has an address that is {what}")
    assert "private_networks" in finding.hint


def test_a_name_that_cannot_be_written_in_ascii_is_invalid() -> None:
    finding = destination_finding("https://" + "\u00fc" * 70 + ".example/")
    assert finding is not None
    assert finding.kind is Invalid


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("10.1.2.3", "10.1.0.0/16"),
        ("fd12::1", "fd12::/16"),
        ("localhost", "127.0.0.0/8"),
        ("localhost", "::1/128"),
    ],
)
def test_an_allowed_network_opens_it(host: str, network: str) -> None:
    assert host_finding(host) is not None
    assert host_finding(host, [ip_network(network)]) is None


def test_a_refusal_does_not_show_the_address() -> None:
    finding = address_finding("10.11.12.13")
    assert finding is not None
    assert "10.11.12.13" not in finding.what + finding.hint
    assert address_finding("8.8.8.8") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Token", "abc"),
        ("webhook-signature", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= v1,x"),
        ("x_underscore", ""),
        ("Authorization", "Bearer a.b.c"),
        ("X-Tab", "a\tb"),
    ],
)
def test_an_ordinary_header_is_fine(name: str, value: str) -> None:
    assert header_finding([(name, value)]) is None


@pytest.mark.parametrize("name", ["", " ", "X Y", "X:Y", "X\r\nY", "X\n", "\u00c4", "X\x00", "(x)"], ids=repr)
def test_a_name_that_is_no_token_is_invalid(name: str) -> None:
    finding = header_finding([("X-Fine", "a"), (name, "a")])
    assert finding is not None
    assert (finding.kind, finding.what) == (Invalid, "a header's name is not valid")


@pytest.mark.parametrize(
    "value",
    [
        "secret\r\nX-Injected: 1",
        "secret\n",
        "\nsecret",
        "secret\r",
        "secret\x00",
        "secr\u00e9t",
        " secret",
        "secret ",
    ],
    ids=repr,
)
def test_a_value_that_could_begin_another_header_is_invalid_and_not_shown(value: str) -> None:
    finding = header_finding([("X-Token", value)])
    assert finding is not None
    assert (finding.kind, finding.what) == (Invalid, "the value of the header X-Token is not valid")
    assert "secr" not in finding.hint


@pytest.mark.parametrize(
    "name", ["Host", "content-length", "Transfer-Encoding", "CONNECTION", "Accept-Encoding", "Expect", "TE"]
)
def test_what_the_transport_says_itself_nobody_else_says(name: str) -> None:
    finding = header_finding([(name, "x")])
    assert finding is not None
    assert (finding.kind, finding.what) == (Invalid, f"the header {name} is set by the transport")


@given(st.text())
def test_no_text_breaks_the_reading_of_addresses(text: str) -> None:
    for url in (text, f"https://{text}", f"https://hooks.example{text}"):
        finding = destination_finding(url)
        assert finding is None or finding.kind in (Invalid, AddressRefused)


@given(st.text(), st.text())
def test_what_passes_stays_on_its_line(name: str, value: str) -> None:
    if header_finding([(name, value)]) is None:
        assert f"{name}: {value}".isascii()
        assert not set("\r\n\x00") & set(name + value)
