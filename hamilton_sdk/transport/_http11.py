"""HTTP/1.1 as the side that asks speaks it. Performs no I/O: steps are yielded, and shells take them.

h11 knows the rules; this knows what a delivery wants of them: one write for the whole request, the beginning
of the answer's body as it came over the wire, and whether the connection may be used again.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final, NamedTuple, TypeAlias, TypeVar

import h11

from hamilton_sdk.transport._body import headers_of

__all__ = ["FAILURES", "PIECE", "Answer", "Http11", "Steps"]

T = TypeVar("T")

Steps: TypeAlias = Generator[bytes | None, bytes, T]
"""Yields bytes to write, or None to be sent what was read next: nothing at the end of the connection."""

PIECE: Final = 64 * 1024
"""Bytes to read at most in one step."""

FAILURES: Final = (h11.ProtocolError,)
"""What it raises where either side breaks the rules."""

_LARGEST_HEAD: Final = 100 * 1024


class Answer(NamedTuple):
    """What came back.

    Attributes:
        status: HTTP status.
        headers: Names in lower case.
        body: Its beginning, as it came: never decompressed.
    """

    status: int
    headers: dict[str, str]
    body: bytes


class Http11:
    """One connection's state."""

    __slots__ = ("_h11", "_whole", "status")

    def __init__(self) -> None:
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_HEAD)
        self._whole = False
        self.status: int | None = None
        """Of the answer that is being read, once its headers are here."""

    @property
    def reusable(self) -> bool:
        """Whether the last answer was read whole, and another request may follow."""
        return self._whole

    def exchange(
        self,
        method: str,
        target: bytes,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        kept: int,
    ) -> Steps[Answer]:
        """Send a request and read the answer.

        Args:
            method: In upper case.
            target: Path and query.
            headers: All but Content-Length.
            body: To send.
            kept: Bytes of the answer's body to keep. If there are more, reading ends there, and the
                connection cannot be used again.
        """
        length = (b"Content-Length", b"%d" % len(body))
        response = yield from self._ask(method, target, [*headers, length], body)
        parts: list[bytes] = []
        left = kept
        while left >= 0:
            event = yield from self._next()
            if not isinstance(event, h11.Data):
                self._end()
                break
            parts.append(bytes(event.data[:left]))
            left -= len(event.data)
        return Answer(self.status or 0, headers_of(response.headers), b"".join(parts))

    def tunnel(self, authority: bytes, headers: list[tuple[bytes, bytes]]) -> Steps[int]:
        """Ask a proxy for a tunnel, and return the status that it gives (RFC 9110, 9.3.6)."""
        response = yield from self._ask("CONNECT", authority, [(b"Host", authority), *headers], b"")
        return response.status_code

    def _ask(
        self, method: str, target: bytes, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> Steps[h11.Response]:
        self._whole, self.status = False, None
        parts = [self._h11.send(h11.Request(method=method, target=target, headers=headers))]
        if body:
            parts.append(self._h11.send(h11.Data(body)))
        parts.append(self._h11.send(h11.EndOfMessage()))
        yield b"".join(part for part in parts if part)
        while True:
            event = yield from self._next()
            if isinstance(event, h11.Response):
                self.status = event.status_code
                return event

    def _next(self) -> Steps[object]:
        while True:
            event = self._h11.next_event()
            if event is not h11.NEED_DATA:
                return event
            data = yield None
            if not data and self._h11.their_state is h11.SEND_RESPONSE:
                # h11 would speak of states.
                message = "the peer closed the connection without sending an answer"
                raise h11.RemoteProtocolError(message)
            self._h11.receive_data(data)

    def _end(self) -> None:
        # Bytes beyond the answer answer nothing: they must not be taken for what the next request is told.
        done = self._h11.our_state is h11.DONE and self._h11.their_state is h11.DONE
        self._whole = done and self._h11.trailing_data == (b"", False)
        if self._whole:
            self._h11.start_next_cycle()
