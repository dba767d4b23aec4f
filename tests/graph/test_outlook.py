"""What a person does in Outlook reaches the application, and what it knows is not asked first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import Invalid, NotFound
from hamilton_sdk.graph.connector import Calendar
from hamilton_sdk.graph.errors import RoomTaken
from hamilton_sdk.graph.fake import FakeCalendar
from hamilton_sdk.graph.models import Recurrence, Reservation
from hamilton_sdk.model import TimeWindow

START = datetime(2026, 3, 9, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = TimeWindow(START, START + HOUR)
LATER = TimeWindow(START + 3 * HOUR, START + 4 * HOUR)
WEEK = TimeWindow(START - timedelta(days=1), START + timedelta(days=6))
ROOM = "room-1@example.com"
RESERVATION = Reservation("r-1", ROOM, "Budget", WINDOW, organizer="p@example.com")


@pytest.fixture
def fake():
    return FakeCalendar()


@pytest.fixture
def calendar(fake):
    with Calendar(fake, clock=SettableClock(START - timedelta(days=1))) as opened:
        yield opened


def shown(calendar):
    return [each.window for each in calendar.bookings(ROOM, WEEK)]


def test_a_persons_meeting_is_nobodys_reservation(fake, calendar):
    booking = fake.outlook.book(ROOM, WINDOW, "Plans", "q@example.com", sensitivity="private")
    assert (booking.reference, booking.organizer, booking.mailbox) == (None, "q@example.com", ROOM)
    (found,) = calendar.bookings(ROOM, WEEK)
    assert found == booking


def test_a_person_is_refused_too_unless_on_top(fake, calendar):
    booking = calendar.book(RESERVATION)
    with pytest.raises(RoomTaken):
        fake.outlook.book(ROOM, WINDOW)
    with pytest.raises(Invalid):
        fake.outlook.book("nowhere@example.com", WINDOW)
    fake.outlook.book(ROOM, WINDOW, on_top=True)
    found = calendar.find("r-1", mailbox=ROOM)
    assert [each.window for each in found.conflicts] == [WINDOW]
    assert booking.conflicts == ()


def test_a_move_is_refused_too_unless_on_top(fake, calendar):
    calendar.book(RESERVATION)
    other = fake.outlook.book(ROOM, LATER)
    with pytest.raises(RoomTaken):
        fake.outlook.move(other.id, WINDOW)
    assert shown(calendar) == [WINDOW, LATER]
    assert fake.outlook.move(other.id, WINDOW, on_top=True).window == WINDOW
    assert shown(calendar) == [WINDOW, WINDOW]


def test_an_occurrence_is_moved_and_cancelled_by_its_own_id(fake, calendar):
    fake.outlook.book(ROOM, WINDOW, recurrence=Recurrence(pattern="daily", count=3), timezone="UTC")
    first, second, _ = calendar.bookings(ROOM, WEEK)
    assert fake.outlook.move(first.id, LATER).kind == "series"
    fake.outlook.cancel(second.id)
    assert shown(calendar) == [
        LATER,
        TimeWindow(START + timedelta(days=2), START + timedelta(days=2, hours=1)),
    ]


def test_an_occurrence_does_not_lie_on_another(fake, calendar):
    fake.outlook.book(ROOM, WINDOW, recurrence=Recurrence(pattern="daily", count=3))
    first, second, _ = calendar.bookings(ROOM, WEEK)
    with pytest.raises(Invalid, match="its series") as caught:
        fake.outlook.move(first.id, second.window, on_top=True)
    assert caught.value.hint
    assert shown(calendar)[0] == WINDOW


def test_a_new_subject_is_a_change(fake, calendar):
    booking = calendar.book(RESERVATION)
    fake.outlook.rename(booking.id, "Plans")
    found = calendar.find("r-1", mailbox=ROOM)
    assert found.subject == "Plans"
    assert found.version != booking.version


def test_a_delegate_answers_for_the_room():
    fake = FakeCalendar(mode="attendee", answer_after=None)
    with Calendar(fake, clock=SettableClock(START)) as calendar:
        booking = calendar.book(RESERVATION, wait=0)
        fake.outlook.answer(booking.id, "tentative")
        assert calendar.find("r-1", mailbox="p@example.com").state == "tentative"


def test_the_copy_in_the_room_is_the_same_meeting():
    fake = FakeCalendar(mode="attendee")
    with Calendar(fake, clock=SettableClock(START)) as calendar:
        booking = calendar.book(RESERVATION)
        (copy,) = calendar.bookings(ROOM, WEEK)
        assert copy.id != booking.id
        assert fake.outlook.move(copy.id, LATER).id == copy.id
        assert fake.outlook.move(booking.id, WINDOW).id == booking.id
        fake.outlook.cancel(copy.id)
        assert calendar.find("r-1", mailbox="p@example.com") is None


def test_what_is_not_there_cannot_be_changed(fake, calendar):
    booking = calendar.book(RESERVATION)
    calendar.cancel("r-1", mailbox=ROOM)
    for call in (fake.outlook.cancel, lambda each: fake.outlook.move(each, LATER)):
        with pytest.raises(NotFound) as caught:
            call(booking.id)
        assert caught.value.hint
