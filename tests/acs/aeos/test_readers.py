"""Reading records: both generations, unknown elements skipped, what is mandatory insisted on."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.acs.aeos import readers
from hamilton_sdk.acs.aeos.records import BlockReason, CarrierStates, IdentifierType, Named, Template, Version
from hamilton_sdk.acs.aeos.soap import Broken
from tests.acs.aeos.scripted import SCHEMA, parse


def element(payload: str) -> ET.Element:
    name, _, rest = payload.partition(">")
    return parse(f'{name} xmlns="{SCHEMA}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{rest}')


VISITOR = (
    "<VisitorInfo><Id>1201</Id><NetworkId>4</NetworkId><CarrierType>Visitor</CarrierType><UnitId>1</UnitId>"
    "<ArrivalDateTime>2026-03-27T08:45:00</ArrivalDateTime><LeaveDateTime>2026-03-27T18:00:00</LeaveDateTime>"
    "<Freefield><DefinitionId>12</DefinitionId><value>HV-V1</value></Freefield><LastName>Durand</LastName>"
    "<PersonnelNo>HV-V1</PersonnelNo><FirstName>Zoé</FirstName><PhoneNo>+33</PhoneNo><Language>fr</Language>"
    "<Email>zoe@example.org</Email><ContactPersonId>60</ContactPersonId><Company>A &amp; B</Company>"
    "<NewerStill><LastName>Other</LastName></NewerStill></VisitorInfo>"
)


def test_a_visitor_is_read_with_elements_of_both_generations_and_unknown_ones_skipped() -> None:
    (found,) = readers.visitors(
        element(f"<VisitorList><Visitor>{VISITOR}<FirstPhoto/></Visitor></VisitorList>")
    )
    assert (found.id, found.carrier_type, found.unit_id) == (1201, "Visitor", 1)
    assert (found.last_name, found.first_name, found.company) == ("Durand", "Zoé", "A & B")
    assert (found.personnel_no, found.language) == ("HV-V1", "fr")
    assert (found.phone, found.email) == ("+33", "zoe@example.org")
    assert (found.arrival, found.leave) == ("2026-03-27T08:45:00", "2026-03-27T18:00:00")


def test_a_visitor_may_say_as_little_as_an_id() -> None:
    found = readers.visitor(element("<VisitorResult><Id> 7 </Id><LastName/></VisitorResult>"))
    assert (found.id, found.personnel_no, found.last_name, found.unit_id, found.leave) == (
        7,
        "",
        None,
        None,
        None,
    )


def test_a_list_may_be_empty() -> None:
    assert readers.visitors(element("<VisitorList></VisitorList>")) == []


@pytest.mark.parametrize(
    ("attribute", "carrier"),
    [
        ('xsi:type="EmployeeInfo"', "Employee"),
        ('xsi:type="ns2:VisitorInfo"', "Visitor"),
        ("", None),
    ],
)
def test_the_kind_of_a_person_is_told_by_its_declared_type(attribute: str, carrier: str | None) -> None:
    """The manual's list says the type without a prefix."""
    person = f"<Person {attribute}><Id>60</Id><PersonnelNo>E-77</PersonnelNo></Person>"
    (found,) = readers.persons(element(f"<PersonList>{person}</PersonList>"))
    assert (found.id, found.carrier_type, found.personnel_no) == (60, carrier, "E-77")


def test_the_carrier_type_itself_comes_before_the_declared_one() -> None:
    person = '<Person xsi:type="PersonInfo"><Id>60</Id><CarrierType>Employee</CarrierType></Person>'
    (found,) = readers.persons(element(f"<PersonList>{person}</PersonList>"))
    assert found.carrier_type == "Employee"


RIGHTS = (
    "<TemplateAuthorisation><Id>1</Id><Enabled>true</Enabled><TemplateId>51</TemplateId>"
    "<DateFrom>2026-03-27T08:45:00</DateFrom><DateUntil>2026-03-27T18:00:00</DateUntil></TemplateAuthorisation>"
    "<TemplateAuthorisation><Enabled>1</Enabled><RuleId>9</RuleId><TemplateId>52</TemplateId>"
    "<DateFrom>2026-03-27T08:45:00</DateFrom></TemplateAuthorisation>"
    "<EntranceGroupAuthorisation><Enabled>false</Enabled><EntranceGroupId>7</EntranceGroupId>"
    "<DateTimeScheduleId>1</DateTimeScheduleId><DateFrom>2026-03-27T08:45:00</DateFrom></EntranceGroupAuthorisation>"
    "<EntranceAuthorisation><Enabled>0</Enabled><EntranceId>8</EntranceId></EntranceAuthorisation>"
    "<SomethingNew><Id>4</Id></SomethingNew>"
)
VISIT = (
    "<Visit><Id>901</Id><VisitorId>1201</VisitorId><ContactPersonId>60</ContactPersonId>"
    "<beginVisit>2026-03-27T08:45:00</beginVisit><endVisit>2026-03-27T18:00:00</endVisit>"
)


def test_a_visit_is_read_with_its_rights() -> None:
    (found,) = readers.visits(
        element(f"<VisitList>{VISIT}<Authorization>{RIGHTS}</Authorization></Visit></VisitList>")
    )
    assert (found.id, found.visitor_id, found.host_id) == (901, 1201, 60)
    assert (found.begin, found.end) == ("2026-03-27T08:45:00", "2026-03-27T18:00:00")
    assert [(each.name, each.enabled, each.rule, each.subject) for each in found.rights] == [
        ("TemplateAuthorisation", True, False, 51),
        ("TemplateAuthorisation", True, True, 52),
        ("EntranceGroupAuthorisation", False, False, 7),
        ("EntranceAuthorisation", False, False, 8),
    ]
    assert [(each.start, each.until) for each in found.rights] == [
        ("2026-03-27T08:45:00", "2026-03-27T18:00:00"),
        ("2026-03-27T08:45:00", None),
        ("2026-03-27T08:45:00", None),
        (None, None),
    ]
    assert found.rights[0].content[0] == ("Id", "1")


def test_a_visit_may_have_no_rights() -> None:
    (found,) = readers.visits(element(f"<VisitList>{VISIT}</Visit></VisitList>"))
    assert found.rights == ()


def test_a_profile_keeps_what_we_do_not_know_to_send_it_back() -> None:
    found = readers.profile(
        element(
            f"<ProfileResult><CarrierId>1201</CarrierId><AuthorisationOnline>{RIGHTS}</AuthorisationOnline>"
            "<AuthorisationSoaa/><AuthorisationLoXS><A>1</A></AuthorisationLoXS>"
            "<AccessDuringHoliday>false</AccessDuringHoliday></ProfileResult>"
        )
    )
    assert found.carrier_id == 1201
    assert list(found.sections) == ["AuthorisationOnline", "AuthorisationSoaa"]
    assert len(found.sections["AuthorisationOnline"]) == 4
    assert found.rest == (("AuthorisationLoXS", (("A", "1"),)), ("AccessDuringHoliday", "false"))


TOKEN = (
    "<Identifier><Id>101</Id><IdentifierType>2</IdentifierType><BadgeNumber>48213377</BadgeNumber>"
    "<Blocked>false</Blocked>{}</Identifier>"
)


def test_tokens_are_read_with_the_carrier_that_holds_them() -> None:
    held = f"{TOKEN.format('<Status>1</Status>')}<CarrierId>1201</CarrierId>"
    free = TOKEN.format("<Replaced>true</Replaced>")
    items = "".join(f"<IdentifierAndCarrierId>{each}</IdentifierAndCarrierId>" for each in (held, free))
    found = readers.tokens_with_carriers(element(f"<List>{items}</List>"))
    assert [(each.id, each.type_id, each.number) for each in found] == [(101, 2, "48213377")] * 2
    assert [(each.carrier_id, each.status, each.replaced) for each in found] == [
        (1201, 1, False),
        (None, None, True),
    ]


def test_the_tokens_of_a_carrier_are_read() -> None:
    found = readers.tokens(element(f"<IdentifierList>{TOKEN.format('<Status>3</Status>')}</IdentifierList>"))
    assert [(each.id, each.status, each.carrier_id) for each in found] == [(101, 3, None)]


def test_identifier_types_come_as_items_called_identifier() -> None:
    found = readers.identifier_types(
        element(
            "<IdentifierTypeList><Identifier><Id>2</Id><Name>Badge</Name><IdentificationType>Number</IdentificationType>"
            "<MinimumValue>1</MinimumValue><MaximumValue>9</MaximumValue></Identifier>"
            "<Identifier><Id>3</Id></Identifier></IdentifierTypeList>"
        )
    )
    assert found == [IdentifierType(2, "Badge", "Number", "1", "9"), IdentifierType(3, "", None, None, None)]


def test_templates_say_whether_their_doors_are_online() -> None:
    found = readers.templates(
        element(
            "<TemplateList><Template><Id>51</Id><Name>A</Name><Description>B</Description>"
            "<UnitOfAuthType>OnLine</UnitOfAuthType></Template>"
            "<Template><Id>52</Id><UnitOfAuthType>OffLine</UnitOfAuthType></Template>"
            "<Template><Id>53</Id></Template></TemplateList>"
        )
    )
    assert found == [
        Template(51, "A", "B", offline=False),
        Template(52, "", None, offline=True),
        Template(53, "", None, offline=False),
    ]


def test_reasons_say_what_they_are_for() -> None:
    found = readers.block_reasons(
        element(
            "<BlockReasonList><BlockReason><Id>5</Id><Description>Lost</Description>"
            "<CarrierBlockReason>true</CarrierBlockReason><IdentifierWithdrawReason>false</IdentifierWithdrawReason>"
            "</BlockReason><BlockReason><Id>6</Id></BlockReason></BlockReasonList>"
        )
    )
    assert found == [
        BlockReason(5, "Lost", for_carriers=True, for_withdrawal=False),
        BlockReason(6, "", for_carriers=False, for_withdrawal=False),
    ]


def test_the_states_of_a_carrier() -> None:
    states = "<States><Blocked>true</Blocked><BlockReason>5</BlockReason></States>"
    blocked = f"<CarrierStateResult>{states}</CarrierStateResult>"
    assert readers.carrier_states(element(blocked)) == CarrierStates(blocked=True, reason=5)
    silent = "<CarrierStateResult><States></States></CarrierStateResult>"
    assert readers.carrier_states(element(silent)) == CarrierStates(blocked=False, reason=None)


def test_named_things_and_the_version() -> None:
    units = readers.named("Unit")(
        element("<UnitList><Unit><Id>1</Id><Name>HQ</Name></Unit><Unit><Id>2</Id></Unit></UnitList>")
    )
    assert units == [Named(1, "HQ"), Named(2, "")]
    version = (
        "<VersionInfo><AeosVersion>2023.1</AeosVersion><WebServiceVersion>3</WebServiceVersion></VersionInfo>"
    )
    assert readers.version(element(version)) == Version("2023.1", "3", "unknown")


def test_the_newer_generation_says_how_many_there_are() -> None:
    with_total = "<VisitorList><SearchResultInfo><totalSize>7</totalSize></SearchResultInfo></VisitorList>"
    assert readers.total(element(with_total)) == 7
    assert readers.total(element("<VisitorList></VisitorList>")) is None


BROKEN: list[tuple[Any, str]] = [
    (readers.visitor, "<VisitorResult></VisitorResult>"),
    (readers.visitor, "<VisitorResult><Id>x</Id></VisitorResult>"),
    (readers.visitor, f"<VisitorResult><Id>{'1' * 20}</Id></VisitorResult>"),
    (readers.visitor, "<VisitorResult><Id>\u0663</Id></VisitorResult>"),
    (
        readers.visit,
        "<VisitResult><Id>1</Id><VisitorId>2</VisitorId><ContactPersonId>3</ContactPersonId></VisitResult>",
    ),
    (readers.profile, "<ProfileResult></ProfileResult>"),
    (readers.identifier, "<IdentifierResult><Id>1</Id><IdentifierType>2</IdentifierType></IdentifierResult>"),
    (readers.tokens_with_carriers, "<L><IdentifierAndCarrierId></IdentifierAndCarrierId></L>"),
    (readers.carrier_states, "<CarrierStateResult></CarrierStateResult>"),
    (
        readers.visits,
        f"<VisitList>{VISIT}<Authorization><TemplateAuthorisation/></Authorization></Visit></VisitList>",
    ),
]


@pytest.mark.parametrize(("read", "payload"), BROKEN)
def test_what_is_mandatory_is_insisted_on(read: Any, payload: str) -> None:
    with pytest.raises(Broken):
        read(element(payload))


def test_a_negative_id_is_an_id() -> None:
    assert readers.visitor(element("<VisitorResult><Id>-1</Id></VisitorResult>")).id == -1


NAMES = (
    "Id",
    "Visitor",
    "VisitorInfo",
    "Visit",
    "Authorization",
    "TemplateAuthorisation",
    "States",
    "Identifier",
)
trees = st.recursive(
    st.text("1a-", max_size=3),
    lambda inner: st.lists(st.tuples(st.sampled_from(NAMES), inner), max_size=4),
    max_leaves=12,
)


def written(tree: Any) -> str:
    return (
        tree if isinstance(tree, str) else "".join(f"<{name}>{written(each)}</{name}>" for name, each in tree)
    )


@given(trees)
def test_whatever_a_reader_meets_it_reads_or_calls_broken(tree: Any) -> None:
    root = element(f"<R>{written(tree)}</R>")
    for read in (
        *(each for each, _ in BROKEN),
        readers.visitors,
        readers.persons,
        readers.templates,
        readers.total,
    ):
        try:
            read(root)
        except Broken as error:
            assert str(error)
