"""Visitors and hosts: what is kept, cleared, refused and found."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators import AeosSimulator
from tests.testing.simulators.aeos.client import Client


@pytest.fixture
def client() -> Client:
    return Client(AeosSimulator())


def find(client: Client, criteria: str = "", after: str = "") -> list[str]:
    """The last names of the visitors that are found."""
    reply = client.ok(f"<VisitorSearchInfo><VisitorInfo>{criteria}</VisitorInfo>{after}</VisitorSearchInfo>")
    return reply.texts("LastName")


def change(client: Client, visitor: int, elements: str):
    return client.send(f"<VisitorChange><Id>{visitor}</Id>{elements}</VisitorChange>")


def test_a_sent_id_is_ignored_when_adding(client):
    assert client.add_visitor(before="<Id>5</Id>") == 1201


def test_a_change_keeps_what_is_not_sent(client):
    visitor = client.add_visitor(more="<FirstName>Zoé</FirstName><Company>Exemple</Company>")

    reply = change(client, visitor, "<FirstName>Léa</FirstName>")

    assert reply.text("LastName") == "Durand"
    assert reply.text("FirstName") == "Léa"
    assert reply.text("Company") == "Exemple"
    assert client.simulator.effects == {"addVisitor": 1, "changeVisitor": 1}


def test_a_refused_change_changes_nothing(client):
    visitor = client.add_visitor(more="<FirstName>Zoé</FirstName>")

    refused = change(client, visitor, "<LastName></LastName><FirstName>Léa</FirstName>")

    assert refused.code == 72
    assert client.simulator.holders()[0].fields["FirstName"] == "Zoé"
    assert client.simulator.effects == {"addVisitor": 1}


def test_an_object_reference_is_cleared_by_zero_and_not_by_an_empty_element(client):
    visitor = client.add_visitor(more="<ContactPersonId>60</ContactPersonId>")

    assert change(client, visitor, "<ContactPersonId/>").code == 72
    assert change(client, visitor, "<ContactPersonId>0</ContactPersonId>").text("ContactPersonId") is None


def test_a_date_is_cleared_by_a_day_in_2149_and_not_by_an_empty_element(client):
    visitor = client.add_visitor(before="<LeaveDateTime>2026-03-27T18:00:00</LeaveDateTime>")

    assert change(client, visitor, "<LeaveDateTime/>").code == 72
    cleared = change(client, visitor, "<LeaveDateTime>2149-05-29T00:00:00</LeaveDateTime>")
    assert cleared.text("LeaveDateTime") is None


def test_an_empty_text_is_not_echoed(client):
    visitor = client.add_visitor(more="<Company>Exemple</Company>")

    assert change(client, visitor, "<Company></Company>").text("Company") is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 51])
def test_a_last_name_has_1_to_50_characters(client, name):
    refused = client.send(f"<VisitorAdd><LastName>{name}</LastName></VisitorAdd>")

    assert (refused.code, refused.message) == (71, "Visitor.lastName: size must be between 1 and 50")
    assert client.add_visitor(last_name="é" * 50) == 1201


def test_a_visitor_without_a_last_name_is_refused(client):
    refused = client.send("<VisitorAdd><FirstName>Zoé</FirstName></VisitorAdd>")

    assert (refused.code, refused.message) == (71, "Visitor.lastName: size must be between 1 and 50")


@pytest.mark.parametrize(
    ("elements", "message"),
    [
        ("<UnitId>9</UnitId><LastName>Durand</LastName>", "Unit not found"),
        ("<LastName>Durand</LastName><ContactPersonId>9</ContactPersonId>", "Employee not found"),
        (
            "<Freefield><DefinitionId>9</DefinitionId><value>x</value></Freefield><LastName>D</LastName>",
            "Free field definition not found",
        ),
    ],
)
def test_what_a_visitor_refers_to_must_exist(client, elements, message):
    refused = client.send(f"<VisitorAdd>{elements}</VisitorAdd>")

    assert (refused.code, refused.message) == (71, message)
    assert client.simulator.holders() == []


def test_a_site_may_want_more_than_a_last_name():
    client = Client(AeosSimulator(mandatory_fields=("FirstName", "Company")))

    refused = client.send("<VisitorAdd><LastName>Durand</LastName><FirstName>Zoé</FirstName></VisitorAdd>")
    assert (refused.code, refused.message) == (71, "Visitor.company: may not be null")
    visitor = client.add_visitor(more="<FirstName>Zoé</FirstName><Company>Exemple</Company>")
    assert change(client, visitor, "<Company></Company>").code == 72


def test_a_visitor_is_nobodys_host(client):
    other = client.add_visitor()

    refused = client.send(
        f"<VisitorAdd><LastName>Petit</LastName><ContactPersonId>{other}</ContactPersonId></VisitorAdd>"
    )
    assert refused.message == "Employee not found"


def test_free_fields_are_changed_one_by_one_and_named_by_their_definition():
    client = Client(AeosSimulator(free_fields={12: "ExternalId", 13: "Car"}))
    visitor = client.add_visitor(
        before="<Freefield><DefinitionId>12</DefinitionId><Name>wrong</Name><value>HV-1</value></Freefield>"
    )

    reply = change(
        client, visitor, "<Freefield><DefinitionId>13</DefinitionId><value>AB-1</value></Freefield>"
    )

    assert reply.texts("Name") == ["ExternalId", "Car"]
    assert reply.texts("value") == ["HV-1", "AB-1"]


def test_several_hosts_and_guides_are_kept_as_lists(client):
    reply = client.ok(
        "<VisitorAdd><LastName>Durand</LastName>"
        "<ContactPersonIds><ContactPersonId>60</ContactPersonId><ContactPersonId>61</ContactPersonId>"
        "</ContactPersonIds><GuideIds><GuideId>62</GuideId></GuideIds></VisitorAdd>"
    )

    assert reply.texts("ContactPersonId") == ["60", "61"]
    assert reply.texts("GuideId") == ["62"]
    cleared = change(client, 1201, "<GuideIds></GuideIds>")
    assert cleared.texts("GuideIds") == []


def test_an_employee_cannot_be_changed_or_removed_as_a_visitor(client):
    assert change(client, 60, "<LastName>Durand</LastName>").code == 72
    assert client.send("<VisitorId>60</VisitorId>").code == 73
    assert [employee.id for employee in client.simulator.employees()] == [60, 61, 62]


def test_removing_twice_is_refused_the_second_time(client):
    visitor = client.add_visitor()

    assert client.ok(f"<VisitorId>{visitor}</VisitorId>").tree == "(null)"
    assert client.send(f"<VisitorId>{visitor}</VisitorId>").code == 73
    assert client.simulator.effects["removeVisitor"] == 1


@pytest.mark.parametrize(
    ("switch", "code", "state"),
    [
        ("kept", None, ("1", "false", None, "1201")),
        ("freed", None, ("0", "false", None, None)),
        ("refused", 73, ("1", "false", None, "1201")),
    ],
)
def test_what_becomes_of_the_badges_of_a_removed_visitor_is_a_switch(switch, code, state):
    """The real server's answer is not known; by default the number stays taken by nobody."""
    client = Client(AeosSimulator(badges_of_removed=switch))
    client.assign(client.add_visitor())

    assert client.send("<VisitorId>1201</VisitorId>").code == code
    assert client.state() == state


def test_a_kept_badge_can_still_be_withdrawn(client):
    client.assign(client.add_visitor())
    client.ok("<VisitorId>1201</VisitorId>")

    assert client.assign(60).code == 113
    assert client.token("IdentifierWithdraw").status == 200
    assert client.assign(60).status == 200


def test_a_visitor_with_visits_is_removed_only_where_the_switch_allows_it(client):
    client.visit(client.add_visitor())
    assert client.send("<VisitorId>1201</VisitorId>").message == "Visitor has visits"

    lenient = Client(AeosSimulator(visits_of_removed="removed"))
    lenient.visit(lenient.add_visitor())
    lenient.ok("<VisitorId>1201</VisitorId>")
    assert lenient.simulator.visits() == []


def test_search_is_by_prefix_and_case_does_not_count(client):
    for name in ("Durand", "Durandal", "Dupont", "durant", "Du%", "Du_"):
        client.add_visitor(last_name=name)

    assert find(client, "<LastName>Durand</LastName>") == ["Durand", "Durandal"]
    assert find(client, "<LastName>DURAN</LastName>") == ["Durand", "Durandal", "durant"]
    assert find(client, "<LastName>urand</LastName>") == []
    assert find(client, "<LastName>Du%</LastName>") == ["Du%"]
    assert find(client, "<LastName>Du_</LastName>") == ["Du_"]


def test_a_search_without_criterion_finds_every_visitor_and_no_employee(client):
    client.add_visitor(last_name="Durand")
    client.add_visitor(last_name="Petit")

    assert find(client) == ["Durand", "Petit"]


@pytest.mark.parametrize(
    "criterion",
    [
        "<Gender>Male</Gender>",
        "<Title>Dr</Title>",
        "<PhoneNo>1</PhoneNo>",
        "<Language>nl</Language>",
        "<MobilePhoneNo>1</MobilePhoneNo>",
        "<Email>nobody@example.org</Email>",
    ],
)
def test_criteria_that_are_not_implemented_for_persons_are_read_over(client, criterion):
    """So that a client which trusts them gets everybody."""
    client.add_visitor(more="<Gender>Female</Gender><Email>zoe@example.org</Email>")

    assert find(client, criterion) == ["Durand"]


def test_further_criteria_can_be_left_unimplemented():
    client = Client(AeosSimulator(ignored_filters={"PersonnelNo"}))
    client.add_visitor(more="<PersonnelNo>HV-1</PersonnelNo>")

    assert find(client, "<PersonnelNo>HV-2</PersonnelNo>") == ["Durand"]
    assert find(client, "<LastName>P</LastName>") == []


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ("<Id>1202</Id>", ["Petit"]),
        ("<CarrierType>Visitor</CarrierType>", ["Durand", "Petit"]),
        ("<CarrierType>Employee</CarrierType>", []),
        ("<LastName>P</LastName><PersonnelNo>HV</PersonnelNo>", ["Petit"]),
        ("<LastName>D</LastName><PersonnelNo>HV-2</PersonnelNo>", []),
        ("<Freefield><DefinitionId>12</DefinitionId><value>EXT</value></Freefield>", ["Durand"]),
        ("<ArrivalDateTime>2026-03-27T08:45:00</ArrivalDateTime>", ["Durand"]),
        (
            (
                "<ArrivalDateTimeRange><From>2026-03-27T00:00:00</From><Until>2026-03-28T00:00:00</Until>"
                "</ArrivalDateTimeRange>"
            ),
            ["Durand"],
        ),
        ("<LeaveDateTimeRange><From>2026-03-27T00:00:00</From></LeaveDateTimeRange>", []),
        ("<ArrivalDateTimeRange><Until>2026-03-26T00:00:00</Until></ArrivalDateTimeRange>", []),
        ("<AuthorizationTemplateIdList><TemplateId>52</TemplateId></AuthorizationTemplateIdList>", ["Petit"]),
    ],
)
def test_criteria_all_have_to_be_met(client, criteria, found):
    client.add_visitor(
        before="<ArrivalDateTime>2026-03-27T08:45:00</ArrivalDateTime>"
        "<Freefield><DefinitionId>12</DefinitionId><value>ext-1</value></Freefield>",
        more="<PersonnelNo>HV-1</PersonnelNo>",
    )
    client.grant(client.add_visitor(last_name="Petit", more="<PersonnelNo>HV-2</PersonnelNo>"), template=52)

    assert find(client, criteria) == found


def test_the_newer_generation_sorts_on_demand(client):
    for name in ("Petit", "Durand", "Martin"):
        client.add_visitor(last_name=name)
    order = "<SortOrder><Order>D</Order><FieldName>LastName</FieldName></SortOrder>"

    assert find(client, after=order) == ["Petit", "Martin", "Durand"]


def test_find_person_cuts_arrival_and_leave_to_midnight_and_find_visitor_only_by_a_switch():
    dates = (
        "<ArrivalDateTime>2026-03-27T08:45:00</ArrivalDateTime>"
        "<LeaveDateTime>2026-03-27T18:00:00</LeaveDateTime>"
    )
    for cut, echoed in ((False, "2026-03-27T18:00:00"), (True, "2026-03-27T00:00:00")):
        client = Client(AeosSimulator(cut_visitor_times=cut))
        client.add_visitor(before=dates)
        person = client.ok("<PersonSearchInfo><PersonInfo><Id>1201</Id></PersonInfo></PersonSearchInfo>")
        visitor = client.ok("<VisitorSearchInfo><VisitorInfo/></VisitorSearchInfo>")

        assert person.text("ArrivalDateTime") == "2026-03-27T00:00:00"
        assert person.text("LeaveDateTime") == "2026-03-27T00:00:00"
        assert visitor.text("LeaveDateTime") == echoed


def test_persons_name_their_real_type_without_a_prefix(client):
    client.add_visitor(more="<PersonnelNo>E-1001x</PersonnelNo>")
    reply = client.ok(
        "<PersonSearchInfo><PersonInfo><PersonnelNo>E-1001</PersonnelNo></PersonInfo></PersonSearchInfo>"
    )

    assert '<Person xsi:type="EmployeeInfo">' in reply.xml
    assert '<Person xsi:type="VisitorInfo">' in reply.xml
    assert reply.texts("PersonnelNo") == ["E-1001", "E-1001x"]


def test_a_search_for_a_personnel_number_also_finds_longer_ones(client):
    reply = client.ok(
        "<PersonSearchInfo><PersonInfo><PersonnelNo>E-100</PersonnelNo></PersonInfo></PersonSearchInfo>"
    )

    assert reply.texts("PersonnelNo") == ["E-1001", "E-1002", "E-100"]


def test_ids_are_found_by_kind_and_number(client):
    client.add_visitor(more="<PersonnelNo>E-1003</PersonnelNo>")
    reply = client.ok(
        "<PersonIdSearchInfo><CarrierType>Employee</CarrierType><PersonnelNo>E-1001</PersonnelNo>"
        "<SearchRange><startRecordNo>0</startRecordNo></SearchRange></PersonIdSearchInfo>"
    )

    assert reply.tree == [("PersonId", [("Id", "60"), ("CarrierType", "Employee")])]
    assert len(client.ok("<PersonIdSearchInfo/>").texts("Id")) == 4


def test_a_find_in_the_older_generation_says_nothing_about_its_page():
    newer, older = Client(AeosSimulator()), Client(AeosSimulator(generation="older"))
    search = "<VisitorSearchInfo><VisitorInfo/></VisitorSearchInfo>"

    assert newer.ok(search).texts("totalSize") == ["0"]
    assert older.ok(search).tree == ""
