"""Which addresses a delivery may go to: ours against the registries, against Python's, and against tricks."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.transport.addresses import is_public, networks_of, why_not

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "168.63.129.15",
    "168.63.129.17",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.88.98.255",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2600::1",
    "2606:4700:4700::1111",
    "2a00:1450::1",
    "3ffe::1",
    "3fff:1000::1",
]
METADATA = "the metadata service of a cloud"
REFUSED = {
    # IPv4, first and last of each
    "0.0.0.0": "unspecified",  # noqa: S104 (nothing is bound)
    "0.255.255.255": "unspecified",
    "10.0.0.0": "private",
    "10.255.255.255": "private",
    "100.64.0.0": "shared by a provider's customers",
    "100.127.255.255": "shared by a provider's customers",
    "127.0.0.1": "loopback",
    "127.255.255.255": "loopback",
    "169.254.0.0": "link-local",
    "169.254.255.255": "link-local",
    "172.16.0.0": "private",
    "172.31.255.255": "private",
    "192.0.0.0": "reserved for protocols",
    "192.0.0.9": "reserved for protocols",
    "192.0.0.170": "reserved for protocols",
    "192.0.2.1": "for documentation",
    "192.31.196.1": "anycast of AS112",
    "192.52.193.1": "anycast of multicast relays",
    "192.88.99.1": "anycast of 6to4 relays",
    "192.168.0.0": "private",
    "192.168.255.255": "private",
    "192.175.48.1": "anycast of AS112",
    "198.18.0.0": "for benchmarks",
    "198.19.255.255": "for benchmarks",
    "198.51.100.1": "for documentation",
    "203.0.113.255": "for documentation",
    "224.0.0.1": "multicast",
    "239.255.255.255": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.254": "reserved",
    "255.255.255.255": "broadcast",
    # clouds
    "169.254.169.254": METADATA,
    "169.254.170.2": METADATA,
    "169.254.170.23": METADATA,
    "168.63.129.16": METADATA,
    "100.100.100.200": METADATA,
    "192.0.0.192": METADATA,
    "fd00:ec2::254": METADATA,
    "fd20:ce::254": METADATA,
    "fd00:42::42": METADATA,
    "fe80::a9fe:a9fe": METADATA,
    # IPv6
    "::": "unspecified",
    "::1": "loopback",
    "::2": "an IPv4 address compatible with IPv6",
    "::8.8.8.8": "an IPv4 address compatible with IPv6",
    "::ffff:8.8.8.8": "an IPv4 address mapped into IPv6",
    "::ffff:127.0.0.1": "an IPv4 address mapped into IPv6",
    "::ffff:0:8.8.8.8": "an IPv4 address translated into IPv6",
    "64:ff9b::8.8.8.8": "an IPv4 address behind NAT64",
    "64:ff9b:1::1": "an IPv4 address behind a site's NAT64",
    "64:ff9b:2::1": "reserved",
    "100::1": "for discarding",
    "100:0:0:1::1": "a dummy",
    "2001::1": "an IPv4 address tunnelled by Teredo",
    "2001:1::1": "reserved for protocols",
    "2001:2::1": "for benchmarks",
    "2001:10::1": "a cryptographic identifier",
    "2001:20::1": "a cryptographic identifier",
    "2001:30::1": "an identifier of drones",
    "2001:1ff:ffff::": "reserved for protocols",
    "2001:db8::1": "for documentation",
    "2002:808:808::1": "an IPv4 address tunnelled by 6to4",
    "2620:4f:8000::1": "anycast of AS112",
    "3fff::1": "for documentation",
    "3fff:fff:ffff::": "for documentation",
    "5f00::1": "an identifier of segment routing",
    "fc00::1": "private",
    "fdff:ffff::1": "private",
    "fe80::1": "link-local",
    "fe80::1%eth0": "link-local",
    "febf::1": "link-local",
    "fec0::1": "site-local",
    "ff02::1": "multicast",
    # Neither assigned nor in use (RFC 4291, 2.4)
    "200::1": "reserved",
    "1fff:ffff::": "reserved",
    "4000::1": "reserved",
    "e000::1": "reserved",
    "fe00::1": "reserved",
}

# Where Python 3.11 finds an address global, or a later Python may, and a delivery has no business.
NAMED_DIFFERENCES = [
    ip_network(each)
    for each in (
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.175.48.0/24",
        "224.0.0.0/4",
        "2001::/23",
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
        # all but the global unicast space, IPv4 in its many forms included
        "::/3",
        "4000::/2",
        "8000::/1",
    )
]

FORMS = {
    "mapped": (lambda v4: 0xFFFF << 32 | v4, "::ffff:0:0/96"),
    "translated": (lambda v4: 0xFFFF << 48 | v4, "::ffff:0:0:0/96"),
    "NAT64": (lambda v4: 0x64_FF9B << 96 | v4, "64:ff9b::/96"),
    "NAT64 of a site": (lambda v4: 0x64_FF9B_0001 << 80 | v4, "64:ff9b:1::/48"),
    "6to4": (lambda v4: 0x2002 << 112 | v4 << 80 | 1, "2002::/16"),
    "Teredo, client": (lambda v4: 0x2001 << 112 | 0x0808_0808 << 64 | v4 ^ 0xFFFF_FFFF, "2001::/32"),
    "Teredo, server": (lambda v4: 0x2001 << 112 | v4 << 64 | 0x0808_0808 ^ 0xFFFF_FFFF, "2001::/32"),
    "ISATAP": (lambda v4: 0x2606_4700 << 96 | 0x5EFE << 32 | v4, "2606:4700::/64"),
    "ISATAP, global": (lambda v4: 0x2606_4700 << 96 | 0x0200_5EFE << 32 | v4, "2606:4700::/64"),
}


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_delivered_to(address: str) -> None:
    assert why_not(address) is None
    assert is_public(address)
    assert is_public(ip_address(address))


@pytest.mark.parametrize(("address", "what"), REFUSED.items())
def test_any_other_may_not_and_it_is_said_what_it_is(address: str, what: str) -> None:
    assert why_not(address) == what
    assert not is_public(ip_address(address))


@given(st.ip_addresses())
def test_nothing_is_public_that_python_finds_not_to_be_global(address: IPv4Address | IPv6Address) -> None:
    assume(is_public(address))
    assert address.is_global
    assert not address.is_multicast


@given(st.ip_addresses())
def test_what_python_finds_global_and_we_refuse_is_named(address: IPv4Address | IPv6Address) -> None:
    assume(address.is_global and not is_public(address))
    isatap = address.version == 6 and int(address) >> 32 & 0xFDFF_FFFF == 0x5EFE
    assert isatap or any(address in network for network in NAMED_DIFFERENCES)


@pytest.mark.parametrize("form", FORMS)
@given(hidden=st.ip_addresses(v=4))
def test_an_ipv4_address_inside_is_judged_even_where_its_form_is_allowed(
    form: str, hidden: IPv4Address
) -> None:
    make, network = FORMS[form]
    address = IPv6Address(make(int(hidden)))
    assert why_not(address, [ip_network(network)]) == why_not(hidden)
    assert is_public(address) is (form.startswith("ISATAP") and is_public(hidden))


@pytest.mark.parametrize("form", FORMS)
def test_a_form_and_what_is_inside_it_can_both_be_allowed(form: str) -> None:
    make, network = FORMS[form]
    inside = ip_network("10.1.0.0/16")
    allowed = [ip_network(network), inside]
    assert why_not(IPv6Address(make(int(IPv4Address("10.1.2.3")))), allowed) is None
    assert why_not(IPv6Address(make(int(IPv4Address("10.2.2.3")))), allowed) == "private"


def test_an_allowed_ipv4_network_does_not_open_the_forms_that_carry_it() -> None:
    assert why_not("::ffff:10.0.0.1", [ip_network("10.0.0.0/8")]) == "an IPv4 address mapped into IPv6"


@given(st.ip_addresses())
def test_an_address_that_is_allowed_alone_may_be_delivered_to(address: IPv4Address | IPv6Address) -> None:
    hidden = {IPv6Address(make(0)).packed[:2] for make, _ in FORMS.values()}
    assume(address.version == 4 or address.packed[:2] not in hidden)
    assert why_not(address, [ip_network(address)]) is None


@pytest.mark.parametrize(
    ("network", "opened", "closed"),
    [
        ("10.20.0.0/16", ["10.20.0.0", "10.20.255.255"], ["10.19.255.255", "10.21.0.0", "127.0.0.1"]),
        ("127.0.0.0/8", ["127.0.0.1"], ["::1", "10.0.0.1", "0.0.0.1"]),
        ("::1/128", ["::1"], ["127.0.0.1", "::", "::2"]),
        ("fd12:3456::/32", ["fd12:3456::1"], ["fd12:3457::1", "fe80::1"]),
        ("fe80::/10", ["fe80::1", "fe80::1%eth0"], ["fec0::1"]),
        ("169.254.0.0/16", ["169.254.1.1"], ["169.254.169.254", "169.254.170.2"]),
    ],
)
def test_a_network_opens_exactly_the_addresses_in_it(
    network: str, opened: list[str], closed: list[str]
) -> None:
    allowed = [ip_network(network)]
    assert [why_not(address, allowed) for address in opened] == [None] * len(opened)
    assert None not in [why_not(address, allowed) for address in closed]
    assert is_public("8.8.8.8")
    assert why_not("8.8.8.8", allowed) is None


@pytest.mark.parametrize("address", [address for address, what in REFUSED.items() if what == METADATA])
def test_a_metadata_service_is_opened_by_a_network_of_its_own_alone(address: str) -> None:
    wide = [ip_network("0.0.0.0/0"), ip_network("::/0")]
    assert why_not(address, wide) == METADATA
    assert why_not(address, [*wide, ip_network(address)]) is None


def test_what_is_no_address_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        is_public("localhost")


def test_networks_are_read_as_settings_write_them() -> None:
    assert networks_of(["10.20.0.0/16", "fd12:3456::/32", "10.1.1.1"]) == (
        ip_network("10.20.0.0/16"),
        ip_network("fd12:3456::/32"),
        ip_network("10.1.1.1/32"),
    )
    assert networks_of([]) == ()


@pytest.mark.parametrize("text", ["10.20.0.1/16", "10.0.0.0/33", "intranet", ""])
def test_what_is_no_network_is_refused_with_the_setting_named(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^private_networks: ") as caught:
        networks_of(["10.0.0.0/8", text])
    assert "10.20.0.0/16" in (caught.value.hint or "")
