"""Graph's dates and times. Pure.

A time is ``{"dateTime": "2026-01-05T09:00:00.0000000", "timeZone": "UTC"}``: seven digits, no offset, the
zone beside it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import Invalid
from hamilton_sdk.graph.exchange.nodes import Broken, Node, text
from hamilton_sdk.graph.exchange.wire import refusal
from hamilton_sdk.graph.zones import exchange_name, zone_named
from hamilton_sdk.model import TimeWindow

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = [
    "check_unambiguous",
    "day",
    "days",
    "known",
    "midnight",
    "moment",
    "query",
    "read_window",
    "stamp",
    "unambiguous",
    "utc",
    "zoned",
]

_NEVER: Final = "0001-01-01"
_DATE: Final = len(_NEVER)
_SECONDS: Final = len("2026-01-05T09:00:00")


def utc(at: datetime) -> Node:
    """An instant, in UTC."""
    return {"dateTime": _seven_digits(at.astimezone(UTC)), "timeZone": "UTC"}


def zoned(at: datetime, zone: str) -> Node:
    """An instant in a zone, by the name that Exchange has for it."""
    return {"dateTime": _seven_digits(at.astimezone(zone_named(zone))), "timeZone": exchange_name(zone)}


def midnight(on: date, zone: str) -> Node:
    """The beginning of a day, for meetings of whole days."""
    return {"dateTime": f"{on.isoformat()}T00:00:00.0000000", "timeZone": exchange_name(zone)}


def _seven_digits(at: datetime) -> str:
    return f"{at.replace(tzinfo=None).isoformat(timespec='microseconds')}0"


def query(at: datetime) -> str:
    """An instant as the parameters ``startDateTime`` and ``endDateTime`` take it."""
    return f"{_seven_digits(at.astimezone(UTC))}Z"


def unambiguous(at: datetime, zone: str) -> bool:
    """Whether its local time says which instant is meant: one in a repeated hour does not."""
    local = at.astimezone(zone_named(zone))
    return local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset()


def known(zone: str) -> bool:
    """Whether a zone's name says anything."""
    return zone_named(zone) is not None


def moment(node: Node) -> datetime:
    """The instant of a time with its zone.

    Raises:
        Broken: There is none, or its zone says nothing.
    """
    written, name = text(node, "dateTime"), text(node, "timeZone") or "UTC"
    if written is None:
        reason = "an event without its times"
        raise Broken(reason)
    try:
        local = datetime.fromisoformat(written[:_SECONDS])
        if fraction := written[_SECONDS:].lstrip(".").rstrip("Z")[:6].rstrip("0"):
            local += timedelta(microseconds=int(fraction.ljust(6, "0")))
    except ValueError:
        reason = "an event whose times cannot be read"
        raise Broken(reason) from None
    return local.replace(tzinfo=UTC if name == "UTC" else _zone(name)).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    found = zone_named(name)
    if found is None:
        reason = "an event in a time zone that nobody knows"
        raise Broken(reason)
    return found


def day(node: Node) -> date:
    """The date of a time, as it stands: what is for whole days is never converted.

    Raises:
        Broken: There is none.
    """
    try:
        return date.fromisoformat((text(node, "dateTime") or "")[:_DATE])
    except ValueError:
        reason = "an event without its days"
        raise Broken(reason) from None


def stamp(written: str | None) -> datetime | None:
    """A moment such as ``2026-01-05T09:00:00Z``; None for none, and for ``0001-01-01``, which means never.

    That value is never converted: in another zone it would lie before the first year.
    """
    if written is None or written.startswith(_NEVER):
        return None
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo is not None else read.replace(tzinfo=UTC)


def read_window(start: datetime, end: datetime) -> TimeWindow:
    """A window as read: Outlook lets people make meetings of no length, which get the least there is."""
    return TimeWindow(start, max(end, start + timedelta.resolution))


def days(first: date, after_last: date, zone: str | None) -> TimeWindow:
    """The window of whole days, in the zone in which they were meant; UTC where that is not known."""
    place = zone_named(zone) if zone else None
    place_or_utc = UTC if place is None else place
    start, end = (
        datetime(each.year, each.month, each.day, tzinfo=place_or_utc) for each in (first, after_last)
    )
    return read_window(start.astimezone(UTC), end.astimezone(UTC))


def check_unambiguous(window: TimeWindow, zone: str) -> None:
    """Refuse a window that local time cannot tell.

    Raises:
        Invalid: An end of it lies in the hour that comes twice.
    """
    if not (unambiguous(window.start, zone) and unambiguous(window.end, zone)):
        raise refusal(
            Invalid,
            "a recurring reservation begins or ends in the hour that comes twice when the clocks go back",
            "begin it at another hour, or give timezone='UTC'",
        )
