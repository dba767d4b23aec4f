"""Refuses arguments that no database can keep."""

from __future__ import annotations

import re
from typing import Final

from hamilton_sdk.arguments import check_type
from hamilton_sdk.errors import ConfigurationError

__all__ = ["check_number", "check_text"]

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""No database's text holds NUL everywhere, and no encoding half of a surrogate pair."""
_LARGEST: Final = 2**63 - 1


def check_text(name: str, value: object, *also: type) -> None:
    """Refuse what a database cannot keep as text.

    Args:
        name: The argument's.
        value: What was given.
        also: Types that it may have besides: ``type(None)`` where it may be left out.

    Raises:
        ConfigurationError: It holds NUL or half of a surrogate pair.
        TypeError: It is of another type.
    """
    check_type(name, value, str, *also)
    if isinstance(value, str) and _UNSTORABLE.search(value):
        message = f"{name} holds a character that a database cannot keep"
        raise ConfigurationError(message, hint="leave out NUL and lone surrogates")


def check_number(name: str, value: object, *also: type) -> None:
    """Refuse what a database cannot keep as a whole number.

    Args:
        name: The argument's.
        value: What was given.
        also: Types that it may have besides: ``type(None)`` where it may be left out.

    Raises:
        ConfigurationError: It has more than 64 bits.
        TypeError: It is of another type.
    """
    check_type(name, value, int, *also)
    if isinstance(value, int) and not -_LARGEST <= value <= _LARGEST:
        message = f"{name} is no number of 64 bits"
        raise ConfigurationError(message, hint="give the number as it was read")
