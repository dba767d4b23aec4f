"""What a driver's error means for a person: a `StoreError` with what to do about it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import StoreError

if TYPE_CHECKING:
    from hamilton_sdk.store.address import Address

__all__ = ["add_hint", "is_drivers", "is_passing", "store_error"]

_SQLITE: Final[dict[int, tuple[str, str]]] = {
    sqlite3.SQLITE_FULL: ("the disk is full", "free space; nothing of this transaction was written"),
    sqlite3.SQLITE_BUSY: (
        "the database is locked",
        "another process holds it for longer than busy_timeout; look for one that keeps a transaction open",
    ),
    sqlite3.SQLITE_LOCKED: ("the database is locked", "another connection of this process holds it"),
    sqlite3.SQLITE_CANTOPEN: (
        "the database file cannot be opened",
        "the folder must exist and be writable: SQLite keeps two more files beside the database",
    ),
    sqlite3.SQLITE_READONLY: (
        "the database may not be written",
        "check the owner of the file and its folder",
    ),
    sqlite3.SQLITE_IOERR: ("the disk failed, or is full", "see the system's log; WAL needs a local disk"),
    sqlite3.SQLITE_NOTADB: ("the file is no SQLite database", "check the path"),
    sqlite3.SQLITE_CORRUPT: ("the database is damaged", "restore it, or recover it with sqlite3's .recover"),
}

# By SQLSTATE, the longest beginning that fits (PostgreSQL manual, appendix A).
_POSTGRESQL: Final[dict[str, tuple[str, str]]] = {
    "": ("the database cannot be reached", "check address, network and whether the server runs"),
    "08": ("the connection to the database was lost", "the next call opens a new one"),
    "28": ("the database refused the user or the password", "check both, and the server's pg_hba.conf"),
    "3D": ("there is no such database", "create it first; the tables are made on opening"),
    "40": ("the database broke the transaction off", "it was in another's way; try again"),
    "42501": ("the user may not do that", "grant it CREATE and USAGE on the schema, or upgrade as its owner"),
    "42P01": ("a table of the store is missing", "`hamilton store upgrade`, or migrate with `metadata()`"),
    "53": ("the database is out of room", "free disk, memory or connections; nothing was written"),
    "53100": ("the disk of the database is full", "free space; nothing of this transaction was written"),
    "53300": ("the database has no connection left", "raise max_connections, or use fewer workers"),
    "57": ("the database is shutting down or starting", "try again when it is there"),
    "58": ("the machine of the database failed", "see the server's log"),
}
_PASSING_STATES: Final = ("08", "40", "57P")


def is_drivers(error: BaseException) -> bool:
    """Whether an error is the database's, and no fault of the code."""
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    if isinstance(error, (sqlite3.Error, DBAPIError, PoolTimeout)):
        return True
    return any(kind.__module__ == "psycopg" and kind.__name__ == "Error" for kind in type(error).__mro__)


def store_error(error: BaseException, address: Address, *, committing: bool = False) -> StoreError:
    """What to raise for a driver's error, without statements and their values.

    Args:
        error: As the driver or SQLAlchemy raised it.
        address: Where the store lies.
        committing: Whether it came of the commit itself.
    """
    what, hint = _meaning(error)
    if committing and is_passing(error):
        what, hint = f"{what} in the commit: it may have been kept", "look before you do it again"
    return StoreError(f"{address}: {what}", hint=hint)


def add_hint(error: BaseException) -> None:
    """Say on a driver's own error what to do about it."""
    if is_drivers(error):
        what, hint = _meaning(error)
        error.add_note(f"Hint: {what}: {hint}")


def is_passing(error: BaseException) -> bool:
    """Whether the same may well go through on a new connection."""
    inner = _inner(error)
    if isinstance(inner, sqlite3.Error):
        return False  # SQLite has waited for its busy_timeout already
    state = _state(inner)
    return state.startswith(_PASSING_STATES) or (not state and type(inner).__name__ == "OperationalError")


def _inner(error: BaseException) -> BaseException:
    """The driver's own error, out of SQLAlchemy's."""
    return getattr(error, "orig", None) or error


def _meaning(error: BaseException) -> tuple[str, str]:
    inner = _inner(error)
    return _sqlite(inner) if isinstance(inner, sqlite3.Error) else _postgresql(inner)


def _sqlite(error: sqlite3.Error) -> tuple[str, str]:
    # Extended codes keep the primary one in their low byte.
    code = getattr(error, "sqlite_errorcode", None) or 0
    known = _SQLITE.get(code & 0xFF)
    if known is not None:
        return known
    if "no such table" in str(error) or "no such column" in str(error):
        return _POSTGRESQL["42P01"]
    return (
        f"SQLite failed ({getattr(error, 'sqlite_errorname', type(error).__name__)})",
        "see the cause below",
    )


def _postgresql(error: BaseException) -> tuple[str, str]:
    state = _state(error)
    if not state and type(error).__name__ != "OperationalError":
        return f"the database failed ({type(error).__name__})", "see the cause"
    for length in (5, 2):
        known = _POSTGRESQL.get(state[:length])
        if known is not None:
            return known
    return (
        f"the database failed ({type(error).__name__}, SQLSTATE {state})",
        "see the cause and the server's log",
    )


def _state(error: BaseException) -> str:
    # psycopg's name of it, then psycopg2's.
    return getattr(error, "sqlstate", None) or getattr(error, "pgcode", None) or ""
