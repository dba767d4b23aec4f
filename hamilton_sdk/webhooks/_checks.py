"""What an endpoint may be set to: found wrong when it is set, not when something must be delivered."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import SplitResult, urlsplit

from hamilton_sdk.arguments import check_type
from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "check_events",
    "check_headers",
    "check_in_flight_limit",
    "check_networks",
    "check_place",
    "check_rate",
    "check_secret",
    "check_url",
]

_LONGEST_URL: Final = 2048
_LONGEST_VALUE: Final = 4096
_MOST_HEADERS: Final = 50
_MOST_IN_FLIGHT: Final = 1000
_HIGHEST_RATE: Final = 100_000.0

_PRINTABLE: Final = re.compile(r"[\x21-\x7e]+")
_FILTER: Final = re.compile(r"[a-zA-Z0-9_.]+|[a-zA-Z0-9_]+\.\*")
_FIELD_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token (RFC 9110 section 5.6.2)."""
_FIELD_VALUE: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?")
"""Visible ASCII with blanks between (RFC 9110 section 5.5, without what is obsolete there)."""

# What the sender itself says of a request, or what changes how a message is framed or routed.
_FORBIDDEN: Final = frozenset(
    (
        "accept-encoding",
        "connection",
        "content-digest",
        "content-encoding",
        "content-length",
        "content-type",
        "cookie",
        "date",
        "expect",
        "forwarded",
        "host",
        "http2-settings",
        "keep-alive",
        "origin",
        "repr-digest",
        "signature",
        "signature-input",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
    )
)
_FORBIDDEN_BEGINNINGS: Final = ("proxy-", "sec-", "svix-", "webhook-", "x-amz-", "x-forwarded-", "x-goog-")


def check_url(url: str) -> str:
    """An endpoint's address.

    Raises:
        ConfigurationError: It is no ``https`` address, or carries a user, a password or a fragment.
        TypeError: It is no text.
    """
    check_type("url", url, str)
    # The address is not shown: its path or its query may be the receiver's own secret.
    if not _PRINTABLE.fullmatch(url) or len(url) > _LONGEST_URL:
        raise _wrong_url(
            what=f"is no printable ASCII of at most {_LONGEST_URL} characters",
            hint="write other characters of the host in punycode, those of the path as %XX",
        )
    parts = _split(url)
    if parts.scheme != "https":
        raise _wrong_url(
            what="is not https", hint="deliveries are encrypted, and the receiver proves who it is"
        )
    if not parts.hostname:
        raise _wrong_url(what="names no host", hint="give https://host/path")
    if parts.username is not None or parts.password is not None:
        raise _wrong_url(what="carries a user or a password", hint="give headers={'Authorization': ...}")
    if "#" in url:
        raise _wrong_url(what="has a fragment", hint="leave out what begins with #: it is never sent")
    return url


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _wrong_url(what="cannot be read", hint="give https://host:port/path") from None
    return parts


def check_place(url: str, networks: Sequence[str]) -> None:
    """Refuse an address at once that would be refused at every delivery; no name is looked up.

    Raises:
        ConfigurationError: Nothing is delivered there.
    """
    from hamilton_sdk.transport.addresses import networks_of
    from hamilton_sdk.transport.destinations import destination_finding

    finding = destination_finding(url, networks_of(networks))
    if finding is not None:
        what = f"is one that nothing is delivered to: {finding.what}"
        raise _wrong_url(what=what, hint=finding.hint)


def _wrong_url(*, what: str, hint: str) -> ConfigurationError:
    return ConfigurationError(f"the endpoint's url {what}", hint=hint)


def check_events(events: Sequence[str]) -> tuple[str, ...]:
    """An endpoint's filter: types, or the first word of types and ``.*``; none for all.

    Raises:
        ConfigurationError: One is neither.
        TypeError: They are no list of texts.
    """
    filters = _texts("events", events)
    for each in filters:
        if not _FILTER.fullmatch(each):
            message = f"{each!r} is no type of an event"
            raise ConfigurationError(
                message, hint='give types such as "visit.created", or "visit.*" for a family'
            )
    return tuple(dict.fromkeys(filters))


def check_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers that are sent along.

    Raises:
        ConfigurationError: A name or a value could end the header or begin another, or is the sender's own.
        TypeError: They are no mapping of texts.
    """
    check_type("headers", headers, Mapping)
    given = dict(headers)
    for name, value in given.items():
        check_type("a header's name", name, str)
        check_type(f"the header {name!r}", value, str)
        _check_header(name, value)
    if len({name.lower() for name in given}) != len(given):
        message = "a header is given twice"
        raise ConfigurationError(message, hint="names differ by more than upper and lower case")
    if len(given) > _MOST_HEADERS:
        message = f"an endpoint has {len(given)} headers"
        raise ConfigurationError(message, hint=f"give {_MOST_HEADERS} at most")
    return given


def _check_header(name: str, value: str) -> None:
    if not _FIELD_NAME.fullmatch(name):
        message = f"{name!r} is no name of a header"
        raise ConfigurationError(message, hint="letters, digits and hyphens, without the colon")
    if name.lower() in _FORBIDDEN or name.lower().startswith(_FORBIDDEN_BEGINNINGS):
        message = f"the header {name!r} cannot be set"
        raise ConfigurationError(
            message, hint="the sender sets it itself, or the message would not arrive whole"
        )
    if not _FIELD_VALUE.fullmatch(value) or len(value) > _LONGEST_VALUE:
        message = f"the value of the header {name!r} cannot be sent"
        hint = f"1 to {_LONGEST_VALUE} visible ASCII characters, without line breaks or blanks around them"
        raise ConfigurationError(message, hint=hint)


def check_networks(networks: Sequence[str]) -> tuple[str, ...]:
    """Networks that are not public and may be delivered to all the same.

    Raises:
        ConfigurationError: One is no network.
        TypeError: They are no list of texts.
    """
    from hamilton_sdk.transport.addresses import networks_of

    found = networks_of(_texts("private_networks", networks))
    for network in found:
        if network.prefixlen == 0:
            message = f"{network} is every address"
            raise ConfigurationError(message, hint="name the network that the endpoint lies in")
    return tuple(str(network) for network in found)


def check_in_flight_limit(limit: int) -> int:
    """How many deliveries at the same time.

    Raises:
        ConfigurationError: None at all, or too many.
        TypeError: It is no whole number.
    """
    check_type("in_flight_limit", limit, int)
    if not 1 <= limit <= _MOST_IN_FLIGHT:
        message = f"in_flight_limit is {limit}"
        raise ConfigurationError(message, hint=f"give 1 to {_MOST_IN_FLIGHT}; pause() stops deliveries")
    return limit


def check_rate(rate: float | None) -> float | None:
    """Deliveries a second.

    Raises:
        ConfigurationError: It is not above zero.
        TypeError: It is no number.
    """
    check_type("rate", rate, int, float, type(None))
    if rate is not None and not (math.isfinite(rate) and 0 < rate <= _HIGHEST_RATE):
        message = f"rate is {rate}"
        raise ConfigurationError(
            message, hint="give deliveries a second, 0.1 for one in ten; None for no limit"
        )
    return None if rate is None else float(rate)


def check_secret(secret: str) -> str:
    """A secret that can sign.

    Raises:
        ConfigurationError: It is of a wrong kind, or only verifies.
        TypeError: It is no text.
    """
    from hamilton_sdk.webhooks._keys import PublicKey, SecretKey, read_keys

    check_type("secret", secret, str)
    (key,) = read_keys(secret, stacklevel=4)
    if isinstance(key, PublicKey) and not isinstance(key, SecretKey):
        message = "the webhook secret is a public key, which cannot sign"
        raise ConfigurationError(message, hint="give the whsk_ secret, and the whpk_ key to the receiver")
    return secret


def _texts(name: str, given: object) -> list[str]:
    if isinstance(given, str) or not isinstance(given, (list, tuple, set, frozenset)):
        message = f"{name} must be a list of str, not {type(given).__name__}"
        raise TypeError(message)
    texts = list(cast("Sequence[object]", given))
    for each in texts:
        check_type(f"one of {name}", each, str)
    return cast("list[str]", texts)
