"""Places: a hundred rooms at a time without a word of more, and lists of rooms."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators.graph import GraphSimulator, Room
from tests.testing.simulators.graph.client import ROOM, Client


def test_a_hundred_come_without_a_nextlink_and_counts_tell():
    rooms = [f"room{number}@x.example" for number in range(130)]
    client = Client(GraphSimulator(rooms=rooms))
    page = client.get("places/microsoft.graph.room", {"$count": "true"}).json

    assert (len(page["value"]), page["@odata.count"], "@odata.nextLink" in page) == (100, 130, False)
    assert len(client.get("places/graph.room", {"$top": "100", "$skip": "100"}).value) == 30


def test_rooms_have_what_they_were_given_and_an_id_that_is_not_the_mailboxs():
    room = Room(address=ROOM, name="Ampère", members={"capacity": "50"})
    client = Client(GraphSimulator(rooms=[room]))
    shown = client.get("places/microsoft.graph.room").value[0]

    assert (shown["displayName"], shown["capacity"], shown["bookingType"]) == ("Ampère", "50", "standard")
    assert shown["id"] != client.get(f"users/{ROOM}").json["id"]
    assert client.get(f"places/{shown['id']}").json["emailAddress"] == ROOM
    assert client.get(f"places/{ROOM}").json["@odata.type"] == "#microsoft.graph.room"


def test_room_lists_name_their_rooms():
    lists = {"paris@x.example": ("Paris", (ROOM,))}
    client = Client(GraphSimulator(room_lists=lists))

    assert [each["displayName"] for each in client.get("places/microsoft.graph.roomlist").value] == ["Paris"]
    found = client.get("places/paris@x.example/microsoft.graph.roomlist/rooms").value
    assert [each["emailAddress"] for each in found] == [ROOM]
    assert client.get("places/paris@x.example").json["displayName"] == "Paris"


@pytest.mark.parametrize(
    "path", ["places/nobody", "places/nobody/microsoft.graph.roomlist/rooms", "places/a/b", "places"]
)
def test_other_places_are_unknown(path):
    assert Client(GraphSimulator()).get(path).status == 404


def test_query_options_are_checked():
    client = Client(GraphSimulator())

    assert client.get("places/microsoft.graph.room", {"$top": "many"}).status == 400
    assert client.get("places/microsoft.graph.room", {"$filter": "x"}).status == 400
