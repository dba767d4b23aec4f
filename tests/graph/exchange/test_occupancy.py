"""When rooms are taken: many rooms, errors of single ones, and who is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hamilton_sdk.errors import Forbidden, Invalid, NotFound
from hamilton_sdk.graph.exchange import occupancy
from hamilton_sdk.graph.exchange.times import stamp
from tests.graph.exchange.world import (
    AT,
    HOUR,
    OTHER_ROOM,
    PERSON,
    ROOM,
    World,
    answer,
    fault,
    tenant,
    utc,
    window,
)

TENANT = tenant()


def told(world, *rooms, within=None):
    return world.run(occupancy.occupancy(TENANT, rooms, within or window()))


def test_rooms_are_told_in_the_order_asked_with_their_meetings_by_start():
    world = World()
    world.put(start=utc(AT + HOUR / 2), end=utc(AT + HOUR))
    world.put(start=utc(AT - HOUR / 2), end=utc(AT + HOUR / 4), showAs="oof")
    taken, free = told(world, ROOM, OTHER_ROOM)
    assert (taken.room, free.room) == (ROOM, OTHER_ROOM)
    # Whole, even where one began before the window.
    assert [each.window.start for each in taken.meetings] == [AT - HOUR / 2, AT + HOUR / 2]
    assert taken.meetings[0].status == "out_of_office"
    assert free.free(window())
    assert not taken.free(window())


def test_a_room_that_fails_carries_its_code_inside_an_answer_that_does_not():
    good, bad = told(World(), ROOM, "nobody@contoso.example")
    assert good.error is None
    assert (bad.error, bad.meetings) == ("5009", ())
    assert not bad.free(window())


def test_more_than_twenty_rooms_are_asked_for_in_chunks():
    rooms = tuple(f"room-{number}@contoso.example" for number in range(45))
    world = World(rooms=rooms)
    assert [each.room for each in told(world, *rooms)] == list(rooms)
    assert [len(each.body["schedules"]) for each in world.asked] == [20, 20, 5]


def test_a_room_asked_for_twice_is_told_twice_and_asked_for_once():
    world = World()
    first, second = told(world, ROOM, ROOM.upper())
    assert (first.room, second.room) == (ROOM, ROOM.upper())
    assert len(world.asked[0].body["schedules"]) == 1
    assert told(World()) == ()


def test_where_the_mailbox_asked_in_whose_name_is_not_there_the_next_is_taken():
    world = World()
    missing, good = told(world, "nobody@contoso.example", ROOM)
    assert missing.error == "5009"
    assert good.error is None
    (only,) = told(World(), "nobody@contoso.example")
    assert only.error == "5009"


def test_a_room_that_the_answer_leaves_out_is_no_free_one():
    (silent,) = told(World(scripted={"getSchedule": [answer({"value": []})]}), ROOM)
    assert silent.error == "noAnswer"
    error = answer({"value": [{"scheduleId": ROOM, "error": {"message": "?"}}]})
    assert told(World(scripted={"getSchedule": [error]}), ROOM)[0].error == "noAnswer"


@pytest.mark.parametrize(
    ("status", "meant"),
    [("Busy", "busy"), ("workingElsewhere", "working_elsewhere"), ("new", "unknown"), (None, "unknown")],
)
def test_a_status_is_read_in_any_case(status, meant):
    item = {"status": status, "start": utc(AT), "end": utc(AT + HOUR), "subject": "S", "isPrivate": True}
    reply = answer({"value": [{"scheduleId": ROOM, "scheduleItems": [item]}]})
    (room,) = told(World(scripted={"getSchedule": [reply]}), ROOM)
    assert (room.meetings[0].status, room.meetings[0].subject, room.meetings[0].private) == (meant, "S", True)


def test_other_failures_are_told():
    with pytest.raises(Forbidden):
        told(World(scripted={"getSchedule": [fault(403, "ErrorAccessDenied")]}), ROOM)
    with pytest.raises(NotFound):
        told(World(scripted={"getSchedule": [fault(404, "ErrorItemNotFound")]}), ROOM)


def test_what_takes_a_room_in_one_of_several_windows():
    world = World()
    world.put(start=utc(AT), end=utc(AT + HOUR))
    world.put(start=utc(AT), end=utc(AT + HOUR), showAs="free")
    world.put(start=utc(AT + 2 * HOUR), end=utc(AT + 3 * HOUR))
    windows = [window(), window(AT + 24 * HOUR)]
    found = world.run(occupancy.in_the_way(TENANT, PERSON, ROOM, windows))
    assert [(each.status, each.window) for each in found] == [("busy", window())]
    assert world.asked[0].mailbox == PERSON
    assert len(world.asked) == 1


def test_a_long_series_is_asked_for_in_parts():
    world = World()
    windows = [window(AT + timedelta(weeks=number)) for number in range(15)]
    late = windows[13].start
    world.put(start=utc(late), end=utc(late + HOUR))
    found = world.run(occupancy.in_the_way(TENANT, PERSON, ROOM, windows))
    assert [each.window for each in found] == [windows[13]]
    spans = [
        (stamp(f"{b['startTime']['dateTime']}Z"), stamp(f"{b['endTime']['dateTime']}Z"))
        for b in (each.body for each in world.asked)
    ]
    assert all(end - start <= timedelta(days=42) for start, end in spans)
    assert all(any(start <= each.start and each.end <= end for start, end in spans) for each in windows)


def test_a_room_that_is_nobodys_mailbox_is_invalid():
    with pytest.raises(Invalid, match=r"Reservation\.room"):
        World().run(occupancy.in_the_way(TENANT, PERSON, "nobody@contoso.example", [window()]))
