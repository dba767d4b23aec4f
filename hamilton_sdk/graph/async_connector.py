"""Room calendars for applications: the async shell over an adapter's flows; `connector` is its twin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hamilton_sdk.graph._waiting import USUAL_WAIT, deadline_with
from hamilton_sdk.graph.changes import AsyncChanges
from hamilton_sdk.graph.checks import check_arguments, checked_rooms, checked_wait
from hamilton_sdk.graph.interface import CalendarAdapter, Capabilities
from hamilton_sdk.shell import AsyncPager, AsyncShell

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from hamilton_sdk.graph.models import (
        Booking,
        Health,
        Occupancy,
        Reservation,
        Room,
        RoomList,
        RoomResponse,
        Watch,
    )
    from hamilton_sdk.model import TimeWindow

__all__ = ["AsyncCalendar"]


class AsyncCalendar(AsyncShell[CalendarAdapter]):
    """Room calendars, async: belongs to one event loop.

    Args:
        adapter: The service's protocol, `hamilton_sdk.graph.Graph`, or `hamilton_sdk.graph.FakeCalendar`.
        transport: Settings (`hamilton_sdk.Http`), an HTTP client of one's own, or a simulator; the SDK's own
            HTTP with public authorities if None.
        retry: How often and how long to try.
        clock: Where time comes from.
        hooks: What the application wants to hear about.

    Every method may also raise `NotReachable`, `TimedOut`, `Unauthorized`, `Forbidden`, `RateLimited`,
    `ServerFailed` and `BadResponse`. An argument of another type is a `TypeError`, before anything is sent.
    Calls that write for one reference take turns. `mailbox` is where the event lives: the room where the room
    organises, the organiser where a person does.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What the service can do, known without asking it."""
        return self._adapter.capabilities

    async def check(self) -> Health:
        """Ask the service who it is, and whether the account may do what is needed."""
        return await self._run(self._adapter.check(), "check")

    def rooms(self, token: str | None = None) -> AsyncPager[Room]:
        """List all rooms, page by page as they are read.

        Args:
            token: An earlier pager's ``token``, to resume there.
        """
        check_arguments("rooms", token=token)
        return AsyncPager(lambda token: self._run(self._adapter.rooms_page(token), "rooms"), token)

    def room_lists(self, token: str | None = None) -> AsyncPager[RoomList]:
        """List all lists of rooms, page by page as they are read.

        Args:
            token: An earlier pager's ``token``, to resume there.
        """
        check_arguments("room_lists", token=token)
        return AsyncPager(
            lambda token: self._run(self._adapter.room_lists_page(token), "room_lists"),
            token,
        )

    async def occupancy(self, rooms: Iterable[str], window: TimeWindow) -> tuple[Occupancy, ...]:
        """Tell when rooms are taken.

        Args:
            rooms: Their addresses, as many as you like.
            window: In which to look.

        Returns:
            One for each room, in the order asked; a room that cannot be told of carries its error.
        """
        check_arguments("occupancy", window=window)
        asked = checked_rooms("occupancy", rooms)
        return await self._run(self._adapter.occupancy(asked, window), "occupancy")

    async def book(self, reservation: Reservation, wait: timedelta | float = USUAL_WAIT) -> Booking:
        """Make a reservation stand in the room's calendar.

        The same reservation again is the same booking; another under the same reference is a change.

        Args:
            reservation: What is wanted.
            wait: How long to wait for the room's answer where a person organises, as a timedelta or in
                seconds; the operation's deadline is that much later.

        Returns:
            The booking: confirmed, or pending where the room has not answered in time.

        Raises:
            Invalid: A value is over a limit, the room is unknown or no room, or the service cannot express
                the recurrence.
            RoomTaken: Meetings are in the way, or the room declined; ``error.conflicts`` are those known.
                Nothing of ours is left in the calendar.
        """
        check_arguments("book", reservation=reservation)
        span = checked_wait("book", wait)
        deadline = deadline_with(self._policy, span, self.capabilities.mode)
        patient = self.with_options(deadline=deadline)
        flow = self._adapter.book(reservation, span)
        return await patient._run(flow, "book", turn=reservation.reference)  # noqa: SLF001 (a copy)

    async def update(self, reservation: Reservation, version: str | None = None) -> Booking:
        """Give a booking the reservation's values; another room moves it, where a person organises.

        A new time or room is for the room to answer anew: that is waited for as by `book`.

        Args:
            reservation: All values, not the changed ones alone.
            version: Only if the booking still is that one; whatever stands if None.

        Raises:
            NotFound: No such reference in that mailbox.
            Invalid: As for `book`.
            RoomTaken: Meetings are in the way; the booking is as it was.
            Conflict: Another version stands.
        """
        check_arguments("update", reservation=reservation, version=version)
        deadline = deadline_with(self._policy, USUAL_WAIT, self.capabilities.mode)
        patient = self.with_options(deadline=deadline)
        flow = self._adapter.update(reservation, version)
        return await patient._run(flow, "update", turn=reservation.reference)  # noqa: SLF001 (a copy)

    async def cancel(
        self, reference: str, *, mailbox: str, version: str | None = None, comment: str | None = None
    ) -> Booking:
        """Take a booking out of the calendar, telling those invited; cancelling twice is success.

        Args:
            reference: Whose.
            mailbox: Where the event lives.
            version: Only if the booking still is that one; whatever stands if None.
            comment: For those invited.

        Returns:
            The booking: cancelled.

        Raises:
            NotFound: There never was such a reference that is still remembered.
            Conflict: Another version stands.
        """
        check_arguments("cancel", reference=reference, mailbox=mailbox, version=version, comment=comment)
        flow = self._adapter.cancel(reference, mailbox=mailbox, version=version, comment=comment)
        return await self._run(flow, "cancel", turn=reference)

    async def end_early(self, reference: str, *, mailbox: str) -> Booking:
        """Free the room from now on.

        Args:
            reference: Whose.
            mailbox: Where the event lives.

        Returns:
            The booking with its new end, now, rounded down to the minute; cancelled if it had not begun.

        Raises:
            NotFound: No such reference in that mailbox.
        """
        check_arguments("end_early", reference=reference, mailbox=mailbox)
        flow = self._adapter.end_early(reference, mailbox=mailbox)
        return await self._run(flow, "end_early", turn=reference)

    async def find(self, reference: str, *, mailbox: str) -> Booking | None:
        """Find what stands for a reference; None where there is nothing.

        Args:
            reference: Whose.
            mailbox: Where the event lives.
        """
        check_arguments("find", reference=reference, mailbox=mailbox)
        return await self._run(self._adapter.find(reference, mailbox=mailbox), "find")

    def bookings(self, room: str, window: TimeWindow, token: str | None = None) -> AsyncPager[Booking]:
        """List what stands in a room's calendar, people's meetings included, page by page as they are read.

        Args:
            room: Its address.
            window: What overlaps it is told; a series by its occurrences.
            token: An earlier pager's ``token`` for the same room and window, to resume there.
        """
        check_arguments("bookings", room=room, window=window, token=token)
        return AsyncPager(
            lambda token: self._run(self._adapter.bookings_page(room, window, token), "bookings"),
            token,
        )

    async def response(self, reference: str, *, mailbox: str) -> RoomResponse:
        """Tell what the room answered.

        Args:
            reference: Whose.
            mailbox: Where the event lives.

        Raises:
            NotFound: No such reference in that mailbox.
        """
        check_arguments("response", reference=reference, mailbox=mailbox)
        return await self._run(self._adapter.response(reference, mailbox=mailbox), "response")

    def changes(
        self, room: str, *, window: TimeWindow | None = None, cursor: str | None = None
    ) -> AsyncChanges:
        """Read what changed in a room's calendar since a cursor; the first time, all that stands.

        Args:
            room: Its address.
            window: What to tell of; needed the first time. With a cursor, another window begins anew.
            cursor: Of an earlier call's `Changes`.

        Returns:
            What to iterate over; its ``cursor`` is there once that has come to its end.

        Raises:
            Invalid: When it is read: the room is unknown, or neither window nor cursor is given.
        """
        check_arguments("changes", room=room, window=window, cursor=cursor)
        return AsyncChanges(
            lambda token: self._run(
                self._adapter.changes_page(room, window=window, cursor=cursor, token=token), "changes"
            )
        )

    async def watch(
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
        """Be told of changes in a room's calendar.

        Args:
            room: Its address.
            notify_url: An ``https`` address that answers the service's handshake already.
            lifecycle_url: Where the subscription's own events go; `notify_url` if None.
            duration: How long; the longest the service allows if None.
            secret: Repeated in each notification; made if None.
            certificate: PEM of the public key with which events are encrypted into the notification.
            certificate_id: By which the receiver finds the private key.

        Returns:
            The watch, with its secret: keep it, it is told once.

        Raises:
            Invalid: The room is unknown, or an address, a duration or a secret is none that the service
                takes.
        """
        given: dict[str, Any] = {
            "lifecycle_url": lifecycle_url,
            "duration": duration,
            "secret": secret,
            "certificate": certificate,
            "certificate_id": certificate_id,
        }
        check_arguments("watch", room=room, notify_url=notify_url, **given)
        return await self._run(self._adapter.watch(room, notify_url, **given), "watch")

    async def renew(self, watch_id: str, duration: timedelta | None = None) -> Watch:
        """Prolong a watch.

        Args:
            watch_id: Its id.
            duration: From now; the longest the service allows if None.

        Raises:
            NotFound: It is gone: watch anew, and read `changes`.
        """
        check_arguments("renew", watch_id=watch_id, duration=duration)
        return await self._run(self._adapter.renew(watch_id, duration), "renew")

    async def unwatch(self, watch_id: str) -> None:
        """End a watch; one that is gone is success.

        Args:
            watch_id: Its id.
        """
        check_arguments("unwatch", watch_id=watch_id)
        return await self._run(self._adapter.unwatch(watch_id), "unwatch")

    def watches(self, token: str | None = None) -> AsyncPager[Watch]:
        """List our own watches, page by page as they are read.

        Args:
            token: An earlier pager's ``token``, to resume there.
        """
        check_arguments("watches", token=token)
        return AsyncPager(lambda token: self._run(self._adapter.watches_page(token), "watches"), token)
