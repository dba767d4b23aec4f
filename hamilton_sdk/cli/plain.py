"""Output for terminals and pipes that cannot show every character: something near it instead of a failure."""

from __future__ import annotations

import codecs
import io
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["tolerate"]

_NAME: Final = "hamilton.near"
_NEAR: Final = {"→": ">", "←": "<", "·": "-", "…": "..", "✓": "+", "✗": "X", "œ": "oe", "Œ": "OE"}


def tolerate(stream: TextIO) -> None:
    """Let a stream write something near where its encoding lacks a character."""
    codecs.register_error(_NAME, _near)
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors=_NAME)


def _near(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(character: str) -> str:
    base = unicodedata.normalize("NFKD", character)[0]
    return _NEAR.get(character) or (base if base.isascii() else "?")
