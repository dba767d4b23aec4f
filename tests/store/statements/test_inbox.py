"""An id is remembered once for each source, and forgotten when it is old."""

from __future__ import annotations

from hamilton_sdk.store import Store
from hamilton_sdk.store.statements.inbox import delete_processed, insert_processed
from tests.store.statements.rows import perform, plan


def insert(source: str, id: str, at: int = 1):
    return lambda execute: execute(insert_processed, {"source": source, "id": id, "accepted_at": at})


def test_the_second_insert_gives_no_row(store: Store) -> None:
    found = [perform(store, insert(*each)) for each in (("s", "a"), ("s", "a"), ("t", "a"), ("s", "b"))]
    assert [len(rows) for rows in found] == [1, 0, 1, 1]


def test_what_is_older_is_forgotten(store: Store) -> None:
    for at in (1, 2, 3):
        perform(store, insert("s", f"{at}", at))
    gone = perform(store, lambda execute: execute(delete_processed, {"before": 3}))
    assert sorted(row[0] for row in gone) == ["1", "2"]
    assert len(perform(store, insert("s", "3"))) == 0


def test_what_is_old_is_found_by_an_index(sqlite_address: str) -> None:
    with Store(sqlite_address) as store:
        assert "hamilton_processed_accepted" in plan(store, delete_processed, {"before": 1})
