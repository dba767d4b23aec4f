"""An endpoint's circuit breaker, as a function of what is stored of it. Pure: reads no clock.

::

    closed     --N failures in a row-->     open
    open       --its time is over-->        half open: one delivery at a time goes through
    half open  --failure-->                 open, for twice as long
    any        --success-->                 closed

While it is open nothing is sent and no attempt is counted: deliveries only wait. An endpoint with nothing but
failures for days is disabled, which is said aloud by whoever calls this.

Times are microseconds since 1970 in UTC, as the store keeps them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks._time import span

if TYPE_CHECKING:
    from hamilton_sdk.webhooks.models import BreakerState

__all__ = ["CLOSED", "Breaker", "BreakerPolicy", "is_hopeless", "places", "probing", "record"]


@dataclass(frozen=True, slots=True)
class Breaker:
    """What is stored of an endpoint's breaker.

    Attributes:
        state: ``closed`` (all goes through), ``open`` (nothing does) or ``half_open`` (one at a time).
        failures: In a row.
        failing_since: When the first of them was; None without any.
        until: When it opens by half; None while closed.
    """

    state: BreakerState = "closed"
    failures: int = 0
    failing_since: int | None = None
    until: int | None = None


CLOSED: Final = Breaker()
"""The breaker of an endpoint that works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerPolicy:
    """When deliveries to a failing endpoint pause, and when they end.

    Args:
        failures: So many failures in a row open the breaker.
        open_for: How long it is open at first; doubled by each failure after.
        longest: The longest it is open at a time.
        disable_after: An endpoint with nothing but failures for so long is disabled.

    Raises:
        ConfigurationError: `failures` is below 1, or a duration is not above zero.
    """

    failures: int = 10
    open_for: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(minutes=15)
    disable_after: timedelta = timedelta(days=5)  # Svix's 120 hours

    def __post_init__(self) -> None:
        if self.failures < 1:
            message = f"BreakerPolicy.failures is {self.failures}"
            raise ConfigurationError(message, hint="give the number of failures in a row, at least 1")
        for name in ("open_for", "longest", "disable_after"):
            if getattr(self, name) <= timedelta(0):
                message = f"BreakerPolicy.{name} is {getattr(self, name)}"
                raise ConfigurationError(message, hint="give a duration above zero")


def record(
    breaker: Breaker, now: int, policy: BreakerPolicy, *, success: bool, blame: bool = True
) -> Breaker:
    """The breaker after an attempt.

    Args:
        breaker: As it was.
        now: When the attempt ended.
        policy: The limits.
        success: Whether the receiver took the delivery.
        blame: Whether a failure is the receiver's. One of our own proxy opens the breaker, so that not every
            delivery runs into it, but never disables an endpoint.
    """
    if success:
        return CLOSED
    if breaker.state == "open":
        return breaker  # it was under way when others opened it, and says nothing new
    failures = breaker.failures + 1
    since = _since(breaker, now, policy) if blame else breaker.failing_since
    if breaker.state == "closed" and failures < policy.failures:
        return Breaker("closed", failures, since)
    return Breaker("open", failures, since, now + _open_for(failures, policy))


def _since(breaker: Breaker, now: int, policy: BreakerPolicy) -> int:
    """When the failures began; long silence between two failures is no failing."""
    since = breaker.failing_since
    if since is None or now - since >= 2 * span(policy.disable_after):
        return now
    return since


def _open_for(failures: int, policy: BreakerPolicy) -> int:
    # An exponent past 40 only overflows: the longest time has long won.
    doubled = span(policy.open_for) << min(max(0, failures - policy.failures), 40)
    return min(doubled, span(policy.longest))


def is_hopeless(breaker: Breaker, now: int, policy: BreakerPolicy) -> bool:
    """Whether the endpoint should be disabled: nothing but failures, enough of them, for long enough."""
    if breaker.failing_since is None or breaker.failures < policy.failures:
        return False
    return now - breaker.failing_since >= span(policy.disable_after)


def places(breaker: Breaker, now: int, in_flight: int, limit: int) -> int:
    """How many more deliveries may start.

    Args:
        breaker: The endpoint's.
        now: The time.
        in_flight: How many are under way, in all workers.
        limit: How many may be under way at the same time.
    """
    if breaker.state == "open" and breaker.until is not None and now < breaker.until:
        return 0
    allowed = limit if breaker.state == "closed" else 1
    return max(0, allowed - in_flight)


def probing(breaker: Breaker) -> Breaker:
    """The breaker once a delivery was let through to see whether the endpoint is back."""
    return breaker if breaker.state == "closed" else replace(breaker, state="half_open")
