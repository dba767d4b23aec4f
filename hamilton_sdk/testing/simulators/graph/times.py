"""Times on Graph's wire: a local time with seven fraction digits, and the name of its zone beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, cast

from hamilton_sdk.graph.zones import zone_named
from hamilton_sdk.testing.simulators.graph.errors import Refused, malformed, unknown_zone

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from hamilton_sdk.testing.simulators.graph.wire import Document

__all__ = ["NEVER", "Moment", "read_moment", "read_query_time", "write_instant", "write_moment", "zone_of"]

NEVER: Final = "0001-01-01T00:00:00Z"
"""What Graph writes for a time that is not."""

_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?")


@dataclass(frozen=True, slots=True)
class Moment:
    """A local time in a zone.

    Attributes:
        local: Naive.
        zone: Its name as it was given.
    """

    local: datetime
    zone: str

    @property
    def utc(self) -> datetime:
        """The instant."""
        return self.local.replace(tzinfo=zone_of(self.zone)).astimezone(UTC)

    def __add__(self, span: timedelta) -> Moment:
        """So much later by the clock on the wall."""
        return Moment(self.local + span, self.zone)


def zone_of(name: str) -> ZoneInfo:
    """A zone by its name.

    Raises:
        Refused: There is none.
    """
    zone = zone_named(name)
    if zone is None:
        raise unknown_zone(name)
    return zone


def read_moment(given: object) -> Moment:
    """A dateTimeTimeZone.

    Raises:
        Refused: It is none, or its zone is unknown.
    """
    if not isinstance(given, dict):
        raise malformed()
    document = cast("Document", given)
    text, zone = document.get("dateTime"), document.get("timeZone") or "UTC"
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None or not isinstance(zone, str):
        raise malformed()
    zone_of(zone)
    local = _time(match)
    if local.tzinfo is not None:
        # An offset in the time wins over the zone beside it.
        return Moment(local.astimezone(zone_of(zone)).replace(tzinfo=None), zone)
    return Moment(local, zone)


def _time(match: re.Match[str]) -> datetime:
    fraction = (match[2] or "").ljust(6, "0")[:6]
    try:
        found = datetime.fromisoformat(match[1]).replace(microsecond=int(fraction))
    except ValueError:
        raise malformed() from None
    return (
        found
        if match[3] is None
        else found.replace(tzinfo=datetime.fromisoformat(f"2000-01-01T00:00{match[3]}").tzinfo)
    )


def read_query_time(text: str | None, name: str) -> datetime:
    """A time in a query: with its own offset, UTC where it has none, whatever is preferred.

    Raises:
        Refused: It is absent or no time.
    """
    match = None if text is None else _TIME.fullmatch(text.strip())
    if match is None:
        message = f"The value of the parameter '{name}' is missing or no time."
        raise Refused(400, "ErrorInvalidParameter", message)
    found = _time(match)
    return (found.replace(tzinfo=UTC) if found.tzinfo is None else found).astimezone(UTC)


def write_moment(moment: Moment, zone: str | None, *, all_day: bool = False) -> Document:
    """A dateTimeTimeZone, in UTC unless a zone is preferred; all-day events are midnights in UTC."""
    if all_day:
        return {"dateTime": _seven(moment.local), "timeZone": "UTC"}
    name = zone or "UTC"
    return {"dateTime": _seven(moment.utc.astimezone(zone_of(name))), "timeZone": name}


def write_instant(instant: datetime | None) -> str:
    """A dateTimeOffset."""
    return NEVER if instant is None else f"{_seven(instant.astimezone(UTC))}Z"


def _seven(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond:06}0"
