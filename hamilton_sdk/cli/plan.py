"""What happens to whom and when, in one play of a pre-registration file. Pure; the same for the same seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from hamilton_sdk.cli.visits import Visit

__all__ = ["Action", "Step", "opening_time", "plan"]

_EARLY: Final = timedelta(minutes=30)
"""How long before the first window the desk opens and the visits are pre-registered."""
_SWEEP_AFTER: Final = timedelta(minutes=15)
"""When somebody looks for who overstayed: as a scheduled task would."""
_UNPUNCTUAL: Final = timedelta(minutes=20)
"""How long after the start of a window people arrive, and before its end leave, at most."""


class Action(IntEnum):
    """What happens; of things at the same moment the lower number comes first, as a badge goes round."""

    LEAVE = 1
    OVERSTAY = 2
    SWEEP = 3
    ARRIVE = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens.

    Attributes:
        at: When, in UTC.
        action: What.
        visit: To whom.
        twice: Whether the reception asks a second time although the first was answered.
    """

    at: datetime
    action: Action
    visit: Visit
    twice: bool = False


def opening_time(visits: Sequence[Visit]) -> datetime:
    """When the play begins, in UTC: shortly before the first window, whatever today is."""
    return min(visit.order.window.start for visit in visits) - _EARLY


def plan(visits: Sequence[Visit], chance: Random) -> tuple[Step, ...]:
    """Lay out the play: everybody arrives, all but one leave in time, that one overstays and is found.

    Args:
        visits: At least one.
        chance: Decides about minutes, about who overstays, and where the reception asks twice.

    Returns:
        The steps in order of time.
    """
    overstayer = _overstayer(visits, chance)
    steps = [step for visit in visits for step in _steps(visit, chance, overstays=visit is overstayer)]
    return tuple(sorted(steps, key=lambda step: (step.at, step.action, step.visit.line)))


def _overstayer(visits: Sequence[Visit], chance: Random) -> Visit:
    """Somebody whose badge nobody waits for; whose window ends last, nobody can be waiting."""
    numbers = Counter(_number(visit) for visit in visits)
    free = [visit for visit in visits if numbers[_number(visit)] == 1]
    return chance.choice(free) if free else max(visits, key=lambda visit: visit.order.window.end)


def _number(visit: Visit) -> str:
    credential = visit.order.credential
    return visit.order.reference if credential is None else credential.number


def _steps(visit: Visit, chance: Random, *, overstays: bool) -> Iterator[Step]:
    window = visit.order.window
    late, early = (_some(window.duration, chance) for _ in range(2))
    yield Step(
        _whole_minute(window.start + late, window.start), Action.ARRIVE, visit, chance.random() < 1 / 3
    )
    if overstays:
        yield Step(window.end, Action.OVERSTAY, visit)
        yield Step(window.end + _SWEEP_AFTER, Action.SWEEP, visit)
    else:
        yield Step(_whole_minute(window.end - early, window.start + late), Action.LEAVE, visit)


def _some(duration: timedelta, chance: Random) -> timedelta:
    """Up to a quarter of a window, but never nothing."""
    return min(_UNPUNCTUAL, duration / 4) * chance.uniform(0.1, 1)


def _whole_minute(moment: datetime, not_before: datetime) -> datetime:
    minute = moment.replace(second=0, microsecond=0)
    return minute if minute >= not_before else moment
