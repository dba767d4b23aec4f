"""The contract of bad input and of discretion: a precise error, nothing half done, nothing given away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hamilton_sdk.errors import Invalid
from hamilton_sdk.graph.models import Recurrence, Reservation
from hamilton_sdk.testing.contracts.graph.base import Base

if TYPE_CHECKING:
    from hamilton_sdk.testing.contracts.graph.blocking import Calls

__all__ = ["Refusing"]


class Refusing(Base):
    """Promises about values that are wrong, and about what errors, words and logs show."""

    def assert_refused(self, calendar: Calls, reservation: Reservation, *words: str) -> None:
        """Check that a reservation is refused, with words that say why, and that nothing comes of it."""
        self.assert_says(self.refusal(Invalid, calendar.book, reservation), *words)
        self.assert_gone(calendar, reservation.reference)
        assert self.shown(calendar) == []

    def test_an_unknown_room_is_refused(self) -> None:
        """Nothing is sent to an address of no mailbox."""
        with self.open() as calendar:
            self.assert_refused(calendar, self.reservation(room=self.nowhere), "room")

    def test_a_person_is_no_room(self) -> None:
        """A reservation does not end up in somebody's own calendar."""
        with self.open() as calendar:
            self.assert_refused(calendar, self.reservation(room=self.person), "room")

    def test_a_subject_that_is_too_long_is_refused_with_the_limit(self) -> None:
        """The longest possible one is kept."""
        limit = self.optional(self.longest_subject, "there is no limit for subjects here")
        with self.open() as calendar:
            self.assert_refused(calendar, self.reservation(subject="x" * (limit + 1)), "subject", str(limit))
            longest = self.reservation(subject="x" * limit)
            self.assert_stands(calendar, calendar.book(longest), longest)

    def test_somebody_organises_where_a_person_does(self) -> None:
        """Elsewhere a reservation without organiser is as good as any."""
        reservation = Reservation(self.reference(), self.room, "Meeting", self.at(9))
        with self.open() as calendar:
            if calendar.capabilities.mode == "attendee":
                self.assert_says(self.refusal(Invalid, calendar.book, reservation), "organizer")
                assert self.shown(calendar) == []
            else:
                self.assert_stands(calendar, calendar.book(reservation), reservation)

    def test_a_wrong_change_leaves_what_stands(self) -> None:
        """A booking outlives a bad reservation under its reference."""
        with self.open() as calendar:
            good = self.reservation()
            booking = calendar.book(good)
            wrong = [self.reservation(good.reference, room=self.person, window=self.at(13))]
            if self.longest_subject:
                text = "x" * (self.longest_subject + 1)
                wrong.append(self.reservation(good.reference, subject=text, window=self.at(13)))
            for each in wrong:
                self.refusal(Invalid, calendar.update, each)
                self.refusal(Invalid, calendar.book, each)
                self.assert_stands(calendar, self.found(calendar, good.reference), good)
            assert self.found(calendar, good.reference).version == booking.version

    def test_a_series_begins_on_a_day_of_its_own(self) -> None:
        """Nobody can say which day was meant otherwise."""
        tuesdays = Recurrence(pattern="weekly", days=("tuesday",), count=2)
        with self.open() as calendar:
            if not calendar.capabilities.recurrence:
                self.optional(None, "nothing repeats here")
            self.assert_refused(calendar, self.reservation(recurrence=tuesdays), "recurrence")

    def test_nothing_shows_a_person(self) -> None:
        """Neither reservations, bookings, occupancy and lists in tracebacks, nor the logs."""
        self.assert_nothing_shows(self._used)

    def _used(self, calendar: Calls) -> list[object]:
        """Words of all kinds, from a reservation's life."""
        reservation = self.reservation()
        words: list[object] = [reservation, calendar.book(reservation)]
        words += calendar.occupancy([self.room], reservation.window)
        words += calendar.bookings(self.room, self.week())
        words += calendar.changes(self.room, window=self.week())
        self.set_time(reservation.window.start + timedelta(minutes=30))
        mailbox = self.mailbox(calendar)
        words.append(calendar.end_early(reservation.reference, mailbox=mailbox))
        words.append(calendar.cancel(reservation.reference, mailbox=mailbox, comment="Quatremère is ill."))
        return words
