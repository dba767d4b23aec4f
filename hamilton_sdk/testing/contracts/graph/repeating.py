"""The contract of series: each pattern, the same wall time, exceptions, no occurrence on another meeting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from hamilton_sdk.graph.errors import RoomTaken
from hamilton_sdk.graph.models import Recurrence
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.contracts.graph.base import Base

if TYPE_CHECKING:
    from hamilton_sdk.testing.contracts.graph.blocking import Calls

__all__ = ["Repeating"]

_PATTERNS: Final[tuple[tuple[Recurrence, date, tuple[str, ...]], ...]] = (
    (
        Recurrence(pattern="daily", interval=3, count=3),
        date(2026, 4, 1),
        ("2026-04-01", "2026-04-04", "2026-04-07"),
    ),
    (
        Recurrence(pattern="weekly", interval=2, days=("monday", "thursday"), count=4),
        date(2026, 4, 2),
        ("2026-04-02", "2026-04-13", "2026-04-16", "2026-04-27"),
    ),
    (
        Recurrence(pattern="absolute_monthly", day_of_month=15, until=date(2026, 6, 30)),
        date(2026, 4, 15),
        ("2026-04-15", "2026-05-15", "2026-06-15"),
    ),
    (
        Recurrence(pattern="relative_monthly", days=("tuesday",), index="second", count=3),
        date(2026, 4, 14),
        ("2026-04-14", "2026-05-12", "2026-06-09"),
    ),
    (
        Recurrence(pattern="relative_monthly", days=("friday",), index="last", count=2),
        date(2026, 4, 24),
        ("2026-04-24", "2026-05-29"),
    ),
    (
        Recurrence(pattern="absolute_yearly", month=4, day_of_month=20, count=2),
        date(2026, 4, 20),
        ("2026-04-20", "2027-04-20"),
    ),
    (
        Recurrence(pattern="relative_yearly", month=5, days=("wednesday",), index="first", count=2),
        date(2026, 5, 6),
        ("2026-05-06", "2027-05-05"),
    ),
)

_WEEKS: Final = 4
_WEEKLY: Final = Recurrence(pattern="weekly", days=("monday",), count=_WEEKS)


class Repeating(Base):
    """Promises about reservations that repeat."""

    def _series(self, calendar: Calls) -> None:
        if not calendar.capabilities.recurrence:
            self.optional(None, "nothing repeats here")

    def test_each_pattern_repeats_as_it_says(self) -> None:
        """On the days of the calendar, one after the other, in the reservation's zone."""
        with self.open() as calendar:
            self._series(calendar)
            for recurrence, first, days in _PATTERNS:
                start = datetime(first.year, first.month, first.day, 10, tzinfo=UTC)
                window = TimeWindow(start, start + timedelta(hours=1))
                reservation = self.reservation(window=window, recurrence=recurrence)
                booking = calendar.book(reservation)
                assert booking.kind == "series"
                assert booking.window == window
                assert booking.recurrence == recurrence
                span = TimeWindow(start - timedelta(days=7), start + timedelta(days=500))
                found = [each.window.start.date().isoformat() for each in calendar.bookings(self.room, span)]
                assert found == list(days), f"{recurrence.pattern} falls on {found}"
                calendar.cancel(reservation.reference, mailbox=self.mailbox(calendar))

    def test_an_occurrence_says_whose_it_is(self) -> None:
        """Each has an id of its own, and names its series."""
        with self.open() as calendar:
            self._series(calendar)
            reservation = self.reservation(recurrence=_WEEKLY)
            calendar.book(reservation)
            found = list(calendar.bookings(self.room, self.week()))
            assert [each.window for each in found] == [self.at(9, days=7 * week) for week in range(_WEEKS)]
            assert {each.kind for each in found} == {"occurrence"}
            assert len({each.id for each in found}) == _WEEKS
            assert len({each.series_id for each in found}) == 1
            assert None not in {each.series_id for each in found}
            self.assert_stands(calendar, self.found(calendar, reservation.reference), reservation)

    def test_a_series_keeps_its_wall_time_when_the_clocks_change(self) -> None:
        """Nine o'clock in Paris, before and after 29 March 2026."""
        paris = ZoneInfo("Europe/Paris")
        start = datetime(2026, 3, 23, 9, tzinfo=paris)
        window = TimeWindow(start, start + timedelta(hours=1))
        weekly = Recurrence(pattern="weekly", days=("monday",), count=3)
        span = TimeWindow(start - timedelta(days=1), start + timedelta(days=30))
        with self.open() as calendar:
            self._series(calendar)
            calendar.book(self.reservation(window=window, timezone="Europe/Paris", recurrence=weekly))
            found = [each.window for each in calendar.bookings(self.room, span)]
            assert [each.start.astimezone(paris).hour for each in found] == [9, 9, 9]
            assert [each.start.hour for each in found] == [8, 7, 7]

    def test_the_same_series_again_is_the_same_booking(self) -> None:
        """A pattern that is read back is the one that was given."""
        with self.open() as calendar:
            self._series(calendar)
            reservation = self.reservation(recurrence=_WEEKLY, timezone="Europe/Paris")
            first = calendar.book(reservation)
            again = calendar.book(reservation)
            assert (again.id, again.version) == (first.id, first.version)
            assert len(self.shown(calendar)) == _WEEKS

    def test_one_occurrence_in_the_way_is_enough(self) -> None:
        """A series is booked whole or not at all."""
        with self.open() as calendar:
            self._series(calendar)
            single = self.reservation(window=self.at(9.5, days=14))
            calendar.book(single)
            series = self.reservation(recurrence=_WEEKLY)
            error = self.refusal(RoomTaken, calendar.book, series)
            assert [each.window for each in error.conflicts] == [single.window]
            self.assert_gone(calendar, series.reference)
            assert self.shown(calendar) == [single.window]

    def test_an_occurrence_is_in_the_way_of_a_single_one(self) -> None:
        """Where it was deleted by a person, the room is free."""
        with self.open() as calendar:
            self._series(calendar)
            calendar.book(self.reservation(recurrence=_WEEKLY))
            single = self.reservation(window=self.at(9.5, days=14))
            self.refusal(RoomTaken, calendar.book, single)
            third = list(calendar.bookings(self.room, self.week()))[2]
            self.remove(third)
            self.assert_stands(calendar, calendar.book(single), single)
            assert len(self.shown(calendar)) == _WEEKS

    def test_an_occurrence_that_a_person_moved_is_an_exception(self) -> None:
        """The others stay."""
        with self.open() as calendar:
            self._series(calendar)
            calendar.book(self.reservation(recurrence=_WEEKLY))
            second = list(calendar.bookings(self.room, self.week()))[1]
            self.move(second, self.at(15, days=8))
            found = list(calendar.bookings(self.room, self.week()))
            assert [each.window for each in found] == [
                self.at(9),
                self.at(15, days=8),
                self.at(9, days=14),
                self.at(9, days=21),
            ]
            assert [each.kind for each in found] == ["occurrence", "exception", "occurrence", "occurrence"]
            assert len({each.series_id for each in found}) == 1

    def test_cancelling_a_series_frees_all_of_it(self) -> None:
        """No occurrence is left, also not those that were moved."""
        with self.open() as calendar:
            self._series(calendar)
            reservation = self.reservation(recurrence=_WEEKLY)
            calendar.book(reservation)
            calendar.cancel(reservation.reference, mailbox=self.mailbox(calendar))
            assert self.shown(calendar) == []

    def test_a_series_may_become_a_single_one_and_back(self) -> None:
        """All values are given, recurrence among them."""
        with self.open() as calendar:
            self._series(calendar)
            series = self.reservation(recurrence=_WEEKLY)
            calendar.book(series)
            single = self.reservation(series.reference)
            assert calendar.update(single).kind == "single"
            assert self.shown(calendar) == [single.window]
            assert calendar.update(series).kind == "series"
            assert len(self.shown(calendar)) == _WEEKS
