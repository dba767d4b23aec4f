"""`hamilton demo`: a pre-registration file, played against a simulated AEOS over real sockets."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final, Literal, Protocol

from hamilton_sdk.acs import AccessControl, Aeos
from hamilton_sdk.cli.fitting import Building, fit
from hamilton_sdk.cli.journey import Journey
from hamilton_sdk.cli.news import newsroom
from hamilton_sdk.cli.plan import opening_time, plan
from hamilton_sdk.cli.promises import Evidence, Promise, promises
from hamilton_sdk.cli.stage import MARK, Stage, served
from hamilton_sdk.cli.trouble import Mischief
from hamilton_sdk.cli.visits import column_of, said_by
from hamilton_sdk.clock import SettableClock
from hamilton_sdk.transport import Http, Timeouts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from hamilton_sdk.cli.news import Newsroom
    from hamilton_sdk.cli.record import Event, Stay
    from hamilton_sdk.cli.visits import Problem, VisitFile
    from hamilton_sdk.testing.simulators import AeosSimulator

__all__ = ["Audience", "Opening", "Outcome", "Strategy", "play"]

Strategy = Literal["visit", "profile"]

PROFILE: Final = "Visitors"
"""The profile of visits that name none."""
_HOST: Final = "E-1001"
_TYPES: Final[Mapping[str, str]] = {
    "badge": "Visitor badge",
    "qr": "QR code",
    "uid": "Card UID",
    "mobile": "Card UID",
}
"""What the simulated site calls the numbers of each kind."""
_TIMEOUTS: Final = Timeouts(read=1.0)
"""Short: a fault that stays silent costs real time."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known before the first step.

    Attributes:
        url: Of the simulated AEOS.
        product: What it says it is.
        receiver: Address of the receiver of webhooks.
        clock: What the shared clock is set to, in UTC.
        notes: What was fitted to the simulated site.
        events: How many there will be, where all goes well.
    """

    url: str
    product: str
    receiver: str
    clock: datetime
    notes: Sequence[str]
    events: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out.

    Attributes:
        problems: What was wrong with the file, what the system refused included.
        stays: Each visit as it went.
        mishaps: How many faults happened on the way to the access-control system.
        promises: Each, with whether it held.
    """

    problems: Sequence[Problem]
    stays: Sequence[Stay]
    mishaps: int
    promises: Sequence[Promise]

    @property
    def kept(self) -> bool:
        """Whether every promise held."""
        return all(promise.kept for promise in self.promises)


class Audience(Protocol):
    """Who watches."""

    def open(self, opening: Opening) -> None:
        """Before the first step."""
        ...

    def tell(self, event: Event) -> None:
        """After each event."""
        ...


def play(
    file: VisitFile, *, zone: ZoneInfo, seed: int, strategy: Strategy, faults: bool, audience: Audience
) -> Outcome:
    """Play a file with at least one visit that can be used.

    The play has a clock of its own, which connector and simulator share: the windows in the file may lie in
    any year, and waiting takes no time.

    Args:
        file: Read.
        zone: Of the building.
        seed: Of everything that happens by chance.
        strategy: How access is granted in AEOS.
        faults: Whether anything goes wrong on the way.
        audience: Who is told.
    """
    from hamilton_sdk.testing.simulators import AeosSimulator

    chance = Random(seed)  # noqa: S311 (a play that can be repeated)
    clock = SettableClock(opening_time(file.visits))
    simulator = AeosSimulator(timezone=zone.key)
    stage = Stage(simulator, visits=file.visits, now=clock.now())
    with (
        served(simulator, clock) as (url, authority),
        _connected(simulator, strategy, url, authority, clock) as acs,
        # A chance of its own: the play is the same with and without what goes wrong with webhooks.
        newsroom(clock, Random(seed), visits=len(file.visits), faults=faults) as news,  # noqa: S311
    ):
        visits, notes = fit(file.visits, _building(acs), chance)
        steps = plan(visits, chance)
        notes = (*stage.notes(), *notes)
        audience.open(_opening(url, acs, news, clock.now(), notes, len(visits) + len(steps)))
        journey = Journey(
            acs,
            clock=clock,
            building=stage,
            trouble=Mischief(simulator.faults, chance, enabled=faults),
            news=news,
            tell=audience.tell,
        )
        journey.reserve(visits)
        journey.play(steps)
        journey.close()
        arrived = news.arrived()
    return _outcome(
        file,
        journey,
        len(simulator.faults.drawn),
        others_untouched=stage.others_untouched(clock.now()),
        arrived=arrived,
    )


def _opening(
    url: str, acs: AccessControl, news: Newsroom, now: datetime, notes: Sequence[str], events: int
) -> Opening:
    return Opening(
        url=url,
        product=acs.check().product,
        receiver=news.url,
        clock=now,
        notes=notes,
        # Ready, expired, closed, purged.
        events=events + 4,
    )


def _connected(
    simulator: AeosSimulator, strategy: Strategy, url: str, authority: Path, clock: SettableClock
) -> AccessControl:
    aeos = Aeos(
        url,
        username=simulator.username,
        password=simulator.password,
        timezone=simulator.timezone.key,
        strategy=strategy,
        identifier_type=_TYPES,
        default_host=_HOST,
        reference_prefix=MARK,
    )
    return AccessControl(aeos, transport=Http(ca=authority, timeouts=_TIMEOUTS), clock=clock)


def _building(acs: AccessControl) -> Building:
    types = {found.name: found for found in acs.credential_types()}
    return Building(
        profiles=[profile.name for profile in acs.profiles()],
        default_profile=PROFILE,
        types={kind: types[name] for kind, name in _TYPES.items()},
    )


def _outcome(
    file: VisitFile,
    journey: Journey,
    mishaps: int,
    *,
    others_untouched: bool,
    arrived: Mapping[str, Sequence[str]],
) -> Outcome:
    stays = tuple(journey.stays.values())
    late = [
        file.problem(stay.visit.line, said_by(stay.refused), column_of(stay.refused))
        for stay in stays
        if stay.refused
    ]
    problems = sorted((*file.problems, *late), key=lambda problem: problem.line)
    evidence = Evidence(
        lines=file.lines,
        reported_lines={problem.line for problem in problems},
        stays=stays,
        ending=journey.ending,
        mishaps=mishaps,
        others_untouched=others_untouched,
        notices=journey.notices,
        arrived=arrived,
    )
    return Outcome(problems=problems, stays=stays, mishaps=mishaps, promises=promises(evidence))
