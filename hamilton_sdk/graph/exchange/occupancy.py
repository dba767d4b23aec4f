"""When rooms are taken: getSchedule. Flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import NotFound
from hamilton_sdk.flow import Safety
from hamilton_sdk.graph.exchange import faults, times
from hamilton_sdk.graph.exchange.nodes import Node, flag, node, nodes, text
from hamilton_sdk.graph.exchange.wire import Call, path, several
from hamilton_sdk.graph.models import Meeting, Occupancy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.tenant import Tenant
    from hamilton_sdk.graph.models import MeetingStatus, Reservation
    from hamilton_sdk.model import TimeWindow

__all__ = ["UNRESOLVED", "ask", "in_the_way", "occupancy", "taking"]

_SCHEDULES: Final = 20
"""Asked for at once: the documented limit; the server's own is 100."""
_STATUSES: Final[Mapping[str, MeetingStatus]] = {
    "free": "free",
    "tentative": "tentative",
    "busy": "busy",
    "oof": "out_of_office",
    "workingelsewhere": "working_elsewhere",
}
_NOT_TAKING: Final = ("free", "working_elsewhere")
UNRESOLVED: Final = "5009"
"""What getSchedule says of an address that it cannot resolve."""
_SILENT: Final = "noAnswer"
"""Our own code for a room that the answer leaves out."""


def occupancy(tenant: Tenant, rooms: Sequence[str], window: TimeWindow) -> Flow[tuple[Occupancy, ...]]:
    """See `CalendarAdapter.occupancy`."""
    once = list({each.lower(): each for each in rooms}.values())
    chunks = [tuple(once[place : place + _SCHEDULES]) for place in range(0, len(once), _SCHEDULES)]
    told = yield from several([_chunk(tenant, chunk, window) for chunk in chunks])
    by_room = {each.room.lower(): each for chunk in told for each in chunk}
    return tuple(by_room[each.lower()].model_copy(update={"room": each}) for each in rooms)


def _chunk(tenant: Tenant, rooms: tuple[str, ...], window: TimeWindow) -> Flow[list[Occupancy]]:
    """Ask in the name of one of them; of the next one where that mailbox is not there."""
    missing: list[str] = []
    for mailbox in rooms:
        try:
            left = tuple(each for each in rooms if each not in missing)
            told = yield from ask(tenant, mailbox, left, window)
        except NotFound as error:
            if not faults.mailbox_missing(error):
                raise
            missing.append(mailbox)
        else:
            return [*told, *_unresolved(missing)]
    return _unresolved(missing)


def _unresolved(rooms: list[str]) -> list[Occupancy]:
    return [Occupancy(room=each, error=UNRESOLVED) for each in rooms]


def ask(tenant: Tenant, mailbox: str, rooms: tuple[str, ...], window: TimeWindow) -> Flow[list[Occupancy]]:
    """When up to 20 rooms are taken, asked in the name of a mailbox; in the order asked."""
    call = Call(
        operation="getSchedule",
        method="POST",
        path=path("users", mailbox, "calendar", "getSchedule"),
        mailbox=mailbox,
        safety=Safety.SAFE,  # a read, though it is a POST
        body={
            "schedules": list(rooms),
            "startTime": times.utc(window.start),
            "endTime": times.utc(window.end),
        },
    )
    return (yield from tenant.wire.ask_for(call, lambda answer: _read(answer, rooms)))


def _read(answer: Node, rooms: tuple[str, ...]) -> list[Occupancy]:
    told = {(text(each, "scheduleId") or "").lower(): each for each in nodes(answer, "value")}
    return [_room(room, told.get(room.lower())) for room in rooms]


def _room(room: str, schedule: Node | None) -> Occupancy:
    if schedule is None:
        return Occupancy(room=room, error=_SILENT)
    # A room's error stands inside the 200, without items.
    error = node(schedule, "error")
    if error:
        return Occupancy(room=room, error=text(error, "responseCode") or _SILENT)
    meetings = sorted(map(_meeting, nodes(schedule, "scheduleItems")), key=lambda each: each.window.start)
    return Occupancy(room=room, meetings=tuple(meetings))


def _meeting(item: Node) -> Meeting:
    window = times.read_window(times.moment(node(item, "start")), times.moment(node(item, "end")))
    return Meeting(
        window=window,
        # One documented sample writes "Busy" and "Tentative".
        status=_STATUSES.get((text(item, "status") or "").lower(), "unknown"),
        subject=text(item, "subject"),
        private=flag(item, "isPrivate"),
    )


def taking(told: Occupancy, window: TimeWindow) -> tuple[Meeting, ...]:
    """The meetings that take a room in a window."""
    found = (each for each in told.meetings if each.status not in _NOT_TAKING)
    return tuple(each for each in found if each.window.overlaps(window))


def in_the_way(tenant: Tenant, mailbox: str, reservation: Reservation) -> Flow[tuple[Meeting, ...]]:
    """What takes a reservation's room at its time, as its organiser may see it."""
    told = yield from ask(tenant, mailbox, (reservation.room,), reservation.window)
    return taking(told[0], reservation.window)
