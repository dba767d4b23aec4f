"""The contract of changes and watches: nothing is lost, whatever happened since the cursor."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hamilton_sdk.errors import ConfigurationError, ConnectorError, Invalid, NotFound
from hamilton_sdk.graph.models import Recurrence
from hamilton_sdk.testing.contracts.graph.base import Base

if TYPE_CHECKING:
    from hamilton_sdk.graph.models import Booking
    from hamilton_sdk.model import TimeWindow
    from hamilton_sdk.testing.contracts.graph.blocking import Calls

__all__ = ["Following", "Mirror"]


class Mirror:
    """What somebody knows of a room's calendar who only reads its changes.

    Args:
        calendar: To read.
        room: Whose calendar.
        window: What to know of.
    """

    def __init__(self, calendar: Calls, room: str, window: TimeWindow) -> None:
        self._calendar = calendar
        self._room = room
        self.window = window
        self.cursor: str | None = None
        self.known: dict[str, Booking] = {}
        self.restarted: bool = False
        self.told: list[str] = []

    def follow(self) -> list[TimeWindow]:
        """Read one round; when the room is taken as far as is known then, by start."""
        first = self.cursor is None
        changes = self._calendar.changes(
            self._room, window=self.window if first else None, cursor=self.cursor
        )
        self.told = []
        for change in changes:
            self.told.append(change.id)
            self.known.pop(change.id, None)
            if change.booking is not None:
                self.known[change.id] = change.booking
        self.cursor, self.restarted = changes.cursor, changes.restarted
        if self.restarted:
            self.known = {key: each for key, each in self.known.items() if key in self.told}
        return self.windows()

    def windows(self) -> list[TimeWindow]:
        """When the room is taken as far as is known: masters of series take nothing themselves."""
        standing = (
            each.window
            for each in self.known.values()
            if each.kind != "series"
            and each.state not in ("cancelled", "declined")
            and each.window.overlaps(self.window)
        )
        return sorted(standing, key=lambda each: each.start)


class Following(Base):
    """Promises of `changes`, `watch`, `renew`, `unwatch` and `watches`."""

    def mirror(self, calendar: Calls) -> Mirror:
        """A reader of the first room's changes in the four weeks."""
        return Mirror(calendar, self.room, self.week())

    def test_the_first_round_tells_all_that_stands(self) -> None:
        """People's meetings too; what lies outside of the window, or in another room, is left out."""
        self.meet(self.room, self.at(11))
        with self.open() as calendar:
            calendar.book(self.reservation())
            calendar.book(self.reservation(window=self.at(9, days=-7)))
            calendar.book(self.reservation(room=self.other_room))
            mirror = self.mirror(calendar)
            assert mirror.follow() == [self.at(9), self.at(11)]
            assert not mirror.restarted

    def test_a_round_without_changes_is_empty(self) -> None:
        """And has a cursor of its own."""
        with self.open() as calendar:
            calendar.book(self.reservation())
            mirror = self.mirror(calendar)
            mirror.follow()
            for _ in range(2):
                assert mirror.follow() == [self.at(9)]
                assert mirror.told == []

    def test_an_empty_calendar_has_a_cursor(self) -> None:
        """From which the first booking is told."""
        with self.open() as calendar:
            mirror = self.mirror(calendar)
            assert mirror.follow() == []
            calendar.book(self.reservation())
            assert mirror.follow() == [self.at(9)]

    def test_what_the_application_does_is_told(self) -> None:
        """Booked, changed, cancelled: also all of it between two rounds."""
        with self.open() as calendar:
            mirror = self.mirror(calendar)
            mirror.follow()
            reservation = self.reservation()
            calendar.book(reservation)
            assert mirror.follow() == [self.at(9)]
            calendar.update(self.reservation(reservation.reference, window=self.at(13)))
            assert mirror.follow() == [self.at(13)]
            calendar.cancel(reservation.reference, mailbox=self.mailbox(calendar))
            assert mirror.follow() == []
            brief = self.reservation()
            calendar.book(brief)
            calendar.cancel(brief.reference, mailbox=self.mailbox(calendar))
            assert mirror.follow() == []

    def test_what_people_do_is_told(self) -> None:
        """With the reservation it is about, where the room organises."""
        with self.open() as calendar:
            booking = calendar.book(self.reservation())
            mirror = self.mirror(calendar)
            mirror.follow()
            self.meet(self.room, self.at(11))
            assert mirror.follow() == [self.at(9), self.at(11)]
            self.move(booking, self.at(15))
            assert mirror.follow() == [self.at(11), self.at(15)]
            if calendar.capabilities.mode == "organizer":
                assert mirror.known[booking.id].window == self.at(15)
            self.remove(booking)
            assert mirror.follow() == [self.at(11)]

    def test_what_leaves_the_window_is_told(self) -> None:
        """As removed, or with its new time; and what comes in is told too."""
        with self.open() as calendar:
            inside, outside = self.reservation(), self.reservation(window=self.at(9, days=-7))
            calendar.book(inside)
            calendar.book(outside)
            mirror = self.mirror(calendar)
            assert mirror.follow() == [self.at(9)]
            calendar.update(self.reservation(inside.reference, window=self.at(13, days=-7)))
            calendar.update(self.reservation(outside.reference, window=self.at(16)))
            assert mirror.follow() == [self.at(16)]

    def test_series_are_told_by_their_occurrences(self) -> None:
        """Exceptions and deleted ones are told; so is the end of the series."""
        with self.open() as calendar:
            if not calendar.capabilities.recurrence:
                self.optional(None, "nothing repeats here")
            weekly = Recurrence(pattern="weekly", days=("monday",), count=3)
            reservation = self.reservation(recurrence=weekly)
            calendar.book(reservation)
            mirror = self.mirror(calendar)
            assert mirror.follow() == [self.at(9), self.at(9, days=7), self.at(9, days=14)]
            _, second, third = calendar.bookings(self.room, self.week())
            self.move(second, self.at(14, days=8))
            self.remove(third)
            assert mirror.follow() == [self.at(9), self.at(14, days=8)]
            calendar.cancel(reservation.reference, mailbox=self.mailbox(calendar))
            assert mirror.follow() == []

    def test_a_cursor_may_be_used_again(self) -> None:
        """Whoever crashed before it was stored reads the same changes once more."""
        with self.open() as calendar:
            mirror = self.mirror(calendar)
            mirror.follow()
            kept = mirror.cursor
            calendar.book(self.reservation())
            mirror.follow()
            told = mirror.told
            mirror.cursor, mirror.known = kept, {}
            assert mirror.follow() == [self.at(9)]
            assert mirror.told == told

    def test_a_cursor_outlives_its_connector(self) -> None:
        """It is text, for a database."""
        with self.open() as calendar:
            mirror = self.mirror(calendar)
            mirror.follow()
            calendar.book(self.reservation())
        with self.open() as calendar:
            changes = calendar.changes(self.room, cursor=mirror.cursor)
            assert [each.booking.window for each in changes if each.booking] == [self.at(9)]

    def test_a_forgotten_cursor_begins_anew(self) -> None:
        """All that stands is told, and what is not told is gone."""
        with self.open() as calendar:
            gone, stays = self.reservation(), self.reservation(window=self.at(11))
            calendar.book(gone)
            calendar.book(stays)
            mirror = self.mirror(calendar)
            mirror.follow()
            calendar.cancel(gone.reference, mailbox=self.mailbox(calendar))
            self.forget_cursors()
            assert mirror.follow() == [self.at(11)]
            assert mirror.restarted
            assert mirror.follow() == [self.at(11)]
            assert not mirror.restarted

    def test_a_round_comes_in_pages(self) -> None:
        """Only the last one has the cursor."""
        with self.open() as calendar:
            for number in range(self.more_than_a_page):
                calendar.book(self.reservation(window=self.at(9, days=number)))
            changes = calendar.changes(self.room, window=self.week())
            pages = list(changes.pages())
            assert len(pages) > 1
            assert [page.cursor for page in pages[:-1]] == [None] * (len(pages) - 1)
            assert pages[-1].cursor == changes.cursor
            told = {each.id for page in pages for each in page.items}
            assert told == {each.id for each in calendar.changes(self.room, window=self.week())}

    def test_there_is_no_cursor_before_the_end(self) -> None:
        """What was not applied must not be skipped."""
        with self.open() as calendar:
            for hour in (9, 11):
                calendar.book(self.reservation(window=self.at(hour)))
            changes = calendar.changes(self.room, window=self.week())
            reading = iter(changes)
            for _ in range(2):
                next(reading)
                self.refusal(ConfigurationError, lambda: changes.cursor)
            assert list(reading) == []
            assert changes.cursor

    def test_another_window_is_another_first_round(self) -> None:
        """All that stands in it is told."""
        with self.open() as calendar:
            calendar.book(self.reservation())
            calendar.book(self.reservation(window=self.at(9, days=-7)))
            mirror = self.mirror(calendar)
            mirror.follow()
            other = self.at(0, 24 * 3, days=-8)
            changes = calendar.changes(self.room, window=other, cursor=mirror.cursor)
            told = [each.booking.window for each in changes if each.booking]
            assert [each for each in told if each.overlaps(other)] == [self.at(9, days=-7)]

    def test_a_first_round_needs_a_window(self) -> None:
        """And a cursor that is none is no first round."""
        with self.open() as calendar:
            self.refusal(Invalid, lambda: list(calendar.changes(self.room)))
            self.refusal(Invalid, lambda: list(calendar.changes(self.room, cursor="no cursor")))
            self.refusal(ConnectorError, lambda: list(calendar.changes(self.nowhere, window=self.week())))

    def test_a_watch_is_listed_until_it_is_ended(self) -> None:
        """Its secret is told once; ending it twice is success."""
        url = self.optional(self.notify_url, "no notification can be sent here")
        with self.open() as calendar:
            watch = calendar.watch(self.room, url, duration=timedelta(hours=2))
            assert watch.secret
            assert watch.secret not in repr(watch)
            assert (watch.room.lower(), watch.notify_url) == (self.room.lower(), url)
            assert abs(watch.expires_at - self.now() - timedelta(hours=2)) < timedelta(minutes=1)
            listed = [each for each in calendar.watches() if each.id == watch.id]
            assert [each.secret for each in listed] == [None]
            for _ in range(2):
                calendar.unwatch(watch.id)
            assert watch.id not in [each.id for each in calendar.watches()]

    def test_a_watch_is_renewed_before_it_ends(self) -> None:
        """From then on; one that is gone is not found."""
        url = self.optional(self.notify_url, "no notification can be sent here")
        with self.open() as calendar:
            chosen = self.reference()
            watch = calendar.watch(self.room, url, duration=timedelta(hours=2), secret=chosen)
            assert watch.secret == chosen
            self.set_time(watch.expires_at - timedelta(minutes=5))
            renewed = calendar.renew(watch.id, timedelta(hours=3))
            assert renewed.id == watch.id
            assert abs(renewed.expires_at - self.now() - timedelta(hours=3)) < timedelta(minutes=1)
            self.set_time(renewed.expires_at + timedelta(minutes=5))
            self.refusal(NotFound, calendar.renew, watch.id)

    def test_a_watch_of_what_cannot_be_is_refused(self) -> None:
        """Without TLS, or of no room."""
        with self.open() as calendar:
            self.refusal(Invalid, calendar.watch, self.room, "http://example.com/hook")
            secure = "https://example.com/hook"
            self.refusal(ConnectorError, calendar.watch, self.nowhere, secure)
            assert list(calendar.watches()) == []
