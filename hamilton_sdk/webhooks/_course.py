"""The course of a dispatcher: when it claims, begins, settles and waits. One body for threads and for tasks.

It yields what must be done and is told what came of it. A `Query` is for the runner; `Begin` and `Wait` are
for the dispatcher, which alone knows what a thread or a task is.

Results are settled in batches, together with the next claim in one transaction: as soon as half of the places
have finished, when nothing is left to begin, or after a moment.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from hamilton_sdk.errors import StoreError
from hamilton_sdk.flow import Query
from hamilton_sdk.webhooks._claiming import Claim
from hamilton_sdk.webhooks._places import Places
from hamilton_sdk.webhooks._settling import Settle, Turn
from hamilton_sdk.webhooks._time import micros, span
from hamilton_sdk.webhooks.delivering import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from datetime import timedelta

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.store.operation import Operation
    from hamilton_sdk.webhooks._claiming import Room
    from hamilton_sdk.webhooks._settling import Settled, Turned
    from hamilton_sdk.webhooks._unsent import Unsent
    from hamilton_sdk.webhooks.breaker import BreakerPolicy
    from hamilton_sdk.webhooks.delivering import Claimed, Result
    from hamilton_sdk.webhooks.hooks import DeliveryHooks

__all__ = ["Begin", "Course", "Step", "Wait"]

T = TypeVar("T")

_logger: Final = logging.getLogger("hamilton_sdk.webhooks")

_MOMENT: Final = 0.05
"""Seconds that a result waits for company, at most."""
_POLL: Final = 1.0
"""Seconds between two looks for what has become due, where nobody tells."""
_OTHERS: Final = 0.02
"""Seconds before another look where other workers were just claiming."""
_PAUSES: Final = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds between tries while the store fails."""
_TRIES: Final = 3
"""Tries to reach a failing store before a dispatcher that is to end does so."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin deliveries, each in a thread or a task of its own.

    Attributes:
        deliveries: Places were taken for them.
    """

    deliveries: tuple[Claimed, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait until woken; the answer is whether it was.

    Attributes:
        seconds: At most.
    """

    seconds: float


Step: TypeAlias = Query | Begin | Wait


class Course:
    """One worker's work, from the first claim to the last result.

    Args:
        worker: Whose leases they are.
        places: Deliveries under way at the same time, at most.
        clock: The time.
        chance: Draws a number in ``[0, 1)``.
        lease: How long a delivery is the worker's.
        breaker: When endpoints get a rest.
        hooks: What the application wants to hear about.
        unsent: What it has heard of what could not be sent.
        wake: Ends a `Wait`; may be called from any thread.
        check: Done before the first claim; what it raises ends the course.

    Attributes:
        attempts: How many deliveries were tried.
    """

    def __init__(
        self,
        *,
        worker: str,
        places: int,
        clock: Clock,
        chance: Callable[[], float],
        lease: timedelta,
        breaker: BreakerPolicy,
        hooks: DeliveryHooks,
        unsent: Unsent,
        wake: Callable[[], None],
        check: Operation[None] | None = None,
    ) -> None:
        self.attempts = 0
        self._worker = worker
        self._places = Places(places)
        self._clock = clock
        self._chance = chance
        self._lease = span(lease)
        self._breaker = breaker
        self._hooks = hooks
        self._unsent = unsent
        self._wake = wake
        self._check = check
        self._look = True
        self._stopping = False
        self._ends = math.inf

    def end_after(self, duration: timedelta) -> None:
        """Stop by itself, once so much time has passed from now."""
        self._ends = self._clock.monotonic() + duration.total_seconds()

    def stop(self) -> None:
        """Claim and begin nothing more: finish what is under way, give the rest back."""
        self._stopping = True
        self._wake()

    def look(self) -> None:
        """Look for deliveries now: something was published."""
        self._look = True
        self._wake()

    def finish(self, result: Result) -> Claimed | None:
        """Note what came of a delivery; the next one for its place, if there is one."""
        following, pressing = self._places.finish(result, then_begin=not self._stopping)
        if pressing:
            self._wake()
        return following

    def steps(self, *, until_stopped: bool) -> Generator[Step, Any, None]:
        """What to do.

        Args:
            until_stopped: Whether to go on where nothing is due.

        Raises:
            ConfigurationError: Thrown in by what is checked first.
            StoreError: Thrown in, and there is no reason to wait for the store to come back.
        """
        flush, failures = False, 0
        while True:
            self._stopping = self._stopping or self._clock.monotonic() >= self._ends
            results = self._results(flush=flush)
            room = self._places.room()
            if results or (self._look and not self._stopping and room.free):
                try:
                    yield from self._turn(results, room)
                except StoreError as error:
                    failures += 1
                    self._note(error, failures)
                    if failures >= _TRIES and (self._stopping or not until_stopped):
                        raise
                    yield Wait(_PAUSES[min(failures, len(_PAUSES)) - 1])
                else:
                    failures = 0
                continue
            if self._places.is_clear and (self._stopping or not until_stopped):
                return
            flush = yield from self._wait()

    def _results(self, *, flush: bool) -> tuple[Result, ...]:
        if self._stopping:
            self._places.clear_stock(micros(self._clock.now()))
        if flush or self._stopping or self._places.is_pressing:
            return self._places.take_results()
        return ()

    def _wait(self) -> Generator[Step, Any, bool]:
        """Wait; whether results have waited long enough."""
        waiting = self._places.has_results
        woken: bool = yield Wait(_MOMENT if waiting else _POLL)
        if woken:
            return False
        self._look = self._look or not waiting
        return waiting

    def _turn(self, results: tuple[Result, ...], room: Room) -> Generator[Step, Any, None]:
        self._look = False
        try:
            if self._check is not None:
                yield Query(self._check)
                self._check = None
            turned: Turned = yield Query(self._operation(results, room))
        except BaseException:
            self._look = True
            self._places.put_back(results)
            raise
        self.attempts += sum(each.verdict is not Verdict.RELEASED for each in results)
        self._places.add(turned.claims.deliveries)
        self._tell(turned.settled, results)
        if not self._stopping:
            begun = self._places.begin()
            if begun:
                yield Begin(begun)
        if turned.claims.contended:
            yield Wait(_OTHERS)
            self._look = True

    def _operation(self, results: tuple[Result, ...], room: Room) -> Turn:
        now = micros(self._clock.now())
        settle = claim = None
        if results:
            settle = Settle(
                worker=self._worker,
                now=now,
                results=results,
                chances=tuple(self._chance() for _ in results),
                policy=self._breaker,
            )
        if room.free and not self._stopping:
            claim = Claim(worker=self._worker, now=now, lease_until=now + self._lease, room=room)
        return Turn(settle, claim)

    def _tell(self, settled: Settled, results: tuple[Result, ...]) -> None:
        for dead in settled.dead:
            _call(self._hooks.on_dead_letter, dead)
        for disabled in settled.disabled:
            _call(self._hooks.on_endpoint_disabled, disabled)
        for unsent in self._unsent.news(results):
            _logger.warning("nothing can be sent to endpoint %s: %s", unsent.endpoint_id, unsent.error)
            _call(self._hooks.on_unsent, unsent)

    def _note(self, error: StoreError, failures: int) -> None:
        if failures == 1:
            _logger.warning("deliveries pause: %s", error)


def _call(hook: Callable[[T], None], happened: T) -> None:
    try:
        hook(happened)
    except Exception:
        # What a hook of the application's does wrong must not cost anybody a delivery.
        _logger.exception("a delivery hook failed")
