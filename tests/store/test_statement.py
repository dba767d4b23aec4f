"""A statement is built once, and compiled once for each driver, so that a call costs next to nothing."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.mysql.pymysql import MySQLDialect_pymysql
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.store.statement import Statement
from hamilton_sdk.store.tables import tables_of

TABLES = tables_of()


def build(tables: Any) -> Any:
    table = tables.processed
    which = (table.c.id == sa.bindparam("id"), table.c.source == sa.bindparam("source"))
    return sa.select(table.c.id).where(*which, table.c.accepted_at > 5)


def test_its_text_is_the_drivers_with_the_parameters_in_order() -> None:
    statement = Statement(build)
    sqlite, postgresql = statement.text(TABLES, "sqlite"), statement.text(TABLES, "postgresql")
    assert sqlite.sql.count("?") == postgresql.sql.count("%s") == 3
    given = {"source": "s", "id": "i", "not wanted": 1}
    assert sqlite.values(given) == postgresql.values(given) == ("i", "s", 5)


@pytest.mark.parametrize("names", [("id",), ("id", "source")])
def test_values_come_in_order_however_many(names: tuple[str, ...]) -> None:
    statement = Statement(
        lambda tables: sa.select(tables.processed.c.id).where(
            *[tables.processed.c[name] == sa.bindparam(name) for name in names]
        )
    )
    assert statement.text(TABLES, "sqlite").values({"source": 2, "id": 1}) == tuple(range(1, len(names) + 1))


def test_a_missing_parameter_is_an_error() -> None:
    for built in (
        build,
        lambda tables: sa.select(tables.event.c.id).where(tables.event.c.id == sa.bindparam("id")),
    ):
        with pytest.raises(KeyError):
            Statement(built).text(TABLES, "sqlite").values({"source": "s"})


def test_it_is_built_and_compiled_once() -> None:
    built = []
    statement = Statement(lambda tables: built.append(1) or build(tables))
    assert statement.text(TABLES, "sqlite") is statement.text(TABLES, "sqlite")
    assert statement.core(TABLES) is statement.core(TABLES)
    assert statement.text_for(TABLES, PGDialect_asyncpg()) is statement.text_for(TABLES, PGDialect_asyncpg())
    assert built == [1]


def test_tables_of_another_prefix_are_other_tables() -> None:
    statement = Statement(build)
    assert "FROM other_processed" in statement.text(tables_of(prefix="other_"), "sqlite").sql
    assert "FROM hooks.hamilton_processed" in statement.text(tables_of("hooks"), "postgresql").sql


def test_a_driver_of_sqlalchemys_gets_its_own_placeholders() -> None:
    statement = Statement(build)
    assert "$1" in statement.text_for(TABLES, PGDialect_asyncpg()).sql
    assert statement.text_for(TABLES, PGDialect_psycopg2()) is statement.text(TABLES, "postgresql")


def test_a_list_for_in_is_refused() -> None:
    statement = Statement(
        lambda tables: sa.select(tables.event.c.id).where(tables.event.c.id.in_(["a", "b"]))
    )
    with pytest.raises(TypeError, match="list for IN"):
        statement.text(TABLES, "sqlite")


def test_a_driver_that_counts_no_places_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="pymysql"):
        Statement(build).text_for(TABLES, MySQLDialect_pymysql(paramstyle="named"))


def test_its_repr_is_its_name() -> None:
    assert repr(Statement(build)) == "Statement(build)"
