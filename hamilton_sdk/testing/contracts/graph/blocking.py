"""One face for both connectors, so that each promise is written once and tested both ways."""

# ruff: noqa: D102 (the methods of `Calls` are those of `Calendar`, which documents them)

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hamilton_sdk.errors import ConnectorError
from hamilton_sdk.graph._waiting import USUAL_WAIT
from hamilton_sdk.graph.async_connector import AsyncCalendar
from hamilton_sdk.testing.contracts.blocking import Blocking, in_threads, read

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import timedelta

    from hamilton_sdk.graph.changes import AsyncChanges
    from hamilton_sdk.graph.interface import Capabilities, ChangePage
    from hamilton_sdk.graph.models import (
        Booking,
        Change,
        Health,
        Occupancy,
        Reservation,
        Room,
        RoomList,
        RoomResponse,
        Watch,
    )
    from hamilton_sdk.model import TimeWindow
    from hamilton_sdk.testing.contracts.blocking import Listed

__all__ = ["BlockingCalendar", "Calls", "Round", "book_at_once"]


class Round(Protocol):
    """One round of changes."""

    @property
    def cursor(self) -> str:
        """Where the next round begins."""
        ...

    @property
    def restarted(self) -> bool:
        """Whether the cursor had been forgotten."""
        ...

    def pages(self) -> Iterator[ChangePage]:
        """The pages, one at a time."""
        ...

    def __iter__(self) -> Iterator[Change]:
        """The changes."""
        ...


class Calls(Protocol):
    """The methods of `hamilton_sdk.graph.Calendar`."""

    @property
    def capabilities(self) -> Capabilities: ...
    def check(self) -> Health: ...
    def occupancy(self, rooms: Iterable[str], window: TimeWindow) -> tuple[Occupancy, ...]: ...
    def book(self, reservation: Reservation, wait: timedelta | float = USUAL_WAIT) -> Booking: ...
    def update(self, reservation: Reservation, version: str | None = None) -> Booking: ...
    def cancel(
        self, reference: str, *, mailbox: str, version: str | None = None, comment: str | None = None
    ) -> Booking: ...
    def end_early(self, reference: str, *, mailbox: str) -> Booking: ...
    def find(self, reference: str, *, mailbox: str) -> Booking | None: ...
    def response(self, reference: str, *, mailbox: str) -> RoomResponse: ...
    def watch(
        self,
        room: str,
        notify_url: str,
        *,
        lifecycle_url: str | None = None,
        duration: timedelta | None = None,
        secret: str | None = None,
        certificate: str | None = None,
        certificate_id: str | None = None,
    ) -> Watch: ...
    def renew(self, watch_id: str, duration: timedelta | None = None) -> Watch: ...
    def unwatch(self, watch_id: str) -> None: ...
    def rooms(self, token: str | None = None) -> Listed[Room]: ...
    def room_lists(self, token: str | None = None) -> Listed[RoomList]: ...
    def bookings(self, room: str, window: TimeWindow, token: str | None = None) -> Listed[Booking]: ...
    def watches(self, token: str | None = None) -> Listed[Watch]: ...
    def changes(self, room: str, *, window: TimeWindow | None = None, cursor: str | None = None) -> Round: ...


class BlockingCalendar(Blocking[AsyncCalendar]):
    """An `AsyncCalendar` behind the methods of the sync one, on an event loop of its own.

    Args:
        connector: Not yet opened.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What the service can do."""
        return self._connector.capabilities

    def book_at_once(self, reservations: Sequence[Reservation]) -> list[Booking | None]:
        """Book several reservations in tasks of their own; None for one that is refused."""

        async def attempt(reservation: Reservation) -> Booking | None:
            try:
                return await self._connector.book(reservation)
            except ConnectorError:
                return None

        return self._in_tasks(attempt, reservations)

    def check(self) -> Health:
        """See `Calendar.check`."""
        return self._wait(self._connector.check())

    def occupancy(self, rooms: Iterable[str], window: TimeWindow) -> tuple[Occupancy, ...]:
        """See `Calendar.occupancy`."""
        return self._wait(self._connector.occupancy(rooms, window))

    def book(self, reservation: Reservation, wait: timedelta | float = USUAL_WAIT) -> Booking:
        """See `Calendar.book`."""
        return self._wait(self._connector.book(reservation, wait))

    def update(self, reservation: Reservation, version: str | None = None) -> Booking:
        """See `Calendar.update`."""
        return self._wait(self._connector.update(reservation, version))

    def cancel(
        self, reference: str, *, mailbox: str, version: str | None = None, comment: str | None = None
    ) -> Booking:
        """See `Calendar.cancel`."""
        return self._wait(
            self._connector.cancel(reference, mailbox=mailbox, version=version, comment=comment)
        )

    def end_early(self, reference: str, *, mailbox: str) -> Booking:
        """See `Calendar.end_early`."""
        return self._wait(self._connector.end_early(reference, mailbox=mailbox))

    def find(self, reference: str, *, mailbox: str) -> Booking | None:
        """See `Calendar.find`."""
        return self._wait(self._connector.find(reference, mailbox=mailbox))

    def response(self, reference: str, *, mailbox: str) -> RoomResponse:
        """See `Calendar.response`."""
        return self._wait(self._connector.response(reference, mailbox=mailbox))

    def watch(
        self,
        room: str,
        notify_url: str,
        *,
        lifecycle_url: str | None = None,
        duration: timedelta | None = None,
        secret: str | None = None,
        certificate: str | None = None,
        certificate_id: str | None = None,
    ) -> Watch:
        """See `Calendar.watch`."""
        return self._wait(
            self._connector.watch(
                room,
                notify_url,
                lifecycle_url=lifecycle_url,
                duration=duration,
                secret=secret,
                certificate=certificate,
                certificate_id=certificate_id,
            )
        )

    def renew(self, watch_id: str, duration: timedelta | None = None) -> Watch:
        """See `Calendar.renew`."""
        return self._wait(self._connector.renew(watch_id, duration))

    def unwatch(self, watch_id: str) -> None:
        """See `Calendar.unwatch`."""
        return self._wait(self._connector.unwatch(watch_id))

    def rooms(self, token: str | None = None) -> Listed[Room]:
        """See `Calendar.rooms`."""
        return self._paged(self._connector.rooms(token))

    def room_lists(self, token: str | None = None) -> Listed[RoomList]:
        """See `Calendar.room_lists`."""
        return self._paged(self._connector.room_lists(token))

    def bookings(self, room: str, window: TimeWindow, token: str | None = None) -> Listed[Booking]:
        """See `Calendar.bookings`."""
        return self._paged(self._connector.bookings(room, window, token))

    def watches(self, token: str | None = None) -> Listed[Watch]:
        """See `Calendar.watches`."""
        return self._paged(self._connector.watches(token))

    def changes(self, room: str, *, window: TimeWindow | None = None, cursor: str | None = None) -> Round:
        """See `Calendar.changes`."""
        return _BlockingChanges(self._connector.changes(room, window=window, cursor=cursor), self._loop)


class _BlockingChanges:
    """An `AsyncChanges` read by blocking."""

    def __init__(self, changes: AsyncChanges, loop: asyncio.Runner) -> None:
        self._changes = changes
        self._loop = loop

    @property
    def cursor(self) -> str:
        """Where the next round begins."""
        return self._changes.cursor

    @property
    def restarted(self) -> bool:
        """Whether the cursor had been forgotten."""
        return self._changes.restarted

    def pages(self) -> Iterator[ChangePage]:
        """The pages, one at a time."""
        return read(self._loop, self._changes.pages())

    def __iter__(self) -> Iterator[Change]:
        return read(self._loop, self._changes.__aiter__())


def book_at_once(calendar: Calls, reservations: Sequence[Reservation]) -> list[Booking | None]:
    """Book several at the same time: in threads, or in tasks where the connector is async.

    Returns:
        What each call gave, in order; None for one that was refused.
    """
    if isinstance(calendar, BlockingCalendar):
        return calendar.book_at_once(reservations)

    def attempt(reservation: Reservation) -> Booking | None:
        try:
            return calendar.book(reservation)
        except ConnectorError:
            return None

    return in_threads(attempt, reservations)
