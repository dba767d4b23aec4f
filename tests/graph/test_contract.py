"""Every promise of room calendars, kept by each adapter there is, sync and async, in both modes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from hamilton_sdk.errors import ConnectionLost
from hamilton_sdk.graph.fake import FakeCalendar
from hamilton_sdk.testing.contracts import CalendarContract
from hamilton_sdk.testing.contracts.graph.base import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hamilton_sdk.flow import Flow, Request, Response
    from hamilton_sdk.graph.interface import Mode
    from hamilton_sdk.graph.models import Booking, RoomResponse
    from hamilton_sdk.model import TimeWindow


class Nobody:
    """A peer that must not be asked: the fake has none."""

    def respond(self, request: Request) -> Flow[Response]:
        message = f"the fake sent {request.operation}"
        raise AssertionError(message)


class TestFakeOrganizing(CalendarContract):
    mode: Mode = "organizer"
    room_list = "building@example.com"
    notify_url = "https://hamilton.example.com/graph"

    def setup_method(self) -> None:
        super().setup_method()
        self.fake = FakeCalendar(
            rooms=["annex@example.com", self.room, self.other_room],
            room_lists=[self.room_list, "campus@example.com"],
            people=[self.person],
            mode=self.mode,
            page_size=2,
        )

    def adapter(self) -> FakeCalendar:
        return self.fake

    def transport(self) -> Nobody:
        return Nobody()

    def meet(self, room: str, window: TimeWindow) -> None:
        self.fake.outlook.book(room, window)

    def move(self, booking: Booking, window: TimeWindow) -> None:
        self.fake.outlook.move(booking.id, window)

    def remove(self, booking: Booking) -> None:
        self.fake.outlook.cancel(booking.id)

    def silence(self) -> None:
        self.fake.answer_after(None)

    def answer(self, booking: Booking, response: RoomResponse) -> None:
        self.fake.outlook.answer(booking.id, response)

    def forget_cursors(self) -> None:
        self.fake.forget_cursors()

    @contextmanager
    def broken(self, step: int, *, after_work: bool) -> Iterator[Broken]:
        """A call of the fake is one exchange."""
        if step == 1:
            self.fake.fail_next(ConnectionLost("cut"), after_work=after_work)
        with self.open() as calendar:
            yield Broken(calendar, lambda: step == 1)
        self.fake.assert_all_failed()


class TestFakeOrganizingAsync(TestFakeOrganizing):
    asynchronous = True


class TestFakeAttending(TestFakeOrganizing):
    mode: Mode = "attendee"


class TestFakeAttendingAsync(TestFakeAttending):
    asynchronous = True
