"""How each record is read from its element. Pure.

Unknown elements are skipped, since newer generations add some; a mandatory one that is missing, and an id
that is no number, are `Broken`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.acs.aeos.records import (
    SECTIONS,
    Authorisation,
    BlockReason,
    CarrierStates,
    Identifier,
    IdentifierType,
    Named,
    Profile,
    Section,
    Template,
    Version,
    Visit,
    Visitor,
)
from hamilton_sdk.acs.aeos.soap import Broken, Content, as_content, local_name, tag

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

__all__ = [
    "block_reasons",
    "carrier_states",
    "identifier",
    "identifier_types",
    "named",
    "persons",
    "profile",
    "templates",
    "tokens",
    "tokens_with_carriers",
    "total",
    "version",
    "visit",
    "visitor",
    "visitors",
    "visits",
]

_ID: Final = tag("Id")
_NAME: Final = tag("Name")
_LONGEST_ID: Final = 19  # an xs:long


def visitors(root: Element) -> list[Visitor]:
    """Read a VisitorList."""
    path = tag("VisitorInfo")
    return [visitor(info) for each in root.iterfind(tag("Visitor")) for info in each if info.tag == path]


def persons(root: Element) -> list[Visitor]:
    """Read a PersonList; where the carrier type is missing, ``xsi:type`` tells it."""
    return [visitor(each) for each in root.iterfind(tag("Person"))]


def visitor(element: Element) -> Visitor:
    """Read a VisitorInfo, or a PersonInfo of any kind."""
    get = {child.tag: child.text for child in element}.get
    unit = get(_UNIT)
    return Visitor(
        _id(get(_ID)),
        get(_CARRIER_TYPE) or _declared(element),
        get(_PERSONNEL_NO) or "",
        _id(unit) if unit else None,
        get(_ARRIVAL),
        get(_LEAVE),
        get(_LAST_NAME),
        get(_FIRST_NAME),
        get(_PHONE),
        get(_LANGUAGE),
        get(_EMAIL),
        get(_COMPANY),
    )


_UNIT: Final = tag("UnitId")
_CARRIER_TYPE: Final = tag("CarrierType")
_PERSONNEL_NO: Final = tag("PersonnelNo")
_ARRIVAL: Final = tag("ArrivalDateTime")
_LEAVE: Final = tag("LeaveDateTime")
_LAST_NAME: Final = tag("LastName")
_FIRST_NAME: Final = tag("FirstName")
_PHONE: Final = tag("PhoneNo")
_LANGUAGE: Final = tag("Language")
_EMAIL: Final = tag("Email")
_COMPANY: Final = tag("Company")
_XSI_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"


def _declared(element: Element) -> str | None:
    # The manual's PersonList says xsi:type="EmployeeInfo", without a prefix.
    kind = local_name(element.get(_XSI_TYPE, ""))
    return kind.removesuffix("Info") or None


def visits(root: Element) -> list[Visit]:
    """Read a VisitList."""
    return [visit(each) for each in root.iterfind(tag("Visit"))]


def visit(element: Element) -> Visit:
    """Read a VisitInfo."""
    rights = element.find(tag("Authorization"))
    return Visit(
        id=_id(element.findtext(_ID)),
        visitor_id=_id(element.findtext(tag("VisitorId"))),
        host_id=_id(element.findtext(tag("ContactPersonId"))),
        begin=_needed(element, "beginVisit"),
        end=_needed(element, "endVisit"),
        rights=() if rights is None else _authorisations(rights),
    )


def profile(element: Element) -> Profile:
    """Read a ProfileInfo."""
    sections: dict[Section, tuple[Authorisation, ...]] = {}
    rest: list[tuple[str, Content]] = []
    names: dict[str, Section] = {tag(each): each for each in SECTIONS}
    for child in element:
        section = names.get(child.tag)
        if section is not None:
            sections[section] = _authorisations(child)
        elif child.tag != _CARRIER_ID:
            rest.append((local_name(child.tag), as_content(child)))
    return Profile(_id(element.findtext(_CARRIER_ID)), sections, tuple(rest))


_CARRIER_ID: Final = tag("CarrierId")
_SUBJECTS: Final = {
    tag("TemplateAuthorisation"): tag("TemplateId"),
    tag("EntranceGroupAuthorisation"): tag("EntranceGroupId"),
    tag("EntranceAuthorisation"): tag("EntranceId"),
}


def _authorisations(section: Element) -> tuple[Authorisation, ...]:
    return tuple(
        Authorisation(
            name=local_name(each.tag),
            enabled=_true(each.findtext(tag("Enabled"))),
            rule=bool(each.findtext(tag("RuleId"))),
            subject=_id(each.findtext(_SUBJECTS[each.tag])),
            start=each.findtext(tag("DateFrom")) or None,
            until=each.findtext(tag("DateUntil")) or None,
            content=tuple((local_name(child.tag), as_content(child)) for child in each),
        )
        for each in section
        if each.tag in _SUBJECTS
    )


def tokens_with_carriers(root: Element) -> list[Identifier]:
    """Read an IdentifierAndCarrierIdList."""
    found: list[Identifier] = []
    for each in root.iterfind(tag("IdentifierAndCarrierId")):
        inner = each.find(tag("Identifier"))
        if inner is None:
            message = "a token without <Identifier>"
            raise Broken(message)
        carrier = each.findtext(_CARRIER_ID)
        found.append(identifier(inner, _id(carrier) if carrier else None))
    return found


def tokens(root: Element) -> list[Identifier]:
    """Read an IdentifierList."""
    return [identifier(each) for each in root.iterfind(tag("Identifier"))]


def identifier(element: Element, carrier_id: int | None = None) -> Identifier:
    """Read an IdentifierInfo."""
    status = element.findtext(tag("Status"))
    return Identifier(
        id=_id(element.findtext(_ID)),
        type_id=_id(element.findtext(tag("IdentifierType"))),
        number=_needed(element, "BadgeNumber"),
        blocked=_true(element.findtext(tag("Blocked"))),
        replaced=_true(element.findtext(tag("Replaced"))),
        status=_id(status) if status else None,
        carrier_id=carrier_id,
    )


def identifier_types(root: Element) -> list[IdentifierType]:
    """Read an IdentifierTypeList; its items are called Identifier."""
    return [
        IdentifierType(
            id=_id(each.findtext(_ID)),
            name=each.findtext(_NAME) or "",
            encoding=each.findtext(tag("IdentificationType")) or None,
            minimum=each.findtext(tag("MinimumValue")) or None,
            maximum=each.findtext(tag("MaximumValue")) or None,
        )
        for each in root.iterfind(tag("Identifier"))
    ]


def templates(root: Element) -> list[Template]:
    """Read a TemplateList."""
    return [
        Template(
            id=_id(each.findtext(_ID)),
            name=each.findtext(_NAME) or "",
            description=each.findtext(tag("Description")) or None,
            offline=each.findtext(tag("UnitOfAuthType"), "OnLine") != "OnLine",
        )
        for each in root.iterfind(tag("Template"))
    ]


def block_reasons(root: Element) -> list[BlockReason]:
    """Read a BlockReasonList."""
    return [
        BlockReason(
            id=_id(each.findtext(_ID)),
            name=each.findtext(tag("Description")) or "",
            for_carriers=_true(each.findtext(tag("CarrierBlockReason"))),
            for_withdrawal=_true(each.findtext(tag("IdentifierWithdrawReason"))),
        )
        for each in root.iterfind(tag("BlockReason"))
    ]


def carrier_states(root: Element) -> CarrierStates:
    """Read a CarrierStateInfo."""
    states = root.find(tag("States"))
    if states is None:
        message = "carrier states without <States>"
        raise Broken(message)
    reason = states.findtext(tag("BlockReason"))
    return CarrierStates(_true(states.findtext(tag("Blocked"))), _id(reason) if reason else None)


def named(item: str) -> Callable[[Element], list[Named]]:
    """A reader for a list of things with Id and Name."""

    def read(root: Element) -> list[Named]:
        return [
            Named(_id(each.findtext(_ID)), each.findtext(_NAME) or "") for each in root.iterfind(tag(item))
        ]

    return read


def version(root: Element) -> Version:
    """Read a VersionInfo."""
    return Version(
        *(
            root.findtext(tag(name)) or "unknown"
            for name in ("AeosVersion", "WebServiceVersion", "WebServiceBuild")
        )
    )


def total(root: Element) -> int | None:
    """How many records there are in all, where the newer generation says so."""
    text = root.findtext(f"{tag('SearchResultInfo')}/{tag('totalSize')}")
    return _id(text) if text else None


def _id(text: str | None) -> int:
    plain = "" if text is None else text.strip()
    digits = plain.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_ID):
        message = "an id that is missing or no number"
        raise Broken(message)
    return int(plain)


def _true(text: str | None) -> bool:
    return text is not None and text.strip() in {"true", "1"}


def _needed(element: Element, name: str) -> str:
    text = element.findtext(tag(name))
    if not text:
        message = f"<{local_name(element.tag)}> without <{name}>"
        raise Broken(message)
    return text
