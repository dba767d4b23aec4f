"""Which operation a method and a path mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hamilton_sdk.testing.simulators.graph.responding import ACTIONS

if TYPE_CHECKING:
    from hamilton_sdk.testing.simulators.graph.wire import Call

__all__ = ["Route", "route"]

_KEYED: Final = re.compile(r"(\w+)\('(.*)'\)")

_OF_MAILBOX: Final[dict[tuple[str, tuple[str, ...]], str]] = {
    ("GET", ()): "users.get",
    ("GET", ("calendar",)): "calendar.get",
    ("GET", ("calendars",)): "calendars.list",
    ("GET", ("calendarview",)): "calendarView",
    ("GET", ("calendarview", "delta")): "delta",
    ("POST", ("getschedule",)): "getSchedule",
    ("POST", ("translateexchangeids",)): "translateExchangeIds",
}
_OF_EVENT: Final[dict[tuple[str | int, ...], str]] = {
    ("GET", 0): "events.list",
    ("POST", 0): "events.create",
    ("GET", 1): "events.get",
    ("PATCH", 1): "events.update",
    ("DELETE", 1): "events.delete",
    ("GET", 2, "instances"): "events.instances",
    ("POST", 2, "permanentdelete"): "events.permanentDelete",
}


@dataclass(frozen=True, slots=True)
class Route:
    """An operation.

    Attributes:
        name: For fault scripts, such as ``"events.create"``; ``"unknown"`` for none.
        mailbox: As the path names it; None where there is none.
        key: Of the event, subscription or calendar.
        rest: What else of the path matters.
    """

    name: str
    mailbox: str | None = None
    key: str = ""
    rest: tuple[str, ...] = ()


def route(call: Call) -> Route:
    """The operation of a request to Graph; names in paths have no case, keys have."""
    path = _parted(call.path)
    match (call.method, [each.lower() for each in path[:1]]):
        case ("POST", ["$batch"]) if len(path) == 1:
            return Route("batch")
        case ("GET", ["places"]) if len(path) > 1:
            return Route("places", rest=path[1:])
        case (_, ["subscriptions"]):
            return _subscription(call.method, path[1:])
        case (_, ["users"]) if len(path) > 1:
            return _mailbox(call.method, path[1], path[2:])
        case (_, ["me"]):
            return Route("me")
        case _:
            return Route("unknown", key=path[0] if path else "")


def _parted(path: tuple[str, ...]) -> tuple[str, ...]:
    """``users('a')/events('b')`` is ``users/a/events/b``."""
    found: list[str] = []
    for segment in path:
        match = _KEYED.fullmatch(segment)
        found.extend((match[1], match[2].replace("''", "'")) if match else (segment,))
    return tuple(found)


def _subscription(method: str, rest: tuple[str, ...]) -> Route:
    match (method, [each.lower() for each in rest]):
        case ("GET", []):
            return Route("subscriptions.list")
        case ("POST", []):
            return Route("subscriptions.create")
        case ("GET", [_]):
            return Route("subscriptions.get", key=rest[0])
        case ("PATCH", [_]):
            return Route("subscriptions.update", key=rest[0])
        case ("DELETE", [_]):
            return Route("subscriptions.delete", key=rest[0])
        case ("POST", [_, "reauthorize"]):
            return Route("subscriptions.reauthorize", key=rest[0])
        case _:
            return Route("unknown", key="subscriptions")


def _mailbox(method: str, user: str, rest: tuple[str, ...]) -> Route:
    # Each mailbox has one calendar here, whichever way it is named.
    names = [each.lower() for each in rest]
    if names[:1] == ["calendars"] and len(names) > 2:  # noqa: PLR2004 (the word, the key, what follows)
        rest, names = rest[2:], names[2:]
    elif names[:1] == ["calendar"] and len(names) > 1:
        rest, names = rest[1:], names[1:]
    if names[:1] == ["events"]:
        return _event(method, user, rest[1:])
    if names[:1] == ["mailboxsettings"] and method == "GET":
        return Route("mailboxSettings", user, rest=rest[1:])
    plain = tuple(each.removeprefix("microsoft.graph.").removesuffix("()") for each in names)
    name = _OF_MAILBOX.get((method, plain))
    return Route("unknown", key=rest[0] if rest else "users") if name is None else Route(name, user)


def _event(method: str, user: str, rest: tuple[str, ...]) -> Route:
    names = [each.lower().removeprefix("microsoft.graph.") for each in rest]
    key = rest[0] if rest else ""
    if method == "POST" and len(names) == 2 and names[1] in ACTIONS:  # noqa: PLR2004 (a key and an action)
        return Route(f"events.{ACTIONS[names[1]]}", user, key, (names[1],))
    name = _OF_EVENT.get((method, len(names), *names[1:2]))
    return Route("unknown", key="events") if name is None else Route(name, user, key)
