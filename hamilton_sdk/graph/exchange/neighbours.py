"""Who else takes a room at the same time, and who gives way. Flows.

An event written straight into a room's calendar is never refused: no booking attendant looks at it. So we
look before and after. Of two applications that book at once each may see the other afterwards, and the one
whose event was made later (then with the greater id) gives way. Who made a meeting that is not ours does not
know this rule: we give way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.flow import Sleep
from hamilton_sdk.graph.errors import RoomTaken
from hamilton_sdk.graph.exchange import events
from hamilton_sdk.graph.exchange.faults import CONNECTOR
from hamilton_sdk.graph.exchange.finding import age, view
from hamilton_sdk.graph.exchange.nodes import Node, text
from hamilton_sdk.model import TimeWindow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.tenant import Tenant
    from hamilton_sdk.graph.models import Meeting

__all__ = ["in_the_way", "neighbours", "outlast", "own", "rivals", "room_taken", "taken"]

_OUTLASTING: Final = (0.25, 0.5, 1.0, 2.0)
"""Seconds between looks while later ones give way, for which they need two requests."""


def neighbours(tenant: Tenant, room: str, windows: Sequence[TimeWindow]) -> Flow[list[Node]]:
    """What stands in a room's calendar while it is needed, from the first window to the last."""
    span = TimeWindow(windows[0].start, max(each.end for each in windows))
    return (yield from view(tenant, room, span))


def own(event: Node, event_id: str) -> bool:
    """Whether it is the event of an id, or one of its repeats."""
    # Ids are compared as they are: two may differ by case alone.
    return event_id in {text(event, "id"), text(event, "seriesMasterId")}


def in_the_way(
    found: Iterable[Node], windows: Sequence[TimeWindow], event_id: str | None = None
) -> list[Node]:
    """Those that take the room in one of the windows, without the event of an id and its repeats."""
    others = (each for each in found if events.busy(each) and (event_id is None or not own(each, event_id)))
    return [each for each in others if _overlaps(events.window_of(each), windows)]


def _overlaps(window: TimeWindow, others: Sequence[TimeWindow]) -> bool:
    return any(window.overlaps(each) for each in others)


def rivals(tenant: Tenant, event: Node, others: Iterable[Node]) -> list[Node]:
    """Those of the others that an event which was just made gives way to."""
    mark = tenant.settings.reference_property
    return [each for each in others if events.reference_of(each, mark) is None or age(each) < age(event)]


def outlast(tenant: Tenant, room: str, windows: Sequence[TimeWindow], event: Node) -> Flow[None]:
    """Give way to whoever was first, and see that those who came later do so.

    Ages are as Exchange tells them, and the clocks of two of its servers need not agree: a later one that
    stays may have looked before ours stood, and been told that the room is its own. Then we give way.

    Raises:
        RoomTaken: Another one keeps the room.
    """
    for nap in (*_OUTLASTING, None):
        others = in_the_way((yield from neighbours(tenant, room, windows)), windows, text(event, "id"))
        if not others:
            return
        first = rivals(tenant, event, others)
        if first or nap is None:
            raise taken(tenant, first or others)
        yield Sleep(nap)


def taken(tenant: Tenant, others: Iterable[Node]) -> RoomTaken:
    """What to raise where meetings are in the way."""
    mark = tenant.settings.reference_property
    return room_taken(tuple(events.meeting(each, mark) for each in others))


def room_taken(meetings: tuple[Meeting, ...], operation: str | None = None) -> RoomTaken:
    """The error that names meetings; a room that declines may name none."""
    what = f"{len(meetings)} in the way" if meetings else "the room declined"
    error = RoomTaken(
        f"{CONNECTOR}: the room is taken: {what}",
        hint="choose another room or time; `occupancy` tells when rooms are free",
        conflicts=meetings,
    )
    error.connector, error.operation = CONNECTOR, operation
    return error
