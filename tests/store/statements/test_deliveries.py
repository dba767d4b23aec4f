"""Deliveries are found by their indexes, however many were finished long ago."""

from __future__ import annotations

import pytest

from hamilton_sdk.store import Store
from hamilton_sdk.store.statements import deliveries as statements
from tests.store.statements.rows import add_delivery, add_endpoint, deliveries, perform, plan


@pytest.fixture
def on_sqlite(sqlite_address: str):
    with Store(sqlite_address) as store:
        yield store


def test_dead_letters_are_found_by_an_index_of_their_own(on_sqlite: Store) -> None:
    statement = statements.select_deliveries(endpoint=True, event=False, state="dead")
    assert "hamilton_delivery_dead" in plan(
        on_sqlite, statement, {"endpoint": "one", "before": 9, "limit": 5}
    )


def test_deliveries_of_an_event_are_found_by_an_index(on_sqlite: Store) -> None:
    statement = statements.select_deliveries(endpoint=False, event=True, state=None)
    found = plan(on_sqlite, statement, {"event": "e", "before": 9, "limit": 5})
    assert "SCAN hamilton_delivery" not in found


def test_old_events_are_found_by_an_index(on_sqlite: Store) -> None:
    statement = statements.delete_events(dead_letters=False)
    assert "hamilton_event_published" in plan(on_sqlite, statement, {"before": 9, "limit": 5})


def test_a_statement_is_made_once_for_each_kind_of_question() -> None:
    first = statements.select_deliveries(endpoint=True, event=False, state=None)
    assert first is statements.select_deliveries(endpoint=True, event=False, state=None)


def test_what_lost_its_endpoint_is_skipped(store: Store) -> None:
    """It was published by a transaction that had not ended when the endpoint was removed."""
    perform(store, add_endpoint("one"))
    perform(store, add_delivery("a", endpoint_id="one"))
    perform(store, add_delivery("b", endpoint_id="gone"))
    perform(store, add_delivery("c", endpoint_id="gone", state="delivered"))
    perform(store, lambda execute: execute(statements.skip_orphans, {"now": 1}))
    assert [row[2] for row in perform(store, deliveries)] == ["pending", "skipped", "delivered"]
