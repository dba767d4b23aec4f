"""Numbers as digits: the checks that every conversion shares, and random numbers for new credentials."""

from __future__ import annotations

import re
import secrets
from typing import Final

from hamilton_sdk.errors import Invalid

__all__ = ["LONGEST", "check_range", "decimal_value", "guess_risk", "random_number"]

LONGEST: Final = 64
"""The most characters of a number: more than any known system takes (AEOS 32, readers over IP 28 bytes)."""

_FEWEST_DIGITS: Final = 4  # a shorter number is found by trying them all at the door


def check_range(name: str, value: int, lowest: int, highest: int) -> None:
    """Refuse what is not a whole number within limits, both included; the message names the limits only."""
    # Exactly int: True would count as 1, and a text is never converted in silence.
    if type(value) is not int or not lowest <= value <= highest:
        message = f"{name} is not a whole number from {lowest} to {highest}"
        raise Invalid(message, hint=f"give {name} as an int within these limits")


def decimal_value(number: str) -> int:
    """The value of decimal digits, and of nothing else that `int` would take (signs, spaces, underscores)."""
    if not re.fullmatch(f"[0-9]{{1,{LONGEST}}}", number):
        message = f"the number is not 1 to {LONGEST} decimal digits"
        raise Invalid(message, hint="give it as text of the digits 0 to 9, without spaces")
    return int(number)


def random_number(digits: int = 8) -> str:
    """A number for a new credential, from a cryptographic source, with a first digit from 1 to 9.

    No leading zero, since some systems drop it. Nothing keeps two calls from drawing the same number: the
    access-control system refuses one that is in use.

    Args:
        digits: From 4 to 64; eight give 90 million numbers.

    Raises:
        Invalid: Too few or too many digits.
    """
    check_range("digits", digits, _FEWEST_DIGITS, LONGEST)
    lowest: int = 10 ** (digits - 1)
    return str(lowest + secrets.randbelow(9 * lowest))


def guess_risk(live: int, tries: int, digits: int = 8) -> float:
    """How likely it is that somebody who tries numbers of `random_number` finds a live one, at most.

    Args:
        live: How many numbers open a door at the same time.
        tries: How many an attacker can try before somebody notices.
        digits: As given to `random_number`.

    Returns:
        From 0.0 to 1.0: ``live * tries / space``, where eight digits make a space of 90 million.

    Raises:
        Invalid: A count that is negative or above the space, or a wrong number of digits.

    Example:
        >>> guess_risk(live=900, tries=1000)
        0.01
    """
    check_range("digits", digits, _FEWEST_DIGITS, LONGEST)
    space: int = 9 * 10 ** (digits - 1)
    check_range("live", live, 0, space)
    check_range("tries", tries, 0, space)
    return min(1.0, live * tries / space)
