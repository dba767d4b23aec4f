"""How far from now a message may have been signed, in whole seconds: the unit of timestamps on the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from time import time
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks._refusals import refusal

if TYPE_CHECKING:
    from hamilton_sdk.clock import Clock

__all__ = ["FIVE_MINUTES", "TIMESTAMP", "Window", "from_seconds", "outgoing_seconds", "whole_seconds"]

FIVE_MINUTES: Final = timedelta(minutes=5)
"""What the reference libraries of Standard Webhooks allow on both sides."""

TIMESTAMP: Final = r"(?:0|[1-9][0-9]{0,11})"
"""How a timestamp is written: plain digits, so that a number has one spelling only."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
# The last one that a datetime can hold, at the end of the year 9999.
_LAST: Final = 253_402_300_799


def whole_seconds(moment: object, name: str) -> int:
    """Seconds since 1970, rounded down.

    Args:
        moment: An aware datetime.
        name: What the argument is called, for the error.

    Raises:
        TypeError: It is no datetime, or a naive one, which names no moment.
    """
    if not isinstance(moment, datetime):
        message = f"{name} must be an aware datetime, not {type(moment).__name__}"
        raise TypeError(message)
    if moment.utcoffset() is None:
        message = f"{name} must be an aware datetime, e.g. datetime.now(UTC): a naive one names no moment"
        raise TypeError(message)
    return (moment - _EPOCH) // _SECOND


# Where many messages arrive in a second, most of them share it.
@lru_cache(maxsize=16)
def from_seconds(seconds: int) -> datetime:
    """The aware datetime in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


class Window:
    """What may lie between signing and receiving, in whole seconds.

    Args:
        past: How old a message may be; exactly so old is still accepted.
        future: How far ahead the sender's clock may be; exactly so far is still accepted.
        clock: The time where none is given; the machine's own if None.

    Raises:
        ConfigurationError: A tolerance is negative.
        TypeError: A tolerance is no timedelta.
    """

    __slots__ = ("_clock", "_future", "_past")

    def __init__(self, past: timedelta, future: timedelta, clock: Clock | None) -> None:
        self._past = _tolerance(past, "past_tolerance")
        self._future = _tolerance(future, "future_tolerance")
        self._clock = clock

    def now(self) -> float:
        """The clock's time, in seconds since 1970."""
        # Of the machine's clock the number alone is wanted: a datetime of it costs ten times as much.
        return time() if self._clock is None else whole_seconds(self._clock.now(), "the clock's now()")

    def check(self, signed: int, received_at: datetime | None) -> None:
        """Let pass what was signed within the window.

        Args:
            signed: Seconds since 1970.
            received_at: When it arrived; the clock's time if None.

        Raises:
            WebhookVerificationError: It is ``too_old`` or ``too_new``.
            TypeError: `received_at` is no aware datetime.
        """
        now = self.now() if received_at is None else whole_seconds(received_at, "received_at")
        # The fraction by which now is past a whole second does not count.
        if now >= signed + self._past + 1:
            message = f"the webhook was signed {int(now) - signed} s ago, and {self._past} s are allowed"
            raise refusal(message, "too_old")
        if now < signed - self._future or signed > _LAST:
            message = f"the webhook was signed {signed - int(now)} s ahead, and {self._future} s are allowed"
            raise refusal(message, "too_new")

    def check_end(self, ends: int, received_at: datetime | None) -> None:
        """Let pass what has not ended by the sender's own word, give or take what its clock may be off.

        Args:
            ends: Seconds since 1970.
            received_at: When the message arrived; the clock's time if None.

        Raises:
            WebhookVerificationError: It is ``too_old``.
            TypeError: `received_at` is no aware datetime.
        """
        now = self.now() if received_at is None else whole_seconds(received_at, "received_at")
        if now >= ends + self._future + 1:
            message = f"the webhook's signature expired {int(now) - ends} s ago"
            raise refusal(message, "too_old")


def outgoing_seconds(window: Window, timestamp: datetime | None) -> int:
    """When a message is signed: seconds since 1970 of the time given, or of the window's clock.

    Raises:
        ConfigurationError: It is before 1970.
        TypeError: It is no aware datetime.
    """
    seconds = int(window.now()) if timestamp is None else whole_seconds(timestamp, "timestamp")
    if seconds < 0:
        message = "the webhook's timestamp is before 1970"
        raise ConfigurationError(message, hint="give the time of this attempt, not that of the event")
    return seconds


def _tolerance(span: object, name: str) -> int:
    if not isinstance(span, timedelta):
        message = f"{name} must be a timedelta, not {type(span).__name__}"
        raise TypeError(message)
    seconds = span // _SECOND
    if seconds < 0:
        message = f"{name} is negative"
        raise ConfigurationError(message, hint="give a span of time such as timedelta(minutes=5)")
    return seconds
