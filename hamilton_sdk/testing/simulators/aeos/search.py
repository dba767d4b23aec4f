"""What all finds share: prefix match, pages, and the information about the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from hamilton_sdk.testing.simulators.aeos.errors import DUPLICATE_SORT_FIELD, UNKNOWN_DIRECTION, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hamilton_sdk.testing.simulators.aeos.reader import Record
    from hamilton_sdk.testing.simulators.aeos.state import Site
    from hamilton_sdk.testing.simulators.aeos.values import Scalar, Value

__all__ = ["begins", "matches", "named", "paged", "sort"]

T = TypeVar("T")


def begins(text: str, wanted: str) -> bool:
    """Whether a text begins like another: ``LIKE 'wanted%'`` (AEOS manual v33, on searching).

    Case does not count and ``%`` and ``_`` are plain characters; the sources say neither. The first is the
    wider
    reading: a client has to filter exactly in any case.
    """
    return text.casefold().startswith(wanted.casefold())


def matches(value: Scalar | None, wanted: Scalar) -> bool:
    """Whether a field meets a criterion: texts by prefix, all else exactly."""
    if isinstance(wanted, str):
        return isinstance(value, str) and begins(value, wanted)
    return value == wanted


def named(asked: Record, items: Iterable[T], key: Callable[[T], tuple[int, str]]) -> list[T]:
    """The items that meet ``Id`` and ``Name``, which every find supports."""
    wanted_id, wanted_name = asked.number("Id"), asked.text("Name")
    return [
        item
        for item in items
        if wanted_id in (None, key(item)[0]) and (wanted_name is None or begins(key(item)[1], wanted_name))
    ]


def paged(
    site: Site, asked: Record, name: str, items: list[T], write: Callable[[T], Value]
) -> Mapping[str, Value]:
    """One page of a list, with the ``SearchResultInfo`` that only the newer generation writes.

    Args:
        site: For the cap.
        asked: Where ``SearchRange`` stands: a 0-based offset and a size.
        name: The list's item element.
        items: All that was found, in order.
        write: Makes an item's elements.

    Raises:
        Refused: A negative offset or size.
    """
    asked_range = asked.child("SearchRange")
    start = asked_range.number("startRecordNo") or 0
    size = asked_range.number("nrOfRecords")
    requested = site.settings.page_cap if size is None else size
    if start < 0 or requested < 0:
        raise Refused(because="Search range is not valid")
    found = items[start : start + min(requested, site.settings.page_cap)]
    return {
        name: [write(item) for item in found],
        "SearchResultInfo": {
            "startRecordNo": start,
            "requestedSize": requested,
            "resultSize": len(found),
            "totalSize": len(items),
        },
    }


@dataclass(frozen=True, slots=True)
class _Order:
    field: str
    descending: bool


def sort(asked: Record, items: list[T], field: Callable[[T, str], str]) -> list[T]:
    """Put a list in the order that was asked for (newer generation).

    Raises:
        Refused: A field twice (code 302), or another direction than A and D (code 303).
    """
    orders: list[_Order] = []
    for entry in asked.children("SortOrder"):
        direction, name = entry.text("Order"), entry.text("FieldName") or ""
        if direction not in ("A", "D"):
            raise Refused(because="Unknown direction", code=UNKNOWN_DIRECTION)
        if any(order.field == name for order in orders):
            raise Refused(because="Duplicate sort field", code=DUPLICATE_SORT_FIELD)
        orders.append(_Order(name, direction == "D"))
    for order in reversed(orders):
        items = sorted(items, key=lambda item: field(item, order.field), reverse=order.descending)
    return items
