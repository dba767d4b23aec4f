"""What the contracts of all families are written with."""

from __future__ import annotations

from abc import abstractmethod
from itertools import count
from typing import TYPE_CHECKING, ClassVar, Final, Generic, ParamSpec, TypeVar
from unittest import SkipTest
from uuid import uuid4

from hamilton_sdk.clock import SettableClock, SystemClock
from hamilton_sdk.errors import ConnectorError
from hamilton_sdk.testing.contracts.listening import listening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.retry import RetryPolicy
    from hamilton_sdk.transport.base import TransportLike

__all__ = ["Contract"]

A = TypeVar("A")
C = TypeVar("C")
E = TypeVar("E", bound=Exception)
P = ParamSpec("P")
T = TypeVar("T")
W = TypeVar("W")

_MOST: Final = 100
"""More exchanges than any call takes."""


class Contract(Generic[A, C]):
    """Promises of adapters ``A``, kept to whoever uses a connector with the methods ``C``.

    A method that raises `unittest.SkipTest` here is optional: what needs it is skipped without it.

    Attributes:
        asynchronous: Whether the tests go through the async connector.
        clock: Shared with the system, so that tests can let time pass; None where the system has its own.
    """

    asynchronous: ClassVar[bool] = False
    clock: SettableClock | None

    _start: ClassVar[datetime]
    """When a test begins, by `clock`."""
    _referred: ClassVar[str]
    """What references are of."""
    _personal: ClassVar[str]
    """What no error and no log may show, in words."""

    def setup_method(self) -> None:
        """Begin a test; pytest calls it. Make the system here, after ``super().setup_method()``."""
        self.clock = SettableClock(self._start)
        self._mark = uuid4().hex[:10]
        self._references = count(1)
        self._secrets: list[str] = []

    # Hooks

    def adapter(self) -> A:
        """An adapter for the one system of this test; called anew for each connector."""
        raise NotImplementedError

    def transport(self) -> TransportLike | None:
        """How the system is reached."""
        return None

    def broken(self, step: int, *, after_work: bool) -> AbstractContextManager[tuple[C, Callable[[], bool]]]:
        """A connector to the same system, one of whose exchanges is cut off; a `Broken` of the family.

        Args:
            step: Which exchange, from 1.
            after_work: Whether the system did what was asked, and only the answer is lost.
        """
        message = f"exchange {step} cannot be cut off here, {'after' if after_work else 'before'} the work"
        raise SkipTest(message)

    # What tests are written with

    def open(
        self, *, transport: TransportLike | None = None, retry: RetryPolicy | None = None
    ) -> AbstractContextManager[C]:
        """A connector to the one system of this test.

        Args:
            transport: Another one than `transport` gives.
            retry: Another policy than the usual one.
        """
        way = self.transport() if transport is None else transport
        return self._connect(way, retry, self.clock or SystemClock())

    @abstractmethod
    def _connect(
        self, transport: TransportLike | None, retry: RetryPolicy | None, clock: Clock
    ) -> AbstractContextManager[C]:
        """The family's connector over `adapter`, sync or async."""

    def now(self) -> datetime:
        """The system's time."""
        return (self.clock or SystemClock()).now()

    def settable(self) -> SettableClock:
        """The clock, or skip the test where time cannot be set."""
        return self.optional(self.clock, "time cannot be set here")

    def optional(self, value: T | None, why: str) -> T:
        """The value, or skip the test where there is none.

        Args:
            value: Of a hook; None, False or empty where the system has no such thing.
            why: What it has not.
        """
        if not value:
            raise SkipTest(why)
        return value

    def reference(self) -> str:
        """A reference that no other test uses."""
        return f"{self._referred}-{self._mark}-{next(self._references)}"

    def cut(self, prepared: Callable[[], W], call: Callable[[C, W], object]) -> Iterator[tuple[W, bool]]:
        """Make a call again and again, each time with the next exchange cut off, until it needs no more.

        Args:
            prepared: Makes the order for one call.
            call: Gets it, and a connector whose line breaks once.

        Yields:
            After each call, the order and whether the call succeeded.
        """
        for after_work in (False, True):
            for step in range(1, _MOST + 1):
                order = prepared()
                with self.broken(step, after_work=after_work) as (connector, was_cut):
                    try:
                        call(connector, order)
                    except ConnectorError:
                        succeeded = False
                    else:
                        succeeded = True
                yield order, succeeded
                if not was_cut():
                    assert step > 1, "no exchange was cut off, so nothing was shown"
                    break
            else:
                message = f"a call takes more than {_MOST} exchanges, or `was_cut` is wrong"
                raise AssertionError(message)

    def refusal(self, kind: type[E], call: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> E:
        """Make a call that must be refused; the error, checked for a hint and for what it may not say."""
        try:
            call(*args, **kwargs)
        except kind as error:
            hint: str | None = getattr(error, "hint", None)
            assert hint, f"{kind.__name__} has no hint that says what to do"
            self.assert_discreet(f"{error} {error!r} {hint}", f"the {kind.__name__}")
            return error
        message = f"the call succeeded, it should raise {kind.__name__}"
        raise AssertionError(message)

    def assert_says(self, error: ConnectorError, *words: str) -> None:
        """Check that an error or its hint says what is wrong."""
        told = f"{error} {error.hint}"
        assert all(word in told for word in words), "the error does not say what is wrong"

    def assert_discreet(self, text: str, what: str) -> None:
        """Check that a text shows no personal data of this test."""
        # The assertion itself must not show it either: test logs are logs.
        shown = sum(secret in text for secret in self._secrets)
        assert shown == 0, f"{what} shows {self._personal}"

    def assert_nothing_shows(self, used: Callable[[C], list[object]]) -> None:
        """Check that neither what a connector gave nor what was logged shows personal data of this test.

        Args:
            used: Uses a connector; what it has taken and given.
        """
        with listening() as lines, self.open() as connector:
            given = used(connector)
        for each in given:
            self.assert_discreet(f"{each!r} {each}", type(each).__name__)
        self.assert_discreet("\n".join(lines), "the log")
