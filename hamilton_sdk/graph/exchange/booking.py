"""Booking: making a reservation stand in its room's calendar. Flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk.errors import ConnectorError
from hamilton_sdk.graph.exchange import occupancy, places
from hamilton_sdk.graph.exchange.altering import alter
from hamilton_sdk.graph.exchange.answering import accepted
from hamilton_sdk.graph.exchange.drafts import Draft
from hamilton_sdk.graph.exchange.finding import by_reference
from hamilton_sdk.graph.exchange.making import make, remove, withdraw
from hamilton_sdk.graph.exchange.neighbours import in_the_way, neighbours, outlast, room_taken, taken

if TYPE_CHECKING:
    from datetime import timedelta

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.finding import Found
    from hamilton_sdk.graph.exchange.tenant import Tenant
    from hamilton_sdk.graph.models import Booking, Reservation

__all__ = ["book"]


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
    if found.booking.state == "pending" and draft.stands(found.event, found.booking):
        return (yield from _settle(draft, found, mailbox, wait))
    return (yield from alter(draft, found, None, wait))


def _refuse_taken(draft: Draft) -> Flow[None]:
    """Look before: what is refused here bothers nobody."""
    tenant, room, windows = draft.tenant, draft.reservation.room, draft.windows()
    if tenant.rooms_organise:
        others = in_the_way((yield from neighbours(tenant, room, windows)), windows)
        if others:
            raise taken(tenant, others)
        return
    # A person's application need not be able to read the room's calendar: anybody sees when it is taken.
    meetings = yield from occupancy.in_the_way(tenant, tenant.mailbox(draft.reservation), room, windows)
    if meetings:
        raise room_taken(meetings)


def _settle(draft: Draft, found: Found, mailbox: str, wait: timedelta) -> Flow[Booking]:
    """Look after: give way to who was first, or hear what the room says; nothing of ours stays if refused."""
    tenant = draft.tenant
    try:
        if not tenant.rooms_organise:
            return (yield from accepted(draft, found.booking, wait))
        yield from outlast(tenant, draft.reservation.room, draft.windows(), found.event)
    except ConnectorError as error:
        yield from withdraw(tenant, found, mailbox, error)
        raise
    return found.booking
