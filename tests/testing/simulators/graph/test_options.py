"""Query options are taken where a resource has them, and refused elsewhere."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators.graph import GraphSimulator
from tests.testing.simulators.graph.client import PROPERTY, ROOM, Client, event

DAY = {"startDateTime": "2026-01-05", "endDateTime": "2026-01-06"}


@pytest.fixture
def client() -> Client:
    return Client(GraphSimulator())


@pytest.mark.parametrize(
    "query",
    [
        {"$search": "x"},
        {"$expand": "attachments"},
        {"$filter": "subject eq 'x'"},
        {"$filter": "start/dateTime ge 'soon'"},
        {"$top": "1001"},
        {"$top": "-1"},
    ],
)
def test_what_a_list_does_not_take_is_refused(client, query):
    assert client.get(f"users/{ROOM}/events", query).status == 400


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"startDateTime": "2026-01-05"},
        {"startDateTime": "2026-01-06", "endDateTime": "2026-01-05"},
        {**DAY, "$select": "subject,createdDateTime"},
        {**DAY, "$select": "lastModifiedDateTime"},
    ],
)
def test_what_a_view_does_not_take_is_refused(client, query):
    assert client.get(f"users/{ROOM}/calendarView", query).status == 400


def test_one_event_takes_no_filter(client):
    assert client.get(client.on(ROOM, client.create()["id"]), {"$filter": "x"}).status == 400


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("start/dateTime ge '2026-01-05T10:00:00Z'", ["b"]),
        ("start/dateTime gt '2026-01-05T09:00:00' and end/dateTime le '2026-01-05T11:00:00'", ["b"]),
        ("end/dateTime lt '2026-01-05T11:00:00Z'", ["a"]),
    ],
)
def test_events_are_found_by_their_times(client, text, subjects):
    client.create(ROOM, event(9, 10, subject="a"))
    client.create(ROOM, event(10, 11, subject="b"))

    assert [
        each["subject"] for each in client.get(f"users/{ROOM}/events", {"$filter": text}).value
    ] == subjects


def test_events_are_found_by_what_links_copies(client):
    made = client.create()

    found = client.get(f"users/{ROOM}/events", {"$filter": f"iCalUId eq '{made['iCalUId']}'"}).value

    assert [each["id"] for each in found] == [made["id"]]


def test_an_occurrence_has_its_masters_properties(client):
    properties = [{"id": PROPERTY, "value": "v"}]
    client.create(ROOM, event(singleValueExtendedProperties=properties))
    expand = f"singleValueExtendedProperties($filter=id eq '{PROPERTY.upper()}' or id eq '{PROPERTY}')"

    assert client.view(**{"$expand": expand})[0]["singleValueExtendedProperties"][0]["value"] == "v"
