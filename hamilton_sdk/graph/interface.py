"""What any calendar adapter promises. Pure: every method is a flow, performed by a connector.

Promises that hold for all methods, whatever the service:

* The key is the caller's own reference. The same call made twice has the effect of one, also when the answer
  to the first was lost.
* ``mailbox`` is where the event lives: the room where the room organises, the organiser where a person
  does.
* Only events that carry the adapter's own mark are updated, cancelled or ended; a meeting made by people is
  read and never written.
* A room is not taken twice: a meeting in the way is a `RoomTaken` (a `Conflict`) that names it, and nothing
  of ours stays behind.
* Values are checked before anything is written.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from hamilton_sdk.flow import Auth, Flow, Page
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

__all__ = ["CalendarAdapter", "Capabilities", "ChangePage", "Mode"]

Mode = Literal["organizer", "attendee"]
"""Who organises: the room itself, or a person who invites the room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a calendar service can and cannot do, for callers that adapt to it.

    Attributes:
        mode: Who organises.
        room_refuses: Whether the room itself refuses a meeting on top of another.
        recurrence: Whether reservations may repeat.
        watch: Whether it tells of changes by itself.
        conditional_writes: Whether the service itself refuses a write on a stale version. Where it does not,
            the adapter compares before and after, which leaves a gap of one request.
    """

    mode: Mode = "organizer"
    room_refuses: bool = False
    recurrence: bool = True
    watch: bool = True
    conditional_writes: bool = False


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A part of one round of changes.

    Attributes:
        items: In the service's order; the last word about an id wins.
        next: Of the following page; None on the last.
        cursor: Where the next round begins; only on the last page. To be kept once all items are applied.
        restarted: Whether the service had forgotten the cursor, so that this round tells all that stands:
            what it does not tell is gone.
    """

    items: tuple[Change, ...]
    next: str | None = None
    cursor: str | None = None
    restarted: bool = False


class CalendarAdapter(ABC):
    """One service's protocol, as flows. Immutable and shareable."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Family and product, for errors and the journal: ``"graph.exchange"``."""

    @property
    def auth(self) -> Auth | None:
        """How requests get a token; None where the adapter needs none."""
        return None

    @property
    @abstractmethod
    def capabilities(self) -> Capabilities:
        """What the service can do, known without asking it."""

    @abstractmethod
    def check(self) -> Flow[Health]:
        """Ask the service who it is, and that our account may do what is needed."""

    @abstractmethod
    def rooms_page(self, token: str | None = None) -> Flow[Page[Room]]:
        """One page of all rooms."""

    @abstractmethod
    def room_lists_page(self, token: str | None = None) -> Flow[Page[RoomList]]:
        """One page of all lists of rooms."""

    @abstractmethod
    def occupancy(self, rooms: Sequence[str], window: TimeWindow) -> Flow[tuple[Occupancy, ...]]:
        """When rooms are taken, in the order asked; a room that cannot be told of carries its error."""

    @abstractmethod
    def book(self, reservation: Reservation, wait: timedelta) -> Flow[Booking]:
        """Make it stand in the room's calendar.

        The same reservation again is the same booking; another under the same reference is a change.

        Args:
            reservation: What is wanted.
            wait: How long to wait for the room's answer where a person organises.

        Returns:
            The booking: confirmed, or pending where the room has not answered in time.

        Raises:
            Invalid: A value is over a limit, the room is unknown or no room, or the service cannot express
                the recurrence.
            RoomTaken: Meetings are in the way, or the room declined; ``error.conflicts`` are those known.
                Nothing of ours is left in the calendar.
        """

    @abstractmethod
    def update(self, reservation: Reservation, version: str | None = None) -> Flow[Booking]:
        """Give a booking the reservation's values; another room moves it, where a person organises.

        A new time or room is for the room to answer anew; that is waited for, half a minute.

        Args:
            reservation: All values, not the changed ones alone.
            version: Only if the booking still is that one; whatever stands if None.

        Raises:
            NotFound: No such reference in that mailbox.
            RoomTaken: Meetings are in the way; the booking is as it was.
            Conflict: Another version stands.
        """

    @abstractmethod
    def cancel(
        self, reference: str, *, mailbox: str, version: str | None = None, comment: str | None = None
    ) -> Flow[Booking]:
        """Take it out of the calendar, telling those invited; cancelling twice is success.

        Raises:
            NotFound: There never was such a reference that is still remembered.
            Conflict: Another version stands.
        """

    @abstractmethod
    def end_early(self, reference: str, *, mailbox: str) -> Flow[Booking]:
        """Free the room from now on.

        Returns:
            The booking with its new end, now, rounded down to the minute; cancelled if it had not begun.

        Raises:
            NotFound: No such reference in that mailbox.
        """

    @abstractmethod
    def find(self, reference: str, *, mailbox: str) -> Flow[Booking | None]:
        """What stands for a reference; None where there is nothing."""

    @abstractmethod
    def bookings_page(self, room: str, window: TimeWindow, token: str | None = None) -> Flow[Page[Booking]]:
        """One page of what stands in a room's calendar in a window, people's meetings included."""

    @abstractmethod
    def response(self, reference: str, *, mailbox: str) -> Flow[RoomResponse]:
        """What the room answered.

        Raises:
            NotFound: No such reference in that mailbox.
        """

    @abstractmethod
    def changes_page(
        self,
        room: str,
        *,
        window: TimeWindow | None = None,
        cursor: str | None = None,
        token: str | None = None,
    ) -> Flow[ChangePage]:
        """A part of what changed in a room's calendar.

        Args:
            room: Whose.
            window: What to tell of; needed for a first round. With a cursor, another window is another first
                round.
            cursor: Of the round before; None for a first round, which tells all that stands.
            token: The previous page's ``next``.
        """

    @abstractmethod
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
    ) -> Flow[Watch]:
        """Be told of changes in a room's calendar.

        Args:
            room: Whose.
            notify_url: An ``https`` address that answers the service's handshake already.
            lifecycle_url: Where the subscription's own events go; `notify_url` if None.
            duration: How long; the longest the service allows if None.
            secret: Repeated in each notification; made if None.
            certificate: PEM of the public key with which events are encrypted into the notification.
            certificate_id: By which the receiver finds the private key.
        """

    @abstractmethod
    def renew(self, watch_id: str, duration: timedelta | None = None) -> Flow[Watch]:
        """Prolong a watch.

        Raises:
            NotFound: It is gone: watch anew, and read `changes`.
        """

    @abstractmethod
    def unwatch(self, watch_id: str) -> Flow[None]:
        """End a watch; one that is gone is success."""

    @abstractmethod
    def watches_page(self, token: str | None = None) -> Flow[Page[Watch]]:
        """One page of our own watches."""
