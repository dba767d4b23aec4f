"""The contract of booking: once, in a free room, and as it was asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hamilton_sdk.errors import Conflict
from hamilton_sdk.graph.errors import RoomTaken
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.contracts.graph.base import Base
from hamilton_sdk.testing.contracts.graph.blocking import book_at_once

__all__ = ["Reserving"]


class Reserving(Base):
    """Promises of `book`."""

    def test_a_booking_is_what_was_reserved(self) -> None:
        """Confirmed, in the right mailbox, and found again."""
        with self.open() as calendar:
            reservation = self.reservation()
            booking = calendar.book(reservation)
            self.assert_stands(calendar, booking, reservation)
            assert booking.kind == "single"
            assert booking.conflicts == ()
            assert self.found(calendar, reservation.reference) == booking
            assert self.shown(calendar) == [reservation.window]

    def test_the_same_reservation_again_is_the_same_booking(self) -> None:
        """Also through another connector: the key is the caller's own reference."""
        reservation = self.reservation()
        with self.open() as calendar:
            first = calendar.book(reservation)
        with self.open() as calendar:
            again = calendar.book(reservation)
            assert (again.id, again.version) == (first.id, first.version)
            assert self.shown(calendar) == [reservation.window]

    def test_another_reservation_under_the_same_reference_is_a_change(self) -> None:
        """There is one event, with the new values."""
        with self.open() as calendar:
            first = calendar.book(self.reservation())
            assert first.reference is not None
            other = self.reservation(first.reference, window=self.at(14, 2), subject="Another matter")
            second = calendar.book(other)
            assert second.id == first.id
            assert second.version != first.version
            self.assert_stands(calendar, second, other)
            assert self.shown(calendar) == [other.window]

    def test_the_same_reservation_at_the_same_time_is_one_booking(self) -> None:
        """Calls for one reference take turns."""
        reservation = self.reservation()
        with self.open() as calendar:
            booked = book_at_once(calendar, [reservation] * 4)
            assert len({each and each.id for each in booked}) == 1
            assert self.shown(calendar) == [reservation.window]

    def test_of_several_for_one_room_at_the_same_time_one_is_booked(self) -> None:
        """Whoever loses the race leaves nothing behind."""
        reservations = [self.reservation() for _ in range(3)]
        with self.open() as calendar:
            booked = [each is not None for each in book_at_once(calendar, reservations)]
            assert booked.count(True) == 1
            assert self.shown(calendar) == [reservations[0].window]
            for reservation, won in zip(reservations, booked, strict=True):
                if not won:
                    self.assert_gone(calendar, reservation.reference)

    def test_a_taken_room_is_a_conflict_that_names_the_meeting(self) -> None:
        """Whether people have it or a reservation of ours; nothing of the refused one stays."""
        with self.open() as calendar:
            ours = self.reservation(window=self.at(9, 2))
            calendar.book(ours)
            wanted = self.reservation(window=self.at(10, 2))
            error = self.refusal(RoomTaken, calendar.book, wanted)
            assert isinstance(error, Conflict)
            assert [each.window for each in error.conflicts] == [ours.window]
            self.assert_gone(calendar, wanted.reference)
            assert self.shown(calendar) == [ours.window]

    def test_a_persons_meeting_is_in_the_way(self) -> None:
        """And stays as it was."""
        window = self.at(9, 2)
        self.meet(self.room, window)
        wanted = self.reservation(window=self.at(8, 12))
        with self.open() as calendar:
            error = self.refusal(RoomTaken, calendar.book, wanted)
            assert [each.window for each in error.conflicts] == [window]
            self.assert_gone(calendar, wanted.reference)
            assert self.shown(calendar) == [window]

    def test_meetings_that_touch_are_not_in_the_way(self) -> None:
        """Windows are half open; and another room is another matter."""
        with self.open() as calendar:
            for window in (self.at(9), self.at(11), self.at(10)):
                reservation = self.reservation(window=window)
                self.assert_stands(calendar, calendar.book(reservation), reservation)
            elsewhere = self.reservation(window=self.at(9), room=self.other_room)
            self.assert_stands(calendar, calendar.book(elsewhere), elsewhere)

    def test_a_reservation_does_not_stand_in_its_own_way(self) -> None:
        """It may be made longer, or moved to where it partly is."""
        with self.open() as calendar:
            booking = calendar.book(self.reservation(window=self.at(9, 2)))
            longer = self.reservation(booking.reference, window=self.at(8, 4))
            self.assert_stands(calendar, calendar.book(longer), longer)

    def test_what_was_cancelled_can_be_booked_again(self) -> None:
        """Under the same reference, and as often as people change their minds."""
        with self.open() as calendar:
            reservation = self.reservation()
            for _ in range(3):
                self.assert_stands(calendar, calendar.book(reservation), reservation)
                calendar.cancel(reservation.reference, mailbox=self.mailbox(calendar))
                self.assert_gone(calendar, reservation.reference)
            assert self.shown(calendar) == []

    def test_an_end_where_the_clocks_go_back_is_not_later_than_asked(self) -> None:
        """In Paris the hour from 2 to 3 came twice on 25 October 2026: nobody keeps the room longer."""
        window = TimeWindow(
            datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        )
        with self.open() as calendar:
            booking = calendar.book(self.reservation(window=window, timezone="Europe/Paris"))
            assert booking.window.start == window.start
            assert window.start < booking.window.end <= window.end

    def test_a_zone_changes_nothing_about_the_time(self) -> None:
        """By its name of IANA or of Windows."""
        with self.open() as calendar:
            for hour, zone in ((9, "America/New_York"), (12, "Romance Standard Time"), (15, "Asia/Kolkata")):
                reservation = self.reservation(window=self.at(hour), timezone=zone)
                self.assert_stands(calendar, calendar.book(reservation), reservation)

    def test_whole_days_are_days(self) -> None:
        """From midnight to midnight where the people are."""
        start = self.at(0).start - timedelta(hours=1)
        window = TimeWindow(start, start + timedelta(days=2))
        monday = self.at(0).start.date()
        with self.open() as calendar:
            reservation = self.reservation(window=window, timezone="Europe/Paris", all_day=True)
            booking = calendar.book(reservation)
            self.assert_stands(calendar, booking, reservation)
            assert booking.all_day == (monday, monday + timedelta(days=2))
            assert self.found(calendar, reservation.reference) == booking

    def test_what_is_private_is_marked(self) -> None:
        """The booking says so, and so does the room's occupancy."""
        with self.open() as calendar:
            reservation = self.reservation(sensitivity="private")
            assert calendar.book(reservation).sensitivity == "private"
            (taken,) = calendar.occupancy([self.room], reservation.window)
            assert [each.private for each in taken.meetings] == [True]

    def test_a_room_that_does_not_answer_in_time_leaves_it_pending(self) -> None:
        """However long the wait, the operation's deadline allows for it; the answer is read later."""
        with self.open() as calendar:
            self.only(calendar, "attendee")
            self.silence()
            reservation = self.reservation()
            booking = calendar.book(reservation, wait=timedelta(minutes=5))
            assert (booking.state, booking.response) == ("pending", "none")
            mailbox = self.mailbox(calendar)
            assert calendar.response(reservation.reference, mailbox=mailbox) == "none"
            self.answer(booking, "accepted")
            assert calendar.response(reservation.reference, mailbox=mailbox) == "accepted"
            self.assert_stands(calendar, self.found(calendar, reservation.reference), reservation)

    def test_a_pending_one_that_is_booked_again_is_the_same(self) -> None:
        """No second event comes of asking again."""
        with self.open() as calendar:
            self.only(calendar, "attendee")
            self.silence()
            reservation = self.reservation()
            first = calendar.book(reservation, wait=0)
            assert calendar.book(reservation, wait=1).id == first.id

    def test_what_the_room_declined_later_is_told(self) -> None:
        """And may be tried again."""
        with self.open() as calendar:
            self.only(calendar, "attendee")
            self.silence()
            reservation = self.reservation()
            booking = calendar.book(reservation, wait=0)
            self.answer(booking, "declined")
            found = self.found(calendar, reservation.reference)
            assert (found.state, found.response) == ("declined", "declined")
            assert calendar.book(reservation, wait=0).state == "pending"
