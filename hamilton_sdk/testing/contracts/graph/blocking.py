"""One face for both connectors, so that each promise is written once and tested both ways."""

# ruff: noqa: D102 (the methods of `Calls` are those of `Calendar`, which documents them)

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from hamilton_sdk.errors import ConnectorError
from hamilton_sdk.graph._waiting import USUAL_WAIT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator, Sequence
    from datetime import timedelta
    from types import TracebackType
    from typing import Self

    from hamilton_sdk.flow import Page
    from hamilton_sdk.graph.async_connector import AsyncCalendar
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
    from hamilton_sdk.shell import AsyncPager

__all__ = ["BlockingCalendar", "Calls", "Listed", "Round", "book_at_once"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Listed(Protocol[T_co]):
    """A list that comes in pages."""

    @property
    def token(self) -> str | None:
        """Where to resume."""
        ...

    def pages(self) -> Iterator[Page[T_co]]:
        """The pages, one at a time."""
        ...

    def __iter__(self) -> Iterator[T_co]:
        """The items."""
        ...


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


class BlockingCalendar:
    """An `AsyncCalendar` behind the methods of the sync one, on an event loop of its own.

    Args:
        connector: Not yet opened.
    """

    def __init__(self, connector: AsyncCalendar) -> None:
        self._connector = connector
        self._loop = asyncio.Runner()

    def __enter__(self) -> Self:
        self._wait(self._connector.__aenter__())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._loop:
            self._wait(self._connector.__aexit__(kind, error, trace))

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run(work)

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

        async def gathered() -> list[Booking | None]:
            return await asyncio.gather(*map(attempt, reservations))

        return self._wait(gathered())

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
        return _BlockingPager(self._connector.rooms(token), self._loop)

    def room_lists(self, token: str | None = None) -> Listed[RoomList]:
        """See `Calendar.room_lists`."""
        return _BlockingPager(self._connector.room_lists(token), self._loop)

    def bookings(self, room: str, window: TimeWindow, token: str | None = None) -> Listed[Booking]:
        """See `Calendar.bookings`."""
        return _BlockingPager(self._connector.bookings(room, window, token), self._loop)

    def watches(self, token: str | None = None) -> Listed[Watch]:
        """See `Calendar.watches`."""
        return _BlockingPager(self._connector.watches(token), self._loop)

    def changes(self, room: str, *, window: TimeWindow | None = None, cursor: str | None = None) -> Round:
        """See `Calendar.changes`."""
        return _BlockingChanges(self._connector.changes(room, window=window, cursor=cursor), self._loop)


class _BlockingPager(Generic[T]):
    """An `AsyncPager` read by blocking."""

    def __init__(self, pager: AsyncPager[T], loop: asyncio.Runner) -> None:
        self._pager = pager
        self._loop = loop

    @property
    def token(self) -> str | None:
        """Where to resume."""
        return self._pager.token

    def pages(self) -> Iterator[Page[T]]:
        """The pages, one at a time."""
        return _read(self._loop, self._pager.pages())

    def __iter__(self) -> Iterator[T]:
        return _read(self._loop, self._pager.__aiter__())


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
        return _read(self._loop, self._changes.pages())

    def __iter__(self) -> Iterator[Change]:
        return _read(self._loop, self._changes.__aiter__())


def _read(loop: asyncio.Runner, source: AsyncIterator[T]) -> Iterator[T]:
    while items := loop.run(_following(source)):
        yield from items


async def _following(source: AsyncIterator[T]) -> list[T]:
    """The next item alone; nothing at the end."""
    try:
        return [await anext(source)]
    except StopAsyncIteration:
        return []


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

    with ThreadPoolExecutor(len(reservations)) as pool:
        return list(pool.map(attempt, reservations))
