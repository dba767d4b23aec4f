"""Faults for the demonstration, the same ones for the same seed: at the moments where they hurt most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from hamilton_sdk.cli.plan import Action
from hamilton_sdk.cli.record import Mishap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from hamilton_sdk.testing.faults import Fault, FaultScript

    _Table: TypeAlias = Mapping[Action | None, Sequence[tuple[Sequence[str], Fault]]]

__all__ = ["Mischief", "words"]

_RATE: Final = 0.45
"""Share of steps at which something goes wrong."""
_SILENCES: Final = 2
"""Answers that never come, in one play: each costs the seconds of a real time-out."""


class Mischief:
    """Puts faults into a script, one now and then.

    Each waits for the first call of one operation in its step, and not for the so many-th call of all: calls
    made side by side arrive in any order, and the same seed is to be the same trouble.

    Args:
        script: What the simulated server asks.
        chance: Decides when, and which.
        enabled: Whether anything goes wrong at all.
    """

    def __init__(self, script: FaultScript, chance: Random, *, enabled: bool) -> None:
        self._script = script
        self._chance = chance
        self._table = _table() if enabled else None
        self._silences = _SILENCES
        self._told = 0

    def stir(self, action: Action | None) -> None:
        """Perhaps let one call go wrong in what comes next: a step, or the pre-registration if None."""
        # What did not come about in one step is not kept for the next.
        self._script.clear()
        faults = self._table[action] if self._table else ()
        if not faults or self._chance.random() >= _RATE:
            return
        operations, fault = self._chance.choice(faults)
        if fault.kind == "timeout":
            if not self._silences:
                return
            self._silences -= 1
        self._script.add(fault, self._chance.choice(operations))

    def take(self) -> tuple[Mishap, ...]:
        """What went wrong since this was last asked."""
        happened = tuple(
            Mishap(operation, words(fault)) for operation, fault in self._script.drawn[self._told :]
        )
        self._told += len(happened)
        return happened


def _table() -> _Table:
    """What may go wrong at a step: anywhere, and at the calls whose effect must not be lost or doubled."""
    from hamilton_sdk.testing.faults import Fault

    busy = Fault("status", status=503, headers={"Retry-After": "2"})
    everywhere = (
        Fault("reset"),
        Fault("truncated", after_work=True),
        Fault("status", status=500),
        Fault("garbage", after_work=True),
        busy,
    )
    lost = (Fault("reset"), Fault("reset", after_work=True), Fault("timeout", after_work=True), busy)

    def faults(asked: Sequence[str], effects: Sequence[str] = ()) -> list[tuple[Sequence[str], Fault]]:
        """Of calls that every such step makes, and of those that change something."""
        return [
            *((asked, fault) for fault in everywhere),
            *(((operation,), fault) for operation in effects for fault in lost),
        ]

    lists = ("findTemplate", "findIdentifierType", "findVisitor")
    holder = (*lists, "findCarrierStates", "findCarrierToken")
    return {
        None: faults((*lists, "findToken"), ("addVisitor", "addVisit", "addCarrierAuthorizations")),
        Action.ARRIVE: faults(holder, ("assignToken", "changeVisit", "changeCarrierProfile")),
        Action.LEAVE: faults(holder, ("withdrawToken", "withdrawAndBlockToken", "changeVisitor")),
        Action.OVERSTAY: [],  # nobody asks anything: the window just ends
        Action.SWEEP: faults(holder),
    }


_WORDS: Final[Mapping[str, str]] = {
    "refused": "connection refused",
    "reset": "connection reset",
    "timeout": "no answer",
    "truncated": "answer broken off",
    "garbage": "answer of garbage",
    "content_type": "answer of a wrong type",
    "slow": "answer came late",
    "fault": "SOAP fault",
}


def words(fault: Fault) -> str:
    """What a fault looks like from outside."""
    if fault.kind == "status":
        later = fault.headers.get("Retry-After")
        return f"status {fault.status}" + (f", come back in {later} s" if later else "")
    return _WORDS[fault.kind] + (" (the work was done)" if fault.after_work else "")
