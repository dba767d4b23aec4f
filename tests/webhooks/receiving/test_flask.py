"""Webhooks in Flask: its own test client, and a real server that decodes chunks."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, request
from werkzeug.exceptions import HTTPException

from hamilton_sdk.errors import (
    ConfigurationError,
    WebhookError,
    WebhookPayloadError,
    WebhookVerificationError,
)
from hamilton_sdk.webhooks.receiving.flask import answer_webhook_error, verify_request
from tests.webhooks.receiving.servers import post, werkzeug_server
from tests.webhooks.receiving.signed import BAD, BODY, HOOK, headers

FORM = "application/x-www-form-urlencoded"


def application() -> Flask:
    app = Flask(__name__)
    app.register_error_handler(WebhookError, answer_webhook_error)

    @app.post("/hook")
    def receive() -> dict[str, str]:
        message = verify_request(request, HOOK, largest_body=1000)
        return {"id": message.id, "body": message.body.decode()}

    @app.post("/no-event")
    def no_event() -> str:
        verify_request(request, HOOK)
        raise WebhookPayloadError("data is missing")

    @app.post("/parsed")
    def parsed_first() -> Any:
        assert request.form
        return receive()

    @app.post("/later")
    def parsed_later() -> Any:
        verify_request(request, HOOK)
        return {"form": request.form["a"], "data": request.get_data(as_text=True)}

    app.testing = True
    return app


@pytest.fixture
def client():
    return application().test_client()


@pytest.mark.parametrize("kind", ["application/json", FORM, "multipart/form-data; boundary=x", None])
def test_a_genuine_message_is_given_whatever_its_type(client, kind):
    answer = client.post("/hook", data=BODY, headers=headers(), content_type=kind)
    assert (answer.status_code, answer.json) == (200, {"id": "msg_1", "body": BODY.decode()})


@pytest.mark.parametrize(("make", "reason"), BAD)
def test_any_other_is_400_with_the_reason(client, make, reason):
    answer = client.post("/hook", data=BODY, headers=make())
    assert (answer.status_code, answer.json["reason"]) == (400, reason)
    assert answer.content_type == "application/problem+json"


def test_the_exception_is_flasks_own_and_keeps_its_cause():
    with (
        application().test_request_context("/hook", method="POST", data=BODY),
        pytest.raises(HTTPException) as caught,
    ):
        verify_request(request, HOOK)
    assert caught.value.code == 400
    assert isinstance(caught.value.__cause__, WebhookVerificationError)


def test_an_error_handler_of_the_application_is_asked():
    app = application()
    app.register_error_handler(400, lambda error: ("ours", error.code))
    assert app.test_client().post("/hook", data=BODY).text == "ours"


def test_too_large_is_413(client):
    assert client.post("/hook", data=b"x" * 1001, headers=headers()).status_code == 413


def test_another_method_is_405_by_the_route(client):
    assert client.get("/hook").status_code == 405


def test_a_body_that_is_no_event_is_422_by_the_handler(client):
    assert client.post("/no-event", data=BODY, headers=headers()).status_code == 422


def test_a_form_is_parsed_after_verifying_and_not_before(client):
    form = b"a=1"
    answer = client.post("/later", data=form, headers=headers(form), content_type=FORM)
    assert answer.json == {"form": "1", "data": "a=1"}
    with pytest.raises(ConfigurationError, match="read before"):
        client.post("/parsed", data=form, headers=headers(form), content_type=FORM)


def test_headers_that_come_twice_are_joined_by_wsgi_and_refused(client):
    answer = client.post("/hook", data=BODY, headers=[*headers().items(), ("webhook-id", "msg_1")])
    assert (answer.status_code, answer.json["reason"]) == (400, "malformed_header")


def test_under_a_server_that_decodes_chunks():
    with werkzeug_server(application()) as port:
        assert post(port, [BODY[:1], BODY[1:]], headers().items())[0] == 200
        assert post(port, [b"x" * 600, b"x" * 401], headers().items())[0] == 413
