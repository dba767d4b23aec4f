"""Checks a request's payload against the table of types, as a validating server does, and reads it.

Order, unknown elements, missing ones, repeats, kinds and lengths are all checked before an operation sees
anything. The words of the messages are our own: the real ones are not public.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final, TypeAlias

from hamilton_sdk.testing.simulators.aeos.errors import Refused
from hamilton_sdk.testing.simulators.aeos.schema import SIMPLE, Field, Schema
from hamilton_sdk.testing.simulators.aeos.values import Offsets, Scalar, parse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

__all__ = ["LAST_NAME_SIZE", "NAMESPACE", "Reader", "Record"]

NAMESPACE: Final = "http://www.nedap.com/aeosws/schema"
LAST_NAME_SIZE: Final = "Visitor.lastName: size must be between 1 and 50"
"""The one message of the server that is known to the letter, from third-party sources."""

Entry: TypeAlias = "Scalar | Record"


class Record:
    """A payload that passed the checks: typed access to its elements.

    Args:
        entries: By element name, in the order of the wire.
    """

    def __init__(self, entries: Mapping[str, list[Entry]]) -> None:
        self._entries = entries

    def __contains__(self, name: str) -> bool:
        """Whether the element was sent."""
        return name in self._entries

    def text(self, name: str) -> str | None:
        """A text, None where it was not sent."""
        value = self._first(name)
        return value if isinstance(value, str) else None

    def number(self, name: str) -> int | None:
        """A long or int, None where it was not sent."""
        value = self._first(name)
        return value if isinstance(value, int) else None

    def key(self, name: str) -> int:
        """A long that must have been sent."""
        value = self._first(name)
        assert isinstance(value, int)
        return value

    def flag(self, name: str) -> bool:
        """A boolean; false where it was not sent."""
        return self._first(name) is True

    def moment(self, name: str) -> datetime | None:
        """A dateTime as naive server local time, None where it was not sent."""
        value = self._first(name)
        return value if isinstance(value, datetime) else None

    def child(self, name: str) -> Record:
        """A nested element; an empty one where it was not sent."""
        value = self._first(name)
        return value if isinstance(value, Record) else Record({})

    def children(self, name: str) -> list[Record]:
        """All elements of that name."""
        return [entry for entry in self._entries.get(name, ()) if isinstance(entry, Record)]

    def numbers(self, name: str) -> list[int]:
        """All values of repeated longs."""
        return [entry for entry in self._entries.get(name, ()) if isinstance(entry, int)]

    def scalars(self) -> dict[str, Scalar]:
        """The simple elements that were sent, the first of each name."""
        return {name: found[0] for name, found in self._entries.items() if not isinstance(found[0], Record)}

    def _first(self, name: str) -> Entry | None:
        found = self._entries.get(name)
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads payloads of one generation.

    Attributes:
        schema: The types.
        zone: The server's.
        offsets: What becomes of an offset in a dateTime.
    """

    schema: Schema
    zone: tzinfo
    offsets: Offsets

    def read(self, element: Element, kind: str) -> Record:
        """Read a complex element.

        Raises:
            Refused: It breaks a rule of the schema.
        """
        if (element.text or "").strip():
            raise Refused(because=f"Element {_local(element)} holds text where elements are expected")
        fields = self.schema.fields(kind)
        entries: dict[str, list[Entry]] = {}
        position = 0
        for child in element:
            if (child.tail or "").strip():
                raise Refused(because=f"Element {_local(element)} holds text where elements are expected")
            position = _place(child, fields, position, entries, _local(element))
            field = fields[position]
            entries.setdefault(field.name, []).append(self._entry(child, field))
        for field in fields:
            if field.mandatory and field.name not in entries:
                raise Refused(because=f"Element {field.name} is missing in {_local(element)}")
        return Record(entries)

    def simple(self, element: Element, kind: str) -> Scalar:
        """Read an element with a value of its own.

        Raises:
            Refused: It holds elements, or its text is not of the kind.
        """
        if len(element):
            raise Refused(because=f"Element {_local(element)} holds elements where a value is expected")
        try:
            return parse(kind, element.text or "", zone=self.zone, offsets=self.offsets)
        except Refused as refusal:
            raise Refused(because=f"Element {_local(element)}: {refusal.because}") from None

    def _entry(self, element: Element, field: Field) -> Entry:
        if field.kind == "any":
            return ""
        if field.kind not in SIMPLE:
            return self.read(element, field.kind)
        value = self.simple(element, field.kind)
        if field.limit is not None and isinstance(value, str) and len(value) > field.limit:
            default = f"{field.name}: size must be between 0 and {field.limit}"
            raise Refused(because=LAST_NAME_SIZE if field.name == "LastName" else default)
        return value


def _place(
    child: Element, fields: tuple[Field, ...], position: int, entries: Mapping[str, list[Entry]], parent: str
) -> int:
    """Where an element stands in its type's sequence.

    Raises:
        Refused: It is unknown, comes too late, or repeats.
    """
    name = child.tag.removeprefix(f"{{{NAMESPACE}}}")
    places = [index for index, field in enumerate(fields) if f"{{{NAMESPACE}}}{field.name}" == child.tag]
    if not places:
        raise Refused(because=f"Element {name} is not known in {parent}")
    if places[0] < position:
        raise Refused(because=f"Element {name} is out of order in {parent}")
    if name in entries and not fields[places[0]].many:
        raise Refused(because=f"Element {name} occurs twice in {parent}")
    return places[0]


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
