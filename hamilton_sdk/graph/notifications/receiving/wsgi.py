"""Notifications in plain WSGI (PEP 3333); no framework is imported."""

from __future__ import annotations

from http.client import responses
from typing import TYPE_CHECKING

from hamilton_sdk.graph.notifications.receiving.answers import (
    FAILURES,
    LARGEST_POST,
    check_method,
    failed,
    hand_over,
)
from hamilton_sdk.serving.incoming.wsgi import read_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from hamilton_sdk.flow import Response
    from hamilton_sdk.graph.notifications.models import Received
    from hamilton_sdk.graph.notifications.receiving.answers import Receives

__all__ = ["notifications_wsgi", "receive_request"]


def receive_request(
    environ: WSGIEnvironment, receiver: Receives, *, largest_body: int = LARGEST_POST
) -> Received:
    """What a request brings.

    Args:
        environ: What the server tells of the request; nothing may have read ``wsgi.input`` before.
        receiver: Who judges.
        largest_body: Bytes of the body that are taken.

    Returns:
        It; keep what it holds, answer with its ``response``, and tell the receiver that it is `done`.

    Raises:
        RequestRefused: It is too large, not whole, or nothing that Graph sends.
        ConnectorError: What is needed from Entra ID cannot be had.
    """
    incoming = read_request(environ, largest_body=largest_body)
    return receiver.receive(environ.get("QUERY_STRING", ""), incoming.body)


def notifications_wsgi(
    receiver: Receives, handle: Callable[[Received], None], *, largest_body: int = LARGEST_POST
) -> WSGIApplication:
    """A WSGI application that answers handshakes and hands notifications over, whatever the path.

    Failures are answered by the table of `hamilton_sdk.graph.notifications.receiving.answers`, and logged. An
    error of `handle` goes on to the server, which answers 500, so that Graph sends the notifications again.

    Args:
        receiver: Who judges.
        handle: Keeps what was received, within Graph's ten seconds; not called for a handshake.
        largest_body: Bytes of a body that are taken.
    """

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response = answer(environ)
        # Servers may want a type also where there is no content.
        length = str(len(response.body))
        headers = {"content-type": "text/plain", **response.headers, "content-length": length}
        start_response(
            f"{response.status} {responses.get(response.status, 'Unnamed')}", list(headers.items())
        )
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.body]

    def answer(environ: WSGIEnvironment) -> Response:
        try:
            check_method(environ["REQUEST_METHOD"])
            received = receive_request(environ, receiver, largest_body=largest_body)
        except FAILURES as error:
            return failed(error)
        return hand_over(receiver, handle, received)

    return application
