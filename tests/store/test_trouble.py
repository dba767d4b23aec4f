"""What a driver says becomes what a person can do."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from hamilton_sdk.store.address import parse_address
from hamilton_sdk.store.trouble import add_hint, is_drivers, is_passing, store_error

ADDRESS = parse_address("postgresql://u:s3cret@h/db")


def of_sqlite(code: int | None, text: str = "no") -> sqlite3.Error:
    error = sqlite3.OperationalError(text)
    if code is not None:
        error.sqlite_errorcode = code
        error.sqlite_errorname = "SQLITE_SOMETHING"
    return error


def of_postgresql(state: str | None, kind: type[psycopg.Error] = psycopg.OperationalError) -> psycopg.Error:
    error: Any = kind("connection to s3cret failed")
    error.sqlstate = state
    return error


def wrapped(error: Exception) -> Exception:
    return sa.exc.DBAPIError("SELECT ?", ("Durand",), error)


@pytest.mark.parametrize("wrap", [wrapped, lambda error: error])
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (of_sqlite(sqlite3.SQLITE_FULL), "disk is full"),
        (of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), "locked"),
        (of_sqlite(sqlite3.SQLITE_IOERR_WRITE), "disk failed, or is full"),
        (of_sqlite(sqlite3.SQLITE_READONLY), "may not be written"),
        (of_sqlite(sqlite3.SQLITE_CORRUPT), "damaged"),
        (of_sqlite(1, "no such table: hamilton_event"), "table of the store is missing"),
        (of_sqlite(1, "syntax"), "SQLITE_SOMETHING"),
        (of_sqlite(None), "OperationalError"),
        (of_postgresql(None), "cannot be reached"),
        (of_postgresql("53100"), "disk of the database is full"),
        (of_postgresql("53200"), "out of room"),
        (of_postgresql("57P01"), "shutting down"),
        (of_postgresql("08006"), "connection to the database was lost"),
        (of_postgresql("28P01"), "refused the user or the password"),
        (of_postgresql("3D000"), "no such database"),
        (of_postgresql("42P01", psycopg.ProgrammingError), "table of the store is missing"),
        (of_postgresql("42501", psycopg.ProgrammingError), "may not do that"),
        (of_postgresql("99999", psycopg.ProgrammingError), "SQLSTATE 99999"),
        (of_postgresql(None, psycopg.InterfaceError), "InterfaceError"),
    ],
)
def test_an_error_says_what_it_means_and_what_to_do(error: Exception, words: str, wrap: Any) -> None:
    told = store_error(wrap(error), ADDRESS)
    assert words in str(told)
    assert str(told).startswith("postgresql://h/db: ")
    assert told.hint
    assert "s3cret" not in f"{told}{told.hint}"
    assert "Durand" not in f"{told}{told.hint}"


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (of_postgresql(None), True),
        (of_postgresql("08003"), True),
        (of_postgresql("57P01"), True),
        (of_postgresql("40P01"), True),
        (of_postgresql("57014"), False),
        (of_postgresql("53100"), False),
        (of_postgresql(None, psycopg.ProgrammingError), False),
        (of_sqlite(sqlite3.SQLITE_BUSY), False),
    ],
)
def test_what_may_go_through_the_next_time_is_known(error: Exception, passing: bool) -> None:
    assert is_passing(error) is is_passing(wrapped(error)) is passing


def test_only_a_lost_commit_is_in_doubt() -> None:
    assert "may have been kept" in str(store_error(of_postgresql(None), ADDRESS, committing=True))
    assert "may have been kept" not in str(store_error(of_postgresql("53100"), ADDRESS, committing=True))


@pytest.mark.parametrize(
    ("error", "drivers"),
    [
        (of_sqlite(None), True),
        (of_postgresql(None), True),
        (wrapped(of_sqlite(None)), True),
        (sa.exc.TimeoutError(), True),
        (sa.exc.ArgumentError(), False),
        (ValueError(), False),
    ],
)
def test_an_error_of_the_code_is_none_of_the_database(error: Exception, drivers: bool) -> None:
    assert is_drivers(error) is drivers
    add_hint(error)
    assert bool(getattr(error, "__notes__", [])) is drivers
