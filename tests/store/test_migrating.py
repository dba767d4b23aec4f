"""A store's tables are made and brought up to date by migrations, which say the same as the metadata."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from hamilton_sdk.errors import StoreError
from hamilton_sdk.store import Store, migrating, upgrade
from hamilton_sdk.store.migrating import HEAD, bring_up_to_date
from hamilton_sdk.store.tables import tables_of
from tests.store.notes import Add, Names, engine_on


def driver_of(address: str) -> str:
    return "psycopg" if "://" in address else "pysqlite"


def shape(engine: sa.Engine, schema: str | None) -> dict[str, Any]:
    """What a database has, to the last column, key and index; names of constraints as the database chose."""
    inspector = sa.inspect(engine)
    return {
        table: {
            "columns": [
                (each["name"], str(each["type"]), each["nullable"])
                for each in inspector.get_columns(table, schema)
            ],
            "key": inspector.get_pk_constraint(table, schema)["constrained_columns"],
            "unique": [each["column_names"] for each in inspector.get_unique_constraints(table, schema)],
            "foreign": [
                (each["constrained_columns"], each["referred_table"], each["options"])
                for each in inspector.get_foreign_keys(table, schema)
            ],
            "indexes": sorted(
                (
                    str(each["name"]),
                    each["column_names"],
                    sorted((name, str(value)) for name, value in each.get("dialect_options", {}).items()),
                )
                for each in inspector.get_indexes(table, schema)
            ),
        }
        for table in inspector.get_table_names(schema)
        if not table.endswith("schema_version")
    }


@pytest.mark.parametrize("prefix", ["hamilton_", "x_"])
def test_the_migrations_make_what_the_metadata_says(address: str, prefix: str) -> None:
    tables = tables_of(prefix=prefix)
    with engine_on(address, driver_of(address)) as engine:
        tables.metadata.create_all(engine)
        described = shape(engine, None)
        tables.metadata.drop_all(engine)
        Store(address, prefix=prefix).close()
        assert shape(engine, None) == described
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"include_name": lambda name, *_: not str(name).endswith("schema_version")}
            )
            assert compare_metadata(context, tables.metadata) == []


def test_the_same_in_a_schema(postgresql_address: str) -> None:
    tables = tables_of("hooks")
    with engine_on(postgresql_address, "psycopg") as engine:
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE SCHEMA hooks"))
        tables.metadata.create_all(engine)
        described = shape(engine, "hooks")
        tables.metadata.drop_all(engine)
        Store(postgresql_address, schema="hooks").close()
        assert shape(engine, "hooks") == described


def test_a_store_of_today_is_left_alone(address: str) -> None:
    with Store(address) as store:
        store.perform(Add(("a",)))
    with Store(address) as store:
        assert store.perform(Names()) == ["a"]
        assert bring_up_to_date(store._opened(), store.tables, store.address) == HEAD


def test_upgrading_may_be_a_step_of_its_own(address: str) -> None:
    assert upgrade(address) is None
    assert upgrade(address) == HEAD
    with Store(address, upgrade=False) as store:
        assert store.perform(Names()) == []


def test_its_version_table_is_its_own(address: str) -> None:
    """A user's own Alembic has one too, named `alembic_version`."""
    Store(address).close()
    with engine_on(address, driver_of(address)) as engine, engine.connect() as connection:
        assert not sa.inspect(engine).has_table("alembic_version")
        assert connection.execute(sa.text("SELECT version_num FROM hamilton_schema_version")).all() == [
            (HEAD,)
        ]


def test_tables_of_a_newer_package_are_not_touched(address: str) -> None:
    Store(address).close()
    with engine_on(address, driver_of(address)) as engine, engine.begin() as connection:
        connection.execute(sa.text("UPDATE hamilton_schema_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="version 9999, newer than") as caught:
        Store(address)
    assert "upgrade hamilton-apps-sdk" in str(caught.value.hint)


def test_tables_that_were_made_otherwise_are_not_touched(address: str) -> None:
    with engine_on(address, driver_of(address)) as engine:
        tables_of().metadata.create_all(engine)
    with pytest.raises(StoreError, match="made otherwise") as caught:
        Store(address)
    assert "upgrade=False" in str(caught.value.hint)
    with Store(address, upgrade=False) as store:
        store.perform(Add(("a",)))


def test_a_migration_that_fails_leaves_nothing(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = migrating._migrate

    def half_way(*arguments: Any) -> None:
        real(*arguments)
        raise RuntimeError

    monkeypatch.setattr(migrating, "_migrate", half_way)
    with pytest.raises(RuntimeError):
        Store(address)
    with engine_on(address, driver_of(address)) as engine:
        assert sa.inspect(engine).get_table_names() == []


def test_another_process_may_have_done_it_meanwhile(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between looking and locking."""
    real = migrating._one_at_a_time
    done = []

    def first_another(connection: sa.Connection, tables: Any) -> None:
        real(connection, tables)
        migrating._migrate(connection, tables, None, store_address)
        done.append(1)

    from hamilton_sdk.store.address import parse_address

    store_address = parse_address(address)
    monkeypatch.setattr(migrating, "_one_at_a_time", first_another)
    with Store(address) as store:
        assert store.perform(Names()) == []
    assert done == [1]


def test_the_newest_migration_is_the_version_of_this_package() -> None:
    from hamilton_sdk.store.migrations.versions import v0001

    assert v0001.revision == HEAD
