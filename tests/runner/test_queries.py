"""A flow's queries are performed by the store that its runner was given."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError, StoreError
from hamilton_sdk.flow import Flow, Query, Together
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.runner import AsyncRunner, Runner
from tests.runner.rig import AsyncWire, Plain, Wire, ask


class Shelf:
    """A store that gives back what it was asked for, or fails."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.asked: list[object] = []
        self._failure = failure

    def perform(self, operation: object) -> object:
        self.asked.append(operation)
        if self._failure is not None:
            raise self._failure
        return f"done: {operation}"


class AsyncShelf(Shelf):
    async def perform(self, operation: object) -> object:  # type: ignore[override]  # the async twin
        await asyncio.sleep(0)
        return super().perform(operation)


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def run(request: pytest.FixtureRequest) -> Any:
    """Run a flow with a store; the result, what the store was asked, and what was sent."""

    def run(flow: Flow[Any], *, failure: Exception | None = None, has_store: bool = True) -> Any:
        clock = SettableClock()
        if not request.param:
            shelf = Shelf(failure)
            wire = Wire(lambda *_: RuntimeError(), clock)
            runner = Runner(Plain(), wire, clock, store=shelf if has_store else None)
            return runner.run(flow, "operate", RetryPolicy()), shelf.asked

        async def main() -> Any:
            shelf = AsyncShelf(failure)
            wire = AsyncWire(lambda *_: RuntimeError(), clock)
            runner = AsyncRunner(Plain(), wire, clock, store=shelf if has_store else None)
            return await runner.run(flow, "operate", RetryPolicy()), shelf.asked

        return asyncio.run(main())

    return run


def query(operation: object) -> Flow[Any]:
    answer: object = yield Query(operation)
    return answer


def test_the_answer_is_what_the_store_gives(run: Any) -> None:
    assert run(query("count")) == ("done: count", ["count"])


def test_several_may_be_asked_at_once(run: Any) -> None:
    def several() -> Flow[Any]:
        answers: list[object] = yield Together([query(name) for name in "abc"])
        return answers

    result, asked = run(several())
    assert result == ["done: a", "done: b", "done: c"]
    assert sorted(asked) == ["a", "b", "c"]


def test_without_a_store_a_query_is_refused(run: Any) -> None:
    with pytest.raises(ConfigurationError, match="has no store"):
        run(query("count"), has_store=False)


def test_what_the_store_cannot_do_is_thrown_into_the_flow(run: Any) -> None:
    """So that a flow may go on without, or take back what it did."""

    def patient() -> Flow[Any]:
        try:
            yield Query("count")
        except StoreError as error:
            return str(error)
        return None

    assert run(patient(), failure=StoreError("the disk is full")) == ("the disk is full", ["count"])
    with pytest.raises(StoreError, match="disk is full"):
        run(query("count"), failure=StoreError("the disk is full"))


def test_a_fault_of_the_store_ends_the_flow(run: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        run(query("count"), failure=ZeroDivisionError())


def test_a_store_that_fails_while_undoing_does_not_hide_why(run: Any) -> None:
    def undoing() -> Flow[Any]:
        try:
            yield ask("create")
        finally:
            yield Query("forget")

    with pytest.raises(RuntimeError):
        run(undoing(), failure=StoreError("the disk is full"))
