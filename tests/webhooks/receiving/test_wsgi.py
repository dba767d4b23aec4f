"""Webhooks in plain WSGI: by hand, and under two real servers."""

from __future__ import annotations

import io
import json
import threading
import wsgiref.simple_server
from typing import TYPE_CHECKING, Any
from wsgiref.validate import validator

import pytest

from hamilton_sdk.errors import RequestRefused, WebhookPayloadError, WebhookVerificationError
from hamilton_sdk.flow import Response
from hamilton_sdk.webhooks.receiving.wsgi import verify_request, webhook_wsgi
from tests.webhooks.receiving.servers import post, werkzeug_server
from tests.webhooks.receiving.signed import BAD, BODY, HOOK, headers

if TYPE_CHECKING:
    from hamilton_sdk.webhooks.signing import VerifiedMessage


class Handler:
    """Keeps what it gets; answers or raises what it is told."""

    def __init__(self, does: object = None) -> None:
        self.got: list[VerifiedMessage] = []
        self._does = does

    def __call__(self, message: VerifiedMessage) -> Any:
        self.got.append(message)
        if isinstance(self._does, Exception):
            raise self._does
        return self._does


def environ(body: bytes = BODY, given: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    named = headers() if given is None else given
    return {
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in named.items()},
        **more,
    }


def call(application: Any, asked: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    started: list[Any] = []

    def start_response(*told: Any) -> Any:
        started.extend(told)

    body = b"".join(application(asked, start_response))
    return started[0], started[1], body


def test_a_genuine_message_is_given():
    message = verify_request(environ(), HOOK)
    assert (message.id, message.body) == ("msg_1", BODY)


@pytest.mark.parametrize(("make", "reason"), BAD)
def test_any_other_is_refused(make, reason):
    with pytest.raises(WebhookVerificationError) as caught:
        verify_request(environ(given=make()), HOOK)
    assert caught.value.reason == reason


def test_a_body_over_the_cap_is_refused():
    with pytest.raises(RequestRefused) as caught:
        verify_request(environ(), HOOK, largest_body=len(BODY) - 1)
    assert caught.value.status == 413
    verify_request(environ(), HOOK, largest_body=len(BODY))


@pytest.mark.parametrize("name", headers())
def test_what_a_server_joined_with_a_comma_is_refused(name):
    """WSGI has no place for a header that comes twice."""
    given = headers()
    with pytest.raises(WebhookVerificationError) as caught:
        verify_request(environ(given={**given, name: f"{given[name]},{given[name]}"}), HOOK)
    assert caught.value.reason in {"malformed_header", "malformed_timestamp"}


class TestApplication:
    def test_a_genuine_message_is_handed_over_and_answered(self) -> None:
        handler = Handler()
        assert call(webhook_wsgi(HOOK, handler), environ()) == ("204 No Content", [], b"")
        assert [message.body for message in handler.got] == [BODY]

    def test_the_handlers_own_answer_stands(self) -> None:
        answer = Response(status=202, headers={"x-a": "1"}, body=b"later")
        assert call(webhook_wsgi(HOOK, Handler(answer)), environ()) == (
            "202 Accepted",
            [("x-a", "1"), ("content-length", "5")],
            b"later",
        )

    def test_a_status_without_a_phrase_of_its_own_is_sent_too(self) -> None:
        status, _, _ = call(webhook_wsgi(HOOK, Handler(Response(status=299))), environ())
        assert status.startswith("299 ")

    @pytest.mark.parametrize(("make", "reason"), BAD)
    def test_any_other_is_400_and_never_handed_over(self, make, reason) -> None:
        handler = Handler()
        status, told, body = call(webhook_wsgi(HOOK, handler), environ(given=make()))

        assert (status, handler.got) == ("400 Bad Request", [])
        assert ("content-type", "application/problem+json") in told
        assert json.loads(body)["reason"] == reason

    @pytest.mark.parametrize("method", ["GET", "PUT", "OPTIONS"])
    def test_another_method_is_405(self, method) -> None:
        status, told, body = call(webhook_wsgi(HOOK, Handler()), environ(REQUEST_METHOD=method))

        assert status == "405 Method Not Allowed"
        assert ("allow", "POST") in told
        assert json.loads(body)["status"] == 405

    def test_head_is_405_without_a_body(self) -> None:
        status, _, body = call(webhook_wsgi(HOOK, Handler()), environ(REQUEST_METHOD="HEAD"))
        assert (status[:3], body) == ("405", b"")

    def test_too_large_is_413(self) -> None:
        status, _, _ = call(webhook_wsgi(HOOK, Handler(), largest_body=4), environ())
        assert status[:3] == "413"

    def test_a_body_that_is_no_event_is_422(self) -> None:
        application = webhook_wsgi(HOOK, Handler(WebhookPayloadError("data is missing")))
        assert call(application, environ())[0][:3] == "422"

    def test_a_handler_that_fails_is_the_servers_to_answer(self) -> None:
        with pytest.raises(KeyError, match="room"):
            call(webhook_wsgi(HOOK, Handler(KeyError("room"))), environ())


class _Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass

    def get_stderr(self) -> Any:
        return io.StringIO()


def test_under_wsgiref_which_decodes_no_chunks():
    """And with its validator in between, which checks every rule of PEP 3333."""
    handler = Handler()
    application = validator(webhook_wsgi(HOOK, handler, largest_body=1000))
    with wsgiref.simple_server.make_server("127.0.0.1", 0, application, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            assert post(server.server_port, BODY, headers().items())[0] == 204
            assert post(server.server_port, [BODY], headers().items())[0] == 411
            status, told = post(server.server_port, BODY, [*headers().items(), ("webhook-id", "msg_1")])
            assert (status, json.loads(told)["reason"]) == (400, "malformed_header")
            assert post(server.server_port, b"x" * 1001, headers().items())[0] == 413
        finally:
            server.shutdown()
            thread.join()
    assert len(handler.got) == 1


def test_under_werkzeug_which_decodes_chunks():
    handler = Handler()
    chunks = [BODY[:1], BODY[1:20], BODY[20:]]
    with werkzeug_server(webhook_wsgi(HOOK, handler, largest_body=1000)) as port:
        assert post(port, BODY, headers().items())[0] == 204
        assert post(port, chunks, headers().items())[0] == 204
        assert post(port, [b"x" * 600, b"x" * 401], headers().items())[0] == 413
        status, told = post(port, chunks, [*headers().items(), ("webhook-id", "msg_1")])
        assert (status, json.loads(told)["reason"]) == (400, "malformed_header")
    assert [message.body for message in handler.got] == [BODY, BODY]


def test_under_werkzeug_a_handler_that_fails_is_500():
    with werkzeug_server(webhook_wsgi(HOOK, Handler(KeyError("room")))) as port:
        assert post(port, BODY, headers().items())[0] == 500
