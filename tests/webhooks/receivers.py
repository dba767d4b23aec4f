"""A receiver on loopback over TLS, which verifies with the reference library; and one in process."""

from __future__ import annotations

import json
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import standardwebhooks

from hamilton_sdk.flow import Request, Response, Sleep
from hamilton_sdk.testing.authority import Authority
from hamilton_sdk.transport import Http, Timeouts

__all__ = ["HERE", "InProcess", "Receiver", "receiving"]

HERE = ["127.0.0.0/8"]
"""The networks that an endpoint on loopback needs."""


@dataclass
class Receiver:
    """What a receiver got, and what it answers.

    Attributes:
        url: Where it listens.
        ca: The authority to trust.
        secrets: Of each endpoint by its path; what comes without a valid signature is not taken.
        answer: Given path and message id; a status.
        got: How often each message came, by path and id.
        refused: What could not be verified.
    """

    url: str
    ca: Path
    secrets: dict[str, str] = field(default_factory=dict)
    answer: Callable[[str, str], int] = field(default=lambda path, message: 200)
    got: Counter[tuple[str, str]] = field(default_factory=Counter)
    order: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def http(self, **more: Any) -> Http:
        """The settings to send to it with."""
        return Http(ca=self.ca, timeouts=Timeouts(total=10), **more)

    def endpoint(self, outbox: Any, path: str = "/hooks", **more: Any) -> Any:
        """A new endpoint of an outbox, which leads here."""
        given = {"private_networks": HERE, **more}
        found = outbox.add_endpoint(f"{self.url}{path}", **given)
        self.secrets[path] = found.secret
        return found

    def ids(self, path: str = "/hooks") -> set[str]:
        """Whatever came at least once."""
        with self.lock:
            return {message for its, message in self.got if its == path}

    def take(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        """Verify, note and answer one delivery."""
        message = headers.get("webhook-id", "")
        try:
            standardwebhooks.Webhook(self.secrets[path]).verify(body, headers)
        except standardwebhooks.WebhookVerificationError as error:
            self.refused.append(str(error))
            return 400
        status = self.answer(path, message)
        with self.lock:
            self.order.append(message)
            self.got[path, message] += 1
        return status


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(receiver.take(self.path, body, headers))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler


@contextmanager
def receiving(folder: Path) -> Iterator[Receiver]:
    """A receiver that runs."""
    authority = Authority(folder)
    identity = authority.issue_server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.certificate, identity.key)
    receiver = Receiver("", authority.ca)

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def get_request(self) -> Any:
            connection, address = super().get_request()
            # The handshake is the handler's, so that a sender that was killed does not hold up the others.
            wrapped = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
            return wrapped, address

        def handle_error(self, *_: object) -> None:
            """A sender that was killed is no error."""

    with Server(("127.0.0.1", 0), _handler(receiver)) as server:
        receiver.url = f"https://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


@dataclass
class InProcess:
    """Receivers as a simulator.

    Attributes:
        answer: Given the request; a status, or an answer, or an error to raise.
        seconds: How long it takes.
        requests: What came.
    """

    answer: Callable[[Request], Any] = field(default=lambda request: 200)
    seconds: float = 0.0
    requests: list[Request] = field(default_factory=list)

    def respond(self, request: Request) -> Any:
        """Answer one request."""
        self.requests.append(request)
        if self.seconds:
            yield Sleep(self.seconds)
        answer = self.answer(request)
        if isinstance(answer, Exception):
            raise answer
        return Response(answer) if isinstance(answer, int) else answer

    @property
    def ids(self) -> list[str]:
        """Of the messages that came, in order."""
        return [request.headers["webhook-id"] for request in self.requests]

    @property
    def bodies(self) -> list[Any]:
        """Of the messages that came, parsed."""
        return [json.loads(request.body) for request in self.requests]
