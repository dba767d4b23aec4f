"""What the tenant holds: mailboxes, the events in them, and who is to be told of changes."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from hamilton_sdk.testing.simulators.graph.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hamilton_sdk.testing.simulators.graph.recurrence import Recurrence
    from hamilton_sdk.testing.simulators.graph.times import Moment

__all__ = ["Address", "Attendant", "Attendee", "Event", "Mailbox", "Tenant", "id_of", "read_id"]

Attendant: TypeAlias = Literal["accept", "tentative", "decline", "off"]
"""What a room's booking attendant does where no conflict stands against it."""

_KINDS: Final = {False: "AAMkAD", True: "AAkALg"}


@dataclass(frozen=True, slots=True)
class Address:
    """A name and an e-mail address."""

    name: str
    address: str

    def document(self) -> dict[str, Any]:
        """As Graph writes it."""
        return {"emailAddress": {"name": self.name, "address": self.address}}


@dataclass(slots=True)
class Attendee:
    """Who is invited, and what they said."""

    who: Address
    kind: str
    response: str = "none"
    answered: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Event:
    """An event in one mailbox: a meeting has one in each.

    Attributes:
        serial: Of the event in the tenant; an occurrence has its master's.
        owner: The mailbox it lies in, lower case.
        uid: Shared by all copies of a meeting.
        members: What Graph keeps as it was given, by its names.
        response: The owner's own answer.
        answers_at: When the booking attendant decides; None when it has nothing to.
        master: Of an occurrence or exception.
        day: Of the series, for an occurrence or exception.
    """

    serial: int
    owner: str
    uid: str
    start: Moment
    end: Moment
    members: dict[str, Any]
    organizer: Address
    created: datetime
    modified: datetime
    version: int = 0
    attendees: list[Attendee] = field(default_factory=list[Attendee])
    response: str = "organizer"
    answered: datetime | None = None
    answers_at: datetime | None = None
    recurrence: Recurrence | None = None
    exceptions: dict[date, Event] = field(default_factory=dict[date, "Event"])
    cancelled: set[date] = field(default_factory=set[date])
    properties: dict[str, str] = field(default_factory=dict[str, str])
    transaction: str | None = None
    master: Event | None = None
    day: date | None = None

    @property
    def is_organizer(self) -> bool:
        """Whether the owner organises it."""
        return self.organizer.address.lower() == self.owner

    @property
    def all_day(self) -> bool:
        """Whether it is one of whole days."""
        return bool(self.members["isAllDay"])

    @property
    def kind(self) -> str:
        """Graph's `type`."""
        if self.master is None:
            return "singleInstance" if self.recurrence is None else "seriesMaster"
        return "exception" if self.day in self.master.exceptions else "occurrence"

    @property
    def change_key(self) -> str:
        """The inside of its etag."""
        return base64.b64encode(
            hashlib.sha256(f"{self.serial}:{self.version}".encode()).digest()[:22]
        ).decode()

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether it takes some of the window; one without length does where it starts in it."""
        return self.start.utc < end and (self.end.utc > start or self.start.utc >= start)

    def occurrence(self, day: date) -> Event:
        """The event of one day of a series, an exception where it is one."""
        if day in self.exceptions:
            return self.exceptions[day]
        moved = datetime.combine(day, self.start.local.time()) - self.start.local
        return replace(
            self,
            start=self.start + moved,
            end=self.end + moved,
            recurrence=None,
            exceptions={},
            cancelled=set(),
            transaction=None,
            master=self,
            day=day,
        )

    def occurrences(self, until: datetime) -> Iterator[Event]:
        """What a series has up to an instant, exceptions in their places, cancelled ones left out."""
        assert self.recurrence is not None
        # An exception may have been moved to before its day, by less than the way to its neighbour.
        for day in self.recurrence.dates((until + timedelta(days=400 if self.exceptions else 2)).date()):
            if day not in self.cancelled:
                found = self.occurrence(day)
                if found.start.utc < until:
                    yield found

    def instances(self, start: datetime, end: datetime) -> list[Event]:
        """What of it takes some of the window."""
        every = [self] if self.recurrence is None else self.occurrences(end)
        return [each for each in every if each.overlaps(start, end)]


@dataclass(slots=True, kw_only=True)
class Mailbox:
    """A room's or a person's.

    Attributes:
        log: Each change: its number, and the serial of its event.
        transactions: What each transactionId made, and the digest of the body.
    """

    address: str
    name: str
    kind: Literal["room", "person"]
    zone: str
    room: dict[str, Any] = field(default_factory=dict[str, Any])
    attendant: Attendant = "accept"
    events: dict[int, Event] = field(default_factory=dict[int, Event])
    log: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    transactions: dict[str, tuple[Event, str]] = field(default_factory=dict[str, "tuple[Event, str]"])

    @property
    def who(self) -> Address:
        """Its name and address."""
        return Address(self.name, self.address)

    @property
    def guid(self) -> str:
        """Its id in the directory."""
        return str(uuid5(NAMESPACE_URL, f"user:{self.address.lower()}"))

    def view(self, start: datetime, end: datetime) -> list[Event]:
        """Everything that takes some of the window, by start."""
        found = [each for event in self.events.values() for each in event.instances(start, end)]
        return sorted(found, key=lambda each: (each.start.utc, each.serial))


class Tenant:
    """All mailboxes, with one count of changes over them.

    Args:
        tell: Called for each change with its kind, the event, and the mailbox.
    """

    def __init__(self, tell: Callable[[str, Event, Mailbox], None]) -> None:
        self._tell = tell
        self._changes = 0
        self._serials = 0
        # Before the first request nobody knows the time: an early one lets no attendant wait for it.
        self.now: datetime = datetime(2000, 1, 1, tzinfo=UTC)
        self.mailboxes: dict[str, Mailbox] = {}

    def add(self, mailbox: Mailbox) -> None:
        """Make a mailbox."""
        self.mailboxes[mailbox.address.lower()] = mailbox

    def mailbox(self, key: str) -> Mailbox:
        """One by address or directory id.

        Raises:
            Refused: There is none.
        """
        found = self.mailboxes.get(key.lower())
        if found is None:
            found = next((each for each in self.mailboxes.values() if each.guid == key.lower()), None)
        if found is None:
            message = f"The requested user '{key}' is invalid."
            raise Refused(404, "ErrorInvalidUser", message)
        return found

    def serial(self) -> int:
        """A new one."""
        self._serials += 1
        return self._serials

    def put(self, event: Event, kind: str = "updated") -> None:
        """Note that an event was made or changed; the master counts for its occurrences."""
        mailbox = self.mailboxes[event.owner]
        self._changes += 1
        event.version, event.modified = self._changes, self.now
        top = event
        if event.master is not None:
            top = event.master
            top.version, top.modified = self._changes, self.now
        mailbox.events[top.serial] = top
        mailbox.log.append((self._changes, top.serial))
        self._tell(kind, event, mailbox)

    def drop(self, event: Event) -> None:
        """Take an event out of its calendar."""
        mailbox = self.mailboxes[event.owner]
        self._changes += 1
        del mailbox.events[event.serial]
        mailbox.log.append((self._changes, event.serial))
        self._tell("deleted", event, mailbox)

    @property
    def changes(self) -> int:
        """How many changes there were."""
        return self._changes


def id_of(serial: int, day: date | None, mailbox: str, *, immutable: bool) -> str:
    """The id of an event or occurrence: opaque, case-sensitive, of its mailbox alone."""
    ordinal = 0 if day is None else day.toordinal()
    seed = hashlib.sha256(f"{mailbox}:{serial}:{ordinal}:{immutable}".encode()).digest()[:18]
    raw = seed + serial.to_bytes(4, "big") + ordinal.to_bytes(4, "big")
    # Ordinary ids have `+` and `/`, which must be encoded in a path; immutable ones have `-` and `_`.
    text = base64.urlsafe_b64encode(raw) if immutable else base64.b64encode(raw)
    return _KINDS[immutable] + text.decode()


def read_id(text: str, mailbox: str) -> tuple[int, date | None]:
    """The serial and day of an id, in either form.

    Raises:
        Refused: It is none of this mailbox.
    """
    for immutable, start in _KINDS.items():
        if text.startswith(start):
            try:
                raw = base64.b64decode(
                    text[len(start) :], altchars=b"-_" if immutable else b"+/", validate=True
                )
            except ValueError:
                break
            serial, ordinal = int.from_bytes(raw[18:22], "big"), int.from_bytes(raw[22:26], "big")
            day = date.fromordinal(ordinal) if 0 < ordinal <= date.max.toordinal() else None
            if id_of(serial, day, mailbox, immutable=immutable) == text:
                return serial, day
    raise Refused(404, "ErrorItemNotFound", "The specified object was not found in the store.")
