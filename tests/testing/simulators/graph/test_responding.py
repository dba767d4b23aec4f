"""What may be said to a meeting, by whom, and who hears of it."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators.graph import GraphSimulator
from tests.testing.simulators.graph.client import OTHER_PERSON, PERSON, Client, event, invited, moment, weekly


@pytest.fixture
def client() -> Client:
    return Client(GraphSimulator())


def _meeting(client: Client, **members: object) -> tuple[dict, dict]:
    made = client.create(PERSON, event(attendees=[invited(OTHER_PERSON, "required")], **members))
    return made, client.view(OTHER_PERSON)[0]


def _said(client: Client, made: dict) -> str:
    return client.read(PERSON, made["id"])["attendees"][0]["status"]["response"]


@pytest.mark.parametrize(
    ("action", "response", "shows"),
    [
        ("accept", "accepted", "busy"),
        ("tentativelyAccept", "tentativelyAccepted", "tentative"),
        ("decline", "declined", None),
    ],
)
def test_an_answer_reaches_the_organiser(client, action, response, shows):
    made, mine = _meeting(client)
    assert mine["responseStatus"]["response"] == "notResponded"

    reply = client.ask(
        "POST", client.on(OTHER_PERSON, mine["id"], f"/{action}"), {"Comment": "ok", "SendResponse": True}
    )

    assert (reply.status, reply.json) == (202, None)
    assert _said(client, made) == response
    assert [each["showAs"] for each in client.view(OTHER_PERSON)] == ([] if shows is None else [shows])


def test_an_answer_may_be_kept_to_oneself(client):
    made, mine = _meeting(client)
    client.ask("POST", client.on(OTHER_PERSON, mine["id"], "/accept"), {"sendResponse": False})

    assert _said(client, made) == "none"
    assert client.view(OTHER_PERSON)[0]["responseStatus"]["response"] == "accepted"


@pytest.mark.parametrize(
    ("members", "action", "body"),
    [
        ({"responseRequested": False}, "accept", {"sendResponse": True}),
        (
            {"allowNewTimeProposals": False},
            "decline",
            {"proposedNewTime": {"start": moment(1), "end": moment(2)}},
        ),
        ({}, "accept", {"proposedNewTime": {"start": moment(1), "end": moment(2)}}),
        ({}, "decline", {"proposedNewTime": {"start": "x"}}),
        ({}, "accept", {"sendResponse": "yes"}),
        ({}, "accept", {"why": "x"}),
        ({}, "cancel", {}),
    ],
)
def test_what_cannot_be_said_is_refused(client, members, action, body):
    _, mine = _meeting(client, **members)

    assert client.ask("POST", client.on(OTHER_PERSON, mine["id"], f"/{action}"), body).status == 400


def test_a_new_time_may_be_proposed_where_it_is_allowed(client):
    made, mine = _meeting(client)
    body = {"proposedNewTime": {"start": moment(1), "end": moment(2)}}

    assert client.ask("POST", client.on(OTHER_PERSON, mine["id"], "/decline"), body).status == 202
    assert _said(client, made) == "declined"


def test_an_organiser_cancels_and_does_not_answer(client):
    made, _ = _meeting(client)

    assert client.ask("POST", client.on(PERSON, made["id"], "/accept"), {}).status == 400
    assert client.ask("POST", client.on(PERSON, made["id"], "/cancel")).status == 202
    assert client.get(client.on(PERSON, made["id"])).status == 404


def test_an_answer_to_a_series_holds_for_its_exceptions(client):
    made = client.create(PERSON, event(recurrence=weekly(2), attendees=[invited(OTHER_PERSON, "required")]))
    second = client.view(PERSON)[1]
    client.ask("PATCH", client.on(PERSON, second["id"]), {"subject": "Other"})
    first = client.view(OTHER_PERSON)[0]
    client.ask("POST", client.on(OTHER_PERSON, first["id"], "/accept"), {})

    assert _said(client, made) == "accepted"
    assert {each["responseStatus"]["response"] for each in client.view(OTHER_PERSON)} == {"accepted"}
