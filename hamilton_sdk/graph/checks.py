"""Checks of what a connector is given, before an adapter is asked. Pure; an error never repeats a value.

Types are checked here, once for every adapter; values by each adapter, save those that no adapter can use.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from hamilton_sdk import arguments as checking
from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    checking.check_arguments(method, arguments, _types())


def checked_rooms(method: str, value: object) -> tuple[str, ...]:
    """The addresses that an argument holds.

    Args:
        method: Of a connector.
        value: What was given for ``rooms``.

    Raises:
        TypeError: It is no collection of texts; a text alone is none.
    """
    return checking.checked_items(f"{method}: rooms", value, str)


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
