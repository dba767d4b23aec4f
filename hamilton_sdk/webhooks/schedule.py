"""When a delivery that failed is tried again. Pure: draws no random number and reads no clock.

The usual schedule is the example of Standard Webhooks 1.0.0 ("Deliverability and reliability"): ten attempts
within about three days. An endpoint may have another one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["JITTER", "LONGEST_RETRY_AFTER", "SCHEDULE", "THROTTLED", "check_schedule", "next_delay"]

_MINUTE: Final = 60.0
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR

SCHEDULE: Final[tuple[float, ...]] = (
    0.0,
    5.0,
    5 * _MINUTE,
    30 * _MINUTE,
    2 * _HOUR,
    5 * _HOUR,
    10 * _HOUR,
    14 * _HOUR,
    20 * _HOUR,
    24 * _HOUR,
)
"""Seconds before each attempt, counted from the one before it: ten attempts in 75 hours and 35 minutes."""

JITTER: Final = 0.1
"""The share of a delay that chance adds to it, so that what failed together does not come back together."""

THROTTLED: Final = _MINUTE
"""Seconds at least before a receiver is asked again that was overloaded or too slow to answer, where neither
it nor its schedule says less."""

LONGEST_RETRY_AFTER: Final = _DAY
"""Seconds of a receiver's ``Retry-After`` that are honoured: it cannot put its deliveries off for good."""

_MOST_ATTEMPTS: Final = 50
_LONGEST_DELAY: Final = 7 * _DAY


def next_delay(
    attempt: int,
    schedule: Sequence[float],
    random: float,
    retry_after: float | None = None,
    *,
    throttled: bool = False,
) -> float | None:
    """How long to wait before the next attempt.

    A receiver's ``Retry-After`` is honoured up to a day, on any schedule. It lengthens the scheduled wait and
    never shortens it. An overloaded receiver that does not say when to come again is left alone for a minute,
    or for the longest delay of its schedule where that is shorter: a quick schedule of a user's own stays so.

    Args:
        attempt: How many attempts were made.
        schedule: Seconds before each attempt.
        random: A number in ``[0, 1)`` for the jitter, which only ever lengthens the wait.
        retry_after: Seconds the receiver asked to wait, if it did.
        throttled: Whether the receiver is overloaded, or was too slow to answer.

    Returns:
        Seconds; None when the schedule is at its end, which makes a dead letter.

    Example:
        >>> next_delay(1, SCHEDULE, random=0.0)
        5.0
        >>> next_delay(1, SCHEDULE, random=0.0, retry_after=3600)
        3600.0
        >>> next_delay(1, SCHEDULE, random=0.0, throttled=True)
        60.0
        >>> next_delay(1, [0, 1, 2], random=0.0, throttled=True)
        2.0
        >>> next_delay(10, SCHEDULE, random=0.0) is None
        True
    """
    if attempt >= len(schedule):
        return None
    least = 0.0
    if retry_after is not None:
        least = min(retry_after, LONGEST_RETRY_AFTER)
    elif throttled:
        least = min(THROTTLED, max(schedule))
    return max(float(schedule[attempt]), float(least)) * (1.0 + JITTER * random)


def check_schedule(schedule: Sequence[float]) -> tuple[float, ...]:
    """A schedule of a user's own, once it is known to make sense.

    Args:
        schedule: Seconds before each attempt; the first one counts from the event's publication.

    Raises:
        ConfigurationError: It is empty, has more than 50 attempts, or a delay is no number of seconds between
            zero and a week.
        TypeError: It is no list.
    """
    if not isinstance(schedule, (list, tuple)):
        message = f"schedule must be a list of seconds, not {type(schedule).__name__}"
        raise TypeError(message)
    delays = tuple(schedule)
    if not 1 <= len(delays) <= _MOST_ATTEMPTS:
        message = f"a schedule has {len(delays)} attempts"
        raise ConfigurationError(message, hint=f"give 1 to {_MOST_ATTEMPTS} delays in seconds")
    for delay in delays:
        if not _is_delay(delay):
            message = f"a schedule has the delay {delay!r}"
            raise ConfigurationError(message, hint="a delay is in seconds, from 0 to 604800 (a week)")
    return tuple(float(delay) for delay in delays)


def _is_delay(given: object) -> bool:
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        return False
    return math.isfinite(given) and 0 <= given <= _LONGEST_DELAY
