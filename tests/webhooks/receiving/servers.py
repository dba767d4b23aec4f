"""Real servers on loopback, and a client that sends exactly what a test says."""

from __future__ import annotations

import contextlib
import http.client
import threading
import time
from typing import TYPE_CHECKING, Any

import uvicorn
from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["post", "uvicorn_server", "werkzeug_server"]


@contextlib.contextmanager
def uvicorn_server(application: Any, lifespan: str = "on") -> Iterator[int]:
    """A uvicorn in a thread; yields its port."""
    config = uvicorn.Config(
        application,
        host="127.0.0.1",
        port=0,
        log_level="critical",
        log_config=None,
        ws="none",
        lifespan=lifespan,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # without it Werkzeug decodes no chunks

    def log(self, type: str, message: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def werkzeug_server(application: Any) -> Iterator[int]:
    """Werkzeug's server in a thread, which decodes chunks; yields its port."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def post(
    port: int, parts: Iterable[bytes] | bytes, headers: Iterable[tuple[str, str]], path: str = "/hook"
) -> tuple[int, bytes]:
    """Post to loopback: bytes with their length, parts in chunks; headers as they are, also twice."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.putrequest("POST", path)
        for name, value in headers:
            connection.putheader(name, value)
        if isinstance(parts, bytes):
            connection.putheader("Content-Length", str(len(parts)))
            connection.endheaders(parts)
        else:
            connection.putheader("Transfer-Encoding", "chunked")
            connection.endheaders(parts, encode_chunked=True)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
