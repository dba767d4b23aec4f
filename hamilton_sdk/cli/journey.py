"""The journey of a list of visitors: pre-registration, arrival, departure, expiry, and what the doors did.

Everything is done through an `AccessControl`, as an application would. What is true is asked of the building.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from hamilton_sdk.cli.plan import Action
from hamilton_sdk.cli.record import Ending, Event, Stay
from hamilton_sdk.errors import ConnectorError, Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from hamilton_sdk.acs.connector import AccessControl
    from hamilton_sdk.acs.models import AccessGrant, Credential
    from hamilton_sdk.cli.plan import Step
    from hamilton_sdk.cli.record import EventKind, EventType, Mishap, Notice
    from hamilton_sdk.cli.visits import Visit
    from hamilton_sdk.clock import SettableClock

__all__ = ["Building", "Journey", "News", "Trouble"]

A = TypeVar("A")
T = TypeVar("T")

_PRESSES: Final = 5
"""How often the reception asks for the same thing before it gives up."""
_PATIENCE: Final = 5.0
"""Seconds the reception waits before it asks again."""
_CLOSING: Final = timedelta(hours=1)
"""After the last step, when the doors are tried for the last time."""
_OVERSTAYING: Final = ("unexpected", "credential")
"""Drifts of somebody whose window is over: access still stands, or the credential is still out."""
_NEWS: Final[Mapping[EventKind, EventType]] = {
    "reserved": "visit.created",
    "admitted": "visit.checked_in",
    "left": "visit.checked_out",
    "expired": "visit.checked_out",
}
"""What is published where it came about."""
_RETENTION: Final = timedelta(days=1)
"""How long the site keeps visitors whose visit is over."""


class Building(Protocol):
    """What is true at the doors, from the access-control system's own state and never through the SDK."""

    def opens(self, credential: Credential, at: datetime) -> bool:
        """Whether it opens a door at an aware moment."""
        ...

    def holders(self, reference: str) -> int:
        """How many people in the system stand for a visit."""
        ...

    def open_credentials(self, at: datetime) -> int:
        """How many credentials that are not employees' open a door at an aware moment."""
        ...


class Trouble(Protocol):
    """What goes wrong on the way, and when."""

    def stir(self, action: Action | None) -> None:
        """Let something go wrong in what comes next: a step, or the pre-registration if None."""
        ...

    def take(self) -> tuple[Mishap, ...]:
        """What happened since this was last asked."""
        ...


class News(Protocol):
    """Tells the world."""

    def publish(self, kind: EventType, stay: Stay, at: datetime) -> None:
        """Publish that something happened to a visit at an aware moment."""
        ...

    def deliver(self) -> tuple[Notice, ...]:
        """Deliver what was published since this was last asked, and say what became of it."""
        ...


class Journey:
    """Plays steps, tells what happens and keeps what was seen.

    Args:
        acs: The connector that is shown.
        clock: Its clock, and the building's.
        building: The truth.
        trouble: What goes wrong.
        news: Is told what happened to visits.
        tell: Hears of every event.

    Attributes:
        stays: Every visit as it went, by reference.
        ending: What was seen at the end.
        notices: What was published, and what became of it.
    """

    def __init__(
        self,
        acs: AccessControl,
        *,
        clock: SettableClock,
        building: Building,
        trouble: Trouble,
        news: News,
        tell: Callable[[Event], None],
    ) -> None:
        self.stays: dict[str, Stay] = {}
        self.ending: Ending = Ending()
        self.notices: list[Notice] = []
        self._acs = acs
        self._clock = clock
        self._building = building
        self._trouble = trouble
        self._news = news
        self._tell = tell
        self._presses = 0
        self._error: ConnectorError | None = None

    def reserve(self, visits: Sequence[Visit]) -> None:
        """Pre-register everybody: known, without access."""
        for visit in visits:
            stay = self.stays[visit.order.reference] = Stay(visit)
            self._trouble.stir(None)
            self._ask(self._acs.reserve, visit.order)
            stay.refused = self._error
            self._say("reserved", stay)
        self._say("ready", count=sum(stay.refused is None for stay in self.stays.values()))

    def play(self, steps: Sequence[Step]) -> None:
        """Let everything happen, in order of time, to those who were pre-registered."""
        actions = {
            Action.ARRIVE: self._arrive,
            Action.LEAVE: self._leave,
            Action.OVERSTAY: self._overstay,
            Action.SWEEP: self._sweep,
        }
        for step in steps:
            stay = self.stays[step.visit.order.reference]
            self._wait_until(step.at)
            if stay.refused is None:
                self._trouble.stir(step.action)
                actions[step.action](stay, step)

    def close(self) -> None:
        """Try all doors once more, then forget everybody whose visit is over."""
        self._wait_until(self._clock.now() + _CLOSING)
        self.ending.open_credentials = self._still_open()
        self._say("closed", count=self.ending.open_credentials)
        self._wait_until(self._clock.now() + _RETENTION)
        gone = self._ask(self._acs.purge, self._clock.now())
        self.ending.remaining = sum(self._building.holders(reference) > 0 for reference in self.stays)
        self._say("purged", count=len(gone or ()))

    # What happens

    def _arrive(self, stay: Stay, step: Step) -> None:
        stay.opened_before = self._opens(stay)
        grant = self._ask(self._acs.activate, stay.order)
        if grant is not None:
            stay.admitted_at = self._clock.now()
            stay.opened_inside = self._opens(stay, _from(grant, stay.admitted_at))
        if step.twice and grant is not None:
            stay.same_grant = self._ask(self._acs.activate, stay.order) == grant
        stay.holders = self._building.holders(stay.order.reference)
        self._say("admitted", stay)

    def _leave(self, stay: Stay, _: Step) -> None:
        if self._ask(self._acs.revoke, stay.order.reference) is not None:
            stay.left_at = self._clock.now()
        stay.opened_after = self._opens(stay)
        self._say("left", stay)

    def _overstay(self, stay: Stay, _: Step) -> None:
        stay.overstayed_at = self._clock.now()
        stay.opened_after = self._opens(stay)
        self._say("overstayed", stay)

    def _sweep(self, _: Stay, __: Step) -> None:
        """Compare what should stand with what stands, and take away what nobody should have any more."""
        expected = [stay.order for stay in self.stays.values() if stay.is_inside]
        drifts = self._ask(self._acs.reconcile, expected) or ()
        self._say("swept", count=len(drifts))
        for drift in drifts:
            stay = self.stays.get(drift.reference)
            if stay is not None and stay.overstayed_at is not None and drift.kind in _OVERSTAYING:
                self._expire(stay)
            else:
                self.ending.other_drifts.append(f"{drift.reference}: {drift.kind}")

    def _expire(self, stay: Stay) -> None:
        self._trouble.stir(Action.LEAVE)
        if self._ask(self._acs.revoke, stay.order.reference) is not None:
            stay.expired_at = self._clock.now()
        stay.opened_after = stay.opened_after or self._opens(stay)
        self._say("expired", stay)

    # How

    def _opens(self, stay: Stay, at: datetime | None = None) -> bool:
        credential = stay.order.credential
        return credential is not None and self._building.opens(credential, at or self._clock.now())

    def _still_open(self) -> int:
        """Tried now and in the middle of each visit: what is closed must not hang on its window alone."""
        middles = (
            (stay, stay.order.window.start + stay.order.window.duration / 2) for stay in self.stays.values()
        )
        return max(
            self._building.open_credentials(self._clock.now()),
            sum(self._opens(stay, middle) for stay, middle in middles),
        )

    def _ask(self, call: Callable[[A], T], argument: A) -> T | None:
        """Ask as a person at the desk does: once more if it failed, but not for ever, nor for wrong values.

        Args:
            call: What is asked.
            argument: About what.

        Returns:
            The answer; None where it was given up, and why is kept for the event.
        """
        for _ in range(_PRESSES):
            self._presses += 1
            try:
                answer = call(argument)
            except ConnectorError as error:
                self._error = error
                if isinstance(error, Invalid):
                    return None
                self._clock.advance(_PATIENCE)
            else:
                self._error = None
                return answer
        self.ending.given_up += 1
        return None

    def _wait_until(self, moment: datetime) -> None:
        # Waiting for retries may have moved the clock past it.
        self._clock.advance(max(0.0, (moment - self._clock.now()).total_seconds()))

    def _say(self, kind: EventKind, stay: Stay | None = None, *, count: int = 0) -> None:
        at = self._clock.now()
        if stay is not None and _NEWS.get(kind) in stay.story:
            self._news.publish(_NEWS[kind], stay, at)
        # Pre-registrations come in a rush; they are delivered together once all of them are in.
        notices = () if kind == "reserved" else self._news.deliver()
        self.notices += notices
        self._tell(
            Event(
                at=at,
                kind=kind,
                stay=stay,
                count=count,
                mishaps=self._trouble.take(),
                presses=self._presses,
                error=self._error,
                notices=notices,
            )
        )
        self._presses, self._error = 0, None


def _from(grant: AccessGrant, now: datetime) -> datetime:
    """When access begins: local time cannot express a start within an hour that the clocks repeat."""
    return now if grant.window is None else max(now, grant.window.start)
