"""When to try again: one pure function, its policy, and a budget per host.

`decide` says what follows one attempt; it performs no I/O, reads no clock and draws no random number, so that
every rule can be tested as a table. Runners drive it (see ``_tenacity.py``); `retrying` brings the same
rules to any function.

The table, by what is known about the attempt and by what repeating the call would do:

=========  ==============  ==================  ======
outcome    safe            idempotent          unsafe
=========  ==============  ==================  ======
not sent   retry           retry               retry
refused    retry           retry               retry
unknown    retry           retry               stop
final      stop            stop                stop
=========  ==============  ==================  ======

Back-off is exponential with the cap first and full jitter after (Brooker, "Exponential Backoff And Jitter",
AWS Architecture Blog, 2015).
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, ParamSpec, TypeVar, overload

from hamilton_sdk.errors import ConfigurationError, ConnectorError, Outcome
from hamilton_sdk.retry_after import retry_after_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.clock import Clock

__all__ = [
    "Attempt",
    "Decision",
    "Hooks",
    "Outcome",
    "Reason",
    "RetryBudget",
    "RetryPolicy",
    "Safety",
    "decide",
    "outcome_of",
    "retry_after_seconds",
    "retrying",
]

P = ParamSpec("P")
R = TypeVar("R")


class Safety(StrEnum):
    """What sending the same call twice does."""

    SAFE = "safe"
    """Reads only."""
    IDEMPOTENT = "idempotent"
    """Writes, and twice is the same as once; also a create that carries an idempotency key."""
    UNSAFE = "unsafe"
    """Writes, and twice may be two."""


class Reason(StrEnum):
    """Why a call is, or is not, tried again."""

    RETRY = "retry"
    DONE = "done"
    FINAL = "final"
    MAY_HAVE_HAPPENED = "may_have_happened"
    ATTEMPTS_USED = "attempts_used"
    DEADLINE = "deadline"
    RETRY_AFTER_TOO_LONG = "retry_after_too_long"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do after an attempt.

    Attributes:
        delay: Seconds to wait before the next attempt; None to stop.
        reason: Why.
    """

    delay: float | None
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how long to try; immutable and shareable.

    Args:
        attempts: Attempts in all, the first included.
        base: Seconds of the first back-off when throttled or when the outcome is unknown.
        base_not_sent: Seconds of the first back-off when nothing was sent.
        cap: The longest back-off in seconds, applied before the jitter.
        deadline: Seconds for a whole operation, all its requests and waits included; None for no limit.
        longest_retry_after: A peer that asks to wait longer than these seconds is given up at once.
        budget_ratio: Retries allowed per call, as a share of calls to the same host.
        budget_per_second: Retries allowed per second besides.
        budget_start: Retries at hand from the start, which is also the most that is saved up.

    Raises:
        ConfigurationError: A value is out of range.
    """

    attempts: int = 4
    base: float = 0.5
    base_not_sent: float = 0.05
    cap: float = 20.0
    deadline: float | None = 60.0
    longest_retry_after: float = 60.0
    budget_ratio: float = 0.2
    budget_per_second: float = 1.0
    budget_start: float = 10.0

    def __post_init__(self) -> None:
        if not self.attempts >= 1:
            message = f"RetryPolicy.attempts is {self.attempts}"
            raise ConfigurationError(message, hint="attempts counts the first try: give 1 for no retries")
        for name in _NOT_NEGATIVE:
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                message = f"RetryPolicy.{name} is {value}"
                raise ConfigurationError(message, hint=f"{name} is a number, not negative and not infinite")
        if self.deadline is not None and not self.deadline > 0:
            message = f"RetryPolicy.deadline is {self.deadline}"
            raise ConfigurationError(message, hint="deadline is in seconds, above zero; None for no limit")

    @classmethod
    def never(cls) -> RetryPolicy:
        """A policy of one attempt."""
        return cls(attempts=1)

    def with_deadline(self, seconds: float | None) -> RetryPolicy:
        """The same policy with another deadline in seconds."""
        return replace(self, deadline=seconds)


_NOT_NEGATIVE = (
    "base",
    "base_not_sent",
    "cap",
    "longest_retry_after",
    "budget_ratio",
    "budget_per_second",
    "budget_start",
)


_STOP = {reason: Decision(None, reason) for reason in Reason}


def decide(
    policy: RetryPolicy,
    attempt: int,
    outcome: Outcome,
    safety: Safety,
    elapsed: float,
    retry_after: float | None,
    random: float,
) -> Decision:
    """What follows an attempt.

    Args:
        policy: The limits.
        attempt: Which attempt this was, from 1.
        outcome: What is known about it.
        safety: What sending the call again would do.
        elapsed: Seconds since the operation began.
        retry_after: Seconds the peer asked to wait, if it did.
        random: A number in ``[0, 1)`` for the jitter.

    Returns:
        The wait before the next attempt, or None with the reason to stop. The wait is never shorter than
        `retry_after` and never ends after the policy's deadline.
    """
    if outcome is Outcome.DONE:
        return _STOP[Reason.DONE]
    if outcome is Outcome.FINAL:
        return _STOP[Reason.FINAL]
    if outcome is Outcome.UNKNOWN and safety is Safety.UNSAFE:
        return _STOP[Reason.MAY_HAVE_HAPPENED]
    if attempt >= policy.attempts:
        return _STOP[Reason.ATTEMPTS_USED]
    if retry_after is not None and not retry_after <= policy.longest_retry_after:
        return _STOP[Reason.RETRY_AFTER_TOO_LONG]
    delay = _delay(policy, attempt, outcome, retry_after, random)
    # Checked before sleeping: a wait that outlasts the deadline would only delay the bad news.
    if policy.deadline is not None and elapsed + delay >= policy.deadline:
        return _STOP[Reason.DEADLINE]
    return Decision(delay, Reason.RETRY)


def _delay(
    policy: RetryPolicy, attempt: int, outcome: Outcome, retry_after: float | None, random: float
) -> float:
    base = policy.base_not_sent if outcome is Outcome.NOT_SENT else policy.base
    # An exponent past 60 only overflows: the cap has long won.
    ceiling = min(policy.cap, base * 2.0 ** min(attempt - 1, 60))
    if retry_after is None:
        return ceiling * random
    # The jitter comes on top of what the peer asked, so that its clients do not come back all at once.
    return max(0.0, retry_after) + min(ceiling, policy.base) * random


class RetryBudget:
    """How many retries a host may still get: a share of the calls plus a trickle per second.

    It starts full, so that a lone failing call still gets its attempts, and it keeps a dead peer from
    receiving many times its usual load. Not thread-safe by itself: its owner holds a lock.

    Args:
        policy: Where ratio, trickle and size come from.
    """

    __slots__ = ("_at", "_policy", "_tokens")

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._tokens = policy.budget_start
        self._at: float | None = None

    def record_call(self, now: float) -> None:
        """Count a first attempt, at `now` monotonic seconds."""
        self._refill(now, self._policy.budget_ratio)

    def take(self, now: float) -> bool:
        """Take one retry if there is one, at `now` monotonic seconds."""
        self._refill(now, 0.0)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _refill(self, now: float, more: float) -> None:
        # Threads may arrive out of order; a clock set back would pay the same seconds out twice.
        if self._at is None or now > self._at:
            more += 0.0 if self._at is None else (now - self._at) * self._policy.budget_per_second
            self._at = now
        self._tokens = min(self._policy.budget_start, self._tokens + more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt at a request, as hooks see it; carries nothing personal and no secret.

    Attributes:
        connector: Family and product, for example ``"acs.aeos"``.
        operation: The peer's name of the call.
        host: Host and port of the peer.
        number: Which attempt, from 1.
        outcome: What is known about its effect.
        reason: What was decided after it.
        delay: Seconds until the next attempt; None when there is none.
        status: HTTP status, where there was an answer.
        duration: Seconds it took.
        request_id: Our correlation id.
    """

    connector: str
    operation: str
    host: str
    number: int
    outcome: Outcome
    reason: Reason
    delay: float | None
    status: int | None
    duration: float
    request_id: str


def _no_hook(_attempt: Attempt) -> None:
    """Stand in where no hook is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """What an application wants to hear about; a place to add a circuit breaker.

    Args:
        on_attempt: Called after each attempt.
        on_give_up: Called once when a call that failed is not tried again.
    """

    on_attempt: Callable[[Attempt], None] = _no_hook
    on_give_up: Callable[[Attempt], None] = _no_hook


@overload
def retrying(function: Callable[P, R], /) -> Callable[P, R]: ...


@overload
def retrying(
    *,
    policy: RetryPolicy | None = None,
    safety: Safety = Safety.IDEMPOTENT,
    outcome: Callable[[Exception], Outcome] | None = None,
    clock: Clock | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...


def retrying(
    function: Callable[P, R] | None = None,
    /,
    *,
    policy: RetryPolicy | None = None,
    safety: Safety = Safety.IDEMPOTENT,
    outcome: Callable[[Exception], Outcome] | None = None,
    clock: Clock | None = None,
) -> Callable[P, R] | Callable[[Callable[P, R]], Callable[P, R]]:
    """Repeat a function, or a coroutine function, by the SDK's rules.

    Args:
        function: What to repeat, when used without parentheses.
        policy: The limits; the defaults of `RetryPolicy` if not given.
        safety: What calling the function twice does.
        outcome: What an exception says about the effect; by default a `ConnectorError` says it itself,
            ``ConnectionRefusedError`` is "not sent", other ``OSError`` and ``TimeoutError`` are "unknown",
            and the rest is final.
        clock: Where time comes from; the machine's clock if not given.

    Returns:
        A function of the same signature, which raises the last exception when it gives up.

    Raises:
        ConfigurationError: The function is a generator, which does its work only after it was called.

    Example:
        >>> @retrying(policy=RetryPolicy(attempts=3), safety=Safety.SAFE)
        ... def read_sensor() -> float:
        ...     return 21.5
        >>> read_sensor()
        21.5
    """

    def wrap(inner: Callable[P, R]) -> Callable[P, R]:
        # Loaded on use: tenacity costs 26 ms and this module is imported by everything.
        import inspect

        from hamilton_sdk._tenacity import wrap_function

        if inspect.isgeneratorfunction(inner) or inspect.isasyncgenfunction(inner):
            message = f"retrying cannot repeat {inner.__qualname__}: it is a generator"
            raise ConfigurationError(message, hint="decorate the function that reads it to its end")
        return functools.wraps(inner)(
            wrap_function(inner, policy or RetryPolicy(), safety, outcome or outcome_of, clock)
        )

    return wrap if function is None else wrap(function)


def outcome_of(error: Exception) -> Outcome:
    """What an exception says about the effect of the call that raised it."""
    if isinstance(error, ConnectorError):
        return error.outcome
    if isinstance(error, ConnectionRefusedError):
        return Outcome.NOT_SENT
    return Outcome.UNKNOWN if isinstance(error, OSError) else Outcome.FINAL
