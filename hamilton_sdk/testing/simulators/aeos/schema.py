"""Reads the table of types for one generation of the interface."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from hamilton_sdk.testing.simulators.aeos.tables import TYPES, VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["SIMPLE", "Field", "Generation", "Schema", "schema"]

Generation: TypeAlias = Literal["newer", "older"]

SIMPLE: Final = frozenset({"string", "long", "int", "boolean", "dateTime", "date", "base64", "any", *VALUES})
"""Kinds whose element holds text, not elements."""

_FIELD: Final = re.compile(
    r"(?P<generation>[+-]?)(?P<name>\w+)(?P<often>[?*]?) (?P<kind>\w+|\[\w+ \w+\])(?: (?P<limit>\d+))?"
)


@dataclass(frozen=True, slots=True)
class Field:
    """One element of a type.

    Attributes:
        name: Of the element.
        kind: A simple kind, or the name of a type.
        mandatory: Whether it must be there.
        many: Whether it may repeat.
        limit: Characters at most; None for no limit.
        generation: In which generation alone it exists; empty for both.
    """

    name: str
    kind: str
    mandatory: bool = False
    many: bool = False
    limit: int | None = None
    generation: Literal["", "+", "-"] = ""


class Schema:
    """The types of one generation.

    Args:
        generation: ``"newer"`` (201 operations) or ``"older"`` (146).
    """

    def __init__(self, generation: Generation) -> None:
        unwanted = "-" if generation == "newer" else "+"
        self.generation = generation
        self._types = {
            name: tuple(field for field in fields if field.generation != unwanted)
            for name, fields in _everything().items()
        }

    def fields(self, kind: str) -> tuple[Field, ...]:
        """The elements of a type, in the order of the wire."""
        return self._types[kind]

    def __iter__(self) -> Iterator[str]:
        """The names of all types."""
        return iter(self._types)


@functools.cache
def schema(generation: Generation) -> Schema:
    """The types of a generation, read once."""
    return Schema(generation)


@functools.cache
def _everything() -> Mapping[str, tuple[Field, ...]]:
    types: dict[str, tuple[Field, ...]] = {}
    name = ""
    for line in TYPES.splitlines():
        if not line.startswith(" "):
            name = line.strip() or name
            types.setdefault(name, ())
            continue
        for entry in line.strip().split(", "):
            if entry.startswith("&"):
                types[name] += types[entry[1:]]
            else:
                types[name] += (_field(entry, types),)
    del types[""]
    return types


def _field(entry: str, types: dict[str, tuple[Field, ...]]) -> Field:
    match = _FIELD.fullmatch(entry)
    assert match, entry
    kind = match["kind"]
    if kind.startswith("["):
        item, item_kind = kind[1:-1].split(" ")
        kind = f"{item}s"
        types[kind] = (Field(item, item_kind, many=True),)
    return Field(
        name=match["name"],
        kind=kind,
        mandatory=not match["often"],
        many=match["often"] == "*",
        limit=int(match["limit"]) if match["limit"] else None,
        generation="+" if match["generation"] == "+" else "-" if match["generation"] == "-" else "",
    )
