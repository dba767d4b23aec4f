"""Bodies of events are read strictly: unknown members, wrong values and broken rules are refused."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators.graph import GraphSimulator
from tests.testing.simulators.graph.client import PERSON, PROPERTY, ROOM, Client, event, invited, moment

TIMES = {"start": moment(9), "end": moment(10)}


@pytest.fixture
def client() -> Client:
    return Client(GraphSimulator())


@pytest.mark.parametrize(
    "members",
    [
        {"colour": "red"},
        {"subject": 3},
        {"showAs": "away"},
        {"isAllDay": "yes"},
        {"reminderMinutesBeforeStart": True},
        {"body": "x"},
        {"body": {"contentType": "rtf", "content": ""}},
        {"body": {"content": 1}},
        {"attendees": {}},
        {"attendees": [{"type": "guest", "emailAddress": {"address": ROOM}}]},
        {"attendees": ["x"]},
        {"recurrence": "daily"},
        {"singleValueExtendedProperties": {}},
        {"singleValueExtendedProperties": [{"id": PROPERTY}]},
        {"start": {"dateTime": "soon"}},
    ],
)
def test_what_is_not_of_the_form_cannot_be_read(client, members):
    reply = client.ask("POST", f"users/{ROOM}/events", {**event(), **members})

    assert (reply.status, reply.code) == (400, "UnableToDeserializePostBody")


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"subject": "x" * 256}, "ErrorInvalidArgument"),
        ({"end": moment(8)}, "ErrorCalendarEndDateIsEarlierThanStartDate"),
        ({"isAllDay": True}, "ErrorInvalidRequest"),
        ({"attendees": [{"emailAddress": {"address": "nobody"}}]}, "ErrorInvalidRecipients"),
        ({"attendees": [invited(f"a{n}@x.example") for n in range(501)]}, "ErrorInvalidRecipients"),
        ({"singleValueExtendedProperties": [{"id": "x", "value": "y"}]}, "ErrorInvalidPropertyForOperation"),
        ({"organizer": {"emailAddress": {}}}, "ErrorInvalidRecipients"),
    ],
)
def test_what_breaks_a_rule_is_told_apart(client, members, code):
    reply = client.ask("POST", f"users/{ROOM}/events", {**event(), **members})

    assert (reply.status, reply.code) == (400, code)


def test_an_event_needs_its_times(client):
    assert client.ask("POST", f"users/{ROOM}/events", {"subject": "x"}).code == "ErrorPropertyRequired"


def test_whole_days_are_from_midnight_to_midnight_of_one_zone(client):
    whole = {
        "isAllDay": True,
        "start": moment(0, zone="Romance Standard Time"),
        "end": moment(0, 6, zone="Romance Standard Time"),
    }
    made = client.create(ROOM, whole)

    assert made["start"] == {"dateTime": "2026-01-05T00:00:00.0000000", "timeZone": "UTC"}
    assert client.ask("POST", f"users/{ROOM}/events", {**whole, "end": moment(0, 6)}).status == 400


def test_location_and_locations_mirror_each_other(client):
    one = client.create(ROOM, event(location={"displayName": "Lab"}))
    assert [each["displayName"] for each in one["locations"]] == ["Lab"]

    other = client.create(ROOM, event(locations=[{"displayName": "A"}, {"displayName": "B"}]))
    assert other["location"]["displayName"] == "A"


def test_values_of_a_list_have_no_case_and_are_answered_in_graphs(client):
    made = client.create(ROOM, event(showAs="Busy", body={"contentType": "HTML", "content": "<b>x</b>"}))

    assert (made["showAs"], made["body"]["contentType"], made["bodyPreview"]) == ("busy", "html", "x")


def test_a_list_of_attendees_is_replaced_and_who_stays_keeps_their_answer(client):
    made = client.create(PERSON, event(attendees=[invited(ROOM)]))
    both = [invited(ROOM), invited("new@x.example", "optional")]

    changed = client.ask("PATCH", client.on(PERSON, made["id"]), {"attendees": both}).json

    assert [each["status"]["response"] for each in changed["attendees"]] == ["accepted", "none"]
