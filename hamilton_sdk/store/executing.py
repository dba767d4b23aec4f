"""Runs statements on whatever connection there is: SQLAlchemy's, or a raw one of sqlite3 or psycopg.

A raw connection gets text and values, and is never wrapped in an engine: the engine's first connect would
roll the caller's transaction back.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar, cast

from hamilton_sdk.arguments import check_type
from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
    from sqlalchemy.orm import Session, scoped_session

    from hamilton_sdk.store.operation import Execute, Operation, Parameters, Row
    from hamilton_sdk.store.statement import DialectName, Statement
    from hamilton_sdk.store.tables import Tables

__all__ = [
    "AsyncCallersConnection",
    "CallersConnection",
    "CoreExecute",
    "PsycopgExecute",
    "SqliteExecute",
    "arun_on",
    "execute_on",
]

T = TypeVar("T")

CallersConnection: TypeAlias = (
    "Connection | Session | scoped_session[Session] | sqlite3.Connection | psycopg.Connection[Any]"
)
"""What a caller's own transaction runs on."""

AsyncCallersConnection: TypeAlias = "AsyncConnection | AsyncSession"
"""What a caller's own transaction runs on, in async code."""

_NONE: Final[Mapping[str, object]] = {}
_BEGIN_FIRST: Final = "begin a transaction first: what is written must stand or fall with your own changes"


class SqliteExecute:
    """On a raw sqlite3 connection."""

    __slots__ = ("_cursor", "tables")

    dialect: DialectName = "sqlite"

    def __init__(self, connection: sqlite3.Connection, tables: Tables) -> None:
        self._cursor = connection.cursor()
        # Whatever shape of rows the caller's own cursors give.
        self._cursor.row_factory = None
        self.tables: Tables = tables

    def __call__(
        self, statement: Statement, parameters: Parameters | Sequence[Parameters] = _NONE
    ) -> list[Row]:
        """See `Execute`."""
        text = statement.text(self.tables, "sqlite")
        if isinstance(parameters, (dict, Mapping)):
            cursor = self._cursor.execute(text.sql, text.values(parameters))
            return [] if cursor.description is None else cursor.fetchall()
        self._cursor.executemany(text.sql, [text.values(each) for each in parameters])
        return []


class PsycopgExecute:
    """On a raw psycopg connection."""

    __slots__ = ("_cursor", "tables")

    dialect: DialectName = "postgresql"

    def __init__(self, connection: psycopg.Connection[Any], tables: Tables) -> None:
        from psycopg import Cursor
        from psycopg.rows import tuple_row

        # Whatever kind of cursor and shape of rows the caller's own are.
        self._cursor = Cursor(connection, row_factory=tuple_row)
        self.tables: Tables = tables

    def __call__(
        self, statement: Statement, parameters: Parameters | Sequence[Parameters] = _NONE
    ) -> list[Row]:
        """See `Execute`."""
        text = statement.text(self.tables, "postgresql")
        cursor = self._cursor
        if isinstance(parameters, (dict, Mapping)):
            cursor.execute(cast("Any", text.sql), text.values(parameters))
            return [] if cursor.description is None else cast("list[Row]", cursor.fetchall())
        cursor.executemany(cast("Any", text.sql), [text.values(each) for each in parameters])
        return []


class CoreExecute:
    """On a SQLAlchemy connection."""

    __slots__ = ("_connection", "dialect", "tables")

    def __init__(self, connection: Connection, tables: Tables) -> None:
        name = connection.dialect.name
        if name not in {"sqlite", "postgresql"}:
            message = f"the store works on SQLite and PostgreSQL, not on {name}"
            raise ConfigurationError(message, hint="publish through a connection to one of these")
        self._connection = connection
        self.dialect: DialectName = cast("DialectName", name)
        self.tables: Tables = tables

    def __call__(
        self, statement: Statement, parameters: Parameters | Sequence[Parameters] = _NONE
    ) -> list[Row]:
        """See `Execute`."""
        connection = self._connection
        text = statement.text_for(self.tables, connection.dialect)
        # Its text and not the construct, of which SQLAlchemy makes a key at each call to find the text again.
        if isinstance(parameters, (dict, Mapping)):
            result = connection.exec_driver_sql(text.sql, text.values(parameters))
            return cast("list[Row]", result.fetchall()) if result.returns_rows else []
        connection.exec_driver_sql(text.sql, [text.values(each) for each in parameters])
        return []


def execute_on(connection: CallersConnection, tables: Tables) -> Execute:
    """What runs an operation's statements in a caller's transaction.

    Raises:
        ConfigurationError: The connection commits every statement by itself, or is to another kind of
            database.
        TypeError: It is no connection.
    """
    if isinstance(connection, sqlite3.Connection):
        return _on_sqlite(connection, tables)
    driver = sys.modules.get("psycopg")
    if driver is not None and isinstance(connection, driver.Connection):
        return _on_psycopg(cast("psycopg.Connection[Any]", connection), tables)
    return CoreExecute(_core_connection(connection), tables)


async def arun_on(connection: AsyncCallersConnection, operation: Operation[T], tables: Tables) -> T:
    """Run an operation in a caller's transaction, in async code.

    Raises:
        ConfigurationError: The connection commits every statement by itself, or is to another kind of
            database.
        TypeError: It is no connection.
    """
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

    check_type("connection", connection, AsyncConnection, AsyncSession)
    return await connection.run_sync(lambda sync: operation.run(execute_on(sync, tables)))


def _on_sqlite(connection: sqlite3.Connection, tables: Tables) -> SqliteExecute:
    if _commits_by_itself(connection):
        message = "this sqlite3 connection commits every statement by itself, and no transaction is open"
        raise ConfigurationError(message, hint=_BEGIN_FIRST)
    return SqliteExecute(connection, tables)


def _on_psycopg(connection: psycopg.Connection[Any], tables: Tables) -> PsycopgExecute:
    if _commits_by_itself(connection):
        message = "this psycopg connection commits every statement by itself, and no transaction is open"
        raise ConfigurationError(message, hint=_BEGIN_FIRST)
    return PsycopgExecute(connection, tables)


def _commits_by_itself(connection: Any) -> bool:  # noqa: ANN401 (of sqlite3, psycopg, or an async kin of them)
    """Whether a driver's connection would commit the next statement at once."""
    if hasattr(connection, "info"):
        from psycopg.pq import TransactionStatus

        return connection.autocommit and connection.info.transaction_status is TransactionStatus.IDLE
    if not hasattr(connection, "in_transaction"):
        return False  # asyncpg: SQLAlchemy begins for it, unless its options say otherwise
    # Without an isolation level, or with autocommit (Python 3.12), sqlite3 begins nothing by itself.
    by_itself = connection.isolation_level is None or getattr(connection, "autocommit", None) is True
    return by_itself and not connection.in_transaction


def _core_connection(connection: object) -> Connection:
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session, scoped_session

    if isinstance(connection, (Session, scoped_session)):
        connection = cast("Session", connection).connection()
    if not isinstance(connection, Connection):
        message = (
            "connection must be a SQLAlchemy Connection or Session, or one of sqlite3 or psycopg, "
            f"not {type(connection).__name__}"
        )
        raise TypeError(message)
    driver = connection.connection.driver_connection
    if _commits_by_itself(driver) and not connection.in_transaction():
        # An application may begin transactions itself, by an event of SQLAlchemy's: it has its chance here.
        connection.exec_driver_sql("SELECT 1")
    by_option = connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
    if by_option or _commits_by_itself(driver):
        message = "this SQLAlchemy connection commits every statement by itself"
        raise ConfigurationError(message, hint=_BEGIN_FIRST)
    return connection
