"""Webhooks in FastAPI: a dependency, by its own test client, and a real uvicorn."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from fastapi import Body, Depends, FastAPI
from fastapi.testclient import TestClient

from hamilton_sdk.errors import WebhookError
from hamilton_sdk.webhooks.events import EVENTS, UnknownEvent
from hamilton_sdk.webhooks.receiving.fastapi import answer_webhook_error, verified
from hamilton_sdk.webhooks.signing import VerifiedMessage
from tests.webhooks.receiving.servers import post, uvicorn_server
from tests.webhooks.receiving.signed import BAD, BODY, HOOK, headers

Verified = Annotated[VerifiedMessage, Depends(verified(HOOK, largest_body=1000))]
handed_over: list[bytes] = []
app = FastAPI()
app.add_exception_handler(WebhookError, answer_webhook_error)


@app.post("/hook")
async def receive(message: Verified) -> dict[str, str]:
    handed_over.append(message.body)
    return {"id": message.id}


@app.post("/blocking", status_code=204)
def receive_blocking(message: Verified) -> None:
    handed_over.append(message.body)


@app.post("/event", status_code=204)
async def receive_event(message: Verified) -> None:
    message.event()


@app.post("/declares-a-body")
async def declares_a_body(message: Verified, parsed: Annotated[Any, Body()]) -> dict[str, Any]:
    return {"id": message.id, "parsed": parsed}


@pytest.fixture
def client():
    handed_over.clear()
    with TestClient(app) as made:
        yield made


@pytest.mark.parametrize(("path", "status"), [("/hook", 200), ("/blocking", 204)])
def test_a_genuine_message_is_given_as_it_was_sent(client, path, status):
    assert client.post(path, content=BODY, headers=headers()).status_code == status
    assert handed_over == [BODY]


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain"])
def test_fastapi_parses_no_body_first(client, kind):
    given = {**headers(b"{not json"), "content-type": kind}
    assert client.post("/hook", content=b"{not json", headers=given).status_code == 200


@pytest.mark.parametrize(("make", "reason"), BAD)
def test_any_other_is_400_and_the_endpoint_is_not_called(client, make, reason):
    answer = client.post("/hook", content=BODY, headers=make())
    assert answer.status_code == 400
    assert answer.json() == {"detail": f"the webhook is not accepted: {reason}"}
    assert handed_over == []


def test_too_large_is_413(client):
    assert client.post("/hook", content=b"x" * 1001, headers=headers()).status_code == 413


def test_an_unknown_type_is_taken_and_a_body_that_is_no_event_is_422(client):
    """A sender may have more types tomorrow: refusing them would stop the rest as well."""
    unknown = (
        b'{"id":"evt_1","type":"parking.booked","version":1,"timestamp":"2026-01-01T00:00:00Z","data":{}}'
    )
    assert client.post("/event", content=unknown, headers=headers(unknown)).status_code == 204
    assert client.post("/event", content=b"[]", headers=headers(b"[]")).status_code == 422


def test_headers_that_come_twice_reach_the_verifier_twice(client):
    answer = client.post("/hook", content=BODY, headers=[*headers().items(), ("webhook-id", "msg_2")])
    assert answer.json() == {"detail": "the webhook is not accepted: duplicate_header"}


def test_an_endpoint_that_declares_a_body_still_gets_what_was_signed(client):
    """FastAPI reads it first, and keeps the bytes."""
    body = b'{"a":  1}'
    given = {**headers(body), "content-type": "application/json"}
    answer = client.post("/declares-a-body", content=body, headers=given)
    assert answer.json() == {"id": "msg_1", "parsed": {"a": 1}}


def test_the_dependency_adds_nothing_to_the_documented_parameters():
    operation = app.openapi()["paths"]["/hook"]["post"]
    assert "requestBody" not in operation
    assert "parameters" not in operation


@pytest.mark.parametrize("event", [*EVENTS.values(), UnknownEvent])
def test_an_event_may_describe_a_body_without_a_warning(event):
    """As in `FastAPI.webhooks`, and where what was verified is handed on."""
    described = FastAPI()

    def one(body: Any) -> None: ...

    one.__annotations__["body"] = event
    described.webhooks.post("one")(one)
    described.post("/one")(one)
    schema = {"application/json": {"schema": {"$ref": f"#/components/schemas/{event.__name__}"}}}
    document = described.openapi()
    assert document["webhooks"]["one"]["post"]["requestBody"]["content"] == schema
    assert TestClient(described).post("/one", json={}).status_code == 422


def test_under_uvicorn_with_chunks():
    handed_over.clear()
    with uvicorn_server(app) as port:
        assert post(port, [BODY[:1], BODY[1:]], headers().items())[0] == 200
        assert post(port, [b"x" * 600, b"x" * 401], headers().items())[0] == 413
    assert handed_over == [BODY]
