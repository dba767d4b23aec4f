"""Bodies become events: known ones of their own class, new ones kept whole, all else the one error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import WebhookPayloadError
from hamilton_sdk.webhooks.events import EVENTS, Event, UnknownEvent, VisitCreated, parse_event
from tests.webhooks.events.samples import OBJECTS, WHEN, content, events, sample, values


def body(**changed: Any) -> bytes:
    return json.dumps(content(**changed)).encode()


def refused(given: bytes) -> str:
    with pytest.raises(WebhookPayloadError) as caught:
        parse_event(given)
    # Pydantic's own error knows the value and must not be shown with ours.
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert caught.value.hint
    return str(caught.value)


@pytest.mark.parametrize("kind", EVENTS)
def test_a_known_type_is_its_own_class(kind: str) -> None:
    event = parse_event(body(type=kind, data={OBJECTS[kind][0]: "X-1"}))
    assert type(event) is EVENTS[kind]
    assert event == sample(kind)


@given(events)
def test_what_was_written_is_read_as_it_was_unknown_fields_included(event: Event) -> None:
    read = parse_event(event.to_bytes())
    assert read == event
    assert type(read) is type(event)
    assert read.to_bytes() == event.to_bytes()


@pytest.mark.parametrize(
    "changed", [{"type": "badge.lost"}, {"type": "visit.created", "version": 2}, {"type": "Visit.Created"}]
)
def test_what_is_not_known_yet_is_kept_whole(changed: dict[str, Any]) -> None:
    given = content(**changed, urgent=True, data={"badge": {"number": 4711, "gone": None}})
    event = parse_event(json.dumps(given).encode())
    assert type(event) is UnknownEvent
    assert json.loads(event.to_bytes()) == given
    assert event.data.model_extra == given["data"]
    assert event.timestamp == WHEN


def test_a_field_that_is_null_is_as_if_it_were_not_there() -> None:
    event = parse_event(b'{"site":null,"sequence":null,' + body()[1:])
    assert event == sample("visit.created")


def test_the_payload_that_standard_webhooks_recommends_is_an_event_under_the_messages_id() -> None:
    """It has neither an id nor a version (Standard Webhooks 1.0.0, payload structure)."""
    recommended = b'{"type":"lift.stopped","timestamp":"2026-03-27T08:45:00Z","data":{"floor":3}}'
    event = parse_event(recommended, id="msg_1")
    assert isinstance(event, UnknownEvent)
    assert (event.id, event.type, event.version) == ("msg_1", "lift.stopped", 1)
    assert refused(recommended) == "id: is missing"


def test_a_bodys_own_id_and_version_stand() -> None:
    event = parse_event(body(version=7), id="msg_1")
    assert (event.id, event.version) == (sample("visit.created").id, 7)


@pytest.mark.parametrize("field", ["id", "type", "timestamp", "data"])
def test_a_missing_field_is_named_and_never_made_up(field: str) -> None:
    assert refused(body(**{field: None})) == f"{field}: is missing"


def test_all_missing_fields_are_named() -> None:
    assert refused(b"{}") == ("id: is missing; type: is missing; timestamp: is missing; data: is missing")


@pytest.mark.parametrize(
    ("changed", "begins"),
    [
        ({"id": "a.b"}, "id: "),
        ({"id": "a b"}, "id: "),
        ({"id": "a,b"}, "id: "),
        ({"id": ""}, "id: "),
        ({"id": "x" * 257}, "id: "),
        ({"id": 7}, "id: "),
        ({"type": "visit-created"}, "type: "),
        ({"type": "visit.created\n"}, "type: "),
        ({"type": ""}, "type: "),
        ({"type": ["visit.created"]}, "type: "),
        ({"type": {}}, "type: "),
        ({"version": True}, "version: "),
        ({"version": 1.0}, "version: "),
        ({"version": "1"}, "version: "),
        ({"version": 0}, "version: "),
        ({"timestamp": "2026-03-27T08:45:00"}, "timestamp: is naive"),
        ({"timestamp": 1_774_601_100}, "timestamp: is no datetime"),
        ({"timestamp": "soon"}, "timestamp: is no datetime"),
        ({"timestamp": "2026-02-30T08:45:00Z"}, "timestamp: "),
        ({"sequence": -1}, "sequence: "),
        ({"sequence": 1.5}, "sequence: "),
        ({"sequence": True}, "sequence: "),
        ({"sequence": 2**53}, "sequence: "),
        ({"site": ""}, "site: "),
        ({"site": "a\nb"}, "site: "),
        ({"data": []}, "data: "),
        ({"data": "X-1"}, "data: "),
        ({"data": {}}, "data.visit_id: "),
        ({"data": {"visit_id": ""}}, "data.visit_id: "),
        ({"data": {"visit_id": 7}}, "data.visit_id: "),
        ({"data": {"visit_id": "X-1", "visitor": "Durand"}}, "data.visitor: "),
        ({"data": {"visit_id": "X-1", "visitor": {"name": "\ud800"}}}, "data.visitor.name: holds half"),
        ({"data": {"visit_id": "X-1", "note": "\ud800"}}, "data: holds half"),
        ({"data": {"visit_id": "X-1", "\ud800": 1}}, "the body holds half"),
        ({"note": 10**301}, "the body holds an integer"),
        ({"note": [1e300, 10**299]}, ""),
    ],
)
def test_a_broken_field_is_named_with_its_rule(changed: dict[str, Any], begins: str) -> None:
    if begins:
        assert refused(body(**changed)).startswith(begins)
    else:
        assert parse_event(body(**changed)).model_extra == changed


def test_a_number_beyond_all_numbers_is_refused() -> None:
    assert refused(body(note=1).replace(b'"note": 1', b'"note": 1e999')) == (
        "the event: holds a number that is not finite"
    )


def test_what_is_nested_too_deep_is_refused() -> None:
    inner = b"[" * 66 + b"]" * 66
    assert refused(body(note=1).replace(b'"note": 1', b'"note": ' + inner)) == (
        "the event: is nested more than 64 deep"
    )


def test_an_empty_span_is_refused() -> None:
    moment = "2026-03-27T08:45:00Z"
    assert refused(body(data={"visit_id": "X-1", "start": moment, "end": moment})) == (
        "data: the end is not after the start"
    )


def test_no_value_and_no_unknown_name_is_told() -> None:
    """Either may be somebody's name."""
    data = {"visit_id": 4711, "durand@example.com": "\ud800", "visitor": {"name": ["Durand"], "email": 12}}
    text = refused(body(id="Durand Durand", site=4711, sequence="Durand", timestamp="Durand", data=data))
    assert "urand" not in text
    assert "4711" not in text
    assert text.endswith("; and 2 more")


def test_a_body_may_have_a_limit_of_its_own() -> None:
    given = body()
    assert isinstance(parse_event(given, limit=len(given)), VisitCreated)
    with pytest.raises(WebhookPayloadError, match=f"more than {len(given) - 1} bytes"):
        parse_event(given, limit=len(given) - 1)
    assert refused(body(note="x" * 2**20)) == "the body has more than 1048576 bytes"


@pytest.mark.parametrize("given", [body().decode(), bytearray(body()), None, content()])
def test_only_bytes_are_a_body(given: Any) -> None:
    with pytest.raises(TypeError, match=f"as bytes, not {type(given).__name__}"):
        parse_event(given)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_event_or_the_one_error(given: bytes) -> None:
    try:
        assert isinstance(parse_event(given), Event)
    except WebhookPayloadError:
        return


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.just(known) | values | st.text()
            for name, known in content(site="Paris", sequence=1, note=1).items()
        },
    )
)
def test_any_json_is_an_event_or_the_one_error(given: dict[str, object]) -> None:
    try:
        event = parse_event(json.dumps(given).encode())
    except WebhookPayloadError:
        return
    assert parse_event(event.to_bytes()) == event
