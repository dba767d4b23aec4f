"""Visits: add, change, remove and find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk.testing.simulators.aeos.errors import Refused
from hamilton_sdk.testing.simulators.aeos.grants import grant_elements, online
from hamilton_sdk.testing.simulators.aeos.people import REMOVED
from hamilton_sdk.testing.simulators.aeos.search import paged, sort
from hamilton_sdk.testing.simulators.aeos.state import Visit

if TYPE_CHECKING:
    from hamilton_sdk.testing.simulators.aeos.reader import Record
    from hamilton_sdk.testing.simulators.aeos.state import Site
    from hamilton_sdk.testing.simulators.aeos.values import Value

__all__ = ["add", "change", "find", "remove"]


def add(site: Site, asked: Record) -> Value:
    """addVisit: the host is mandatory, the grants come with it."""
    made = _read(site, asked)
    made.id = site.new_id("visit")
    site.visits[made.id] = made
    site.effects["addVisit"] += 1
    return _elements(made)


def change(site: Site, asked: Record) -> Value:
    """changeVisit: Id is the key, all else is mandatory too; the grants are replaced whole."""
    key = asked.number("Id") or 0
    if key not in site.visits:
        raise Refused(because="Visit not found")
    changed = _read(site, asked)
    changed.id = key
    site.visits[key] = changed
    site.effects["changeVisit"] += 1
    return _elements(changed)


def _read(site: Site, asked: Record) -> Visit:
    visitor = site.carrier(asked.key("VisitorId"), "Visitor")
    host = site.carrier(asked.key("ContactPersonId"), "Employee")
    begin, end = asked.moment("beginVisit"), asked.moment("endVisit")
    if begin is None or end is None or end <= begin:
        raise Refused(because="Visit ends before it begins")
    return Visit(0, visitor.id, host.id, begin, end, online(site, asked.child("Authorization")))


def remove(site: Site, asked: Record) -> Value:
    """removeVisit: its grants go with it."""
    if site.visits.pop(asked.key("Id"), None) is None:
        raise Refused(because="Visit not found")
    site.effects["removeVisit"] += 1
    return REMOVED


def find(site: Site, asked: Record) -> Value:
    """findVisit: by ids exactly; ``beginVisit`` and ``endVisit`` are taken as bounds, which is a guess."""
    begin, end = asked.moment("beginVisit"), asked.moment("endVisit")
    found = [
        visit
        for visit in site.visits.values()
        if asked.number("Id") in (None, visit.id)
        and asked.number("VisitorId") in (None, visit.visitor_id)
        and asked.number("ContactPersonId") in (None, visit.contact_person_id)
        and (begin is None or visit.begin >= begin)
        and (end is None or visit.end <= end)
    ]
    found = sort(asked, found, lambda visit, name: _sort_key(site, visit, name))
    return paged(site, asked, "Visit", found, _elements)


def _sort_key(site: Site, visit: Visit, name: str) -> str:
    if name in ("beginVisit", "endVisit"):
        return (visit.begin if name == "beginVisit" else visit.end).isoformat()
    if name == "ContactPerson":
        return str(site.carriers[visit.contact_person_id].fields.get("LastName", ""))
    return str(site.carriers[visit.visitor_id].fields.get(name, ""))


def _elements(visit: Visit) -> Value:
    return {
        "Id": visit.id,
        "VisitorId": visit.visitor_id,
        "ContactPersonId": visit.contact_person_id,
        "beginVisit": visit.begin,
        "endVisit": visit.end,
        "Authorization": grant_elements(visit.authorisations, "OnLine"),
    }
