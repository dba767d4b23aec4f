"""The fake as tests of applications use it; what it promises as an adapter is in test_contract.py."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError, Interrupted, NotFound, ServerFailed, TimedOut
from hamilton_sdk.flow import Now, Sleep
from hamilton_sdk.graph.async_connector import AsyncCalendar
from hamilton_sdk.graph.connector import Calendar
from hamilton_sdk.graph.errors import RoomTaken
from hamilton_sdk.graph.fake import FakeCalendar
from hamilton_sdk.graph.models import Reservation, Room, RoomList
from hamilton_sdk.model import TimeWindow

START = datetime(2026, 3, 9, 9, tzinfo=UTC)
WINDOW = TimeWindow(START, START + timedelta(hours=1))
ROOM, PERSON = "room-1@example.com", "p@example.com"


def wanted(reference: str = "r-1") -> Reservation:
    return Reservation(reference, ROOM, "Budget", WINDOW, organizer=PERSON)


def opened(fake: FakeCalendar) -> Calendar:
    return Calendar(fake, clock=SettableClock(START - timedelta(days=1)))


class TestSettings:
    def test_has_two_rooms_from_the_start(self):
        with opened(FakeCalendar()) as calendar:
            assert [each.address for each in calendar.rooms()] == [ROOM, "room-2@example.com"]
            assert list(calendar.room_lists()) == []
            assert calendar.check().product == "FakeCalendar"

    def test_takes_rooms_and_lists_by_address_or_whole(self):
        blue = Room(address="blue@example.com", name="Blue", capacity=8)
        tower = RoomList(address="tower@example.com", name="Tower")
        fake = FakeCalendar(rooms=[blue, "red@example.com"], room_lists=["annex@example.com", tower])
        with opened(fake) as calendar:
            assert list(calendar.rooms()) == [blue, Room(address="red@example.com", name="red")]
            assert list(calendar.room_lists())[1] == tower

    @pytest.mark.parametrize("wrong", [{"rooms": ()}, {"page_size": 0}, {"answer_after": timedelta(-1)}])
    def test_refuses_an_office_with_which_nothing_can_be_done(self, wrong):
        with pytest.raises(ConfigurationError, match="FakeCalendar needs") as caught:
            FakeCalendar(**wrong)
        assert caught.value.hint

    def test_says_what_it_can_do(self):
        organizer, attendee = FakeCalendar().capabilities, FakeCalendar(mode="attendee").capabilities
        assert (organizer.mode, organizer.room_refuses) == ("organizer", False)
        assert (attendee.mode, attendee.room_refuses) == ("attendee", True)

    def test_shows_its_rooms_alone(self):
        fake = FakeCalendar(rooms=[ROOM], people=[PERSON])
        with opened(fake) as calendar:
            calendar.book(wanted())
        assert repr(fake) == f"FakeCalendar(rooms=('{ROOM}',), mode='organizer')"
        assert fake.name == "graph.fake"


class TestLooking:
    def test_tells_what_stands(self):
        fake = FakeCalendar()
        with opened(fake) as calendar:
            booking = calendar.book(wanted())
            calendar.book(Reservation("r-2", "room-2@example.com", "Other", WINDOW))
            calendar.cancel("r-2", mailbox="room-2@example.com")
            fake.outlook.book("room-2@example.com", WINDOW)
        assert fake.bookings_now() == (booking,)

    def test_tells_what_will_stand_at_another_time(self):
        fake = FakeCalendar(mode="attendee", answer_after=timedelta(minutes=5))
        with opened(fake) as calendar:
            calendar.book(wanted(), wait=0)
        assert [each.state for each in fake.bookings_now()] == ["pending"]
        assert [each.state for each in fake.bookings_now(START)] == ["confirmed"]

    def test_nothing_happens_before_a_flow_is_run(self):
        fake = FakeCalendar()
        flow = fake.book(wanted(), timedelta())
        assert fake.bookings_now() == ()
        flow.close()


class TestFailing:
    def test_fails_before_or_after_the_work(self):
        fake = FakeCalendar()
        fake.fail_next(ServerFailed("down"), "book")
        fake.fail_next(TimedOut("lost"), "book", after_work=True)
        with opened(fake) as calendar:
            with pytest.raises(ServerFailed):
                calendar.book(wanted())
            assert calendar.find("r-1", mailbox=ROOM) is None
            with pytest.raises(TimedOut):
                calendar.book(wanted())
            assert calendar.find("r-1", mailbox=ROOM) is not None
            assert calendar.book(wanted()).state == "confirmed"
        fake.assert_all_failed()

    def test_a_failure_that_never_happens_is_told(self):
        fake = FakeCalendar()
        fake.fail_next(ServerFailed("down"), "changes_page")
        fake.fail_next(ServerFailed("down"))
        with opened(fake) as calendar, pytest.raises(ServerFailed):
            calendar.check()
        with pytest.raises(AssertionError, match="never happened: changes_page"):
            fake.assert_all_failed()

    def test_errors_say_where_they_come_from(self):
        fake = FakeCalendar(mode="attendee", people=[PERSON])
        with opened(fake) as calendar:
            with pytest.raises(NotFound) as caught:
                calendar.response("r-1", mailbox=PERSON)
            assert (caught.value.connector, caught.value.operation) == ("graph.fake", "response")
            fake.outlook.book(ROOM, WINDOW)
            with pytest.raises(RoomTaken) as refused:
                calendar.book(wanted())
            assert (refused.value.connector, refused.value.operation) == ("graph.fake", "book")
            assert [each.window for each in refused.value.conflicts] == [WINDOW]
        assert fake.bookings_now() == ()


class TestWaiting:
    def test_waits_for_the_answer_and_no_longer(self):
        clock = SettableClock(START)
        fake = FakeCalendar(mode="attendee", answer_after=timedelta(seconds=20))
        with Calendar(fake, clock=clock) as calendar:
            assert calendar.book(wanted(), wait=5).state == "pending"
            assert clock.now() == START + timedelta(seconds=5)
            assert calendar.book(wanted(), wait=60).state == "confirmed"
            assert clock.now() == START + timedelta(seconds=20)

    def test_a_late_refusal_leaves_nothing(self):
        fake = FakeCalendar(mode="attendee", answer_after=timedelta(seconds=20))
        with opened(fake) as calendar:
            first = calendar.book(wanted("r-1"), wait=0)
            with pytest.raises(RoomTaken):
                calendar.book(wanted("r-2"), wait=60)
            assert [each.id for each in fake.bookings_now()] == [first.id]

    def test_an_update_waits_too_and_is_put_back_where_the_room_declines(self):
        fake = FakeCalendar(mode="attendee", answer_after=timedelta(seconds=20))
        later = TimeWindow(WINDOW.end, WINDOW.end + timedelta(hours=1))
        moved = wanted("r-1").model_copy(update={"window": later})
        with opened(fake) as calendar:
            calendar.book(wanted("r-1"))
            rival = Reservation("r-2", ROOM, "Plans", later, organizer=PERSON)
            calendar.book(rival, wait=0)
            with pytest.raises(RoomTaken) as caught:
                calendar.update(moved)
            assert caught.value.operation == "update"
            found = calendar.find("r-1", mailbox=PERSON)
            assert (found.window, found.state) == (WINDOW, "confirmed")
            calendar.cancel("r-2", mailbox=PERSON)
            assert calendar.update(moved).state == "confirmed"

    def test_who_is_interrupted_while_waiting_has_booked_nothing(self):
        fake = FakeCalendar(mode="attendee", answer_after=None)
        flow = fake.book(wanted(), timedelta(minutes=1))
        assert isinstance(next(flow), Now)
        assert isinstance(flow.send(START), Now)
        assert isinstance(flow.send(START), Sleep)
        with pytest.raises(Interrupted):
            flow.throw(Interrupted("Ctrl-C"))
        assert fake.bookings_now() == ()

    def test_what_stood_before_outlives_an_interruption(self):
        fake = FakeCalendar(mode="attendee", answer_after=None)
        with opened(fake) as calendar:
            calendar.book(wanted(), wait=0)
        flow = fake.book(wanted(), timedelta(minutes=1))
        next(flow)
        flow.send(START)
        flow.send(START)
        with pytest.raises(Interrupted):
            flow.throw(Interrupted("Ctrl-C"))
        assert len(fake.bookings_now()) == 1

    async def test_a_cancelled_task_has_booked_nothing(self):
        fake = FakeCalendar(mode="attendee", answer_after=None)
        async with AsyncCalendar(fake) as calendar:
            task = asyncio.create_task(calendar.book(wanted(), wait=60))
            while not fake.bookings_now():
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert fake.bookings_now() == ()

    def test_a_test_may_answer_meanwhile(self):
        """A thread that books waits for what another answers."""
        fake = FakeCalendar(mode="attendee", answer_after=None)
        with Calendar(fake, clock=SettableClock(START)) as calendar, ThreadPoolExecutor(1) as pool:
            booking = pool.submit(calendar.book, wanted(), timedelta(days=300))
            while not (pending := fake.bookings_now()):
                pass
            fake.outlook.answer(pending[0].id, "accepted")
            assert booking.result().state == "confirmed"


def test_threads_never_share_a_room():
    fake = FakeCalendar()

    def attempt(number: int) -> bool:
        try:
            calendar.book(wanted(f"r-{number}"))
        except RoomTaken:
            return False
        return True

    with opened(fake) as calendar, ThreadPoolExecutor(8) as pool:
        assert list(pool.map(attempt, range(16))).count(True) == 1
    assert len(fake.bookings_now()) == 1


def test_a_bookings_life_and_what_is_told_of_it():
    """Each method of the adapter reaches the office with its own arguments."""
    fake = FakeCalendar(page_size=1)
    with opened(fake) as calendar:
        booking = calendar.book(wanted())
        later = TimeWindow(WINDOW.end, WINDOW.end + timedelta(hours=1))
        changed = calendar.update(wanted().model_copy(update={"window": later}), booking.version)
        fake.outlook.book(ROOM, WINDOW)
        day = TimeWindow(START, START + timedelta(days=1))
        assert [each.window for each in calendar.bookings(ROOM, day)] == [WINDOW, later]
        (taken,) = calendar.occupancy([ROOM], day)
        assert [each.reference for each in taken.meetings] == [None, "r-1"]
        assert len(list(calendar.changes(ROOM, window=day).pages())) == 2
        assert calendar.cancel("r-1", mailbox=ROOM, version=changed.version).state == "cancelled"
        assert calendar.end_early("r-1", mailbox=ROOM).state == "cancelled"


def test_forgotten_cursors_begin_anew():
    fake = FakeCalendar()
    with opened(fake) as calendar:
        first = calendar.changes(ROOM, window=WINDOW)
        assert list(first) == []
        fake.forget_cursors()
        again = calendar.changes(ROOM, cursor=first.cursor)
        assert list(again) == []
        assert again.restarted


def test_watches_are_kept():
    with opened(FakeCalendar()) as calendar:
        watch = calendar.watch(ROOM, "https://hamilton.example.com/graph")
        assert calendar.renew(watch.id).id == watch.id
        assert [each.id for each in calendar.watches()] == [watch.id]
        calendar.unwatch(watch.id)
        assert list(calendar.watches()) == []


def test_rooms_may_stop_answering():
    fake = FakeCalendar(mode="attendee")
    with opened(fake) as calendar:
        fake.answer_after(None)
        assert calendar.book(wanted(), wait=0).state == "pending"
