"""The async store keeps the sync store's promises, without blocking the event loop."""

from __future__ import annotations

import asyncio
import gc
import inspect
import multiprocessing
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any

import psycopg
import pytest

from hamilton_sdk.errors import ConfigurationError, StoreError
from hamilton_sdk.store import AsyncStore, Store
from tests.servers.postgresql import Server
from tests.store.notes import Add, AddThen, Names
from tests.store.test_engine import Broken, fail, kill_connection


@pytest.fixture
async def store(address: str) -> AsyncIterator[AsyncStore]:
    async with AsyncStore(address) as opened:
        yield opened


def test_the_twins_take_the_same() -> None:
    assert inspect.signature(Store).parameters == inspect.signature(AsyncStore).parameters
    for name in ("perform", "perform_on", "close"):
        ours, theirs = inspect.signature(getattr(Store, name)), inspect.signature(getattr(AsyncStore, name))
        assert list(ours.parameters) == list(theirs.parameters)


async def test_what_an_operation_wrote_is_there_once_it_returned(store: AsyncStore) -> None:
    assert await store.perform(Add(("a", "b"))) == 2
    assert await store.perform(Names()) == ["a", "b"]


async def test_nothing_stays_of_an_operation_that_fails(store: AsyncStore) -> None:
    with pytest.raises(Broken):
        await store.perform(AddThen("a", fail))
    assert await store.perform(Names()) == []


async def test_an_error_of_the_database_is_one_of_ours(store: AsyncStore) -> None:
    await store.perform(Add(("Durand",)))
    with pytest.raises(StoreError) as caught:
        await store.perform(Add(("Durand",)))
    assert "Durand" not in str(caught.value)


async def test_tasks_share_a_store(store: AsyncStore) -> None:
    await asyncio.gather(*[store.perform(Add((f"{number:03}",))) for number in range(100)])
    assert len(await store.perform(Names())) == 100


async def test_it_opens_on_first_use_once(address: str) -> None:
    store = AsyncStore(address)
    await asyncio.gather(store.perform(Names()), store.perform(Names()), store.open())
    await store.close()


async def test_it_may_be_awaited(address: str) -> None:
    store = await AsyncStore(address)
    assert await store.perform(Names()) == []
    await store.close()


async def test_a_closed_store_says_so(store: AsyncStore) -> None:
    await store.close()
    await store.close()
    with pytest.raises(ConfigurationError, match="AsyncStore is closed"):
        await store.perform(Names())


async def test_an_unclosed_store_warns(sqlite_address: str) -> None:
    store = await AsyncStore(sqlite_address)
    inner: Any = store._open
    with pytest.warns(ResourceWarning, match="unclosed AsyncStore"):
        del store
        gc.collect()
    await inner.close()


def test_it_belongs_to_one_event_loop(address: str) -> None:
    store = AsyncStore(address)
    with asyncio.Runner() as first, asyncio.Runner() as second:
        first.run(store.open())
        with pytest.raises(ConfigurationError, match="another event loop"):
            second.run(store.perform(Names()))
        first.run(store.close())


async def test_the_loop_goes_on_while_sqlite_waits(sqlite_address: str) -> None:
    async with AsyncStore(sqlite_address, busy_timeout=30) as store:
        with closing(sqlite3.connect(sqlite_address)) as other:
            other.execute("BEGIN IMMEDIATE")
            writing = asyncio.ensure_future(store.perform(Add(("a",))))
            await asyncio.sleep(0)
            assert await store.perform(Names()) == []
            assert not writing.done()
            other.rollback()
        assert await writing == 1


async def test_what_is_cancelled_on_postgresql_is_rolled_back(postgresql_address: str) -> None:
    async with AsyncStore(postgresql_address) as store:
        with psycopg.connect(postgresql_address) as other:
            other.execute("LOCK TABLE hamilton_processed")
            writing = asyncio.ensure_future(store.perform(Add(("a",))))
            while other.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone() is None:
                await asyncio.sleep(0.01)
            writing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await writing
            other.rollback()
        assert await store.perform(Names()) == []


async def test_a_connection_lost_on_the_way_is_made_anew(postgresql_address: str) -> None:
    ran = 0

    def once(execute: Any) -> None:
        nonlocal ran
        ran += 1
        if ran == 1:
            execute(kill_connection)

    async with AsyncStore(postgresql_address) as store:
        await store.perform(AddThen("a", once))
        assert (ran, await store.perform(Names())) == (2, ["a"])


async def test_a_server_that_went_away_is_told_and_used_again_once_it_is_back(own_postgresql: Server) -> None:
    async with AsyncStore(own_postgresql.url) as store:
        await store.perform(Add(("before",)))
        own_postgresql.stop("immediate")
        with pytest.raises(StoreError):
            await store.perform(Add(("meanwhile",)))
        own_postgresql.start()
        await store.perform(Add(("after",)))
        assert await store.perform(Names()) == ["after", "before"]


async def test_a_database_that_cannot_be_opened_is_told_without_its_password() -> None:
    store = AsyncStore("postgresql://hamilton:s3cret@127.0.0.1:1/hooks")
    with pytest.raises(StoreError) as caught:
        await store.open()
    assert "s3cret" not in f"{caught.value!r}{store!r}"


def _in_child(store: AsyncStore) -> None:
    async def add() -> list[str]:
        await store.perform(Add(("child",)))
        return await store.perform(Names())

    os._exit(0 if "child" in asyncio.run(add()) else 1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_a_fork_opens_its_own_connections(address: str) -> None:
    store = AsyncStore(address)
    with asyncio.Runner() as runner:
        runner.run(store.perform(Add(("parent",))))
        child = multiprocessing.get_context("fork").Process(target=_in_child, args=(store,))
        child.start()
        child.join()
        assert child.exitcode == 0
        assert runner.run(store.perform(Names())) == ["child", "parent"]
        runner.run(store.close())
