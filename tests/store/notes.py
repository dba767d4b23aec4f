"""What the store's tests work with: a few operations on one of its tables, and every kind of connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from hamilton_sdk.store.operation import Execute
from hamilton_sdk.store.statement import Statement

__all__ = ["CONNECTIONS", "Add", "AddThen", "Names", "connected", "engine_on", "url_of"]


@Statement
def insert_note(tables: Any) -> Any:
    values = {"source": sa.literal("note"), "id": sa.bindparam("id"), "accepted_at": sa.bindparam("at")}
    return sa.insert(tables.processed).values(values)


@Statement
def select_notes(tables: Any) -> Any:
    table = tables.processed
    return sa.select(table.c.id).where(table.c.source == sa.literal("note")).order_by(table.c.id)


@dataclass(frozen=True)
class Add:
    """Write some names."""

    writes: ClassVar = True

    names: tuple[str, ...]

    def run(self, execute: Execute) -> int:
        execute(insert_note, [{"id": name, "at": 1} for name in self.names])
        return len(self.names)


@dataclass(frozen=True)
class AddThen:
    """Write a name, then do something more."""

    writes: ClassVar = True

    name: str
    then: Callable[[Execute], None]

    def run(self, execute: Execute) -> None:
        execute(insert_note, {"id": self.name, "at": 1})
        self.then(execute)


@dataclass(frozen=True)
class Names:
    """Read the names."""

    writes: ClassVar = False

    def run(self, execute: Execute) -> list[str]:
        return [row[0] for row in execute(select_notes)]


def url_of(address: str, driver: str) -> str:
    """A SQLAlchemy URL of a test's database."""
    if "://" in address:
        return address.replace("postgresql:", f"postgresql+{driver}:")
    return f"sqlite+{driver}:///{address}"


@contextmanager
def engine_on(address: str, driver: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(url_of(address, driver))
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _core(address: str, driver: str) -> Iterator[Any]:
    with engine_on(address, driver) as engine, engine.connect() as connection:
        yield connection


@contextmanager
def _session(address: str, driver: str) -> Iterator[Any]:
    with engine_on(address, driver) as engine, Session(engine) as session:
        yield session


@contextmanager
def _scoped(address: str, driver: str) -> Iterator[Any]:
    with engine_on(address, driver) as engine:
        session = scoped_session(sessionmaker(engine))
        yield session
        session.remove()


@contextmanager
def _raw(address: str, driver: str) -> Iterator[Any]:
    if driver == "pysqlite":
        with closing(sqlite3.connect(address)) as connection:
            yield connection
    else:
        with closing(psycopg.connect(address)) as connection:
            yield connection


_KINDS = {"connection": _core, "session": _session, "scoped session": _scoped, "raw": _raw}
CONNECTIONS = [
    ("pysqlite", "connection"),
    ("pysqlite", "session"),
    ("pysqlite", "scoped session"),
    ("pysqlite", "raw"),
    ("psycopg", "connection"),
    ("psycopg", "session"),
    ("psycopg", "scoped session"),
    ("psycopg", "raw"),
    ("psycopg2", "connection"),
    ("psycopg2", "session"),
]
"""Every kind of connection a caller's transaction may run on, by driver and shape."""


@contextmanager
def connected(address: str, driver: str, shape: str) -> Iterator[Any]:
    """A connection of an application, as it would have one; all kinds commit and roll back alike."""
    with _KINDS[shape](address, driver) as connection:
        yield connection
