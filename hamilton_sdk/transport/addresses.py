"""Which addresses a delivery may go to: a table of our own. This module performs no I/O.

Python's ``ipaddress.is_global`` will not do: 3.11 takes multicast, 6to4, NAT64 and more for global, and it
changes between versions. Here everything in the IANA special-purpose registries is refused, "globally
reachable" or not, since no web server of a customer's lives there; so is every IPv6 address outside 2000::/3,
the only global unicast space in use. IPv6 forms that carry an IPv4 address are refused, and where a network
of them is allowed, the address inside is judged all the same.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Final, TypeAlias

from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

__all__ = ["Address", "Network", "is_public", "networks_of", "why_not"]

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_METADATA: Final = "the metadata service of a cloud"
_METADATA_SERVICES: Final[frozenset[Address]] = frozenset(
    ip_address(each)
    for each in (
        "169.254.169.254",  # AWS, Azure, Google, DigitalOcean, Oracle, OpenStack, ...
        "169.254.169.253",  # AWS: the resolver of a virtual network
        "169.254.169.123",  # AWS: time
        "169.254.170.2",  # AWS: credentials of containers (ECS)
        "169.254.170.23",  # AWS: credentials of pods (EKS)
        "169.254.0.23",  # Tencent
        "168.63.129.16",  # Azure: the virtual platform, in a public range
        "100.100.100.200",  # Alibaba
        "192.0.0.192",  # Oracle, first generation
        "fd00:ec2::254",  # AWS
        "fd00:ec2::253",
        "fd00:ec2::123",
        "fd00:ec2::23",
        "fd20:ce::254",  # Google
        "fd00:42::42",  # Scaleway
        "fe80::a9fe:a9fe",  # OpenStack
    )
)

# The first network that holds an address says what it is, so that narrow ones stand before wide ones.
# https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast (RFC 5771).
_IPV4: Final = tuple(
    (IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", "unspecified"),  # RFC 791, 3.2; Linux connects it to the machine itself
        ("10.0.0.0/8", "private"),  # RFC 1918
        ("100.64.0.0/10", "shared by a provider's customers"),  # RFC 6598
        ("127.0.0.0/8", "loopback"),  # RFC 1122, 3.2.1.3
        ("169.254.0.0/16", "link-local"),  # RFC 3927
        ("172.16.0.0/12", "private"),  # RFC 1918
        ("192.0.0.0/24", "reserved for protocols"),  # RFC 6890, 2.1
        ("192.0.2.0/24", "for documentation"),  # RFC 5737
        ("192.31.196.0/24", "anycast of AS112"),  # RFC 7535
        ("192.52.193.0/24", "anycast of multicast relays"),  # RFC 7450
        ("192.88.99.0/24", "anycast of 6to4 relays"),  # RFC 7526
        ("192.168.0.0/16", "private"),  # RFC 1918
        ("192.175.48.0/24", "anycast of AS112"),  # RFC 7534
        ("198.18.0.0/15", "for benchmarks"),  # RFC 2544
        ("198.51.100.0/24", "for documentation"),  # RFC 5737
        ("203.0.113.0/24", "for documentation"),  # RFC 5737
        ("224.0.0.0/4", "multicast"),  # RFC 5771
        ("255.255.255.255/32", "broadcast"),  # RFC 8190
        ("240.0.0.0/4", "reserved"),  # RFC 1112, 4
    )
)
# https://www.iana.org/assignments/iana-ipv6-special-registry, and the address space's other uses (RFC 4291).
_IPV6: Final = tuple(
    (IPv6Network(network), what)
    for network, what in (
        ("::/128", "unspecified"),  # RFC 4291, 2.5.2
        ("::1/128", "loopback"),  # RFC 4291, 2.5.3
        ("::ffff:0:0/96", "an IPv4 address mapped into IPv6"),  # RFC 4291, 2.5.5.2
        ("::ffff:0:0:0/96", "an IPv4 address translated into IPv6"),  # RFC 2765, 2.1
        ("::/96", "an IPv4 address compatible with IPv6"),  # RFC 4291, 2.5.5.1
        ("64:ff9b::/96", "an IPv4 address behind NAT64"),  # RFC 6052
        ("64:ff9b:1::/48", "an IPv4 address behind a site's NAT64"),  # RFC 8215
        ("100::/64", "for discarding"),  # RFC 6666
        ("100:0:0:1::/64", "a dummy"),  # RFC 9780
        ("2001::/32", "an IPv4 address tunnelled by Teredo"),  # RFC 4380
        ("2001:2::/48", "for benchmarks"),  # RFC 5180
        ("2001:10::/28", "a cryptographic identifier"),  # RFC 4843
        ("2001:20::/28", "a cryptographic identifier"),  # RFC 7343
        ("2001:30::/28", "an identifier of drones"),  # RFC 9374
        ("2001::/23", "reserved for protocols"),  # RFC 2928
        ("2001:db8::/32", "for documentation"),  # RFC 3849
        ("2002::/16", "an IPv4 address tunnelled by 6to4"),  # RFC 3056
        ("2620:4f:8000::/48", "anycast of AS112"),  # RFC 7534
        ("3fff::/20", "for documentation"),  # RFC 9637
        ("5f00::/16", "an identifier of segment routing"),  # RFC 9602
        ("fc00::/7", "private"),  # RFC 4193
        ("fe80::/10", "link-local"),  # RFC 4291, 2.5.6
        ("fec0::/10", "site-local"),  # RFC 3879
        ("ff00::/8", "multicast"),  # RFC 4291, 2.7
    )
)
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")  # https://www.iana.org/assignments/ipv6-address-space

_IPV4_BITS: Final = 0xFFFF_FFFF
_TEREDO: Final = IPv6Network("2001::/32")
_6TO4: Final = IPv6Network("2002::/16")
_AT_THE_END: Final = tuple(
    IPv6Network(each)
    for each in ("::ffff:0:0/96", "::ffff:0:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48")
)
_HAS_NONE: Final = (IPv6Address("::"), IPv6Address("::1"))  # although ::/96 holds them
_ISATAP: Final = (0x0000_5EFE, 0x0200_5EFE)  # RFC 5214, 6.1: the middle of its interface identifiers


def is_public(address: Address | str) -> bool:
    """Whether a delivery may go to an address when no network was allowed.

    Args:
        address: Of a host, with or without a scope.

    Raises:
        ValueError: It is text, and no address.

    Example:
        >>> is_public("93.184.216.34"), is_public("10.0.0.1"), is_public("64:ff9b::a00:1")
        (True, False, False)
    """
    return why_not(address) is None


def why_not(address: Address | str, networks: Collection[Network] = ()) -> str | None:
    """What an address is that no delivery may go to; None if one may.

    Args:
        address: Of a host. A scope (``fe80::1%eth0``) changes nothing.
        networks: That are allowed nevertheless. Each opens exactly the addresses in it. An IPv4 address
            inside an IPv6 one has to be public, or allowed, for itself. A metadata service is opened only by
            a network of that single address, such as ``169.254.169.254/32``: a wide one that happens to hold
            it is not enough.

    Raises:
        ValueError: It is text, and no address.

    Example:
        >>> from ipaddress import ip_network
        >>> why_not("10.0.0.1")
        'private'
        >>> why_not("10.0.0.1", [ip_network("10.0.0.0/24")]) is None
        True
    """
    given = ip_address(address) if isinstance(address, str) else address
    # Without its scope: a network holds no scoped address.
    plain = IPv6Address(int(given)) if isinstance(given, IPv6Address) else given
    for each in (plain, *_embedded(plain)):
        what = _what(each)
        if what is not None and not _allowed(each, networks):
            return what
    return None


def networks_of(texts: Iterable[str], setting: str = "private_networks") -> tuple[Network, ...]:
    """Networks as settings write them.

    Args:
        texts: Such as ``"10.20.0.0/16"`` or ``"fd12:3456::/32"``; an address alone is a network of one.
        setting: Where they were given, for the error.

    Raises:
        ConfigurationError: One of them is no network, or has bits set to the right of its prefix.
    """
    found: list[Network] = []
    for text in texts:
        try:
            found.append(ip_network(text))
        except ValueError as error:
            message = f"{setting}: {error}"
            hint = "write networks like 10.20.0.0/16, with nothing but zeros after the prefix"
            raise ConfigurationError(message, hint=hint) from None
    return tuple(found)


def _what(address: Address) -> str | None:
    if address in _METADATA_SERVICES:
        return _METADATA
    if isinstance(address, IPv4Address):
        return next((what for network, what in _IPV4 if address in network), None)
    what = next((what for network, what in _IPV6 if address in network), None)
    return what or (None if address in _GLOBAL_UNICAST else "reserved")


def _allowed(address: Address, networks: Collection[Network]) -> bool:
    holding = (network for network in networks if address in network)
    if address in _METADATA_SERVICES:
        return any(network.num_addresses == 1 for network in holding)
    return any(True for _ in holding)


def _embedded(address: Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses that routers and hosts find in an IPv6 one."""
    if isinstance(address, IPv4Address) or address in _HAS_NONE:
        return
    bits = int(address)
    last = bits & _IPV4_BITS
    if address in _TEREDO:  # RFC 4380, 4: the server's, and the client's with all bits turned
        yield IPv4Address(bits >> 64 & _IPV4_BITS)
        yield IPv4Address(last ^ _IPV4_BITS)
    elif address in _6TO4:  # RFC 3056, 2
        yield IPv4Address(bits >> 80 & _IPV4_BITS)
    elif bits >> 32 & _IPV4_BITS in _ISATAP or any(address in network for network in _AT_THE_END):
        yield IPv4Address(last)
