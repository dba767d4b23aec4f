"""The first attempt to succeed counts, none waits long for another, and nothing of the others is left."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from hamilton_sdk.transport._racing import HEAD_START, first

FOR_EVER = 3600.0


class Attempts:
    """What was begun, in order, and what was taken back."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.stopped: list[str] = []
        self.undone: list[str] = []

    async def succeeds(self, name: str, after: asyncio.Event | None = None) -> str:
        self.begun.append(name)
        if after is not None:
            await after.wait()
        return name

    async def fails(self, name: str, after: asyncio.Event | None = None) -> str:
        await self.succeeds(name, after)
        raise ConnectionRefusedError(name)

    async def is_silent(self, name: str) -> str:
        self.begun.append(name)
        try:
            await asyncio.sleep(FOR_EVER)
        except asyncio.CancelledError:
            self.stopped.append(name)
            raise
        return name

    async def is_late(self, name: str) -> str:
        """Done already when it is told to stop."""
        self.begun.append(name)
        try:
            await asyncio.sleep(FOR_EVER)
        except asyncio.CancelledError:
            return name
        return name

    async def undo(self, name: str) -> None:
        self.undone.append(name)


@pytest.fixture
def tried() -> Attempts:
    return Attempts()


def test_a_head_start_is_a_quarter_of_a_second():
    """As RFC 8305 recommends."""
    assert HEAD_START == 0.25


async def test_while_the_first_may_still_succeed_no_other_begins(tried):
    found = await first([partial(tried.succeeds, "a"), partial(tried.succeeds, "b")], tried.undo, FOR_EVER)
    assert (found, tried.begun, tried.undone) == ("a", ["a"], [])


@pytest.mark.parametrize("number", [1, 2])
async def test_one_that_fails_makes_way_at_once(tried, number):
    failing = [partial(tried.fails, str(each)) for each in range(number)]
    assert await first([*failing, partial(tried.succeeds, "b")], tried.undo, FOR_EVER) == "b"


async def test_one_that_does_not_answer_is_joined_by_the_next_and_stopped_at_the_end(tried):
    found = await first([partial(tried.is_silent, "a"), partial(tried.succeeds, "b")], tried.undo, 0.0)
    assert (found, tried.begun, tried.stopped) == ("b", ["a", "b"], ["a"])


async def test_the_first_may_win_after_others_joined_in(tried):
    go = asyncio.Event()

    async def joins() -> str:
        go.set()
        return await tried.is_silent("b")

    assert await first([partial(tried.succeeds, "a", go), joins], tried.undo, 0.01) == "a"
    assert tried.stopped == ["b"]


async def test_one_that_fails_late_does_not_end_the_others(tried):
    failed, go = asyncio.Event(), asyncio.Event()

    async def joins() -> str:
        failed.set()
        asyncio.get_running_loop().call_later(0.01, go.set)
        return await tried.succeeds("b", go)

    assert await first([partial(tried.fails, "a", failed), joins], tried.undo, 0.01) == "b"


async def test_what_comes_too_late_is_taken_back(tried):
    found = await first([partial(tried.is_late, "a"), partial(tried.succeeds, "b")], tried.undo, 0.01)
    assert (found, tried.undone) == ("b", ["a"])


@pytest.mark.parametrize("names", ["a", "ab", "abc"])
async def test_where_none_succeeds_the_last_failure_is_told(tried, names):
    attempts = [partial(tried.fails, name) for name in names]
    with pytest.raises(ConnectionRefusedError, match=names[-1]):
        await first(attempts, tried.undo)
    assert tried.begun == list(names)


async def test_the_last_failure_is_told_after_all_have_failed(tried):
    go = asyncio.Event()

    async def joins() -> str:
        asyncio.get_running_loop().call_later(0.01, go.set)
        return await tried.fails("b")

    with pytest.raises(ConnectionRefusedError, match="b"):
        await first([partial(tried.fails, "a", go), joins], tried.undo, 0.01)
    assert go.is_set()


async def test_who_is_stopped_stops_all(tried):
    attempts = [partial(tried.is_silent, "a"), partial(tried.is_silent, "b")]
    running = asyncio.create_task(first(attempts, tried.undo, 0.0))
    while len(tried.begun) < 2:
        await asyncio.sleep(0.001)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert sorted(tried.stopped) == ["a", "b"]
