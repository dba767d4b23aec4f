"""Visits and buildings for the tests of the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hamilton_sdk.acs import AccessOrder, Credential, FakeAccessControl, Holder
from hamilton_sdk.cli.plan import Action
from hamilton_sdk.cli.record import EventType, Mishap, Notice, Stay
from hamilton_sdk.cli.visits import Column, Visit, VisitFile
from hamilton_sdk.model import TimeWindow

EIGHT = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def visit(
    line: int,
    *,
    start: float = 0,
    hours: float = 2,
    badge: str | None = "",
    kind: str = "badge",
    name: str = "Lefèvre",
    given: str | None = "Gaël",
    host: str | None = None,
    profiles: tuple[str, ...] = ("Visitors",),
) -> Visit:
    """A line of a file: reference ``V-<line>``, `start` hours after eight; an empty badge is made up."""
    number = f"2100{line:04}" if badge == "" else badge
    begin = EIGHT + start * HOUR
    return Visit(
        line,
        AccessOrder(
            Holder(f"V-{line}", name, given, host=host),
            profiles,
            TimeWindow(begin, begin + hours * HOUR),
            Credential(kind, number) if number else None,
        ),
    )


def read(*visits: Visit, lines: int | None = None) -> VisitFile:
    """A file that holds these visits and nothing wrong."""
    return VisitFile(
        encoding="UTF-8",
        separator=";",
        lines=len(visits) if lines is None else lines,
        positions={column: number for number, column in enumerate(Column, 1)},
        ignored=(),
        visits=visits,
        problems=(),
    )


@dataclass
class Memory:
    """The building of a `FakeAccessControl`."""

    fake: FakeAccessControl
    stuck: set[str] = field(default_factory=set)
    """Numbers that open whatever anybody does."""

    def opens(self, credential: Credential, at: datetime) -> bool:
        return credential.number in self.stuck or self.fake.opens(credential, at)

    def holders(self, reference: str) -> int:
        return sum(grant.reference == reference for grant in self.fake.grants_now())

    def open_credentials(self, at: datetime) -> int:
        return sum(self.opens(credential, at) for credential in self.fake.credentials_out())


@dataclass
class Tidings:
    """News that arrive at once, and stand as they were published."""

    published: list[tuple[EventType, str, datetime]] = field(default_factory=list)
    waiting: list[Notice] = field(default_factory=list)

    def publish(self, kind: EventType, stay: Stay, at: datetime) -> None:
        self.published.append((kind, stay.order.reference, at))
        self.waiting.append(Notice(kind, stay.order.reference))

    def deliver(self) -> tuple[Notice, ...]:
        delivered, self.waiting = tuple(self.waiting), []
        return delivered


@dataclass
class Script:
    """Trouble that does what a test says, before each step."""

    before: Callable[[Action | None], None] = lambda _: None
    mishaps: list[Mishap] = field(default_factory=list)

    def stir(self, action: Action | None) -> None:
        self.before(action)

    def take(self) -> tuple[Mishap, ...]:
        taken, self.mishaps = tuple(self.mishaps), []
        return taken
