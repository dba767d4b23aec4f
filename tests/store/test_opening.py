"""Engines are set so that a commit is kept, a lock is waited for, and a value is never logged."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from typing import Any

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.store.address import parse_address
from hamilton_sdk.store.opening import Settings, _write_ahead, open_async_engine, open_engine


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"synchronous": "OFF"}, ConfigurationError),
        ({"synchronous": "full"}, ConfigurationError),
        ({"busy_timeout": -1}, ConfigurationError),
        ({"busy_timeout": 4000}, ConfigurationError),
        ({"busy_timeout": float("nan")}, ConfigurationError),
        ({"busy_timeout": "10"}, TypeError),
        ({"busy_timeout": True}, TypeError),
    ],
)
def test_settings_that_make_no_sense_are_refused(given: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Settings(**given)


def test_settings_may_be_at_their_limits() -> None:
    assert Settings("NORMAL", 0).busy_timeout == 0
    assert Settings("FULL", 3600).synchronous == "FULL"


def test_a_transaction_of_an_engine_on_sqlite_takes_the_lock_at_once(sqlite_address: str) -> None:
    engine = open_engine(parse_address(sqlite_address), Settings(busy_timeout=0))
    with closing(sqlite3.connect(sqlite_address, timeout=0)) as other, engine.begin():
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    engine.dispose()


def test_values_stay_out_of_an_engines_log(sqlite_address: str) -> None:
    engine = open_engine(parse_address(sqlite_address), Settings())
    assert engine.hide_parameters
    engine.dispose()


async def test_an_engine_for_async_code_hides_them_too(postgresql_address: str) -> None:
    engine = open_async_engine(parse_address(postgresql_address))
    assert engine.sync_engine.hide_parameters
    async with engine.connect() as connection:
        assert (await connection.exec_driver_sql("SELECT 1")).scalar() == 1
    await engine.dispose()


def test_without_psycopg_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for opener in (lambda address: open_engine(address, Settings()), open_async_engine):
        with pytest.raises(ConfigurationError, match="psycopg") as caught:
            opener(parse_address("postgresql://h/db"))
        assert "hamilton-apps-sdk[postgresql]" in str(caught.value.hint)


class Stubborn:
    """A connection to a file that somebody else is turning to the log at this moment."""

    def __init__(self, times: int, code: int = sqlite3.SQLITE_BUSY) -> None:
        self.left = times
        self.code = code

    def execute(self, _statement: str) -> None:
        if self.left:
            self.left -= 1
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = self.code
            raise error


def test_it_waits_for_whoever_is_turning_the_file_to_a_log() -> None:
    connection: Any = Stubborn(3)
    _write_ahead(connection, patience=5)
    assert connection.left == 0


@pytest.mark.parametrize("connection", [Stubborn(10**9), Stubborn(10**9, sqlite3.SQLITE_IOERR)])
def test_it_does_not_wait_for_ever(connection: Any) -> None:
    with pytest.raises(sqlite3.OperationalError):
        _write_ahead(connection, patience=0.05 if connection.code == sqlite3.SQLITE_BUSY else 600)
