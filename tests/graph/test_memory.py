"""The rules of the rooms behind the fake, beyond what the contract asks of any calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from hamilton_sdk.errors import Conflict, Invalid, NotFound
from hamilton_sdk.graph._events import Values
from hamilton_sdk.graph._memory import HORIZON, Office, taken_by
from hamilton_sdk.graph.errors import RoomTaken
from hamilton_sdk.graph.models import Recurrence, Reservation, Room
from hamilton_sdk.model import TimeWindow

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
START = datetime(2026, 3, 9, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = TimeWindow(START, START + HOUR)
ROOM, OTHER, PERSON = "room@example.com", "other@example.com", "p@example.com"
DAILY = Recurrence(pattern="daily", count=5)


def make(mode="organizer", answer_after=timedelta(0), people=(PERSON,)) -> Office:
    return Office([Room(address=each, name=each) for each in (ROOM, OTHER)], people, mode, answer_after)


def wanted(reference="r-1", **fields) -> Reservation:
    given = {"room": ROOM, "subject": "Budget", "window": WINDOW, "organizer": PERSON, **fields}
    return Reservation(reference, **given)


def windows(office, room=ROOM):
    week = TimeWindow(START - timedelta(days=7), START + timedelta(days=21))
    return [span.window for _, span in office.taking(room, week)]


def test_a_person_who_is_known_is_no_room():
    office = make()
    with pytest.raises(Invalid, match="a person's"):
        office.room(PERSON)
    with pytest.raises(Invalid, match="no room"):
        office.room("nowhere@example.com")
    assert office.room(ROOM.upper()).address == ROOM


@pytest.mark.parametrize("organizer", [None, OTHER, "stranger@example.com"])
def test_where_a_person_organises_it_must_be_one(organizer):
    office = make("attendee")
    with pytest.raises(Invalid, match="organizer") as caught:
        office.book(wanted(organizer=organizer), NOW)
    assert caught.value.hint
    assert windows(office) == []


def test_without_known_people_anybody_may_organise():
    event, new = make("attendee", people=()).book(wanted(organizer="stranger@example.com"), NOW)
    assert (new, event.response) == (True, "accepted")


def test_where_the_room_organises_each_room_has_its_own_references():
    """They live in different mailboxes, as at Exchange."""
    office = make()
    office.book(wanted(), NOW)
    with pytest.raises(NotFound):
        office.update(wanted(room=OTHER), None, NOW)
    assert office.book(wanted(room=OTHER), NOW)[1]
    assert windows(office) == windows(office, OTHER) == [WINDOW]


def test_a_series_is_compared_two_years_ahead():
    office = make()
    endless = Recurrence(pattern="daily")
    office.book(wanted(recurrence=endless), NOW)
    for days, free in ((HORIZON.days - 2, False), (HORIZON.days + 2, True)):
        start = START + timedelta(days=days)
        single = Values("x", TimeWindow(start, start + HOUR))
        assert bool(office.in_the_way(ROOM, single, None)) is True
        office.add(OTHER, OTHER, single, NOW)
        series = Values("x", WINDOW, recurrence=endless)
        assert bool(office.in_the_way(OTHER, series, None)) is not free
        office.events.popitem()


def test_of_two_endless_series_the_clash_is_found():
    office = make()
    office.book(wanted(recurrence=Recurrence(pattern="weekly", days=("monday",))), NOW)
    later = START + timedelta(days=1)
    every_third = Recurrence(pattern="daily", interval=3)
    with pytest.raises(RoomTaken) as caught:
        office.book(wanted("r-2", window=TimeWindow(later, later + HOUR), recurrence=every_third), NOW)
    assert len(caught.value.conflicts) > 20


def test_rooms_answer_in_the_order_in_which_they_were_asked():
    office = make("attendee", timedelta(minutes=1))
    first, _ = office.book(wanted("r-1"), NOW)
    second, _ = office.book(wanted("r-2"), NOW)
    assert (first.response, second.response) == ("none", "none")
    office.settle(NOW + timedelta(minutes=2))
    assert (first.response, second.response) == ("accepted", "declined")
    assert first.changed_at == NOW + timedelta(minutes=1)
    assert windows(office) == [WINDOW]


def test_who_waits_for_an_answer_is_not_in_the_way():
    office = make("attendee", None)
    office.book(wanted(), NOW)
    assert office.in_the_way(ROOM, Values("x", WINDOW), None) == ()
    (meeting,) = office.occupancy(ROOM, WINDOW).meetings
    assert meeting.status == "tentative"


def test_a_changed_time_is_asked_for_again_and_a_changed_subject_is_not():
    office = make("attendee", None)
    event, _ = office.book(wanted(), NOW)
    office.answer(event, "accepted", NOW)
    office.update(wanted(subject="Another"), None, NOW)
    assert event.response == "accepted"
    office.update(wanted(window=TimeWindow(START + HOUR, START + 2 * HOUR)), None, NOW)
    assert event.response == "none"


def test_what_the_room_declined_is_given_up_with_the_next_try():
    office = make("attendee", None)
    declined, _ = office.book(wanted(), NOW)
    office.answer(declined, "declined", NOW)
    event, new = office.book(wanted(), NOW)
    assert (new, declined.cancelled, event.cancelled) == (True, True, False)


def test_ending_what_is_cancelled_or_declined_changes_nothing():
    office = make("attendee", None)
    event, _ = office.book(wanted(), NOW)
    office.answer(event, "declined", NOW)
    assert office.end_early("r-1", PERSON, START + HOUR / 2).state == "declined"
    office.cancel("r-1", PERSON, None, NOW)
    assert office.end_early("r-1", PERSON, START + HOUR / 2).state == "cancelled"


def test_ending_a_series_ends_the_occurrence_that_runs():
    office = make()
    office.book(wanted(recurrence=DAILY), NOW)
    second = START + timedelta(days=1)
    booking = office.end_early("r-1", ROOM, second + timedelta(minutes=20, seconds=5))
    ended = TimeWindow(second, second + timedelta(minutes=20))
    assert (booking.kind, booking.window) == ("exception", ended)
    assert windows(office)[1] == ended
    assert len(windows(office)) == 5


def test_ending_a_series_between_two_occurrences_changes_nothing():
    office = make()
    event, _ = office.book(wanted(recurrence=DAILY), NOW)
    version = event.version
    assert office.end_early("r-1", ROOM, START + timedelta(hours=5)).kind == "series"
    assert event.version == version


def test_ending_an_occurrence_in_its_first_minute_frees_it():
    office = make()
    office.book(wanted(recurrence=DAILY), NOW)
    office.end_early("r-1", ROOM, START + timedelta(seconds=30))
    assert len(windows(office)) == 4


def test_exceptions_live_as_long_as_the_pattern():
    office = make()
    event, _ = office.book(wanted(recurrence=DAILY), NOW)
    office.move_occurrence(event, date(2026, 3, 10), None, NOW)
    office.update(wanted(recurrence=DAILY, subject="Another"), None, NOW)
    assert len(windows(office)) == 4
    office.update(wanted(recurrence=DAILY, window=TimeWindow(START + HOUR, START + 2 * HOUR)), None, NOW)
    assert len(windows(office)) == 5


def test_a_stale_version_is_told_before_what_is_in_the_way():
    office = make()
    event, _ = office.book(wanted(), NOW)
    office.add(PERSON, ROOM, Values("x", TimeWindow(START + HOUR, START + 2 * HOUR)), NOW)
    longer = wanted(window=TimeWindow(START, START + 2 * HOUR))
    with pytest.raises(Conflict) as caught:
        office.update(longer, "v0", NOW)
    assert not isinstance(caught.value, RoomTaken)
    with pytest.raises(RoomTaken):
        office.update(longer, f"v{event.version}", NOW)


def test_a_room_that_declines_without_a_reason_is_told_so():
    assert str(taken_by(())) == "the room declined"


def test_the_same_again_changes_nothing_and_another_is_a_change():
    office = make()
    event, _ = office.book(wanted(), NOW)
    version = event.version
    assert office.book(wanted(), NOW) == (event, False)
    assert office.update(wanted(), None, NOW).version == version
    later = TimeWindow(START + HOUR, START + 2 * HOUR)
    assert office.book(wanted(window=later), NOW) == (event, False)
    assert event.version != version
    assert windows(office) == [later]


def test_cancelling_is_remembered():
    office = make()
    office.book(wanted(), NOW)
    assert office.cancel("r-1", ROOM, None, NOW) is office.cancel("r-1", ROOM, "v0", NOW)
    assert office.find("r-1", ROOM) is None
    with pytest.raises(NotFound):
        office.cancel("r-2", ROOM, None, NOW)


def test_ending_early_shortens_or_cancels():
    office = make()
    office.book(wanted(), NOW)
    assert office.end_early("r-1", ROOM, START + HOUR / 2).window.end == START + HOUR / 2
    assert office.end_early("r-1", ROOM, START + HOUR).window.end == START + HOUR / 2
    office.book(wanted("r-2", room=OTHER), NOW)
    assert office.end_early("r-2", OTHER, NOW).state == "cancelled"


def test_what_cannot_be_told_of_has_an_error():
    assert make().occupancy("nowhere@example.com", WINDOW).error == "5009"


def test_too_long_a_subject_and_a_series_beside_its_pattern_are_refused():
    office = make()
    with pytest.raises(Invalid, match="255"):
        office.book(wanted(subject="x" * 256), NOW)
    tuesdays = Recurrence(pattern="weekly", days=("tuesday",))
    with pytest.raises(Invalid, match="recurrence"):
        office.book(wanted(recurrence=tuesdays), NOW)
