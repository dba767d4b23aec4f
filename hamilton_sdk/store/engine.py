"""The store: durable state on SQLite or PostgreSQL, and operations on it in transactions."""

from __future__ import annotations

import os
import threading
import warnings
from typing import TYPE_CHECKING, Any, Final, TypeVar

from hamilton_sdk.arguments import check_type
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.store.address import parse_address
from hamilton_sdk.store.executing import PsycopgExecute, SqliteExecute, execute_on
from hamilton_sdk.store.migrating import bring_up_to_date
from hamilton_sdk.store.opening import Settings, open_engine
from hamilton_sdk.store.tables import DEFAULT_PREFIX, tables_of
from hamilton_sdk.store.trouble import add_hint, is_drivers, is_passing, store_error

if TYPE_CHECKING:
    from os import PathLike
    from types import TracebackType
    from typing import Self

    from sqlalchemy import Engine
    from sqlalchemy.pool import PoolProxiedConnection

    from hamilton_sdk.store.address import Address
    from hamilton_sdk.store.executing import CallersConnection
    from hamilton_sdk.store.opening import Synchronous
    from hamilton_sdk.store.operation import Operation
    from hamilton_sdk.store.statement import DialectName
    from hamilton_sdk.store.tables import Tables

__all__ = ["TRIES", "Place", "Store", "keep_inherited", "upgrade"]

T = TypeVar("T")

TRIES: Final = 3
"""How often a transaction is begun in all, where its connection was lost or it was in another's way."""

_inherited: Final[list[object]] = []


def keep_inherited(opened: object) -> None:
    """Keep a parent process's engine for ever.

    To close a SQLite file that was opened before a fork harms the parent's locks
    (sqlite.org/howtocorrupt.html, section 2.6).
    """
    _inherited.append(opened)


class Place:
    """What the sync and the async store are both made from."""

    def __init__(
        self,
        address: str | PathLike[str],
        *,
        schema: str | None,
        prefix: str,
        synchronous: Synchronous,
        busy_timeout: float,
        upgrade: bool,
    ) -> None:
        self.address: Address = parse_address(address)
        if schema is not None and self.address.dialect == "sqlite":
            message = "SQLite has no schemas"
            raise ConfigurationError(message, hint="leave schema out; prefix= keeps the tables of two apart")
        check_type("upgrade", upgrade, bool)
        self._settings = Settings(synchronous, busy_timeout)
        self._upgrade = upgrade
        self.tables: Tables = tables_of(schema, prefix)
        self._process = os.getpid()
        self._closed = False

    @property
    def dialect(self) -> DialectName:
        """Which database it is."""
        return self.address.dialect

    @property
    def conninfo(self) -> str:
        """Where libpq finds the database, for a connection of one's own such as one that listens.

        It holds the password, if the address did.
        """
        return self.address.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address})"

    def _check_open(self) -> None:
        if self._closed:
            message = f"this {type(self).__name__} is closed"
            raise ConfigurationError(message, hint="open a new one, or close it later")

    def _warn_unclosed(self) -> None:
        warnings.warn(
            f"unclosed {type(self).__name__}: use `with`, or call close()",
            ResourceWarning,
            stacklevel=3,
            source=self,
        )


class Store(Place):
    """Durable state in SQL, its tables up to date. Thread-safe; after a fork it opens anew.

    Args:
        address: A path, ``sqlite:///...`` or ``postgresql://...``.
        schema: The PostgreSQL schema of the tables; the connection's own if None.
        prefix: What every table's name begins with.
        synchronous: What a commit on SQLite survives: FULL a power cut, NORMAL only the end of the process.
        busy_timeout: Seconds to wait on SQLite while another process writes.
        upgrade: Whether to bring the tables up to date; not where migrations of your own do it.

    Attributes:
        address: Where it lies; its text shows no password.
        tables: The tables, with their schema and prefix.

    Raises:
        ConfigurationError: An argument is none of what it may be.
        StoreError: The database cannot be opened, or its tables are of a version that is not known.
    """

    def __init__(
        self,
        address: str | PathLike[str],
        *,
        schema: str | None = None,
        prefix: str = DEFAULT_PREFIX,
        synchronous: Synchronous = "FULL",
        busy_timeout: float = 10.0,
        upgrade: bool = True,
    ) -> None:
        self._engine: Engine | None = None
        super().__init__(
            address,
            schema=schema,
            prefix=prefix,
            synchronous=synchronous,
            busy_timeout=busy_timeout,
            upgrade=upgrade,
        )
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._open()

    def _open(self) -> Engine:
        opened = open_engine(self.address, self._settings)
        try:
            if self._upgrade:
                bring_up_to_date(opened, self.tables, self.address)
        except BaseException:
            opened.dispose()
            raise
        self._engine = opened
        return opened

    def _opened(self) -> Engine:
        if self._process != os.getpid():
            keep_inherited(self._engine)
            self._lock, self._writing = threading.Lock(), threading.Lock()
            self._engine, self._process = None, os.getpid()
        opened = self._engine
        if opened is not None:
            return opened
        with self._lock:
            self._check_open()
            return self._engine or self._open()

    def perform(self, operation: Operation[T]) -> T:
        """Do an operation in a transaction of its own.

        Where its connection is lost before the commit, or it is in another's way, it is begun again.

        Raises:
            ConfigurationError: The store is closed.
            StoreError: The database cannot. Nothing was kept, unless the message says otherwise.
        """
        for tries_left in reversed(range(TRIES)):
            transaction = _Transaction(self._opened(), self.dialect, self.tables, self._writing)
            try:
                return transaction.run(operation)
            except Exception as error:
                if not is_drivers(error):
                    raise
                if transaction.committing or not tries_left or not is_passing(error):
                    raise store_error(error, self.address, committing=transaction.committing) from error
        raise AssertionError  # the last try returns or raises

    def perform_on(self, connection: CallersConnection, operation: Operation[T]) -> T:
        """Do an operation in a caller's own transaction; it stands or falls with it.

        What the database refuses is the caller's to handle, and comes as the driver raises it, with a hint.

        Args:
            connection: A SQLAlchemy Connection or Session, or a raw connection of sqlite3 or psycopg.
            operation: What to do.

        Raises:
            ConfigurationError: The connection commits every statement by itself, or is to another kind of
                database.
            TypeError: It is no connection.
        """
        try:
            return operation.run(execute_on(connection, self.tables))
        except Exception as error:
            add_hint(error)
            raise

    def close(self) -> None:
        """Give connections back; a second time does nothing."""
        with self._lock:
            opened, self._engine, self._closed = self._engine, None, True
        if opened is not None:
            opened.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if self._engine is not None and self._process == os.getpid():
            self._warn_unclosed()


def upgrade(
    address: str | PathLike[str], *, schema: str | None = None, prefix: str = DEFAULT_PREFIX
) -> str | None:
    """Make a store's tables, or bring those of an older version up to date, in one transaction.

    Opening an outbox or an inbox does the same; this is for a step of its own before.

    Args:
        address: A path, ``sqlite:///...`` or ``postgresql://...``.
        schema: The PostgreSQL schema of the tables; the connection's own if None.
        prefix: What every table's name begins with.

    Returns:
        The version found, which is `hamilton_sdk.store.HEAD` where there was nothing to do; None where there
        were no tables.

    Raises:
        ConfigurationError: An argument is none of what it may be.
        StoreError: The database cannot be opened, or its tables are of a version that is not known.
    """
    settings = Settings()
    place = Place(
        address,
        schema=schema,
        prefix=prefix,
        synchronous=settings.synchronous,
        busy_timeout=settings.busy_timeout,
        upgrade=True,
    )
    opened = open_engine(place.address, settings)
    try:
        return bring_up_to_date(opened, place.tables, place.address)
    finally:
        opened.dispose()


class _Transaction:
    """One transaction on a connection of the store's own pool, by the driver itself.

    SQLAlchemy keeps the connections; running statements through it would take twice the time on SQLite.
    """

    def __init__(self, engine: Engine, dialect: DialectName, tables: Tables, writing: threading.Lock) -> None:
        self._engine = engine
        self._dialect = dialect
        self._tables = tables
        self._writing = writing
        self.committing = False

    def run(self, operation: Operation[T]) -> T:
        raw = self._engine.raw_connection()
        try:
            return self._run(raw, operation)
        except BaseException:
            self._take_back(raw)
            raise
        finally:
            raw.close()

    def _run(self, raw: PoolProxiedConnection, operation: Operation[T]) -> T:
        if self._dialect == "postgresql":
            psycopg: Any = raw.driver_connection
            return self._commit(raw, operation.run(PsycopgExecute(psycopg, self._tables)))
        if not operation.writes:
            return self._on_sqlite(raw, operation, "BEGIN")
        # Threads of one process queue here: SQLite itself makes them sleep and look again.
        with self._writing:
            return self._on_sqlite(raw, operation, "BEGIN IMMEDIATE")

    def _on_sqlite(self, raw: PoolProxiedConnection, operation: Operation[T], begin: str) -> T:
        connection: Any = raw.driver_connection
        connection.execute(begin)
        return self._commit(raw, operation.run(SqliteExecute(connection, self._tables)))

    def _commit(self, raw: PoolProxiedConnection, result: T) -> T:
        self.committing = True
        raw.commit()
        return result

    def _take_back(self, raw: PoolProxiedConnection) -> None:
        try:
            raw.rollback()
        except Exception:  # noqa: BLE001 (the first error is the one to show)
            # The server went away, most likely for every connection.
            raw.invalidate()
            self._engine.dispose()
