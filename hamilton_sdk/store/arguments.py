"""Refuses arguments of a wrong type, from callers whose code no type checker has seen."""

from __future__ import annotations

__all__ = ["check_type"]


def check_type(name: str, value: object, *expected: type) -> None:
    """Refuse a value that is of none of the expected types; a bool is no number.

    Raises:
        TypeError: Names the argument and what it must be, not the value.
    """
    if isinstance(value, expected) and (bool in expected or not isinstance(value, bool)):
        return
    words = " or ".join("None" if each is type(None) else each.__name__ for each in expected)
    message = f"{name} must be {words}, not {type(value).__name__}"
    raise TypeError(message)
