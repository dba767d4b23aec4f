"""The AsyncAPI document has the parts that AsyncAPI 3.1 asks for, and each reference leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator

from hamilton_sdk.webhooks.events import EVENTS, RoomReleased, asyncapi

DOCUMENT: Any = asyncapi(title="Visits at Orléans", version="2026-03")


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (each for name, each in value.items() if name == "$ref")
        for each in value.values():
            yield from references(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from references(each)


def followed(reference: str) -> Any:
    found = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_it_has_what_every_document_has() -> None:
    assert DOCUMENT["asyncapi"] == "3.1.0"
    assert DOCUMENT["info"] == {"title": "Visits at Orléans", "version": "2026-03"}
    assert set(DOCUMENT) <= {
        "asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations", "components",
    }  # fmt: skip


def test_every_reference_leads_somewhere() -> None:
    found = list(references(DOCUMENT))
    assert found
    assert all(followed(each) for each in found)


def test_its_components_have_names_that_are_allowed() -> None:
    names = [name for part in DOCUMENT["components"].values() for name in part]
    assert [name for name in names if not re.fullmatch(r"[a-zA-Z0-9._-]+", name)] == []


def test_an_operation_sends_one_message_over_http() -> None:
    """The messages of an operation are named through its channel (AsyncAPI 3.1, Operation Object)."""
    (channel,) = DOCUMENT["channels"]
    assert DOCUMENT["channels"][channel]["address"] is None
    assert len(DOCUMENT["operations"]) == len(EVENTS)
    for operation in DOCUMENT["operations"].values():
        assert operation["action"] == "send"
        assert operation["channel"] == {"$ref": f"#/channels/{channel}"}
        (message,) = operation["messages"]
        assert message["$ref"].startswith(f"#/channels/{channel}/messages/")
        assert operation["bindings"] == {"http": {"method": "POST", "bindingVersion": "0.3.0"}}


@pytest.mark.parametrize("kind", EVENTS)
def test_a_message_carries_its_event_and_the_three_headers(kind: str) -> None:
    message = DOCUMENT["components"]["messages"][EVENTS[kind].__name__]
    assert message["name"] == kind
    assert message["title"].startswith(kind)
    assert message["contentType"] == "application/json"
    assert followed(message["payload"]["$ref"])["properties"]["type"]["const"] == kind
    headers = message["bindings"]["http"]["headers"]
    assert headers["required"] == ["webhook-id", "webhook-timestamp", "webhook-signature"]
    assert set(headers["properties"]) == set(headers["required"])


def test_its_schemas_need_no_newer_json_schema_than_asyncapi_s_own() -> None:
    """A Schema Object is a superset of Draft 07."""
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft7Validator.check_schema(schema)
        # Draft 07 ignores what stands beside a reference, and knows no `$defs`.
        assert not re.search(r"'\$defs'|'prefixItems'|'unevaluated|'dependent", repr(schema))


def test_it_may_describe_some_events_only() -> None:
    some: Any = asyncapi(events=[RoomReleased])
    assert list(some["components"]["messages"]) == ["RoomReleased"]
    assert list(some["operations"]) == ["sendRoomReleased"]
