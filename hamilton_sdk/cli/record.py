"""What is kept of one play: each visit as it went, the events of the timeline, and what the end was like."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.acs.models import AccessOrder
    from hamilton_sdk.cli.visits import Visit
    from hamilton_sdk.errors import ConnectorError

__all__ = ["Ending", "Event", "EventKind", "EventType", "Mishap", "Notice", "Stay"]

EventKind = Literal[
    "reserved", "ready", "admitted", "left", "overstayed", "swept", "expired", "closed", "purged"
]


EventType = Literal["visit.created", "visit.checked_in", "visit.checked_out"]
"""What is published of a visit."""


@dataclass(frozen=True, slots=True)
class Mishap:
    """A fault that happened on the way.

    Attributes:
        operation: The system's name of the call.
        what: In words.
    """

    operation: str
    what: str


@dataclass(frozen=True, slots=True)
class Notice:
    """An event that was published, and what became of it.

    Attributes:
        type: Of the event.
        reference: Of the visit.
        attempts: How often it was sent, by the outbox's own count.
        verified: How often it arrived and was verified, by the receiver's.
        faults: What went wrong on its way, in words.
    """

    type: EventType
    reference: str
    attempts: int = 1
    verified: int = 1
    faults: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it arrived at once, and once."""
        return (self.attempts, self.verified, self.faults) == (1, 1, ())


@dataclass(slots=True)
class Stay:
    """One visit as it went, with what was seen at the doors.

    Attributes:
        visit: The line of the file.
        refused: Why the system did not take the pre-registration; None where it did.
        admitted_at: When; None for never.
        left_at: When the visitor checked out.
        overstayed_at: When the window ended with the visitor still inside.
        expired_at: When the sweep took the access away.
        opened_before: Whether the credential opened a door before arrival.
        opened_inside: Whether it did after arrival.
        opened_after: Whether it did after check-out, or after the window in which the visitor overstays.
        holders: How many people the system had for the visit after arrival.
        same_grant: Whether asking twice gave the same grant; None where it was asked once.
    """

    visit: Visit
    refused: ConnectorError | None = None
    admitted_at: datetime | None = None
    left_at: datetime | None = None
    overstayed_at: datetime | None = None
    expired_at: datetime | None = None
    opened_before: bool = False
    opened_inside: bool = False
    opened_after: bool = False
    holders: int = 0
    same_grant: bool | None = None

    @property
    def order(self) -> AccessOrder:
        """What the visit needs."""
        return self.visit.order

    @property
    def is_inside(self) -> bool:
        """Whether the visitor arrived and has neither left nor been expired."""
        return self.admitted_at is not None and self.left_at is None and self.expired_at is None

    @property
    def story(self) -> tuple[EventType, ...]:
        """What there is to tell of it, in order."""
        happened: tuple[tuple[EventType, bool], ...] = (
            ("visit.created", self.refused is None),
            ("visit.checked_in", self.admitted_at is not None),
            ("visit.checked_out", self.left_at is not None or self.expired_at is not None),
        )
        return tuple(kind for kind, did in happened if did)


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the timeline.

    Attributes:
        at: When, in UTC.
        kind: What.
        stay: Whose; None where it is about all.
        count: Of what it is about, where it is about all.
        mishaps: What went wrong on the way.
        presses: How often it was asked for.
        error: What was said at last, where it was given up.
        notices: What was published since the event before, and what became of it.
    """

    at: datetime
    kind: EventKind
    stay: Stay | None = None
    count: int = 0
    mishaps: tuple[Mishap, ...] = ()
    presses: int = 1
    error: ConnectorError | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def was_given_up(self) -> bool:
        """Whether it failed for another reason than wrong values."""
        return self.error is not None and not isinstance(self.error, Invalid)


@dataclass(slots=True)
class Ending:
    """What was seen after the last step.

    Attributes:
        open_credentials: Credentials of visitors that still open a door.
        other_drifts: Differences between what should stand and what stands that are nobody's overstaying, by
            reference and kind.
        remaining: Visits of which the system still holds something after the purge.
        given_up: Calls that did not succeed however often they were tried.
    """

    open_credentials: int = 0
    other_drifts: list[str] = field(default_factory=list[str])
    remaining: int = 0
    given_up: int = 0
