"""What all frameworks share: the request that came in, and its body gathered under a cap. Performs no I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from hamilton_sdk.errors import ConfigurationError, RequestRefused

__all__ = [
    "BLOCK",
    "LARGEST_BODY",
    "Gathering",
    "Incoming",
    "SenderWentAway",
    "declared_length",
    "read_before",
    "too_large",
]

LARGEST_BODY: Final = 1024 * 1024
"""Bytes of a body that are taken before the request is refused with status 413, unless told otherwise."""

BLOCK: Final = 64 * 1024
"""Bytes read at a time."""

# No body has more, and `int` refuses more than 4,300.
_LENGTH: Final = re.compile(r"[0-9]{1,18}")
_BAD_REQUEST: Final = 400
_TOO_LARGE: Final = 413


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request that came in, whole.

    Attributes:
        method: HTTP method, as received.
        headers: Every header in order, a name given twice standing twice, as far as the server keeps them
            apart (WSGI does not). Names in lower case; values decoded as Latin-1, which loses nothing.
        body: The bytes as they were sent.
    """

    method: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)


class SenderWentAway(RequestRefused):
    """The sender closed the connection while its body was read: nobody is left to be answered."""

    def __init__(self) -> None:
        super().__init__("the sender went away before the body was whole", status=_BAD_REQUEST)


class Gathering:
    """A body that arrives in parts, refused as soon as it is known to be too large.

    Args:
        largest: Bytes that are taken.
        declared: What ``Content-Length`` promises; None where it is not given. It is not believed: it only
            lets a large body be refused before any of it is read.

    Raises:
        RequestRefused: Status 413: more than `largest` is promised.
    """

    __slots__ = ("_declared", "_largest", "_parts", "_size")

    def __init__(self, largest: int, declared: int | None = None) -> None:
        self._largest = largest
        self._declared = declared
        self._parts: list[bytes] = []
        self._size = 0
        self._check(declared or 0)

    def add(self, part: bytes) -> None:
        """Take the next part.

        Raises:
            RequestRefused: Status 413: it is too much.
        """
        self._size += len(part)
        self._check(self._size)
        self._parts.append(part)

    def whole(self) -> bytes:
        """The body, once no more comes.

        Raises:
            RequestRefused: Status 400: less came than was promised.
        """
        if self._declared is not None and self._size < self._declared:
            message = f"the body ended after {self._size} of {self._declared} bytes"
            hint = "the sender went away, or something in this application read the body before"
            raise RequestRefused(message, status=_BAD_REQUEST, hint=hint)
        return b"".join(self._parts)

    def _check(self, size: int) -> None:
        if size > self._largest:
            raise too_large(self._largest)


def declared_length(value: object) -> int | None:
    """What ``Content-Length`` promises; None where it is missing or empty.

    Raises:
        RequestRefused: Status 400: it is not a number (RFC 9110, 8.6: digits alone).
    """
    if value is None or value == "":
        return None
    text = str(value)
    if _LENGTH.fullmatch(text) is None:
        message = "Content-Length is not a number"
        raise RequestRefused(message, status=_BAD_REQUEST)
    return int(text)


def too_large(largest: int) -> RequestRefused:
    """The error of a body that is larger than is taken."""
    message = f"the body is larger than {largest} bytes"
    return RequestRefused(message, status=_TOO_LARGE, hint="largest_body= says how much is taken")


def read_before(parsed: str) -> ConfigurationError:
    """The mistake of an application that lets something else read the body first: the bytes are gone.

    Args:
        parsed: What of this framework reads the body and does not keep it.
    """
    message = "the body of this request was read before, and its bytes were not kept"
    return ConfigurationError(message, hint=f"verify first, before {parsed}")
