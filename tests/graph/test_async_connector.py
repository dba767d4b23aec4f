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
