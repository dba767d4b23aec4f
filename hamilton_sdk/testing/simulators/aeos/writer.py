"""Writes replies: elements in the order of the table, those of the other generation left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from hamilton_sdk.testing.simulators.aeos.values import Value, text_of

if TYPE_CHECKING:
    from hamilton_sdk.testing.simulators.aeos.schema import Schema

__all__ = ["KIND", "write"]

KIND: Final = "xsi:type"
"""The key under which an element names the type it really has, which may have more elements than declared."""


def write(schema: Schema, name: str, kind: str, value: Value, attributes: str = "") -> str:
    """Write one element.

    Args:
        schema: Of the generation.
        name: Of the element.
        kind: Its declared type.
        value: By element name for a type; a simple value else.
        attributes: For the opening tag, beginning with a space.
    """
    parts: list[str] = []
    _element(schema, name, kind, value, attributes, parts)
    return "".join(parts)


def _element(schema: Schema, name: str, kind: str, value: Value, attributes: str, parts: list[str]) -> None:
    if isinstance(value, (str, int, date)):
        parts.append(f"<{name}{attributes}>{escape(text_of(value))}</{name}>")
        return
    assert isinstance(value, Mapping)
    real = value.get(KIND)
    if isinstance(real, str):
        # The real server writes the attribute without a prefix in its value (AEOS manual v33, findPerson).
        attributes, kind = f'{attributes} xsi:type="{real}"', real
    parts.append(f"<{name}{attributes}>")
    for field in schema.fields(kind):
        for entry in _entries(value.get(field.name), many=field.many):
            _element(schema, field.name, field.kind, entry, "", parts)
    parts.append(f"</{name}>")


def _entries(value: Value, *, many: bool) -> Sequence[Value]:
    if value is None:
        return ()
    if many:
        assert isinstance(value, Sequence)
        assert not isinstance(value, str)
        return value
    return (value,)
