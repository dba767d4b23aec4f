"""Webhooks in plain ASGI: by hand, in process, and under a real uvicorn."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from hamilton_sdk.errors import RequestRefused, WebhookPayloadError, WebhookVerificationError
from hamilton_sdk.flow import Response
from hamilton_sdk.webhooks.receiving.asgi import verify_request, webhook_asgi
from tests.serving.incoming.events import GONE, part, receiving, scope
from tests.webhooks.receiving.servers import post, uvicorn_server
from tests.webhooks.receiving.signed import BAD, BODY, HOOK, headers

if TYPE_CHECKING:
    from hamilton_sdk.webhooks.signing import VerifiedMessage


class Handler:
    """Keeps what it gets; answers or raises what it is told."""

    def __init__(self, does: object = None) -> None:
        self.got: list[VerifiedMessage] = []
        self._does = does

    async def __call__(self, message: VerifiedMessage) -> Any:
        self.got.append(message)
        if isinstance(self._does, Exception):
            raise self._does
        return self._does


def raw(given: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in given.items()]


async def call(application: Any, asked: dict[str, Any], *events: dict[str, Any]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(asked, receiving(*events), send)
    return sent


async def test_a_genuine_message_is_given():
    message = await verify_request(
        scope(*raw(headers())), receiving(part(BODY[:9], more=True), part(BODY[9:])), HOOK
    )
    assert (message.id, message.body) == ("msg_1", BODY)


@pytest.mark.parametrize(("make", "reason"), BAD)
async def test_any_other_is_refused(make, reason):
    with pytest.raises(WebhookVerificationError) as caught:
        await verify_request(scope(*raw(make())), receiving(part(BODY)), HOOK)
    assert caught.value.reason == reason


async def test_a_body_over_the_cap_is_refused():
    with pytest.raises(RequestRefused) as caught:
        await verify_request(scope(*raw(headers())), receiving(part(BODY)), HOOK, largest_body=len(BODY) - 1)
    assert caught.value.status == 413
    await verify_request(scope(*raw(headers())), receiving(part(BODY)), HOOK, largest_body=len(BODY))


async def test_headers_that_come_twice_reach_the_verifier_twice():
    asked = scope(*raw(headers()), (b"Webhook-Id", b"msg_2"))
    with pytest.raises(WebhookVerificationError) as caught:
        await verify_request(asked, receiving(part(BODY)), HOOK)
    assert caught.value.reason == "duplicate_header"


class TestApplication:
    async def test_a_genuine_message_is_handed_over_and_answered(self) -> None:
        handler = Handler()
        sent = await call(webhook_asgi(HOOK, handler), scope(*raw(headers())), part(BODY))

        assert [message.body for message in handler.got] == [BODY]
        assert [each.get("status") for each in sent] == [204, None]
        assert sent[0]["headers"] == [], "no length with 204 (RFC 9110, 8.6)"
        assert sent[1] == {"type": "http.response.body", "body": b""}

    async def test_the_handlers_own_answer_stands(self) -> None:
        answer = Response(status=202, headers={"x-a": "é"}, body=b"later")
        sent = await call(webhook_asgi(HOOK, Handler(answer)), scope(*raw(headers())), part(BODY))

        assert sent[0]["status"] == 202
        assert sent[0]["headers"] == [(b"x-a", b"\xe9"), (b"content-length", b"5")]
        assert sent[1]["body"] == b"later"

    @pytest.mark.parametrize(("make", "reason"), BAD)
    async def test_any_other_is_400_and_never_handed_over(self, make, reason) -> None:
        handler = Handler()
        sent = await call(webhook_asgi(HOOK, handler), scope(*raw(make())), part(BODY))

        assert (sent[0]["status"], handler.got) == (400, [])
        assert json.loads(sent[1]["body"])["reason"] == reason

    @pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS"])
    async def test_another_method_is_405_unread(self, method) -> None:
        sent = await call(webhook_asgi(HOOK, Handler()), scope(method=method))

        assert sent[0]["status"] == 405
        assert (b"allow", b"POST") in sent[0]["headers"]

    @pytest.mark.parametrize(("version", "closes"), [("1.1", True), ("1.0", True), ("2", False)])
    async def test_too_large_is_413_and_closes_a_connection_that_can_be_closed(self, version, closes) -> None:
        application = webhook_asgi(HOOK, Handler(), largest_body=4)
        sent = await call(application, scope(http_version=version), part(b"abcde", more=True))

        assert sent[0]["status"] == 413
        assert ((b"connection", b"close") in sent[0]["headers"]) is closes

    async def test_a_body_that_is_no_event_is_422(self) -> None:
        application = webhook_asgi(HOOK, Handler(WebhookPayloadError("data is missing")))
        sent = await call(application, scope(*raw(headers())), part(BODY))

        assert sent[0]["status"] == 422

    async def test_a_handler_that_fails_is_500_and_the_server_gets_its_error(self) -> None:
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        application = webhook_asgi(HOOK, Handler(KeyError("room")))
        with pytest.raises(KeyError, match="room"):
            await application(scope(*raw(headers())), receiving(part(BODY)), send)
        assert [each.get("status") for each in sent] == [500, None]

    async def test_a_handler_that_is_cancelled_answers_nothing(self) -> None:
        async def cancelled(_: VerifiedMessage) -> None:
            raise asyncio.CancelledError

        sent: list[Any] = []
        with pytest.raises(asyncio.CancelledError):
            await webhook_asgi(HOOK, cancelled)(scope(*raw(headers())), receiving(part(BODY)), sent.append)
        assert sent == []

    async def test_a_handler_that_is_not_async_is_named_as_the_mistake(self) -> None:
        def blocking(_: VerifiedMessage) -> None: ...

        with pytest.raises(TypeError, match="must be async"):
            await call(webhook_asgi(HOOK, blocking), scope(*raw(headers())), part(BODY))

    async def test_who_went_away_is_not_missed(self) -> None:
        """ASGI 2.4: a server may raise OSError when something is sent to a closed connection."""

        async def closed(_: Any) -> None:
            raise OSError("closed")

        handler = Handler()
        await webhook_asgi(HOOK, handler)(scope(), receiving(part(b"a", more=True), GONE), closed)
        assert handler.got == []

    async def test_starting_and_stopping_are_acknowledged_and_websockets_closed(self) -> None:
        application = webhook_asgi(HOOK, Handler())
        startup, shutdown = {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}

        assert await call(application, {"type": "lifespan"}, startup, shutdown) == [
            {"type": "lifespan.startup.complete"},
            {"type": "lifespan.shutdown.complete"},
        ]
        assert await call(application, {"type": "websocket"}) == [{"type": "websocket.close", "code": 1000}]

    async def test_in_process_through_httpx(self) -> None:
        transport = httpx.ASGITransport(app=webhook_asgi(HOOK, Handler()))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as http:
            answer = await http.post("/", content=BODY, headers=headers())
            refused = await http.post("/", content=BODY)

        assert (answer.status_code, refused.status_code) == (204, 400)
        assert refused.headers["content-type"] == "application/problem+json"


def test_under_uvicorn_with_and_without_chunks():
    handler = Handler()
    chunks = [BODY[:1], BODY[1:20], BODY[20:]]
    with uvicorn_server(webhook_asgi(HOOK, handler, largest_body=1000)) as port:
        assert post(port, BODY, headers().items()) == (204, b"")
        assert post(port, chunks, headers().items()) == (204, b"")
        assert post(port, chunks, [*headers().items(), ("WEBHOOK-ID", "msg_1")]) == (204, b"")
        status, told = post(port, chunks, [*headers().items(), ("webhook-id", "msg_2")])
        assert (status, json.loads(told)["reason"]) == (400, "duplicate_header")
        assert post(port, [b"x" * 600, b"x" * 401], headers().items())[0] == 413
        assert post(port, b"x" * 1001, headers().items())[0] == 413
        assert post(port, BODY, headers().items()) == (204, b"")
    assert [message.body for message in handler.got] == [BODY] * 4


def test_under_uvicorn_a_sender_that_goes_away_half_way_leaves_no_trace():
    handler = Handler()
    told = "".join(f"{name}: {value}\r\n" for name, value in headers().items())
    head = f"POST / HTTP/1.1\r\nhost: here\r\ncontent-length: {len(BODY)}\r\n{told}\r\n"
    with uvicorn_server(webhook_asgi(HOOK, handler)) as port:
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(head.encode() + BODY[:-1])
        assert post(port, BODY, headers().items())[0] == 204
    assert [message.body for message in handler.got] == [BODY]


def test_under_uvicorn_a_handler_that_fails_is_500():
    failing = webhook_asgi(HOOK, Handler(KeyError("room")))
    with uvicorn_server(failing) as port:
        assert post(port, BODY, headers().items())[0] == 500


def test_messages_at_once_do_not_meet():
    """Two threads of senders; each message is handed over once, whole."""
    handler = Handler()
    bodies = [f'{{"n": {number}}}'.encode() for number in range(20)]
    with uvicorn_server(webhook_asgi(HOOK, handler)) as port:

        def send(some: list[bytes]) -> None:
            for body in some:
                assert post(port, [body[:3], body[3:]], headers(body).items())[0] == 204

        threads = [threading.Thread(target=send, args=(bodies[start::2],)) for start in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(message.body for message in handler.got) == sorted(bodies)
