"""What type checkers are to see of receiving webhooks; checked by mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, assert_type

from django.http.response import HttpResponse, HttpResponseBase

from hamilton_sdk.flow import Request, Response
from hamilton_sdk.webhooks import VerifiedBody, VerifiedMessage, Webhook
from hamilton_sdk.webhooks.handshake import allowed_rate, consent, consent_request, is_allowed
from hamilton_sdk.webhooks.http_signatures import HttpSignatures
from hamilton_sdk.webhooks.presets import BodySignature, TimestampedSignature
from hamilton_sdk.webhooks.receiving import asgi, django, fastapi, flask, starlette, wsgi

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from django.http import HttpRequest
    from flask import Request as FlaskRequest
    from starlette.requests import Request as StarletteRequest

    from hamilton_sdk.serving.asgi import Application, Receive, Scope

HOOK = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


def sync_frameworks(environ: WSGIEnvironment, ours: HttpRequest, theirs: FlaskRequest) -> None:
    """What comes back is what the verifier makes of a message."""
    assert_type(wsgi.verify_request(environ, HOOK), VerifiedMessage)
    assert_type(flask.verify_request(theirs, HOOK, largest_body=1), VerifiedMessage)
    assert_type(django.verify_request(ours, HOOK), VerifiedMessage)


def presets(
    environ: WSGIEnvironment, body: BodySignature, timed: TimestampedSignature, http: HttpSignatures
) -> None:
    """A preset stands wherever a `Webhook` does."""
    assert_type(wsgi.verify_request(environ, body), VerifiedBody)
    assert_type(wsgi.verify_request(environ, timed), VerifiedBody)
    assert_type(wsgi.verify_request(environ, http), VerifiedBody)


async def async_frameworks(scope: Scope, receive: Receive, request: StarletteRequest) -> None:
    """The same, awaited."""
    assert_type(await asgi.verify_request(scope, receive, HOOK), VerifiedMessage)
    assert_type(await starlette.verify_request(request, HOOK), VerifiedMessage)
    assert_type(fastapi.verified(HOOK), Callable[[StarletteRequest], Awaitable[VerifiedMessage]])


def applications() -> None:
    """A handler answers with a response of ours, or with nothing."""

    def silent(message: VerifiedMessage) -> None:
        del message

    async def answering(message: VerifiedMessage) -> Response:
        return Response(status=202, body=message.body)

    application: WSGIApplication = wsgi.webhook_wsgi(HOOK, silent)
    assert_type(asgi.webhook_asgi(HOOK, answering), Application)
    del application


@django.verified(HOOK)
def blocking(request: HttpRequest, message: VerifiedMessage, room: str) -> HttpResponse:
    """A sync view."""
    del request
    return HttpResponse(message.id + room)


@django.verified(HOOK)
async def awaiting(request: HttpRequest, message: VerifiedMessage, room: str) -> None:
    """An async view that answers nothing."""
    del request, message, room


def django_views(request: HttpRequest) -> Coroutine[object, object, HttpResponseBase]:
    """The message is no argument of the decorated view any more; the others stay."""
    assert_type(blocking(request, room="E-1"), HttpResponseBase)
    return assert_type(awaiting(request, "E-1"), Coroutine[object, object, HttpResponseBase])


def handshake(response: Response) -> None:
    """Both sides."""
    assert_type(consent({"webhook-request-origin": "a.example"}, {"*"}), dict[str, str])
    assert_type(consent([(b"webhook-request-origin", b"a.example")], ["*"], rate=1), dict[str, str])
    assert_type(consent_request("https://b.example", "a.example", rate=1), Request)
    assert_type(is_allowed(response, "a.example"), bool)
    assert_type(allowed_rate(response), int | None)
