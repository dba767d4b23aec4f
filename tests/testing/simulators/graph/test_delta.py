"""Delta: rounds of pages whose tokens freeze the window, tell what is gone, and grow too old."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators.graph import GraphSimulator, Switches
from tests.testing.simulators.graph.client import OTHER_ROOM, ROOM, Client, event, moment, weekly

START = {"startDateTime": "2026-01-05T00:00:00Z", "endDateTime": "2026-01-20T00:00:00Z"}


@pytest.fixture
def client() -> Client:
    return Client(GraphSimulator())


def _round(client: Client, link: str | None = None, size: int = 2) -> tuple[list[list[dict]], str]:
    prefer = f"odata.maxpagesize={size}"
    path = f"users/{ROOM}/calendarView/delta"
    reply = client.get(path, START, prefer=prefer) if link is None else client.ask("GET", link, prefer=prefer)
    pages = [reply.value]
    while "@odata.nextLink" in reply.json:
        reply = client.ask("GET", reply.json["@odata.nextLink"], prefer=prefer)
        pages.append(reply.value)
    return pages, reply.json["@odata.deltaLink"]


def _items(pages: list[list[dict]]) -> list[dict]:
    return [each for page in pages for each in page]


def test_the_first_round_tells_everything_in_pages_after_an_empty_one(client):
    ids = {client.create(ROOM, event(hour, hour + 1))["id"] for hour in (9, 10, 11)}
    client.create(ROOM, event(day=25))

    pages, _ = _round(client)

    assert [len(page) for page in pages] == [0, 2, 1]
    assert {each["id"] for each in _items(pages)} == ids


def test_occurrences_are_told_with_few_members_beside_their_master(client):
    client.create(ROOM, event(recurrence=weekly(2)))
    client.ask("PATCH", client.on(ROOM, client.view()[1]["id"]), {"subject": "Other"})

    master, first, second = _items(_round(client)[0])

    assert (master["type"], second["type"], second["subject"]) == ("seriesMaster", "exception", "Other")
    assert set(first) == {"@odata.type", "@odata.etag", "id", "seriesMasterId", "type", "start", "end"}


def test_a_later_round_tells_what_changed_and_what_is_gone(client):
    kept, gone, moved = (client.create(ROOM, event(hour, hour + 1))["id"] for hour in (9, 10, 11))
    _, link = _round(client)
    client.ask("DELETE", client.on(ROOM, gone))
    client.ask("PATCH", client.on(ROOM, moved), {"start": moment(9, 25), "end": moment(10, 25)})
    outside = client.create(ROOM, event(day=26))["id"]

    items = _items(_round(client, link)[0])

    assert {each["id"] for each in items if each["@removed"] == {"reason": "deleted"}} == {
        gone,
        moved,
        outside,
    }
    assert kept not in {each["id"] for each in items}
    assert _items(_round(client, _round(client, link)[1])[0]) == []


def test_a_cancelled_day_of_a_series_is_a_removal(client):
    client.create(ROOM, event(recurrence=weekly(2)))
    _, link = _round(client)
    day = client.view()[1]["id"]
    client.ask("DELETE", client.on(ROOM, day))

    removed = [each["id"] for each in _items(_round(client, link)[0]) if "@removed" in each]

    assert removed == [day]


@pytest.mark.parametrize("option", ["$select", "$filter", "$orderby", "$expand", "$top"])
def test_query_options_are_refused(client, option):
    assert client.get(f"users/{ROOM}/calendarView/delta", {**START, option: "x"}).status == 400


def test_links_grow_too_old():
    client = Client(GraphSimulator(switches=Switches(delta_life=1, gone_has_location=True)))
    _, first = _round(client)
    _, second = _round(client, first)
    _round(client, second)

    reply = client.ask("GET", first)

    assert (reply.status, reply.code) == (410, "SyncStateNotFound")
    assert client.ask("GET", reply.headers["location"]).status == 200


def test_every_link_can_be_made_too_old_and_the_code_is_a_switch():
    simulator = GraphSimulator(switches=Switches(gone_code="resyncRequired"))
    client = Client(simulator)
    _, link = _round(client)
    simulator.delta.expire(ROOM)

    reply = client.ask("GET", link)

    assert (reply.status, reply.code, "location" in reply.headers) == (410, "resyncRequired", False)
    assert _round(client)[1] != link


def test_tokens_are_known_and_of_their_mailbox(client):
    _, link = _round(client)

    assert client.ask("GET", link.replace(ROOM, OTHER_ROOM)).status == 400
    assert client.ask("GET", link + "x").status == 400
