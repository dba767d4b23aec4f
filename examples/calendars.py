"""A room's day: booked, refused where it is taken, changed by a person in Outlook, and freed early.

Runs as it is, with calendars in memory. For real ones, give `Graph(tenant_id, client_id, credential)` in the
place of the fake, and leave its clock out.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hamilton_sdk import TimeWindow
from hamilton_sdk.clock import SettableClock
from hamilton_sdk.graph import Calendar, FakeCalendar, Reservation, RoomTaken

BLUE, RED = "blue@example.com", "red@example.com"
NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)


def main() -> None:
    """Book, conflict, follow Outlook, end early."""
    fake = FakeCalendar(rooms=[BLUE, RED])
    clock = SettableClock(NINE - timedelta(hours=1))
    window = TimeWindow(NINE, NINE + timedelta(hours=1))
    budget = Reservation("R-1", BLUE, "Budget", window, organizer="zoe@example.com")
    with Calendar(fake, clock=clock) as calendar:
        booking = calendar.book(budget)
        print("booked:     ", booking.state)
        print("asked twice:", "the same" if calendar.book(budget).id == booking.id else "another")
        try:
            calendar.book(Reservation("R-2", BLUE, "Plans", window))
        except RoomTaken as error:
            print("taken by:   ", [meeting.reference for meeting in error.conflicts])
        free = [each.room for each in calendar.occupancy([BLUE, RED], window) if each.free(window)]
        print("free:       ", free)

        day = TimeWindow(NINE, NINE + timedelta(days=1))
        changes = calendar.changes(BLUE, window=day)
        print("stands:     ", [change.kind for change in changes])
        fake.outlook.move(booking.id, TimeWindow(NINE + timedelta(hours=2), NINE + timedelta(hours=4)))
        changes = calendar.changes(BLUE, cursor=changes.cursor)
        moved = [change.booking.window.start.hour for change in changes if change.booking]
        print("moved to:   ", moved)

        clock.advance(timedelta(hours=3, minutes=30).total_seconds())
        ended = calendar.end_early("R-1", mailbox=booking.mailbox)
        print("ended at:   ", f"{ended.window.end:%H:%M}")


if __name__ == "__main__":
    main()
