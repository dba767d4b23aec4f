"""Waiting for a room's answer, where a person organises. Flows.

A room mailbox answers an invitation seconds to minutes later, and nothing tells of it but the event itself.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import NotFound
from hamilton_sdk.flow import Now, Sleep
from hamilton_sdk.graph.exchange import occupancy
from hamilton_sdk.graph.exchange.finding import by_id
from hamilton_sdk.graph.exchange.neighbours import room_taken
from hamilton_sdk.graph.exchange.wire import refusal

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.drafts import Draft
    from hamilton_sdk.graph.exchange.tenant import Tenant
    from hamilton_sdk.graph.models import Booking

__all__ = ["USUAL_WAIT", "accepted", "answered"]

USUAL_WAIT: Final = timedelta(seconds=30)
"""How long a change waits, for which no caller says how long."""
_FIRST_NAP: Final = 0.5
_LONGEST_NAP: Final = 8.0


def answered(tenant: Tenant, booking: Booking, wait: timedelta) -> Flow[Booking]:
    """Wait until a room has answered, asking less and less often.

    Returns:
        The booking as it stands then; still pending where there was no answer in time.

    Raises:
        NotFound: Somebody deleted the event meanwhile.
    """
    now: datetime = yield Now()
    until, nap = now + wait, _FIRST_NAP
    while booking.state == "pending":
        left = (until - now) / timedelta(seconds=1)
        if left <= 0:
            break
        yield Sleep(min(nap, left))
        nap = min(nap * 2, _LONGEST_NAP)
        found = yield from by_id(tenant, booking.id, booking.mailbox)
        if found is None:
            raise refusal(NotFound, "the event was deleted while the room was asked", "book it again")
        booking = found.booking
        now = yield Now()
    return booking


def accepted(draft: Draft, booking: Booking, wait: timedelta) -> Flow[Booking]:
    """The same, for a reservation that must not be declined.

    Raises:
        RoomTaken: The room declined; the meetings in the way are told as far as the organiser may see them.
    """
    tenant = draft.tenant
    booking = yield from answered(tenant, booking, wait)
    if booking.state == "declined":
        room, windows = draft.reservation.room, draft.windows()
        raise room_taken((yield from occupancy.in_the_way(tenant, booking.mailbox, room, windows)))
    return booking
