"""Headers of any shape to the values that verifying needs: strict, and never more than one error. Pure.

Frameworks hand headers over as a mapping, as a mapping that may hold a name twice, or as pairs, of text or of
bytes. Whatever is in them is data and refused as such; only their Python types are the caller's affair.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol, TypeAlias, TypeGuard

from hamilton_sdk.webhooks._refusals import refusal

__all__ = [
    "VALUES",
    "Headers",
    "ManyValued",
    "Names",
    "check_length",
    "every_value",
    "pick",
    "pick_message",
    "tokens",
]


class ManyValued(Protocol):
    """Headers of a framework that may hold a name twice: ``items()`` gives each of them."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Names and values."""
        ...


Headers: TypeAlias = (
    Mapping[str, str]
    | Mapping[bytes, bytes]
    | Iterable[tuple[str, str]]
    | Iterable[tuple[bytes, bytes]]
    | ManyValued
)
"""Headers as frameworks have them: a mapping or pairs, of text or of bytes."""

# Longer than any sender's list of signatures.
_LONGEST: Final = 8192
# More than any rotation needs; each of Ed25519 hashes the whole body once more.
_MOST: Final = 16

VALUES: Final = {
    # Standard base64 of 32 and of 64 bytes. The last character before the padding has bits to spare, and they
    # are zero: otherwise one signature could be written in several ways.
    "v1": re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="),
    "v1a": re.compile(r"[A-Za-z0-9+/]{85}[AQgw]=="),
}
"""How a signature is written, by its version."""

_TOKEN: Final = re.compile(r"([!-+\--~]+),([!-+\--~]+)")


class Names(NamedTuple):
    """The three headers of Standard Webhooks, in lower case."""

    id: str
    timestamp: str
    signature: str

    @classmethod
    def beginning(cls, prefix: str) -> Names:
        """Those that begin with the prefix and a hyphen."""
        return cls(f"{prefix}-id", f"{prefix}-timestamp", f"{prefix}-signature")


def pick_message(headers: Headers, names: Names) -> Sequence[str]:
    """The values of the three headers, as `pick` gives them; quickly where a dict has them in lower case."""
    if _is_dict(headers):
        name_id, name_timestamp, name_signature = names
        try:
            found = headers[name_id], headers[name_timestamp], headers[name_signature]
            # What the three begin with is there three times: so none is there again in another spelling.
            alone = len(headers) == 3 or "\n".join(headers).lower().count(name_id[:-2]) == 3  # noqa: PLR2004
        except (KeyError, TypeError):  # names in another case, or of bytes
            pass
        else:
            if alone and type(found[0]) is type(found[1]) is type(found[2]) is str:
                return found
    return pick(headers, names)


def _is_dict(headers: Headers) -> TypeGuard[dict[str, str]]:
    # Not a subclass, which may have more than it shows.
    return type(headers) is dict


def pick(headers: Headers, wanted: Sequence[str]) -> list[str]:
    """The one value of each header asked for.

    Args:
        headers: A mapping or pairs, of str or bytes; names in any case.
        wanted: Names in lower case.

    Raises:
        WebhookVerificationError: One is missing, or is there twice with different values.
        TypeError: The headers, or what they hold, are of another type.
    """
    values = every_value(headers, wanted)
    return [_only(name, values.get(name)) for name in wanted]


def _only(name: str, values: list[str] | None) -> str:
    if values is None:
        message = f"the webhook has no {name} header"
        raise refusal(message, "missing_header")
    if len(set(values)) > 1:
        message = f"the webhook has {len(values)} {name} headers that differ"
        raise refusal(message, "duplicate_header")
    return values[0]


def every_value(headers: Headers, wanted: Sequence[str] | None = None) -> dict[str, list[str]]:
    """Values by name in lower case, in their order.

    Args:
        headers: A mapping or pairs, of str or bytes; names in any case.
        wanted: Names in lower case; all if None.

    Raises:
        TypeError: The headers, or what they hold, are of another type.
    """
    found: dict[str, list[str]] = {}
    for entry in _entries(headers):
        if not isinstance(entry, (tuple, list)) or len(entry) != 2:  # noqa: PLR2004 (a name and a value)
            message = f"headers must be a mapping or pairs, not {type(headers).__name__} of other things"
            raise TypeError(message)
        name, value = entry
        folded = (name if isinstance(name, str) else _text(name, "the name of a header")).lower()
        if wanted is None or folded in wanted:
            text = value if isinstance(value, str) else _text(value, f"the value of {folded}")
            found.setdefault(folded, []).append(text)
    return found


def _entries(headers: object) -> Iterable[Sequence[object]]:
    """What should be pairs."""
    # httpx joins the values of a name in `items`; others show each of them there.
    method: object = getattr(headers, "multi_items", None) or getattr(headers, "items", None)
    entries: object = method() if callable(method) else headers
    if not _is_iterable(entries):
        message = f"headers must be a mapping or pairs, not {type(headers).__name__}"
        raise TypeError(message)
    return entries


def _is_iterable(entries: object) -> TypeGuard[Iterable[Sequence[object]]]:
    return isinstance(entries, Iterable) and not isinstance(entries, (str, bytes))


def _text(given: object, what: str) -> str:
    if isinstance(given, bytes):
        # Every byte is some character, as in WSGI; none beyond ASCII passes the checks that follow.
        return given.decode("latin-1")
    message = f"{what} must be str or bytes, not {type(given).__name__}"
    raise TypeError(message)


def check_length(header: str, name: str) -> None:
    """Refuse a header that is longer than any honest one.

    Raises:
        WebhookVerificationError: ``malformed_header``.
    """
    if len(header) > _LONGEST:
        message = f"the {name} header is longer than {_LONGEST} characters"
        raise refusal(message, "malformed_header")


def tokens(header: str, name: str) -> dict[str, list[bytes]]:
    """The signatures in a header, by version.

    Each token must have the form, and each value of a known version its length in standard base64, also when
    another token would match: what is not written by the rules was not written by the sender.

    Args:
        header: Tokens ``<version>,<value>`` separated by one space (Standard Webhooks 1.0.0).
        name: The header's name, for the error.

    Raises:
        WebhookVerificationError: ``malformed_header``.
    """
    check_length(header, name)
    found: dict[str, list[bytes]] = {}
    offered = header.split(" ")
    if len(offered) > _MOST:
        message = f"the {name} header has more than {_MOST} signatures"
        raise refusal(message, "malformed_header")
    for token in offered:
        match = _TOKEN.fullmatch(token)
        if match is None:
            message = f"the {name} header is not a list of <version>,<signature> separated by single spaces"
            raise refusal(message, "malformed_header")
        version, value = match.groups()
        form = VALUES.get(version)
        if form is not None and form.fullmatch(value) is None:
            message = f"a {version} signature in the {name} header is not standard base64 of its length"
            raise refusal(message, "malformed_header")
        found.setdefault(version, []).append(value.encode())
    return found
