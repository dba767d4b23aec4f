"""One request through all its attempts: judged, decided on, recorded. Waits for nothing."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from hamilton_sdk.errors import ConnectorError, Outcome, RateLimited
from hamilton_sdk.failure import error_from, peer_request_id, redacted_url
from hamilton_sdk.flow import Response
from hamilton_sdk.journal import Record
from hamilton_sdk.retry import Attempt, Decision, Reason, decide, retry_after_seconds
from hamilton_sdk.runner.core import RANDOM, UNDO_SECONDS

if TYPE_CHECKING:
    from hamilton_sdk.errors import TimedOut
    from hamilton_sdk.flow import Lane, Request
    from hamilton_sdk.journal.tracing import Span
    from hamilton_sdk.runner.core import Core, Operation

__all__ = ["Exchange"]

_ERRORS: Final = 400
_DONE: Final = Decision(None, Reason.DONE)


class Exchange:
    """One request of an operation, through all its attempts.

    Args:
        core: The connector's shared state.
        operation: What it belongs to.
        request: What to send.

    Raises:
        End: The operation may not go on.
    """

    __slots__ = (
        "_before",
        "_fresh",
        "_host",
        "_left",
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
        self.core: Core = core
        self.operation: Operation = operation
        self.request: Request = request
        self.undo: bool = operation.ending or request.undo
        self._started = core.monotonic()
        self._fresh = True
        self._left = operation.remaining(self._started, undo=self.undo)
        if not self.undo:
            core.check_end(operation, self._left)
        self._span: Span | None = None
        self._host = _host(request.url)
        # Asking again for what an answer left unserved goes on where that answer's attempts ended.
        self._before = 0 if request.retry_of is None else request.retry_of.attempts
        self._policy = operation.policy
        self._since = operation.started
        if self.undo:
            self._policy = operation.policy.with_deadline(UNDO_SECONDS)
            self._since = self._started + (self._left or 0.0) - UNDO_SECONDS
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
        if self._fresh:
            self._fresh = False  # the first attempt follows at once
        else:
            self._started = core.monotonic()
            self._left = self.operation.remaining(self._started, undo=self.undo)
        left = self._left
        if left is not None and left <= 0:
            raise self.not_sent_in_time()
        self._span = None if core.tracer is None else core.tracer.start(self.request.operation)
        return left

    def not_sent_in_time(self) -> TimedOut:
        """The error of an attempt that was not begun: no time was left for it."""
        error = self.core.deadline_over(self.operation)
        error.outcome = Outcome.NOT_SENT  # of this request; what came before it stands
        return error

    def crowded(self, lane: Lane, wait: float) -> RateLimited:
        """The error of an attempt that was not begun: the peer's limit leaves no place for it in time."""
        return RateLimited(
            f"{self.core.adapter.name}: no more than {lane.most} requests within {lane.seconds:g} s",
            hint="spread the calls, or raise with_options(deadline=...) to wait for the next place",
            retry_after=wait,
            outcome=Outcome.NOT_SENT,
        )

    def resume(self) -> float | None:
        """Seconds to wait before a request that asks again for what an answer left unserved; else None.

        Raises:
            RateLimited: It may not ask again.
        """
        answer = self.request.retry_of
        if answer is None:
            return None
        decision = self._decide(answer.attempts, Outcome.REFUSED, answer.retry_after, self._started)
        self._fresh = False
        if decision.delay is None:
            raise error_from(
                self.request,
                answer,
                connector=self.core.adapter.name,
                kind=RateLimited,
                message=f"not everything was served, and trying again is over ({decision.reason})",
            )
        return decision.delay

    def complete(self, number: int, answer: Response) -> Response:
        """An answer with what only the runner knows."""
        status, headers = answer.status, answer.headers
        wait = None
        if status >= _ERRORS or "retry-after" in headers:
            wait = retry_after_seconds(headers, self.core.clock.now())
        return Response(status, headers, answer.body, number + self._before, self.operation.request_id, wait)

    def settle(self, number: int, answer: Response | None, error: Exception | None) -> Decision:
        """Judge an attempt, decide what follows, and tell journal, trace and hooks."""
        number += self._before
        outcome, wait = Outcome.FINAL, None  # of a defect, which is not the peer's: let out unchanged
        if answer is not None:
            outcome, wait = self.request.judge(answer), answer.retry_after
        elif isinstance(error, ConnectorError):
            self._fill(error, number)
            outcome, wait = error.outcome, error.retry_after
        core = self.core
        now = core.monotonic()
        # Most attempts are done with: there is no jitter to draw for them, and mostly nobody to tell.
        decision = _DONE if outcome is Outcome.DONE else self._decide(number, outcome, wait, now)
        if self._span is not None or core.hooks is not None or core.journal.wants(outcome):
            self._tell(number, answer, error, outcome, decision, now)
        return decision

    def cut(self, number: int, error: BaseException) -> None:
        """Note an attempt that cancellation or Ctrl-C cut off."""
        decision = Decision(None, Reason.MAY_HAVE_HAPPENED)
        now = self.core.monotonic()
        self._tell(number + self._before, None, error, Outcome.UNKNOWN, decision, now)

    def _decide(self, number: int, outcome: Outcome, wait: float | None, now: float) -> Decision:
        decision = decide(
            self._policy,
            number,
            outcome,
            self.request.safety,
            now - self._since,
            wait,
            RANDOM.random(),
        )
        if decision.delay is None or self.undo:
            return decision
        if not self.core.take_retry(self._host, self.operation.policy, now):
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
        now: float,
    ) -> None:
        core, duration = self.core, now - self._started
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
        if core.hooks is None:
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


@functools.lru_cache(maxsize=256)
def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].lower()
