"""The contract of changing, cancelling and ending early, while people change things in Outlook."""

from __future__ import annotations

from datetime import timedelta

from hamilton_sdk.errors import Conflict, NotFound
from hamilton_sdk.graph.errors import RoomTaken
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.contracts.graph.base import Base

__all__ = ["Changing"]


class Changing(Base):
    """Promises of `update`, `cancel` and `end_early`."""

    def test_an_update_gives_all_values(self) -> None:
        """Also to what had none."""
        with self.open() as calendar:
            booking = calendar.book(self.reservation())
            other = self.reservation(booking.reference, window=self.at(15, 2), subject="Another matter")
            changed = calendar.update(other)
            self.assert_stands(calendar, changed, other)
            assert changed.id == booking.id
            assert changed.version != booking.version
            assert self.found(calendar, other.reference) == changed
            assert self.shown(calendar) == [other.window]

    def test_an_update_of_the_version_that_stands_is_made(self) -> None:
        """The version of `find` is as good as that of `book`."""
        with self.open() as calendar:
            booking = calendar.book(self.reservation())
            assert booking.reference is not None
            for hour in (11, 13):
                version = self.found(calendar, booking.reference).version
                other = self.reservation(booking.reference, window=self.at(hour))
                self.assert_stands(calendar, calendar.update(other, version), other)

    def test_an_update_of_another_version_is_refused(self) -> None:
        """What somebody else wrote meanwhile stays."""
        with self.open() as calendar:
            booking = calendar.book(self.reservation())
            second = self.reservation(booking.reference, window=self.at(13))
            calendar.update(second)
            third = self.reservation(booking.reference, window=self.at(16))
            error = self.refusal(Conflict, calendar.update, third, booking.version)
            assert not isinstance(error, RoomTaken)
            self.assert_stands(calendar, self.found(calendar, second.reference), second)

    def test_an_update_of_nothing_is_not_found(self) -> None:
        """Never made, or cancelled; nothing is made of it."""
        with self.open() as calendar:
            reservation = self.reservation()
            self.refusal(NotFound, calendar.update, reservation)
            self.assert_gone(calendar, reservation.reference)
            calendar.book(reservation)
            calendar.cancel(reservation.reference, mailbox=self.mailbox(calendar))
            self.refusal(NotFound, calendar.update, reservation)
            assert self.shown(calendar) == []

    def test_an_update_onto_another_meeting_leaves_the_booking_as_it_was(self) -> None:
        """The meeting in the way is named."""
        with self.open() as calendar:
            first, second = self.reservation(window=self.at(9)), self.reservation(window=self.at(11))
            calendar.book(first)
            calendar.book(second)
            wrong = self.reservation(second.reference, window=self.at(9.5, 3))
            error = self.refusal(RoomTaken, calendar.update, wrong)
            assert [each.window for each in error.conflicts] == [first.window]
            self.let_rooms_answer()
            self.assert_stands(calendar, self.found(calendar, second.reference), second)
            assert self.shown(calendar) == [first.window, second.window]

    def test_an_update_with_another_room_moves_it(self) -> None:
        """Where a person organises, the meeting is the same one."""
        with self.open() as calendar:
            self.only(calendar, "attendee")
            booking = calendar.book(self.reservation())
            moved = self.reservation(booking.reference, room=self.other_room)
            self.assert_stands(calendar, calendar.update(moved), moved)
            assert self.shown(calendar) == []
            assert self.shown(calendar, self.other_room) == [moved.window]

    def test_cancelling_frees_the_room(self) -> None:
        """Twice is success, or not found where nobody remembers."""
        with self.open() as calendar:
            reservation = self.reservation()
            calendar.book(reservation)
            booking = calendar.cancel(
                reservation.reference, mailbox=self.mailbox(calendar), comment="No quorum."
            )
            assert booking.state == "cancelled"
            assert booking.reference == reservation.reference
            self.assert_gone(calendar, reservation.reference)
            self.cancelled_again(calendar, reservation.reference)
            self.assert_gone(calendar, reservation.reference)
            (taken,) = calendar.occupancy([self.room], reservation.window)
            assert taken.free(reservation.window)
            assert self.shown(calendar) == []

    def test_cancelling_another_version_is_refused(self) -> None:
        """The booking stands; with its own version it goes."""
        with self.open() as calendar:
            booking = calendar.book(self.reservation())
            other = self.reservation(booking.reference, window=self.at(13))
            changed = calendar.update(other)
            mailbox = self.mailbox(calendar)
            self.refusal(Conflict, calendar.cancel, other.reference, mailbox=mailbox, version=booking.version)
            self.assert_stands(calendar, self.found(calendar, other.reference), other)
            gone = calendar.cancel(other.reference, mailbox=mailbox, version=changed.version)
            assert gone.state == "cancelled"

    def test_cancelling_what_never_was_is_not_found(self) -> None:
        """Nor is what lives in another mailbox."""
        with self.open() as calendar:
            mailbox = self.mailbox(calendar)
            self.refusal(NotFound, calendar.cancel, self.reference(), mailbox=mailbox)
            reservation = self.reservation()
            calendar.book(reservation)
            self.refusal(NotFound, calendar.cancel, reservation.reference, mailbox=self.other_room)
            self.assert_stands(calendar, self.found(calendar, reservation.reference), reservation)

    def test_ending_early_frees_the_room_from_now_on(self) -> None:
        """To the minute, rounded down; doing it again changes nothing."""
        with self.open() as calendar:
            reservation = self.reservation(window=self.at(9, 2))
            calendar.book(reservation)
            now = self.at(9.5).start
            self.set_time(now + timedelta(seconds=42))
            mailbox = self.mailbox(calendar)
            for _ in range(2):
                booking = calendar.end_early(reservation.reference, mailbox=mailbox)
                assert booking.window == TimeWindow(reservation.window.start, now)
                assert booking.state == "confirmed"
            assert self.found(calendar, reservation.reference).window.end == now
            next_one = self.reservation(window=TimeWindow(now, reservation.window.end))
            self.assert_stands(calendar, calendar.book(next_one), next_one)

    def test_ending_before_it_began_cancels(self) -> None:
        """There is nothing to keep."""
        with self.open() as calendar:
            reservation = self.reservation()
            calendar.book(reservation)
            booking = calendar.end_early(reservation.reference, mailbox=self.mailbox(calendar))
            assert booking.state == "cancelled"
            self.assert_gone(calendar, reservation.reference)
            assert self.shown(calendar) == []

    def test_ending_what_is_over_changes_nothing(self) -> None:
        """The past stays as it was."""
        with self.open() as calendar:
            reservation = self.reservation()
            calendar.book(reservation)
            self.set_time(reservation.window.end + timedelta(minutes=1))
            booking = calendar.end_early(reservation.reference, mailbox=self.mailbox(calendar))
            assert booking.window == reservation.window

    def test_ending_what_never_was_is_not_found(self) -> None:
        """Check the reference."""
        with self.open() as calendar:
            self.refusal(NotFound, calendar.end_early, self.reference(), mailbox=self.mailbox(calendar))

    def test_what_a_person_moved_is_told(self) -> None:
        """With another version, so that the application does not overwrite it unknowingly."""
        with self.open() as calendar:
            booking = calendar.book(self.reservation())
            assert booking.reference is not None
            self.move(booking, self.at(13))
            moved = self.found(calendar, booking.reference)
            assert moved.id == booking.id
            assert moved.window == self.at(13)
            assert moved.version != booking.version
            mine = self.reservation(booking.reference, window=self.at(10))
            self.refusal(Conflict, calendar.update, mine, booking.version)
            self.refusal(
                Conflict,
                calendar.cancel,
                booking.reference,
                mailbox=self.mailbox(calendar),
                version=booking.version,
            )
            assert self.shown(calendar) == [self.at(13)]

    def test_what_a_person_moved_goes_back_where_the_application_insists(self) -> None:
        """The reservation is what is wanted, whatever stands."""
        with self.open() as calendar:
            reservation = self.reservation()
            booking = calendar.book(reservation)
            self.move(booking, self.at(13))
            again = calendar.book(reservation)
            assert again.id == booking.id
            self.assert_stands(calendar, again, reservation)
            assert self.shown(calendar) == [reservation.window]

    def test_what_a_person_deleted_is_gone_and_may_be_booked_again(self) -> None:
        """One event stands then, not two."""
        with self.open() as calendar:
            reservation = self.reservation()
            self.remove(calendar.book(reservation))
            self.assert_gone(calendar, reservation.reference)
            self.refusal(NotFound, calendar.update, reservation)
            self.assert_stands(calendar, calendar.book(reservation), reservation)
            assert self.shown(calendar) == [reservation.window]
