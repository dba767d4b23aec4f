"""Values on the wire: XML Schema's simple types in, server local time out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from hamilton_sdk.testing.simulators.aeos.errors import Refused
from hamilton_sdk.testing.simulators.aeos.tables import VALUES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["NEVER", "Offsets", "Scalar", "Value", "earliest", "latest", "local", "parse", "text_of"]

Scalar: TypeAlias = "str | int | bool | datetime | date"
Value: TypeAlias = "Scalar | Sequence[Value] | Mapping[str, Value] | None"
Offsets: TypeAlias = Literal["dropped", "converted"]

NEVER: Final = datetime(2149, 5, 29)  # noqa: DTZ001 (the server's own local time)
"""The date that clears a date (AEOS manual v33, on changing objects)."""

_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DATE_TIME: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?P<zone>Z|[+-]\d{2}:\d{2})?", re.ASCII
)
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_LONG: Final = 2**63
_INT: Final = 2**31


def parse(kind: str, text: str, *, zone: tzinfo, offsets: Offsets) -> Scalar:
    """Read a simple value.

    Args:
        kind: A simple kind or a value list.
        text: As it stands in the element.
        zone: The server's.
        offsets: What becomes of an offset in a dateTime.

    Raises:
        Refused: The text is not of that kind.
    """
    if kind == "dateTime":
        return _moment(text.strip(), zone, offsets)
    if kind in VALUES:
        if text not in VALUES[kind]:
            raise Refused(because=f"Value is not one of the enumeration {kind}")
        return text
    reader = _READERS.get(kind)
    return text if reader is None else reader(text.strip())


def _moment(text: str, zone: tzinfo, offsets: Offsets) -> datetime:
    """A dateTime becomes naive server local time.

    The manual sends ``+02:00`` and reads the same hours back without a zone, which fits both an offset that
    is converted and one that is dropped; the default, dropping it, is what hurts a client that relies on it.
    """
    match = _DATE_TIME.fullmatch(text)
    try:
        moment = datetime.fromisoformat(text) if match else None
    except ValueError:
        moment = None
    if moment is None:
        raise Refused(because="Value is not a valid dateTime")
    if moment.tzinfo is not None and offsets == "converted":
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None, microsecond=0, fold=0)


def _day(text: str) -> date:
    match = _DATE.fullmatch(text)
    try:
        day = date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        day = None
    if day is None:
        raise Refused(because="Value is not a valid date")
    return day


def _boolean(text: str) -> bool:
    if text not in _BOOLEANS:
        raise Refused(because="Value is not a valid boolean")
    return _BOOLEANS[text]


def _integer(kind: str, bound: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not _INTEGER.fullmatch(text) or len(text) > len(str(bound)) + 1 or not -bound <= int(text) < bound:
            raise Refused(because=f"Value is not a valid {kind}")
        return int(text)

    return read


_READERS: Final[Mapping[str, Callable[[str], Scalar]]] = {
    "long": _integer("long", _LONG),
    "int": _integer("int", _INT),
    "boolean": _boolean,
    "date": _day,
}


def text_of(value: Scalar) -> str:
    """Write a simple value; dates and times carry no zone."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def local(moment: datetime, zone: tzinfo) -> datetime:
    """An aware moment as the server's naive local time."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0, fold=0)


def earliest(moment: datetime, zone: tzinfo) -> datetime:
    """The first instant that a naive local time can stand for, in UTC."""
    return min(_readings(moment, zone))


def latest(moment: datetime, zone: tzinfo) -> datetime:
    """The last instant that a naive local time can stand for, in UTC."""
    return max(_readings(moment, zone))


def _readings(moment: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Both readings of a local time; they differ only where clocks are put back or forward."""
    return (
        moment.replace(tzinfo=zone, fold=0).astimezone(UTC),
        moment.replace(tzinfo=zone, fold=1).astimezone(UTC),
    )
