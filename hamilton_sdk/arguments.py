"""Refuses arguments of a wrong type, from callers whose code no type checker has seen. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["check_arguments", "check_type", "checked_items"]

T = TypeVar("T")


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


def check_arguments(
    method: str, arguments: Mapping[str, object], types: Mapping[str, tuple[type, ...]]
) -> None:
    """Refuse arguments of a wrong type.

    Args:
        method: Of a connector.
        arguments: What it was given, by name.
        types: What an argument of a name may be, for every method; ``method.name`` goes before.

    Raises:
        TypeError: Names the method, the argument and what it must be, not the value.
    """
    for name, value in arguments.items():
        expected = types.get(f"{method}.{name}") or types[name]
        check_type(f"{method}: {name}", value, *expected)


def checked_items(what: str, value: object, kind: type[T]) -> tuple[T, ...]:
    """The items that an argument holds.

    Args:
        what: The method and the argument, for the error.
        value: What was given.
        kind: What each item must be. A single one could be iterated over as well, and is refused.

    Raises:
        TypeError: It is no collection of these.
    """
    rule = f"{what} must be an iterable of {kind.__name__}"
    if isinstance(value, kind) or not isinstance(value, Iterable):
        message = f"{rule}, not {type(value).__name__}"
        raise TypeError(message)
    items: list[T] = []
    for each in cast("Iterable[object]", value):
        if not isinstance(each, kind):
            message = f"{rule}, and holds {type(each).__name__}"
            raise TypeError(message)
        items.append(each)
    return tuple(items)
