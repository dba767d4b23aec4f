"""A booking gets other values: all or none, never on top of another meeting, never over somebody's change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hamilton_sdk.errors import Conflict, Interrupted, Invalid, NotFound, ServerFailed, TimedOut
from hamilton_sdk.graph import Recurrence, RoomTaken
from hamilton_sdk.graph.exchange.altering import restore, update
from hamilton_sdk.graph.exchange.booking import book
from hamilton_sdk.graph.exchange.finding import by_reference, find
from tests.graph.exchange.world import (
    AT,
    HOUR,
    OTHER_ROOM,
    PERSON,
    ROOM,
    World,
    fault,
    marked,
    reservation,
    tenant,
    utc,
    window,
)

ROOMS, PEOPLE = tenant(), tenant(mode="attendee")
LATER = window(AT + 3 * HOUR)
DAILY = Recurrence(pattern="daily", count=3)


def ready(**changed):
    world = World()
    booking = world.run(book(ROOMS, reservation(**changed), timedelta()))
    world.asked.clear()
    return world, booking


def updated(world, version=None, of=ROOMS, **changed):
    return world.run(update(of, reservation(**changed), version))


def test_all_values_are_written_under_the_version_that_was_read():
    world, before = ready()
    after = updated(world, subject="Other", body="New", sensitivity="private", window=LATER)
    assert (after.id, after.subject, after.sensitivity, after.window) == (
        before.id,
        "Other",
        "private",
        LATER,
    )
    assert after.version != before.version
    assert after.reference == "r-1"
    assert world.names() == ["findEvent", "calendarView", "updateEvent", "calendarView"]
    request = world.of("updateEvent")[0].request
    assert request.headers["if-match"] == f'W/"{before.version}"'
    assert "transactionId" not in world.of("updateEvent")[0].body


def test_what_takes_the_room_as_before_needs_no_look_at_others():
    world, _ = ready()
    updated(world, subject="Other")
    assert world.names() == ["findEvent", "updateEvent"]


def test_what_stands_already_is_not_written():
    world, before = ready()
    assert updated(world) == before
    assert world.names() == ["findEvent"]


def test_an_unknown_reference_is_not_found():
    with pytest.raises(NotFound):
        updated(World())


@pytest.mark.parametrize("address", [PERSON, "nobody@contoso.example"])
def test_a_room_that_is_none_is_invalid_and_not_merely_not_found(address):
    world, before = ready()
    with pytest.raises(Invalid, match=r"Reservation\.room"):
        updated(world, room=address)
    assert world.run(find(ROOMS, "r-1", ROOM)) == before


def test_an_organiser_without_a_mailbox_is_invalid():
    with pytest.raises(Invalid, match=r"Reservation\.organizer"):
        updated(World(people=()), of=PEOPLE, organizer=PERSON)
    with pytest.raises(NotFound):
        updated(World(), of=PEOPLE, organizer=PERSON)


def test_its_own_time_is_not_in_its_way():
    world, _ = ready()
    assert updated(world, window=window(AT + HOUR / 2)).window.start == AT + HOUR / 2


def test_a_meeting_in_the_way_leaves_it_as_it_was():
    world, before = ready()
    world.put(start=utc(LATER.start), end=utc(LATER.end))
    with pytest.raises(RoomTaken):
        updated(world, window=LATER)
    assert world.run(find(ROOMS, "r-1", ROOM)) == before


def test_a_meeting_that_comes_meanwhile_puts_it_back():
    world, before = ready(body="Old", attendees=["bob@contoso.example"])

    def race(asked):
        reply = world.serve(asked)
        world.put(start=utc(LATER.start), end=utc(LATER.end), createdDateTime="2099-01-01T00:00:00Z")
        return reply

    world.scripted["updateEvent"] = [race]
    with pytest.raises(RoomTaken):
        updated(world, window=LATER, subject="Other")
    after = world.run(find(ROOMS, "r-1", ROOM))
    kept = ("subject", "window", "attendees", "sensitivity")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert world.names(undo=True) == ["getEvent", "updateEvent"]


@pytest.mark.parametrize("failure", [fault(500, "X"), Interrupted("stop")])
def test_where_looking_after_fails_it_is_put_back(failure):
    world, before = ready()
    world.scripted["calendarView"] = [None, failure]
    with pytest.raises((ServerFailed, Interrupted)):
        updated(world, window=LATER)
    assert world.run(find(ROOMS, "r-1", ROOM)).window == before.window


def test_a_stale_version_is_refused_before_anything_is_written():
    world, before = ready()
    current = updated(world, subject="Second")
    with pytest.raises(Conflict, match="another version"):
        updated(world, before.version, subject="Third")
    assert updated(world, current.version, subject="Third").subject == "Third"


def meddling(world, times=1):
    """Somebody else writes between our read and our write."""

    def script(asked):
        for each in world.events[ROOM].values():
            each["subject"] = "Theirs"
            world.touch(each)

    world.scripted["updateEvent"] = [script] * times


def test_somebody_elses_write_meanwhile_is_a_conflict_where_a_version_was_given():
    world, before = ready()
    meddling(world)
    with pytest.raises(Conflict):
        updated(world, before.version, body="New")
    assert world.run(find(ROOMS, "r-1", ROOM)).subject == "Theirs"


def test_without_a_version_it_is_read_again_and_written():
    world, _ = ready()
    meddling(world)
    assert updated(world, body="New").subject == "Budget"


def test_it_gives_up_where_somebody_writes_all_the_time():
    world, _ = ready()
    meddling(world, 10)
    with pytest.raises(Conflict):
        updated(world, body="New")
    assert len(world.of("updateEvent")) == 3


def test_a_service_that_ignores_the_version_does_no_harm():
    world, _ = ready()
    world.honours_if_match = False
    meddling(world)
    assert updated(world, body="New").subject == "Budget"


def test_our_own_write_whose_answer_was_lost_is_recognised():
    world, before = ready()

    def written(asked):
        world.serve(asked)
        return fault(412, "ErrorIrresolvableConflict")

    world.scripted["updateEvent"] = [written]
    assert updated(world, before.version, subject="Other").subject == "Other"


def test_an_event_that_vanishes_meanwhile_is_the_conflict_that_was_told():
    world, _ = ready()

    def gone(asked):
        world.events[ROOM].clear()
        return fault(409, "ErrorIrresolvableConflict")

    world.scripted["updateEvent"] = [gone]
    with pytest.raises(Conflict):
        updated(world, subject="Other")


def test_a_series_becomes_single_and_back():
    world, _ = ready(recurrence=DAILY)
    assert updated(world).kind == "single"
    assert world.of("updateEvent")[0].body["recurrence"] is None
    assert updated(world, recurrence=DAILY).kind == "series"


def test_a_series_is_put_back_in_its_own_zone():
    world, _ = ready(recurrence=DAILY, timezone="Europe/Paris")
    found = world.run(by_reference(ROOMS, "r-1", ROOM))
    world.run(restore(ROOMS, found, ROOM, TimedOut("x")))
    body = world.of("updateEvent")[0].body
    assert body["start"] == {"dateTime": "2026-12-07T10:00:00.0000000", "timeZone": "Romance Standard Time"}
    assert set(body) >= {"subject", "recurrence", "attendees"}


def test_what_cannot_be_put_back_is_noted():
    world, _ = ready()
    found = world.run(by_reference(ROOMS, "r-1", ROOM))
    error = TimedOut("x")
    world.scripted["updateEvent"] = [fault(403, "ErrorAccessDenied"), Interrupted("stop")]
    world.run(restore(ROOMS, found, ROOM, error))
    assert any("put back" in each for each in error.__notes__)
    with pytest.raises(Interrupted):
        world.run(restore(ROOMS, found, ROOM, error))
    world.events[ROOM].clear()
    world.run(restore(ROOMS, found, ROOM, error))


# Where a person organises


def test_another_room_is_invited_if_it_is_free():
    world = World(room_answers="accepted")
    world.run(book(PEOPLE, reservation(organizer=PERSON), timedelta()))
    assert updated(world, of=PEOPLE, organizer=PERSON, room=OTHER_ROOM).room == OTHER_ROOM
    world.put(ROOM)
    with pytest.raises(RoomTaken):
        updated(world, of=PEOPLE, organizer=PERSON)


def test_the_same_room_decides_by_itself():
    world = World(room_answers="accepted")
    world.run(book(PEOPLE, reservation(organizer=PERSON), timedelta()))
    world.put(ROOM, **marked("r-1"))
    world.asked.clear()
    updated(world, of=PEOPLE, organizer=PERSON, window=window(AT + HOUR / 2))
    assert world.names() == ["findEvent", "updateEvent"]


def test_a_change_waits_for_the_rooms_answer():
    world = World(room_answers="accepted")
    world.run(book(PEOPLE, reservation(organizer=PERSON), timedelta()))
    world.room_answers = "none"
    assert updated(world, of=PEOPLE, organizer=PERSON, window=LATER).state == "pending"
    assert sum(world.slept) == pytest.approx(30)


@pytest.mark.parametrize("failure", ["declined", Interrupted("stop")])
def test_a_change_that_the_room_declines_or_that_is_stopped_is_put_back(failure):
    world = World(room_answers="accepted")
    before = world.run(book(PEOPLE, reservation(organizer=PERSON), timedelta()))
    world.room_answers = "none" if isinstance(failure, Interrupted) else failure
    world.scripted["getEvent"] = [failure] if isinstance(failure, Interrupted) else []
    with pytest.raises((RoomTaken, Interrupted)):
        updated(world, of=PEOPLE, organizer=PERSON, window=LATER)
    assert world.run(find(PEOPLE, "r-1", PERSON)).window == before.window
    assert world.names(undo=True) == ["getEvent", "updateEvent"]
