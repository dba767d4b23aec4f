"""What only an async connector has to show; that it is the sync one's twin is in test_connector.py."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.graph.async_connector import AsyncCalendar
from hamilton_sdk.graph.fake import FakeCalendar
from hamilton_sdk.graph.models import Reservation
from hamilton_sdk.model import TimeWindow

START = datetime(2026, 3, 9, 9, tzinfo=UTC)
WINDOW = TimeWindow(START, START + timedelta(hours=1))
ROOMS = [f"room-{number}@example.com" for number in range(5)]


async def test_many_rooms_are_booked_at_once_and_read_as_they_come():
    async with AsyncCalendar(FakeCalendar(rooms=ROOMS, page_size=2), clock=SettableClock(START)) as calendar:
        reservations = [Reservation(f"r-{room}", room, "Meeting", WINDOW) for room in ROOMS]
        booked = await asyncio.gather(*map(calendar.book, reservations))
        assert [each.room for each in booked] == ROOMS
        assert [room.address async for room in calendar.rooms()] == ROOMS
        for room in ROOMS:
            assert [each.window async for each in calendar.bookings(room, WINDOW)] == [WINDOW]


async def test_changes_are_read_with_async_for():
    async with AsyncCalendar(FakeCalendar(rooms=ROOMS), clock=SettableClock(START)) as calendar:
        await calendar.book(Reservation("r-1", ROOMS[0], "Meeting", WINDOW))
        changes = calendar.changes(ROOMS[0], window=WINDOW)
        assert [each.kind async for each in changes] == ["changed"]
        again = calendar.changes(ROOMS[0], cursor=changes.cursor)
        assert [each async for each in again] == []


async def test_every_method_is_awaited():
    fake = FakeCalendar(room_lists=["tower@example.com"])
    room, url = "room-1@example.com", "https://hamilton.example.com/graph"
    wanted = Reservation("r-1", room, "Meeting", WINDOW)
    async with AsyncCalendar(fake, clock=SettableClock(START)) as calendar:
        assert calendar.capabilities == fake.capabilities
        assert (await calendar.check()).product == "FakeCalendar"
        assert [each.name async for each in calendar.room_lists()] == ["tower"]
        booking = await calendar.book(wanted, wait=0)
        assert (await calendar.update(wanted, booking.version)).id == booking.id
        assert await calendar.find("r-1", mailbox=room) == booking
        assert await calendar.response("r-1", mailbox=room) == "organizer"
        (taken,) = await calendar.occupancy([room], WINDOW)
        assert not taken.free(WINDOW)
        assert (await calendar.end_early("r-1", mailbox=room)).state == "cancelled"
        assert (await calendar.cancel("r-1", mailbox=room)).state == "cancelled"
        watch = await calendar.watch(room, url)
        assert (await calendar.renew(watch.id)).id == watch.id
        assert [each.id async for each in calendar.watches()] == [watch.id]
        assert await calendar.unwatch(watch.id) is None
