"""Webhooks in plain WSGI (PEP 3333); no framework is imported."""

from __future__ import annotations

from http.client import responses
from typing import TYPE_CHECKING, TypeVar

from hamilton_sdk.serving.driving import BODILESS
from hamilton_sdk.serving.incoming import LARGEST_BODY
from hamilton_sdk.serving.incoming.wsgi import read_request
from hamilton_sdk.webhooks.receiving.verifying import (
    REFUSALS,
    accepted,
    check_method,
    noted_refusal,
    verify,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from hamilton_sdk.flow import Response
    from hamilton_sdk.webhooks.receiving.verifying import Verifier

__all__ = ["verify_request", "webhook_wsgi"]

M = TypeVar("M")


def verify_request(environ: WSGIEnvironment, hook: Verifier[M], *, largest_body: int = LARGEST_BODY) -> M:
    """The message of a request, if it is genuine.

    WSGI has one value for each header: a server joins what was sent twice, with a comma, and a value so
    joined is refused, also where both were the same.

    Args:
        environ: What the server tells of the request; nothing may have read ``wsgi.input`` before.
        hook: Who verifies.
        largest_body: Bytes of the body that are taken.

    Returns:
        What `hook` makes of it: a `VerifiedMessage`, where that is a `Webhook`.

    Raises:
        WebhookVerificationError: It cannot be trusted.
        RequestRefused: It is too large or not whole, or comes in chunks, which the server does not decode.
            `hamilton_sdk.webhooks.receiving.refusal` makes an answer of both.
    """
    return verify(read_request(environ, largest_body=largest_body), hook)


def webhook_wsgi(
    hook: Verifier[M], handle: Callable[[M], Response | None], *, largest_body: int = LARGEST_BODY
) -> WSGIApplication:
    """A WSGI application that verifies each request and hands the message over, whatever the path.

    Refused messages are answered by the table of `hamilton_sdk.webhooks.receiving.answers`, and logged;
    `WebhookPayloadError`, when `handle` raises it, among them. Any other error of `handle` goes on to the
    server, which answers 500, so that the sender repeats the message.

    Args:
        hook: Who verifies.
        handle: Gets the message. What it returns is the answer; nothing is 204.
        largest_body: Bytes of a body that are taken.
    """

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response = answer(environ)
        headers = list(response.headers.items())
        if response.status not in BODILESS:
            headers.append(("content-length", str(len(response.body))))
        start_response(f"{response.status} {responses.get(response.status, 'Unnamed')}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.body]

    def answer(environ: WSGIEnvironment) -> Response:
        try:
            check_method(environ["REQUEST_METHOD"])
            message = verify_request(environ, hook, largest_body=largest_body)
            return accepted(handle(message))
        except REFUSALS as error:
            return noted_refusal(error).response()

    return application
