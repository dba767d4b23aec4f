"""What runs an operation's statements is the same for every kind of connection."""

from __future__ import annotations

from hamilton_sdk.store import Store
from hamilton_sdk.store.executing import CoreExecute, PsycopgExecute, SqliteExecute
from hamilton_sdk.store.operation import Execute
from tests.store.notes import AddThen


def test_an_operation_is_told_which_database_and_which_tables(store: Store) -> None:
    seen: list[Execute] = []
    store.perform(AddThen("a", seen.append))
    (execute,) = seen
    assert execute.dialect == store.dialect
    assert execute.tables is store.tables


def test_all_that_execute_have_what_the_protocol_names() -> None:
    names = {name for name in vars(Execute) if name in {"__call__", "dialect", "tables"}}
    for kind in (CoreExecute, PsycopgExecute, SqliteExecute):
        assert all(hasattr(kind, name) for name in names)
