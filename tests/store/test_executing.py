"""An operation runs on whatever connection the caller's transaction has, and stands or falls with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.store import AsyncStore, Store
from tests.store.notes import CONNECTIONS, Add, Names, connected, engine_on, url_of


@pytest.fixture
def place(request: pytest.FixtureRequest, driver: str) -> str:
    kind = "sqlite" if "sqlite" in driver else "postgresql"
    found: str = request.getfixturevalue(f"{kind}_address")
    return found


@pytest.mark.parametrize(("driver", "shape"), CONNECTIONS)
class TestOwnTransaction:
    def test_what_is_committed_is_there(self, place: str, driver: str, shape: str) -> None:
        with Store(place) as store:
            with connected(place, driver, shape) as connection:
                assert store.perform_on(connection, Add(("a", "b"))) == 2
                assert store.perform_on(connection, Names()) == ["a", "b"]
                connection.commit()
            assert store.perform(Names()) == ["a", "b"]

    def test_what_is_rolled_back_never_was(self, place: str, driver: str, shape: str) -> None:
        with Store(place) as store:
            with connected(place, driver, shape) as connection:
                store.perform_on(connection, Add(("a",)))
                connection.rollback()
            assert store.perform(Names()) == []

    def test_the_callers_own_changes_are_kept_along(self, place: str, driver: str, shape: str) -> None:
        """Wrapping the connection in an engine would roll them back."""
        with Store(place) as store:
            with connected(place, driver, shape) as connection:
                statement = "CREATE TABLE business (name TEXT)"
                insert = "INSERT INTO business VALUES ('Durand')"
                raw = shape == "raw"
                connection.execute(statement if raw else sa.text(statement))
                connection.commit()
                connection.execute(insert if raw else sa.text(insert))
                store.perform_on(connection, Add(("a",)))
                connection.commit()
            with connected(place, driver, "connection") as connection:
                assert connection.execute(sa.text("SELECT name FROM business")).all() == [("Durand",)]

    def test_an_error_of_the_database_is_the_callers_with_a_hint(
        self, place: str, driver: str, shape: str
    ) -> None:
        """An application that handles its driver's errors goes on doing so."""
        with Store(place, upgrade=False) as store, connected(place, driver, shape) as connection:
            expected = {"raw": (sqlite3.Error, psycopg.Error)}.get(shape, (sa.exc.DBAPIError,))
            with pytest.raises(expected) as caught:
                store.perform_on(connection, Add(("a",)))
            assert any("hamilton store upgrade" in note for note in caught.value.__notes__)


ASYNC_DRIVERS = ["aiosqlite", "psycopg", "asyncpg"]


@pytest.mark.parametrize("driver", ASYNC_DRIVERS)
@pytest.mark.parametrize("shape", ["connection", "session"])
class TestOwnTransactionAwaited:
    async def test_it_stands_or_falls_with_what_the_caller_does(
        self, place: str, driver: str, shape: str
    ) -> None:
        engine = create_async_engine(url_of(place, driver))
        opened: Any = engine.connect() if shape == "connection" else AsyncSession(engine)
        async with AsyncStore(place) as store:
            async with opened as connection:
                await store.perform_on(connection, Add(("kept",)))
                await connection.commit()
                await store.perform_on(connection, Add(("gone", "gone too")))
                assert len(await store.perform_on(connection, Names())) == 3
                await connection.rollback()
            assert await store.perform(Names()) == ["kept"]
        await engine.dispose()

    async def test_an_error_of_the_database_is_the_callers_with_a_hint(
        self, place: str, driver: str, shape: str
    ) -> None:
        engine = create_async_engine(url_of(place, driver))
        opened: Any = engine.connect() if shape == "connection" else AsyncSession(engine)
        async with AsyncStore(place, upgrade=False) as store, opened as connection:
            with pytest.raises(sa.exc.DBAPIError) as caught:
                await store.perform_on(connection, Add(("a",)))
            assert any("hamilton store upgrade" in note for note in caught.value.__notes__)
        await engine.dispose()


class TestShapesOfTheCallersOwn:
    def test_rows_of_sqlite3_may_be_of_any_shape(self, sqlite_address: str) -> None:
        with Store(sqlite_address) as store, closing(sqlite3.connect(sqlite_address)) as connection:
            connection.row_factory = lambda cursor, row: dict(enumerate(row))
            store.perform_on(connection, Add(("a",)))
            assert store.perform_on(connection, Names()) == ["a"]

    @pytest.mark.parametrize("cursor", [psycopg.ClientCursor, psycopg.RawCursor])
    def test_rows_and_cursors_of_psycopg_may_be_of_any_shape(
        self, postgresql_address: str, cursor: Any
    ) -> None:
        with (
            Store(postgresql_address) as store,
            psycopg.connect(postgresql_address, row_factory=dict_row, cursor_factory=cursor) as connection,
        ):
            store.perform_on(connection, Add(("a",)))
            assert store.perform_on(connection, Names()) == ["a"]


class TestWithoutTransaction:
    """Where every statement commits by itself, half an operation could stay."""

    def test_sqlite3(self, sqlite_address: str) -> None:
        with (
            Store(sqlite_address) as store,
            closing(sqlite3.connect(sqlite_address, isolation_level=None)) as connection,
        ):
            with pytest.raises(ConfigurationError, match="no transaction is open"):
                store.perform_on(connection, Add(("a",)))
            connection.execute("BEGIN")
            store.perform_on(connection, Add(("a",)))
            connection.execute("ROLLBACK")
            assert store.perform(Names()) == []

    def test_psycopg(self, postgresql_address: str) -> None:
        with (
            Store(postgresql_address) as store,
            psycopg.connect(postgresql_address, autocommit=True) as connection,
        ):
            with pytest.raises(ConfigurationError, match="no transaction is open"):
                store.perform_on(connection, Add(("a",)))
            with connection.transaction():
                store.perform_on(connection, Add(("a",)))
            assert store.perform(Names()) == ["a"]

    def test_sqlalchemy(self, store: Store, address: str) -> None:
        driver = "psycopg" if "://" in address else "pysqlite"
        with engine_on(address, driver) as engine, engine.connect() as plain:
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            with pytest.raises(ConfigurationError, match="commits every statement"):
                store.perform_on(connection, Add(("a",)))

    def test_sqlalchemy_where_the_whole_engine_commits_by_itself(self, store: Store, address: str) -> None:
        """What was rolled back would stay."""
        driver = "psycopg" if "://" in address else "pysqlite"
        engine = sa.create_engine(url_of(address, driver), isolation_level="AUTOCOMMIT")
        with closing_engine(engine), engine.connect() as connection:
            with pytest.raises(ConfigurationError, match="commits every statement"):
                store.perform_on(connection, Add(("a",)))
            connection.execute(sa.text("SELECT 1"))
            with pytest.raises(ConfigurationError, match="commits every statement"):
                store.perform_on(connection, Add(("a",)))
        assert store.perform(Names()) == []

    def test_sqlalchemy_where_the_driver_commits_by_itself(self, sqlite_address: str) -> None:
        url = f"sqlite:///{sqlite_address}"
        engine = sa.create_engine(url, connect_args={"isolation_level": None})
        with Store(sqlite_address) as store:
            with closing_engine(engine), engine.connect() as connection:
                with pytest.raises(ConfigurationError, match="commits every statement"):
                    store.perform_on(connection, Add(("a",)))
            assert store.perform(Names()) == []

    def test_sqlalchemy_where_the_application_begins_by_itself(self, sqlite_address: str) -> None:
        """SQLAlchemy's own recipe for SQLite: no isolation level, and BEGIN at its event."""
        engine = sa.create_engine(f"sqlite:///{sqlite_address}", connect_args={"isolation_level": None})
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        with Store(sqlite_address) as store:
            with closing_engine(engine), engine.connect() as connection:
                store.perform_on(connection, Add(("a",)))
                connection.rollback()
                store.perform_on(connection, Add(("b",)))
                connection.commit()
            assert store.perform(Names()) == ["b"]


@contextmanager
def closing_engine(engine: sa.Engine) -> Iterator[None]:
    try:
        yield
    finally:
        engine.dispose()


@pytest.mark.parametrize("given", [None, "store.db", object()])
def test_what_is_no_connection_is_refused(store: Store, given: Any) -> None:
    with pytest.raises(TypeError, match="connection must be"):
        store.perform_on(given, Names())


def test_an_engine_is_no_connection(store: Store, address: str) -> None:
    with engine_on(address, "psycopg" if "://" in address else "pysqlite") as engine:
        with pytest.raises(TypeError, match="not Engine"):
            store.perform_on(engine, Names())  # type: ignore[arg-type]  # that is the question


async def test_a_sync_connection_is_none_for_async_code(sqlite_address: str) -> None:
    async with AsyncStore(sqlite_address) as store:
        with closing(sqlite3.connect(sqlite_address)) as connection:
            with pytest.raises(TypeError, match="AsyncConnection or AsyncSession, not Connection"):
                await store.perform_on(connection, Names())  # type: ignore[arg-type]  # that is the question


def test_another_kind_of_database_is_refused(sqlite_address: str) -> None:
    engine = sa.create_mock_engine("mysql://", lambda *_: None)
    with Store(sqlite_address) as store, engine_on(sqlite_address, "pysqlite") as real:
        with real.connect() as connection:
            connection.dialect = engine.dialect
            with pytest.raises(ConfigurationError, match="not on mysql"):
                store.perform_on(connection, Names())
            connection.dialect = real.dialect
