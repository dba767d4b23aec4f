"""The loop that tenacity drives; what `retrying` promises is in test_retry."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from hamilton_sdk._tenacity import aloop, loop
from hamilton_sdk.retry import Decision, Reason

AGAIN = Decision(0.5, Reason.RETRY)
STOP = Decision(None, Reason.FINAL)


class Run:
    """Runs a script of results and exceptions through one of the loops."""

    def __init__(self, *script: Any, stop_after: int) -> None:
        self.script = script
        self.stop_after = stop_after
        self.asked: list[tuple[int, Any, Exception | None]] = []
        self.slept: list[float] = []
        self.numbers: list[int] = []

    def attempt(self, number: int) -> Any:
        self.numbers.append(number)
        each = self.script[number - 1]
        if isinstance(each, BaseException):
            raise each
        return each

    def after(self, number: int, result: Any, error: Exception | None) -> Decision:
        self.asked.append((number, result, error))
        return STOP if number >= self.stop_after else AGAIN

    def blocking(self) -> Any:
        return loop(self.attempt, self.after, self.slept.append)

    def awaiting(self) -> Any:
        async def attempt(number: int) -> Any:
            return self.attempt(number)

        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)

        return asyncio.run(aloop(attempt, self.after, sleep))


@pytest.fixture(params=[Run.blocking, Run.awaiting], ids=["sync", "async"])
def go(request: pytest.FixtureRequest) -> Callable[[Run], Any]:
    return request.param


def test_a_first_success_needs_nothing_more(go):
    run = Run("a", stop_after=1)
    assert go(run) == "a"
    assert (run.numbers, run.asked, run.slept) == ([1], [(1, "a", None)], [])


def test_results_and_errors_are_repeated_as_decided(go):
    error = OSError("x")
    run = Run("a", error, "c", stop_after=3)
    assert go(run) == "c"
    assert run.numbers == [1, 2, 3]
    assert run.asked == [(1, "a", None), (2, None, error), (3, "c", None)]
    assert run.slept == [0.5, 0.5]


@pytest.mark.parametrize("length", [1, 2, 3])
def test_the_last_error_is_raised_itself(go, length):
    errors = [OSError(str(number)) for number in range(length)]
    run = Run(*errors, stop_after=length)
    with pytest.raises(OSError, match=str(length - 1)) as caught:
        go(run)
    assert caught.value is errors[-1]
    assert len(run.asked) == length


def test_a_last_result_is_returned_even_if_it_is_a_failure(go):
    assert go(Run("busy", "busy again", stop_after=2)) == "busy again"


@pytest.mark.parametrize("position", [0, 1, 2])
def test_ctrl_c_is_never_repeated_nor_asked_about(go, position):
    script = ["a", "b", "c"]
    script[position] = KeyboardInterrupt()
    run = Run(*script, stop_after=9)
    with pytest.raises(KeyboardInterrupt):
        go(run)
    assert run.numbers == list(range(1, position + 2))
    assert len(run.asked) == position


def test_none_is_a_result_like_any_other(go):
    run = Run(None, None, stop_after=2)
    assert go(run) is None
    assert run.numbers == [1, 2]
