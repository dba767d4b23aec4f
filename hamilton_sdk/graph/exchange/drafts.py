"""What a reservation becomes in a calendar, and whether an event is that already. Pure."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import Invalid
from hamilton_sdk.graph.exchange import recurrence, times
from hamilton_sdk.graph.exchange.events import window_of
from hamilton_sdk.graph.exchange.nodes import Node, flag, node, text
from hamilton_sdk.graph.exchange.settings import HORIZON
from hamilton_sdk.graph.exchange.wire import refusal
from hamilton_sdk.graph.models import Attendee
from hamilton_sdk.graph.zones import exchange_name, zone_named
from hamilton_sdk.model import TimeWindow

if TYPE_CHECKING:
    from datetime import date, datetime

    from hamilton_sdk.graph.exchange.tenant import Tenant
    from hamilton_sdk.graph.models import Booking, Reservation

__all__ = ["WRITTEN", "Draft"]

_NAMESPACE: Final = uuid.UUID("0f1d7b0e-53a6-4a35-8d7a-3f3f6f1c9d42")
WRITTEN: Final = (
    "subject",
    "body",
    "start",
    "end",
    "isAllDay",
    "location",
    "attendees",
    "sensitivity",
    "recurrence",
)
"""The members that we write: what has to be put back to undo a change."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A reservation, ready to be written.

    Attributes:
        tenant: Where to.
        reservation: What.
    """

    tenant: Tenant
    reservation: Reservation

    def check(self) -> None:
        """Refuse what cannot be written.

        Raises:
            Invalid: A value is over a limit, or Graph cannot express the recurrence.
        """
        wanted, known = self.reservation, self.tenant.settings
        self.tenant.mailbox(wanted)
        _check_length("subject", wanted.subject, known.longest_subject)
        _check_length("body", wanted.body or "", known.longest_body)
        if wanted.recurrence is not None:
            recurrence.check(wanted.recurrence, self.first_day)
            if not wanted.all_day:
                times.check_unambiguous(wanted.window, self.zone)

    @property
    def zone(self) -> str:
        """In which it is written."""
        return self.reservation.timezone or "UTC"

    @property
    def first_day(self) -> date:
        """On which it begins, in its zone."""
        return self.reservation.window.start.astimezone(zone_named(self.zone)).date()

    def transaction_id(self, generation: int) -> str:
        """The key under which Graph makes an event once.

        Args:
            generation: How many events of this reference are known to be gone.
        """
        mark, wanted = self.tenant.settings.reference_property, self.reservation
        # The mailbox belongs to it: where the room organises, a reference may move to another room and back.
        mailbox = self.tenant.mailbox(wanted).lower()
        return str(uuid.uuid5(_NAMESPACE, f"{mark}:{mailbox}:{wanted.reference}:{generation}"))

    def new(self, generation: int) -> Node:
        """The event to make."""
        known = self.tenant.settings
        mark = {"id": known.reference_property, "value": self.reservation.reference}
        return {
            **self.changed(),
            "singleValueExtendedProperties": [mark],
            "transactionId": self.transaction_id(generation),
        }

    def changed(self) -> dict[str, object]:
        """The members to write."""
        wanted = self.reservation
        start, end = self._ends()
        members: dict[str, object] = {
            "subject": wanted.subject,
            "body": {"contentType": "text", "content": wanted.body or ""},
            "start": start,
            "end": end,
            "isAllDay": wanted.all_day,
            "location": _place(wanted.room),
            "attendees": [_invited(each) for each in self.attendees],
            "sensitivity": wanted.sensitivity or "normal",
        }
        if wanted.recurrence is not None:
            zone = exchange_name(self.zone)
            members["recurrence"] = recurrence.written(wanted.recurrence, self.first_day, zone)
        return members

    @property
    def attendees(self) -> tuple[Attendee, ...]:
        """All that are invited: where the room organises, the organiser too, else the room."""
        wanted = self.reservation
        others = [each for each in wanted.attendees if each.email.lower() != wanted.room.lower()]
        if not self.tenant.rooms_organise:
            return (*others, Attendee(wanted.room, kind="resource"))
        known = {each.email.lower() for each in others}
        if wanted.organizer is None or wanted.organizer.lower() in known:
            return tuple(others)
        return (Attendee(wanted.organizer), *others)

    def _ends(self) -> tuple[Node, Node]:
        wanted, zone = self.reservation, self.zone
        ends = (wanted.window.start, wanted.window.end)
        if wanted.all_day:
            first, last = (times.midnight(end.astimezone(zone_named(zone)).date(), zone) for end in ends)
            return first, last
        # Local time does not tell which of two equal hours is meant: in UTC there is but one.
        told = all(times.unambiguous(end, zone) for end in ends)
        start, end = (times.zoned(end, zone) if told else times.utc(end) for end in ends)
        return start, end

    def windows(self) -> tuple[TimeWindow, ...]:
        """When the room is needed: each occurrence within the `HORIZON`."""
        wanted = self.reservation
        if wanted.recurrence is None:
            return (wanted.window,)
        zone, first = zone_named(self.zone), self.first_day
        local = wanted.window.start.astimezone(zone)
        days = recurrence.occurrences(wanted.recurrence, first, first + HORIZON)
        starts: list[datetime] = [local.replace(year=d.year, month=d.month, day=d.day, fold=0) for d in days]
        return tuple(TimeWindow(start, start + wanted.window.duration) for start in starts)

    def stands(self, event: Node, booking: Booking) -> bool:
        """Whether an event, read with its body as text, is what the reservation wants."""
        wanted = self.reservation
        everybody = _people(booking.attendees)
        if not self.tenant.rooms_organise:
            everybody.add((booking.room.lower(), "resource"))
        return (
            booking.subject == wanted.subject
            and window_of(event) == wanted.window
            and flag(event, "isAllDay") == wanted.all_day
            and booking.sensitivity == (wanted.sensitivity or "normal")
            and self.repeats(booking)
            and everybody == _people(self.attendees)
            and _lines(text(node(event, "body"), "content")) == _lines(wanted.body)
        )

    def repeats(self, booking: Booking) -> bool:
        """Whether a booking repeats as the reservation does."""
        wanted = self.reservation.recurrence
        if wanted is None:
            return booking.recurrence is None and booking.kind != "series"
        # As it is read back: members that the pattern does not use are not kept.
        return booking.recurrence == recurrence.read(
            {"recurrence": recurrence.written(wanted, self.first_day, "UTC")}
        )


def _check_length(name: str, value: str, longest: int) -> None:
    if len(value) > longest:
        raise refusal(Invalid, f"{name} has more than {longest} characters", "shorten it")


def _place(room: str) -> Node:
    # A place invites nobody, and is what people see.
    return {
        "displayName": room,
        "locationType": "conferenceRoom",
        "locationEmailAddress": room,
        "uniqueId": room,
        "uniqueIdType": "directory",
    }


def _invited(attendee: Attendee) -> Node:
    address = {"address": attendee.email} | ({"name": attendee.name} if attendee.name else {})
    return {"type": attendee.kind, "emailAddress": address}


def _people(attendees: tuple[Attendee, ...]) -> set[tuple[str, str]]:
    # Exchange fills names up from the directory.
    return {(each.email.lower(), each.kind) for each in attendees}


def _lines(body: str | None) -> list[str]:
    return [line.rstrip() for line in (body or "").strip().splitlines()]
