"""The fake calendar and its hooks: it keeps every promise, and unfaithful ones are made of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hamilton_sdk.errors import ConnectionLost
from hamilton_sdk.graph.fake import FakeCalendar
from hamilton_sdk.testing.contracts.graph.base import Base, Broken
from tests.testing.contracts.lines import Nobody

if TYPE_CHECKING:
    from hamilton_sdk.graph.interface import Mode
    from hamilton_sdk.graph.models import Booking, RoomResponse
    from hamilton_sdk.model import TimeWindow

__all__ = ["AttendeeRun", "FakeRun"]


class FakeRun(Base):
    """The hooks of a contract for a fake; a subclass joins it with a contract or a part of one."""

    kind: type[FakeCalendar] = FakeCalendar
    mode: Mode = "organizer"
    room_list = "building@example.com"
    notify_url = "https://hamilton.example.com/graph"

    def setup_method(self) -> None:
        super().setup_method()
        self.fake = self.kind(
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


class AttendeeRun(FakeRun):
    """The same where a person organises."""

    mode = "attendee"
