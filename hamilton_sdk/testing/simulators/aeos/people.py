"""Visitors and hosts: add, change, remove and find."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from hamilton_sdk.testing.simulators.aeos.errors import Refused
from hamilton_sdk.testing.simulators.aeos.reader import LAST_NAME_SIZE
from hamilton_sdk.testing.simulators.aeos.search import begins, matches, paged, sort
from hamilton_sdk.testing.simulators.aeos.state import Carrier
from hamilton_sdk.testing.simulators.aeos.values import NEVER, Scalar, Value
from hamilton_sdk.testing.simulators.aeos.writer import KIND

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.testing.simulators.aeos.reader import Record
    from hamilton_sdk.testing.simulators.aeos.state import Site

__all__ = ["REMOVED", "add", "change", "elements", "find", "find_ids", "find_persons", "remove"]

REMOVED: Final = "(null)"
"""What a successful removal answers (AEOS manual v33)."""

_SERVER_VALUES: Final = ("Id", "NetworkId", "CarrierType", "ReadOnly", "ModificationDate")
_LISTS: Final = {"ContactPersonIds": "ContactPersonId", "GuideIds": "GuideId"}
_DATES: Final = ("ArrivalDateTime", "LeaveDateTime")


def add(site: Site, asked: Record) -> Value:
    """addVisitor: a sent Id is ignored, the answer is the whole visitor."""
    made = Carrier(0, "Visitor", {})
    _take(site, made, asked)
    made.id = site.new_id("carrier")
    site.carriers[made.id] = made
    site.effects["addVisitor"] += 1
    return elements(made, site)


def change(site: Site, asked: Record) -> Value:
    """changeVisitor: Id is the key, what is not sent keeps its value."""
    carrier = site.carrier(asked.number("Id") or 0, "Visitor")
    changed = Carrier(
        carrier.id, carrier.kind, dict(carrier.fields), dict(carrier.free_fields), dict(carrier.lists)
    )
    _take(site, changed, asked)
    carrier.fields, carrier.free_fields, carrier.lists = changed.fields, changed.free_fields, changed.lists
    site.effects["changeVisitor"] += 1
    return elements(carrier, site)


def _take(site: Site, carrier: Carrier, asked: Record) -> None:
    """Put what was sent on a visitor, or refuse and leave the caller's copy behind."""
    _check_references(site, asked)
    for name, value in asked.scalars().items():
        if name in _SERVER_VALUES or name == "Freefield":
            continue
        if _clears(name, value):
            carrier.fields.pop(name, None)
        else:
            carrier.fields[name] = value
    for entry in asked.children("Freefield"):
        if entry.key("DefinitionId") not in site.free_fields:
            raise Refused(because="Free field definition not found")
        carrier.free_fields[entry.key("DefinitionId")] = entry.text("value") or ""
    for name, item in _LISTS.items():
        if name in asked:
            carrier.lists[name] = asked.child(name).numbers(item)
    _check_mandatory(site, carrier)
    carrier.fields["ModificationDate"] = site.now


def _clears(name: str, value: Scalar) -> bool:
    """An object reference is cleared by 0, a date by a day in 2149, an optional text by an empty one."""
    if name in _DATES:
        return value == NEVER
    return value == "" or (name.endswith("Id") and value == 0)


def _check_references(site: Site, asked: Record) -> None:
    unit, host = asked.number("UnitId"), asked.number("ContactPersonId")
    if unit and unit not in site.units:
        raise Refused(because="Unit not found")
    if host:
        site.carrier(host, "Employee")


def _check_mandatory(site: Site, carrier: Carrier) -> None:
    if not str(carrier.fields.get("LastName", "")).strip():
        raise Refused(because=LAST_NAME_SIZE)
    for name in site.settings.mandatory_fields:
        if name not in carrier.fields:
            raise Refused(because=f"Visitor.{name[0].lower()}{name[1:]}: may not be null")


def remove(site: Site, asked: Record) -> Value:
    """removeVisitor: with visits or badges still there it does what the switches say."""
    carrier = site.carrier(asked.key("Id"), "Visitor")
    visits, badges = list(site.visits_of(carrier.id)), list(site.identifiers_of(carrier.id))
    if visits and site.settings.visits_of_removed == "refused":
        raise Refused(because="Visitor has visits")
    if badges and site.settings.badges_of_removed == "refused":
        raise Refused(because="Visitor has identifiers")
    for visit in visits:
        del site.visits[visit.id]
    if site.settings.badges_of_removed == "freed":
        for badge in badges:
            badge.status, badge.carrier_id, badge.block_reason, badge.date_blocked = 0, None, None, None
    del site.carriers[carrier.id]
    site.effects["removeVisitor"] += 1
    return REMOVED


def find(site: Site, asked: Record) -> Value:
    """findVisitor: prefix search; criteria that the server does not implement are read over."""
    criteria = asked.child("VisitorInfo")
    found = [carrier for carrier in _of_kind(site, "Visitor") if _meets(site, carrier, criteria)]
    found = sort(asked, found, lambda carrier, name: str(carrier.fields.get(name, "")))
    cut = site.settings.cut_visitor_times
    return paged(
        site, asked, "Visitor", found, lambda carrier: {"VisitorInfo": elements(carrier, site, cut_times=cut)}
    )


def find_persons(site: Site, asked: Record) -> Value:
    """findPerson: employees and visitors alike; times of arrival and leave come back as midnight."""
    criteria = asked.child("PersonInfo")
    found = [carrier for carrier in site.carriers.values() if _meets(site, carrier, criteria)]
    found = sort(asked, found, lambda carrier, name: str(carrier.fields.get(name, "")))
    return paged(site, asked, "Person", found, lambda carrier: typed(carrier, site, cut_times=True))


def find_ids(site: Site, asked: Record) -> Value:
    """FindPersonId (newer): ids by personnel number, which is a prefix here as everywhere."""
    number, kind = asked.text("PersonnelNo"), asked.text("CarrierType")
    found = [
        carrier
        for carrier in site.carriers.values()
        if kind in (None, carrier.kind) and (number is None or begins(carrier.personnel_number, number))
    ]
    return paged(
        site, asked, "PersonId", found, lambda carrier: {"Id": carrier.id, "CarrierType": carrier.kind}
    )


def _of_kind(site: Site, kind: str) -> list[Carrier]:
    return [carrier for carrier in site.carriers.values() if carrier.kind == kind]


def _meets(site: Site, carrier: Carrier, criteria: Record) -> bool:
    for name, wanted in criteria.scalars().items():
        if name in site.settings.ignored_filters or name == "Freefield":
            continue
        if not matches(_field(carrier, name), wanted):
            return False
    return _meets_newer(carrier, criteria) and all(
        begins(carrier.free_fields.get(entry.key("DefinitionId"), ""), entry.text("value") or "")
        for entry in criteria.children("Freefield")
    )


def _meets_newer(carrier: Carrier, criteria: Record) -> bool:
    for name in (*_DATES, "ModificationDate"):
        period, value = criteria.child(f"{name}Range"), carrier.fields.get(name)
        start, end = period.moment("From"), period.moment("Until")
        if start is not None and not (isinstance(value, datetime) and value >= start):
            return False
        if end is not None and not (isinstance(value, datetime) and value <= end):
            return False
    wanted = criteria.child("AuthorizationTemplateIdList").numbers("TemplateId")
    held = {grant.subject_id for grant in carrier.authorisations if grant.subject == "Template"}
    return not wanted or bool(held.intersection(wanted))


def _field(carrier: Carrier, name: str) -> Scalar | None:
    if name == "Id":
        return carrier.id
    return carrier.kind if name == "CarrierType" else carrier.fields.get(name)


def elements(carrier: Carrier, site: Site, *, cut_times: bool = False) -> dict[str, Value]:
    """A carrier's elements as they are echoed."""
    fields: dict[str, Value] = dict(carrier.fields)
    if cut_times:
        for name in _DATES:
            value = fields.get(name)
            if isinstance(value, datetime):
                fields[name] = datetime.combine(value, time())
    free: list[Mapping[str, Value]] = [
        {"DefinitionId": definition, "Name": site.free_fields.get(definition), "value": value}
        for definition, value in carrier.free_fields.items()
        if definition in site.free_fields
    ]
    lists = {name: {_LISTS[name]: ids} for name, ids in carrier.lists.items() if ids}
    return {
        **fields,
        **lists,
        "Id": carrier.id,
        "CarrierType": carrier.kind,
        "ReadOnly": False,
        "Approvee": False,
        "Freefield": free,
    }


def typed(carrier: Carrier, site: Site, *, cut_times: bool = False) -> Value:
    """A carrier where a base type is declared: it names its real type."""
    return {**elements(carrier, site, cut_times=cut_times), KIND: f"{carrier.kind}Info"}
