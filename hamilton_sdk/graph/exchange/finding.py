"""Finding events: by the caller's reference, by id, and in a calendar's window. Flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hamilton_sdk.errors import NotFound
from hamilton_sdk.flow import Page
from hamilton_sdk.graph.exchange import events, faults, times
from hamilton_sdk.graph.exchange.nodes import Node, nodes, text
from hamilton_sdk.graph.exchange.wire import Call, path, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.tenant import Tenant
    from hamilton_sdk.graph.models import Booking, RoomResponse
    from hamilton_sdk.model import TimeWindow

__all__ = [
    "AS_TEXT",
    "Found",
    "age",
    "bookings_page",
    "by_id",
    "by_reference",
    "find",
    "needed",
    "reader",
    "response",
    "view",
]

AS_TEXT: Final = 'outlook.body-content-type="text"'
"""So that a body reads as it was written, and not as a page of HTML."""
_FEW: Final = 10


class Found(NamedTuple):
    """An event of ours.

    Attributes:
        event: As Graph tells it.
        booking: What it says.
    """

    event: Node
    booking: Booking


def reader(tenant: Tenant, mailbox: str) -> events.Reader:
    """What reads events of a mailbox where ours live."""
    room = mailbox if tenant.rooms_organise else None
    return events.Reader(mailbox, tenant.settings.reference_property, room=room)


def by_reference(tenant: Tenant, reference: str, mailbox: str) -> Flow[Found | None]:
    """What stands for a reference; None where there is nothing, or it was called off.

    Of several, which only a rival without our keys can make, the one that was made first.
    """
    mark = tenant.settings.reference_property
    quoted = reference.replace("'", "''")
    wanted = f"ep/id eq '{mark}' and ep/value eq '{quoted}'"
    call = Call(
        operation="findEvent",
        path=path("users", mailbox, "events"),
        mailbox=mailbox,
        query={
            "$filter": f"singleValueExtendedProperties/Any(ep: {wanted})",
            "$expand": events.expanding(mark),
            "$top": str(_FEW),
        },
        prefer=(AS_TEXT,),
    )
    read = reader(tenant, mailbox)

    def standing(answer: Node) -> Found | None:
        found = [each for each in nodes(answer, "value") if not events.is_cancelled(each)]
        # A filter that a proxy dropped would give us other people's meetings to overwrite.
        ours = [each for each in found if events.reference_of(each, mark) == reference]
        first = min(ours, key=age, default=None)
        return None if first is None else Found(first, read(first))

    return (yield from tenant.wire.ask_for(call, standing))


def age(event: Node) -> tuple[str, str]:
    """When it was made, then its id: of two meetings made at once, the greater gives way."""
    return text(event, "createdDateTime") or "", text(event, "id") or ""


def needed(tenant: Tenant, reference: str, mailbox: str, operation: str) -> Flow[Found]:
    """What stands for a reference.

    Raises:
        NotFound: Nothing does.
    """
    found = yield from by_reference(tenant, reference, mailbox)
    if found is None:
        raise refusal(
            NotFound,
            "nothing stands for this reference in that mailbox",
            "check the reference and the mailbox; one that was cancelled is gone from Exchange",
            operation,
        )
    return found


def by_id(tenant: Tenant, event_id: str, mailbox: str) -> Flow[Found | None]:
    """An event of ours by its id; None where it is gone."""
    call = Call(
        operation="getEvent",
        path=path("users", mailbox, "events", event_id),
        mailbox=mailbox,
        query={"$expand": events.expanding(tenant.settings.reference_property)},
        prefer=(AS_TEXT,),
    )
    read = reader(tenant, mailbox)
    try:
        return (yield from tenant.wire.ask_for(call, lambda event: Found(event, read(event))))
    except NotFound as error:
        if faults.mailbox_missing(error):
            raise
        return None


def find(tenant: Tenant, reference: str, mailbox: str) -> Flow[Booking | None]:
    """See `CalendarAdapter.find`."""
    found = yield from by_reference(tenant, reference, mailbox)
    return None if found is None else found.booking


def response(tenant: Tenant, reference: str, mailbox: str) -> Flow[RoomResponse]:
    """See `CalendarAdapter.response`."""
    found = yield from needed(tenant, reference, mailbox, "response")
    return found.booking.response


def view(tenant: Tenant, mailbox: str, window: TimeWindow) -> Flow[list[Node]]:
    """All events of a calendar in a window, repeats one by one."""
    found: list[Node] = []
    token: str | None = None
    while True:
        answer = yield from tenant.wire.ask(_view(tenant, mailbox, window, token))
        found += nodes(answer, "value")
        token = tenant.wire.next_link(answer)
        if token is None:
            return found


def bookings_page(tenant: Tenant, room: str, window: TimeWindow, token: str | None) -> Flow[Page[Booking]]:
    """See `CalendarAdapter.bookings_page`."""
    tenant.wire.check_token(token)
    read = events.Reader(room, tenant.settings.reference_property, room=room)

    def page(answer: Node) -> Page[Booking]:
        items = tuple(read(each) for each in nodes(answer, "value"))
        return Page(items, tenant.wire.next_link(answer))

    return (yield from tenant.wire.ask_for(_view(tenant, room, window, token), page))


def _view(tenant: Tenant, mailbox: str, window: TimeWindow, token: str | None) -> Call:
    query: Mapping[str, str] = {
        "startDateTime": times.query(window.start),
        "endDateTime": times.query(window.end),
        "$expand": events.expanding(tenant.settings.reference_property),
        "$top": str(tenant.settings.page_size),
    }
    return Call(
        operation="calendarView",
        # A link is followed as it is: it holds the window, and Graph's own place in it.
        path=token or path("users", mailbox, "calendarView"),
        mailbox=mailbox,
        query={} if token else query,
    )
