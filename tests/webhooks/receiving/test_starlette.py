"""Webhooks in Starlette: its own test client, and a real uvicorn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from hamilton_sdk.errors import (
    ConfigurationError,
    WebhookError,
    WebhookPayloadError,
    WebhookVerificationError,
)
from hamilton_sdk.webhooks.receiving.starlette import answer_webhook_error, verify_request
from tests.serving.incoming.events import part, receiving, scope
from tests.webhooks.receiving.servers import post, uvicorn_server
from tests.webhooks.receiving.signed import BAD, BODY, HOOK, headers

if TYPE_CHECKING:
    from collections.abc import Callable


async def receive(request: Request) -> Response:
    message = await verify_request(request, HOOK, largest_body=1000)
    return JSONResponse({"id": message.id, "body": message.body.decode()})


async def no_event(request: Request) -> Response:
    await verify_request(request, HOOK)
    raise WebhookPayloadError("data is missing")


async def parsed_first(request: Request) -> Response:
    async for _ in request.stream():
        pass
    return await receive(request)


async def kept_first(request: Request) -> Response:
    await request.body()
    return await receive(request)


def application(**more: Any) -> Starlette:
    endpoints: dict[str, Callable[..., Any]] = {
        "/hook": receive,
        "/no-event": no_event,
        "/parsed": parsed_first,
        "/kept": kept_first,
    }
    routes = [Route(path, endpoint, methods=["POST"]) for path, endpoint in endpoints.items()]
    return Starlette(routes=routes, exception_handlers={WebhookError: answer_webhook_error}, **more)


@pytest.fixture
def client():
    with TestClient(application()) as made:
        yield made


@pytest.mark.parametrize("path", ["/hook", "/kept"])
def test_a_genuine_message_is_given(client, path):
    answer = client.post(path, content=BODY, headers=headers())
    assert (answer.status_code, answer.json()) == (200, {"id": "msg_1", "body": BODY.decode()})


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_no_content_type_lets_anything_else_read_the_body(client, kind):
    given = {**headers(), "content-type": kind}
    assert client.post("/hook", content=BODY, headers=given).json()["body"] == BODY.decode()


@pytest.mark.parametrize(("make", "reason"), BAD)
def test_any_other_is_400_with_the_reason(client, make, reason):
    answer = client.post("/hook", content=BODY, headers=make())
    assert (answer.status_code, answer.text) == (400, f"the webhook is not accepted: {reason}")


def test_too_large_is_413(client):
    assert client.post("/hook", content=b"x" * 1001, headers=headers()).status_code == 413
    assert client.post("/hook", content=iter([b"x" * 600, b"x" * 401]), headers=headers()).status_code == 413


def test_another_method_is_405_by_the_route(client):
    assert client.get("/hook").status_code == 405


def test_a_body_that_is_no_event_is_422_by_the_handler(client):
    answer = client.post("/no-event", content=BODY, headers=headers())
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_handler_leaves_other_errors_alone():
    with pytest.raises(KeyError):
        answer_webhook_error(Request(scope()), KeyError("room"))


async def test_the_exception_keeps_its_cause():
    with pytest.raises(HTTPException) as caught:
        await verify_request(Request(scope(), receiving(part(BODY))), HOOK)
    assert isinstance(caught.value.__cause__, WebhookVerificationError)


def test_headers_that_come_twice_reach_the_verifier_twice(client):
    given = [*headers().items(), ("Webhook-Id", "msg_2")]
    answer = client.post("/hook", content=BODY, headers=given)
    assert (answer.status_code, answer.text) == (400, "the webhook is not accepted: duplicate_header")


def test_a_body_that_was_read_before_is_named_as_the_mistake(client):
    with pytest.raises(ConfigurationError, match="read before"):
        client.post("/parsed", content=BODY, headers=headers())


def test_a_middleware_that_keeps_the_body_does_no_harm():
    class Reads(BaseHTTPMiddleware):
        async def dispatch(self, request: Request, call_next: Any) -> Response:
            assert await request.body() == BODY
            return await call_next(request)

    made = application()
    made.add_middleware(Reads)
    with TestClient(made) as client:
        assert client.post("/hook", content=BODY, headers=headers()).status_code == 200


def test_under_uvicorn_with_and_without_chunks():
    chunks = [BODY[:1], BODY[1:20], BODY[20:]]
    with uvicorn_server(application()) as port:
        assert post(port, BODY, headers().items())[0] == 200
        assert post(port, chunks, headers().items())[0] == 200
        assert post(port, [b"x" * 600, b"x" * 401], headers().items())[0] == 413
        assert post(port, chunks, [*headers().items(), ("webhook-id", "msg_2")]) == (
            400,
            b"the webhook is not accepted: duplicate_header",
        )
