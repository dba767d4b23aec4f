"""What the retrying transports for httpx and httpx2 share: judging an attempt, budgets, hooks, pauses."""

from __future__ import annotations

import math
import random
import secrets
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.errors import ConfigurationError, Outcome
from hamilton_sdk.flow import Response, judge_by_status
from hamilton_sdk.retry import (
    Attempt,
    Decision,
    Hooks,
    Reason,
    RetryBudget,
    RetryPolicy,
    Safety,
    decide,
    outcome_of,
    retry_after_seconds,
)
from hamilton_sdk.transport._body import headers_of
from hamilton_sdk.transport._exchange import Exchange, Stage
from hamilton_sdk.transport._faults import explain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.transport._clients import Incoming

__all__ = ["Attempts", "Retries", "check_settings", "known_safety", "safety_by_method"]

_HOSTS: Final = 1000
_BY_METHOD: Final[Mapping[str, Safety]] = {
    "GET": Safety.SAFE,
    "HEAD": Safety.SAFE,
    "OPTIONS": Safety.SAFE,
    "TRACE": Safety.SAFE,
    "PUT": Safety.IDEMPOTENT,
    "DELETE": Safety.IDEMPOTENT,
}


class Url(Protocol):
    """A request's address."""

    @property
    def netloc(self) -> bytes: ...


class Asked(Protocol):
    """A request of an HTTP library's."""

    @property
    def method(self) -> str: ...
    @property
    def url(self) -> Url: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


def safety_by_method(request: Asked) -> Safety:
    """What HTTP says about sending it twice (RFC 9110, 9.2); an idempotency key makes any call repeatable."""
    known = _BY_METHOD.get(request.method.upper(), Safety.UNSAFE)
    keyed = known is Safety.UNSAFE and "idempotency-key" in request.headers
    return Safety.IDEMPOTENT if keyed else known


def known_safety(said: object) -> Safety:
    """What a caller's own function says about a request, which nothing else checks.

    Raises:
        ConfigurationError: It is no `Safety`; taken for one, it might let an unsafe request be repeated.
    """
    if isinstance(said, Safety):
        return said
    message = f"the function given as safety= returned {type(said).__name__} for a request"
    raise ConfigurationError(message, hint=f"return one of {_SAFETIES}")


_SAFETIES: Final = ", ".join(f"Safety.{each.name}" for each in Safety)


def check_settings(name: str, beneath: type, **given: object) -> None:
    """Refuse arguments of a retrying transport that only its first request would stumble over.

    Args:
        name: Of the retrying transport.
        beneath: The library's base class of what sends.
        given: All arguments by name; one that is None was not given.

    Raises:
        ConfigurationError: One of them is of another kind than asked for; the hint shows the right call.
    """
    kind = f"{beneath.__module__}.{beneath.__name__}"
    known: Mapping[str, tuple[Callable[[object], bool], str]] = {
        "policy": (
            lambda value: isinstance(value, RetryPolicy),
            f"give RetryPolicy(...); what sends is given by name: {name}(transport=...)",
        ),
        "transport": (lambda value: isinstance(value, beneath), f"give an {kind}: {name}(transport=...)"),
        "safety": (
            lambda value: isinstance(value, Safety) or _is_function(value),
            f"give one of {_SAFETIES}, or a function that returns one for a request",
        ),
        "clock": (_is_clock, "give SystemClock() or SettableClock()"),
        "hooks": (lambda value: isinstance(value, Hooks), "give Hooks(on_attempt=..., on_give_up=...)"),
    }
    for setting, (is_right, hint) in known.items():
        value = given[setting]
        if value is not None and not is_right(value):
            what = f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__
            message = f"{name}: {setting} is {what}"
            raise ConfigurationError(message, hint=hint)


def _is_function(value: object) -> bool:
    return callable(value) and not isinstance(value, type)


def _is_clock(value: object) -> bool:
    has_all = all(callable(getattr(value, name, None)) for name in ("now", "monotonic", "sleep", "asleep"))
    return has_all and not isinstance(value, type)


class Retries:
    """What the calls of one transport share. Thread-safe.

    Args:
        library: Its HTTP library, as hooks see it.
        failures: The exceptions that library raises.
        policy: The limits.
        clock: Where time comes from.
        hooks: What the application wants to hear about.
    """

    def __init__(
        self,
        library: str,
        failures: tuple[type[Exception], ...],
        policy: RetryPolicy | None,
        clock: Clock | None,
        hooks: Hooks | None,
    ) -> None:
        self.library = library
        self.failures = failures
        self.policy = policy or RetryPolicy()
        self.clock = clock or SystemClock()
        self.hooks = hooks
        self.lock = threading.Lock()
        self._budgets: dict[str, RetryBudget] = {}

    def budget(self, host: str) -> RetryBudget:
        """The host's budget, with a new call counted."""
        with self.lock:
            budget = self._budgets.pop(host, None) or RetryBudget(self.policy)
            # Put back at the end: the host not called for longest is forgotten first.
            self._budgets[host] = budget
            if len(self._budgets) > _HOSTS:
                del self._budgets[next(iter(self._budgets))]
            budget.record_call(self.clock.monotonic())
            return budget

    def take(self, budget: RetryBudget) -> bool:
        """Take a retry if there is one."""
        with self.lock:
            return budget.take(self.clock.monotonic())


class Attempts:
    """One call through all its attempts.

    Args:
        retries: What it shares with others.
        request: What is sent.
        safety: What sending it twice does.
        replayable: Whether its body can be sent again.
    """

    def __init__(self, retries: Retries, request: Asked, safety: Safety, *, replayable: bool) -> None:
        self._retries = retries
        self._request = request
        self._safety = safety
        self._policy = retries.policy if replayable else replace(retries.policy, attempts=1)
        self._host = request.url.netloc.decode("ascii")
        self._budget = retries.budget(self._host)
        self._began = self._attempt_began = retries.clock.monotonic()
        self._answer: Incoming | None = None
        self._id = "" if retries.hooks is None else secrets.token_hex(16)

    def after(self, number: int, answer: Incoming | None, error: Exception | None) -> Decision:
        """Decide on an attempt, and tell the hooks."""
        self._answer = answer
        outcome, retry_after = self._judge(answer, error)
        elapsed = self._retries.clock.monotonic() - self._began
        chance = random.random()  # noqa: S311 (it spreads load and keeps no secret)
        decision = decide(self._policy, number, outcome, self._safety, elapsed, retry_after, chance)
        if decision.delay is not None and not self._retries.take(self._budget):
            decision = Decision(None, Reason.BUDGET)
        if self._retries.hooks is not None:
            self._tell(self._retries.hooks, number, outcome, decision)
        return decision

    def pause(self, seconds: float) -> None:
        """Let the answer go that will not be used, and wait."""
        if self._answer is not None:
            self._answer.close()
        self._retries.clock.sleep(seconds)
        self._attempt_began = self._retries.clock.monotonic()

    async def apause(self, seconds: float) -> None:
        """The same for an event loop."""
        if self._answer is not None:
            await self._answer.aclose()
        await self._retries.clock.asleep(seconds)
        self._attempt_began = self._retries.clock.monotonic()

    def _judge(self, answer: Incoming | None, error: Exception | None) -> tuple[Outcome, float | None]:
        if answer is not None:
            headers = headers_of(answer.headers.raw)
            outcome = judge_by_status(Response(answer.status_code, headers))
            return outcome, retry_after_seconds(headers, self._retries.clock.now())
        if isinstance(error, self._retries.failures):
            finding = explain(error, Exchange(math.inf, stage=Stage.HIDDEN), self._host)
            return finding.outcome or finding.kind.default_outcome, None
        return (Outcome.FINAL if error is None else outcome_of(error)), None

    def _tell(self, hooks: Hooks, number: int, outcome: Outcome, decision: Decision) -> None:
        attempt = Attempt(
            connector=self._retries.library,
            operation=self._request.method,
            host=self._host,
            number=number,
            outcome=outcome,
            reason=decision.reason,
            delay=decision.delay,
            status=None if self._answer is None else self._answer.status_code,
            duration=self._retries.clock.monotonic() - self._attempt_began,
            request_id=self._id,
        )
        hooks.on_attempt(attempt)
        if decision.delay is None and outcome is not Outcome.DONE:
            hooks.on_give_up(attempt)
