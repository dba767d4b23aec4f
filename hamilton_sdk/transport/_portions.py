"""How much of what arrives is one answer's own. Performs no I/O.

An HTTP library reads what there is, and keeps what follows an answer as the beginning of the next one: bytes
that a peer sends unasked would answer whatever is asked next. So it is handed an answer's own bytes alone,
and a connection on which any are left is not used again.

Nothing here judges an answer: that is the library's part. A line too little costs it one more read.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Portions"]

_LINE_END: Final = b"\r\n"
_CHUNK: Final = re.compile(rb"[0-9A-Fa-f]{1,20}")
_MORE_THAN_EMPTY: Final = len(_LINE_END) + 1  # of a line, to know that it is not empty
_BODILESS: Final = (204, 304)  # RFC 9112, 6.3


class Portions:
    """The bytes of one answer as they arrive: first its head, and those of informational ones before it."""

    __slots__ = ("_in_chunks", "_in_lines", "_left", "_line")

    def __init__(self) -> None:
        self._in_lines = True
        self._in_chunks = False
        self._line = b""
        self._left: float = 0

    def begin_body(self, method: str, status: int, headers: Mapping[str, str]) -> None:
        """The head is here, and says how the body ends (RFC 9112, 6.3).

        Args:
            method: Of the request.
            status: Of the answer.
            headers: Of the answer, names in lower case.
        """
        self._in_lines, self._line, self._left = False, b"", 0
        if method == "HEAD" or status in _BODILESS:
            return
        if "transfer-encoding" in headers:
            self._in_chunks = True
            return
        length = headers.get("content-length")
        self._left = math.inf if length is None else int(length)

    def take(self, data: bytes) -> int:
        """How many of the bytes that arrived next may be handed over."""
        taken = 0
        while taken < len(data):
            if self._left:
                size = int(min(self._left, len(data) - taken))
                self._left -= size
                taken += size
            elif self._in_chunks:
                taken = self._size_line(data, taken)
            elif self._in_lines:
                return self._lines(data, taken)
            else:
                break
        return taken

    def _size_line(self, data: bytes, start: int) -> int:
        """Take the line before a chunk, or what is there of it."""
        end = data.find(b"\n", start) + 1 or len(data)
        self._line += data[start:end]
        if not self._line.endswith(_LINE_END):
            return end
        size = _CHUNK.match(self._line)
        self._line = b""
        self._left = int(size[0], 16) if size else 0
        if self._left:
            self._left += len(_LINE_END)
        else:
            # The last chunk; trailers may follow, and an empty line does.
            self._in_chunks, self._in_lines = False, True
        return end

    def _lines(self, data: bytes, start: int) -> int:
        """Take lines up to an empty one, or what is there of them."""
        while start < len(data):
            end = data.find(b"\n", start) + 1 or len(data)
            self._line = (self._line + data[start:end])[:_MORE_THAN_EMPTY]
            start = end
            if data[end - 1 : end] == b"\n":
                is_empty = self._line in (b"\n", _LINE_END)
                self._line = b""
                if is_empty:
                    break
        return start
