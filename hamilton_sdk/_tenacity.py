"""The retry loop, by tenacity; the only file that knows it.

`hamilton_sdk.retry.decide` decides, tenacity repeats. The first attempt is made before tenacity is entered
and then handed to it as its own first attempt: most calls need no second one, and entering costs 17
microseconds (34 where it awaits).
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Generic, ParamSpec, TypeVar, cast

from tenacity import AsyncRetrying, RetryCallState, Retrying, stop_never

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.retry import Decision, Outcome, RetryPolicy, Safety, decide

if TYPE_CHECKING:
    from hamilton_sdk.clock import Clock

__all__ = ["After", "aloop", "loop", "wrap_function"]

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")

After = Callable[[int, T | None, Exception | None], Decision]
"""Called once after each attempt, with its number and its result or its exception."""


class _Loop(Generic[T]):
    """One call's state, read by tenacity's strategies."""

    __slots__ = ("after", "delay", "error", "number", "result")

    def __init__(self, after: After[T], result: T | None, error: Exception | None, delay: float) -> None:
        self.after = after
        self.number = 1
        self.result = result
        self.error = error
        self.delay = delay

    def settle(self) -> bool:
        """Decide on the attempt just made; whether there is another."""
        decision = self.after(self.number, self.result, self.error)
        if decision.delay is None:
            return False
        self.delay = decision.delay
        return True

    def replay(self) -> T:
        """The result, or the exception, of the attempt just made."""
        if self.error is not None:
            raise self.error
        return cast("T", self.result)

    def again(self, state: RetryCallState) -> bool:
        """Tenacity's ``retry``: the first attempt is decided on before tenacity is entered."""
        failed = state.outcome is not None and state.outcome.failed
        if failed and self.error is None:
            return False  # cancellation or Ctrl-C: not ours to repeat
        return self.settle() if self.number > 1 else True

    def wait(self, _state: RetryCallState) -> float:
        """Tenacity's ``wait``."""
        self.number += 1
        self.result = self.error = None
        return self.delay


def loop(attempt: Callable[[int], T], after: After[T], sleep: Callable[[float], None]) -> T:
    """Repeat an attempt as `after` decides.

    Args:
        attempt: Gets the attempt's number, from 1.
        after: Decides after each attempt.
        sleep: Waits for so many seconds.

    Returns:
        The last attempt's result; its exception is raised.
    """
    try:
        result = attempt(1)
    except Exception as error:
        decision = after(1, None, error)
        if decision.delay is None:
            raise
        state = _Loop[T](after, None, error, decision.delay)
    else:
        decision = after(1, result, None)
        if decision.delay is None:
            return result
        state = _Loop(after, result, None, decision.delay)

    def once() -> T:
        try:
            result = attempt(state.number)
        except Exception as error:
            state.error = error
            raise
        state.result = result
        return result

    def step() -> T:
        return state.replay() if state.number == 1 else once()

    return Retrying(retry=state.again, stop=stop_never, wait=state.wait, sleep=sleep, reraise=True)(step)


async def aloop(
    attempt: Callable[[int], Awaitable[T]],
    after: After[T],
    sleep: Callable[[float], Awaitable[None]],
) -> T:
    """The same for coroutines; see `loop`."""
    try:
        result = await attempt(1)
    except Exception as error:
        decision = after(1, None, error)
        if decision.delay is None:
            raise
        state = _Loop[T](after, None, error, decision.delay)
    else:
        decision = after(1, result, None)
        if decision.delay is None:
            return result
        state = _Loop(after, result, None, decision.delay)

    async def once() -> T:
        try:
            result = await attempt(state.number)
        except Exception as error:
            state.error = error
            raise
        state.result = result
        return result

    async def step() -> T:
        return state.replay() if state.number == 1 else await once()

    return await AsyncRetrying(
        retry=state.again, stop=stop_never, wait=state.wait, sleep=sleep, reraise=True
    )(step)


def wrap_function(
    function: Callable[P, R],
    policy: RetryPolicy,
    safety: Safety,
    outcome: Callable[[Exception], Outcome],
    clock: Clock | None,
) -> Callable[P, R]:
    """What `hamilton_sdk.retry.retrying` makes of a function; see there."""
    watch = clock or SystemClock()

    def judged(started: float) -> After[object]:
        def after(number: int, _result: object, error: Exception | None) -> Decision:
            known = Outcome.DONE if error is None else outcome(error)
            wait = getattr(error, "retry_after", None)
            if not isinstance(wait, (int, float)):
                wait = None  # another library's error, which may mean anything by it
            elapsed = watch.monotonic() - started
            return decide(policy, number, known, safety, elapsed, wait, random.random())  # noqa: S311 (jitter)

        return after

    if inspect.iscoroutinefunction(function):

        async def awaiting(*args: P.args, **kwargs: P.kwargs) -> object:
            return await aloop(
                lambda _: function(*args, **kwargs),
                judged(watch.monotonic()),
                watch.asleep,
            )

        return cast("Callable[P, R]", awaiting)

    def blocking(*args: P.args, **kwargs: P.kwargs) -> R:
        after = cast("After[R]", judged(watch.monotonic()))
        return loop(lambda _: function(*args, **kwargs), after, watch.sleep)

    return blocking
