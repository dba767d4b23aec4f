"""Endpoints are kept and changed one at a time."""

from __future__ import annotations

from typing import Any

from hamilton_sdk.store import Store
from hamilton_sdk.store.operation import Execute
from hamilton_sdk.store.statements import endpoints as statements
from tests.store.statements.rows import add_delivery, add_endpoint, deliveries, forget_order, perform


def states(execute: Execute) -> list[Any]:
    column = statements.ENDPOINT.index("state")
    return [(row[0], row[column]) for row in execute(statements.select_endpoints)]


def test_they_come_in_the_order_they_were_made(store: Store) -> None:
    for name, at in (("b", 1), ("a", 2), ("c", 2)):
        perform(store, add_endpoint(name, created_at=at))
    assert [name for name, _ in perform(store, states)] == ["b", "a", "c"]


def test_only_an_active_one_is_paused(store: Store) -> None:
    for name, state in (("a", "active"), ("b", "disabled")):
        perform(store, add_endpoint(name, state=state))
        given = {"id_": name, "reason": None, "updated_at": 1}
        perform(store, lambda execute, given=given: execute(statements.pause_endpoint, given))
    assert perform(store, states) == [("a", "paused"), ("b", "disabled")]


def test_one_that_is_resumed_has_failed_at_nothing(store: Store) -> None:
    failing = {"breaker": "open", "failures": 9, "failing_since": 1, "breaker_until": 2, "reason": "410"}
    perform(store, add_endpoint("a", state="disabled", **failing))
    perform(store, lambda execute: execute(statements.resume_endpoint, {"id_": "a", "updated_at": 7}))
    (row,) = perform(store, lambda execute: execute(statements.lock_endpoint, {"id": "a"}))
    found = dict(zip(statements.ENDPOINT, row, strict=True))
    assert {name: found[name] for name in (*failing, "state", "updated_at")} == {
        "breaker": "closed",
        "failures": 0,
        "failing_since": None,
        "breaker_until": None,
        "reason": None,
        "state": "active",
        "updated_at": 7,
    }


def test_what_waits_for_one_is_skipped_and_nothing_else(store: Store) -> None:
    for name, endpoint, state in (
        ("a", "one", "pending"),
        ("b", "one", "dead"),
        ("c", "one", "delivered"),
        ("d", "two", "pending"),
    ):
        perform(store, add_delivery(name, endpoint_id=endpoint, state=state))
    perform(store, lambda execute: execute(statements.skip_deliveries, {"endpoint": "one", "now": 1}))
    found = [row[2] for row in perform(store, deliveries)]
    assert found == ["skipped", "skipped", "delivered", "pending"]


def test_what_waits_gets_its_place_when_an_order_is_wanted(store: Store) -> None:
    for name, endpoint, state in (("a", "one", "pending"), ("b", "one", "delivered"), ("c", "two", "dead")):
        perform(store, add_delivery(name, endpoint_id=endpoint, state=state, object="visit:1", sequence=3))
    perform(store, lambda execute: execute(forget_order))
    perform(store, lambda execute: execute(statements.order_deliveries, {"endpoint": "one"}))
    assert [row[5:] for row in perform(store, deliveries)] == [("visit:1", 3), (None, None), (None, None)]
