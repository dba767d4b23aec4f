"""A responder as a real server on this machine's loopback, plain or with TLS, by the standard library alone.

What a fault script cuts is really cut here: connections are reset, answers end in the middle, or nothing
comes.

Example:
    >>> from urllib.request import urlopen
    >>> from hamilton_sdk.flow import Response
    >>> class Greeter:
    ...     def respond(self, request):
    ...         return Response(status=200, body=b"hello")
    ...         yield
    >>> with LoopbackServer(Greeter()) as server:
    ...     urlopen(server.url).read()
    b'hello'
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.flow import Cut, Response
from hamilton_sdk.serving.driving import LARGEST_REQUEST, answer, request_from

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Responder
    from hamilton_sdk.testing.authority import Identity

__all__ = ["LoopbackServer"]

_LOOPBACK: Final = "127.0.0.1"
_PATIENCE: Final = 0.05  # seconds between two looks whether a client that waits for nothing has gone
_BEGINNING: Final = b"<"
_PROMISED: Final = "1000"
# SO_LINGER on, zero seconds: closing sends a reset (socket(7)).
_RESET: Final = struct.pack("ii", 1, 0)


class LoopbackServer:
    """Serves a responder on 127.0.0.1, in threads of its own, HTTP/1.1 with connections kept.

    How `Cut` is mapped: ``"reset"`` resets the connection without a byte; ``"truncated"`` resets it within an
    answer; ``"timeout"`` stays silent until the client goes away or the server stops; ``"refused"`` comes too
    late for a connection that stands, and resets it too.

    Args:
        responder: Who answers; it may be asked by several threads at once.
        port: Which; any free one if 0.
        tls: Certificate and key, for HTTPS; see `hamilton_sdk.testing.authority`.
        client_ca: PEM file of the authority whose client certificates are demanded; needs `tls`.
        clock: For the time and for waiting; the machine's own if not given.
        largest_request: Bytes of a body before it is refused with status 413.

    Raises:
        ConfigurationError: `client_ca` without `tls`.
    """

    def __init__(
        self,
        responder: Responder,
        *,
        port: int = 0,
        # TLS
        tls: Identity | None = None,
        client_ca: Path | None = None,
        # Limits and time
        clock: Clock | None = None,
        largest_request: int = LARGEST_REQUEST,
    ) -> None:
        if client_ca is not None and tls is None:
            message = "client certificates are only asked for in TLS"
            raise ConfigurationError(message, hint="give LoopbackServer(tls=...) as well")
        self._port = port
        self._job = _Job(responder, clock, largest_request)
        self._context = None if tls is None else _context(tls, client_ca)
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end; known once it is entered."""
        assert self._server is not None, "enter the server first: with LoopbackServer(...) as server"
        return self._server.url

    def __enter__(self) -> Self:
        """Listen.

        Raises:
            OSError: The port is taken.
        """
        self._server = _Server(self._port, self._job, self._context)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": _PATIENCE}, name="loopback"
        )
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop; an error in the responder itself, which its client saw as status 500, is raised now."""
        assert self._server is not None
        assert self._thread is not None
        self._job.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()
        if error is None and self._job.errors:
            raise self._job.errors[0]


def _context(tls: Identity, client_ca: Path | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(tls.certificate, tls.key)
    if client_ca is not None:
        context.load_verify_locations(client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


class _Job:
    """What the threads of a server share."""

    def __init__(self, responder: Responder, clock: Clock | None, largest_request: int) -> None:
        self.responder = responder
        self.largest_request = largest_request
        self.stopping = threading.Event()
        self.clock = _StoppableClock(self.stopping) if clock is None else clock
        self.errors: list[Exception] = []


class _StoppableClock(SystemClock):
    """The machine's clock, whose waits end when the server stops."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping

    def sleep(self, seconds: float) -> None:
        """Wait so many seconds, or until the server stops."""
        self._stopping.wait(seconds)


class _Server(ThreadingHTTPServer):
    # Threads are waited for, so that nothing of a test lives on after it; `hang_up` ends what they wait for.
    daemon_threads = False

    def __init__(self, port: int, job: _Job, context: ssl.SSLContext | None) -> None:
        self.job = job
        self._context = context
        self._lines: set[socket.socket] = set()
        super().__init__((_LOOPBACK, port), _Handler)
        self.url = f"{'https' if context else 'http'}://{_LOOPBACK}:{self.server_address[1]}"

    def get_request(self) -> tuple[socket.socket, Any]:
        line, address = super().get_request()
        if self._context is not None:
            # The handshake is for the connection's own thread: here it would hold up all others.
            line = self._context.wrap_socket(line, server_side=True, do_handshake_on_connect=False)
        self._lines.add(line)
        return line, address

    def hang_up(self) -> None:
        """End the connections that are still open."""
        for line in tuple(self._lines):
            with contextlib.suppress(OSError):
                # Not the TLS socket's own way, which would pull the session away under its reading thread.
                socket.socket.shutdown(line, socket.SHUT_RDWR)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 (as in the base class)
        if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(_RESET)) != _RESET:
            super().shutdown_request(request)
        else:
            # An orderly shutdown would send the end of the stream before the reset.
            self.close_request(request)

    def close_request(self, request: Any) -> None:  # noqa: ANN401 (as in the base class)
        self._lines.discard(request)
        super().close_request(request)

    # The arguments are the base class's.
    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002
        """Connections break off, and handshakes fail: that is the client's business."""
        error = sys.exc_info()[1]
        if isinstance(error, Exception) and not isinstance(error, OSError):
            self.job.errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    @property
    def _here(self) -> _Server:
        assert isinstance(self.server, _Server)
        return self.server

    def setup(self) -> None:
        if isinstance(self.request, ssl.SSLSocket):
            self.request.do_handshake()
        super().setup()

    def serve(self) -> None:
        """Answer one request, whatever its method."""
        body = self._body()
        if isinstance(body, Response):
            self._send(body)
            return
        request = request_from(self.command, self._here.url + self.path, self.headers.items(), body)
        try:
            found = answer(self._here.job.responder, request, self._here.job.clock)
        except Cut as cut:
            self._cut(cut)
        except Exception as error:  # noqa: BLE001 (a slip of a responder is told when the server stops)
            self._here.job.errors.append(error)
            self._send(Response(status=500))
        else:
            self._send(found)

    # The names that the base class looks for.
    do_DELETE = do_GET = do_HEAD = do_OPTIONS = do_PATCH = do_POST = do_PUT = serve  # noqa: N815

    def _body(self) -> bytes | Response:
        """The body, or an answer where it cannot be taken; the connection does not go on after that."""
        length = self.headers.get("content-length", "0")
        if "transfer-encoding" in self.headers:
            self.close_connection = True
            return Response(status=411, headers={"connection": "close"})
        if not (length.isascii() and length.isdigit()):
            self.close_connection = True
            return Response(status=400, headers={"connection": "close"})
        size = int(length)
        if size <= self._here.job.largest_request:
            return self.rfile.read(size)
        self.close_connection = True
        # Read over: closing with unread bytes would reset the connection before the answer is seen.
        while size > 0 and (part := self.rfile.read(min(size, LARGEST_REQUEST))):
            size -= len(part)
        return Response(status=413, headers={"connection": "close"})

    def _send(self, response: Response) -> None:
        self.send_response_only(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        empty = response.status in (204, 304)  # RFC 9110, sections 15.3.5 and 15.4.5
        if not empty:
            self.send_header("content-length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD" and not empty:
            self.wfile.write(response.body)
        self.wfile.flush()

    def _cut(self, cut: Cut) -> None:
        self.close_connection = True
        if cut.kind == "timeout":
            self._wait_for_the_client_to_go()
        elif cut.kind == "truncated":
            self.send_response_only(200)
            self.send_header("content-length", _PROMISED)
            self.end_headers()
            self.wfile.write(_BEGINNING)
            self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    def _wait_for_the_client_to_go(self) -> None:
        """Until anything comes, which is the end of the stream: a client that waits sends nothing more."""
        stopping = self._here.job.stopping
        while not (stopping.is_set() or select.select([self.connection], [], [], _PATIENCE)[0]):
            pass

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Be silent: whoever serves decides what is told."""
