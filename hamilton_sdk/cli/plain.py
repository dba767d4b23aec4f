"""Output where not everything can be written: something near it, or nothing, instead of a failure."""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import os
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import TextIO

    from hamilton_sdk.cli.report import Json

__all__ = ["json_for", "let_go", "tolerate"]

_NAME: Final = "hamilton.near"
_NEAR: Final = {"→": ">", "←": "<", "»": ">", "·": "-", "…": "..", "✓": "+", "✗": "X", "œ": "oe", "Œ": "OE"}


def tolerate(stream: TextIO) -> None:
    """Let a stream write something near where its encoding lacks a character."""
    codecs.register_error(_NAME, _near)
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors=_NAME)


def json_for(stream: TextIO | None, document: Json) -> str:
    """A document as text, with its accents where a stream writes UTF-8: JSON is exchanged in it (RFC 8259).

    Elsewhere escapes stand for them, which are read the same whatever the encoding.
    """
    # Some streams have no encoding, and a process without standard output has no stream.
    encoding = getattr(stream, "encoding", None) or "ascii"
    if codecs.lookup(encoding).name == "utf-8":
        text = json.dumps(document, indent=2, ensure_ascii=False)
        with contextlib.suppress(UnicodeEncodeError):  # the name of a file may hold what is no character
            text.encode()
            return text
    return json.dumps(document, indent=2)


def let_go(stream: TextIO) -> None:
    """Send what a stream still holds nowhere: its reader has gone, and at the exit Python would say so."""
    with contextlib.suppress(OSError, ValueError):  # a stream without a file beneath
        target = stream.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, target)
        os.close(nowhere)


def _near(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(character: str) -> str:
    base = unicodedata.normalize("NFKD", character)[0]
    return _NEAR.get(character) or (base if base.isascii() else "?")
