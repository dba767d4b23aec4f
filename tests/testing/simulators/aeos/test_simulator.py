"""The simulator as a whole: the example conversation, its switches, faults, threads and size."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.flow import Cut, Now, Request, Safety
from hamilton_sdk.testing.faults import Fault, FaultScript
from hamilton_sdk.testing.simulators import AeosSimulator
from tests.testing.simulators.aeos.client import END, NOON, Client, enveloped

_ADD_VISITOR = """<VisitorAdd>
  <UnitId>1</UnitId>
  <ArrivalDateTime>2026-03-27T08:45:00</ArrivalDateTime>
  <LeaveDateTime>2026-03-27T18:00:00</LeaveDateTime>
  <Freefield><DefinitionId>12</DefinitionId><Name>ExternalId</Name><value>HV-2026-000123</value></Freefield>
  <LastName>Durand</LastName>
  <FirstName>Zoé</FirstName>
  <Gender>Unknown</Gender>
  <Language>fr</Language>
  <Email>zoe.durand@example.org</Email>
  <ContactPersonId>60</ContactPersonId>
  <Company>Exemple &amp; Fils</Company>
</VisitorAdd>"""


@pytest.fixture
def client() -> Client:
    return Client(AeosSimulator(generation="older"))


def test_a_visitor_is_echoed_whole_with_a_generated_id(client):
    reply = client.ok(_ADD_VISITOR)

    assert reply.root == "VisitorResult"
    assert reply.tree == [
        ("Id", "1201"),
        ("CarrierType", "Visitor"),
        ("UnitId", "1"),
        ("ArrivalDateTime", "2026-03-27T08:45:00"),
        ("LeaveDateTime", "2026-03-27T18:00:00"),
        ("ReadOnly", "false"),
        ("Freefield", [("DefinitionId", "12"), ("Name", "ExternalId"), ("value", "HV-2026-000123")]),
        ("LastName", "Durand"),
        ("FirstName", "Zoé"),
        ("Gender", "Unknown"),
        ("Language", "fr"),
        ("Email", "zoe.durand@example.org"),
        ("ContactPersonId", "60"),
        ("Company", "Exemple & Fils"),
    ]


def test_replies_are_written_with_the_prefixes_of_the_real_server(client):
    """``soap:`` for the envelope, the default namespace for the payload, and a declaration nothing uses."""
    xml = client.ok(_ADD_VISITOR).xml

    assert xml.startswith('<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>')
    assert (
        '<VisitorResult xmlns:ns2="http://www.nedap.com/aeosws" xmlns="http://www.nedap.com/aeosws/schema">'
        in xml
    )


def test_the_example_conversation_opens_the_door_and_closes_it_again(client):
    """Add, visit, assign, find, block, withdraw, remove: the shapes of the reference's fixtures."""
    client.ok(_ADD_VISITOR)
    visit = client.visit(1201)
    assert visit.root == "VisitResult"
    assert visit.tree == [
        ("Id", "901"),
        ("VisitorId", "1201"),
        ("ContactPersonId", "60"),
        ("beginVisit", "2026-03-27T08:45:00"),
        ("endVisit", "2026-03-27T18:00:00"),
        (
            "Authorization",
            [
                (
                    "TemplateAuthorisation",
                    [
                        ("Id", "19022"),
                        ("Enabled", "true"),
                        ("TemplateId", "51"),
                        ("DateFrom", "2026-03-27T08:45:00"),
                        ("DateUntil", "2026-03-27T18:00:00"),
                    ],
                )
            ],
        ),
    ]
    badge = [
        ("Id", "101"),
        ("IdentifierType", "2"),
        ("BadgeNumber", "48213377"),
        ("Blocked", "false"),
        ("Status", "1"),
    ]
    assigned = client.assign(1201)
    assert assigned.root == "IdentifierResult"
    assert assigned.tree[:5] == badge
    assert client.simulator.opens("48213377", NOON)

    found = client.ok(
        "<IdentifierSearchInfo><IdentifierSearch><BadgeNumber>48213377</BadgeNumber>"
        "<IdentifierType>2</IdentifierType></IdentifierSearch>"
        "<SearchRange><startRecordNo>0</startRecordNo><nrOfRecords>25</nrOfRecords></SearchRange>"
        "</IdentifierSearchInfo>"
    )
    assert found.root == "IdentifierAndCarrierIdList"
    [(name, [(inner, identifier), carrier])] = found.tree
    assert (name, inner, identifier[:5]) == ("IdentifierAndCarrierId", "Identifier", badge)
    assert carrier == ("CarrierId", "1201")

    blocked = client.token("IdentifierBlock", more="<Reason>5</Reason>")
    assert blocked.xml == (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body/></soap:Envelope>'
    )
    assert not client.simulator.opens("48213377", NOON)

    client.token("IdentifierUnblock")
    withdrawn = client.token("IdentifierWithdraw")
    assert withdrawn.root == "RemoveResult"
    assert withdrawn.tree == "(null)"
    assert 'xsi:type="xs:string"' in withdrawn.xml

    client.ok("<VisitId>901</VisitId>")
    assert client.ok("<VisitorId>1201</VisitorId>").tree == "(null)"
    assert client.simulator.holders() == []


def test_a_visitor_is_found_by_the_beginning_of_the_name(client):
    client.ok(_ADD_VISITOR)
    reply = client.ok(
        "<VisitorSearchInfo><VisitorInfo><LastName>Durand</LastName></VisitorInfo>"
        "<SearchRange><startRecordNo>0</startRecordNo><nrOfRecords>25</nrOfRecords></SearchRange>"
        "</VisitorSearchInfo>"
    )

    assert reply.root == "VisitorList"
    [(name, [(inner, fields)])] = reply.tree
    assert (name, inner) == ("Visitor", "VisitorInfo")
    assert fields[:2] == [("Id", "1201"), ("CarrierType", "Visitor")]
    assert ("LastName", "Durand") in fields


def test_a_grant_without_a_visit_stands_in_the_profile(client):
    client.ok(_ADD_VISITOR)
    reply = client.grant(1201)

    assert reply.root == "ProfileResult"
    assert reply.tree[0] == ("CarrierId", "1201")
    [(kind, [(name, fields)])] = reply.tree[1:]
    assert (kind, name) == ("AuthorisationOnline", "TemplateAuthorisation")
    assert ("DateUntil", END) in fields


def test_templates_are_listed_by_kind(client):
    reply = client.ok(
        "<TemplateSearchInfo><TemplateInfo><UnitOfAuthType>OnLine</UnitOfAuthType></TemplateInfo>"
        "<SearchRange><startRecordNo>0</startRecordNo><nrOfRecords>100</nrOfRecords></SearchRange>"
        "</TemplateSearchInfo>"
    )

    assert reply.root == "TemplateList"
    assert "Visitors" in reply.texts("Name")
    assert set(reply.texts("UnitOfAuthType")) == {"OnLine"}


def test_responding_is_pure_and_asks_for_the_time():
    simulator = AeosSimulator()
    request = Request(method="POST", url="https://x/aeosws", operation="?", safety=Safety.UNSAFE)

    assert isinstance(next(simulator.respond(request)), Now)


def test_the_script_is_asked_by_the_operation_that_the_bytes_name():
    client = Client(AeosSimulator())
    client.simulator.faults.add(Fault("status", status=503), operation="findUnit")

    assert client.send("<VersionSearchInfo/>").status == 200
    assert client.send("<UnitSearchInfo/>").status == 503
    assert client.send("<UnitSearchInfo/>").status == 200


def test_a_cut_after_the_work_leaves_its_effect():
    client = Client(AeosSimulator())
    client.simulator.faults.add(Fault("reset", after_work=True), operation="addVisitor")
    client.simulator.faults.add(Fault("timeout"), operation="addVisitor", nth=2)

    with pytest.raises(Cut) as reset:
        client.add_visitor()
    with pytest.raises(Cut):
        client.add_visitor()

    assert reset.value.after_work
    assert client.simulator.effects == {"addVisitor": 1}
    assert len(client.simulator.holders()) == 1


def test_a_scripted_fault_has_the_operations_code_unless_it_names_another():
    faults = FaultScript()
    faults.add(Fault("fault", message="Carrier not found"), operation="assignToken")
    faults.add(Fault("fault", code=990, status=503), operation="assignToken")
    client = Client(AeosSimulator(faults=faults))

    own, other = client.assign(60), client.assign(60)

    assert (own.status, own.code, own.message) == (500, 113, "Carrier not found")
    assert (other.status, other.code, other.message) == (503, 990, "System error")
    assert client.simulator.effects == {}


def test_what_cannot_be_understood_is_the_scripts_unknown_operation():
    client = Client(AeosSimulator())
    client.simulator.faults.add(Fault("fault"), operation="unknown")

    assert client.raw(b"no XML").code == 904


def test_threads_may_call_at_once():
    """Every visitor gets an id of its own, and one badge goes to one of them."""
    client = Client(AeosSimulator())

    def work() -> None:
        for _ in range(25):
            client.assign(client.add_visitor())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert client.simulator.effects == {"addVisitor": 100, "assignToken": 1}
    assert len({holder.id for holder in client.simulator.holders()}) == 100


@pytest.mark.parametrize(
    ("switches", "payload", "code"),
    [
        ({"visit_management": False}, "<VisitSearchInfo/>", 902),
        ({"unlicensed": {"findEvent"}}, "<EventSearchInfo/>", 902),
        ({"forbidden": {"visitor"}}, "<VisitorSearchInfo/>", 901),
        ({"forbidden": {"getVersion"}}, "<VersionSearchInfo/>", 901),
        ({}, "<IdentifierRelease/>", 901),
        ({"administrator": True}, "<IdentifierRelease/>", 121),
    ],
)
def test_rights_and_licences_are_switches(switches, payload, code):
    assert Client(AeosSimulator(**switches)).send(payload).code == code


def test_mandatory_fields_units_and_free_fields_are_the_sites_own():
    client = Client(
        AeosSimulator(mandatory_fields=("FirstName",), units={7: "North", 8: "South"}, free_fields={})
    )

    refused = client.send("<VisitorAdd><LastName>Durand</LastName></VisitorAdd>")
    assert (refused.code, refused.message) == (71, "Visitor.firstName: may not be null")
    assert client.ok("<UnitSearchInfo/>").texts("Name") == ["North", "South"]
    assert client.ok("<FreeFieldDefinitionSearchInfo/>").tree == ""


def test_the_path_and_the_account_are_settings():
    simulator = AeosSimulator(path="/other", username="a", password="b:c")
    client = Client(simulator)

    assert client.raw(enveloped("<VersionSearchInfo/>"), url="https://x/other").status == 200
    assert client.send("<VersionSearchInfo/>").status == 404


def test_a_zone_that_does_not_exist_is_refused_by_the_constructor():
    with pytest.raises(ConfigurationError, match="timezone"):
        AeosSimulator(timezone="Europe/Nowhere")


def test_client_lines_say_what_a_client_needs_the_address_first():
    lines = AeosSimulator(username="u", password="p").client_lines("https://127.0.0.1:8443/")

    assert lines[:4] == [
        ("url", "https://127.0.0.1:8443/aeosws"),
        ("username", "u"),
        ("password", "p"),
        ("timezone", "Europe/Paris"),
    ]
    names = dict(lines)
    assert len(names) == len(lines)
    assert {"identifier_type", "badge", "badge_numbers", "host", "unit", "free_field"} <= names.keys()
    assert names["profile"] == "Visitors"
    assert names["other_profiles"] == "Visitors escorted, Contractors"
    assert names["offline_profiles"] == "Meeting rooms"
    low, _, high = names["badge_numbers"].partition(" to ")
    assert int(low) <= int(names["badge"]) <= int(high)
    assert names["host"] == "E-1001"


def test_ten_thousand_visitors_are_paged_through_without_loss():
    """1,000 a call at most, by 0-based offsets above the size of a page; none twice, none missing."""
    client = Client(AeosSimulator())
    for number in range(10_000):
        client.simulator.add_visitor(f"Name{number}", personnel_number=f"HV-{number:05}")
    seen: list[str] = []
    while len(seen) < 10_000:
        page = client.ok(
            "<VisitorSearchInfo><VisitorInfo><PersonnelNo>HV-</PersonnelNo></VisitorInfo><SearchRange>"
            f"<startRecordNo>{len(seen)}</startRecordNo><nrOfRecords>5000</nrOfRecords>"
            "</SearchRange></VisitorSearchInfo>"
        )
        assert len(page.texts("Id")) == 1000
        seen += page.texts("PersonnelNo")

    assert seen == [f"HV-{number:05}" for number in range(10_000)]


def test_time_passes_for_the_events_of_a_call():
    client = Client(AeosSimulator(generation="newer"))
    client.clock.advance(timedelta(hours=1).total_seconds())

    reply = client.ok("<VisitorAdd><LastName>Durand</LastName></VisitorAdd>")

    assert reply.text("ModificationDate") == "2026-03-27T13:00:00"
    assert client.clock.now() == datetime(2026, 3, 27, 12, tzinfo=UTC)
