"""What every connector promises about opening, closing, options and lists."""

from __future__ import annotations

import asyncio
import gc
import inspect
import os
import warnings
from typing import Any

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.flow import Flow, Page, Request, Response, Sleep
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.shell import AsyncPager, AsyncShell, Pager, Shell
from tests.runner.rig import Plain, ask


class Remembering:
    """A transport that remembers its use and its closing."""

    def __init__(self) -> None:
        self.closed = 0
        self.timeouts: list[float | None] = []

    def send(self, request: Request, timeout: float | None) -> Response:
        self.timeouts.append(timeout)
        return Response(200)

    def close(self) -> None:
        self.closed += 1


class AsyncRemembering(Remembering):
    async def send(self, request: Request, timeout: float | None) -> Response:  # type: ignore[override]  # async twin
        return super().send(request, timeout)

    async def close(self) -> None:  # type: ignore[override]  # async twin
        super().close()


class Door(Shell[Plain]):
    def knock(self) -> int:
        return self._run(knocking(), "knock")


class AsyncDoor(AsyncShell[Plain]):
    async def knock(self) -> int:
        return await self._run(knocking(), "knock")


def knocking() -> Flow[int]:
    answer: Response = yield ask("knock")
    return answer.status


def test_it_opens_on_first_use_and_closes_once(monkeypatch):
    wire = Remembering()
    door = Door(Plain(), transport=wire)
    assert door.knock() == 200
    door.close()
    door.close()
    assert wire.closed == 1


def test_with_opens_and_closes():
    wire = Remembering()
    with Door(Plain(), transport=wire) as door:
        door.knock()
        assert wire.closed == 0
    assert wire.closed == 1


async def test_async_with_opens_and_closes():
    wire = AsyncRemembering()
    async with AsyncDoor(Plain(), transport=wire) as door:
        assert await door.knock() == 200
        assert wire.closed == 0
    await door.close()
    assert wire.closed == 1


def test_a_closed_one_says_so():
    door = Door(Plain(), transport=Remembering())
    door.close()
    with pytest.raises(ConfigurationError, match="this Door is closed"):
        door.knock()


async def test_a_closed_async_one_says_so():
    door = AsyncDoor(Plain(), transport=AsyncRemembering())
    await door.close()
    with pytest.raises(ConfigurationError, match="this AsyncDoor is closed"):
        await door.knock()


def test_an_unclosed_one_is_reported():
    door = Door(Plain(), transport=Remembering())
    door.knock()
    with pytest.warns(ResourceWarning, match="unclosed Door"):
        del door
        gc.collect()


def test_an_unclosed_async_one_is_reported():
    async def leave() -> None:
        await AsyncDoor(Plain(), transport=AsyncRemembering()).knock()

    with pytest.warns(ResourceWarning, match="unclosed AsyncDoor"):
        asyncio.run(leave())
        gc.collect()


def test_one_that_was_never_opened_is_not_reported():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Door(Plain(), transport=Remembering())
        gc.collect()


def test_options_hold_for_the_copy_only_and_share_the_connection():
    wire = Remembering()
    with Door(Plain(), transport=wire, clock=SettableClock()) as door:
        copy = door.with_options(deadline=5.0)
        copy.knock()
        door.knock()
        copy.close()
        door.with_options(deadline=None).knock()
        door.with_options(retry=RetryPolicy(deadline=7.0)).knock()
        door.with_options(retry=RetryPolicy(deadline=7.0), deadline=8.0).knock()
    assert wire.timeouts == [5.0, 60.0, None, 7.0, 8.0]
    assert wire.closed == 1


async def test_async_options_hold_for_the_copy_only():
    wire = AsyncRemembering()
    async with AsyncDoor(Plain(), transport=wire, clock=SettableClock()) as door:
        await door.with_options(deadline=5.0).knock()
        await door.with_options(deadline=5.0).close()
        await door.knock()
    assert wire.timeouts == [5.0, 60.0]


def test_the_clock_given_is_the_one_used():
    class Sleeper(Shell[Plain]):
        def rest(self) -> None:
            def flow() -> Flow[None]:
                yield Sleep(30.0)

            self._run(flow(), "rest")

    clock = SettableClock()
    with Sleeper(Plain(), transport=Remembering(), clock=clock) as sleeper:
        sleeper.rest()
    assert clock.slept == [30.0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_after_a_fork_the_child_opens_its_own_connection(monkeypatch):
    made: list[Remembering] = []

    def opening(_given: object, _clock: object) -> Remembering:
        made.append(Remembering())
        return made[-1]

    monkeypatch.setattr("hamilton_sdk.transport.opening.open_transport", opening)
    with Door(Plain()) as door:
        door.knock()
        monkeypatch.setattr(os, "getpid", lambda: -1)
        door.knock()
        assert [wire.closed for wire in made] == [0, 0]
        monkeypatch.undo()
        door.close()
    assert len(made) == 2


def test_the_repr_names_the_adapter():
    assert repr(Door(Plain("acs.test"))).startswith("Door(Plain(name='acs.test'")


PAGES = {None: Page((1, 2), "b"), "b": Page((3,), "c"), "c": Page((), "d"), "d": Page((4,))}


def test_a_pager_reads_all_items_over_page_borders():
    assert list(Pager(PAGES.__getitem__)) == [1, 2, 3, 4]


def test_a_pager_gives_whole_pages():
    assert [page.items for page in Pager(PAGES.__getitem__).pages()] == [(1, 2), (3,), (), (4,)]


def test_a_pager_fetches_no_page_before_it_is_needed():
    fetched = []

    def fetch(token: str | None) -> Page[int]:
        fetched.append(token)
        return PAGES[token]

    items = iter(Pager(fetch))
    next(items)
    next(items)
    assert fetched == [None]
    next(items)
    assert fetched == [None, "b"]


@pytest.mark.parametrize(("read", "token"), [(1, None), (2, None), (3, "b"), (4, "d")])
def test_a_pager_resumes_without_missing_anything(read, token):
    pager = Pager(PAGES.__getitem__)
    items = iter(pager)
    got = [next(items) for _ in range(read)]
    assert pager.token == token
    assert sorted(set(got) | set(Pager(PAGES.__getitem__, pager.token))) == [1, 2, 3, 4]


async def test_the_async_pager_does_the_same():
    async def fetch(token: str | None) -> Page[int]:
        return PAGES[token]

    pager = AsyncPager(fetch)
    assert [item async for item in pager] == [1, 2, 3, 4]
    assert pager.token is None
    resumed = AsyncPager(fetch, "c")
    assert [page.items async for page in resumed.pages()] == [(), (4,)]


def members(kind: type) -> dict[str, Any]:
    return {name: member for name, member in vars(kind).items() if not name.startswith("_")}


@pytest.mark.parametrize(("sync", "twin"), [(Shell, AsyncShell), (Pager, AsyncPager)])
def test_the_twins_have_the_same_methods(sync, twin):
    assert set(members(sync)) == set(members(twin))
    for name, member in members(sync).items():
        assert (
            inspect.signature(member).parameters.keys()
            == inspect.signature(members(twin)[name]).parameters.keys()
        )
        assert inspect.getdoc(member) == inspect.getdoc(members(twin)[name])
