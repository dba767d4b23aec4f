"""Events through the service: made once per transaction, read, listed in pages, changed, deleted."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators.graph import GraphSimulator, Switches
from tests.testing.simulators.graph.client import (
    OTHER_ROOM,
    PERSON,
    PROPERTY,
    ROOM,
    Client,
    at,
    event,
    invited,
    moment,
    weekly,
)


@pytest.fixture
def client() -> Client:
    return Client(GraphSimulator())


def test_what_is_made_is_answered_whole_and_can_be_read(client):
    made = client.create()

    assert (made["subject"], made["type"], made["isOrganizer"]) == ("Review", "singleInstance", True)
    assert made["start"] == {"dateTime": "2026-01-05T09:00:00.0000000", "timeZone": "UTC"}
    assert made["@odata.etag"] == f'W/"{made["changeKey"]}"'
    assert made["responseStatus"]["response"] == "organizer"
    assert client.read(ROOM, made["id"])["iCalUId"] == made["iCalUId"]


def test_both_kinds_of_id_name_the_same_event_and_differ(client):
    ordinary = client.create()["id"]
    immutable = client.read(ROOM, ordinary, prefer='IdType="ImmutableId"')["id"]

    assert immutable != ordinary
    assert client.read(ROOM, immutable)["id"] == ordinary
    assert client.ask("GET", client.on(ROOM, ordinary.swapcase())).code == "ErrorItemNotFound"
    assert client.ask("GET", client.on(OTHER_ROOM, ordinary)).status == 404


def test_the_same_transaction_makes_one_event(client):
    body = event(transactionId="t-1")

    assert client.create(ROOM, body)["id"] == client.create(ROOM, body)["id"]
    assert len(client.view()) == 1


@pytest.mark.parametrize("status", [400, 409])
def test_a_transaction_with_another_body_is_refused(status):
    switches = Switches(duplicate_status=status, duplicate_names_event=True)
    client = Client(GraphSimulator(switches=switches))
    made = client.create(ROOM, event(transactionId="t-1"))

    reply = client.ask("POST", f"users/{ROOM}/events", event(11, 12, transactionId="t-1"))

    assert (reply.status, reply.code) == (status, "ErrorDuplicateTransactionId")
    assert reply.json["error"]["@event.existingEventId"] == made["id"]


@pytest.mark.parametrize("forgets", [False, True])
def test_a_transaction_outlives_its_event_unless_told_otherwise(forgets):
    client = Client(GraphSimulator(switches=Switches(forgets_deleted_transactions=forgets)))
    body = event(transactionId="t-1")
    first = client.create(ROOM, body)["id"]
    assert client.ask("DELETE", client.on(ROOM, first)).status == 204

    again = client.create(ROOM, body)["id"]

    assert (again == first, len(client.view())) == ((False, 1) if forgets else (True, 0))


def test_events_are_found_by_extended_property(client):
    properties = [{"id": PROPERTY, "value": "it's"}]
    made = client.create(ROOM, event(singleValueExtendedProperties=properties))
    client.create(ROOM, event(11, 12))

    query = f"singleValueExtendedProperties/Any(ep: ep/id eq '{PROPERTY}' and ep/value eq 'it''s')"
    expand = f"singleValueExtendedProperties($filter=id eq '{PROPERTY}')"
    found = client.get(f"users/{ROOM}/events", {"$filter": query, "$expand": expand}).value

    assert [each["id"] for each in found] == [made["id"]]
    assert found[0]["singleValueExtendedProperties"][0]["value"] == "it's"
    assert "singleValueExtendedProperties" not in made


def test_views_come_ten_at_a_time_and_lose_nothing(client):
    for hour in range(23):
        client.create(ROOM, event(hour, hour + 1))
    page = client.get(
        f"users/{ROOM}/calendarView", {"startDateTime": "2026-01-05", "endDateTime": "2026-01-06"}
    )
    sizes, ids = [], []
    while True:
        sizes.append(len(page.value))
        ids.extend(each["id"] for each in page.value)
        if "@odata.nextLink" not in page.json:
            break
        page = client.ask("GET", page.json["@odata.nextLink"])

    assert sizes == [10, 10, 3]
    assert len(set(ids)) == 23


def test_lists_can_be_counted_ordered_and_cut(client):
    client.create(ROOM, event(11, 12, subject="later"))
    client.create(ROOM, event(9, 10, subject="earlier"))
    query = {"$orderby": "start/dateTime desc", "$count": "true", "$top": "1", "$select": "subject"}

    page = client.get(f"users/{ROOM}/events", query).json

    assert (page["@odata.count"], [each["subject"] for each in page["value"]]) == (2, ["later"])
    assert set(page["value"][0]) == {"@odata.etag", "id", "subject"}
    assert client.get(f"users/{ROOM}/events", {"$orderby": "subject"}).status == 400
    assert client.get(f"users/{ROOM}/events", {"$orderby": "createdDateTime"}).status == 200


def test_an_update_changes_the_version_and_only_what_it_names(client):
    made = client.create()

    reply = client.ask("PATCH", client.on(ROOM, made["id"]), {"subject": "Moved", "end": moment(11)})

    assert (reply.status, reply.json["subject"]) == (200, "Moved")
    assert reply.json["start"] == made["start"]
    assert reply.json["changeKey"] != made["changeKey"]


@pytest.mark.parametrize(("honours", "status"), [(True, 412), (False, 200)])
def test_if_match_counts_for_a_patch_by_switch(honours, status):
    client = Client(GraphSimulator(switches=Switches(honours_if_match=honours)))
    path = client.on(ROOM, client.create()["id"])

    assert client.ask("PATCH", path, {"subject": "x"}, if_match='W/"old"').status == status


def test_if_match_always_counts_for_a_delete(client):
    made = client.create()
    path = client.on(ROOM, made["id"])

    assert client.ask("DELETE", path, if_match='W/"old"').code == "ErrorIrresolvableConflict"
    assert client.ask("DELETE", path, if_match=made["@odata.etag"]).status == 204
    assert client.get(path).status == 404


def test_a_refused_update_leaves_nothing_half_written(client):
    made = client.create()

    reply = client.ask("PATCH", client.on(ROOM, made["id"]), {"subject": "New", "end": moment(1)})

    assert reply.status == 400
    assert client.read(ROOM, made["id"])["subject"] == "Review"
    assert client.ask("PATCH", client.on(ROOM, made["id"]), {"transactionId": "t"}).status == 400


def test_a_series_has_occurrences_exceptions_and_cancelled_days(client):
    made = client.create(ROOM, event(recurrence=weekly(4)))
    first, second, third, fourth = client.view()
    assert {each["type"] for each in (first, second, third, fourth)} == {"occurrence"}

    moved = client.ask(
        "PATCH", client.on(ROOM, second["id"]), {"start": moment(14, 12), "end": moment(15, 12)}
    )
    assert (moved.status, moved.json["type"]) == (200, "exception")
    assert client.ask("DELETE", client.on(ROOM, third["id"])).status == 204

    assert [each["start"]["dateTime"][:13] for each in client.view()] == [
        "2026-01-05T09",
        "2026-01-12T14",
        "2026-01-26T09",
    ]
    window = {"startDateTime": "2026-01-01", "endDateTime": "2026-03-01"}
    assert len(client.get(client.on(ROOM, made["id"], "/instances"), window).value) == 3
    assert client.get(client.on(ROOM, first["id"], "/instances"), window).status == 400
    chosen = {"$select": "cancelledOccurrences,exceptionOccurrences"}
    master = client.get(client.on(ROOM, made["id"]), chosen).json
    assert master["cancelledOccurrences"] == [f"OID.{made['id']}.2026-01-19"]
    assert [each["id"] for each in master["exceptionOccurrences"]] == [second["id"]]
    assert client.get(client.on(ROOM, third["id"])).code == "ErrorItemNotFound"
    assert fourth["seriesMasterId"] == made["id"]


def test_an_exception_cannot_cross_its_neighbours(client):
    client.create(ROOM, event(recurrence=weekly(3)))
    middle = client.view()[1]

    for day in (4, 20):
        change = {"start": moment(9, day), "end": moment(10, day)}
        assert (
            client.ask("PATCH", client.on(ROOM, middle["id"]), change).code
            == "ErrorOccurrenceCrossingBoundary"
        )


def test_a_new_time_makes_a_series_anew(client):
    made = client.create(ROOM, event(recurrence=weekly(3)))
    client.ask("DELETE", client.on(ROOM, client.view()[1]["id"]))

    client.ask("PATCH", client.on(ROOM, made["id"]), {"start": moment(10), "end": moment(11)})

    assert [each["start"]["dateTime"][8:13] for each in client.view()] == ["05T10", "12T10", "19T10"]


def test_deleting_a_meeting_calls_it_off_and_deleting_an_invitation_declines_it(client):
    made = client.create(PERSON, event(attendees=[invited(ROOM)]))
    copy = client.view()[0]
    assert client.ask("DELETE", client.on(ROOM, copy["id"])).status == 204
    assert client.read(PERSON, made["id"])["attendees"][0]["status"]["response"] == "declined"

    other = client.create(PERSON, event(13, 14, attendees=[invited(ROOM)]))
    assert len(client.view()) == 1
    client.ask("DELETE", client.on(PERSON, other["id"]))
    assert client.view() == []


def test_a_window_is_half_open(client):
    client.create(ROOM, event(9, 10))

    assert client.view(start=at(10)) == []
    assert len(client.view(start=at(9.5))) == 1
