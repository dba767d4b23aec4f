"""Rooms and their lists, over pages with and without a link, and what is a room at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamilton_sdk.errors import BadResponse, Forbidden, Invalid, NotFound
from hamilton_sdk.graph.exchange import places
from tests.graph.exchange.world import PERSON, ROOM, URL, World, answer, fault, tenant

TENANT = tenant()


def room(number, **more):
    return {
        "id": f"p-{number}",
        "emailAddress": f"room-{number}@contoso.example",
        "displayName": f"R{number}",
        **more,
    }


def server(rooms, *, page=100, counts=True, skips=True):
    """Answers as places does: no link, though there is more."""

    def serve(asked):
        skip = int(asked.query.get("$skip", "0")) if skips else 0
        told = {"value": rooms[skip : skip + min(page, int(asked.query["$top"]))]}
        return answer(told | ({"@odata.count": len(rooms)} if counts else {}))

    return World(scripted={"listRooms": [serve] * 100})


def everything(world):
    found, token = [], None
    while True:
        page = world.run(places.rooms_page(TENANT, token))
        found += page.items
        token = page.next
        if token is None:
            return [each.address for each in found]


@settings(max_examples=25)
@given(st.integers(0, 350), st.sampled_from([100, 40]), st.booleans())
def test_every_room_is_listed_once_though_no_page_links_to_the_next(number, page, counts):
    # Without a count a short page cannot be told from the last one.
    page = page if counts else 100
    rooms = [room(each) for each in range(number)]
    assert everything(server(rooms, page=page, counts=counts)) == [each["emailAddress"] for each in rooms]


def test_a_server_that_cannot_skip_does_not_tell_its_first_page_for_ever():
    rooms = [room(each) for each in range(150)]
    assert len(everything(server(rooms, counts=False, skips=False))) == 100


def test_a_link_is_followed_where_there_is_one():
    link = f"{URL}/v1.0/places/microsoft.graph.room?$skiptoken=x"
    pages = [answer({"value": [room(1)], "@odata.nextLink": link}), answer({"value": [room(2)]})]
    world = World(scripted={"listRooms": pages})
    assert len(everything(world)) == 2
    assert world.asked[1].request.url == link


@pytest.mark.parametrize("token", ["1x 2", "no token", "https://evil.example/"])
def test_a_token_that_is_none_is_refused(token):
    with pytest.raises(Invalid, match="token"):
        World().run(places.rooms_page(TENANT, token))


def test_a_link_to_another_host_is_not_even_told():
    for skipped in (None, "100 p-0", f"{URL}/v1.0/places/x"):
        reply = answer({"value": [room(1)], "@odata.nextLink": "https://evil.example/"})
        with pytest.raises(BadResponse, match="another host"):
            World(scripted={"listRooms": [reply]}).run(places.rooms_page(TENANT, skipped))


def read(**members):
    world = World(scripted={"listRooms": [answer({"value": [room(1, **members)]})]})
    return world.run(places.rooms_page(TENANT, None)).items[0]


def test_a_room_is_read_whole():
    found = read(
        capacity="50",
        building="B1",
        floorNumber=0,
        isWheelChairAccessible=True,
        audioDeviceName="Mic",
        videoDeviceName=None,
        displayDeviceName="Wall",
        tags=["quiet"],
    )
    assert (found.name, found.capacity, found.building, found.floor) == ("R1", 50, "B1", "0")
    assert found.wheelchair_accessible is True
    assert found.equipment == ("Mic", "Wall")
    assert found.tags == ("quiet",)


def test_what_nobody_said_is_none():
    found = read(capacity=None, displayName=None, nickname=None)
    assert (found.capacity, found.floor, found.wheelchair_accessible, found.building) == (
        None,
        None,
        None,
        None,
    )
    assert found.name == found.address


def test_other_spellings_are_read():
    found = read(capacity=8, isWheelchairAccessible=False, floorLabel="G", floorNumber=1)
    assert (found.capacity, found.wheelchair_accessible, found.floor) == (8, False, "G")


def test_a_place_without_an_address_is_left_out():
    for operation, page in (("listRooms", places.rooms_page), ("listRoomLists", places.room_lists_page)):
        world = World(scripted={operation: [answer({"value": [room(1, emailAddress=None)]})]})
        assert world.run(page(TENANT, None)).items == ()


def test_lists_of_rooms():
    world = World(scripted={"listRoomLists": [answer({"value": [room(1), room(2, displayName="")]})]})
    page = world.run(places.room_lists_page(TENANT, None))
    assert [each.name for each in page.items] == ["R1", "room-2@contoso.example"]
    assert world.asked[0].path == "/places/microsoft.graph.roomlist"


def test_a_room_is_one_and_a_person_or_a_list_is_none():
    World().run(places.check_room(TENANT, ROOM))
    for world, address in (
        (World(), PERSON),
        (World(scripted={"getPlace": [answer({"@odata.type": "#microsoft.graph.roomList"})]}), ROOM),
    ):
        with pytest.raises(Invalid, match="no room"):
            world.run(places.check_room(TENANT, address))


def test_a_missing_right_is_no_missing_room():
    with pytest.raises(Forbidden) as caught:
        World(scripted={"getPlace": [fault(403, "Authorization_RequestDenied")]}).run(
            places.check_room(TENANT, ROOM)
        )
    assert "Place.Read.All" in (caught.value.hint or "")


def raising(error):
    raise error
    yield


def refused(error, mode="organizer"):
    return World().run(places.refusing_no_mailbox(tenant(mode=mode), raising(error)))


@pytest.mark.parametrize(("mode", "what"), [("organizer", "room"), ("attendee", "organizer")])
def test_a_value_that_is_nobodys_mailbox_is_invalid_and_keeps_graphs_code(mode, what):
    error = NotFound("x", code="ErrorInvalidUser", status=404, peer_request_id="req-1")
    with pytest.raises(Invalid, match=rf"Reservation\.{what}") as caught:
        refused(error, mode)
    assert (caught.value.code, caught.value.status, caught.value.peer_request_id) == (
        "ErrorInvalidUser",
        404,
        "req-1",
    )


def test_any_other_missing_thing_stays_not_found():
    with pytest.raises(NotFound):
        refused(NotFound("x", code="ErrorItemNotFound"))
    assert places.no_mailbox(None, "room").code is None


def test_the_look_at_places_can_be_left_out():
    world = World()
    world.run(places.check_room(tenant(verify_rooms=False), PERSON))
    assert world.asked == []
