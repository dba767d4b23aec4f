"""How things are timed: in turn, round after round, so that a drifting machine drifts for all."""

from __future__ import annotations

import gc
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Row", "in_turn"]


@dataclass(frozen=True)
class Row:
    """One line of the report.

    Attributes:
        name: What was measured.
        value: The figure.
        unit: Of the figure.
        target: What the issue asks for, in the same unit; None for a row that only informs.
        at_most: Whether the target is an upper bound; a lower one otherwise.
        note: What the figure is a ratio of, or made of.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    at_most: bool = True
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        return self.value <= self.target if self.at_most else self.value >= self.target


def in_turn(
    contestants: Mapping[str, Callable[[], object]], *, rounds: int, calls: int = 1
) -> dict[str, float]:
    """The median seconds of one call of each contestant.

    Args:
        contestants: What to call, by name.
        rounds: How often each has its turn.
        calls: Calls in one turn.
    """
    for call in contestants.values():
        call()
    times: dict[str, list[float]] = {name: [] for name in contestants}
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, call in contestants.items():
                started = time.perf_counter()
                for _ in range(calls):
                    call()
                times[name].append((time.perf_counter() - started) / calls)
    finally:
        gc.enable()
    return {name: statistics.median(each) for name, each in times.items()}
