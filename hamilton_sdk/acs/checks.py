"""Checks that every adapter makes before it writes anything. Pure; an error never repeats a personal value.

Names of profiles and credential types are the site's own words and do appear; names of people and credential
numbers never do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from hamilton_sdk.acs.models import CredentialType, Holder
    from hamilton_sdk.model import TimeWindow

__all__ = ["check_aware", "check_lengths", "check_number", "check_window", "nearest"]

_SHOWN: Final = 3
"""How many names a hint shows: enough to spot a typing error, few enough to read."""

_DIGITS: Final = "0123456789"
_ALPHABETS: Final[Mapping[str, tuple[str, str, int]]] = {
    "decimal": (_DIGITS, "decimal digits", 10),
    "bcd": (_DIGITS, "decimal digits", 10),
    "hexadecimal": (_DIGITS + "abcdefABCDEF", "hexadecimal digits", 16),
}


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
    by_folded = {each.casefold(): each for each in names}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=_SHOWN, cutoff=0.6)
    if near:
        return f"did you mean {_listed([by_folded[each] for each in near], 'or')}?"
    rest = len(names) - _SHOWN
    more = f" and {rest} more" if rest > 0 else ""
    return f"none is near; the system knows {', '.join(repr(each) for each in names[:_SHOWN])}{more}"


def _listed(names: list[str], last: str) -> str:
    quoted = [repr(each) for each in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


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
    alphabet, words, base = _ALPHABETS[kind.encoding]
    if not number or any(character not in alphabet for character in number):
        message = f"Credential.number holds a character that type {kind.name!r} does not allow"
        raise Invalid(message, hint=f"{kind.name!r} takes {words} only")
    value = int(number, base)
    low, high = _bound(kind.minimum, base), _bound(kind.maximum, base)
    if (low is not None and value < low) or (high is not None and value > high):
        message = f"Credential.number is outside the range of type {kind.name!r}"
        raise Invalid(message, hint=f"{kind.name!r} takes {kind.minimum or 'any'} to {kind.maximum or 'any'}")


def _bound(text: str | None, base: int) -> int | None:
    """A limit as a number; None where there is none, or where a site wrote what cannot be read as one."""
    if text is None:
        return None
    try:
        return int(text, base)
    except ValueError:
        return None


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
        message = "AccessOrder.window has ended"
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
