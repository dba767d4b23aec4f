"""What a person gives to the commands: bodies, headers, moments."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["STANDARD_INPUT", "body_of", "headers_of", "moment_of"]

STANDARD_INPUT: Final = Path("-")
"""How a file says that it is the standard input."""

_LARGEST: Final = 16 * 1024 * 1024
_HEADER: Final = re.compile(r"(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(?P<value>.*)", re.DOTALL)
_FIRST_LINE: Final = re.compile(r"[A-Z]+ \S+ HTTP/[0-9.]+|HTTP/[0-9.]+ [0-9]{3}.*")
"""Of a request or an answer, where a dump begins with it."""
_SECONDS: Final = re.compile(r"[0-9]{1,12}")
_WRITE: Final = "write each as 'name: value'"


def body_of(path: Path | None) -> bytes:
    """The bytes of a file; of the standard input if None or ``-``.

    Raises:
        Invalid: It cannot be read, or is larger than 16 MiB.
    """
    if path is None or path == STANDARD_INPUT:
        content, name = sys.stdin.buffer.read(_LARGEST + 1), "the standard input"
    else:
        content, name = _read(path), str(path)
    if len(content) > _LARGEST:
        message = f"{name} is larger than {_LARGEST // 2**20} MiB"
        raise Invalid(message, hint="give the body of one message alone")
    return content


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST + 1)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}"
        raise Invalid(message, hint="check the path and your rights to read it") from None


def headers_of(lines: Sequence[str], path: Path | None) -> list[tuple[str, str]]:
    """Headers, given one by one and in a file.

    Args:
        lines: Each ``name: value``.
        path: A file of such lines, which may begin with a request's first line, or of a JSON object; None
            without.

    Raises:
        Invalid: One is no header; there is none at all; or the file cannot be read.
    """
    given = [_header(line) for line in lines]
    if path is not None:
        given += _from_text(body_of(path).decode("latin-1"))
    if not given:
        message = "there are no headers to verify"
        raise Invalid(message, hint="give -H 'name: value' for each, or --headers FILE")
    return given


def _from_text(text: str) -> list[tuple[str, str]]:
    if text.lstrip().startswith("{"):
        return _from_json(text)
    lines = [line.rstrip("\r") for line in text.split("\n")]
    return [_header(line) for line in lines if line and not _FIRST_LINE.fullmatch(line)]


def _from_json(text: str) -> list[tuple[str, str]]:
    try:
        content: object = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    entries = cast("dict[str, object]", content).items() if isinstance(content, dict) else ()
    pairs = [(name, value) for name, value in entries if isinstance(value, str)]
    if not pairs or len(pairs) != len(entries):
        message = "the file of headers is no JSON object of texts"
        raise Invalid(message, hint="`hamilton webhooks sign --json` prints one")
    return pairs


def _header(line: str) -> tuple[str, str]:
    # The line is not repeated: it may be a credential that was pasted without its name.
    found = _HEADER.fullmatch(line)
    if found is None:
        message = "a header is no 'name: value'"
        raise Invalid(message, hint=_WRITE)
    return found["name"], found["value"].strip(" \t")


def moment_of(text: str | None, option: str) -> datetime | None:
    """A moment: ISO 8601 with its offset from UTC, or seconds since 1970 as ``webhook-timestamp`` has them.

    Args:
        text: As it was typed; None where it was not.
        option: What it was given to, for the error.

    Raises:
        Invalid: It is neither, or has no offset and so names no moment.
    """
    if text is None:
        return None
    try:
        if _SECONDS.fullmatch(text):
            return datetime.fromtimestamp(int(text), UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        message = f"{option} is no date and time"
        raise Invalid(message, hint="write it as 2026-03-27T08:45:00Z, or as seconds since 1970") from None
    if moment.utcoffset() is None:
        message = f"{option} has no offset from UTC, and so names no moment"
        written = moment.isoformat()  # with an hour, where only a day was given
        raise Invalid(message, hint=f"write {written}Z for UTC, or {written}+01:00 for Paris in winter")
    return moment.astimezone(UTC)
