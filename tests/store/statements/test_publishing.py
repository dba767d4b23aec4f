"""An event reaches the endpoints whose filter holds its type, and no others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hamilton_sdk.store import Store
from hamilton_sdk.store.operation import Execute
from hamilton_sdk.webhooks._operations.publishing import Publish
from tests.store.statements.rows import add_endpoint, deliveries, perform

FILTERS = [
    ("", "visit.created", True),
    (["visit.created"], "visit.created", True),
    (["reservation.created", "visit.created"], "visit.created", True),
    (["visit.*"], "visit.created", True),
    (["visit.*"], "visit.badge.printed", True),
    (["visit.badge"], "visit.badge.printed", False),
    (["visit.*"], "visitor.created", False),
    (["visit.create"], "visit.created", False),
    (["visit.created"], "visit.create", False),
    (["a.visit.created"], "visit.created", False),
    (["visit_created"], "visit.created", False),
    (["visitXcreated"], "visit_created", False),
    (["VISIT.CREATED"], "visit.created", False),
    (["visit.*"], "visit", False),
]


def publish(id: str, type: str, **more: Any) -> Publish:
    given = {"site": None, "object": None, "sequence": None, "body": b"{}", "now": 1_000, **more}
    return Publish(id=id, type=type, **given)


@pytest.mark.parametrize(("events", "type", "wanted"), FILTERS)
def test_a_filter_holds_types_and_families(store: Store, events: Any, type: str, wanted: bool) -> None:
    perform(store, add_endpoint("one", events=json.dumps(events) if events else ""))
    assert store.perform(publish("e", type)) == "e"
    assert len(perform(store, deliveries)) == wanted


@pytest.mark.parametrize("state", ["active", "paused", "disabled"])
def test_nothing_is_lost_while_an_endpoint_is_not_delivered_to(store: Store, state: str) -> None:
    perform(store, add_endpoint("one", state=state))
    store.perform(publish("e", "visit.created"))
    assert [row[:3] for row in perform(store, deliveries)] == [("e", "one", "pending")]


def test_an_endpoint_waits_as_its_schedule_says(store: Store) -> None:
    perform(store, add_endpoint("one", first_delay=0))
    perform(store, add_endpoint("two", first_delay=5_000_000))
    store.perform(publish("e", "visit.created"))
    assert perform(store, deliveries) == [
        ("e", "one", "pending", 0, 1_000, None, None),
        ("e", "two", "pending", 0, 5_001_000, None, None),
    ]


def test_the_place_in_an_order_is_kept_where_there_is_one(store: Store) -> None:
    """For the others it would only cost: whoever reads deliveries finds it in the event."""
    perform(store, add_endpoint("one", ordered=0))
    perform(store, add_endpoint("two", ordered=1))
    store.perform(publish("e", "visit.created", object="visit:1", sequence=3))
    assert [row[1:2] + row[5:] for row in perform(store, deliveries)] == [
        ("one", None, None),
        ("two", "visit:1", 3),
    ]


def test_an_event_published_twice_is_one(store: Store) -> None:
    """Also for an endpoint that came in between, and in the same microsecond."""
    perform(store, add_endpoint("one"))
    store.perform(publish("e", "visit.created"))
    store.perform(publish("e", "visit.created", now=1_000))
    perform(store, add_endpoint("two"))
    store.perform(publish("e", "visit.created", now=2_000, body=b"other"))
    assert [row[:2] for row in perform(store, deliveries)] == [("e", "one")]

    def bodies(execute: Execute) -> Any:
        from tests.store.statements.rows import select_bodies

        return [bytes(row[0]) for row in execute(select_bodies)]

    assert perform(store, bodies) == [b"{}"]


def test_an_event_nobody_wants_is_kept(store: Store) -> None:
    store.perform(publish("e", "visit.created"))
    perform(store, add_endpoint("one"))
    assert perform(store, deliveries) == []
