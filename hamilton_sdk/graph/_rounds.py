"""Rounds of changes of `hamilton_sdk.graph.FakeCalendar`: what a cursor told, against what stands now."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Final, NamedTuple

from hamilton_sdk.errors import Invalid
from hamilton_sdk.graph._paging import wrong_cursor, wrong_token
from hamilton_sdk.graph.interface import ChangePage
from hamilton_sdk.graph.models import Booking, Change
from hamilton_sdk.model import TimeWindow

if TYPE_CHECKING:
    from hamilton_sdk.graph._memory import Office

__all__ = ["Rounds"]

_MOST: Final = 1000
"""Cursors and rounds that are remembered."""


class _Round(NamedTuple):
    """One round that is being read."""

    changes: tuple[Change, ...]
    cursor: str
    restarted: bool


class Rounds:
    """What has been told; the caller holds a lock.

    Args:
        office: Whose calendars.
        size: Changes on a page.
    """

    def __init__(self, office: Office, size: int) -> None:
        self._office = office
        self._size = size
        self._numbers = count(1)
        self._told: dict[str, dict[str, Booking]] = {}
        self._rounds: dict[str, _Round] = {}

    def forget(self) -> None:
        """Forget all cursors, as a service does with old ones."""
        self._told.clear()

    def page(self, room: str, window: TimeWindow | None, cursor: str | None, token: str | None) -> ChangePage:
        """See `CalendarAdapter.changes_page`."""
        address = self._office.room(room).address
        if token is not None:
            return self._following(token)
        before, within = None, window
        if cursor is not None:
            kept = _read(cursor, address)
            within = window or kept
            before = cursor if within == kept else None
        if within is None:
            message = "changes needs a window for a first round"
            raise Invalid(message, hint="give window=, or the cursor of an earlier round")
        return self._begin(address, within, before)

    def _begin(self, room: str, window: TimeWindow, cursor: str | None) -> ChangePage:
        restarted = cursor is not None and cursor not in self._told
        before = self._told.get(cursor or "", {})
        stands = self._standing(room, window)
        changed = [
            Change(kind="changed", id=each, booking=booking)
            for each, booking in stands.items()
            if before.get(each) != booking
        ]
        removed = [Change(kind="removed", id=each) for each in before if each not in stands]
        number = next(self._numbers)
        new = f"cursor-{number}|{room}|{window.start.isoformat()}|{window.end.isoformat()}"
        self._told[new] = stands
        key = f"round-{number}"
        self._rounds[key] = _Round((*changed, *removed), new, restarted)
        for kept in (self._told, self._rounds):
            if len(kept) > _MOST:
                kept.pop(next(iter(kept)))
        return self._cut(key, 0)

    def _following(self, token: str) -> ChangePage:
        key, _, place = token.partition("/")
        if key not in self._rounds or not place.isdecimal():
            raise wrong_token()
        return self._cut(key, int(place))

    def _cut(self, key: str, place: int) -> ChangePage:
        changes, cursor, restarted = self._rounds[key]
        end = place + self._size
        more = end < len(changes)
        return ChangePage(
            items=changes[place:end],
            next=f"{key}/{end}" if more else None,
            cursor=None if more else cursor,
            restarted=restarted,
        )

    def _standing(self, room: str, window: TimeWindow) -> dict[str, Booking]:
        """All that stands in a window: series as their masters and each occurrence."""
        stands: dict[str, Booking] = {}
        for event, span in self._office.taking(room, window):
            if event.values.recurrence is not None:
                stands.setdefault(event.room_id, event.booking(at_home=False))
            booking = event.booking(span, at_home=False)
            stands[booking.id] = booking
        return stands


def _read(cursor: str, room: str) -> TimeWindow:
    """The window of a cursor, which must be of that room."""
    parts = cursor.rsplit("|", 2)
    name, _, of_room = parts[0].partition("|")
    if not name.startswith("cursor-") or of_room != room:
        raise wrong_cursor()
    try:
        start, end = (datetime.fromisoformat(each) for each in parts[1:])
    except ValueError:
        raise wrong_cursor() from None
    return TimeWindow(start, end)
