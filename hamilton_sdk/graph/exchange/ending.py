"""Calling events off, and ending them early. Flows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hamilton_sdk.flow import Now, Safety
from hamilton_sdk.graph.exchange import times
from hamilton_sdk.graph.exchange.altering import check_version, patch
from hamilton_sdk.graph.exchange.answering import USUAL_WAIT, answered
from hamilton_sdk.graph.exchange.finding import Found, needed, reader
from hamilton_sdk.graph.exchange.making import remove, unless_gone
from hamilton_sdk.graph.exchange.nodes import Node, flag, nodes
from hamilton_sdk.graph.exchange.wire import Call, path

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.tenant import Tenant
    from hamilton_sdk.graph.models import Booking

__all__ = ["cancel", "end_early"]

_MOMENT: Final = timedelta(seconds=1)


def cancel(
    tenant: Tenant, reference: str, mailbox: str, version: str | None, comment: str | None
) -> Flow[Booking]:
    """See `CalendarAdapter.cancel`."""
    found = yield from needed(tenant, reference, mailbox, "cancel")
    check_version(found.booking, version, "cancel")
    return (yield from _cancel(tenant, found, version, comment))


def _cancel(tenant: Tenant, found: Found, version: str | None, comment: str | None) -> Flow[Booking]:
    booking = found.booking
    if nodes(found.event, "attendees"):
        call = Call(
            operation="cancelEvent",
            method="POST",
            path=path("users", booking.mailbox, "events", booking.id, "cancel"),
            mailbox=booking.mailbox,
            safety=Safety.IDEMPOTENT,
            body={"comment": comment or ""},
        )
        yield from unless_gone(tenant.wire.request(call))
    else:
        # Nobody is to be told: an event without others is no meeting, and only meetings are cancelled.
        yield from remove(tenant, found, booking.mailbox, version=version)
    return booking.model_copy(update={"state": "cancelled"})


def end_early(tenant: Tenant, reference: str, mailbox: str) -> Flow[Booking]:
    """See `CalendarAdapter.end_early`. Of a series, the occurrence that runs now."""
    found = yield from needed(tenant, reference, mailbox, "end_early")
    now: datetime = yield Now()
    if found.booking.kind != "series":
        return (yield from _end(tenant, found, now))
    running = yield from _running(tenant, found, now)
    return found.booking if running is None else (yield from _end(tenant, running, now))


def _end(tenant: Tenant, found: Found, now: datetime) -> Flow[Booking]:
    booking, end = found.booking, now.replace(second=0, microsecond=0)
    if booking.state == "declined" or end >= booking.window.end:
        return booking
    if end <= booking.window.start:
        return (yield from _cancel(tenant, found, None, None))
    members: Node = {"end": times.utc(end), "start": times.utc(booking.window.start)}
    if flag(found.event, "isAllDay"):
        members = {**members, "isAllDay": False}
    changed = yield from patch(tenant, found, members)
    if tenant.rooms_organise:
        return changed.booking
    # The room is asked anew; that it takes less time is nothing to decline.
    return (yield from answered(tenant, changed.booking, USUAL_WAIT))


def _running(tenant: Tenant, series: Found, now: datetime) -> Flow[Found | None]:
    booking = series.booking
    call = Call(
        operation="listInstances",
        path=path("users", booking.mailbox, "events", booking.id, "instances"),
        mailbox=booking.mailbox,
        query={"startDateTime": times.query(now), "endDateTime": times.query(now + _MOMENT)},
    )
    read = reader(tenant, booking.mailbox)

    def running(answer: Node) -> Found | None:
        found = (Found(each, read(each, booking.reference)) for each in nodes(answer, "value"))
        return next((each for each in found if now in each.booking.window), None)

    return (yield from tenant.wire.ask_for(call, running))
