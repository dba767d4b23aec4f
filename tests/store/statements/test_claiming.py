"""What is due and allowed is judged in SQL, by indexes of the queue alone."""

from __future__ import annotations

from typing import Any

import pytest

from hamilton_sdk.store import Store
from hamilton_sdk.store.statements import claiming as statements
from tests.store.statements.rows import add_delivery, add_endpoint, perform, plan

_NOW = 1_000_000_000
_BEFORE, _AFTER = _NOW - 1, _NOW + 1


@pytest.fixture
def on_sqlite(sqlite_address: str):
    with Store(sqlite_address) as store:
        yield store


def due(store: Store, most: int = 10) -> list[str]:
    given = {"now": _NOW, "most": most}
    locked = [row[0] for row in perform(store, lambda execute: execute(statements.lock_due_endpoints, given))]
    found = [
        row[0] for row in perform(store, lambda execute: execute(statements.select_due_endpoints, given))
    ]
    assert found == locked
    return found


def due_deliveries(store: Store, statement: Any = statements.select_due, wanted: int = 10) -> list[str]:
    given = {"now": _NOW, "endpoint": "one", "wanted": wanted}
    return [row[1] for row in perform(store, lambda execute: execute(statement, given))]


@pytest.mark.parametrize(
    ("endpoint", "is_due"),
    [
        ({}, True),
        ({"state": "paused"}, False),
        ({"state": "disabled"}, False),
        ({"breaker": "open", "breaker_until": _AFTER}, False),
        ({"breaker": "open", "breaker_until": _NOW}, True),
        ({"breaker": "open", "breaker_until": None}, True),
        ({"breaker": "half_open", "breaker_until": _AFTER}, True),
        ({"rate": 2.0, "rate_tokens": 1.0, "rate_at": _NOW}, True),
        ({"rate": 2.0, "rate_tokens": 0.9, "rate_at": _NOW}, False),
        ({"rate": 2.0, "rate_tokens": 0.0, "rate_at": _NOW - 500_000}, True),
        ({"rate": 2.0, "rate_tokens": 0.0, "rate_at": _NOW - 499_999}, False),
        ({"rate": 0.1, "rate_tokens": 0.0, "rate_at": _NOW - 10_000_000}, True),
    ],
)
def test_an_endpoint_may_get_something_now(store: Store, endpoint: dict[str, Any], is_due: bool) -> None:
    perform(store, add_endpoint("one", **endpoint))
    perform(store, add_delivery("a"))
    assert due(store) == ["one"] * is_due


@pytest.mark.parametrize(
    ("delivery", "is_due"),
    [
        ({"next_at": _NOW}, True),
        ({"next_at": _AFTER}, False),
        ({"state": "delivered"}, False),
        ({"state": "dead"}, False),
        ({"state": "skipped"}, False),
        ({"lease_until": _AFTER, "lease_by": "w"}, False),
        ({"lease_until": _NOW, "lease_by": "w"}, True),
        ({"endpoint_id": "other"}, False),
    ],
)
def test_a_delivery_is_due(store: Store, delivery: dict[str, Any], is_due: bool) -> None:
    perform(store, add_endpoint("one"))
    perform(store, add_delivery("a", **delivery))
    assert due(store) == ["one"] * is_due
    assert due_deliveries(store) == ["a"] * is_due
    assert due_deliveries(store, statements.select_due_in_order) == ["a"] * is_due


@pytest.mark.parametrize(
    ("endpoint", "under_way", "is_due"),
    [
        ({"in_flight_limit": 2}, 1, True),
        ({"in_flight_limit": 2}, 2, False),
        ({"in_flight_limit": 2, "breaker": "half_open"}, 0, True),
        ({"in_flight_limit": 2, "breaker": "half_open"}, 1, False),
        ({"in_flight_limit": 2, "breaker": "open", "breaker_until": _BEFORE}, 1, False),
    ],
)
def test_what_is_under_way_counts(
    store: Store, endpoint: dict[str, Any], under_way: int, is_due: bool
) -> None:
    perform(store, add_endpoint("one", **endpoint))
    perform(store, add_delivery("a"))
    perform(store, add_delivery("over", lease_until=_NOW, lease_by="w"))
    perform(store, add_delivery("elsewhere", endpoint_id="two", lease_until=_AFTER, lease_by="w"))
    for number in range(under_way):
        perform(store, add_delivery(f"b{number}", lease_until=_AFTER, lease_by=f"w{number}"))
    assert due(store) == ["one"] * is_due
    counted = perform(store, lambda execute: execute(statements.count_in_flight, {"now": _NOW}))
    expected = {"two": 1} | ({"one": under_way} if under_way else {})
    assert {row[0]: row[1] for row in counted} == expected


def test_those_that_waited_longest_come_first(store: Store) -> None:
    for endpoint, at in (("one", 30), ("two", 10), ("three", 20), ("four", 10)):
        perform(store, add_endpoint(endpoint))
        perform(store, add_delivery(f"{endpoint}-late", endpoint_id=endpoint, next_at=500))
        perform(store, add_delivery(endpoint, endpoint_id=endpoint, next_at=at))
    assert due(store) == ["four", "two", "three", "one"]
    assert due(store, most=2) == ["four", "two"]


def test_what_is_due_longest_comes_first(store: Store) -> None:
    for name, at in (("a", 30), ("b", 10), ("c", 20)):
        perform(store, add_delivery(name, next_at=at))
    assert due_deliveries(store) == ["b", "c", "a"]
    assert due_deliveries(store, wanted=1) == ["b"]


def _of_object(store: Store, *rows: tuple[str, str | None, int | None, str]) -> None:
    for number, (name, object_, sequence, state) in enumerate(rows):
        perform(store, add_delivery(name, object=object_, sequence=sequence, state=state, next_at=number))


@pytest.mark.parametrize("state", ["pending", "dead"])
def test_in_order_nothing_passes_what_is_not_done(store: Store, state: str) -> None:
    """The first may be under way, wait for another attempt, or be a dead letter: the next one waits."""
    perform(store, add_endpoint("one", ordered=1))
    _of_object(store, ("b", "visit:1", 2, "pending"), ("c", "visit:1", 3, "pending"))
    perform(store, add_delivery("a", object="visit:1", sequence=1, state=state, next_at=_AFTER))
    assert due_deliveries(store, statements.select_due_in_order) == []
    assert due(store) == []


@pytest.mark.parametrize("state", ["delivered", "skipped"])
def test_in_order_what_is_done_lets_one_pass(store: Store, state: str) -> None:
    perform(store, add_endpoint("one", ordered=1))
    _of_object(
        store,
        ("c", "visit:1", 3, "pending"),
        ("b", "visit:1", 2, "pending"),
        ("a", "visit:1", 1, state),
    )
    assert due_deliveries(store, statements.select_due_in_order) == ["b"]
    assert due(store) == ["one"]


def test_in_order_objects_do_not_wait_for_each_other(store: Store) -> None:
    perform(store, add_endpoint("one", ordered=1))
    _of_object(
        store,
        ("a", "visit:1", 1, "dead"),
        ("b", "visit:1", 2, "pending"),
        ("c", "visit:2", 1, "pending"),
        ("d", "visit:3", 9, "pending"),
    )
    assert due_deliveries(store, statements.select_due_in_order) == ["c", "d"]


def test_in_order_the_same_place_twice_goes_as_it_was_published(store: Store) -> None:
    perform(store, add_endpoint("one", ordered=1))
    _of_object(store, ("a", "visit:1", 1, "pending"), ("b", "visit:1", 1, "pending"))
    assert due_deliveries(store, statements.select_due_in_order) == ["a"]


def test_what_has_no_place_in_an_order_waits_for_nothing(store: Store) -> None:
    perform(store, add_endpoint("one", ordered=1))
    _of_object(
        store,
        ("a", "visit:1", 1, "pending"),
        ("b", "visit:1", None, "pending"),
        ("c", None, 7, "pending"),
        ("d", None, None, "pending"),
    )
    assert due_deliveries(store, statements.select_due_in_order) == ["a", "b", "c", "d"]


def test_without_an_order_nothing_waits(store: Store) -> None:
    perform(store, add_endpoint("one", ordered=0))
    _of_object(store, ("a", "visit:1", 1, "dead"), ("b", "visit:1", 2, "pending"))
    assert due(store) == ["one"]
    assert due_deliveries(store) == ["b"]


def test_other_endpoints_orders_do_not_matter(store: Store) -> None:
    perform(store, add_endpoint("one", ordered=1))
    _of_object(store, ("b", "visit:1", 2, "pending"))
    perform(store, add_delivery("a", endpoint_id="two", object="visit:1", sequence=1, state="dead"))
    assert due_deliveries(store, statements.select_due_in_order) == ["b"]


def test_a_change_of_an_endpoint_is_kept(store: Store) -> None:
    perform(store, add_endpoint("one", rate=2.0))
    given = {"endpoint": "one", "tokens": 0.5, "now": _NOW, "breaker": "half_open"}
    perform(store, lambda execute: execute(statements.change_endpoint, given))
    (row,) = perform(
        store,
        lambda execute: (
            execute(statements.lock_due_endpoints, {"now": _AFTER + 1_000_000, "most": 9}) or [None]
        ),
    )
    assert row is None
    perform(store, add_delivery("a"))
    (row,) = perform(
        store, lambda execute: execute(statements.lock_due_endpoints, {"now": _NOW + 500_000, "most": 9})
    )
    assert (row[9], row[10], row[11]) == (0.5, _NOW, "half_open")


def test_a_claim_looks_at_the_queue_and_not_at_history(on_sqlite: Store) -> None:
    """What was delivered years ago must not make a claim slower."""
    given = {"now": _NOW, "most": 10, "endpoint": "one", "wanted": 5}
    for statement in (
        statements.lock_due_endpoints,
        statements.count_in_flight,
        statements.select_due,
        statements.select_due_in_order,
    ):
        found = plan(on_sqlite, statement, given)
        for alias in ("waiting", "earlier", "hamilton_delivery", "leased"):
            assert f"SCAN {alias}\n" not in f"{found}\n"
    assert "hamilton_delivery_leased" in plan(on_sqlite, statements.count_in_flight, given)


def test_what_is_due_is_not_sorted(on_sqlite: Store) -> None:
    """However much is due, a claim takes the first few."""
    for statement in (statements.select_due, statements.select_due_in_order):
        found = plan(on_sqlite, statement, {"now": _NOW, "endpoint": "one", "wanted": 5})
        assert "hamilton_delivery_due" in found
        assert "TEMP B-TREE" not in found


def test_leases_are_given_one_by_one_or_all_at_once(store: Store) -> None:
    for name in "abc":
        perform(store, add_delivery(name))
    given = {"now": _NOW, "endpoint": "one", "wanted": 2}
    found = [row[0] for row in perform(store, lambda execute: execute(statements.select_due, given))]
    lease = {"worker": "w", "until": _AFTER, "now": _NOW}

    def give(execute: Any) -> None:
        if execute.dialect == "postgresql":
            execute(statements.set_leases, {**lease, "deliveries": found})
        else:
            execute(statements.set_lease, [{**lease, "delivery": each} for each in found])

    perform(store, give)
    counted = perform(store, lambda execute: execute(statements.count_in_flight, {"now": _NOW}))
    assert [tuple(row) for row in counted] == [("one", 2)]
    assert len(due_deliveries(store)) == 1
