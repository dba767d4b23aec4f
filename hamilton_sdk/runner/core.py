"""What both runners share and neither waits in: deadlines, judging an attempt, budgets, tokens, records."""

from __future__ import annotations

import functools
import random
import secrets
import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from hamilton_sdk.errors import (
    ConfigurationError,
    ConnectorError,
    HamiltonError,
    Interrupted,
    Outcome,
    PartialFailure,
    RateLimited,
    TimedOut,
)
from hamilton_sdk.flow import (
    Now,
    Offload,
    Query,
    Request,
    Response,
    Sleep,
    Together,
    error_from,
    peer_request_id,
    redacted_url,
)
from hamilton_sdk.journal import Journal, Record, current_correlation
from hamilton_sdk.journal.tracing import open_tracer
from hamilton_sdk.retry import (
    Attempt,
    Decision,
    Hooks,
    Reason,
    RetryBudget,
    RetryPolicy,
    decide,
    retry_after_seconds,
)

if TYPE_CHECKING:
    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Adapter, Token
    from hamilton_sdk.journal.tracing import Span

__all__ = [
    "UNDO_SECONDS",
    "Core",
    "End",
    "Exchange",
    "Operation",
    "TokenCache",
    "stopped",
]

UNDO_SECONDS: Final = 10.0
"""How long compensation may take in all, outside of the deadline."""

_REFRESH_EARLY: Final = timedelta(minutes=2)
_ERRORS: Final = 400
_SILENT: Final = Hooks()
_RANDOM: Final = random.Random()


@dataclass(slots=True)
class Operation:
    """One call of the user's, from its start to its end.

    Attributes:
        name: The connector's method.
        policy: The limits.
        started: Monotonic seconds.
        request_id: Our correlation id.
        undo_until: Monotonic end of the time for compensation, once it has begun.
        ending: Whether the flow was interrupted, so that all it still does is compensation.
        authenticating: Whether this is the flow that gets a token.
        stopped: Set when a sibling under `Together` failed.
        parent: The operation this flow is one of several of.
    """

    name: str
    policy: RetryPolicy
    started: float
    request_id: str
    undo_until: float | None = None
    ending: bool = False
    authenticating: bool = False
    stopped: bool = False
    parent: Operation | None = None

    def child(self, *, authenticating: bool = False) -> Operation:
        """The same operation for a flow within it, with the same limits and an ending of its own."""
        return Operation(
            name=self.name,
            policy=self.policy,
            started=self.started,
            request_id=self.request_id,
            undo_until=self.undo_until,
            ending=self.ending,
            authenticating=authenticating,
            parent=self,
        )

    def stopping(self) -> bool:
        """Whether it, or what it is a part of, was told to stop."""
        return self.stopped or (self.parent is not None and self.parent.stopping())

    def undoing(self, effect: object) -> bool:
        """Whether an effect is compensation."""
        return self.ending or (isinstance(effect, Request) and effect.undo)

    def remaining(self, now: float, *, undo: bool) -> float | None:
        """Seconds left for an effect; None for no limit."""
        if undo:
            if self.undo_until is None:
                self.undo_until = now + UNDO_SECONDS
            return self.undo_until - now
        deadline = self.policy.deadline
        return None if deadline is None else self.started + deadline - now

    def end(self, now: float) -> None:
        """Enter compensation: from here on everything is."""
        self.ending = True
        self.remaining(now, undo=True)


class End(Exception):
    """An operation may not go on: its flow is to be interrupted, and `cause` raised once it has undone."""

    def __init__(self, cause: ConnectorError) -> None:
        super().__init__(str(cause))
        self.cause = cause


class TokenCache:
    """The adapter's token, shared by all calls of a connector."""

    __slots__ = ("token",)

    def __init__(self) -> None:
        self.token: Token | None = None

    def fresh(self, clock: Clock) -> Token | None:
        """The token, unless it is about to expire."""
        token = self.token
        if token is None or token.expires_at is None or clock.now() < token.expires_at - _REFRESH_EARLY:
            return token
        return None


class Core:
    """A connector's shared state: budgets, token, hooks.

    Args:
        adapter: Whose flows are run.
        clock: Where time comes from.
        hooks: What the application wants to hear about, if anything.
    """

    def __init__(self, adapter: Adapter, clock: Clock, hooks: Hooks | None) -> None:
        self.adapter = adapter
        self.auth = adapter.auth
        self.clock = clock
        self.hooks = hooks or _SILENT
        self.journal = Journal(adapter.name)
        self.tokens = TokenCache()
        self.tracer = open_tracer()
        self._budgets: dict[str, RetryBudget] = {}
        self._lock = threading.Lock()

    def operation(self, name: str, policy: RetryPolicy) -> Operation:
        """Begin an operation."""
        request_id = current_correlation() or secrets.token_hex(16)
        return Operation(
            name=name,
            policy=policy,
            started=self.clock.monotonic(),
            request_id=request_id,
        )

    def record_call(self, host: str, policy: RetryPolicy, now: float) -> None:
        """Count a call towards the host's budget."""
        with self._lock:
            budget = self._budgets.get(host)
            if budget is None:
                budget = self._budgets[host] = RetryBudget(policy)
            budget.record_call(now)

    def take_retry(self, host: str, now: float) -> bool:
        """Take a retry from the host's budget if there is one."""
        with self._lock:
            return self._budgets[host].take(now)

    def interrupted(self, operation: Operation) -> Interrupted:
        """What is thrown into a flow that must end."""
        return Interrupted(
            f"{self.adapter.name}: {operation.name} was interrupted",
            hint="nothing to do: what was begun is being taken back",
            connector=self.adapter.name,
            operation=operation.name,
            request_id=operation.request_id,
        )

    def check_end(self, operation: Operation) -> None:
        """Raise `End` when the operation may not go on."""
        if operation.ending:
            return
        if operation.stopping():
            raise End(self.interrupted(operation))
        left = operation.remaining(self.clock.monotonic(), undo=False)
        if left is not None and left <= 0:
            raise End(self.deadline_over(operation))

    def nap(self, seconds: float, operation: Operation) -> tuple[float, ConnectorError | End | None]:
        """How long to really sleep of what a flow asked for, and what to raise after it."""
        left = operation.remaining(self.clock.monotonic(), undo=operation.ending)
        if left is None or seconds < left:
            return seconds, None
        over = self.deadline_over(operation)
        return max(0.0, left), over if operation.ending else End(over)

    def deadline_over(self, operation: Operation) -> TimedOut:
        """The error of an operation whose time, or whose time to undo, passed between two of its steps."""
        what = (
            f"could not be taken back within {UNDO_SECONDS:g} s"
            if operation.undo_until is not None
            else f"did not end within {operation.policy.deadline:g} s"
        )
        return TimedOut(
            f"{self.adapter.name}: {operation.name} {what}",
            hint="the peer is slow or the network is; raise with_options(deadline=...) if that is normal here",
            connector=self.adapter.name,
            operation=operation.name,
            request_id=operation.request_id,
        )

    def misfit(self, effect: object) -> HamiltonError:
        """The error for an effect that a runner cannot perform."""
        if isinstance(effect, Query):
            message = f"{self.adapter.name}: this connector has no store"
            return ConfigurationError(message, hint="open it with a store, or use an adapter that needs none")
        message = f"{self.adapter.name}: a flow yielded {type(effect).__name__}, which is no effect"
        return ConfigurationError(message, hint=f"yield one of {_EFFECTS}")

    def after_ending(self, cause: BaseException, failure: ConnectorError | None) -> BaseException:
        """What to raise once an interrupted flow has ended.

        The original cause passes on, so that cancellation and Ctrl-C keep their meaning; what could not be undone
        is noted on it. A deadline gives way to the more precise `PartialFailure`.
        """
        if not isinstance(failure, PartialFailure):
            return cause
        if isinstance(cause, ConnectorError):
            failure.__cause__ = cause
            return failure
        cause.add_note(f"{failure}; left: {', '.join(failure.left) or 'nothing'}")
        return cause


_EFFECTS: Final = ", ".join(kind.__name__ for kind in (Request, Sleep, Now, Offload, Query, Together))


class Exchange:
    """One request of an operation, through all its attempts.

    Args:
        core: The connector's shared state.
        operation: What it belongs to.
        request: What to send.
    """

    __slots__ = (
        "_before",
        "_host",
        "_policy",
        "_since",
        "_span",
        "_started",
        "core",
        "operation",
        "request",
        "undo",
    )

    def __init__(self, core: Core, operation: Operation, request: Request) -> None:
        self.core = core
        self.operation = operation
        self.request = request
        self.undo = operation.undoing(request)
        self._started = core.clock.monotonic()
        self._span: Span | None = None
        self._host = _host(request.url)
        # Asking again for what an answer left unserved goes on where that answer's attempts ended.
        self._before = 0 if request.retry_of is None else request.retry_of.attempts
        self._policy = operation.policy
        self._since = operation.started
        if self.undo:
            left = operation.remaining(self._started, undo=True) or 0.0
            self._policy = operation.policy.with_deadline(UNDO_SECONDS)
            self._since = self._started + left - UNDO_SECONDS
        if not self._before:
            core.record_call(self._host, operation.policy, self._started)

    def begin(self) -> float | None:
        """Begin an attempt.

        Returns:
            Seconds left for it; None for no limit.

        Raises:
            TimedOut: None are left; nothing is sent.
        """
        core = self.core
        self._started = core.clock.monotonic()
        left = self.operation.remaining(self._started, undo=self.undo)
        if left is not None and left <= 0:
            error = core.deadline_over(self.operation)
            error.outcome = Outcome.NOT_SENT  # of this request; what came before it stands
            raise error
        self._span = None if core.tracer is None else core.tracer.start(self.request.operation)
        return left

    def resume(self) -> Decision | None:
        """The wait before a request that asks again for what an answer left unserved, or to stop; else None."""
        answer = self.request.retry_of
        if answer is None:
            return None
        return self._decide(answer.attempts, Outcome.REFUSED, answer.retry_after)

    def complete(self, number: int, answer: Response) -> Response:
        """An answer with what only the runner knows."""
        wait = None
        if "retry-after" in answer.headers or answer.status >= _ERRORS:
            wait = retry_after_seconds(answer.headers, self.core.clock.now())
        return Response(
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            attempts=number + self._before,
            request_id=self.operation.request_id,
            retry_after=wait,
        )

    def settle(self, number: int, answer: Response | None, error: Exception | None) -> Decision:
        """Judge an attempt, decide what follows, and tell journal, trace and hooks."""
        number += self._before
        if answer is not None:
            outcome, wait = self.request.judge(answer), answer.retry_after
        elif isinstance(error, ConnectorError):
            self._fill(error, number)
            outcome, wait = error.outcome, error.retry_after
        else:
            outcome, wait = (
                Outcome.FINAL,
                None,
            )  # a defect, not the peer's: let out unchanged
        decision = self._decide(number, outcome, wait)
        self._tell(number, answer, error, outcome, decision)
        return decision

    def cut(self, number: int, error: BaseException) -> None:
        """Note an attempt that cancellation or Ctrl-C cut off."""
        decision = Decision(None, Reason.MAY_HAVE_HAPPENED)
        self._tell(number + self._before, None, error, Outcome.UNKNOWN, decision)

    def _decide(self, number: int, outcome: Outcome, wait: float | None) -> Decision:
        now = self.core.clock.monotonic()
        decision = decide(
            self._policy,
            number,
            outcome,
            self.request.safety,
            now - self._since,
            wait,
            _RANDOM.random(),
        )
        if decision.delay is not None and not self.undo and not self.core.take_retry(self._host, now):
            return Decision(None, Reason.BUDGET)
        return decision

    def _fill(self, error: ConnectorError, number: int) -> None:
        error.connector = error.connector or self.core.adapter.name
        error.operation = error.operation or self.request.operation
        error.method = error.method or self.request.method
        error.url = error.url or redacted_url(self.request.url)
        error.request_id = error.request_id or self.operation.request_id
        error.attempts = number

    def _tell(
        self,
        number: int,
        answer: Response | None,
        error: BaseException | None,
        outcome: Outcome,
        decision: Decision,
    ) -> None:
        core, duration = self.core, self.core.clock.monotonic() - self._started
        status = None if answer is None else answer.status
        if self._span is not None or core.journal.wants(outcome):
            record = Record(
                connector=core.adapter.name,
                operation=self.request.operation,
                peer=self._host,
                attempt=number,
                outcome=outcome,
                status=status,
                duration_ms=duration * 1000,
                request_id=self.operation.request_id,
                peer_request_id=None if answer is None else peer_request_id(answer),
                error=None if error is None else type(error).__name__,
            )
            core.journal.write(record)
            if self._span is not None:
                self._span.finish(record)
                self._span = None
        if core.hooks is _SILENT:
            return
        attempt = Attempt(
            connector=core.adapter.name,
            operation=self.request.operation,
            host=self._host,
            number=number,
            outcome=outcome,
            reason=decision.reason,
            delay=decision.delay,
            status=status,
            duration=duration,
            request_id=self.operation.request_id,
        )
        core.hooks.on_attempt(attempt)
        if decision.delay is None and outcome is not Outcome.DONE:
            core.hooks.on_give_up(attempt)


def stopped(core: Core, request: Request, answer: Response) -> ConnectorError:
    """The error for a request that may not ask again for what an answer left unserved."""
    return error_from(
        request,
        answer,
        connector=core.adapter.name,
        kind=RateLimited,
        message="not everything was served, and trying again is over",
    )


@functools.lru_cache(maxsize=256)
def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].lower()
