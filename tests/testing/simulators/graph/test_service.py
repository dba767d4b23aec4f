"""Who may use which mailbox, what else a mailbox tells, and how refusals look."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators.graph import GraphSimulator
from tests.testing.simulators.graph.client import OTHER_ROOM, PERSON, ROOM, Client


def test_mailboxes_outside_the_policy_unreachable_or_missing_are_told_apart():
    client = Client(GraphSimulator(forbidden=[ROOM.upper()], unreachable=[PERSON]))
    replies = [client.get(f"users/{each}/events") for each in (ROOM, PERSON, "nobody", OTHER_ROOM)]

    assert [(each.status, each.code) for each in replies] == [
        (403, "ErrorAccessDenied"),
        (404, "MailboxNotEnabledForRESTAPI"),
        (404, "ErrorInvalidUser"),
        (200, None),
    ]
    assert "[RAOP]" in replies[0].json["error"]["message"]


def test_an_operation_without_permission_is_refused():
    client = Client(GraphSimulator(denied=["places"]))

    assert client.get("places/microsoft.graph.room").code == "ErrorAccessDenied"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("me/events", 400, "BadRequest"),
        ("groups", 404, "ResourceNotFound"),
        (f"users/{ROOM}/messages", 404, "ResourceNotFound"),
        (f"users/{ROOM}/mailboxSettings/language", 404, "ResourceNotFound"),
        (f"users/{ROOM}/events/nonsense", 404, "ErrorItemNotFound"),
    ],
)
def test_what_is_not_there_is_refused_in_graphs_form(path, status, code):
    reply = Client(GraphSimulator()).get(path)

    assert (reply.status, reply.code) == (status, code)
    assert set(reply.json["error"]["innerError"]) == {"date", "request-id", "client-request-id"}


def test_a_mailbox_tells_its_user_calendar_and_zone():
    client = Client(GraphSimulator())
    user = client.get(f"users/{ROOM}").json

    assert client.get(f"users/{user['id']}").json["mail"] == ROOM
    assert client.get(f"users/{ROOM}/calendar").json["isDefaultCalendar"]
    assert len(client.get(f"users/{ROOM}/calendars").value) == 1
    assert client.get(f"users/{ROOM}/mailboxSettings").json["timeZone"] == "Romance Standard Time"
    assert client.get(f"users/{ROOM}/mailboxSettings/timeZone").json["value"] == "Romance Standard Time"


def test_ids_are_translated_one_by_one():
    client = Client(GraphSimulator())
    key = client.create()["id"]
    body = {"inputIds": [key, "x"], "sourceIdType": "restId", "targetIdType": "restImmutableEntryId"}
    good, bad = client.ask("POST", f"users/{ROOM}/translateExchangeIds", body).value

    assert client.read(ROOM, good["targetId"])["id"] == key
    assert bad["errorDetails"]["code"] == "ErrorItemNotFound"
    assert client.ask("POST", f"users/{ROOM}/translateExchangeIds", {"inputIds": "x"}).status == 400
