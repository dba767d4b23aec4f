"""The tables, for the store itself and for a user's own migrations."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.store import metadata
from hamilton_sdk.store.tables import Tables, tables_of

NAMES = {"attempt", "delivery", "endpoint", "event", "processed"}


def test_they_are_named_by_prefix_and_schema() -> None:
    assert set(metadata().tables) == {f"hamilton_{name}" for name in NAMES}
    assert set(metadata("hooks", "x_").tables) == {f"hooks.x_{name}" for name in NAMES}


def test_each_call_gives_metadata_of_its_own() -> None:
    assert metadata() is not metadata()


def test_they_can_be_made_beside_a_users_own(address: str) -> None:
    from tests.store.notes import engine_on

    everything = metadata()
    sa.Table("business", everything, sa.Column("id", sa.Integer, primary_key=True))
    with engine_on(address, "psycopg" if "://" in address else "pysqlite") as engine:
        everything.create_all(engine)
        found = set(sa.inspect(engine).get_table_names())
    assert found == {f"hamilton_{name}" for name in NAMES} | {"business"}


def test_no_column_needs_converting() -> None:
    """So that the same text and values do on a raw connection."""
    plain = {"TEXT", "BIGINT", "INTEGER", "DOUBLE", "BLOB"}
    kinds = {str(column.type) for table in metadata().tables.values() for column in table.columns}
    assert kinds == plain


@pytest.mark.parametrize("name", ["", "Hooks_", "1hooks", "hooks-", 'x"; DROP TABLE y; --', "x" * 31, "é"])
def test_a_name_that_could_be_more_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="prefix"):
        Tables(prefix=name)
    with pytest.raises(ConfigurationError, match="schema"):
        Tables(schema=name)


@pytest.mark.parametrize("name", [None, 5, b"x"])
def test_a_prefix_is_text(name: Any) -> None:
    with pytest.raises(TypeError, match="prefix must be str"):
        Tables(prefix=name)


def test_the_same_names_give_the_same_tables() -> None:
    assert tables_of("a", "b_") is tables_of("a", "b_")


def test_what_listens_knows_its_channel() -> None:
    assert Tables().channel == "hamilton_delivery"
    assert Tables("hooks", "x_").channel == "hooks_x_delivery"


def test_its_repr_names_both() -> None:
    assert repr(Tables("hooks")) == "Tables(schema='hooks', prefix='hamilton_')"
