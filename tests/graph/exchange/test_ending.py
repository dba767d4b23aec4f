"""Calling off and ending early."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hamilton_sdk.errors import Conflict, NotFound
from hamilton_sdk.graph import Recurrence
from hamilton_sdk.graph.exchange.booking import book
from hamilton_sdk.graph.exchange.ending import cancel, end_early
from hamilton_sdk.model import TimeWindow
from tests.graph.exchange.world import (
    AT,
    HOUR,
    PERSON,
    ROOM,
    World,
    answer,
    event,
    fault,
    marked,
    reservation,
    tenant,
    utc,
    window,
)

ROOMS = tenant()


def ready(**changed):
    world = World()
    booking = world.run(book(ROOMS, reservation(**changed), timedelta()))
    world.asked.clear()
    return world, booking


def test_a_meeting_is_cancelled_and_those_invited_are_told():
    world, before = ready(attendees=["bob@contoso.example"])
    after = world.run(cancel(ROOMS, "r-1", ROOM, None, "Sorry"))
    assert (after.state, after.id) == ("cancelled", before.id)
    assert world.events[ROOM] == {}
    assert world.of("cancelEvent")[0].body == {"comment": "Sorry"}


def test_one_without_others_is_deleted_since_nobody_is_to_be_told():
    world, before = ready()
    assert world.run(cancel(ROOMS, "r-1", ROOM, before.version, None)).state == "cancelled"
    assert world.names() == ["findEvent", "deleteEvent"]
    assert world.asked[1].request.headers["if-match"] == f'W/"{before.version}"'


@pytest.mark.parametrize("people", [[], ["bob@contoso.example"]])
def test_one_that_is_gone_meanwhile_is_success(people):
    world, _ = ready(attendees=people)
    gone = fault(404, "ErrorItemNotFound")
    world.scripted = {"deleteEvent": [gone], "cancelEvent": [gone]}
    assert world.run(cancel(ROOMS, "r-1", ROOM, None, None)).state == "cancelled"


def test_another_version_is_left_alone():
    world, _ = ready()
    with pytest.raises(Conflict):
        world.run(cancel(ROOMS, "r-1", ROOM, "old", None))
    assert len(world.events[ROOM]) == 1


def test_what_is_not_there_is_not_found():
    with pytest.raises(NotFound):
        World().run(cancel(ROOMS, "r-1", ROOM, None, None))


def ended(world, now):
    world.now = now
    return world.run(end_early(ROOMS, "r-1", ROOM))


def test_the_room_is_free_from_the_minute_that_runs():
    world, before = ready()
    after = ended(world, AT + timedelta(minutes=20, seconds=59))
    assert after.window == TimeWindow(AT, AT + timedelta(minutes=20))
    assert after.id == before.id
    assert after.reference == "r-1"


@pytest.mark.parametrize("now", [AT - HOUR, AT, AT + timedelta(seconds=59)])
def test_one_that_has_not_begun_is_cancelled(now):
    world, _ = ready()
    assert ended(world, now).state == "cancelled"
    assert world.events[ROOM] == {}


@pytest.mark.parametrize("now", [AT + HOUR, AT + 5 * HOUR])
def test_one_that_is_over_stays(now):
    world, before = ready()
    assert ended(world, now) == before
    assert world.names() == ["findEvent"]


def test_one_that_the_room_declined_stays_as_it_is():
    world = World()
    refused = {"type": "resource", "emailAddress": {"address": ROOM}, "status": {"response": "declined"}}
    world.put(PERSON, **marked("r-1"), attendees=[refused])
    world.now = AT + HOUR / 2
    after = world.run(end_early(tenant(mode="attendee"), "r-1", PERSON))
    assert (after.state, after.window) == ("declined", window())


def test_whole_days_end_at_the_minute_too():
    day = TimeWindow(datetime(2026, 12, 7, tzinfo=UTC), datetime(2026, 12, 8, tzinfo=UTC))
    world, _ = ready(window=day, all_day=True)
    after = ended(world, AT)
    assert (after.all_day, after.window.end) == (None, AT)
    assert world.of("updateEvent")[0].body["isAllDay"] is False


def series(instances):
    world, _ = ready(recurrence=Recurrence(pattern="daily", count=5))
    world.scripted["listInstances"] = [answer({"value": instances})]
    for each in instances:
        world.events[ROOM][each["id"]] = each
    return world


def test_of_a_series_the_occurrence_that_runs_ends():
    start = AT + timedelta(days=1)
    world = series([event("OCC=", type="occurrence", start=utc(start), end=utc(start + HOUR))])
    after = ended(world, start + timedelta(minutes=30))
    assert (after.id, after.window.end) == ("OCC=", start + timedelta(minutes=30))
    asked = world.of("listInstances")[0]
    assert asked.query["startDateTime"] == "2026-12-08T09:30:00.0000000Z"


def test_a_series_that_does_not_run_now_stays():
    start = AT + timedelta(days=1)
    for instances in ([], [event("OCC=", start=utc(start), end=utc(start + HOUR))]):
        assert ended(series(instances), AT + 5 * HOUR).kind == "series"


def test_ending_what_is_not_there_is_not_found():
    with pytest.raises(NotFound):
        ended(World(), AT)


def test_the_room_that_was_invited_is_heard_again():
    people = tenant(mode="attendee")
    world = World(room_answers="accepted")
    world.run(book(people, reservation(organizer=PERSON), timedelta()))
    world.now = AT + HOUR / 2
    after = world.run(end_early(people, "r-1", PERSON))
    assert (after.state, after.window.end) == ("confirmed", AT + HOUR / 2)
