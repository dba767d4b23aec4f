"""Brings a store's tables up to date, by Alembic, with a version table of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hamilton_sdk.errors import StoreError
from hamilton_sdk.store.trouble import is_drivers, store_error

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from hamilton_sdk.store.address import Address
    from hamilton_sdk.store.tables import Tables

__all__ = ["HEAD", "bring_up_to_date"]

HEAD: Final = "0001"
"""The version of the tables that this version of the package works with."""

_SCRIPTS: Final = Path(__file__).parent / "migrations"


def bring_up_to_date(engine: Engine, tables: Tables, address: Address) -> str | None:
    """Make the tables, or bring those of an older version up to date, in one transaction.

    Args:
        engine: Of the store's own.
        tables: With their schema and prefix.
        address: Where the store lies, for errors.

    Returns:
        The version found; None where there were no tables.

    Raises:
        StoreError: The tables are of a version that this version of the package does not know, or were made
            otherwise, or the database cannot.
    """
    try:
        with engine.connect() as connection:
            found = _version(connection, tables)
        if found == HEAD:
            return found
        with engine.begin() as connection:
            _one_at_a_time(connection, tables)
            # Another process may have done it meanwhile.
            found = _version(connection, tables)
            if found is None:
                _check_new(connection, tables, address)
            if found != HEAD:
                _migrate(connection, tables, found, address)
            return found
    except Exception as error:
        if not is_drivers(error):
            raise
        raise store_error(error, address) from error


def _version_table(tables: Tables) -> str:
    return f"{tables.prefix}schema_version"


def _version(connection: Connection, tables: Tables) -> str | None:
    from sqlalchemy import Column, MetaData, Table, Text, inspect, select

    name = _version_table(tables)
    if not inspect(connection).has_table(name, tables.schema):
        return None
    table = Table(name, MetaData(schema=tables.schema), Column("version_num", Text))
    return connection.scalar(select(table.c.version_num))


def _check_new(connection: Connection, tables: Tables, address: Address) -> None:
    from sqlalchemy import inspect

    if inspect(connection).has_table(tables.endpoint.name, tables.schema):
        message = f"{address}: its tables were made otherwise, so that their version is not known"
        hint = "open it with upgrade=False where migrations of your own make them, or with another prefix"
        raise StoreError(message, hint=hint)


def _one_at_a_time(connection: Connection, tables: Tables) -> None:
    """Let other processes that open the same store wait; on SQLite the transaction does it."""
    from sqlalchemy import func, select, text

    if connection.dialect.name != "postgresql":
        return
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(_version_table(tables)))))
    if tables.schema is not None:
        # The name was checked when the tables were described.
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{tables.schema}"'))


def _migrate(connection: Connection, tables: Tables, found: str | None, address: Address) -> None:
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        message = f"{address}: its tables are of version {found}, newer than {HEAD}, which this package knows"
        raise StoreError(message, hint="upgrade hamilton-apps-sdk here as well")

    def steps(revision: Any, _context: object) -> Any:  # noqa: ANN401 (Alembic's own)
        # What Alembic's commands call; they themselves want a folder with an `env.py`.
        return scripts._upgrade_revs(HEAD, revision)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

    options: dict[str, Any] = {
        "fn": steps,
        "version_table": _version_table(tables),
        "version_table_schema": tables.schema,
    }
    context = MigrationContext.configure(connection, opts=options)
    with Operations.context(context):
        context.run_migrations(schema=tables.schema, prefix=tables.prefix)
