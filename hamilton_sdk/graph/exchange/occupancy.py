"""When rooms are taken: getSchedule. Flows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import NotFound
from hamilton_sdk.flow import Safety
from hamilton_sdk.graph.exchange import faults, times
from hamilton_sdk.graph.exchange.nodes import Node, flag, node, nodes, text
from hamilton_sdk.graph.exchange.places import no_mailbox
from hamilton_sdk.graph.exchange.wire import Call, path, several
from hamilton_sdk.graph.models import Meeting, Occupancy
from hamilton_sdk.model import TimeWindow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.tenant import Tenant
    from hamilton_sdk.graph.models import MeetingStatus

__all__ = ["UNRESOLVED", "ask", "in_the_way", "occupancy"]

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
_LONGEST_SPAN: Final = timedelta(days=42)
"""Of one question: Exchange's own limit for availability, which Graph may exceed but has not documented."""
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


def in_the_way(
    tenant: Tenant, mailbox: str, room: str, windows: Sequence[TimeWindow]
) -> Flow[tuple[Meeting, ...]]:
    """What takes a room in one of several windows, as a person may see it.

    Raises:
        Invalid: The room is nobody's mailbox.
    """
    found: list[Meeting] = []
    for span in _spans(windows):
        told = yield from ask(tenant, mailbox, (room,), span)
        if told[0].error == UNRESOLVED:
            raise no_mailbox(None, "room")
        found += told[0].meetings
    taking = [each for each in found if each.status not in _NOT_TAKING]
    return tuple(each for each in taking if any(each.window.overlaps(window) for window in windows))


def _spans(windows: Sequence[TimeWindow]) -> list[TimeWindow]:
    """Windows in order, gathered to spans that are not too long to be asked for at once."""
    spans: list[TimeWindow] = []
    for each in windows:
        if spans and each.end - spans[-1].start <= _LONGEST_SPAN:
            spans[-1] = TimeWindow(spans[-1].start, max(spans[-1].end, each.end))
        else:
            spans.append(each)
    return spans
