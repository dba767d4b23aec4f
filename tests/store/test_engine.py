"""A store does operations in transactions: whole or not at all, whatever happens to the database."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from hamilton_sdk.errors import ConfigurationError, StoreError
from hamilton_sdk.store import Store
from hamilton_sdk.store.statement import Statement
from tests.servers.postgresql import Server
from tests.store.notes import Add, AddThen, Names


class Broken(Exception):
    """A fault of an operation's own."""


def fail(_execute: object) -> None:
    raise Broken


@Statement
def kill_connection(_tables: Any) -> Any:
    return sa.select(sa.func.pg_terminate_backend(sa.func.pg_backend_pid()))


def test_what_an_operation_wrote_is_there_once_it_returned(store: Store) -> None:
    assert store.perform(Add(("a", "b"))) == 2
    assert store.perform(Names()) == ["a", "b"]


def test_nothing_stays_of_an_operation_that_fails(store: Store) -> None:
    with pytest.raises(Broken):
        store.perform(AddThen("a", fail))
    assert store.perform(Names()) == []


def test_an_error_of_the_database_is_one_of_ours_without_values(store: Store) -> None:
    store.perform(Add(("Durand",)))
    with pytest.raises(StoreError) as caught:
        store.perform(Add(("Martin", "Durand")))
    assert "Durand" not in str(caught.value)
    assert caught.value.hint
    assert store.perform(Names()) == ["Durand"]


def test_threads_share_a_store(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(store.perform, [Add((f"{number:03}",)) for number in range(200)]))
    assert len(store.perform(Names())) == 200


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(ConfigurationError, match="Store is closed"):
        store.perform(Names())


def test_an_unclosed_store_warns(sqlite_address: str) -> None:
    opened = Store(sqlite_address)
    engine = opened._engine
    with pytest.warns(ResourceWarning, match="unclosed Store"):
        del opened
        gc.collect()
    assert engine is not None
    engine.dispose()


def test_stores_of_other_prefixes_keep_apart(address: str) -> None:
    with Store(address) as one, Store(address, prefix="other_") as other:
        one.perform(Add(("a",)))
        assert other.perform(Names()) == []


def test_tables_may_lie_in_a_schema_of_their_own(postgresql_address: str) -> None:
    with Store(postgresql_address, schema="hooks") as store, Store(postgresql_address) as plain:
        store.perform(Add(("a",)))
        assert (store.perform(Names()), plain.perform(Names())) == (["a"], [])
    with psycopg.connect(postgresql_address) as connection:
        found = connection.execute("SELECT count(*) FROM hooks.hamilton_processed").fetchone()
    assert found == (1,)


def test_sqlite_has_no_schema(sqlite_address: str) -> None:
    with pytest.raises(ConfigurationError, match="no schemas"):
        Store(sqlite_address, schema="hooks")


def test_the_tables_are_left_alone_where_migrations_of_ones_own_make_them(address: str) -> None:
    with Store(address, upgrade=False) as store, pytest.raises(StoreError, match="missing") as caught:
        store.perform(Names())
    assert "hamilton store upgrade" in str(caught.value.hint)


def test_its_repr_shows_no_password() -> None:
    with pytest.raises(StoreError) as caught:
        Store("postgresql://hamilton:s3cret@127.0.0.1:1/hooks?password=s3cret")
    told = "".join([repr(caught.value), str(caught.value), str(caught.value.hint)])
    assert "s3cret" not in told
    assert "postgresql://127.0.0.1:1/hooks" in told


class TestSqlite:
    def test_a_commit_survives_a_power_cut_unless_told_otherwise(self, sqlite_address: str) -> None:
        for synchronous, level in (("FULL", 2), ("NORMAL", 1)):
            with (
                Store(sqlite_address, synchronous=synchronous) as store,
                store._opened().connect() as connection,
            ):  # type: ignore[arg-type]  # both are
                assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == level
                assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1

    def test_who_writes_waits_for_another_process_and_then_gives_up(self, sqlite_address: str) -> None:
        with (
            Store(sqlite_address, busy_timeout=0.05) as store,
            closing(sqlite3.connect(sqlite_address)) as other,
        ):
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="locked"):
                store.perform(Add(("a",)))
            assert store.perform(Names()) == []
            other.rollback()
            store.perform(Add(("a",)))

    def test_who_reads_first_writes_all_the_same(self, sqlite_address: str) -> None:
        """A deferred transaction would fail at once: what it had read would be out of date."""
        with Store(sqlite_address) as store:

            def read_then_write(name: str) -> AddThen:
                return AddThen(name, lambda execute: Names().run(execute) and None)

            barrier = threading.Barrier(2)

            def write(name: str) -> None:
                barrier.wait()
                for number in range(20):
                    store.perform(read_then_write(f"{name}{number}"))

            with ThreadPoolExecutor(2) as pool:
                list(pool.map(write, "ab"))
            assert len(store.perform(Names())) == 40

    def test_a_full_disk_loses_nothing_and_is_told(self, sqlite_address: str) -> None:
        with Store(sqlite_address) as store:
            store.perform(Add(("kept",)))
            with store._opened().connect() as connection:
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
                connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            with pytest.raises(StoreError, match="disk is full") as caught:
                store.perform(Add(tuple(f"{number:0500}" for number in range(100))))
            assert "free space" in str(caught.value.hint)
            assert store.perform(Names()) == ["kept"]
            with store._opened().connect() as connection:
                connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
            assert store.perform(Add(("after",))) == 1

    def test_a_missing_folder_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="cannot be opened") as caught:
            Store(tmp_path / "nowhere" / "store.db")
        assert "folder" in str(caught.value.hint)

    def test_a_file_of_another_kind_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "letter.txt"
        path.write_text("Dear Sir or Madam," * 100)
        with pytest.raises(StoreError, match="no SQLite database"):
            Store(path)


class TestPostgresql:
    def test_a_server_that_went_away_is_told_and_used_again_once_it_is_back(
        self, own_postgresql: Server
    ) -> None:
        with Store(own_postgresql.url) as store:
            store.perform(Add(("before",)))
            own_postgresql.stop("immediate")
            with pytest.raises(StoreError, match=r"cannot be reached|shutting down|lost"):
                store.perform(Add(("meanwhile",)))
            own_postgresql.start()
            store.perform(Add(("after",)))
            own_postgresql.stop("immediate")
            own_postgresql.start()
            # Every connection of the pool is dead, and nobody notices.
            store.perform(Add(("again",)))
            assert store.perform(Names()) == ["after", "again", "before"]

    def test_a_connection_lost_on_the_way_is_made_anew_once(self, postgresql_address: str) -> None:
        ran = 0

        def once(execute: Any) -> None:
            nonlocal ran
            ran += 1
            if ran == 1:
                execute(kill_connection)

        with Store(postgresql_address) as store:
            store.perform(AddThen("a", once))
            assert (ran, store.perform(Names())) == (2, ["a"])

    def test_a_connection_lost_every_time_is_given_up(self, postgresql_address: str) -> None:
        ran = []

        def always(execute: Any) -> None:
            ran.append(1)
            execute(kill_connection)

        with Store(postgresql_address) as store:
            with pytest.raises(StoreError):
                store.perform(AddThen("a", always))
            assert (len(ran), store.perform(Names())) == (3, [])

    def test_a_connection_lost_in_the_commit_is_not_tried_again(self, postgresql_address: str) -> None:
        """It may have been kept."""
        with Store(postgresql_address) as store:
            with psycopg.connect(postgresql_address) as connection:
                connection.execute(
                    "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
                    " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"
                )
                connection.execute(
                    "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON hamilton_processed"
                    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()"
                )
            with pytest.raises(StoreError, match="may have been kept") as caught:
                store.perform(Add(("a",)))
            assert "look" in str(caught.value.hint)

    def test_it_says_where_libpq_finds_it(self, postgresql_address: str) -> None:
        with Store(postgresql_address) as store, psycopg.connect(store.conninfo) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def _in_child(store: Store, name: str) -> None:
    store.perform(Add((name,)))
    os._exit(0 if name in store.perform(Names()) else 1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_a_fork_opens_its_own_connections(store: Store) -> None:
    """What parent and child share would mix up two conversations, or break SQLite's locks."""
    store.perform(Add(("parent",)))
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=_in_child, args=(store, f"child {number}")) for number in range(3)]
    for child in children:
        child.start()
    store.perform(Add(("parent again",)))
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0, 0]
    assert store.perform(Names()) == ["child 0", "child 1", "child 2", "parent", "parent again"]


def _open_and_add(address: str, name: str) -> None:
    with Store(address) as store:
        store.perform(Add((name,)))


def test_processes_may_open_a_new_store_at_the_same_moment(address: str) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_open_and_add, args=(address, f"{number}")) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 3
    with Store(address) as store:
        assert store.perform(Names()) == ["0", "1", "2"]
