"""Booking: one event for a reference, never on top of another meeting, and nothing left where it fails."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hamilton_sdk.errors import Forbidden, Interrupted, Invalid, NotFound, ServerFailed
from hamilton_sdk.graph import Recurrence, RoomTaken
from hamilton_sdk.graph.exchange.booking import book
from hamilton_sdk.graph.exchange.ending import cancel
from hamilton_sdk.graph.exchange.finding import find
from tests.graph.exchange.world import (
    AT,
    HOUR,
    OTHER_ROOM,
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

ROOMS, PEOPLE = tenant(), tenant(mode="attendee")
WAIT = timedelta(seconds=30)


def booked(world, of=ROOMS, wait=WAIT, **changed):
    return world.run(book(of, reservation(**changed), wait))


def invited(world, **changed):
    return booked(world, PEOPLE, organizer=PERSON, **changed)


def test_the_room_organises_and_the_booking_is_confirmed():
    world = World()
    booking = booked(world)
    assert (booking.reference, booking.state, booking.room, booking.mailbox) == (
        "r-1",
        "confirmed",
        ROOM,
        ROOM,
    )
    assert booking.window == window()
    expected = ["findEvent", "getPlace", "calendarView", "createEvent", "getEvent", "calendarView"]
    assert world.names() == expected


def test_the_same_reservation_again_is_the_same_booking_and_one_look():
    world = World()
    first = booked(world)
    world.asked.clear()
    assert booked(world) == first
    assert world.names() == ["findEvent"]


def test_another_under_the_same_reference_is_a_change():
    world = World()
    first = booked(world)
    second = booked(world, subject="Other", window=window(AT + HOUR / 2))
    assert (second.id, second.subject, second.window.start) == (first.id, "Other", AT + HOUR / 2)
    assert len(world.events[ROOM]) == 1


def test_a_meeting_in_the_way_is_named_and_nothing_is_written():
    world = World()
    other = world.put(subject="Salaries", **marked("r-9"))
    with pytest.raises(RoomTaken) as caught:
        booked(world)
    assert [(each.id, each.reference) for each in caught.value.conflicts] == [(other["id"], "r-9")]
    assert "createEvent" not in world.names()


def test_a_cancelled_reservation_can_be_booked_again():
    world = World()
    first = booked(world)
    world.run(cancel(ROOMS, "r-1", ROOM, None, None))
    second = booked(world)
    assert second.id != first.id
    assert world.run(find(ROOMS, "r-1", ROOM)) == second


def racing(members):
    """Somebody else's event appears while ours is being made."""

    def script(asked):
        reply = script.world.serve(asked)
        script.world.put(**members)
        return reply

    return script


def raced(**members):
    script = racing(members)
    world = script.world = World(scripted={"createEvent": [script]})
    return world


def test_of_two_that_book_at_once_the_later_gives_way():
    world = raced(createdDateTime="2026-12-01T07:59:59Z", **marked("r-2"))
    with pytest.raises(RoomTaken) as caught:
        booked(world)
    assert [each.reference for each in caught.value.conflicts] == ["r-2"]
    assert [each["id"] for each in world.events[ROOM].values()] == ["E2="]
    assert world.names(undo=True) == ["deleteEvent"]


def test_of_two_that_book_at_once_the_first_stays_once_the_later_gave_way():
    world = raced(createdDateTime="2026-12-01T09:00:00Z", **marked("r-2"))

    def withdrawing(_asked):
        later = max(world.events[ROOM])
        del world.events[ROOM][later]

    # Before ours is made; after it, when the later one still stands; and once its owner took it back.
    world.scripted["calendarView"] = [None, None, withdrawing]
    assert booked(world).state == "confirmed"
    assert len(world.events[ROOM]) == 1
    assert len(world.slept) == 1


def test_a_later_one_that_stays_keeps_the_room():
    """Clocks of servers differ: it may have looked before ours stood, and been told the room is its own."""
    world = raced(createdDateTime="2026-12-01T09:00:00Z", **marked("r-2"))
    with pytest.raises(RoomTaken) as caught:
        booked(world)
    assert [each.reference for each in caught.value.conflicts] == ["r-2"]
    assert len(world.events[ROOM]) == 1
    assert sum(world.slept) > 2


def test_to_a_meeting_of_people_we_always_give_way():
    world = raced(createdDateTime="2026-12-01T09:00:00Z")
    with pytest.raises(RoomTaken):
        booked(world)
    assert len(world.events[ROOM]) == 1


@pytest.mark.parametrize("failure", [fault(500, "X"), Interrupted("stop")])
def test_where_looking_after_fails_nothing_of_ours_stays(failure):
    world = World(scripted={"calendarView": [None, failure]})
    with pytest.raises((ServerFailed, Interrupted)):
        booked(world)
    assert world.events[ROOM] == {}


def test_every_occurrence_of_a_series_must_find_the_room_free():
    world = World()
    world.put(start=utc(AT + timedelta(days=2)), end=utc(AT + timedelta(days=2) + HOUR))
    with pytest.raises(RoomTaken):
        booked(world, recurrence=Recurrence(pattern="daily", count=3))
    assert booked(world, recurrence=Recurrence(pattern="daily", count=2)).kind == "series"


@pytest.mark.parametrize("address", ["nobody@contoso.example", PERSON])
def test_an_address_that_is_no_room_is_refused_before_anything_is_written(address):
    world = World()
    with pytest.raises(Invalid) as caught:
        booked(world, room=address)
    assert address not in str(caught.value)
    assert "createEvent" not in world.names()


def test_the_look_at_places_can_be_left_out():
    world = World()
    booked(world, tenant(verify_rooms=False))
    assert "getPlace" not in world.names()


def test_a_value_over_a_limit_is_refused_before_any_request():
    world = World()
    with pytest.raises(Invalid):
        booked(world, subject="x" * 256)
    assert world.asked == []


def test_a_missing_right_is_told_as_it_is():
    with pytest.raises(Forbidden):
        booked(World(scripted={"createEvent": [fault(403, "ErrorAccessDenied")]}))


def test_an_event_that_vanishes_meanwhile_is_not_taken_for_an_unknown_mailbox():
    world = World(scripted={"updateEvent": [fault(404, "ErrorItemNotFound")]})
    world.put(**marked("r-1"), subject="Old")
    with pytest.raises(NotFound):
        booked(world)


# Where a person organises


def test_a_room_that_accepts_confirms():
    world = World(room_answers="accepted")
    booking = invited(world)
    assert (booking.state, booking.response, booking.mailbox, booking.room) == (
        "confirmed",
        "accepted",
        PERSON,
        ROOM,
    )
    assert world.names() == ["findEvent", "getPlace", "getSchedule", "createEvent", "getEvent"]
    assert world.slept == []


def test_a_room_that_is_silent_leaves_it_pending_after_ever_longer_naps():
    world = World()
    booking = invited(world)
    assert booking.state == "pending"
    assert sum(world.slept) == pytest.approx(30)
    assert world.slept[:5] == [0.5, 1, 2, 4, 8]
    assert len(world.events[PERSON]) == 1


def test_nobody_waits_who_does_not_want_to():
    world = World()
    assert invited(world, wait=timedelta()).state == "pending"
    assert world.slept == []


def answering(response, world, nap=1):
    """Let the room answer at the given look."""
    looks = iter(range(100))

    def script(asked):
        if next(looks) == nap:
            for each in world.events[PERSON].values():
                each["attendees"][-1]["status"]["response"] = response

    world.scripted["getEvent"] = [script] * 10
    return world


def test_an_answer_that_comes_meanwhile_is_heard():
    world = answering("tentativelyAccepted", World())
    assert invited(world).state == "tentative"
    assert world.slept == [0.5]


def test_a_room_that_declines_leaves_nothing_of_ours():
    world = answering("declined", World(), nap=2)

    def other(asked):
        world.put(ROOM, subject="Theirs")

    world.scripted["getSchedule"] = [None, other]
    with pytest.raises(RoomTaken) as caught:
        invited(world)
    assert len(caught.value.conflicts) == 1
    assert world.events[PERSON] == {}


def test_a_room_that_is_taken_is_not_even_asked():
    world = World()
    world.put(ROOM)
    with pytest.raises(RoomTaken) as caught:
        invited(world)
    assert caught.value.conflicts[0].window == window()
    assert world.events[PERSON] == {}


def test_a_room_that_cannot_be_told_of_is_asked_all_the_same():
    error = {"message": "too many", "responseCode": "5006"}
    told = answer({"value": [{"scheduleId": ROOM, "error": error}]})
    assert invited(World(room_answers="accepted", scripted={"getSchedule": [told]})).state == "confirmed"


def test_an_unknown_room_is_refused_without_places_too():
    world = World()
    with pytest.raises(Invalid):
        world.run(
            book(
                tenant(mode="attendee", verify_rooms=False),
                reservation(organizer=PERSON, room="nobody@contoso.example"),
                WAIT,
            )
        )
    assert world.events[PERSON] == {}


def test_an_organiser_without_a_mailbox_is_invalid():
    with pytest.raises(Invalid, match="organizer") as caught:
        invited(World(people=()))
    assert caught.value.code == "ErrorInvalidUser"


def test_an_event_that_is_deleted_while_the_room_is_asked_is_said():
    with pytest.raises(NotFound, match="deleted"):
        invited(World(scripted={"getEvent": [None, fault(404, "ErrorItemNotFound")]}))


def test_one_that_was_declined_before_is_tried_anew():
    world = World(room_answers="accepted")
    declined = {"type": "resource", "emailAddress": {"address": ROOM}, "status": {"response": "declined"}}
    old = world.put(PERSON, **marked("r-1"), attendees=[declined])
    booking = invited(world)
    assert booking.state == "confirmed"
    assert booking.id != old["id"]
    assert len(world.events[PERSON]) == 1


def test_a_pending_one_is_waited_for_again():
    world = World()
    first = invited(world, wait=timedelta())
    for each in world.events[PERSON].values():
        each["attendees"][-1]["status"]["response"] = "accepted"
    assert invited(world).id == first.id


def test_a_change_that_the_room_declines_is_put_back():
    world = World(room_answers="accepted")
    first = invited(world)
    world.room_answers = "none"
    answering("declined", world, nap=0)
    with pytest.raises(RoomTaken):
        invited(world, window=window(AT + 3 * HOUR))
    kept = world.run(find(PEOPLE, "r-1", PERSON))
    assert (kept.id, kept.window) == (first.id, first.window)


def test_another_room_is_asked_where_a_person_organises():
    world = World(room_answers="accepted")
    invited(world)
    moved = invited(world, room=OTHER_ROOM)
    assert moved.room == OTHER_ROOM
    world.put(ROOM)
    with pytest.raises(RoomTaken):
        invited(world, room=ROOM)


def test_a_key_that_another_process_used_meanwhile_is_a_change_of_its_event():
    world = World()
    taken = fault(409, "ErrorDuplicateTransactionId")

    def other(asked):
        world.put(**marked("r-1"), subject="Theirs")
        return taken

    world.scripted["createEvent"] = [other]
    assert booked(world).subject == "Budget"
    assert len(world.events[ROOM]) == 1


def test_an_event_told_without_a_body_is_still_compared():
    world = World()
    made = world.put(**marked("r-1"))
    made["body"] = None
    assert booked(world).id == made["id"]
    assert "updateEvent" not in world.names()
    assert event()["body"] is not None


def test_one_that_is_asked_for_again_and_declined_leaves_nothing():
    world = World()
    invited(world, wait=timedelta())
    answering("declined", world, nap=0)
    with pytest.raises(RoomTaken):
        invited(world)
    assert world.events[PERSON] == {}
