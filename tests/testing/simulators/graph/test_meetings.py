"""Rooms answer invitations by themselves: late, by what stands in their calendar, and on their own copy."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hamilton_sdk.testing.simulators.graph import GraphSimulator, Room
from tests.testing.simulators.graph.client import (
    OTHER_PERSON,
    PERSON,
    ROOM,
    Client,
    event,
    invited,
    moment,
    weekly,
)


def _answer(client: Client, made: dict) -> str:
    return client.read(PERSON, made["id"])["attendees"][0]["status"]["response"]


@pytest.fixture
def client() -> Client:
    return Client(GraphSimulator())


def test_a_free_room_accepts_and_its_copy_is_stripped(client):
    made = client.create(
        PERSON, event(body={"contentType": "text", "content": "secret"}, attendees=[invited(ROOM)])
    )
    assert made["attendees"][0]["status"] == {"response": "none", "time": "0001-01-01T00:00:00Z"}

    assert _answer(client, made) == "accepted"
    copy = client.view()[0]
    assert (copy["subject"], copy["body"]["content"], copy["isOrganizer"]) == ("Marie Martin", "", False)
    assert copy["responseStatus"]["response"] == "accepted"
    assert copy["iCalUId"] == made["iCalUId"]
    assert copy["id"] != made["id"]
    assert client.read(PERSON, made["id"])["subject"] == "Review"


def test_a_room_takes_its_time():
    client = Client(GraphSimulator(answer_delay=timedelta(seconds=30)))
    made = client.create(PERSON, event(attendees=[invited(ROOM)]))

    assert _answer(client, made) == "none"
    assert client.view()[0]["responseStatus"]["response"] == "notResponded"
    client.clock.advance(30)
    assert _answer(client, made) == "accepted"


def test_a_taken_room_declines_and_keeps_nothing(client):
    taken = client.create(PERSON, event(9, 10, attendees=[invited(ROOM)]))
    late = client.create(PERSON, event(9.5, 10.5, attendees=[invited(ROOM)]))
    after = client.create(PERSON, event(10, 11, attendees=[invited(ROOM)]))

    assert [_answer(client, each) for each in (taken, late, after)] == ["accepted", "declined", "accepted"]
    assert len(client.view()) == 2


def test_of_two_that_ask_at_once_the_first_gets_the_room():
    client = Client(GraphSimulator(answer_delay=timedelta(seconds=5)))
    first = client.create(PERSON, event(attendees=[invited(ROOM)]))
    second = client.create(PERSON, event(attendees=[invited(ROOM)]))
    client.clock.advance(5)

    assert (_answer(client, first), _answer(client, second)) == ("accepted", "declined")


@pytest.mark.parametrize(
    ("attendant", "response"),
    [("tentative", "tentativelyAccepted"), ("decline", "declined"), ("off", "none")],
)
def test_attendants_differ(attendant, response):
    room = Room(address=ROOM, name="Ampere", attendant=attendant)
    client = Client(GraphSimulator(rooms=[room]))

    assert _answer(client, client.create(PERSON, event(attendees=[invited(ROOM)]))) == response


def test_a_room_that_organises_is_never_asked(client):
    client.create(ROOM)
    client.create(ROOM)

    assert len(client.view()) == 2


def test_a_series_is_declined_whole_for_one_conflict(client):
    client.create(ROOM, event(day=12))
    made = client.create(PERSON, event(recurrence=weekly(3), attendees=[invited(ROOM)]))

    assert _answer(client, made) == "declined"


def test_a_new_time_is_asked_anew_and_a_new_subject_is_not(client):
    client.create(ROOM, event(13, 14))
    made = client.create(PERSON, event(attendees=[invited(ROOM)]))
    path = client.on(PERSON, made["id"])

    client.ask("PATCH", path, {"subject": "Other"})
    assert _answer(client, made) == "accepted"
    assert client.view()[0]["subject"] == "Marie Martin"
    client.ask("PATCH", path, {"start": moment(13), "end": moment(14)})
    assert _answer(client, made) == "declined"


def test_who_is_no_longer_invited_has_no_copy(client):
    made = client.create(PERSON, event(attendees=[invited(ROOM)]))
    client.ask("PATCH", client.on(PERSON, made["id"]), {"attendees": []})

    assert client.view() == []


def test_people_see_what_was_cancelled_and_rooms_forget_it(client):
    made = client.create(PERSON, event(attendees=[invited(ROOM), invited(OTHER_PERSON, "required")]))
    assert client.ask("POST", client.on(PERSON, made["id"], "/cancel"), {"comment": "no"}).status == 202

    assert client.view() == []
    assert client.view(PERSON) == []
    seen = client.view(OTHER_PERSON)[0]
    assert (seen["isCancelled"], seen["subject"]) == (True, "Canceled: Review")


def test_exceptions_and_cancelled_days_of_a_series_reach_the_room(client):
    made = client.create(PERSON, event(recurrence=weekly(3), attendees=[invited(ROOM)]))
    assert _answer(client, made) == "accepted"
    _, second, third = client.view(PERSON)
    client.ask("PATCH", client.on(PERSON, second["id"]), {"start": moment(15, 12), "end": moment(16, 12)})
    client.ask("POST", client.on(PERSON, third["id"], "/cancel"), {})

    assert _answer(client, made) == "accepted"
    shown = client.view()
    assert [each["start"]["dateTime"][8:13] for each in shown] == ["05T09", "12T15"]
    assert {each["subject"] for each in shown} == {"Marie Martin"}
