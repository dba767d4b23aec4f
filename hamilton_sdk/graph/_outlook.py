"""What a person does in Outlook, for tests with `hamilton_sdk.graph.FakeCalendar`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from hamilton_sdk.errors import Invalid, NotFound
from hamilton_sdk.graph._events import Event, Values
from hamilton_sdk.graph._memory import taken_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from hamilton_sdk.graph._memory import Office
    from hamilton_sdk.graph.models import Booking, Recurrence, RoomResponse, Sensitivity
    from hamilton_sdk.model import TimeWindow

__all__ = ["Outlook"]


class Outlook:
    """A person with Outlook, who may do more than the application knows. Thread-safe.

    An id is that of a `Booking`, in whichever mailbox, of one occurrence of a series too. What a person does
    happens at the time of the fake's last call.

    Args:
        office: Where.
        begin: Takes the fake's lock, lets rooms answer that owe an answer, and tells the time.
    """

    def __init__(self, office: Office, begin: Callable[[], AbstractContextManager[datetime]]) -> None:
        self._office = office
        self._begin = begin

    def book(
        self,
        room: str,
        window: TimeWindow,
        subject: str = "Meeting",
        organizer: str = "person@example.com",
        *,
        timezone: str = "UTC",
        recurrence: Recurrence | None = None,
        sensitivity: Sensitivity = "normal",
        on_top: bool = False,
    ) -> Booking:
        """Invite a room, which accepts at once.

        Args:
            room: Its address.
            window: When; of the first one where it repeats.
            subject: As the organiser has it.
            organizer: Address of the person.
            timezone: In which it is made.
            recurrence: How it repeats.
            sensitivity: ``"private"`` hides the subject.
            on_top: Whether to take the room even where it is taken, as a delegate of the room may.

        Returns:
            What stands in the room's calendar.

        Raises:
            RoomTaken: Meetings are in the way.
            Invalid: There is no such room.
        """
        values = Values(
            subject=subject,
            window=window,
            timezone=timezone,
            recurrence=recurrence,
            sensitivity=sensitivity,
        )
        with self._begin() as now:
            address = self._office.room(room).address
            self._check_free(address, values, None, on_top=on_top)
            return self._office.add(organizer, address, values, now).booking(at_home=False)

    def move(self, event_id: str, window: TimeWindow, *, on_top: bool = False) -> Booking:
        """Give a meeting, or one occurrence, another time.

        Args:
            event_id: Of what.
            window: When it is to be.
            on_top: Whether to take the room even where it is taken.

        Raises:
            RoomTaken: Meetings are in the way.
            Invalid: An occurrence would lie on another one of its series.
            NotFound: There is no such meeting.
        """
        with self._begin() as now:
            event, day = self._event(event_id)
            single = replace(event.values, window=window, recurrence=None)
            values = single if day is not None else replace(event.values, window=window)
            self._check_free(event.room, values, event, on_top=on_top)
            if day is None:
                self._office.edit(event, values, now)
                return event.booking(at_home=event_id == event.id)
            self._check_neighbours(event, day, window)
            self._office.move_occurrence(event, day, window, now)
            return event.booking(at_home=event_id.startswith(f"{event.id}/"))

    def rename(self, event_id: str, subject: str) -> None:
        """Give a meeting another subject.

        Args:
            event_id: Of what.
            subject: The new one.

        Raises:
            NotFound: There is no such meeting.
        """
        with self._begin() as now:
            event, _ = self._event(event_id)
            self._office.edit(event, replace(event.values, subject=subject), now)

    def cancel(self, event_id: str) -> None:
        """Cancel a meeting, or one occurrence.

        Args:
            event_id: Of what.

        Raises:
            NotFound: There is no such meeting.
        """
        with self._begin() as now:
            event, day = self._event(event_id)
            if day is None:
                self._office.remove(event, now)
            else:
                self._office.move_occurrence(event, day, None, now)

    def answer(self, event_id: str, response: RoomResponse) -> None:
        """Answer for a room, as its delegate.

        Args:
            event_id: What it was invited to.
            response: ``"accepted"``, ``"tentative"`` or ``"declined"``.

        Raises:
            NotFound: There is no such meeting.
        """
        with self._begin() as now:
            event, _ = self._event(event_id)
            self._office.answer(event, response, now)

    def _event(self, event_id: str) -> tuple[Event, date | None]:
        whole, _, day = event_id.partition("/")
        for event in self._office.events.values():
            if whole in (event.id, event.room_id) and not event.cancelled:
                return event, date.fromisoformat(day) if day else None
        message = "there is no such meeting"
        raise NotFound(message, hint="give the id of a booking that stands")

    def _check_neighbours(self, event: Event, day: date, window: TimeWindow) -> None:
        # Exchange says ErrorOccurrenceCrossingBoundary.
        others = (span for span in event.spans(window.end) if span.day != day)
        if any(span.window.overlaps(window) for span in others):
            message = "an occurrence cannot lie on another one of its series"
            raise Invalid(message, hint="give a time between its neighbours")

    def _check_free(self, room: str, values: Values, own: Event | None, *, on_top: bool) -> None:
        taken = () if on_top else self._office.in_the_way(room, values, own)
        if taken:
            raise taken_by(taken)
