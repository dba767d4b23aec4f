"""The JSON Schemas describe exactly the bodies that are sent and read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from hamilton_sdk.errors import WebhookPayloadError
from hamilton_sdk.webhooks.events import EVENTS, Event, UnknownEvent, VisitCreated, event_schema, parse_event
from hamilton_sdk.webhooks.events._schemas import HEADERS, chosen, component_schemas
from hamilton_sdk.webhooks.events.registry import VERSIONS
from tests.webhooks.events.samples import OBJECTS, content, known_events, sample

CONTRACTS = Path(__file__).parents[3] / "docs" / "reference" / "contracts"


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def published(kind: str, version: int) -> dict[str, Any]:
    text = (CONTRACTS / f"{kind}.v{version}.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


MADE = {kind: validator(event_schema(event)) for kind, event in EVENTS.items()}
PUBLISHED = {known: validator(published(*known)) for known in VERSIONS}


@pytest.mark.parametrize("kind", EVENTS)
def test_a_schema_is_one_and_says_what_it_is(kind: str) -> None:
    schema = event_schema(EVENTS[kind])
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:hamilton-apps-sdk:event:{kind}.v1"
    assert str(schema["title"]).startswith(kind)
    assert schema["description"]


@pytest.mark.parametrize("kind", EVENTS)
def test_a_body_has_what_a_constructor_fills_in(kind: str) -> None:
    schema: Any = event_schema(EVENTS[kind])
    assert schema["required"] == ["id", "type", "version", "timestamp", "data"]
    data_class: Any = EVENTS[kind].model_fields["data"].annotation
    data = schema["$defs"][data_class.__name__]
    assert data["required"] == [OBJECTS[kind][0]]
    assert all(each["additionalProperties"] is True for each in (schema, *schema["$defs"].values()))


@pytest.mark.parametrize("kind", [kind for kind in EVENTS if kind.startswith("visit.")])
def test_names_of_the_sdk_s_own_are_labelled(kind: str) -> None:
    schema = event_schema(EVENTS[kind])
    assert schema["title"] == f"{kind} (the SDK's own name)"
    assert "the SDK's own, not the product's" in str(schema["description"])


@given(known_events())
def test_what_is_sent_is_as_published(event: Event) -> None:
    body = json.loads(event.to_bytes())
    assert list(PUBLISHED[event.type, event.version].iter_errors(body)) == []
    assert list(MADE[event.type].iter_errors(body)) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"id": None},
        {"id": "a.b"},
        {"id": "a,b"},
        {"id": 7},
        {"type": "visit.checked_in"},
        {"version": 2},
        {"version": "1"},
        {"timestamp": None},
        {"timestamp": "yesterday"},
        {"timestamp": 0},
        {"site": ""},
        {"site": 7},
        {"sequence": -1},
        {"sequence": 1.5},
        {"sequence": 2**53},
        {"data": None},
        {"data": []},
        {"data": {}},
        {"data": {"visit_id": 7}},
        {"data": {"visit_id": ""}},
        {"data": {"visit_id": "x" * 256}},
        {"data": {"visit_id": "X-1", "start": "soon"}},
        {"data": {"visit_id": "X-1", "visitor": "Durand"}},
        {"data": {"visit_id": "X-1", "visitor": {"name": 7}}},
    ],
)
def test_what_a_schema_refuses_is_not_read_as_that_event(changed: dict[str, Any]) -> None:
    body = content(**changed)
    assert not MADE["visit.created"].is_valid(body)
    assert not PUBLISHED["visit.created", 1].is_valid(body)
    try:
        event = parse_event(json.dumps(body).encode())
    except WebhookPayloadError:
        return
    assert not isinstance(event, VisitCreated)


def test_what_is_null_may_be_missing() -> None:
    body = {**content(), "site": None, "sequence": None}
    assert MADE["visit.created"].is_valid(body)
    assert parse_event(json.dumps(body).encode()) == sample("visit.created")


def test_all_events_are_chosen_where_none_are_named() -> None:
    assert chosen(None) == tuple(EVENTS.values())
    assert chosen([]) == ()
    assert chosen(iter([VisitCreated])) == (VisitCreated,)


def test_components_are_each_described_once() -> None:
    assert set(component_schemas([VisitCreated])) == {"VisitCreated", "VisitData", "Person"}
    assert "#/components/schemas/VisitData" in json.dumps(component_schemas([VisitCreated]))
    assert component_schemas([]) == {}


def test_headers_are_those_of_standard_webhooks() -> None:
    assert list(HEADERS) == ["webhook-id", "webhook-timestamp", "webhook-signature"]
    assert UnknownEvent.__name__ not in component_schemas(chosen(None))
