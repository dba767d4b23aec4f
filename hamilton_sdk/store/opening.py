"""Engines as a store needs them."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from hamilton_sdk.arguments import check_type
from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.ext.asyncio import AsyncEngine

    from hamilton_sdk.store.address import Address

__all__ = ["Settings", "Synchronous", "open_async_engine", "open_engine"]

Synchronous: TypeAlias = Literal["FULL", "NORMAL"]
"""What a commit on SQLite survives: FULL a power cut, NORMAL only the end of the process."""

_LONGEST_WAIT: Final = 3600
_POOL: Final[dict[str, Any]] = {
    "pool_size": 5,
    "max_overflow": 15,
    "pool_timeout": 30.0,
    # Bodies of events and names of people are values of statements.
    "hide_parameters": True,
}
# libpq itself waits for ever.
_CONNECT: Final[dict[str, Any]] = {"connect_timeout": 10}


@dataclass(frozen=True, slots=True)
class Settings:
    """How a store's connections are set.

    Attributes:
        synchronous: What a commit on SQLite survives.
        busy_timeout: Seconds to wait on SQLite while another process writes.

    Raises:
        ConfigurationError: One is none of what it may be.
        TypeError: The number is none.
    """

    synchronous: Synchronous = "FULL"
    busy_timeout: float = 10.0

    def __post_init__(self) -> None:
        if self.synchronous not in {"FULL", "NORMAL"}:
            message = f'synchronous must be "FULL" or "NORMAL", not {self.synchronous!r}'
            raise ConfigurationError(message, hint="FULL keeps what was committed through a power cut")
        check_type("busy_timeout", self.busy_timeout, int, float)
        if not 0 <= self.busy_timeout <= _LONGEST_WAIT:
            message = f"busy_timeout must be seconds from 0 to {_LONGEST_WAIT}, not {self.busy_timeout!r}"
            raise ConfigurationError(message, hint="10 seconds is usual")


def open_engine(address: Address, settings: Settings) -> Engine:
    """A new engine; it connects on first use."""
    from sqlalchemy import create_engine, event

    if address.dialect == "postgresql":
        _need_psycopg()
        return create_engine(address.url, connect_args=_CONNECT, **_POOL)
    engine = create_engine(address.url, connect_args={"timeout": settings.busy_timeout}, **_POOL)

    @event.listens_for(engine, "connect")
    def _set(connection: sqlite3.Connection, _record: object) -> None:
        _prepare(connection, settings)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Otherwise the driver begins, and only before the first change: a transaction that reads and then
        # writes fails at once with SQLITE_BUSY_SNAPSHOT, whatever the busy timeout.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def open_async_engine(address: Address) -> AsyncEngine:
    """A new engine on PostgreSQL for async code; it connects on first use."""
    from sqlalchemy.ext.asyncio import create_async_engine

    _need_psycopg()
    return create_async_engine(address.url, connect_args=_CONNECT, **_POOL)


def _prepare(connection: sqlite3.Connection, settings: Settings) -> None:
    # The store begins its transactions, not the driver.
    connection.isolation_level = None
    _write_ahead(connection, settings.busy_timeout)
    connection.execute(f"PRAGMA synchronous = {settings.synchronous}")
    connection.execute("PRAGMA foreign_keys = ON")


def _write_ahead(connection: sqlite3.Connection, patience: float) -> None:
    """Log ahead; whoever else is turning a new file to it makes this fail without waiting."""
    until = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(0.01)
        else:
            return


def _need_psycopg() -> None:
    try:
        import_module("psycopg")
    except ImportError:
        message = "PostgreSQL needs the psycopg package"
        raise ConfigurationError(message, hint='pip install "hamilton-apps-sdk[postgresql]"') from None
