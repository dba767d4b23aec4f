"""Adapters that break one promise each, to see that the contract notices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import SkipTest

from hamilton_sdk.errors import ConnectionLost
from hamilton_sdk.flow import Now
from hamilton_sdk.graph.fake import FakeCalendar
from hamilton_sdk.testing.contracts.graph.base import Base, Broken

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.interface import Mode
    from hamilton_sdk.graph.models import Booking, RoomResponse
    from hamilton_sdk.model import TimeWindow

__all__ = ["AttendeeRun", "FakeRun", "Lie", "caught_by", "instead", "outcomes", "twisted"]

Lie = Callable[[type[FakeCalendar]], type[FakeCalendar]]
"""Makes an unfaithful class of a faithful one."""


class FakeRun(Base):
    """The hooks of a contract for a fake; a subclass joins it with the part of the contract under test."""

    kind: type[FakeCalendar] = FakeCalendar
    mode: Mode = "organizer"
    room_list = "building@example.com"
    notify_url = "https://hamilton.example.com/graph"

    def setup_method(self) -> None:
        super().setup_method()
        self.fake = self.kind(
            rooms=["annex@example.com", self.room, self.other_room],
            room_lists=[self.room_list],
            people=[self.person],
            mode=self.mode,
            page_size=2,
        )

    def adapter(self) -> FakeCalendar:
        return self.fake

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
        if step == 1:
            self.fake.fail_next(ConnectionLost("cut"), after_work=after_work)
        with self.open() as calendar:
            yield Broken(calendar, lambda: step == 1)


class AttendeeRun(FakeRun):
    """The same where a person organises."""

    mode = "attendee"


def outcomes(part: type[Base], run: type[FakeRun] = FakeRun) -> dict[str, str]:
    """Run every test of a part of the contract; by name ``"passed"``, ``"skipped"`` or what went wrong."""
    joined = type("Joined", (run, part), {})
    return {name: _outcome(joined, name) for name in dir(part) if name.startswith("test_")}


def _outcome(joined: type[FakeRun], name: str) -> str:
    case = joined()
    case.setup_method()
    try:
        getattr(case, name)()
    except SkipTest:
        return "skipped"
    except Exception as error:  # noqa: BLE001 (whatever a test fails with)
        return f"{type(error).__name__}: {error}"
    return "passed"


def caught_by(part: type[Base], lie: Lie, run: type[FakeRun] = FakeRun) -> set[str]:
    """The tests that notice a lie."""
    lying = type("LyingRun", (run,), {"kind": lie(FakeCalendar)})
    return {name for name, outcome in outcomes(part, lying).items() if outcome not in {"passed", "skipped"}}


def twisted(method: str, change: Callable[[Any], Any]) -> Lie:
    """A lie in the answer: the work is done, and something else is said."""

    def make(kind: type[FakeCalendar]) -> type[FakeCalendar]:
        honest = getattr(kind, method)

        def lying(self: FakeCalendar, *args: Any, **kwargs: Any) -> Flow[Any]:
            answer = yield from honest(self, *args, **kwargs)
            return change(answer)

        return type("Twisted", (kind,), {method: lying})

    return make


def instead(method: str, work: Callable[..., Any]) -> Lie:
    """A lie in the work: something else is done.

    Args:
        method: Of the adapter.
        work: Gets the faithful fake, the method's own arguments, and the time as ``now``.
    """

    def make(kind: type[FakeCalendar]) -> type[FakeCalendar]:
        def lying(self: FakeCalendar, *args: Any, **kwargs: Any) -> Flow[Any]:
            now: datetime = yield Now()
            self._seen = now
            return work(self, *args, now=now, **kwargs)

        return type("Instead", (kind,), {method: lying})

    return make
