"""Making an event once, and taking it back. Flows.

A reference has a key per generation (``transactionId``): Graph makes an event once for a key. It remembers
keys of events that are gone, and answers then with the event that is gone, or with
``ErrorDuplicateTransactionId`` (status 400 or 409, both are seen). Only then the next generation is tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import BadResponse, Conflict, ConnectorError, Interrupted, Invalid, NotFound, Outcome
from hamilton_sdk.flow import Request, Response, Safety, create
from hamilton_sdk.graph.exchange import faults
from hamilton_sdk.graph.exchange.events import is_cancelled
from hamilton_sdk.graph.exchange.finding import AS_TEXT, Found, by_id, by_reference, reader
from hamilton_sdk.graph.exchange.wire import Call, path, refusal

if TYPE_CHECKING:
    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.drafts import Draft
    from hamilton_sdk.graph.exchange.nodes import Node
    from hamilton_sdk.graph.exchange.tenant import Tenant

__all__ = ["make", "remove", "unless_gone", "withdraw"]

_GENERATIONS: Final = 100
_DUPLICATE: Final = "errorduplicatetransactionid"


def make(draft: Draft) -> Flow[tuple[Found, bool]]:
    """Make the event of a reservation.

    Returns:
        The event, and whether it is this reservation's; otherwise another was made under its reference
        meanwhile.

    Raises:
        ConnectorError: It could not be made. Nothing is left of it, as far as that could be found out.
    """
    tenant, reservation = draft.tenant, draft.reservation
    mailbox = tenant.mailbox(reservation)
    for generation in range(_GENERATIONS):
        try:
            made = yield from _make(draft, mailbox, generation)
        except (Conflict, Invalid) as error:
            if (error.code or "").lower() != _DUPLICATE:
                raise
            other = yield from by_reference(tenant, reservation.reference, mailbox)
            if other is not None:
                return other, False
            continue
        if not is_cancelled(made.event):
            # The answer may be the event of an earlier booking, which is gone by now.
            standing = yield from by_id(tenant, made.booking.id, mailbox)
            if standing is not None and not is_cancelled(standing.event):
                return standing, True
    raise refusal(
        BadResponse,
        f"{_GENERATIONS} events were made and cancelled under this reference",
        "book it under another reference",
        "createEvent",
    )


def _make(draft: Draft, mailbox: str, generation: int) -> Flow[Found]:
    tenant = draft.tenant
    call = Call(
        operation="createEvent",
        method="POST",
        path=path("users", mailbox, "events"),
        mailbox=mailbox,
        safety=Safety.IDEMPOTENT,  # by its transactionId
        body=draft.new(generation),
        prefer=(AS_TEXT,),
    )
    request = tenant.wire.request(call)
    read = reader(tenant, mailbox)
    reference = draft.reservation.reference

    def found(event: Node) -> Found:
        return Found(event, read(event, reference))

    try:
        return (
            yield from create(
                request,
                lambda: by_reference(tenant, reference, mailbox),
                lambda answer: tenant.wire.read(request, answer, found),
            )
        )
    except ConnectorError as error:
        if error.outcome is Outcome.UNKNOWN:
            yield from _withdraw_unknown(tenant, reference, mailbox, error)
        raise


def _withdraw_unknown(tenant: Tenant, reference: str, mailbox: str, error: ConnectorError) -> Flow[None]:
    """Take back what may have been made: its answer never came."""
    undoing = tenant.undoing()
    try:
        found = yield from by_reference(undoing, reference, mailbox)
        if found is not None:
            yield from remove(undoing, found, mailbox)
    except Interrupted:
        raise
    except ConnectorError as second:
        error.add_note(f"Looking for it, to take it back, failed as well: {second}")


def withdraw(tenant: Tenant, found: Found, mailbox: str, error: ConnectorError) -> Flow[None]:
    """Take back an event that was just made, because of an error; a note says where that failed."""
    try:
        yield from remove(tenant.undoing(), found, mailbox)
    except Interrupted:
        raise
    except ConnectorError as second:
        error.add_note(f"The event could not be taken back and still stands: {second}")


def remove(tenant: Tenant, found: Found, mailbox: str, *, version: str | None = None) -> Flow[None]:
    """Delete an event, which calls it off for those invited; one that is gone is success."""
    request = tenant.wire.request(
        Call(
            operation="deleteEvent",
            method="DELETE",
            path=path("users", mailbox, "events", found.booking.id),
            mailbox=mailbox,
            safety=Safety.IDEMPOTENT,
            version=version,
        )
    )
    yield from unless_gone(request)


def unless_gone(request: Request) -> Flow[None]:
    """Perform what ends an event; that it is gone already is success."""
    answer: Response = yield request
    if not answer.ok:
        error = faults.failed(request, answer)
        if not isinstance(error, NotFound) or faults.mailbox_missing(error):
            raise error
