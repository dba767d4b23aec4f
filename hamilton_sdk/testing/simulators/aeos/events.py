"""Doors: presenting a credential, and the events that come of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from hamilton_sdk.testing.simulators.aeos.identifiers import BLOCKED_FOR_GOOD
from hamilton_sdk.testing.simulators.aeos.oracle import closed_because, grants_of, opens
from hamilton_sdk.testing.simulators.aeos.reference import EVENT_TYPES
from hamilton_sdk.testing.simulators.aeos.search import begins, paged
from hamilton_sdk.testing.simulators.aeos.state import Event
from hamilton_sdk.testing.simulators.aeos.values import latest, local

if TYPE_CHECKING:
    from hamilton_sdk.testing.simulators.aeos.reader import Record
    from hamilton_sdk.testing.simulators.aeos.state import Authorisation, Carrier, Identifier, Site
    from hamilton_sdk.testing.simulators.aeos.values import Value

__all__ = ["find", "present"]

_ACCESS: Final = 5
_NO_ACCESS: Final = 40
_INWARD: Final = 1
_NOT_AUTHORISED: Final = 100
_NOT_VALID: Final = 101


def present(site: Site, number: str, badge: Identifier | None, entrance: int, at: datetime) -> bool:
    """Hold a credential before an online door, and record what happens.

    Args:
        site: Where.
        number: As the reader reads it.
        badge: Which identifier that is; None for a number that is not known.
        entrance: Which door.
        at: Aware.

    Returns:
        Whether it opened.
    """

    def here(grant: Authorisation) -> bool:
        return grant.kind == "OnLine" and entrance in site.doors_of(grant.subject, grant.subject_id)

    opened = badge is not None and opens(site, badge, at, here)
    reason, attribute = (0, None) if opened else _why_not(site, badge, entrance, at)
    site.events.append(
        Event(
            id=site.new_id("event"),
            type_id=_ACCESS if opened else _NO_ACCESS,
            moment=local(at, site.settings.zone),
            entrance_id=entrance,
            number=number,
            identifier_id=badge.id if badge else None,
            identifier_type=badge.type_id if badge else None,
            carrier_id=badge.carrier_id if badge else None,
            value=reason * 256 + _INWARD,
            attribute=attribute,
        )
    )
    return opened


def _why_not(site: Site, badge: Identifier | None, entrance: int, at: datetime) -> tuple[int, str | None]:
    """The reason of a BadgeNoAccessEvent and its ``Attribute`` (AEOS manual v33, reason 100)."""
    carrier = site.carriers.get(badge.carrier_id or 0) if badge else None
    if carrier is not None and carrier.block_reason is not None:
        return _NOT_AUTHORISED, f"P<=>1|||D<=>{site.block_reasons[carrier.block_reason].description}"
    if badge is not None and (badge.blocked or badge.status == BLOCKED_FOR_GOOD):
        return _NOT_AUTHORISED, f"B<=>{site.block_reasons[badge.block_reason or 0].description}"
    if badge is not None and badge.end_validity and at >= latest(badge.end_validity, site.settings.zone):
        return _NOT_VALID, None
    if carrier is not None:
        keys = _closed(site, carrier, entrance, at)
        for key in ("A", "E"):
            if key in keys:
                return _NOT_AUTHORISED, f"{key}<=>1"
    return _NOT_AUTHORISED, None


def _closed(site: Site, carrier: Carrier, entrance: int, at: datetime) -> set[str | None]:
    """Why each thing that might have opened the door does not: not yet, or no longer."""
    arrival, leave = carrier.fields.get("ArrivalDateTime"), carrier.fields.get("LeaveDateTime")
    keys = {
        closed_because(
            site,
            arrival if isinstance(arrival, datetime) else None,
            leave if isinstance(leave, datetime) else None,
            at,
        )
    }
    return keys | {
        closed_because(site, grant.date_from, grant.date_until, at)
        for grant in grants_of(site, carrier)
        if grant.enabled
        and grant.kind == "OnLine"
        and entrance in site.doors_of(grant.subject, grant.subject_id)
    }


def find(site: Site, asked: Record) -> Value:
    """findEvent: from a moment on, or after an id; by door, identifier and carrier."""
    criteria = asked.child("EventSearch")
    found = [event for event in site.events if _in_time(event, criteria) and _meets(site, event, criteria)]
    return paged(site, asked, "Event", found, lambda event: _elements(site, event))


def _in_time(event: Event, criteria: Record) -> bool:
    start, end = criteria.moment("FromDateTime"), criteria.moment("UntilDateTime")
    return (
        event.id > (criteria.number("GreaterThanId") or 0)
        and (start is None or event.moment >= start)
        and (end is None or event.moment <= end)
    )


def _meets(site: Site, event: Event, criteria: Record) -> bool:
    carrier = site.carriers.get(event.carrier_id or 0)
    exact = (
        (criteria.number("IdentifierTypeId"), event.identifier_type),
        (criteria.number("CarrierId"), event.carrier_id),
        (criteria.text("CarrierType"), carrier.kind if carrier else None),
    )
    prefixes = (
        (criteria.text("EntranceName"), site.doors[event.entrance_id].name),
        (criteria.text("BadgeNumber"), event.number),
        (criteria.text("PersonnelNo"), carrier.personnel_number if carrier else ""),
    )
    types, entrances = criteria.numbers("EventType"), criteria.numbers("EntranceId")
    return (
        (not types or event.type_id in types)
        and (not entrances or event.entrance_id in entrances)
        and all(wanted in (None, value) for wanted, value in exact)
        and all(wanted is None or begins(value, wanted) for wanted, value in prefixes)
    )


def _elements(site: Site, event: Event) -> Value:
    carrier = site.carriers.get(event.carrier_id or 0)
    name = ", ".join(
        str(carrier.fields[part])
        for part in ("LastName", "FirstName")
        if carrier is not None and part in carrier.fields
    )
    return {
        "Id": event.id,
        "EventTypeId": event.type_id,
        "EventTypeName": EVENT_TYPES[event.type_id],
        "DateTime": event.moment,
        "HostName": "simulated",
        "EntranceId": event.entrance_id,
        "EntranceName": site.doors[event.entrance_id].name,
        "IdentifierId": event.identifier_id,
        "Identifier": event.number,
        "CarrierId": event.carrier_id,
        "CarrierFullName": name or None,
        "IntValue": event.value,
        "Attribute": event.attribute,
    }
