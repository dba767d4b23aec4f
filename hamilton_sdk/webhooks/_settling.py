"""Settling: what came of deliveries is written down, and what follows from it, in one transaction.

Endpoints are locked before deliveries, in the order of their ids, as everywhere; so no two workers wait for
each other. A result whose lease was lost is recorded among the attempts and changes nothing else: the
delivery is another worker's by now.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Final

from hamilton_sdk.store.statements.settling import (
    change_breaker,
    close_breaker,
    disable_endpoint,
    finish_deliveries,
    finish_delivery,
    give_delivery_back,
    insert_attempt,
    insert_attempts,
    lock_breaker,
    lock_owned,
    postpone_delivery,
)
from hamilton_sdk.webhooks._claiming import Claim, Claims
from hamilton_sdk.webhooks.breaker import Breaker, BreakerPolicy, is_hopeless, record
from hamilton_sdk.webhooks.delivering import Result, Verdict
from hamilton_sdk.webhooks.hooks import DeadLetter, DisabledEndpoint
from hamilton_sdk.webhooks.schedule import JITTER, next_delay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hamilton_sdk.store.operation import Execute

__all__ = ["Settle", "Settled", "Turn", "Turned"]

_SECOND: Final = 1_000_000
_HOUR: Final = timedelta(hours=1)
_ENOUGH_ERROR: Final = 500
_LOST: Final = "its lease had ended: another worker had taken the delivery over"
_WAIT_WHEN_PREVENTED: Final = 60.0
_WAIT_WHEN_UNREACHED: Final = 300.0
_GONE: Final = "it answered 410: it wants no more"


@dataclass(frozen=True, slots=True)
class Settled:
    """What followed.

    Attributes:
        dead: Deliveries given up.
        disabled: Endpoints disabled.
    """

    dead: tuple[DeadLetter, ...] = ()
    disabled: tuple[DisabledEndpoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """Write down what came of deliveries.

    Attributes:
        worker: Whose they were.
        now: Microseconds since 1970.
        results: In the order in which they ended.
        chances: A number in ``[0, 1)`` for each, for its jitter. Not drawn here: an operation may run twice.
        policy: When endpoints get a rest.
    """

    writes: ClassVar[bool] = True

    worker: str
    now: int
    results: tuple[Result, ...]
    chances: tuple[float, ...]
    policy: BreakerPolicy

    def run(self, execute: Execute) -> Settled:
        """Write it down."""
        failing = self._lock(execute)
        owned = {(row[0], row[1]) for row in execute(lock_owned, {"worker": self.worker})}
        kept = [(each.claimed.id, each.claimed.lease_until) in owned for each in self.results]
        dead = self._change_deliveries(execute, kept)
        self._record(execute, kept)
        disabled = self._change_endpoints(execute, failing, kept)
        return Settled(dead, disabled)

    def _lock(self, execute: Execute) -> dict[str, Breaker]:
        """Lock the endpoints that failed; where all went well a breaker closes without, if it has to."""
        failed: dict[str, bool] = defaultdict(bool)
        for result in self.results:
            if result.verdict is not Verdict.RELEASED:
                failed[result.claimed.target.id] |= result.verdict is not Verdict.DELIVERED
        breakers: dict[str, Breaker] = {}
        for endpoint in sorted(failed):
            if not failed[endpoint]:
                execute(close_breaker, {"endpoint": endpoint})
                continue
            for row in execute(lock_breaker, {"endpoint": endpoint}):
                breakers[endpoint] = Breaker(*row)
        return breakers

    def _change_deliveries(self, execute: Execute, kept: Sequence[bool]) -> tuple[DeadLetter, ...]:
        finished: dict[str, list[int]] = {"delivered": [], "dead": []}
        postponed: list[dict[str, object]] = []
        untried: list[dict[str, object]] = []
        dead: list[DeadLetter] = []
        for result, chance, is_kept in zip(self.results, self.chances, kept, strict=True):
            delivery, verdict = result.claimed.id, result.verdict
            if not is_kept:
                continue
            if verdict is Verdict.DELIVERED:
                finished["delivered"].append(delivery)
            elif verdict is Verdict.RELEASED:
                untried.append({"delivery": delivery, "now": self.now})
            elif (delay := _delay(result, chance)) is not None:
                postponed.append(self._postponed(result, delay))
            else:
                finished["dead"].append(delivery)
                dead.append(_dead_letter(result))
        for outcome, deliveries in finished.items():
            self._finish(execute, outcome, deliveries)
        for statement, several in ((postpone_delivery, postponed), (give_delivery_back, untried)):
            if several:
                execute(statement, several)
        return tuple(dead)

    def _finish(self, execute: Execute, outcome: str, deliveries: list[int]) -> None:
        values = {"outcome": outcome, "now": self.now}
        if not deliveries:
            return
        if execute.dialect == "postgresql":
            execute(finish_deliveries, {**values, "deliveries": deliveries})
        else:
            execute(finish_delivery, [{**values, "delivery": each} for each in deliveries])

    def _postponed(self, result: Result, delay: float) -> dict[str, object]:
        return {
            "delivery": result.claimed.id,
            "attempts": result.claimed.attempts + result.verdict.counts,
            "next_at": result.ended_at + round(delay * _SECOND),
            "now": self.now,
        }

    def _record(self, execute: Execute, kept: Sequence[bool]) -> None:
        attempts = [
            _attempt(result, is_kept=is_kept)
            for result, is_kept in zip(self.results, kept, strict=True)
            if result.verdict is not Verdict.RELEASED
        ]
        if not attempts:
            return
        if execute.dialect == "postgresql":
            execute(insert_attempts, {name: [each[name] for each in attempts] for name in attempts[0]})
        else:
            execute(insert_attempt, attempts)

    def _change_endpoints(
        self, execute: Execute, failing: dict[str, Breaker], kept: Sequence[bool]
    ) -> tuple[DisabledEndpoint, ...]:
        after = dict(failing)
        disabled: dict[str, DisabledEndpoint] = {}
        for result, is_kept in zip(self.results, kept, strict=True):
            endpoint = result.claimed.target.id
            if endpoint not in failing or result.verdict is Verdict.RELEASED or not is_kept:
                continue
            after[endpoint] = _breaker_after(after[endpoint], result, self.policy)
            reason = self._why_disabled(after[endpoint], result)
            if reason is not None:
                disabled.setdefault(endpoint, _disabled(result, reason))
        for endpoint, breaker in after.items():
            execute(change_breaker, _breaker_values(endpoint, breaker))
        return tuple(
            each
            for endpoint, each in disabled.items()
            if execute(disable_endpoint, {"endpoint": endpoint, "reason": each.reason, "now": self.now})
        )

    def _why_disabled(self, breaker: Breaker, result: Result) -> str | None:
        if result.verdict is Verdict.GONE:
            return _GONE
        if result.verdict.blame and is_hopeless(breaker, result.ended_at, self.policy):
            return f"nothing but failures for {self.policy.disable_after / _HOUR:g} hours"
        return None


@dataclass(frozen=True, slots=True)
class Turned:
    """What came of a `Turn`.

    Attributes:
        settled: Of its results.
        claims: What the worker got.
    """

    settled: Settled
    claims: Claims


@dataclass(frozen=True, slots=True)
class Turn:
    """Settle and claim in one transaction: one commit for both, and places that got free count at once.

    Attributes:
        settle: What to write down, if anything.
        claim: What to look for, if anything.
    """

    writes: ClassVar[bool] = True

    settle: Settle | None
    claim: Claim | None

    def run(self, execute: Execute) -> Turned:
        """Do both."""
        settled = Settled() if self.settle is None else self.settle.run(execute)
        return Turned(settled, Claims() if self.claim is None else self.claim.run(execute))


def _delay(result: Result, chance: float) -> float | None:
    """Seconds until the next attempt; None where there is none."""
    verdict, schedule = result.verdict, result.claimed.target.schedule
    if verdict is Verdict.PREVENTED:
        return _WAIT_WHEN_PREVENTED * (1 + JITTER * chance)
    if verdict is Verdict.UNREACHED:
        return _WAIT_WHEN_UNREACHED * (1 + JITTER * chance)
    throttled = verdict is Verdict.THROTTLED
    return next_delay(result.claimed.attempts + 1, schedule, chance, result.retry_after, throttled=throttled)


def _breaker_after(breaker: Breaker, result: Result, policy: BreakerPolicy) -> Breaker:
    success = result.verdict is Verdict.DELIVERED
    return record(breaker, result.ended_at, policy, success=success, blame=result.verdict.blame)


def _attempt(result: Result, *, is_kept: bool) -> dict[str, object]:
    said = [part for part in (result.error, None if is_kept else _LOST) if part]
    return {
        "delivery_id": result.claimed.id,
        # Of those that the schedule grants; what costs none has none.
        "number": result.claimed.attempts + 1 if result.verdict.counts else 0,
        "at": result.at,
        "status": result.status,
        "duration_ms": (result.ended_at - result.at) / 1000,
        "error": "; ".join(said)[:_ENOUGH_ERROR] or None,
        "response": result.response,
    }


def _dead_letter(result: Result) -> DeadLetter:
    claimed = result.claimed
    return DeadLetter(
        event_type=claimed.event_type,
        event_id=claimed.event_id,
        endpoint_id=claimed.target.id,
        delivery_id=claimed.id,
        attempts=claimed.attempts + 1,
        status=result.status,
        error=result.error,
    )


def _disabled(result: Result, reason: str) -> DisabledEndpoint:
    claimed = result.claimed
    return DisabledEndpoint(
        endpoint_id=claimed.target.id,
        reason=reason,
        event_type=claimed.event_type,
        event_id=claimed.event_id,
    )


def _breaker_values(endpoint: str, breaker: Breaker) -> dict[str, object]:
    return {
        "endpoint": endpoint,
        "breaker": breaker.state,
        "failures": breaker.failures,
        "since": breaker.failing_since,
        "until": breaker.until,
    }
