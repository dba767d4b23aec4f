"""Checks that come before anything is asked or written. Pure; an error never repeats a personal value.

Types are checked by the connectors, once for every adapter; values by each adapter. Names of profiles and
credential types are the site's own words and do appear; names of people and credential numbers never do.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from hamilton_sdk import arguments as checking
from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hamilton_sdk.acs.models import AccessOrder, CredentialType, Holder
    from hamilton_sdk.model import TimeWindow

__all__ = [
    "check_arguments",
    "check_aware",
    "check_lengths",
    "check_number",
    "check_window",
    "checked_orders",
    "nearest",
]

_SHOWN: Final = 3
"""How many names a hint shows: enough to spot a typing error, few enough to read."""

_DIGITS: Final = frozenset("0123456789")
_HEXADECIMAL: Final = _DIGITS | frozenset("abcdef")
_ALPHABETS: Final[Mapping[str, tuple[frozenset[str], str]]] = {
    "decimal": (_DIGITS, "decimal digits"),
    "bcd": (_DIGITS, "decimal digits"),
    "hexadecimal": (_HEXADECIMAL, "hexadecimal digits"),
}


@cache
def _types() -> Mapping[str, tuple[type, ...]]:
    """What each argument may be; a name means the same to every method."""
    # Loaded on use: the words need pydantic, and these checks are imported without them too.
    from hamilton_sdk.acs.models import AccessOrder, Credential
    from hamilton_sdk.model import TimeWindow

    return {
        "order": (AccessOrder,),
        "reference": (str,),
        "window": (TimeWindow,),
        "reason": (str, type(None)),
        "credential": (Credential,),
        "token": (str, type(None)),
        "ended_before": (datetime,),
    }


def check_arguments(method: str, **arguments: object) -> None:
    """Refuse arguments of a wrong type.

    Args:
        method: Of a connector.
        arguments: What it was given, by name.

    Raises:
        TypeError: Names the method, the argument and what it must be, not the value.
    """
    checking.check_arguments(method, arguments, _types())


def checked_orders(method: str, name: str, value: object) -> tuple[AccessOrder, ...]:
    """The orders that an argument holds.

    Args:
        method: Of a connector.
        name: The argument's.
        value: What was given for it.

    Raises:
        TypeError: It is no collection of orders.
    """
    from hamilton_sdk.acs.models import AccessOrder

    return checking.checked_items(f"{method}: {name}", value, AccessOrder)


def nearest(name: str, known: Iterable[str]) -> str:
    """The hint for a name that a system does not know: the nearest ones it does know.

    Args:
        name: What was asked for.
        known: Every name there is.

    Returns:
        A sentence for an error's ``hint``; case and accents alike do not hide a near name.

    Example:
        >>> nearest("visitor", ["Visitors", "Staff"])
        "did you mean 'Visitors'?"
    """
    names = sorted(set(known))
    if not names:
        return "the system has none: create one there, or give the account the right to see them"
    by_folded: dict[str, list[str]] = {}
    for each in names:
        by_folded.setdefault(each.casefold(), []).append(each)
    import difflib

    folded = difflib.get_close_matches(name.casefold(), by_folded, n=_SHOWN, cutoff=0.6)
    near = [known_name for each in folded for known_name in by_folded[each]][:_SHOWN]
    if near:
        return f"did you mean {_alternatives(near)}?"
    rest = len(names) - _SHOWN
    more = f" and {rest} more" if rest > 0 else ""
    return f"none is near; the system knows {', '.join(repr(each) for each in names[:_SHOWN])}{more}"


def _alternatives(names: list[str]) -> str:
    *others, last = [repr(each) for each in names]
    return f"{', '.join(others)} or {last}" if others else last


def check_number(number: str, kind: CredentialType) -> None:
    """Refuse a credential number that its type cannot hold.

    A range of texts is left to the system: no source says how it orders them.

    Args:
        number: Exactly as it would be sent.
        kind: The type, with alphabet and range.

    Raises:
        Invalid: A character outside the alphabet, or a number outside the range.
    """
    if kind.encoding not in _ALPHABETS:
        return
    alphabet, words = _ALPHABETS[kind.encoding]
    value = _size(number, alphabet)
    if value is None:
        message = f"Credential.number holds a character that type {kind.name!r} does not allow"
        raise Invalid(message, hint=f"{kind.name!r} takes {words} only")
    low, high = _size(kind.minimum, alphabet), _size(kind.maximum, alphabet)
    if (low is not None and value < low) or (high is not None and value > high):
        message = f"Credential.number is outside the range of type {kind.name!r}"
        raise Invalid(message, hint=f"its numbers are {_span(kind.minimum, kind.maximum)}")


def _size(number: str | None, alphabet: frozenset[str]) -> tuple[int, str] | None:
    """What orders numbers of any length: how many digits count, and which; None for what is no number."""
    if not number or not alphabet.issuperset(number.lower()):
        return None
    digits = number.lower().lstrip("0")
    return len(digits), digits


def _span(low: str | None, high: str | None) -> str:
    if low and high:
        return f"{low} to {high}"
    return f"{low} and above" if low else f"up to {high}"


def check_lengths(holder: Holder, limits: Mapping[str, int]) -> None:
    """Refuse a holder with a field longer than the system keeps.

    Args:
        holder: Whose fields.
        limits: The most characters by field name of `Holder`; a field that is not named has no limit.

    Raises:
        Invalid: Names the field and the limit, not the value.
    """
    for field, limit in limits.items():
        value: str | None = getattr(holder, field)
        if value is not None and len(value) > limit:
            message = f"Holder.{field} has {len(value)} characters, the system keeps {limit} at most"
            raise Invalid(message, hint=f"shorten {field} to {limit} characters")


def check_window(window: TimeWindow, now: datetime) -> None:
    """Refuse a window that is over; its end does not belong to it.

    Args:
        window: What is asked for.
        now: Aware.

    Raises:
        Invalid: The end is not in the future.
    """
    if window.end <= now:
        message = "the validity window has ended"
        raise Invalid(message, hint="give a window whose end lies in the future, and check its time zone")


def check_aware(moment: datetime, name: str) -> None:
    """Refuse a datetime without a zone.

    Args:
        moment: To be checked.
        name: What the caller knows it as.

    Raises:
        Invalid: It is naive.
    """
    if moment.utcoffset() is None:
        message = f"{name} is naive: it has no time zone"
        raise Invalid(message, hint='give it one, e.g. datetime(..., tzinfo=ZoneInfo("Europe/Paris"))')
