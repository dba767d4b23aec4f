"""Rows to begin with, and to look at: what an operation of the outbox would have written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import sqlalchemy as sa

from hamilton_sdk.store import Store
from hamilton_sdk.store.operation import Execute
from hamilton_sdk.store.statement import Statement

__all__ = ["add_delivery", "add_endpoint", "deliveries", "perform", "plan", "select_bodies"]

_ENDPOINT: dict[str, Any] = {
    "url": "https://customer.example/hooks",
    "events": "",
    "secrets": b"",
    "schedule": None,
    "first_delay": 0,
    "in_flight_limit": 10,
    "rate": None,
    "rate_tokens": 0.0,
    "rate_at": 0,
    "ordered": 0,
    "headers": "",
    "private_networks": "[]",
    "state": "active",
    "reason": None,
    "breaker": "closed",
    "failures": 0,
    "failing_since": None,
    "breaker_until": None,
    "created_at": 0,
    "updated_at": 0,
}
_DELIVERY: dict[str, Any] = {
    "endpoint_id": "one",
    "object": None,
    "sequence": None,
    "state": "pending",
    "attempts": 0,
    "next_at": 0,
    "lease_until": None,
    "lease_by": None,
    "updated_at": 0,
}
_EVENT: dict[str, Any] = {
    "type": "visit.created",
    "site": None,
    "object": None,
    "sequence": None,
    "body": b"{}",
    "published_at": 0,
}


@Statement
def insert_endpoint(tables: Any) -> Any:
    return sa.insert(tables.endpoint).values({name: sa.bindparam(name) for name in ("id", *_ENDPOINT)})


@Statement
def insert_event(tables: Any) -> Any:
    return sa.insert(tables.event).values({name: sa.bindparam(name) for name in ("id", *_EVENT)})


@Statement
def insert_delivery(tables: Any) -> Any:
    return sa.insert(tables.delivery).values({name: sa.bindparam(name) for name in ("event_id", *_DELIVERY)})


@Statement
def select_deliveries(tables: Any) -> Any:
    table = tables.delivery
    names = ("event_id", "endpoint_id", "state", "attempts", "next_at", "object", "sequence")
    return sa.select(*[table.c[name] for name in names]).order_by(table.c.event_id, table.c.endpoint_id)


@Statement
def forget_order(tables: Any) -> Any:
    """As it is for an endpoint without an order."""
    return sa.update(tables.delivery).values(object=None, sequence=None)


@Statement
def select_bodies(tables: Any) -> Any:
    return sa.select(tables.event.c.body).order_by(tables.event.c.id)


Step = Callable[[Execute], Any]


@dataclass(frozen=True)
class _Do:
    writes: ClassVar = True

    step: Step

    def run(self, execute: Execute) -> Any:
        return self.step(execute)


def perform(store: Store, step: Step) -> Any:
    """Do something in a transaction."""
    return store.perform(_Do(step))


def add_endpoint(id: str, **more: Any) -> Step:
    return lambda execute: execute(insert_endpoint, {"id": id, **_ENDPOINT, **more})


def add_delivery(event: str, **more: Any) -> Step:
    """An event and its delivery; what names a column of the event is of both."""

    def step(execute: Execute) -> None:
        of_event = {name: more.get(name, default) for name, default in _EVENT.items()}
        execute(insert_event, {"id": event, **of_event})
        of_delivery = {name: more.get(name, default) for name, default in _DELIVERY.items()}
        execute(insert_delivery, {"event_id": event, **of_delivery})

    return step


def deliveries(execute: Execute) -> list[Any]:
    """What there is: event, endpoint, state, attempts, when it is due, object, sequence."""
    return [tuple(row) for row in execute(select_deliveries)]


def plan(store: Store, statement: Statement, parameters: dict[str, Any]) -> str:
    """How SQLite would go about a statement."""
    text = statement.text(store.tables, "sqlite")
    with store._opened().connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text.sql}", text.values(parameters))
        return "\n".join(str(row[3]) for row in rows)
