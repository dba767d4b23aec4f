"""What both runners share and neither waits in: operations, deadlines, budgets, tokens, interruption."""

from __future__ import annotations

import os
import random
import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from hamilton_sdk.errors import (
    ConfigurationError,
    ConnectorError,
    HamiltonError,
    Interrupted,
    Outcome,
    PartialFailure,
    StoreError,
    TimedOut,
)
from hamilton_sdk.flow import (
    Now,
    Offload,
    Query,
    Request,
    Sleep,
    Together,
)
from hamilton_sdk.journal import Journal, current_correlation
from hamilton_sdk.journal.tracing import open_tracer
from hamilton_sdk.retry import (
    Hooks,
    RetryBudget,
    RetryPolicy,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Adapter, Auth, Token
    from hamilton_sdk.journal.tracing import Tracer

__all__ = [
    "FAILURES",
    "RANDOM",
    "UNDO_SECONDS",
    "AsyncPerforms",
    "Core",
    "End",
    "Operation",
    "Performs",
    "TokenCache",
    "first_failure",
]

UNDO_SECONDS: Final = 10.0
"""How long compensation may take in all, outside of the deadline."""

FAILURES: Final = (ConnectorError, StoreError)
"""What is thrown into a flow in place of an answer."""

_REFRESH_EARLY: Final = timedelta(minutes=2)

RANDOM: Final = random.Random()  # noqa: S311 (jitter and correlation ids, no secrets)
"""Not the module's own, which an application may seed; sown anew in the child of a fork."""
if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=RANDOM.seed)


class Performs(Protocol):
    """What performs a flow's `Query`: a store."""

    def perform(self, operation: Any, /) -> Any:  # noqa: ANN401 (what kinds there are is the store's business)
        """Do a store operation in a transaction of its own."""
        ...


class AsyncPerforms(Protocol):
    """What performs a flow's `Query` in async code: a store."""

    async def perform(self, operation: Any, /) -> Any:  # noqa: ANN401 (what kinds there are is the store's business)
        """Do a store operation in a transaction of its own."""
        ...


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
        self.adapter: Adapter = adapter
        self.auth: Auth | None = adapter.auth
        self.clock: Clock = clock
        self.monotonic: Callable[[], float] = clock.monotonic
        self.hooks: Hooks | None = hooks
        self.journal: Journal = Journal(adapter.name)
        self.tokens: TokenCache = TokenCache()
        self.tracer: Tracer | None = open_tracer()
        self._budgets: dict[str, RetryBudget] = {}
        self._lock = threading.Lock()

    def operation(self, name: str, policy: RetryPolicy) -> Operation:
        """Begin an operation."""
        request_id = current_correlation() or f"{RANDOM.getrandbits(128):032x}"
        return Operation(name, policy, self.monotonic(), request_id)

    def record_call(self, host: str, policy: RetryPolicy, now: float) -> None:
        """Count a call towards the host's budget."""
        with self._lock:
            self._budget(host, policy).record_call(now)

    def take_retry(self, host: str, policy: RetryPolicy, now: float) -> bool:
        """Take a retry from the host's budget if there is one."""
        with self._lock:
            return self._budget(host, policy).take(now)

    def _budget(self, host: str, policy: RetryPolicy) -> RetryBudget:
        budget = self._budgets.get(host)
        if budget is None:
            budget = self._budgets[host] = RetryBudget(policy)
        return budget

    def interrupted(self, operation: Operation) -> Interrupted:
        """What is thrown into a flow that must end."""
        return Interrupted(
            f"{self.adapter.name}: {operation.name} was interrupted",
            hint="nothing to do: what was begun is being taken back",
            connector=self.adapter.name,
            operation=operation.name,
            request_id=operation.request_id,
        )

    def name_in(self, error: ConnectorError, operation: Operation) -> None:
        """Say on an error that a check of ours raised, before any request, where it comes from."""
        error.connector = error.connector or self.adapter.name
        error.operation = error.operation or operation.name
        error.request_id = error.request_id or operation.request_id

    def end_without_token(self, error: ConnectorError) -> None:
        """Let a call end where its token cannot be had.

        Getting it was tried as often as the policy says, and what needs it was not sent: neither is to be
        done again on account of this error.
        """
        error.outcome = Outcome.FINAL

    def check_end(self, operation: Operation, left: float | None) -> None:
        """Raise `End` when the operation may not go on, with so many seconds left; None for no limit."""
        if operation.ending:
            return
        if operation.stopped or (operation.parent is not None and operation.parent.stopping()):
            raise End(self.interrupted(operation))
        if left is not None and left <= 0:
            raise End(self.deadline_over(operation))

    def nap(self, seconds: float, operation: Operation) -> tuple[float, ConnectorError | End | None]:
        """How long to really sleep of what a flow asked for, and what to raise after it."""
        left = operation.remaining(self.monotonic(), undo=operation.ending)
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
            hint="the peer or the network is slow; raise with_options(deadline=...) if that is normal here",
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

    def after_ending(self, cause: BaseException, failure: HamiltonError | None) -> BaseException:
        """What to raise once an interrupted flow has ended.

        The original cause passes on, so that cancellation and Ctrl-C keep their meaning; what could not be
        undone is noted on it. A deadline gives way to the more precise `PartialFailure`.
        """
        if not isinstance(failure, PartialFailure):
            return cause
        if isinstance(cause, ConnectorError):
            failure.__cause__ = cause
            return failure
        cause.add_note(f"{failure}; left: {', '.join(failure.left) or 'nothing'}")
        return cause


_EFFECTS: Final = ", ".join(kind.__name__ for kind in (Request, Sleep, Now, Offload, Query, Together))


def first_failure(failures: Iterable[BaseException | None]) -> None:
    """Raise the failure that began it, not the interruptions it caused; nothing where there is none."""
    found = [failure for failure in failures if failure is not None]
    for failure in found:
        if not isinstance(failure, Interrupted):
            raise failure
    if found:
        raise found[0]
