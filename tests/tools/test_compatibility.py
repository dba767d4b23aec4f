"""Which changes of a published contract pass, and which need a new version."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from hamilton_sdk.webhooks.events import VisitCreated, event_schema
from tools.compatibility import breaking_changes

PUBLISHED: Any = event_schema(VisitCreated)
Change = Callable[[Any], Any]


def changed(change: Change) -> list[str]:
    proposed = copy.deepcopy(PUBLISHED)
    change(proposed)
    assert proposed != PUBLISHED
    return breaking_changes(PUBLISHED, proposed)


def _set(*path: str | int, to: object) -> Change:
    def change(schema: Any) -> None:
        for step in path[:-1]:
            schema = schema[step]
        schema[path[-1]] = to

    return change


def _drop(*path: str) -> Change:
    def change(schema: Any) -> None:
        for step in path[:-1]:
            schema = schema[step]
        del schema[path[-1]]

    return change


def _rename(schema: Any) -> None:
    fields = schema["$defs"]["VisitData"]["properties"]
    fields["kind"] = fields.pop("visit_type")


def _add_required(schema: Any) -> None:
    schema["properties"]["tenant"] = {"type": "string"}
    schema["required"].append("tenant")


FIELDS = ("$defs", "VisitData", "properties")
PERSON = ("$defs", "Person", "properties")


def test_what_is_the_same_is_compatible() -> None:
    assert breaking_changes(PUBLISHED, copy.deepcopy(PUBLISHED)) == []


@pytest.mark.parametrize(
    "change",
    [
        _set("properties", "tenant", to={"type": "string"}),
        _set(*FIELDS, "desk", to={"$ref": "#/$defs/Person"}),
        _set(*PERSON, "language", to={"type": "string", "minLength": 2}),
        _set("$defs", "Desk", to={"type": "object"}),
        _set("title", to="Another title"),
        _set("description", to="Said better."),
        _set(*FIELDS, "visit_id", "description", to="Said better."),
        _set(*FIELDS, "visit_id", "examples", to=["HV-2026-1"]),
    ],
    ids=lambda change: change.__closure__[0].cell_contents[-1],
)
def test_an_addition_that_may_be_missing_and_an_explanation_pass(change: Change) -> None:
    assert changed(change) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        # a field that is gone
        (_drop(*FIELDS, "host"), "data.host: is gone or has another name"),
        (_drop("properties", "site"), "site: is gone or has another name"),
        (_drop(*PERSON, "email"), "data.host.email: is gone or has another name"),
        (_rename, "data.visit_type: is gone or has another name"),
        # what must be there
        (_add_required, "tenant: must be there now"),
        (_set("required", to=[*PUBLISHED["required"], "site"]), "site: must be there now"),
        (_set("$defs", "Person", "required", to=["id"]), "data.host.id: must be there now"),
        (_set("required", to=PUBLISHED["required"][1:]), "id: need not be there any more"),
        (_drop("$defs", "VisitData", "required"), "data.visit_id: need not be there any more"),
        # types
        (
            _set(*FIELDS, "visit_id", "type", to="integer"),
            'data.visit_id: type was "string" and is "integer"',
        ),
        (_set(*FIELDS, "visit_id", to={"type": "array"}), 'data.visit_id: type was "string" and is "array"'),
        (_set("properties", "site", to={"type": "string"}), "site: had 2 alternatives and has 0"),
        (_set("properties", "site", "anyOf", to=[{"type": "null"}]), "site: had 2 alternatives and has 1"),
        (_set("properties", "data", to={"type": "object"}), "data.visit_id: is gone or has another name"),
        # enums, patterns, limits, constants
        (_set(*FIELDS, "visit_id", "enum", to=["a"]), 'data.visit_id: enum was null and is ["a"]'),
        (_set(*FIELDS, "visit_id", "pattern", to="^HV"), 'data.visit_id: pattern was null and is "^HV"'),
        (_set("properties", "id", "pattern", to="^x"), "id: pattern was "),
        (_set(*FIELDS, "visit_id", "maxLength", to=36), "data.visit_id: maxLength was 255 and is 36"),
        (_set("properties", "sequence", "anyOf", 0, "minimum", to=1), "sequence: minimum was 0 and is 1"),
        (_set(*FIELDS, "start", "anyOf", 0, "format", to="date"), 'data.start: format was "date-time"'),
        (_set("properties", "type", "const", to="visit.made"), 'type: const was "visit.created" and is '),
        (_set("properties", "version", "const", to=2), "version: const was 1 and is 2"),
        (_set("additionalProperties", to=False), "the event: additionalProperties was true and is false"),
        (
            _set("$defs", "Person", "additionalProperties", to=False),
            "data.host: additionalProperties was true",
        ),
        (_set("$id", to="urn:other"), "the event: $id was "),
        (_set("not", to={"required": ["site"]}), "the event: not was null and is "),
    ],
)
def test_a_change_that_breaks_a_receiver_is_told_with_its_field(change: Change, told: str) -> None:
    assert any(each.startswith(told) for each in changed(change)), changed(change)


def test_items_of_a_list_are_looked_into() -> None:
    one: Any = {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}}}}
    other = copy.deepcopy(one)
    other["items"]["properties"]["b"] = {"type": "string"}
    assert breaking_changes(one, other) == []
    assert breaking_changes(other, one) == ["[].b: is gone or has another name"]
    assert breaking_changes(one, {"type": "array"}) == ["the event: items are described on one side only"]


def test_what_is_referred_to_from_anywhere_is_compared() -> None:
    one: Any = {"allOf": [{"$ref": "#/$defs/A"}], "$defs": {"A": {"type": "string", "maxLength": 9}}}
    other = copy.deepcopy(one)
    other["$defs"]["A"]["maxLength"] = 8
    (told,) = breaking_changes(one, other)
    assert told.startswith("the event: allOf was ")
    assert breaking_changes(one, copy.deepcopy(one)) == []
