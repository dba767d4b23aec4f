"""Room calendars in memory, with the promises of real ones, for the tests of applications."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from hamilton_sdk.errors import ConfigurationError, Interrupted
from hamilton_sdk.faking import Faking
from hamilton_sdk.flow import Now, Page, Sleep
from hamilton_sdk.graph._waiting import USUAL_WAIT
from hamilton_sdk.graph.interface import CalendarAdapter, Capabilities
from hamilton_sdk.graph.models import Booking, Health, Room, RoomList

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph._events import Event, Values
    from hamilton_sdk.graph.interface import ChangePage, Mode
    from hamilton_sdk.graph.models import Occupancy, Reservation, RoomResponse, Watch
    from hamilton_sdk.model import TimeWindow

__all__ = ["FakeCalendar"]

T = TypeVar("T")

_GLANCE: Final = timedelta(seconds=1)
"""How often to look whether a test has answered for a room."""


class FakeCalendar(Faking, CalendarAdapter):
    """An in-memory adapter with the promises of `CalendarAdapter`; it sends no request.

    It refuses what a real service would refuse. Where the room organises, a reservation moves to another room
    by `cancel` in the one and `book` in the other, since it lives in another mailbox then. A series is
    compared with other meetings two years ahead. Watches are kept and nobody is called. Thread-safe.

    Args:
        rooms: By address or whole.
        room_lists: By address or whole.
        people: Addresses of people's mailboxes; empty to take any that is no room's.
        mode: Who organises: the room itself, ``"organizer"``, or a person, ``"attendee"``.
        answer_after: How long a room takes to answer a person; None to leave it to the test, which answers
            with ``outlook.answer``.
        page_size: Items on a page.

    Attributes:
        outlook: What a person does in Outlook: ``book``, ``move``, ``rename``, ``cancel``, ``answer``.

    Raises:
        ConfigurationError: No room, a page of nothing, or a negative time to answer.

    Example:
        >>> from hamilton_sdk.graph import Calendar, FakeCalendar
        >>> with Calendar(FakeCalendar(rooms=["blue@example.com"])) as calendar:
        ...     next(iter(calendar.rooms())).address
        'blue@example.com'
    """

    def __init__(
        self,
        *,
        rooms: Iterable[str | Room] = ("room-1@example.com", "room-2@example.com"),
        room_lists: Iterable[str | RoomList] = (),
        people: Iterable[str] = (),
        mode: Mode = "organizer",
        answer_after: timedelta | None = timedelta(),
        page_size: int = 100,
    ) -> None:
        super().__init__("graph.fake")
        known = tuple(
            Room(address=each, name=each.partition("@")[0]) if isinstance(each, str) else each
            for each in rooms
        )
        self._lists = tuple(
            RoomList(address=each, name=each.partition("@")[0]) if isinstance(each, str) else each
            for each in room_lists
        )
        if not known or page_size < 1 or (answer_after is not None and answer_after < timedelta()):
            message = (
                "FakeCalendar needs a room, a page_size of at least 1, and rooms that answer later than asked"
            )
            raise ConfigurationError(message, hint="leave them out for the defaults")
        self._capabilities = Capabilities(
            mode=mode, room_refuses=mode == "attendee", recurrence=True, watch=True, conditional_writes=True
        )
        # Loaded on use: many who import the family never make a fake.
        from hamilton_sdk.graph._memory import Office
        from hamilton_sdk.graph._outlook import Outlook
        from hamilton_sdk.graph._rounds import Rounds
        from hamilton_sdk.graph._watching import Watches

        self._office = Office(known, people, mode, answer_after)
        self._rounds = Rounds(self._office, page_size)
        self._watches = Watches(page_size)
        self._page_size = page_size
        self.outlook: Outlook = Outlook(self._office, self._at_last_call)

    def __repr__(self) -> str:
        addresses = tuple(each.address for each in self._office.rooms.values())
        return f"FakeCalendar(rooms={addresses!r}, mode={self._capabilities.mode!r})"

    # What tests of applications look at and set

    def bookings_now(self, now: datetime | None = None) -> tuple[Booking, ...]:
        """All that stands for a reference of ours, each in its own mailbox, in the order it was made.

        Args:
            now: Aware; the time of the last call if None.
        """
        with self._lock:
            self._office.settle(now or self._seen)
            events = self._office.events.values()
            return tuple(each.booking() for each in events if each.reference and not each.cancelled)

    def answer_after(self, delay: timedelta | None) -> None:
        """Let rooms take another time to answer from now on.

        Args:
            delay: How long; None to leave it to the test, which answers with ``outlook.answer``.
        """
        with self._lock:
            self._office.answer_after = delay

    def forget_cursors(self) -> None:
        """Forget every cursor, as a service does with old ones: the next rounds begin anew."""
        with self._lock:
            self._rounds.forget()

    # The interface

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        return self._capabilities

    def check(self) -> Flow[Health]:
        """See `CalendarAdapter.check`."""
        return self._perform("check", lambda _: Health(product="FakeCalendar", version="1"))

    def rooms_page(self, token: str | None = None) -> Flow[Page[Room]]:
        """See `CalendarAdapter.rooms_page`."""
        return self._paged("rooms_page", self._office.rooms.items(), token)

    def room_lists_page(self, token: str | None = None) -> Flow[Page[RoomList]]:
        """See `CalendarAdapter.room_lists_page`."""
        return self._paged("room_lists_page", [(each.address, each) for each in self._lists], token)

    def occupancy(self, rooms: Sequence[str], window: TimeWindow) -> Flow[tuple[Occupancy, ...]]:
        """See `CalendarAdapter.occupancy`."""
        return self._perform(
            "occupancy", lambda _: tuple(self._office.occupancy(room, window) for room in rooms)
        )

    def book(self, reservation: Reservation, wait: timedelta) -> Flow[Booking]:
        """See `CalendarAdapter.book`."""
        event, new = yield from self._perform("book", lambda now: self._office.book(reservation, now))
        try:
            yield from self._answered(event, wait)
        except Interrupted:
            if new:
                self._withdraw(event)
            raise
        return self._settled(event, "book", self._withdraw)

    def update(self, reservation: Reservation, version: str | None = None) -> Flow[Booking]:
        """See `CalendarAdapter.update`."""

        def work(now: datetime) -> tuple[Event, Values, str]:
            home = reservation.room if self._capabilities.mode == "organizer" else reservation.organizer
            before = self._office.find(reservation.reference, home or "")
            stood = None if before is None else (before.values, before.room)
            event = self._office.update(reservation, version, now)
            return event, *(stood or (event.values, event.room))

        event, values, room = yield from self._perform("update", work)
        yield from self._answered(event, USUAL_WAIT)
        return self._settled(event, "update", lambda each: self._put_back(each, values, room))

    def cancel(
        self, reference: str, *, mailbox: str, version: str | None = None, comment: str | None = None
    ) -> Flow[Booking]:
        """See `CalendarAdapter.cancel`. Nobody reads the comment."""
        del comment
        return self._perform(
            "cancel", lambda now: self._office.cancel(reference, mailbox, version, now).booking()
        )

    def end_early(self, reference: str, *, mailbox: str) -> Flow[Booking]:
        """See `CalendarAdapter.end_early`. Of a series, the occurrence that runs now ends."""
        return self._perform("end_early", lambda now: self._office.end_early(reference, mailbox, now))

    def find(self, reference: str, *, mailbox: str) -> Flow[Booking | None]:
        """See `CalendarAdapter.find`."""

        def work(_: datetime) -> Booking | None:
            event = self._office.find(reference, mailbox)
            return None if event is None else self._booking(event)

        return self._perform("find", work)

    def bookings_page(self, room: str, window: TimeWindow, token: str | None = None) -> Flow[Page[Booking]]:
        """See `CalendarAdapter.bookings_page`."""

        def work(_: datetime) -> Page[Booking]:
            from hamilton_sdk.graph._paging import page_after

            taking = self._office.taking(self._office.room(room).address, window)
            keyed = [
                (f"{span.window.start.isoformat()}|{event.number:09}", event.booking(span, at_home=False))
                for event, span in taking
            ]
            return page_after(keyed, token, self._page_size)

        return self._perform("bookings_page", work)

    def response(self, reference: str, *, mailbox: str) -> Flow[RoomResponse]:
        """See `CalendarAdapter.response`."""
        return self._perform("response", lambda _: self._office.standing(reference, mailbox).response)

    def changes_page(
        self,
        room: str,
        *,
        window: TimeWindow | None = None,
        cursor: str | None = None,
        token: str | None = None,
    ) -> Flow[ChangePage]:
        """See `CalendarAdapter.changes_page`."""
        return self._perform("changes_page", lambda _: self._rounds.page(room, window, cursor, token))

    def watch(
        self,
        room: str,
        notify_url: str,
        *,
        lifecycle_url: str | None = None,
        duration: timedelta | None = None,
        secret: str | None = None,
        certificate: str | None = None,
        certificate_id: str | None = None,
    ) -> Flow[Watch]:
        """See `CalendarAdapter.watch`."""

        def work(now: datetime) -> Watch:
            return self._watches.add(
                self._office.room(room).address,
                notify_url,
                now,
                lifecycle_url=lifecycle_url,
                duration=duration,
                secret=secret,
                certificate=certificate,
                certificate_id=certificate_id,
            )

        return self._perform("watch", work)

    def renew(self, watch_id: str, duration: timedelta | None = None) -> Flow[Watch]:
        """See `CalendarAdapter.renew`."""
        return self._perform("renew", lambda now: self._watches.renew(watch_id, duration, now))

    def unwatch(self, watch_id: str) -> Flow[None]:
        """See `CalendarAdapter.unwatch`."""
        return self._perform("unwatch", lambda _: self._watches.remove(watch_id))

    def watches_page(self, token: str | None = None) -> Flow[Page[Watch]]:
        """See `CalendarAdapter.watches_page`."""
        return self._perform("watches_page", lambda now: self._watches.page(token, now))

    # How calls are performed

    def _settle(self, now: datetime) -> None:
        self._office.settle(now)

    def _paged(self, operation: str, items: Iterable[tuple[str, T]], token: str | None) -> Flow[Page[T]]:
        from hamilton_sdk.graph._paging import page_after

        return self._perform(operation, lambda _: page_after(items, token, self._page_size))

    def _answered(self, event: Event, wait: timedelta) -> Flow[None]:
        """Wait for the room's answer, and no longer than asked."""
        now: datetime = yield Now()
        end = now + wait
        while self._owes_answer(event, now) and now < end:
            answers = event.answers_at or now + _GLANCE
            yield Sleep((min(answers, end) - now).total_seconds())
            now = yield Now()

    def _owes_answer(self, event: Event, now: datetime) -> bool:
        with self._lock:
            self._seen = now
            self._office.settle(now)
            return event.response == "none" and not event.cancelled

    def _booking(self, event: Event) -> Booking:
        """What callers see of an event, with what is in its way."""
        conflicts = () if event.cancelled else self._office.in_the_way(event.room, event.values, event)
        return event.booking().model_copy(update={"conflicts": conflicts})

    def _settled(self, event: Event, operation: str, undo: Callable[[Event], None]) -> Booking:
        """What became of an event, once the room was waited for.

        Raises:
            RoomTaken: It declined.
        """
        with self._lock:
            found = self._booking(event)
        if found.state != "declined":
            return found
        undo(event)
        from hamilton_sdk.graph._memory import taken_by

        raise self._named(taken_by(found.conflicts), operation)

    def _withdraw(self, event: Event) -> None:
        with self._lock:
            self._office.remove(event, self._seen)

    def _put_back(self, event: Event, values: Values, room: str) -> None:
        with self._lock:
            self._office.restore(event, values, room, self._seen)

    @contextmanager
    def _at_last_call(self) -> Generator[datetime]:
        with self._lock:
            self._office.settle(self._seen)
            yield self._seen
