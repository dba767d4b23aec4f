"""Real counterparts on loopback: small servers in threads that do exactly what a test says."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hamilton_sdk.testing.authority import Identity

__all__ = [
    "far",
    "hard_close",
    "listening",
    "ok",
    "proxy",
    "read_request",
    "replying",
    "server_context",
    "silence",
    "unused_port",
]


@contextmanager
def listening(
    answer: Callable[[socket.socket], None],
    context: ssl.SSLContext | None = None,
    *,
    stop: threading.Event | None = None,
) -> Iterator[int]:
    """Serve connections, each in a thread of its own, with `answer`; yields the port.

    `stop` is set at the end, for answers that wait for it.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    open_now: list[socket.socket] = []

    def serve(connection: socket.socket) -> None:
        # What a client does to its own line is the client's test, not a failure here.
        with contextlib.suppress(OSError), connection:
            if context is None:
                answer(connection)
            else:
                with context.wrap_socket(connection, server_side=True) as secured:
                    open_now.append(secured)
                    answer(secured)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                open_now.append(connection)
                threads.append(threading.Thread(target=serve, args=(connection,), daemon=True))
                threads[-1].start()

    threads = [threading.Thread(target=accept, daemon=True)]
    threads[0].start()
    try:
        yield listener.getsockname()[1]
    finally:
        if stop is not None:
            stop.set()
        # close() alone does not wake a thread that waits in accept() or recv().
        for opened in (listener, *open_now):
            with contextlib.suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in threads:
            thread.join()


def read_request(connection: socket.socket) -> bytes:
    """One request, its body included; nothing at the end of the connection."""
    received = b""
    while b"\r\n\r\n" not in received:
        more = connection.recv(65536)
        if not more:
            return b""
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        ),
        0,
    )
    while len(body) < length:
        more = connection.recv(65536)
        if not more:
            return b""
        body += more
    return head + b"\r\n\r\n" + body


def replying(*replies: bytes, requests: list[bytes] | None = None) -> Callable[[socket.socket], None]:
    """Answer each request of a connection with the next reply, and close after the last."""

    def answer(connection: socket.socket) -> None:
        for reply in replies:
            request = read_request(connection)
            if not request:
                return
            if requests is not None:
                requests.append(request)
            connection.sendall(reply)

    return answer


def silence(stop: threading.Event) -> Callable[[socket.socket], None]:
    """Neither read nor answer until `stop` is set."""

    def answer(_connection: socket.socket) -> None:
        stop.wait()

    return answer


def ok(body: bytes = b"fine", *headers: bytes) -> bytes:
    """A whole answer with status 200."""
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def hard_close(connection: socket.socket) -> None:
    """Close with a reset instead of an end (SO_LINGER of zero seconds, socket(7))."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    connection.close()


def unused_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def server_context(identity: Identity, client_authority: str | None = None) -> ssl.SSLContext:
    """TLS of a server, which wants a client certificate of an authority if one is named."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.certificate, identity.key)
    if client_authority is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(client_authority)
    return context


def proxy(refusal: bytes | None = None, seen: list[bytes] | None = None) -> Callable[[socket.socket], None]:
    """A forward proxy: tunnels CONNECT, forwards plain requests, or refuses all with a reply."""

    def answer(connection: socket.socket) -> None:
        request = read_request(connection)
        if seen is not None:
            seen.append(request)
        if refusal is not None:
            connection.sendall(refusal)
            return
        method, target = request.split(b" ")[:2]
        address = target if method == b"CONNECT" else target.split(b"/")[2]
        host, port = address.rsplit(b":", 1)
        with socket.create_connection((host.decode(), int(port))) as peer:
            if method == b"CONNECT":
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                peer.sendall(request.replace(b"http://" + address, b"", 1))
            back = threading.Thread(target=_copy, args=(peer, connection), daemon=True)
            back.start()
            _copy(connection, peer)
            back.join()

    return answer


def far(port: int) -> Callable[[socket.socket], None]:
    """A relay to a port: what lies between is some distance away, so that resets do not overtake data."""

    def answer(connection: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", port)) as peer:
            back = threading.Thread(target=_copy, args=(peer, connection, 0.03), daemon=True)
            back.start()
            _copy(connection, peer)
            back.join()

    return answer


def _copy(source: socket.socket, sink: socket.socket, delay: float = 0.0) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            time.sleep(delay)
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
