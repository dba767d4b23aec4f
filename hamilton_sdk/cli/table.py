"""A text file as a spreadsheet exports it, read into records of cells. Pure.

What programs in Western Europe write differs in two ways that no screen shows: the encoding, Windows-1252
or UTF-8, and the separator. Both are found out here, and what is no CSV does not spoil the rest.
"""

from __future__ import annotations

import codecs
import csv
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

__all__ = ["REPLACEMENT", "Record", "decode", "folded", "records", "separator_of"]

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands where bytes mean nothing in the encoding of the file."""

_SEPARATORS: Final = (";", ",", "\t")
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZIP: Final = b"PK\x03\x04"
"""How a workbook (.xlsx, .ods) begins."""
_LONGEST_RECORD: Final = 20
"""Lines that one record may span, by line breaks inside quotes."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the file.

    Attributes:
        line: On which line it begins, from 1.
        cells: Without the spaces around them; None where the record is no CSV.
    """

    line: int
    cells: tuple[str, ...] | None


def decode(content: bytes) -> tuple[str, str]:
    """Find out the encoding: UTF-8, with or without a mark at the beginning, or Windows-1252.

    A foreign byte in a cell does not turn the whole file round: the header decides, which one program wrote;
    where it has no accents, what most lines with accents are.

    Args:
        content: The file.

    Returns:
        The text with line feeds alone, and the name of the encoding. Bytes that mean nothing in it are
        `REPLACEMENT`.

    Raises:
        Invalid: The file is empty, or no text.
    """
    _check_is_text(content)
    if content.startswith(codecs.BOM_UTF8):
        encoding, body = "UTF-8", content.removeprefix(codecs.BOM_UTF8)
    else:
        encoding, body = ("UTF-8" if _looks_like_utf_8(content) else "Windows-1252"), content
    text = body.decode(encoding, "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _check_is_text(content: bytes) -> None:
    if not content.strip():
        message = "the file is empty"
        raise Invalid(message, hint="export the list of visits again, with its header line")
    if content.startswith(_ZIP):
        message = "the file is a workbook, not a text file"
        raise Invalid(message, hint="open it in the spreadsheet and save it as CSV")
    if content.startswith(_UTF_16):
        message = "the file is UTF-16"
        raise Invalid(message, hint='save it as "CSV UTF-8"')
    if b"\x00" in content:
        message = "the file is not a text file: it holds zero bytes"
        raise Invalid(message, hint="give the CSV file that the reception exports")


def _looks_like_utf_8(content: bytes) -> bool:
    lines = [line for line in content.splitlines() if line.strip()]
    if not lines[0].isascii():
        return _is_utf_8(lines[0])
    readable = [_is_utf_8(line) for line in lines if not line.isascii()]
    return 2 * sum(readable) >= len(readable)


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def folded(name: str) -> str:
    """A name as it is compared: upper and lower case, accents, spaces and hyphens make no difference."""
    plain = unicodedata.normalize("NFKD", name.replace(REPLACEMENT, "")).casefold()
    return "".join(character for character in plain if character.isalnum())


def separator_of(text: str, names: Collection[str]) -> str:
    """The separator that makes the most known names of the header line; a semicolon where none does.

    Args:
        text: The whole file, with line feeds alone.
        names: What the columns may be called.
    """
    known = {folded(name) for name in names}
    header = next((line for line in text.split("\n") if line.strip()), "")

    def recognised(separator: str) -> int:
        return sum(folded(cell) in known for cell in _cells([header], separator) or ())

    return max(_SEPARATORS, key=recognised)


def records(text: str, separator: str) -> list[Record]:
    """Read record by record; empty ones are left out.

    A cell in quotes may go on over several lines. A quote that is never closed spoils its own line only.

    Args:
        text: The whole file, with line feeds alone.
        separator: Between cells.
    """
    lines = text.split("\n")
    found: list[Record] = []
    at = width = 0
    while at < len(lines):
        cells, taken = _record(lines[at : at + _LONGEST_RECORD], separator, width)
        if cells is None or any(cells):
            found.append(Record(at + 1, cells))
            width = width or len(cells or ())
        at += taken
    return found


def _record(lines: Sequence[str], separator: str, width: int) -> tuple[tuple[str, ...] | None, int]:
    """The record that begins with the first of these lines, and how many of them it takes.

    One that goes on over several must be as wide as the header: otherwise a quote that was left open would
    swallow the lines up to the next one.
    """
    for taken in range(1, len(lines) + 1):
        cells = _cells(lines[:taken], separator)
        if cells is not None and (taken == 1 or len(cells) >= width):
            return cells, taken
    return None, 1


def _cells(lines: Sequence[str], separator: str) -> tuple[str, ...] | None:
    reader = csv.reader((line + "\n" for line in lines), delimiter=separator, strict=True)
    try:
        return tuple(cell.strip() for row in reader for cell in row)
    except csv.Error:
        return None
