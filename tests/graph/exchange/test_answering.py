"""Waiting for a room's answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hamilton_sdk.errors import NotFound
from hamilton_sdk.graph import RoomTaken
from hamilton_sdk.graph.exchange.answering import USUAL_WAIT, accepted, answered
from hamilton_sdk.graph.exchange.drafts import Draft
from hamilton_sdk.graph.exchange.finding import by_id
from tests.graph.exchange.world import PERSON, ROOM, World, marked, reservation, tenant, window

TENANT = tenant(mode="attendee")
DRAFT = Draft(TENANT, reservation(organizer=PERSON))


def invited(world, response="none"):
    room = {"type": "resource", "emailAddress": {"address": ROOM}, "status": {"response": response}}
    made = world.put(PERSON, **marked("r-1"), attendees=[room])
    return world.run(by_id(TENANT, made["id"], PERSON)).booking


def answering(world, look, response):
    """The room answers at a look, counted from 1."""

    def script(asked):
        if len(world.of("getEvent")) == look + 1:  # the first was `invited`
            for each in world.events[PERSON].values():
                each["attendees"][0]["status"]["response"] = response

    world.scripted["getEvent"] = [script] * 20


@pytest.mark.parametrize(
    ("response", "state"),
    [("accepted", "confirmed"), ("tentativelyAccepted", "tentative"), ("declined", "declined")],
)
def test_an_answer_ends_the_wait(response, state):
    world = World()
    booking = invited(world)
    answering(world, 3, response)
    assert world.run(answered(TENANT, booking, USUAL_WAIT)).state == state
    assert world.slept == [0.5, 1, 2]


def test_an_answer_that_is_there_is_not_waited_for():
    world = World()
    booking = invited(world, "accepted")
    assert world.run(answered(TENANT, booking, USUAL_WAIT)) == booking
    assert world.slept == []


@pytest.mark.parametrize("seconds", [0, 1, 30, 100])
def test_silence_is_waited_for_as_long_as_asked_and_not_longer(seconds):
    world = World()
    booking = invited(world)
    assert world.run(answered(TENANT, booking, timedelta(seconds=seconds))).state == "pending"
    assert sum(world.slept) == pytest.approx(seconds)
    assert max(world.slept, default=0) <= 8


def test_an_event_that_is_deleted_meanwhile_is_said():
    world = World()
    booking = invited(world)
    world.events[PERSON].clear()
    with pytest.raises(NotFound, match="deleted"):
        world.run(answered(TENANT, booking, USUAL_WAIT))


def test_a_room_that_declines_is_taken_by_the_meetings_that_may_be_seen():
    world = World()
    booking = invited(world)
    answering(world, 1, "declined")
    world.put(ROOM)
    with pytest.raises(RoomTaken) as caught:
        world.run(accepted(DRAFT, booking, USUAL_WAIT))
    assert [each.window for each in caught.value.conflicts] == [window()]


def test_a_room_that_accepts_or_is_silent_is_not_taken():
    world = World()
    assert world.run(accepted(DRAFT, invited(world), timedelta())).state == "pending"
    assert world.run(accepted(DRAFT, invited(world, "accepted"), timedelta())).state == "confirmed"
