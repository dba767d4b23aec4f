"""Every operation: root elements, types, fault code, and who does it. The server dispatches on the root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from hamilton_sdk.testing.simulators.aeos import (
    carriers,
    events,
    identifiers,
    people,
    profiles,
    reference,
    visits,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hamilton_sdk.testing.simulators.aeos.reader import Record
    from hamilton_sdk.testing.simulators.aeos.state import Site
    from hamilton_sdk.testing.simulators.aeos.values import Value

    Handler: TypeAlias = Callable[[Site, Record], Value]

__all__ = ["BY_ROOT", "OPERATIONS", "Operation"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        name: As in the manual.
        function: The function whose right and licence it needs.
        root: Of the request.
        content: The type of the request's root.
        reply: The root of the answer; ``RemoveResult`` is a text.
        result: The type of the answer's root.
        code: Of its faults; None for the one operation that declares none.
        handler: Who does it; None where the simulator does not.
        newer: Whether the older generation lacks it.
    """

    name: str
    function: str
    root: str
    content: str
    reply: str = ""
    result: str = ""
    code: int | None = None
    handler: Handler | None = None
    newer: bool = False


_REMOVED: Final = ("RemoveResult", "string")
_VISITOR: Final = ("VisitorResult", "VisitorInfo")
_VISIT: Final = ("VisitResult", "VisitInfo")
_PROFILE: Final = ("ProfileResult", "ProfileInfo")
_STATES: Final = ("CarrierStateResult", "CarrierStateInfo")
_BADGE: Final = ("IdentifierResult", "IdentifierInfo")


def _list(name: str) -> tuple[str, str]:
    return (name, name)


# fmt: off
OPERATIONS: Final = (
    Operation("getVersion", "service", "VersionSearchInfo", "string", "VersionInfo", "VersionInfo", None,
              reference.version),
    # People
    Operation("findPerson", "person", "PersonSearchInfo", "PersonSearchInfo", *_list("PersonList"), 55,
              people.find_persons),
    Operation("findPersonId", "person", "PersonIdSearchInfo", "PersonIdSearchInfo", *_list("PersonIdList"),
              55, people.find_ids, newer=True),
    Operation("addVisitor", "visitor", "VisitorAdd", "VisitorInfo", *_VISITOR, 71, people.add),
    Operation("changeVisitor", "visitor", "VisitorChange", "VisitorInfo", *_VISITOR, 72, people.change),
    Operation("removeVisitor", "visitor", "VisitorId", "long", *_REMOVED, 73, people.remove),
    Operation("findVisitor", "visitor", "VisitorSearchInfo", "VisitorSearchInfo", *_list("VisitorList"), 70,
              people.find),
    # Visits
    Operation("addVisit", "visit", "VisitAdd", "VisitInfo", *_VISIT, 91, visits.add),
    Operation("changeVisit", "visit", "VisitChange", "VisitInfo", *_VISIT, 92, visits.change),
    Operation("removeVisit", "visit", "VisitId", "long", *_REMOVED, 93, visits.remove),
    Operation("findVisit", "visit", "VisitSearchInfo", "VisitSearchInfo", *_list("VisitList"), 90,
              visits.find),
    # Grants
    Operation("findCarrierProfile", "profile", "CarrierIdProfile", "long", *_PROFILE, 101, profiles.find),
    Operation("addCarrierAuthorizations", "profile", "ProfileAdd", "ProfileInfoBase", *_PROFILE, 116,
              profiles.add),
    Operation("removeCarrierAuthorizations", "profile", "ProfileRemove", "ProfileInfoAuthorisationIds",
              *_PROFILE, 117, profiles.remove, newer=True),
    Operation("changeCarrierProfile", "profile", "ProfileChange", "ProfileInfo", *_PROFILE, 111,
              profiles.change),
    # Identifiers
    Operation("assignToken", "token", "IdentifierAdd", "CarrierIdentifierData", *_BADGE, 113,
              identifiers.assign),
    Operation("withdrawToken", "token", "IdentifierWithdraw", "IdentifierWithdraw", *_REMOVED, 125,
              identifiers.withdraw),
    Operation("withdrawAndBlockToken", "token", "IdentifierWithdrawAndBlock", "IdentifierBlockData",
              *_REMOVED, 126, identifiers.withdraw_and_block),
    Operation("releaseBlockedToken", "token", "IdentifierRelease", "IdentifierData", *_REMOVED, 121,
              identifiers.release),
    Operation("blockToken", "token", "IdentifierBlock", "IdentifierBlockData", *_BADGE, 123,
              identifiers.block),
    Operation("unblockToken", "token", "IdentifierUnblock", "IdentifierData", *_BADGE, 124,
              identifiers.unblock),
    Operation("replaceToken", "token", "IdentifierReplace", "IdentifierReplaceData", *_BADGE, 122,
              identifiers.replace),
    Operation("findToken", "token", "IdentifierSearchInfo", "IdentifierSearchInfo",
              *_list("IdentifierAndCarrierIdList"), 108, identifiers.find),
    Operation("findCarrierToken", "token", "CarrierIdToken", "long", *_list("IdentifierList"), 103,
              identifiers.find_of_carrier),
    Operation("findCarrierByToken", "token", "AssignedIdentifierSearch", "AssignedIdentifierSearchInfo",
              "CarrierInfo", "CarrierInfo", 105, identifiers.find_carrier),
    # States of carriers
    Operation("findCarrierStates", "carrier", "CarrierIdStates", "long", *_STATES, 100, carriers.find),
    Operation("blockCarrier", "carrier", "CarrierIdBlock", "CarrierBlockData", *_STATES, 110,
              carriers.block),
    Operation("unblockCarrier", "carrier", "CarrierIdUnBlock", "long", *_STATES, 110, carriers.unblock),
    Operation("changeCarrierAttribute", "carrier", "CarrierStateChange", "CarrierStateChange", *_STATES,
              110, carriers.change_attribute),
    # Reference data
    Operation("findTemplate", "reference", "TemplateSearchInfo", "TemplateSearchInfo",
              *_list("TemplateList"), 50, reference.templates),
    Operation("findEntrance", "reference", "EntranceSearchInfo", "EntranceSearchInfo",
              *_list("EntranceList"), 25, reference.entrances),
    Operation("findEntranceGroup", "reference", "EntranceGroupSearchInfo", "EntranceGroupSearchInfo",
              *_list("EntranceGroupList"), 30, reference.entrance_groups),
    Operation("findDayTimeSchedule", "reference", "DayTimeScheduleSearchInfo", "DayTimeScheduleInfo",
              *_list("DayTimeScheduleList"), 80, reference.schedules),
    Operation("findIdentifierType", "reference", "IdentifierTypeSearchInfo", "IdentifierTypeInfo",
              *_list("IdentifierTypeList"), 85, reference.identifier_types),
    Operation("findBlockReason", "reference", "BlockReasonSearch", "NameSearch", *_list("BlockReasonList"),
              86, reference.block_reasons),
    Operation("findUnit", "reference", "UnitSearchInfo", "UnitInfo", *_list("UnitList"), 15,
              reference.units),
    Operation("findFreeFieldDefinition", "reference", "FreeFieldDefinitionSearchInfo", "NameSearch",
              *_list("FreeFieldDefinitionList"), 130, reference.free_field_definitions),
    # Events
    Operation("findEvent", "event", "EventSearchInfo", "EventSearchInfo", *_list("EventList"), 151,
              events.find),
    Operation("findEventType", "event", "EventTypeSearchInfo", "NameSearch", *_list("EventTypeList"), 150,
              reference.event_types),
    # Known to the real server, not done here: refused as not implemented
    Operation("findEmployee", "person", "EmployeeSearchInfo", "any", code=60),
    Operation("assignContactPersons", "visitor", "ContactPersonsAdd", "any", code=255, newer=True),
    Operation("withdrawContactPersons", "visitor", "ContactPersonsWithdrawn", "any", code=256, newer=True),
    Operation("assignGuides", "visitor", "GuidesAdd", "any", code=9, newer=True),
    Operation("withdrawGuides", "visitor", "GuidesWithdrawn", "any", code=9, newer=True),
    Operation("addVisits", "visit", "VisitsAdd", "any", code=91, newer=True),
    Operation("addCarriersAuthorization", "profile", "CarriersAuthorizationAdd", "any", code=116,
              newer=True),
    Operation("removeCarriersAuthorization", "profile", "CarriersAuthorizationRemove", "any", code=117,
              newer=True),
    Operation("addToken", "token", "IdentifierWithAuthenticationKeyAdd", "any", code=242),
    Operation("findCarrierPresence", "carrier", "CarrierId", "any", code=106),
    Operation("findFreeFieldCategory", "reference", "FreeFieldCategorySearchInfo", "any", code=131),
)
# fmt: on

BY_ROOT: Final[Mapping[str, Operation]] = {operation.root: operation for operation in OPERATIONS}
