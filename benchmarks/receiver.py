"""An HTTPS receiver in a process of its own, so that what it costs does not count as the sender's time."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hamilton_sdk.testing.authority import Authority

__all__ = ["Receiver", "receiver"]

_ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(frozen=True)
class Receiver:
    """Where it listens, and what vouches for it.

    Attributes:
        url: Of an endpoint on loopback.
        ca: The authority to trust.
    """

    url: str
    ca: str


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Start one; it takes every delivery."""
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(Path(folder))
        server = authority.issue_server()
        command = [sys.executable, "-m", "benchmarks.receiver", str(server.certificate), str(server.key)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield Receiver(f"https://127.0.0.1:{int(process.stdout.readline())}/hooks", str(authority.ca))
            finally:
                process.terminate()


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            length = self._received[:end].lower().partition(_LENGTH)[2].partition(b"\r\n")[0]
            whole = end + 4 + int(length)
            if len(self._received) < whole:
                return
            self._received = self._received[whole:]
            self._transport.write(_ANSWER)


async def _serve(certificate: str, key: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = await asyncio.get_running_loop().create_server(_Connection, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(*sys.argv[1:]))
