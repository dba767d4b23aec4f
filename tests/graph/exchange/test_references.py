"""What a round of changes does not bring is read besides, in few requests."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import Forbidden
from hamilton_sdk.graph.exchange import references
from tests.graph.exchange.world import ROOM, World, answer, event, fault, marked, tenant, window

TENANT = tenant()


def known(world, found, of=TENANT):
    return world.run(references.references(of, ROOM, window(), found))


def bare(each):
    return {name: value for name, value in each.items() if name != "singleValueExtendedProperties"}


def test_few_are_read_one_by_one_in_a_batch():
    world = World()
    ours, theirs = world.put(**marked("r-1")), world.put()
    assert known(world, [bare(ours), bare(theirs)]) == {ours["id"]: "r-1"}
    assert len(world.of("batch")) == 1


def test_what_others_organise_is_not_asked_for():
    world = World()
    assert known(world, [event(isOrganizer=False)]) == {}
    assert known(world, [event()], tenant(mode="attendee")) == {}
    assert world.asked == []


def test_many_are_read_from_the_calendar_at_once():
    world = World()
    made = [world.put(**marked(f"r-{number}")) for number in range(20)]
    assert len(known(world, map(bare, made))) == 20
    assert world.names() == ["calendarView"]


def test_a_series_whose_repeats_tell_nothing_is_asked_for_itself():
    world = World()
    made = [world.put(**marked(f"r-{number}")) for number in range(9)]
    repeat = event("O=", type="occurrence", seriesMasterId="S=")
    world.scripted["inner"] = [answer(event("S=", type="seriesMaster", **marked("r-s")))]
    found = known(world, [*map(bare, made), repeat])
    assert found["S="] == "r-s"
    assert len(found) == 10


def test_a_repeat_tells_the_reference_of_its_series():
    world = World()
    made = [world.put(**marked(f"r-{number}")) for number in range(9)]
    world.put(type="occurrence", seriesMasterId="S=", **marked("r-s"))
    repeat = event("O=", type="occurrence", seriesMasterId="S=")
    assert known(world, [*map(bare, made), repeat])["S="] == "r-s"
    assert world.names() == ["calendarView"]


def test_series_that_did_not_change_are_read_and_one_that_is_gone_is_left_out():
    world = World()
    made = world.put(type="seriesMaster")
    assert list(world.run(references.masters(TENANT, ROOM, {made["id"], "gone"}))) == [made["id"]]
    assert world.run(references.masters(TENANT, ROOM, set())) == {}


def test_a_failure_is_told():
    world = World(scripted={"inner": [fault(403, "ErrorAccessDenied")]})
    with pytest.raises(Forbidden):
        world.run(references.masters(TENANT, ROOM, {"x"}))
