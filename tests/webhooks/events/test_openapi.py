"""The OpenAPI document is one, and describes each webhook with its headers and answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from hamilton_sdk.webhooks.events import EVENTS, RoomReleased, openapi

DOCUMENT: Any = openapi(title="Visits at Orléans", version="2026-03")


def test_it_is_an_openapi_3_1_document() -> None:
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []
    assert DOCUMENT["openapi"] == "3.1.0"
    assert DOCUMENT["info"] == {"title": "Visits at Orléans", "version": "2026-03"}


def test_the_validator_would_find_a_mistake() -> None:
    spoilt: Any = json.loads(json.dumps(DOCUMENT))
    spoilt["webhooks"]["visit.created"]["post"]["responses"] = {"twice": {}}
    assert list(OpenAPIV31SpecValidator(spoilt).iter_errors())


def test_there_is_a_webhook_for_each_type() -> None:
    assert list(DOCUMENT["webhooks"]) == list(EVENTS)
    operations = [item["post"]["operationId"] for item in DOCUMENT["webhooks"].values()]
    assert len(operations) == len(set(operations))


@pytest.mark.parametrize("kind", EVENTS)
def test_a_webhook_carries_its_event_and_the_three_headers(kind: str) -> None:
    operation = DOCUMENT["webhooks"][kind]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    described = DOCUMENT["components"]["schemas"][schema.removeprefix("#/components/schemas/")]
    assert described["properties"]["type"]["const"] == kind
    named = [each["$ref"].removeprefix("#/components/parameters/") for each in operation["parameters"]]
    assert named == ["webhook-id", "webhook-timestamp", "webhook-signature"]
    for name in named:
        parameter = DOCUMENT["components"]["parameters"][name]
        assert (parameter["name"], parameter["in"], parameter["required"]) == (name, "header", True)
        assert parameter["description"]
        assert parameter["schema"]["type"] == "string"


@pytest.mark.parametrize("kind", EVENTS)
def test_it_says_what_an_answer_does(kind: str) -> None:
    responses = DOCUMENT["webhooks"][kind]["post"]["responses"]
    assert list(responses) == ["2XX", "410", "429", "default"]
    assert all(each["description"] for each in responses.values())
    assert "Retry-After" in responses["429"]["headers"]


def test_a_name_of_the_sdk_s_own_is_labelled() -> None:
    assert DOCUMENT["webhooks"]["visit.created"]["post"]["summary"] == "visit.created (the SDK's own name)"


def test_it_may_describe_some_events_only() -> None:
    some: Any = openapi(events=[RoomReleased])
    assert list(some["webhooks"]) == ["room.released"]
    assert set(some["components"]["schemas"]) == {"RoomReleased", "RoomReleaseData"}
    assert list(OpenAPIV31SpecValidator(some).iter_errors()) == []
