"""Every request: its root, its elements in the order of the schema, and what sending it twice does."""

from __future__ import annotations

from typing import Any

import pytest

from hamilton_sdk.acs.aeos import messages
from hamilton_sdk.acs.aeos.messages import Batch, Message, ordered
from hamilton_sdk.acs.aeos.readers import visits
from hamilton_sdk.acs.aeos.soap import write_envelope
from hamilton_sdk.errors import Conflict, Invalid, ServerFailed
from hamilton_sdk.retry import Safety
from tests.acs.aeos.scripted import SCHEMA, parse

VISIT = visits(
    parse(
        f'<VisitList xmlns="{SCHEMA}"><Visit><Id>901</Id><VisitorId>1201</VisitorId>'
        "<ContactPersonId>60</ContactPersonId><beginVisit>A</beginVisit><endVisit>B</endVisit></Visit></VisitList>"
    )
)[0]
RANGE = "<SearchRange><startRecordNo>0</startRecordNo><nrOfRecords>25</nrOfRecords></SearchRange>"
RIGHT = (
    ("TemplateAuthorisation", (("Enabled", True), ("TemplateId", 51), ("DateFrom", "A"), ("DateUntil", "B"))),
)
RIGHT_XML = (
    "<TemplateAuthorisation><Enabled>true</Enabled><TemplateId>51</TemplateId><DateFrom>A</DateFrom>"
    "<DateUntil>B</DateUntil></TemplateAuthorisation>"
)
SAFE, TWICE, UNSAFE = Safety.SAFE, Safety.IDEMPOTENT, Safety.UNSAFE

WIRE: list[tuple[Message[Any], str, Safety, str]] = [
    (messages.get_version(), "<VersionSearchInfo></VersionSearchInfo>", SAFE, "getVersion"),
    (
        messages.find_visitors({"PersonnelNo": "HV-V1"}, 0, 25),
        f"<VisitorSearchInfo><VisitorInfo><PersonnelNo>HV-V1</PersonnelNo></VisitorInfo>{RANGE}</VisitorSearchInfo>",
        SAFE,
        "findVisitor",
    ),
    (
        messages.find_persons("E-77", 0, 25),
        f"<PersonSearchInfo><PersonInfo><PersonnelNo>E-77</PersonnelNo></PersonInfo>{RANGE}</PersonSearchInfo>",
        SAFE,
        "findPerson",
    ),
    (
        messages.add_visitor(
            {
                "Company": "A & B",
                "FirstName": "Zoé",
                "PersonnelNo": "HV-V1",
                "LastName": "Durand",
                "Freefield": (("DefinitionId", 12), ("Name", "ExternalId"), ("value", "HV-V1")),
                "LeaveDateTime": "B",
                "ArrivalDateTime": "A",
                "UnitId": 1,
                "Email": None,
                "Language": "fr",
            }
        ),
        (
            "<VisitorAdd><UnitId>1</UnitId><ArrivalDateTime>A</ArrivalDateTime><LeaveDateTime>B</LeaveDateTime>"
            "<Freefield><DefinitionId>12</DefinitionId><Name>ExternalId</Name><value>HV-V1</value></Freefield>"
            "<LastName>Durand</LastName><PersonnelNo>HV-V1</PersonnelNo><FirstName>Zoé</FirstName>"
            "<Language>fr</Language><Company>A &amp; B</Company></VisitorAdd>"
        ),
        UNSAFE,
        "addVisitor",
    ),
    (
        messages.change_visitor(1201, {"LastName": "D", "LeaveDateTime": "B"}),
        "<VisitorChange><Id>1201</Id><LeaveDateTime>B</LeaveDateTime><LastName>D</LastName></VisitorChange>",
        TWICE,
        "changeVisitor",
    ),
    (messages.remove_visitor(1201), "<VisitorId>1201</VisitorId>", TWICE, "removeVisitor"),
    (
        messages.find_visits(1201, 0, 25),
        f"<VisitSearchInfo><VisitorId>1201</VisitorId>{RANGE}</VisitSearchInfo>",
        SAFE,
        "findVisit",
    ),
    (messages.find_visit(901), "<VisitSearchInfo><Id>901</Id></VisitSearchInfo>", SAFE, "findVisit"),
    (
        messages.add_visit(1201, 60, "A", "B", RIGHT),
        (
            "<VisitAdd><VisitorId>1201</VisitorId><ContactPersonId>60</ContactPersonId><beginVisit>A</beginVisit>"
            f"<endVisit>B</endVisit><Authorization>{RIGHT_XML}</Authorization></VisitAdd>"
        ),
        UNSAFE,
        "addVisit",
    ),
    (
        messages.change_visit(VISIT, RIGHT),
        (
            "<VisitChange><Id>901</Id><VisitorId>1201</VisitorId><ContactPersonId>60</ContactPersonId>"
            f"<beginVisit>A</beginVisit><endVisit>B</endVisit><Authorization>{RIGHT_XML}</Authorization></VisitChange>"
        ),
        TWICE,
        "changeVisit",
    ),
    (messages.remove_visit(901), "<VisitId>901</VisitId>", TWICE, "removeVisit"),
    (messages.find_profile(1201), "<CarrierIdProfile>1201</CarrierIdProfile>", SAFE, "findCarrierProfile"),
    (
        messages.add_rights(1201, (("AuthorisationOnline", RIGHT),)),
        f"<ProfileAdd><CarrierId>1201</CarrierId><AuthorisationOnline>{RIGHT_XML}</AuthorisationOnline></ProfileAdd>",
        UNSAFE,
        "addCarrierAuthorizations",
    ),
    (
        messages.change_profile(1201, (("AccessDuringHoliday", "true"),)),
        "<ProfileChange><CarrierId>1201</CarrierId><AccessDuringHoliday>true</AccessDuringHoliday></ProfileChange>",
        TWICE,
        "changeCarrierProfile",
    ),
    (
        messages.find_templates("OnLine", 0, 25),
        f"<TemplateSearchInfo><TemplateInfo><UnitOfAuthType>OnLine</UnitOfAuthType></TemplateInfo>{RANGE}</TemplateSearchInfo>",
        SAFE,
        "findTemplate",
    ),
    (
        messages.find_tokens(2, "48213377", 0, 25),
        (
            "<IdentifierSearchInfo><IdentifierSearch><BadgeNumber>48213377</BadgeNumber><IdentifierType>2</IdentifierType>"
            f"</IdentifierSearch>{RANGE}</IdentifierSearchInfo>"
        ),
        SAFE,
        "findToken",
    ),
    (messages.carrier_tokens(1201), "<CarrierIdToken>1201</CarrierIdToken>", SAFE, "findCarrierToken"),
    (
        messages.assign_token(1201, 2, "48213377", 1),
        (
            "<IdentifierAdd><CarrierId>1201</CarrierId><IdentifierType>2</IdentifierType>"
            "<BadgeNumber>48213377</BadgeNumber><UnitId>1</UnitId></IdentifierAdd>"
        ),
        UNSAFE,
        "assignToken",
    ),
    (
        messages.assign_token(1201, 2, "48213377", None),
        (
            "<IdentifierAdd><CarrierId>1201</CarrierId><IdentifierType>2</IdentifierType>"
            "<BadgeNumber>48213377</BadgeNumber></IdentifierAdd>"
        ),
        UNSAFE,
        "assignToken",
    ),
    (
        messages.withdraw_token(2, "48213377"),
        "<IdentifierWithdraw><IdentifierType>2</IdentifierType><BadgeNumber>48213377</BadgeNumber></IdentifierWithdraw>",
        TWICE,
        "withdrawToken",
    ),
    (
        messages.withdraw_and_block_token(2, "48213377", 6),
        (
            "<IdentifierWithdrawAndBlock><IdentifierType>2</IdentifierType><BadgeNumber>48213377</BadgeNumber>"
            "<Reason>6</Reason></IdentifierWithdrawAndBlock>"
        ),
        TWICE,
        "withdrawAndBlockToken",
    ),
    (
        messages.unblock_token(2, "48213377"),
        "<IdentifierUnblock><IdentifierType>2</IdentifierType><BadgeNumber>48213377</BadgeNumber></IdentifierUnblock>",
        TWICE,
        "unblockToken",
    ),
    (
        messages.find_identifier_types(),
        "<IdentifierTypeSearchInfo></IdentifierTypeSearchInfo>",
        SAFE,
        "findIdentifierType",
    ),
    (messages.carrier_states(1201), "<CarrierIdStates>1201</CarrierIdStates>", SAFE, "findCarrierStates"),
    (
        messages.block_carrier(1201, 5),
        "<CarrierIdBlock><CarrierId>1201</CarrierId><Reason>5</Reason></CarrierIdBlock>",
        TWICE,
        "blockCarrier",
    ),
    (messages.unblock_carrier(1201), "<CarrierIdUnBlock>1201</CarrierIdUnBlock>", TWICE, "unblockCarrier"),
    (
        messages.exempt_from_verification(1201),
        (
            "<CarrierStateChange><CarrierId>1201</CarrierId><State>ActivateVerification</State>"
            "<Activated>false</Activated></CarrierStateChange>"
        ),
        TWICE,
        "changeCarrierAttribute",
    ),
    (messages.find_block_reasons(), "<BlockReasonSearch></BlockReasonSearch>", SAFE, "findBlockReason"),
    (messages.find_units(), "<UnitSearchInfo></UnitSearchInfo>", SAFE, "findUnit"),
    (
        messages.find_free_fields(),
        "<FreeFieldDefinitionSearchInfo></FreeFieldDefinitionSearchInfo>",
        SAFE,
        "findFreeFieldDefinition",
    ),
]


@pytest.mark.parametrize(("message", "wire", "safety", "operation"), WIRE, ids=[each[3] for each in WIRE])
def test_what_goes_over_the_wire(message: Message[Any], wire: str, safety: Safety, operation: str) -> None:
    body = write_envelope(message.root, message.content).decode()
    payload = body.partition("<soap:Body>")[2].partition("</soap:Body>")[0]
    assert payload.replace(f' xmlns="{SCHEMA}"', "") == wire
    assert (message.safety, message.operation) == (safety, operation)


@pytest.mark.parametrize("message", [each[0] for each in WIRE], ids=[each[3] for each in WIRE])
def test_a_message_keeps_its_content_out_of_its_repr(message: Message[Any]) -> None:
    assert "Durand" not in repr(message)
    assert "48213377" not in repr(message)


def test_what_a_refusal_amounts_to_follows_from_what_was_asked() -> None:
    assert messages.find_visitors({}, 0, 1).refused is ServerFailed
    assert messages.find_profile(1).refused is ServerFailed
    assert messages.add_visitor({}).refused is Invalid
    assert messages.withdraw_token(1, "1").refused is Conflict


def test_only_lists_and_changes_without_a_result_may_be_answered_with_an_empty_body() -> None:
    lists = [each for each, *_ in WIRE if each.operation.startswith("find") and each.done is not None]
    assert {each.reply for each in lists} == {
        "VisitorList",
        "PersonList",
        "VisitList",
        "TemplateList",
        "IdentifierAndCarrierIdList",
        "IdentifierList",
        "IdentifierTypeList",
        "BlockReasonList",
        "UnitList",
        "FreeFieldDefinitionList",
    }
    for each in lists:
        nothing = each.done()
        assert list(getattr(nothing, "items", nothing)) == []
    empty = {each.operation for each, *_ in WIRE if each.done is not None and each not in lists}
    assert empty == {
        "removeVisitor",
        "removeVisit",
        "withdrawToken",
        "withdrawAndBlockToken",
        "unblockToken",
    }


def test_fields_are_put_in_order_and_none_is_left_out() -> None:
    assert ordered(("A", "B", "C"), {"C": 1, "A": "x", "B": None}) == (("A", "x"), ("C", 1))


def test_a_field_that_the_schema_does_not_have_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="Nickname"):
        ordered(messages.VISITOR_INFO, {"Nickname": "Z"})


@pytest.mark.parametrize(
    ("items", "total", "offset", "last"),
    [
        (0, None, 0, True),
        (0, 9, 0, True),
        (3, None, 0, True),
        (4, None, 0, False),
        (4, 8, 4, True),
        (4, 9, 4, False),
        (3, 9, 0, False),  # a server whose cap is lower than what was asked for
    ],
)
def test_the_last_page_is_short_or_reaches_the_total(
    items: int, total: int | None, offset: int, last: bool
) -> None:
    assert Batch([0] * items, total).is_last(offset, 4) is last
