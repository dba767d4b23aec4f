"""Webhooks in Django: its own test clients, sync and async views, and a real uvicorn."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client, RequestFactory, override_settings
from django.urls import path
from django.views import View

from hamilton_sdk.errors import (
    ConfigurationError,
    RequestRefused,
    WebhookPayloadError,
    WebhookVerificationError,
)
from hamilton_sdk.webhooks.receiving.django import answer_webhook_error, verified, verify_request
from tests.serving.incoming.django_site import ready
from tests.webhooks.receiving.servers import post, uvicorn_server
from tests.webhooks.receiving.signed import BAD, BODY, HOOK, headers

ready()
FORM = "application/x-www-form-urlencoded"


@verified(HOOK, largest_body=1000)
def blocking(request: HttpRequest, message: Any, room: str) -> HttpResponse:
    return HttpResponse(f"{message.id} {room} ".encode() + message.body)


@verified(HOOK, largest_body=1000)
async def awaiting(request: HttpRequest, message: Any, room: str) -> HttpResponse:
    return HttpResponse(f"{message.id} {room} ".encode() + message.body)


@verified(HOOK)
def silent(request: HttpRequest, message: Any) -> None:
    """Answers nothing itself."""


@verified(HOOK)
async def silent_awaiting(request: HttpRequest, message: Any) -> None: ...


@verified(HOOK)
def no_event(request: HttpRequest, message: Any) -> None:
    raise WebhookPayloadError("data is missing")


@verified(HOOK)
async def no_event_awaiting(request: HttpRequest, message: Any) -> None:
    raise WebhookPayloadError("data is missing")


class ClassBased(View):
    def post(self, request: HttpRequest, message: Any, room: str) -> HttpResponse:
        return HttpResponse(f"{message.id} {room} ".encode() + message.body)


class ClassBasedAwaiting(View):
    async def post(self, request: HttpRequest, message: Any, room: str) -> HttpResponse:
        return HttpResponse(f"{message.id} {room} ".encode() + message.body)


class ClassBasedSilent(View):
    async def post(self, request: HttpRequest, message: Any) -> None: ...


class Site:
    """What Django takes for a module of addresses."""

    urlpatterns = (
        path("hook/<room>", blocking),
        path("async/<room>", awaiting),
        path("class/<room>", verified(HOOK, largest_body=1000)(ClassBased.as_view())),
        path("class-async/<room>", verified(HOOK, largest_body=1000)(ClassBasedAwaiting.as_view())),
        path("class-silent", verified(HOOK)(ClassBasedSilent.as_view())),
        path("silent", silent),
        path("silent-async", silent_awaiting),
        path("no-event", no_event),
        path("no-event-async", no_event_awaiting),
    )


@pytest.fixture(autouse=True)
def _site():
    with override_settings(ROOT_URLCONF=Site):
        yield


async def send(
    kind: str, where: str, body: bytes = BODY, given: dict[str, str] | None = None, **more: Any
) -> Any:
    """Post by the sync or the async client of Django, which checks CSRF as in production."""
    told = headers() if given is None else given
    content_type = more.pop("content_type", "application/json")
    if kind == "async":
        client = AsyncClient(enforce_csrf_checks=True)
        return await client.post(where, body, content_type=content_type, headers=told)
    client = Client(enforce_csrf_checks=True)
    return await asyncio.to_thread(client.post, where, body, content_type=content_type, headers=told)


CLIENTS = pytest.mark.parametrize("kind", ["sync", "async"])
VIEWS = pytest.mark.parametrize("where", ["/hook/E-1", "/async/E-1", "/class/E-1", "/class-async/E-1"])


@CLIENTS
@VIEWS
@pytest.mark.parametrize("content_type", ["application/json", FORM, "multipart/form-data; boundary=x"])
async def test_a_genuine_message_is_given_whatever_its_type(kind, where, content_type):
    """A form, too: CSRF checks would look for their token in it."""
    answer = await send(kind, where, content_type=content_type)
    assert (answer.status_code, answer.content) == (200, b"msg_1 E-1 " + BODY)


@CLIENTS
@VIEWS
@pytest.mark.parametrize(("make", "reason"), BAD)
async def test_any_other_is_400_with_the_reason(kind, where, make, reason):
    answer = await send(kind, where, given=make())
    assert (answer.status_code, json.loads(answer.content)["reason"]) == (400, reason)
    assert answer.headers["content-type"] == "application/problem+json"


@CLIENTS
@VIEWS
async def test_too_large_is_413(kind, where):
    assert (await send(kind, where, b"x" * 1001)).status_code == 413


@VIEWS
async def test_another_method_is_405(where):
    answer = await AsyncClient().get(where)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("where", ["/silent", "/silent-async", "/class-silent"])
async def test_a_view_that_answers_nothing_has_taken_the_message(where):
    assert (await send("async", where)).status_code == 204


@pytest.mark.parametrize("where", ["/no-event", "/no-event-async"])
async def test_a_body_that_is_no_event_is_422(where):
    assert (await send("async", where)).status_code == 422


def test_the_view_keeps_its_name_and_documentation():
    assert (silent.__name__, silent.__doc__) == ("silent", "Answers nothing itself.")
    assert silent.csrf_exempt


@VIEWS
async def test_headers_that_come_twice_are_joined_by_django_under_asgi_and_refused(where):
    with uvicorn_server(get_asgi_application(), lifespan="off") as port:
        status, told = post(port, BODY, [*headers().items(), ("webhook-id", "msg_1")], where)
    assert (status, json.loads(told)["reason"]) == (400, "malformed_header")


@VIEWS
async def test_under_uvicorn_with_and_without_chunks(where):
    with uvicorn_server(get_asgi_application(), lifespan="off") as port:
        assert post(port, BODY, headers().items(), where)[0] == 200
        assert post(port, [BODY[:1], BODY[1:]], headers().items(), where)[0] == 200
        assert post(port, [b"x" * 600, b"x" * 401], headers().items(), where)[0] == 413


class TestVerifyRequest:
    def request(self, body: bytes = BODY, **more: Any) -> HttpRequest:
        content_type = more.pop("content_type", "application/json")
        return RequestFactory().post(
            "/", body, content_type=content_type, headers=more.pop("given", headers())
        )

    def test_a_genuine_message_is_given(self) -> None:
        assert verify_request(self.request(), HOOK).body == BODY

    def test_a_body_that_was_kept_before_is_used(self) -> None:
        request = self.request()
        assert request.body == BODY
        assert verify_request(request, HOOK).body == BODY

    def test_any_other_is_an_error_that_makes_an_answer(self) -> None:
        with pytest.raises(WebhookVerificationError) as caught:
            verify_request(self.request(given={}), HOOK)
        assert answer_webhook_error(caught.value).status_code == 400
        with pytest.raises(RequestRefused) as refused:
            verify_request(self.request(), HOOK, largest_body=4)
        assert answer_webhook_error(refused.value).status_code == 413

    def test_files_that_were_parsed_before_are_named_as_the_mistake(self) -> None:
        body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'
        request = self.request(body, content_type="multipart/form-data; boundary=x")
        assert request.POST["a"] == "1"
        with pytest.raises(ConfigurationError, match="read before"):
            verify_request(request, HOOK)
