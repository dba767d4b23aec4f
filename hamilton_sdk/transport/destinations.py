"""Where a delivery may be sent, and with which headers: what can be told before any look-up. Performs no I/O.

Used twice: when an endpoint is configured, so that its owner hears of a mistake at once, and again for every
request, since the name may have changed its meaning and the row may have been written by something else.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import AddressRefused, Invalid
from hamilton_sdk.transport._handshake import Finding
from hamilton_sdk.transport.addresses import why_not

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from hamilton_sdk.transport.addresses import Address, Network

__all__ = ["address_finding", "destination_finding", "header_finding", "host_finding", "url_finding"]

# Stricter than RFC 3986: whatever two parsers could read in two ways is not accepted at all.
_URL: Final = re.compile(
    r"https://(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]@:/?#\\%\s]+)(?::(?P<port>[0-9]{1,5}))?(?:[/?][^\s\\]*)?",
    re.IGNORECASE,
)
_CONTROL: Final = re.compile(r"[\x00-\x20\x7f]")
_NAME: Final = re.compile(
    r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*"
)
# https://url.spec.whatwg.org/#ends-in-a-number-checker
_NUMBER: Final = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_LARGEST_PORT: Final = 65535

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_VALUE: Final = re.compile(r"[\x21-\x7e](?:[\t \x21-\x7e]*[\x21-\x7e])?|")  # RFC 9110, 5.5, without obs-text
# Set by the transport, or about the connection alone (RFC 9110, 7.6.1), or a way to smuggle a second request.
_OURS: Final = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "http2-settings",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


def destination_finding(url: str, networks: Collection[Network] = ()) -> Finding | None:
    """What is wrong with an address, as far as can be told without looking up its name."""
    return url_finding(url) or host_finding(_host(url), networks)


def url_finding(url: str) -> Finding | None:
    """What is wrong with how an address is written; None if nothing is."""
    if _CONTROL.search(url):
        return _invalid("holds a space or a control character", "write spaces as %20")
    scheme, colon, rest = url.partition("://")
    if not colon or scheme.lower() != "https":
        return _invalid(
            "is not https",
            "deliveries go over TLS alone: give an https:// address; for one's own authority, Http(ca=...)",
        )
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    if "@" in authority:
        return _invalid(
            "holds a user or a password",
            "take them out of the address, which gets logged: the signature tells the receiver who sends",
        )
    found = _URL.fullmatch(url.partition("#")[0])
    if found is None:
        return _invalid(
            "cannot be read without doubt", "write it as https://host/path or https://host:port/path"
        )
    port = found["port"]
    if port is not None and not 0 < int(port) <= _LARGEST_PORT:
        return _invalid("has no possible port", "ports are 1 to 65535")
    return None


def host_finding(host: str, networks: Collection[Network] = ()) -> Finding | None:
    """What is wrong with a host as it is written, in ASCII; None if it is a name, or a public address."""
    address = _address(host)
    if address is not None:
        return address_finding(address, networks)
    name = host.removesuffix(".")
    if not _NAME.fullmatch(name):
        return _invalid("names no host", "write a host name, or an address as 192.0.2.1 or [2001:db8::1]")
    *_, last = name.lower().split(".")
    if _NUMBER.fullmatch(last):
        # 127.1, 0x7f.1, 2130706433 and 0177.0.0.1 are all taken for 127.0.0.1 by inet_aton(3).
        return _invalid("has an IPv4 address in another spelling", "write it as four decimal numbers")
    if last == "localhost":  # RFC 6761, 6.3
        return address_finding("127.0.0.1", networks) and address_finding("::1", networks)
    return None


def address_finding(address: Address | str, networks: Collection[Network] = ()) -> Finding | None:
    """Why a delivery may not go to an address of the host; None if it may. The address is not shown."""
    what = why_not(address, networks)
    if what is None:
        return None
    return Finding(
        AddressRefused,
        f"the host has an address that is {what}",
        "if it is a system of yours, allow its network for this endpoint: private_networks=['10.20.0.0/16']",
    )


def header_finding(headers: Iterable[tuple[str, str]]) -> Finding | None:
    """What is wrong with headers; None if nothing is."""
    for name, value in headers:
        if not _TOKEN.fullmatch(name):
            return _bad_header("a header's name is not valid", "names are letters, digits and hyphens")
        if not _VALUE.fullmatch(value):
            hint = "values are printable ASCII: no line break, no accents, no space at either end"
            return _bad_header(f"the value of the header {name} is not valid", hint)
        if name.lower() in _OURS:
            return _bad_header(f"the header {name} is set by the transport", "take it out")
    return None


def _host(url: str) -> str:
    """The host of an address that is well written, in ASCII; "" if it has none."""
    found = _URL.fullmatch(url.partition("#")[0])
    host = "" if found is None else found["host"].strip("[]")
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return ""


def _address(host: str) -> Address | None:
    try:
        return IPv6Address(host) if ":" in host else IPv4Address(host)
    except ValueError:
        return None


def _invalid(what: str, hint: str) -> Finding:
    return Finding(Invalid, f"the address {what}", hint)


def _bad_header(what: str, hint: str) -> Finding:
    return Finding(Invalid, what, hint)
