"""A message is processed once, however often and however concurrently it comes."""

from __future__ import annotations

import inspect
import multiprocessing
import threading
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks import AsyncInbox, Inbox
from hamilton_sdk.webhooks.inbox import RETENTION
from hamilton_sdk.webhooks.schedule import SCHEDULE
from tests.store.notes import CONNECTIONS, connected, url_of
from tests.webhooks.boxes import connection_to


def test_a_redelivery_is_told(inbox: Any) -> None:
    assert [inbox.accept("msg_1"), inbox.accept("msg_1"), inbox.accept("msg_2")] == [True, False, True]


def test_the_longest_id_of_the_longest_source_is_kept(inbox: Any) -> None:
    """In characters that take four bytes each: the index of PostgreSQL must hold them."""
    longest, source = "\U0001f512" * 512, "\U0001f512" * 128
    assert inbox.accept(longest, source=source) is True
    assert inbox.accept(longest, source=source) is False


def test_senders_are_kept_apart(inbox: Any) -> None:
    assert inbox.accept("msg_1", source="hamilton")
    assert inbox.accept("msg_1", source="stripe")
    assert not inbox.accept("msg_1", source="stripe")
    assert inbox.accept("msg_1")


@pytest.mark.parametrize(("driver", "shape"), CONNECTIONS)
def test_it_stands_or_falls_with_the_callers_transaction(
    request: pytest.FixtureRequest, driver: str, shape: str
) -> None:
    place = request.getfixturevalue("sqlite_address" if driver == "pysqlite" else "postgresql_address")
    with Inbox.open(place) as inbox, connected(place, driver, shape) as connection:
        assert inbox.accept("a", connection)
        connection.rollback()
        assert inbox.accept("a", connection)
        assert not inbox.accept("a", connection)
        connection.commit()
        assert not inbox.accept("a")


@pytest.mark.parametrize("driver", ["aiosqlite", "psycopg", "asyncpg"])
async def test_it_stands_or_falls_with_an_awaited_transaction(
    request: pytest.FixtureRequest, driver: str
) -> None:
    place = request.getfixturevalue("sqlite_address" if driver == "aiosqlite" else "postgresql_address")
    engine = create_async_engine(url_of(place, driver))
    async with AsyncInbox.open(place) as inbox, engine.connect() as connection:
        assert await inbox.accept("a", connection)
        await connection.rollback()
        assert await inbox.accept("a", connection)
        await connection.commit()
        assert not await inbox.accept("a", connection)
    await engine.dispose()


def _process(address: str, start: Any, worker: int) -> None:
    """A receiver: accepts a message and does its work in one transaction, unless it was done before."""
    with Inbox.open(address) as inbox, closing(connection_to(inbox)) as connection:
        mark = "?" if inbox.store.dialect == "sqlite" else "%s"
        start.wait()
        for number in range(20):
            if inbox.accept(f"msg_{number}", connection):
                connection.execute(f"INSERT INTO work VALUES ({mark}, {mark})", (number, worker))
                # Half of them fail after all: another redelivery does it.
                connection.rollback() if worker == number % 4 else connection.commit()
            else:
                connection.commit()


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_of_concurrent_redeliveries_one_does_the_work(address: str, kind: str) -> None:
    with Inbox.open(address) as inbox, closing(connection_to(inbox)) as connection:
        connection.execute("CREATE TABLE work (message INTEGER, worker INTEGER)")
        connection.commit()
        context = multiprocessing.get_context("spawn")
        count = 4 if kind == "threads" else 2
        start = threading.Barrier(count) if kind == "threads" else context.Barrier(count)
        make: Any = threading.Thread if kind == "threads" else context.Process
        workers = [make(target=_process, args=(address, start, number)) for number in range(count)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        rows = connection.execute(
            "SELECT message, count(*) FROM work GROUP BY message ORDER BY message"
        ).fetchall()
        assert max(count for _, count in rows) == 1
        # What was rolled back was left for whoever came after; with nobody after, it is accepted anew.
        done = {message for message, _ in rows}
        assert all(inbox.accept(f"msg_{number}") is (number not in done) for number in range(20))


def test_what_is_old_is_forgotten(inbox: Any) -> None:
    inbox.accept("old")
    inbox.clock.advance(RETENTION.total_seconds() + 1)
    inbox.accept("new")
    assert inbox.purge() == 1
    assert inbox.accept("old")
    assert not inbox.accept("new")
    inbox.clock.advance(60)
    assert inbox.purge(timedelta(seconds=30)) == 2


def test_ids_are_kept_longer_than_senders_try() -> None:
    assert timedelta(seconds=sum(SCHEDULE)) * 2 < RETENTION


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda inbox: inbox.accept(""), ConfigurationError),
        (lambda inbox: inbox.accept("a" * 513), ConfigurationError),
        (lambda inbox: inbox.accept("a", source="s" * 129), ConfigurationError),
        (lambda inbox: inbox.accept("a\0"), ConfigurationError),
        (lambda inbox: inbox.accept("\ud800"), ConfigurationError),
        (lambda inbox: inbox.accept(None), TypeError),
        (lambda inbox: inbox.accept("a", source=5), TypeError),
        (lambda inbox: inbox.accept("a", "store.db"), TypeError),
        (lambda inbox: inbox.purge(timedelta(0)), ConfigurationError),
        (lambda inbox: inbox.purge(30), TypeError),
    ],
)
def test_arguments_that_make_no_sense_are_refused(inbox: Any, call: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        call(inbox)


def test_the_twins_agree_in_all_but_the_awaiting() -> None:
    def members(kind: type) -> dict[str, Any]:
        return {name: member for name, member in vars(kind).items() if not name.startswith("_")}

    assert set(members(Inbox)) == set(members(AsyncInbox)) == {"open", "accept", "purge", "close"}
    for name, twin in members(AsyncInbox).items():
        ours = members(Inbox)[name]
        assert inspect.getdoc(ours) == inspect.getdoc(twin)
        theirs = str(inspect.signature(getattr(AsyncInbox, name))).replace("AsyncCallers", "Callers")
        assert str(inspect.signature(getattr(Inbox, name))) == theirs
        assert inspect.iscoroutinefunction(twin) is (name != "open")


async def test_an_async_inbox_may_be_awaited(address: str) -> None:
    inbox = await AsyncInbox.open(address)
    assert await inbox.accept("a")
    await inbox.close()


def test_its_repr_names_where_it_is(inbox: Any) -> None:
    assert str(inbox.store.address) in repr(inbox)
