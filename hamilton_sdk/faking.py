"""What every in-memory adapter has: one call at a time, at the connector's time, and failures on demand."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar

from hamilton_sdk.errors import ConnectorError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.flow import Flow

__all__ = ["Faking"]

T = TypeVar("T")

_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Failure:
    error: Exception
    operation: str | None
    after_work: bool


class Faking:
    """The part of a fake that does not depend on what it is a fake of. Thread-safe.

    Args:
        name: Family and product, for errors.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._failures: list[_Failure] = []
        self._seen = _BEGINNING
        """When the last call came."""

    @property
    def name(self) -> str:
        """Family and product, for errors and the journal."""
        return self._name

    def fail_next(self, error: Exception, operation: str | None = None, *, after_work: bool = False) -> None:
        """Make one coming call fail; several are used up in order.

        Args:
            error: What it raises.
            operation: Only a call of this method of the adapter; any if None.
            after_work: Whether the work is done nevertheless, as when an answer is lost.
        """
        with self._lock:
            self._failures.append(_Failure(error, operation, after_work))

    def assert_all_failed(self) -> None:
        """Check that each failure asked for with `fail_next` has happened.

        Raises:
            AssertionError: One was never reached: the test does not test what it says.
        """
        with self._lock:
            left = [each.operation or "any call" for each in self._failures]
        if left:
            message = f"failures that never happened: {', '.join(left)}"
            raise AssertionError(message)

    def _perform(self, operation: str, work: Callable[[datetime], T]) -> Flow[T]:
        """Do the work of one call in one step, so that an interruption finds nothing half done."""
        # Loaded on use: many who import a family never make a fake.
        from hamilton_sdk.flow import Now

        now: datetime = yield Now()
        with self._lock:
            self._seen = now
            failure = self._next_failure(operation)
            if failure is not None and not failure.after_work:
                raise failure.error
            self._settle(now)
            try:
                result = work(now)
            except ConnectorError as error:
                self._named(error, operation)
                raise
            if failure is not None:
                raise failure.error
        return result

    def _settle(self, now: datetime) -> None:
        """Let happen what was due by now; nothing is unless a fake says so."""

    def _named(self, error: ConnectorError, operation: str) -> ConnectorError:
        error.connector, error.operation = self.name, operation
        return error

    def _next_failure(self, operation: str) -> _Failure | None:
        for place, failure in enumerate(self._failures):
            if failure.operation in (None, operation):
                return self._failures.pop(place)
        return None
