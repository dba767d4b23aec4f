"""The contract of broken lines: nothing stands twice, and repeating comes to the same end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk.testing.contracts.graph.base import Base

if TYPE_CHECKING:
    from hamilton_sdk.graph.models import Reservation
    from hamilton_sdk.testing.contracts.graph.blocking import Calls

__all__ = ["Breaking"]


class Breaking(Base):
    """Promises that hold when an exchange with the service is cut off; they need the hook `broken`."""

    def _booked(self) -> Reservation:
        reservation = self.reservation()
        with self.open() as calendar:
            calendar.book(reservation)
        return reservation

    def _clear(self, calendar: Calls, reservation: Reservation) -> None:
        self.cancelled_again(calendar, reservation.reference)
        assert self.shown(calendar) == [], "something is left in the room's calendar"

    def test_a_broken_book_can_be_repeated(self) -> None:
        """Once or not at all; doing it again makes it one."""
        for reservation, succeeded in self.cut(
            self.reservation, lambda calendar, reservation: calendar.book(reservation)
        ):
            with self.open() as calendar:
                assert len(self.shown(calendar)) <= 1
                if succeeded:
                    self.assert_stands(calendar, self.found(calendar, reservation.reference), reservation)
                self.assert_stands(calendar, calendar.book(reservation), reservation)
                assert self.shown(calendar) == [reservation.window]
                self._clear(calendar, reservation)

    def test_a_broken_update_leaves_the_old_or_the_new(self) -> None:
        """Doing it again makes it the new."""
        later = self.at(14)
        for old, succeeded in self.cut(
            self._booked,
            lambda calendar, old: calendar.update(self.reservation(old.reference, window=later)),
        ):
            self.let_rooms_answer()
            with self.open() as calendar:
                stands = self.found(calendar, old.reference).window
                assert stands == later or (not succeeded and stands == old.window)
                new = self.reservation(old.reference, window=later)
                self.assert_stands(calendar, calendar.update(new), new)
                assert self.shown(calendar) == [later]
                self._clear(calendar, new)

    def test_a_broken_cancel_can_be_repeated(self) -> None:
        """It ends with a free room."""
        for reservation, succeeded in self.cut(
            self._booked,
            lambda calendar, reservation: calendar.cancel(
                reservation.reference, mailbox=self.mailbox(calendar)
            ),
        ):
            with self.open() as calendar:
                if succeeded:
                    self.assert_gone(calendar, reservation.reference)
                self._clear(calendar, reservation)
                self.assert_gone(calendar, reservation.reference)
