"""Reading an answer: headers in our form, and a body that is decompressed under a cap."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["ACCEPTED_ENCODINGS", "Body", "Undecodable", "headers_of"]

ACCEPTED_ENCODINGS: Final = "gzip, deflate"
_GZIP_OR_ZLIB: Final = zlib.MAX_WBITS | 32  # zlib.h: detect the header
_COMPRESSED: Final = frozenset({"gzip", "x-gzip", "deflate"})
_PLAIN: Final = frozenset({"", "identity"})


class Undecodable(Exception):
    """A body cannot be read.

    Args:
        what: Why, in words.
        hint: What a person can do.
    """

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


def headers_of(pairs: Collection[tuple[bytes, bytes]]) -> dict[str, str]:
    """Names in lower case; several values of one name joined as RFC 9110, 5.3 has it.

    Example:
        >>> headers_of([(b"Via", b"a"), (b"VIA", b"b")])
        {'via': 'a, b'}
    """
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in pairs}
    if len(headers) == len(pairs):
        return headers
    values: dict[str, list[str]] = {name: [] for name in headers}
    for name, value in pairs:
        values[name.decode("latin-1").lower()].append(value.decode("latin-1"))
    return {name: ", ".join(several) for name, several in values.items()}


class Body:
    """Collects a body, piece by piece, decompressed.

    Args:
        headers: The answer's.
        largest: Bytes it may have, decompressed; what comes over the wire may not have more either.

    Raises:
        Undecodable: It announces more than that, or an encoding that was not asked for.
    """

    __slots__ = ("_inflater", "_largest", "_parts", "_wire")

    def __init__(self, headers: dict[str, str], largest: int) -> None:
        self._largest = largest
        self._wire = 0
        self._parts: list[bytes] = []
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > largest:
            raise _too_large(largest)
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding not in _PLAIN and encoding not in _COMPRESSED:
            message = "the answer is in an encoding that was not asked for"
            raise Undecodable(message, f"let the peer send {ACCEPTED_ENCODINGS}, or neither")
        self._inflater = None if encoding in _PLAIN else _Inflater(largest, bare=encoding == "deflate")

    def feed(self, piece: bytes) -> None:
        """Take a piece as it came.

        Raises:
            Undecodable: It is too large by now, or damaged.
        """
        self._wire += len(piece)
        if self._wire > self._largest:
            raise _too_large(self._largest)
        self._parts.append(piece if self._inflater is None else self._inflater.inflate(piece))

    def whole(self) -> bytes:
        """All of it.

        Raises:
            Undecodable: Its end is missing.
        """
        if self._inflater is not None and self._wire and not self._inflater.at_end:
            raise _damaged()
        return b"".join(self._parts)


class _Inflater:
    """Decompresses no more than a cap allows, so that a small answer cannot fill the memory.

    Args:
        largest: Bytes in all.
        bare: Whether the header may be missing: some servers mean that by "deflate" (RFC 9110, 8.4.1.2).
    """

    __slots__ = ("_bare", "_decoder", "_largest", "_size")

    def __init__(self, largest: int, *, bare: bool) -> None:
        self._largest = largest
        self._bare = bare
        self._size = 0
        self._decoder = zlib.decompressobj(_GZIP_OR_ZLIB)

    @property
    def at_end(self) -> bool:
        return self._decoder.eof

    def inflate(self, piece: bytes) -> bytes:
        plain = b""
        while piece:
            if self._decoder.eof:  # members may follow each other (RFC 1952, 2.2)
                self._decoder = zlib.decompressobj(_GZIP_OR_ZLIB)
            plain += self._some(piece)
            piece = self._decoder.unconsumed_tail or self._decoder.unused_data
        return plain

    def _some(self, piece: bytes) -> bytes:
        try:
            plain = self._decoder.decompress(piece, self._largest - self._size + 1)
        except zlib.error:
            if not self._bare:
                raise _damaged() from None
            self._bare = False
            self._decoder = zlib.decompressobj(-zlib.MAX_WBITS)
            return self._some(piece)
        self._bare = False  # the header was there
        self._size += len(plain)
        if self._size > self._largest:
            raise _too_large(self._largest)
        return plain


def _too_large(largest: int) -> Undecodable:
    message = f"the answer is larger than {largest} bytes"
    return Undecodable(message, "if that is to be expected, raise Http(largest_response=...)")


def _damaged() -> Undecodable:
    return Undecodable("the compressed answer is damaged", "look at proxies between: they may change it")
