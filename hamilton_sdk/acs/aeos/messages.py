"""Every request that the adapter sends: its root, its content in order, and how its answer is read.

Pure. The order of elements matters to AEOS (they are sequences); only elements that both generations know are
sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from hamilton_sdk.acs.aeos import readers
from hamilton_sdk.errors import Conflict, ConnectorError, Invalid, ServerFailed
from hamilton_sdk.retry import Safety

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from xml.etree.ElementTree import Element

    from hamilton_sdk.acs.aeos import records
    from hamilton_sdk.acs.aeos.soap import Content, Fields

__all__ = ["Batch", "Message", "ordered"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Message(Generic[T_co]):
    """One request and how to read its answer.

    Attributes:
        operation: AEOS's name of the call.
        root: The Body's child.
        content: What it holds; not in the repr, since it may be personal.
        safety: What sending it twice does.
        reply: The answer's root.
        read: Makes the result of the answer's root.
        refused: What a fault with the operation's own code amounts to.
        done: The result of an empty Body, where that is a success; by default it is not.
    """

    operation: str
    root: str
    content: Content = field(repr=False)
    safety: Safety
    reply: str
    read: Callable[[Element], T_co] = field(repr=False)
    refused: type[ConnectorError]
    done: Callable[[], T_co] | None = None


@dataclass(frozen=True, slots=True)
class Batch(Generic[T_co]):
    """One page of a search.

    Attributes:
        items: What it holds.
        total: How many there are in all, where the server says so.
    """

    items: Sequence[T_co]
    total: int | None = None

    def is_last(self, offset: int, size: int) -> bool:
        """Whether nothing follows it, given where it began and how many were asked for."""
        if not self.items:
            return True
        if self.total is not None:
            return offset + len(self.items) >= self.total
        return len(self.items) < size


def ordered(order: tuple[str, ...], values: Mapping[str, Content]) -> Fields:
    """Fields in the order of the schema; those without a value are left out.

    Raises:
        KeyError: A name that the order does not know.
    """
    for name in values:
        if name not in order:
            raise KeyError(name)
    return tuple((name, values[name]) for name in order if values.get(name) is not None)


VISITOR_INFO: Final = (
    "Id",
    "CarrierType",
    "UnitId",
    "ArrivalDateTime",
    "LeaveDateTime",
    "NrMovements",
    "ReadOnly",
    "Freefield",
    "LastName",
    "PersonnelNo",
    "FirstName",
    "MiddleName",
    "Gender",
    "Title",
    "PhoneNo",
    "Language",
    "MobilePhoneNo",
    "Email",
    "ContactPersonId",
    "Company",
)
"""Those of VisitorInfo that both generations know, in an order that is valid in both."""


def _search(
    operation: str,
    root: str,
    content: Content,
    reply: str,
    read: Callable[[Element], T],
) -> Message[T]:
    return Message(operation, root, content, Safety.SAFE, reply, read, ServerFailed)


def _paged_search(
    operation: str, root: str, content: Content, reply: str, read: Callable[[Element], list[T]]
) -> Message[Batch[T]]:
    """A search; one that finds nothing is answered with an empty list or, as a service may, an empty Body."""
    return Message(
        operation,
        root,
        content,
        Safety.SAFE,
        reply,
        lambda found: Batch(read(found), readers.total(found)),
        ServerFailed,
        lambda: Batch(()),
    )


def _listing(
    operation: str, root: str, content: Content, reply: str, read: Callable[[Element], list[T]]
) -> Message[list[T]]:
    """A list that is given whole; empty in either shape."""
    return Message(operation, root, content, Safety.SAFE, reply, read, ServerFailed, list)


def _write(
    operation: str,
    root: str,
    content: Content,
    reply: str,
    read: Callable[[Element], T],
    safety: Safety = Safety.IDEMPOTENT,
) -> Message[T]:
    return Message(operation, root, content, safety, reply, read, Invalid)


def _removal(operation: str, root: str, content: Content, reply: str = "RemoveResult") -> Message[None]:
    """A change without a result: the manual shows "(null)" or an empty Body, both a success."""
    return Message(operation, root, content, Safety.IDEMPOTENT, reply, _nothing, Conflict, _done)


def _nothing(_root: Element) -> None:
    """Read nothing."""


def _done() -> None:
    """Stand for a success without content."""


def _range(offset: int, size: int) -> Content:
    return (("startRecordNo", offset), ("nrOfRecords", size))


# The service


def get_version() -> Message[records.Version]:
    """Ask for the version."""
    return _search("getVersion", "VersionSearchInfo", None, "VersionInfo", readers.version)


# Holders and hosts


def find_visitors(criteria: Mapping[str, Content], offset: int, size: int) -> Message[Batch[records.Visitor]]:
    """Search visitors; a text matches every value that begins with it."""
    info = ordered(VISITOR_INFO, criteria)
    content = (("VisitorInfo", info), ("SearchRange", _range(offset, size)))
    return _paged_search("findVisitor", "VisitorSearchInfo", content, "VisitorList", readers.visitors)


def find_persons(personnel_no: str, offset: int, size: int) -> Message[Batch[records.Visitor]]:
    """Search persons of every kind by personnel number; the server ignores most other fields."""
    content = (("PersonInfo", (("PersonnelNo", personnel_no),)), ("SearchRange", _range(offset, size)))
    return _paged_search("findPerson", "PersonSearchInfo", content, "PersonList", readers.persons)


def add_visitor(values: Mapping[str, Content]) -> Message[records.Visitor]:
    """Make a visitor."""
    content = ordered(VISITOR_INFO, values)
    return _write("addVisitor", "VisitorAdd", content, "VisitorResult", readers.visitor, Safety.UNSAFE)


def change_visitor(visitor_id: int, values: Mapping[str, Content]) -> Message[records.Visitor]:
    """Change those fields of a visitor that are sent."""
    content = ordered(VISITOR_INFO, {"Id": visitor_id, **values})
    return _write("changeVisitor", "VisitorChange", content, "VisitorResult", readers.visitor)


def remove_visitor(visitor_id: int) -> Message[None]:
    """Delete a visitor."""
    return _removal("removeVisitor", "VisitorId", visitor_id)


# Visits


def _visit(visitor_id: int, host_id: int, begin: str, end: str, rights: Fields) -> Fields:
    return (
        ("VisitorId", visitor_id),
        ("ContactPersonId", host_id),
        ("beginVisit", begin),
        ("endVisit", end),
        ("Authorization", rights),
    )


def find_visits(visitor_id: int, offset: int, size: int) -> Message[Batch[records.Visit]]:
    """Search the visits of a visitor; here the range sits inside the search type."""
    content = (("VisitorId", visitor_id), ("SearchRange", _range(offset, size)))
    return _paged_search("findVisit", "VisitSearchInfo", content, "VisitList", readers.visits)


def find_visit(visit_id: int) -> Message[Batch[records.Visit]]:
    """Search one visit."""
    return _paged_search("findVisit", "VisitSearchInfo", (("Id", visit_id),), "VisitList", readers.visits)


def add_visit(visitor_id: int, host_id: int, begin: str, end: str, rights: Fields) -> Message[records.Visit]:
    """Make a visit with its rights."""
    content = _visit(visitor_id, host_id, begin, end, rights)
    return _write("addVisit", "VisitAdd", content, "VisitResult", readers.visit, Safety.UNSAFE)


def change_visit(visit: records.Visit, rights: Fields) -> Message[records.Visit]:
    """Change a visit; its host and dates as given, its rights to those given."""
    content = (("Id", visit.id), *_visit(visit.visitor_id, visit.host_id, visit.begin, visit.end, rights))
    return _write("changeVisit", "VisitChange", content, "VisitResult", readers.visit)


def remove_visit(visit_id: int) -> Message[None]:
    """Delete a visit."""
    return _removal("removeVisit", "VisitId", visit_id)


# Rights of a carrier


def find_profile(carrier_id: int) -> Message[records.Profile]:
    """Read all rights of a carrier."""
    return _search("findCarrierProfile", "CarrierIdProfile", carrier_id, "ProfileResult", readers.profile)


def add_rights(carrier_id: int, sections: Fields) -> Message[records.Profile]:
    """Add rights; sent twice, they are there twice."""
    content = (("CarrierId", carrier_id), *sections)
    return _write(
        "addCarrierAuthorizations", "ProfileAdd", content, "ProfileResult", readers.profile, Safety.UNSAFE
    )


def change_profile(carrier_id: int, content: Fields) -> Message[records.Profile]:
    """Replace everything in a carrier's profile: what is not sent is deleted."""
    whole = (("CarrierId", carrier_id), *content)
    return _write("changeCarrierProfile", "ProfileChange", whole, "ProfileResult", readers.profile)


def find_templates(kind: str, offset: int, size: int) -> Message[Batch[records.Template]]:
    """List the templates of a kind of door; the kind is mandatory."""
    content = (("TemplateInfo", (("UnitOfAuthType", kind),)), ("SearchRange", _range(offset, size)))
    return _paged_search("findTemplate", "TemplateSearchInfo", content, "TemplateList", readers.templates)


# Identifiers


def find_tokens(
    type_id: int | None, number: str, offset: int, size: int
) -> Message[Batch[records.Identifier]]:
    """Search identifiers by number, which matches every number that begins with it."""
    search = (("BadgeNumber", number), ("IdentifierType", type_id))
    content = (("IdentifierSearch", search), ("SearchRange", _range(offset, size)))
    read = readers.tokens_with_carriers
    return _paged_search("findToken", "IdentifierSearchInfo", content, "IdentifierAndCarrierIdList", read)


def carrier_tokens(carrier_id: int) -> Message[list[records.Identifier]]:
    """Read what is in a carrier's hands."""
    return _listing("findCarrierToken", "CarrierIdToken", carrier_id, "IdentifierList", readers.tokens)


def assign_token(
    carrier_id: int, type_id: int, number: str, unit_id: int | None
) -> Message[records.Identifier]:
    """Put an identifier into a carrier's hands; it carries no dates."""
    content = (
        ("CarrierId", carrier_id),
        ("IdentifierType", type_id),
        ("BadgeNumber", number),
        ("UnitId", unit_id),
    )
    return _write(
        "assignToken", "IdentifierAdd", content, "IdentifierResult", readers.identifier, Safety.UNSAFE
    )


def withdraw_token(type_id: int, number: str) -> Message[None]:
    """Take an identifier back; it can be given again."""
    content = (("IdentifierType", type_id), ("BadgeNumber", number))
    return _removal("withdrawToken", "IdentifierWithdraw", content)


def withdraw_and_block_token(type_id: int, number: str, reason: int) -> Message[None]:
    """Take an identifier back and block it for good."""
    content = (("IdentifierType", type_id), ("BadgeNumber", number), ("Reason", reason))
    return _removal("withdrawAndBlockToken", "IdentifierWithdrawAndBlock", content)


def unblock_token(type_id: int, number: str) -> Message[None]:
    """Lift a temporary block; the schema declares an IdentifierResult, the manual shows an empty Body."""
    content = (("IdentifierType", type_id), ("BadgeNumber", number))
    return _removal("unblockToken", "IdentifierUnblock", content, "IdentifierResult")


def find_identifier_types() -> Message[list[records.IdentifierType]]:
    """List the identifier types."""
    return _listing(
        "findIdentifierType",
        "IdentifierTypeSearchInfo",
        None,
        "IdentifierTypeList",
        readers.identifier_types,
    )


# States of a carrier


def carrier_states(carrier_id: int) -> Message[records.CarrierStates]:
    """Read whether a carrier is blocked."""
    return _search(
        "findCarrierStates",
        "CarrierIdStates",
        carrier_id,
        "CarrierStateResult",
        readers.carrier_states,
    )


def block_carrier(carrier_id: int, reason: int) -> Message[records.CarrierStates]:
    """Block a carrier and all identifiers in its hands."""
    content = (("CarrierId", carrier_id), ("Reason", reason))
    return _write("blockCarrier", "CarrierIdBlock", content, "CarrierStateResult", readers.carrier_states)


def unblock_carrier(carrier_id: int) -> Message[records.CarrierStates]:
    """Give a blocked carrier its rights back."""
    return _write(
        "unblockCarrier", "CarrierIdUnBlock", carrier_id, "CarrierStateResult", readers.carrier_states
    )


def exempt_from_verification(carrier_id: int) -> Message[None]:
    """Let a carrier pass doors that ask for a PIN or a finger besides the badge."""
    content = (("CarrierId", carrier_id), ("State", "ActivateVerification"), ("Activated", False))
    return _write("changeCarrierAttribute", "CarrierStateChange", content, "CarrierStateResult", _nothing)


# The site's own lists


def find_block_reasons() -> Message[list[records.BlockReason]]:
    """List the reasons for blocking."""
    return _listing("findBlockReason", "BlockReasonSearch", None, "BlockReasonList", readers.block_reasons)


def find_units() -> Message[list[records.Named]]:
    """List the units."""
    return _listing("findUnit", "UnitSearchInfo", None, "UnitList", readers.named("Unit"))


def find_free_fields() -> Message[list[records.Named]]:
    """List the definitions of free fields."""
    return _listing(
        "findFreeFieldDefinition",
        "FreeFieldDefinitionSearchInfo",
        None,
        "FreeFieldDefinitionList",
        readers.named("FreeFieldDefinition"),
    )
