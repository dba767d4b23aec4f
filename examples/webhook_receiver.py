"""Receive webhooks with the standard library's own server: a genuine one, the same again, and a forged one.

In production the application runs under gunicorn, waitress or any other WSGI server.
"""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

from hamilton_sdk.webhooks import VerifiedMessage, Webhook
from hamilton_sdk.webhooks.events import VisitCheckedIn, VisitData
from hamilton_sdk.webhooks.receiving.wsgi import webhook_wsgi

if TYPE_CHECKING:
    from collections.abc import Mapping


class Quiet(WSGIRequestHandler):
    """Says nothing about each request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Say nothing."""


def post(port: int, body: bytes, headers: Mapping[str, str]) -> int:
    """What the sender does."""
    with closing(HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("POST", "/webhooks", body, dict(headers))
        return connection.getresponse().status


def main() -> None:
    """Serve on loopback, and be the sender too."""
    hook = Webhook(Webhook.generate_secret())
    processed: set[str] = set()  # in production: Inbox, in the same transaction as the work

    def handle(message: VerifiedMessage) -> None:
        if message.id in processed:
            print("again:     ", message.event().type)
        else:
            processed.add(message.id)
            print("received:  ", message.event().type)

    event = VisitCheckedIn(timestamp=datetime.now(UTC), data=VisitData(visit_id="HV-2026-1"))
    body, headers = hook.sign_test(event)
    with make_server("127.0.0.1", 0, webhook_wsgi(hook, handle), handler_class=Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print("genuine:   ", post(server.server_port, body, headers))
        print("repeated:  ", post(server.server_port, body, headers))
        print("forged:    ", post(server.server_port, body.replace(b"HV-2026-1", b"HV-2026-2"), headers))
        server.shutdown()


if __name__ == "__main__":
    main()
