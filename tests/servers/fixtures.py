"""Databases for tests: SQLite in a file, and PostgreSQL, which one server serves for the whole run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.postgresql import ADDRESS, Server, binaries, postgresql

__all__ = [
    "_postgresql_database",
    "address",
    "own_postgresql",
    "postgresql_address",
    "postgresql_server",
    "sqlite_address",
]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server whose user may create databases."""
    given = os.environ.get(ADDRESS)
    if given:
        yield given
        return
    if binaries() is None:
        message = f"PostgreSQL is not installed: apt-get install postgresql, or name a server in {ADDRESS}"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with postgresql() as server:
        yield server.url


@pytest.fixture(scope="session")
def _postgresql_database(postgresql_server: str) -> Iterator[str]:
    """A database of this run's own; another run on the same server has another."""
    import psycopg

    name = f"hamilton_test_{os.getpid()}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield postgresql_server.rpartition("/")[0] + f"/{name}"
    finally:
        with psycopg.connect(postgresql_server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgresql_address(_postgresql_database: str) -> Iterator[str]:
    """A database on PostgreSQL, emptied after each test: to make a new one takes ten times as long."""
    yield _postgresql_database
    _empty(_postgresql_database)


def _empty(address: str) -> None:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        schemas = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
        ).fetchall()
        for (schema,) in schemas:
            connection.execute(f'DROP SCHEMA "{schema}" CASCADE')
        connection.execute("CREATE SCHEMA public")


@pytest.fixture
def sqlite_address(tmp_path: Path) -> str:
    """A database of the test's own on SQLite."""
    return str(tmp_path / "store.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    """A database of the test's own, on both."""
    found: str = request.getfixturevalue(f"{request.param}_address")
    return found


@pytest.fixture
def own_postgresql() -> Iterator[Server]:
    """A server that a test may stop and start."""
    if binaries() is None:
        message = "PostgreSQL is not installed: apt-get install postgresql"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with postgresql() as server:
        yield server
