"""Reads a pre-registration file: each line a visit, or problems by line and column. Pure.

The file is what a French reception exports: French column names, days before months, local time. A line that
cannot be used is reported and does not stop the others; only a file without its header is refused as a whole.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

from hamilton_sdk.acs.models import AccessOrder, Credential, Holder, TimeWindow
from hamilton_sdk.cli.cells import Wrong, read_email, read_kind, read_moment, read_number, read_profiles
from hamilton_sdk.cli.table import REPLACEMENT, Record, decode, folded, records, separator_of
from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime, tzinfo

    from hamilton_sdk.errors import ConnectorError

__all__ = [
    "MEANINGS",
    "REQUIRED",
    "Column",
    "Problem",
    "Visit",
    "VisitFile",
    "column_of",
    "read_visits",
    "said_by",
]

T = TypeVar("T")


class Column(StrEnum):
    """The columns by the names that a French reception gives them."""

    REFERENCE = "Référence"
    FAMILY_NAME = "Nom"
    GIVEN_NAME = "Prénom"
    COMPANY = "Société"
    EMAIL = "E-mail"
    HOST = "Hôte"
    ARRIVAL = "Arrivée"
    DEPARTURE = "Départ"
    PROFILE = "Profil"
    BADGE = "Badge"
    KIND = "Type"


REQUIRED: Final = (Column.REFERENCE, Column.FAMILY_NAME, Column.ARRIVAL, Column.DEPARTURE)
"""Without these there is no visit; all others may be empty or missing."""

MEANINGS: Final[Mapping[Column, str]] = {
    Column.REFERENCE: "id of the visit, once in the file (required)",
    Column.FAMILY_NAME: "family name (required)",
    Column.GIVEN_NAME: "given name",
    Column.COMPANY: "the visitor's company",
    Column.EMAIL: "e-mail address",
    Column.HOST: "personnel number of the host",
    Column.ARRIVAL: "27/03/2026 08:45 or 2026-03-27 08:45, local (required)",
    Column.DEPARTURE: "the same; from then on access is closed (required)",
    Column.PROFILE: "access profile; several with | between them",
    Column.BADGE: "number on the badge, or the text of the QR code",
    Column.KIND: "what the number is: badge (default), QR, UID or mobile",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in the file, without anything personal.

    Attributes:
        line: From 1, as an editor shows it.
        column: Which; None where the line as a whole is wrong.
        position: Of the column, from 1.
        message: What is wrong, and how it should be.
    """

    line: int
    column: Column | None
    position: int | None
    message: str

    def __str__(self) -> str:
        place = f", column {self.position} ({self.column})" if self.position else ""
        return f"line {self.line}{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Visit:
    """A line of the file that can be used.

    Attributes:
        line: Where it begins, from 1.
        order: What the visit needs.
    """

    line: int
    order: AccessOrder


@dataclass(frozen=True, slots=True)
class VisitFile:
    """The file, read.

    Attributes:
        encoding: ``"UTF-8"`` or ``"Windows-1252"``.
        separator: Between cells.
        lines: How many records follow the header.
        positions: Where each column stands, from 1.
        ignored: Names of columns that mean nothing here.
        visits: What can be used, in the file's order.
        problems: What cannot, by line and column.
    """

    encoding: str
    separator: str
    lines: int
    positions: Mapping[Column, int]
    ignored: tuple[str, ...]
    visits: tuple[Visit, ...]
    problems: tuple[Problem, ...]

    def problem(self, line: int, message: str, column: Column | None = None) -> Problem:
        """A problem of a line that was found only later, for example by the access-control system."""
        position = None if column is None else self.positions.get(column)
        return Problem(line, column, position, message)


def read_visits(content: bytes, *, zone: tzinfo, profile: str) -> VisitFile:
    """Read a pre-registration file.

    Args:
        content: The file. UTF-8 or Windows-1252; separated by semicolons, commas or tabs.
        zone: Of the times in it.
        profile: The access profile of a visit that names none.

    Returns:
        The visits that can be used, and everything that is wrong with the others.

    Raises:
        Invalid: The file as a whole cannot be read: empty, no text, or a header without the columns needed.
    """
    text, encoding = decode(content)
    separator = separator_of(text, list(Column))
    header, *body = records(text, separator) or [Record(1, ())]
    columns, ignored = _columns(header)
    reader = _Reader(zone, profile, columns, len(header.cells or ()))
    lines = [reader.read(record) for record in body]
    _refuse_repeated_references(lines)
    _refuse_shared_badges(lines)
    return VisitFile(
        encoding=encoding,
        separator=separator,
        lines=len(body),
        positions=columns,
        ignored=ignored,
        visits=tuple(Visit(line.number, order) for line, order in _usable(lines)),
        problems=tuple(problem for line in lines for problem in line.problems),
    )


def column_of(error: ConnectorError) -> Column | None:
    """Which column an error of the SDK is about, as far as its text tells."""
    match = _FIELD.search(error.message)
    return None if match is None else _FIELDS[match[0]]


def said_by(error: ConnectorError) -> str:
    """What an error says, without the names of connector and field before it."""
    return _PREFIX.sub("", error.message)


_PREFIX: Final = re.compile(
    r"\A(?:[a-z]+\.[a-z]+: )?(?:(?:Holder|Credential|AccessOrder|TimeWindow)(?:\.\w+)*:? )?"
)
_FIELDS: Final[Mapping[str, Column]] = {
    "Holder.reference": Column.REFERENCE,
    "Holder.family_name": Column.FAMILY_NAME,
    "Holder.given_name": Column.GIVEN_NAME,
    "Holder.company": Column.COMPANY,
    "Holder.email": Column.EMAIL,
    "Holder.host": Column.HOST,
    "AccessOrder.profiles": Column.PROFILE,
    "AccessOrder.window": Column.DEPARTURE,
    "TimeWindow": Column.DEPARTURE,
    "Credential.number": Column.BADGE,
    "Credential.type": Column.KIND,
    "access profile": Column.PROFILE,
    "credential type": Column.KIND,
    "credential": Column.BADGE,
}
"""Words of error messages; of those that begin alike the longest stands first."""

_FIELD: Final = re.compile("|".join(re.escape(word) for word in _FIELDS))


# The header


def _columns(header: Record) -> tuple[Mapping[Column, int], tuple[str, ...]]:
    """Where the columns stand, from 1, and the names that mean nothing here."""
    if header.cells is None:
        message = f"line {header.line}, the header, is no CSV: a quote is not closed"
        raise Invalid(message, hint=_expected())
    known = {folded(column): column for column in Column}
    found: dict[Column, int] = {}
    unknown: list[str] = []
    for position, name in enumerate(header.cells, 1):
        column = known.get(folded(name))
        if column is None:
            unknown.append(name)
        elif column in found:
            message = f"line {header.line}, the header, names the column {column} twice"
            raise Invalid(message, hint="remove or rename one of the two")
        else:
            found[column] = position
    _check_header(header.line, found, unknown)
    return found, tuple(name for name in unknown if name)


def _check_header(line: int, found: Mapping[Column, int], unknown: Sequence[str]) -> None:
    """Refuse a header that lacks a column, or has one misspelt, which would be ignored in silence."""
    absent = [column for column in Column if column not in found]
    meant = {column: near for column in absent if (near := _nearest(column, unknown))}
    wrong = [column for column in absent if column in REQUIRED or column in meant]
    if not wrong:
        return
    said = "".join(f"; {near!r} may be meant as {column}" for column, near in meant.items())
    message = f"line {line}, the header, lacks {', '.join(wrong)}{said}"
    raise Invalid(message, hint=_expected())


def _nearest(column: Column, names: Sequence[str]) -> str | None:
    by_folded = {folded(name): name for name in names if name}
    near = difflib.get_close_matches(folded(column), by_folded, n=1, cutoff=0.7)
    return by_folded[near[0]] if near else None


def _expected() -> str:
    optional = [column for column in Column if column not in REQUIRED]
    return f"expected are the columns {', '.join(REQUIRED)}, and where known {', '.join(optional)}"


# Lines


@dataclass(slots=True)
class _Line:
    """One line while it is read: its cells by column, and what is wrong so far."""

    number: int
    positions: Mapping[Column, int]
    values: Mapping[Column, str] = field(default_factory=dict[Column, str])
    problems: list[Problem] = field(default_factory=list[Problem])
    order: AccessOrder | None = None

    def refuse(self, message: str, column: Column | None = None) -> None:
        position = None if column is None else self.positions.get(column)
        self.problems.append(Problem(self.number, column, position, message))

    def cell(self, column: Column, read: Callable[[str], T]) -> T | None:
        """What a cell says; None where it is empty or wrong."""
        text = self.values.get(column, "")
        if REPLACEMENT in text:
            self.refuse("holds a character that the file's encoding does not have", column)
        elif text:
            try:
                return read(text)
            except Wrong as wrong:
                self.refuse(str(wrong), column)
        elif column in REQUIRED:
            self.refuse("is empty", column)
        return None

    def word(self, make: Callable[[], T]) -> T | None:
        """What the SDK makes of several cells; None where it refuses them."""
        try:
            return make()
        except Invalid as error:
            self.refuse(said_by(error), column_of(error))
        return None


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is the same for all lines of a file."""

    zone: tzinfo
    profile: str
    positions: Mapping[Column, int]
    width: int

    def read(self, record: Record) -> _Line:
        if record.cells is None:
            line = _Line(record.line, self.positions)
            line.refuse("is no CSV: a quote is not closed, or text follows a closed one")
            return line
        line = _Line(record.line, self.positions, self._values(record.cells))
        if len(record.cells) < self.width or any(record.cells[self.width :]):
            line.refuse(f"has {len(record.cells)} cells where the header has {self.width}")
        else:
            line.order = self._order(line)
        return line

    def _values(self, cells: Sequence[str]) -> Mapping[Column, str]:
        return {
            column: cells[position - 1]
            for column, position in self.positions.items()
            if position <= len(cells)
        }

    def _order(self, line: _Line) -> AccessOrder | None:
        reference = line.cell(Column.REFERENCE, str)
        family_name = line.cell(Column.FAMILY_NAME, str)
        given_name = line.cell(Column.GIVEN_NAME, str)
        company = line.cell(Column.COMPANY, str)
        email = line.cell(Column.EMAIL, read_email)
        host = line.cell(Column.HOST, str)
        start = line.cell(Column.ARRIVAL, self._moment)
        end = line.cell(Column.DEPARTURE, self._moment)
        profiles = line.cell(Column.PROFILE, read_profiles) or (self.profile,)
        number = line.cell(Column.BADGE, read_number)
        kind = line.cell(Column.KIND, read_kind) or "badge"
        window = line.word(lambda: TimeWindow(start, end)) if start and end else None
        if line.problems or not (reference and family_name and window):
            return None
        return line.word(
            lambda: AccessOrder(
                Holder(reference, family_name, given_name, company=company, email=email, host=host),
                profiles,
                window,
                Credential(kind, number) if number else None,
            )
        )

    def _moment(self, text: str) -> datetime:
        return read_moment(text, self.zone)


# What lines must not have in common


def _usable(lines: Sequence[_Line]) -> Iterator[tuple[_Line, AccessOrder]]:
    return ((line, line.order) for line in lines if line.order and not line.problems)


def _refuse_repeated_references(lines: Sequence[_Line]) -> None:
    """The reference is the key of every later call; the first line that can be used keeps it."""
    first: dict[str, int] = {}
    for line, order in _usable(lines):
        if first.setdefault(order.reference, line.number) != line.number:
            line.refuse(f"stands on line {first[order.reference]} already", Column.REFERENCE)


def _refuse_shared_badges(lines: Sequence[_Line]) -> None:
    """One badge may serve several visits, but one after the other."""
    given: dict[str, list[tuple[int, TimeWindow]]] = {}
    for line, order in _usable(lines):
        if order.credential is None:
            continue
        earlier = given.setdefault(order.credential.number, [])
        shared = next((number for number, window in earlier if window.overlaps(order.window)), None)
        if shared is None:
            earlier.append((line.number, order.window))
        else:
            line.refuse(f"is given out on line {shared} for the same time", Column.BADGE)
