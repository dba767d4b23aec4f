"""Booking: making a reservation stand in its room's calendar. Flows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import ConnectorError, NotFound
from hamilton_sdk.flow import Now, Sleep
from hamilton_sdk.graph.errors import RoomTaken
from hamilton_sdk.graph.exchange import occupancy, places
from hamilton_sdk.graph.exchange.altering import alter, restore
from hamilton_sdk.graph.exchange.drafts import Draft
from hamilton_sdk.graph.exchange.finding import by_id, by_reference
from hamilton_sdk.graph.exchange.making import make, remove, withdraw
from hamilton_sdk.graph.exchange.neighbours import in_the_way, neighbours, rivals, room_taken, taken
from hamilton_sdk.graph.exchange.wire import refusal

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.finding import Found
    from hamilton_sdk.graph.exchange.tenant import Tenant
    from hamilton_sdk.graph.models import Booking, Meeting, Reservation

__all__ = ["book"]

_FIRST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 8.0


def book(tenant: Tenant, reservation: Reservation, wait: timedelta) -> Flow[Booking]:
    """See `CalendarAdapter.book`."""
    draft = Draft(tenant, reservation)
    draft.check()
    return (yield from places.refusing_no_mailbox(tenant, _book(draft, wait)))


def _book(draft: Draft, wait: timedelta) -> Flow[Booking]:
    tenant, reservation = draft.tenant, draft.reservation
    mailbox = tenant.mailbox(reservation)
    found = yield from by_reference(tenant, reservation.reference, mailbox)
    if found is not None and found.booking.state == "declined":
        # The room declined it; this is another try.
        yield from remove(tenant, found, mailbox)
        found = None
    if found is None:
        yield from places.check_room(tenant, reservation.room)
        yield from _refuse_taken(draft)
        found, ours = yield from make(draft)
        if ours:
            return (yield from _settle(draft, found, mailbox, wait))
    booking = yield from alter(draft, found, None)
    if tenant.rooms_organise or booking.state != "pending":
        return booking
    try:
        return (yield from _await_answer(draft, booking, wait))
    except RoomTaken as error:
        yield from restore(tenant, found, mailbox, error)
        raise


def _refuse_taken(draft: Draft) -> Flow[None]:
    """Look before: what is refused here bothers nobody."""
    tenant, room, windows = draft.tenant, draft.reservation.room, draft.windows()
    if tenant.rooms_organise:
        others = in_the_way((yield from neighbours(tenant, room, windows)), windows)
        if others:
            raise taken(tenant, others)
        return
    # A person's application need not be able to read the room's calendar: anybody sees when it is taken.
    told = yield from occupancy.ask(tenant, tenant.mailbox(draft.reservation), (room,), windows[0])
    if told[0].error == occupancy.UNRESOLVED:
        raise places.no_mailbox(None, "room")
    if not told[0].error and not told[0].free(windows[0]):
        raise room_taken(occupancy.taking(told[0], windows[0]))


def _settle(draft: Draft, found: Found, mailbox: str, wait: timedelta) -> Flow[Booking]:
    """Look after: give way to who was first, or hear what the room says; nothing of ours stays if refused."""
    tenant = draft.tenant
    try:
        if not tenant.rooms_organise:
            return (yield from _await_answer(draft, found.booking, wait))
        windows = draft.windows()
        around = yield from neighbours(tenant, draft.reservation.room, windows)
        first = rivals(tenant, found.event, in_the_way(around, windows, found.booking.id))
        if first:
            raise taken(tenant, first)
    except ConnectorError as error:
        yield from withdraw(tenant, found, mailbox, error)
        raise
    return found.booking


def _await_answer(draft: Draft, booking: Booking, wait: timedelta) -> Flow[Booking]:
    """Wait for the room's answer, asking less and less often.

    Raises:
        RoomTaken: It declined.
    """
    tenant, mailbox = draft.tenant, booking.mailbox
    now: datetime = yield Now()
    until, nap = now + wait, _FIRST_WAIT
    while booking.state == "pending":
        left = (until - now) / timedelta(seconds=1)
        if left <= 0:
            return booking
        yield Sleep(min(nap, left))
        nap = min(nap * 2, _LONGEST_WAIT)
        found = yield from by_id(tenant, booking.id, mailbox)
        if found is None:
            raise refusal(NotFound, "the event was deleted while the room was asked", "book it again", "book")
        booking = found.booking
        now = yield Now()
    if booking.state == "declined":
        meetings = yield from occupancy.in_the_way(tenant, mailbox, draft.reservation)
        raise _declined(meetings)
    return booking


def _declined(meetings: tuple[Meeting, ...] = ()) -> RoomTaken:
    return room_taken(meetings, "book")
