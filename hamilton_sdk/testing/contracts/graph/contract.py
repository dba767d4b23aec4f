"""The whole contract of room calendars."""

from __future__ import annotations

from hamilton_sdk.testing.contracts.graph.breaking import Breaking
from hamilton_sdk.testing.contracts.graph.changing import Changing
from hamilton_sdk.testing.contracts.graph.following import Following
from hamilton_sdk.testing.contracts.graph.reading import Reading
from hamilton_sdk.testing.contracts.graph.refusing import Refusing
from hamilton_sdk.testing.contracts.graph.repeating import Repeating
from hamilton_sdk.testing.contracts.graph.reserving import Reserving

__all__ = ["CalendarContract"]


class CalendarContract(Reserving, Changing, Repeating, Reading, Following, Refusing, Breaking):
    """Every promise of `hamilton_sdk.graph.CalendarAdapter`, as tests.

    Override `adapter`, and what of the other hooks does not fit; see
    `hamilton_sdk.testing.contracts.graph.base.Base` for all of them. Each test has an instance of its own.

    Example:
        >>> from hamilton_sdk.graph import FakeCalendar
        >>> class TestFake(CalendarContract):
        ...     def setup_method(self) -> None:
        ...         super().setup_method()
        ...         self.fake = FakeCalendar()
        ...
        ...     def adapter(self) -> FakeCalendar:
        ...         return self.fake
    """
