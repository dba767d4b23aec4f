"""Whoever reads changes alone knows what stands, whatever the application and people did in between."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import Conflict, Invalid, NotFound
from hamilton_sdk.graph.connector import Calendar
from hamilton_sdk.graph.fake import FakeCalendar
from hamilton_sdk.graph.models import Recurrence, Reservation
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.contracts.graph.following import Mirror

START = datetime(2026, 3, 9, 9, tzinfo=UTC)
WEEK = TimeWindow(START, START + timedelta(days=7))
ROOM, PERSON = "room-1@example.com", "p@example.com"

references = st.sampled_from(["r-1", "r-2", "r-3"])
hours = st.integers(-3, 9).map(lambda each: each * 20)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("book"), references, hours, st.sampled_from([None, 2, 4])),
        st.tuples(st.just("cancel"), references),
        st.tuples(st.just("meet"), hours),
        st.tuples(st.just("move"), st.integers(0, 5), hours),
        st.tuples(st.just("remove"), st.integers(0, 5)),
        st.tuples(st.just("forget")),
        st.tuples(st.just("follow")),
    ),
    min_size=3,
    max_size=20,
)


def window(hour: int) -> TimeWindow:
    return TimeWindow(START + timedelta(hours=hour), START + timedelta(hours=hour + 3))


class Office:
    """A room, all who write into it, and somebody who only reads its changes."""

    def __init__(self, calendar: Calendar, fake: FakeCalendar, mailbox: str) -> None:
        self.calendar, self.fake, self.mailbox = calendar, fake, mailbox
        self.mirror = Mirror(calendar, ROOM, WEEK)

    def standing(self):
        return list(self.calendar.bookings(ROOM, WEEK))

    def book(self, reference, hour, count):
        recurrence = None if count is None else Recurrence(pattern="daily", interval=2, count=count)
        self.calendar.book(
            Reservation(reference, ROOM, "Meeting", window(hour), organizer=PERSON, recurrence=recurrence)
        )

    def cancel(self, reference):
        self.calendar.cancel(reference, mailbox=self.mailbox)

    def meet(self, hour):
        self.fake.outlook.book(ROOM, window(hour))

    def move(self, place, hour):
        for booking in self.standing()[place : place + 1]:
            self.fake.outlook.move(booking.id, window(hour))

    def remove(self, place):
        for booking in self.standing()[place : place + 1]:
            self.fake.outlook.cancel(booking.id)

    def forget(self):
        self.fake.forget_cursors()

    def follow(self):
        stands = [each.window for each in self.standing()]
        assert self.mirror.follow() == stands
        assert all(one.end <= other.start for one, other in pairwise(stands))


@pytest.mark.parametrize(("mode", "mailbox"), [("organizer", ROOM), ("attendee", PERSON)])
@settings(max_examples=40)
@given(taken=steps)
def test_a_mirror_shows_what_stands_and_nothing_stands_twice(mode, mailbox, taken):
    fake = FakeCalendar(mode=mode, page_size=3)
    with Calendar(fake, clock=SettableClock(START - timedelta(days=5))) as calendar:
        office = Office(calendar, fake, mailbox)
        for name, *arguments in taken:
            with suppress(Conflict, Invalid, NotFound):
                getattr(office, name)(*arguments)
        office.follow()
