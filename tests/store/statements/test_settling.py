"""What came of deliveries is written down, and nothing else is touched."""

from __future__ import annotations

from typing import Any

import pytest

from hamilton_sdk.store import Store
from hamilton_sdk.store.statements import claiming
from hamilton_sdk.store.statements import deliveries as reading
from hamilton_sdk.store.statements import endpoints as endpoint_statements
from hamilton_sdk.store.statements import settling as statements
from tests.store.statements.rows import add_delivery, add_endpoint, deliveries, perform, plan

_LEASED = {"lease_until": 50, "lease_by": "w"}
_FAILING = {"breaker": "open", "failures": 9, "failing_since": 1, "breaker_until": 2}


def numbers(store: Store) -> dict[str, int]:
    """The number of each delivery by its event."""
    given = {"before": 2**62, "limit": 100}
    which = reading.select_deliveries(endpoint=False, event=False, state=None)
    return {row[1]: row[0] for row in perform(store, lambda execute: execute(which, given))}


def leases(store: Store) -> dict[str, Any]:
    column = reading.COLUMNS.index("lease_until")
    given = {"before": 2**62, "limit": 100}
    which = reading.select_deliveries(endpoint=False, event=False, state=None)
    return {row[1]: row[column] for row in perform(store, lambda execute: execute(which, given))}


def endpoint(store: Store, id: str = "one") -> dict[str, Any]:
    (row,) = perform(store, lambda execute: execute(endpoint_statements.lock_endpoint, {"id": id}))
    return dict(zip(endpoint_statements.ENDPOINT, row, strict=True))


def several(store: Store, one: Any, all_: Any, names: list[str], **values: Any) -> None:
    """Do it to several, as each database is asked to."""
    found = numbers(store)
    ids = [found[name] for name in names]

    def step(execute: Any) -> None:
        if execute.dialect == "postgresql":
            execute(all_, {**values, "deliveries": ids})
        else:
            execute(one, [{**values, "delivery": each} for each in ids])

    perform(store, step)


def test_leases_are_given_to_a_worker(store: Store) -> None:
    for name in "abc":
        perform(store, add_delivery(name))
    several(store, claiming.set_lease, claiming.set_leases, ["a", "c"], worker="w", until=50, now=7)
    assert leases(store) == {"a": 50, "b": None, "c": 50}


def test_only_ones_own_leases_are_found(store: Store) -> None:
    perform(store, add_delivery("a", **_LEASED))
    perform(store, add_delivery("b", lease_until=50, lease_by="other"))
    perform(store, add_delivery("c"))
    owned = perform(store, lambda execute: execute(statements.lock_owned, {"worker": "w"}))
    assert [tuple(row) for row in owned] == [(numbers(store)["a"], 50)]


@pytest.mark.parametrize("outcome", ["delivered", "dead"])
def test_deliveries_end_after_one_more_attempt(store: Store, outcome: str) -> None:
    for name in "abc":
        perform(store, add_delivery(name, attempts=3, **_LEASED))
    several(
        store,
        statements.finish_delivery,
        statements.finish_deliveries,
        ["a", "b"],
        outcome=outcome,
        now=7,
    )
    assert [row[2:4] for row in perform(store, deliveries)] == [(outcome, 4), (outcome, 4), ("pending", 3)]
    assert leases(store) == {"a": None, "b": None, "c": 50}


def test_a_delivery_is_put_off(store: Store) -> None:
    for name in "ab":
        perform(store, add_delivery(name, **_LEASED))
    given = {"delivery": numbers(store)["a"], "attempts": 2, "next_at": 99, "now": 7}
    perform(store, lambda execute: execute(statements.postpone_delivery, [given]))
    assert [row[2:5] for row in perform(store, deliveries)] == [("pending", 2, 99), ("pending", 0, 0)]
    assert leases(store) == {"a": None, "b": 50}


def test_a_delivery_is_given_back_as_it_was(store: Store) -> None:
    for name in "ab":
        perform(store, add_delivery(name, next_at=5, attempts=1, **_LEASED))
    given = {"delivery": numbers(store)["a"], "now": 7}
    perform(store, lambda execute: execute(statements.give_delivery_back, [given]))
    assert [row[2:5] for row in perform(store, deliveries)] == [("pending", 1, 5), ("pending", 1, 5)]
    assert leases(store) == {"a": None, "b": 50}


def test_attempts_are_kept_with_all_that_is_known(store: Store) -> None:
    for name in "ab":
        perform(store, add_delivery(name))
    found = numbers(store)
    rows = [
        {
            "delivery_id": found["a"],
            "number": 1,
            "at": 2**50,
            "status": 500,
            "duration_ms": 1.5,
            "error": None,
            "response": b"\x00\xff",
        },
        {
            "delivery_id": found["a"],
            "number": 2,
            "at": 2**50 + 1,
            "status": None,
            "duration_ms": 0.0,
            "error": "TimedOut",
            "response": None,
        },
    ]

    def keep(execute: Any) -> None:
        if execute.dialect == "postgresql":
            execute(statements.insert_attempts, {name: [row[name] for row in rows] for name in rows[0]})
        else:
            execute(statements.insert_attempt, rows)

    perform(store, keep)
    kept = perform(store, lambda execute: execute(reading.select_attempts, {"delivery": found["a"]}))
    assert [(*row[:5], row[5] if row[5] is None else bytes(row[5])) for row in kept] == [
        (1, 2**50, 500, 1.5, None, b"\x00\xff"),
        (2, 2**50 + 1, None, 0.0, "TimedOut", None),
    ]
    assert perform(store, lambda execute: execute(reading.select_attempts, {"delivery": found["b"]})) == []


@pytest.mark.parametrize(
    "before", [_FAILING, {"failures": 1, "failing_since": 1}, {"breaker": "half_open"}, {}]
)
def test_a_breaker_is_closed_from_any_state(store: Store, before: dict[str, Any]) -> None:
    perform(store, add_endpoint("one", **before))
    perform(store, add_endpoint("two", **_FAILING))
    perform(store, lambda execute: execute(statements.close_breaker, {"endpoint": "one"}))
    closed = {"breaker": "closed", "failures": 0, "failing_since": None, "breaker_until": None}
    assert {name: endpoint(store)[name] for name in closed} == closed
    assert {name: endpoint(store, "two")[name] for name in closed} == _FAILING


def test_a_breaker_is_kept_and_read(store: Store) -> None:
    for name in ("one", "two"):
        perform(store, add_endpoint(name))
    given = {"endpoint": "one", "breaker": "open", "failures": 4, "since": 5, "until": 6}
    perform(store, lambda execute: execute(statements.change_breaker, given))

    def read(name: str) -> Any:
        (row,) = perform(store, lambda execute: execute(statements.lock_breaker, {"endpoint": name}))
        return tuple(row)

    assert read("one") == ("open", 4, 5, 6)
    assert read("two") == ("closed", 0, None, None)


@pytest.mark.parametrize(("state", "changes"), [("active", True), ("paused", True), ("disabled", False)])
def test_an_endpoint_is_disabled_once(store: Store, state: str, changes: bool) -> None:
    perform(store, add_endpoint("one", state=state, reason="before"))
    given = {"endpoint": "one", "reason": "it answered 410", "now": 7}
    found = perform(store, lambda execute: execute(statements.disable_endpoint, given))
    assert [row[0] for row in found] == ["one"] * changes
    assert endpoint(store)["state"] == "disabled"
    assert endpoint(store)["reason"] == ("it answered 410" if changes else "before")


def test_ones_own_leases_are_found_by_an_index(sqlite_address: str) -> None:
    with Store(sqlite_address) as store:
        assert "hamilton_delivery_leased (lease_by=?)" in plan(store, statements.lock_owned, {"worker": "w"})
