"""Giving an event that stands other values. Flows.

The OpenAPI declares If-Match for DELETE alone and no page promises it for PATCH: it is sent, 412 is heeded
where it comes, and the version is compared before, so that a service that ignores it does no harm beyond one
request's gap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import Conflict, ConnectorError, Interrupted, NotFound
from hamilton_sdk.flow import Safety
from hamilton_sdk.graph.exchange import events, faults, occupancy, places, times
from hamilton_sdk.graph.exchange.answering import USUAL_WAIT, accepted
from hamilton_sdk.graph.exchange.drafts import WRITTEN, Draft
from hamilton_sdk.graph.exchange.finding import AS_TEXT, Found, by_id, needed, reader
from hamilton_sdk.graph.exchange.neighbours import in_the_way, neighbours, room_taken, taken
from hamilton_sdk.graph.exchange.nodes import flag, node, text
from hamilton_sdk.graph.exchange.wire import Call, path, refusal

if TYPE_CHECKING:
    from datetime import timedelta

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.nodes import Node
    from hamilton_sdk.graph.exchange.tenant import Tenant
    from hamilton_sdk.graph.models import Booking, Reservation

__all__ = ["alter", "check_version", "patch", "restore", "update"]

_TRIES: Final = 3


def update(tenant: Tenant, reservation: Reservation, version: str | None) -> Flow[Booking]:
    """See `CalendarAdapter.update`."""
    draft = Draft(tenant, reservation)
    draft.check()
    return (yield from places.refusing_no_mailbox(tenant, _update(draft, version)))


def _update(draft: Draft, version: str | None) -> Flow[Booking]:
    tenant, reservation = draft.tenant, draft.reservation
    try:
        found = yield from needed(tenant, reservation.reference, tenant.mailbox(reservation), "update")
    except NotFound as error:
        if tenant.rooms_organise and not faults.mailbox_missing(error):
            # In the mailbox of what is no room there never was anything: that is what is wrong.
            yield from places.check_room(tenant, reservation.room)
        raise
    return (yield from alter(draft, found, version, USUAL_WAIT))


def check_version(booking: Booking, version: str | None, operation: str) -> None:
    """Refuse a change of another version than was read.

    Raises:
        Conflict: Another stands.
    """
    if version is not None and booking.version != version:
        raise refusal(
            Conflict,
            "the booking has changed: another version stands",
            "find it again, decide anew, and give the version found",
            operation,
        )


def alter(draft: Draft, found: Found, version: str | None, wait: timedelta) -> Flow[Booking]:
    """Give an event the values of a reservation.

    Raises:
        RoomTaken: Meetings are in the way; the event is as it was.
        Conflict: Another version stands.
    """
    check_version(found.booking, version, "update")
    if draft.stands(found.event, found.booking):
        return found.booking
    moves = _moves(draft, found)
    if moves:
        yield from _refuse_taken(draft, found)
    changed = yield from _change(draft, found, version)
    if not moves:
        return changed.booking
    try:
        return (yield from _look_after(draft, changed.booking, wait))
    except ConnectorError as error:
        yield from restore(draft.tenant, found, found.booking.mailbox, error)
        raise


def _moves(draft: Draft, found: Found) -> bool:
    """Whether it takes the room at another time, or another room."""
    wanted, booking = draft.reservation, found.booking
    same_room = events.same_address(booking.room, wanted.room)
    return not (same_room and booking.window == wanted.window and draft.repeats(booking))


def _refuse_taken(draft: Draft, found: Found) -> Flow[None]:
    tenant, room, windows = draft.tenant, draft.reservation.room, draft.windows()
    if tenant.rooms_organise:
        around = yield from neighbours(tenant, room, windows)
        others = in_the_way(around, windows, found.booking.id)
        if others:
            raise taken(tenant, others)
    elif not events.same_address(found.booking.room, room):
        # Where the room stays, its own meeting would be told as one in the way: the room decides by itself.
        yield from places.check_room(tenant, room)
        meetings = yield from occupancy.in_the_way(tenant, found.booking.mailbox, room, windows)
        if meetings:
            raise room_taken(meetings, "update")


def _change(draft: Draft, found: Found, version: str | None) -> Flow[Found]:
    """Write, and where somebody else wrote meanwhile, look again."""
    tenant, mailbox = draft.tenant, found.booking.mailbox
    for last in (False,) * (_TRIES - 1) + (True,):
        members: Node = draft.changed()
        if found.booking.kind == "series" and draft.reservation.recurrence is None:
            members = {**members, "recurrence": None}
        try:
            return (yield from patch(tenant, found, members))
        except Conflict as error:
            again = yield from by_id(tenant, found.booking.id, mailbox)
            if again is None:
                raise
            if draft.stands(again.event, again.booking):
                return again  # it was our own write, whose answer was lost
            if last or version is not None:
                error.add_note("The booking was left as somebody else made it.")
                raise
            found = again
    raise AssertionError  # pragma: no cover (the last try returns or raises)


def patch(tenant: Tenant, found: Found, members: Node) -> Flow[Found]:
    """Write members of an event, if it still is the version that was read."""
    booking = found.booking
    call = Call(
        operation="updateEvent",
        method="PATCH",
        path=path("users", booking.mailbox, "events", booking.id),
        mailbox=booking.mailbox,
        safety=Safety.IDEMPOTENT,
        body=members,
        prefer=(AS_TEXT,),
        version=booking.version,
    )
    read = reader(tenant, booking.mailbox)
    return (yield from tenant.wire.ask_for(call, lambda event: Found(event, read(event, booking.reference))))


def _look_after(draft: Draft, booking: Booking, wait: timedelta) -> Flow[Booking]:
    """See whether the room is ours: who moves gives way to whoever is there.

    Raises:
        RoomTaken: It is not.
    """
    tenant, windows = draft.tenant, draft.windows()
    if not tenant.rooms_organise:
        return (yield from accepted(draft, booking, wait))
    around = yield from neighbours(tenant, draft.reservation.room, windows)
    others = in_the_way(around, windows, booking.id)
    if others:
        raise taken(tenant, others)
    return booking


def restore(tenant: Tenant, before: Found, mailbox: str, error: ConnectorError) -> Flow[None]:
    """Give an event the values back that it had, because of an error; a note says where that failed."""
    undoing = tenant.undoing()
    try:
        now = yield from by_id(undoing, before.booking.id, mailbox)
        if now is not None:
            yield from patch(undoing, now, _members(before.event))
    except Interrupted:
        raise
    except ConnectorError as second:
        error.add_note(f"The booking could not be put back as it was: {second}")


def _members(event: Node) -> Node:
    members = {name: event[name] for name in WRITTEN if name in event}
    zone = text(event, "originalStartTimeZone")
    if zone and not flag(event, "isAllDay") and members.get("recurrence") and times.known(zone):
        # Repeats keep to the clock of the zone in which they were made.
        ends = (times.moment(node(event, name)) for name in ("start", "end"))
        members["start"], members["end"] = (times.zoned(end, zone) for end in ends)
    return members
