"""Doors: what presenting a credential tells afterwards, and how it is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hamilton_sdk.testing.simulators import AeosSimulator
from tests.testing.simulators.aeos.client import BEGIN, NOON, Client

NUMBER = "48213377"
LATE = datetime(2026, 3, 27, 17, tzinfo=UTC)
EARLY = datetime(2026, 3, 27, 7, tzinfo=UTC)
NO_REASON = 100 * 256 + 1


@pytest.fixture
def client() -> Client:
    client = Client(AeosSimulator())
    client.grant(client.add_visitor(more="<PersonnelNo>HV-1</PersonnelNo><FirstName>Zoé</FirstName>"))
    client.assign(1201)
    return client


def find(client: Client, criteria: str = "", after: str = "", since: str = "2026-01-01T00:00:00"):
    before, _, behind = criteria.rpartition("|")
    return client.ok(
        f"<EventSearchInfo><EventSearch>{before}<FromDateTime>{since}</FromDateTime>{behind}</EventSearch>"
        f"{after}</EventSearchInfo>"
    )


def why(client: Client, at: datetime = NOON, number: str = NUMBER) -> tuple[int, str | None, str | None]:
    """Present a badge and read the value, the attribute and the carrier of the event."""
    assert not client.simulator.present(number, at)
    event = find(client, f"<GreaterThanId>{len(find(client).texts('Id')) - 1}</GreaterThanId>|")
    return int(event.text("IntValue") or 0), event.text("Attribute"), event.text("CarrierId")


def test_an_opened_door_is_an_event(client):
    assert client.simulator.present(NUMBER, NOON)

    [(name, fields)] = [entry for entry in find(client).tree if entry[0] == "Event"]
    assert name == "Event"
    assert fields == [
        ("Id", "1"),
        ("EventTypeId", "5"),
        ("EventTypeName", "BadgeAccessEvent"),
        ("DateTime", "2026-03-27T12:00:00"),
        ("HostName", "simulated"),
        ("EntranceId", "7"),
        ("EntranceName", "Main entrance"),
        ("IdentifierId", "101"),
        ("Identifier", NUMBER),
        ("CarrierId", "1201"),
        ("CarrierFullName", "Durand, Zoé"),
        ("IntValue", "1"),
    ]


def test_a_closed_door_is_an_event_with_reason_and_direction(client):
    client.simulator.present(NUMBER, EARLY)

    event = find(client)
    assert event.text("EventTypeName") == "BadgeNoAccessEvent"
    assert event.text("IntValue") == str(NO_REASON)


def test_the_cause_of_reason_100_stands_in_the_attribute(client):
    assert why(client, EARLY) == (NO_REASON, "A<=>1", "1201")
    assert why(client, LATE) == (NO_REASON, "E<=>1", "1201")
    client.token("IdentifierBlock", more="<Reason>5</Reason>")
    assert why(client) == (NO_REASON, "B<=>Suspended", "1201")
    client.ok("<CarrierIdBlock><CarrierId>1201</CarrierId><Reason>8</Reason></CarrierIdBlock>")
    assert why(client) == (NO_REASON, "P<=>1|||D<=>Not returned", "1201")


def test_not_yet_comes_before_no_longer(client):
    client.grant(1201, begin="2026-04-01T00:00:00", end=None)

    assert why(client, LATE)[1] == "A<=>1"


def test_a_leave_in_the_past_is_no_longer(client):
    client.ok(
        "<VisitorChange><Id>1201</Id><LeaveDateTime>2026-03-27T11:00:00</LeaveDateTime></VisitorChange>"
    )

    assert why(client)[1] == "E<=>1"


def test_a_holder_without_a_grant_is_not_authorised_here(client):
    client.assign(client.add_visitor(), "48213378")

    assert why(client, number="48213378") == (NO_REASON, None, "1202")


def test_a_grant_for_another_door_does_not_open_this_one(client):
    assert client.simulator.present(NUMBER, NOON, entrance=7)
    assert not client.simulator.present(NUMBER, NOON, entrance=8)


def test_an_entrance_and_a_group_open_their_doors():
    client = Client()
    client.assign(client.add_visitor())
    client.assign(client.add_visitor(), "48213378")
    for carrier, subject, key in ((1201, "Entrance", 7), (1202, "EntranceGroup", 9)):
        client.ok(
            f"<ProfileAdd><CarrierId>{carrier}</CarrierId><AuthorisationOnline><{subject}Authorisation>"
            f"<Enabled>true</Enabled><{subject}Id>{key}</{subject}Id><DateTimeScheduleId>1</DateTimeScheduleId>"
            f"<DateFrom>{BEGIN}</DateFrom></{subject}Authorisation></AuthorisationOnline></ProfileAdd>"
        )

    assert client.simulator.present(NUMBER, NOON)
    assert client.simulator.present("48213378", NOON)


def test_a_free_and_an_unknown_number_are_in_nobodys_hands(client):
    client.token("IdentifierWithdraw")

    assert why(client) == (NO_REASON, None, None)
    assert why(client, number="11111111") == (NO_REASON, None, None)
    assert find(client).texts("IdentifierId") == ["101"]


def test_a_number_blocked_for_good_says_why(client):
    client.token("IdentifierWithdrawAndBlock", more="<Reason>6</Reason>")

    assert why(client) == (NO_REASON, "B<=>Visit ended", None)


def test_a_replacement_that_is_over_has_reason_101(client):
    client.ok(
        "<IdentifierReplace><CarrierId>1201</CarrierId><IdentifierTypeFrom>2</IdentifierTypeFrom>"
        f"<BadgeNumberFrom>{NUMBER}</BadgeNumberFrom><IdentifierTypeTo>2</IdentifierTypeTo>"
        "<BadgeNumberTo>48213378</BadgeNumberTo><Reason>3</Reason>"
        "<EndValidity>2026-03-27T11:00:00</EndValidity></IdentifierReplace>"
    )

    assert why(client, number="48213378") == (101 * 256 + 1, None, "1201")


@pytest.mark.parametrize(
    ("criteria", "ids"),
    [
        ("", ["1", "2", "3"]),
        ("<GreaterThanId>1</GreaterThanId>|", ["2", "3"]),
        ("<EventType>5</EventType>|", ["1"]),
        ("<EventType>5</EventType><EventType>40</EventType>|", ["1", "2", "3"]),
        ("<UntilDateTime>2026-03-27T12:30:00</UntilDateTime>", ["1"]),
        ("<EntranceId>7</EntranceId>", ["1", "2", "3"]),
        ("<EntranceId>8</EntranceId>", []),
        ("<EntranceName>Main</EntranceName>", ["1", "2", "3"]),
        ("<IdentifierTypeId>2</IdentifierTypeId>", ["1", "2"]),
        ("<BadgeNumber>4821</BadgeNumber>", ["1", "2"]),
        ("<CarrierId>1201</CarrierId>", ["1", "2"]),
        ("<CarrierType>Visitor</CarrierType>", ["1", "2"]),
        ("<CarrierType>Employee</CarrierType>", []),
        ("<PersonnelNo>HV</PersonnelNo>", ["1", "2"]),
    ],
)
def test_events_are_found_by_cursor_time_door_and_person(client, criteria, ids):
    client.simulator.present(NUMBER, NOON)
    client.simulator.present(NUMBER, LATE)
    client.simulator.present("11111111", LATE)

    # A bar marks where FromDateTime stands in the order of the elements.
    criteria = criteria if "|" in criteria else f"|{criteria}"
    assert find(client, criteria).texts("Id") == ids


def test_a_moment_to_begin_from_is_mandatory_and_counts(client):
    client.simulator.present(NUMBER, NOON)

    assert client.send("<EventSearchInfo><EventSearch/></EventSearchInfo>").code == 151
    assert find(client, since="2026-03-27T12:00:00").texts("Id") == ["1"]
    assert find(client, since="2026-03-27T12:00:01").texts("Id") == []


def test_events_are_paged(client):
    for minute in range(3):
        client.simulator.present(NUMBER, NOON + timedelta(minutes=minute))

    page = "<SearchRange><startRecordNo>1</startRecordNo><nrOfRecords>1</nrOfRecords></SearchRange>"
    assert find(client, after=page).texts("Id") == ["2"]


def test_an_event_outlives_its_person(client):
    client.simulator.present(NUMBER, NOON)
    client.ok("<VisitorId>1201</VisitorId>")

    event = find(client)
    assert event.text("CarrierId") == "1201"
    assert event.texts("CarrierFullName") == []
    assert find(client, "|<PersonnelNo>HV</PersonnelNo>").texts("Id") == []
