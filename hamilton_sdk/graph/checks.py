"""Checks of what a connector is given, before an adapter is asked. Pure; an error never repeats a value.

Types are checked here, once for every adapter; values by each adapter, save those that no adapter can use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache
from typing import cast

from hamilton_sdk.errors import Invalid

__all__ = ["check_arguments", "checked_rooms", "checked_wait"]


@cache
def _types() -> Mapping[str, tuple[type, ...]]:
    """What each argument may be; a name means the same to every method but those named before it."""
    # Loaded on use: the words need pydantic, and these checks are imported without them too.
    from hamilton_sdk.graph.models import Reservation
    from hamilton_sdk.model import TimeWindow

    nothing = type(None)
    needed: dict[str, tuple[type, ...]] = {
        "reservation": (Reservation,),
        "window": (TimeWindow,),
        "changes.window": (TimeWindow, nothing),
        "duration": (timedelta, nothing),
    }
    texts = ("reference", "room", "mailbox", "notify_url", "watch_id")
    optional = ("token", "version", "comment", "cursor", "lifecycle_url", "secret", "certificate")
    needed.update((name, (str,)) for name in texts)
    needed.update((name, (str, nothing)) for name in (*optional, "certificate_id"))
    return needed


def check_arguments(method: str, **arguments: object) -> None:
    """Refuse arguments of a wrong type.

    Args:
        method: Of a connector.
        arguments: What it was given, by name.

    Raises:
        TypeError: Names the method, the argument and what it must be, not the value.
    """
    known = _types()
    for name, value in arguments.items():
        expected = known.get(f"{method}.{name}") or known[name]
        if not isinstance(value, expected):
            words = " or ".join("None" if each is type(None) else each.__name__ for each in expected)
            message = f"{method}: {name} must be {words}, not {type(value).__name__}"
            raise TypeError(message)


def checked_rooms(method: str, value: object) -> tuple[str, ...]:
    """The addresses that an argument holds.

    Args:
        method: Of a connector.
        value: What was given for ``rooms``.

    Raises:
        TypeError: It is no collection of texts; a text alone is none.
    """
    rule = f"{method}: rooms must be an iterable of str"
    if isinstance(value, str) or not isinstance(value, Iterable):
        message = f"{rule}, not {type(value).__name__}"
        raise TypeError(message)
    rooms: list[str] = []
    for each in cast("Iterable[object]", value):
        if not isinstance(each, str):
            message = f"{rule}, and holds {type(each).__name__}"
            raise TypeError(message)
        rooms.append(each)
    return tuple(rooms)


def checked_wait(method: str, value: object) -> timedelta:
    """How long to wait, given as a timedelta or in seconds.

    Args:
        method: Of a connector.
        value: What was given for ``wait``.

    Raises:
        TypeError: It is neither.
        Invalid: It is negative, no number, or longer than any timedelta.
    """
    if isinstance(value, bool) or not isinstance(value, (timedelta, int, float)):
        message = f"{method}: wait must be timedelta or seconds, not {type(value).__name__}"
        raise TypeError(message)
    try:
        wait = value if isinstance(value, timedelta) else timedelta(seconds=value)
    except (OverflowError, ValueError):
        wait = timedelta(-1)
    if wait < timedelta():
        message = f"{method}: wait is negative, or no span of time"
        raise Invalid(message, hint="give timedelta(seconds=30), or timedelta() not to wait")
    return wait
