"""Faults for the demonstration: repeatable, few of the slow ones, and told in words."""

from __future__ import annotations

from random import Random

import pytest

from hamilton_sdk.cli.plan import Action
from hamilton_sdk.cli.record import Mishap
from hamilton_sdk.cli.trouble import Mischief, words
from hamilton_sdk.testing.faults import Fault, FaultScript

_EVERYWHERE = (None, Action.ARRIVE, Action.LEAVE, Action.SWEEP)
_CALLS = (
    "findVisitor",
    "findTemplate",
    "findIdentifierType",
    "findToken",
    "findCarrierStates",
    "findCarrierToken",
    "addVisitor",
    "addVisit",
    "addCarrierAuthorizations",
    "assignToken",
    "withdrawToken",
    "withdrawAndBlockToken",
)


def _played(
    seed: int, *, enabled: bool = True, steps: int = 200, order: Random | None = None
) -> list[tuple[str, Fault]]:
    """What goes wrong where every step makes every call, one of them twice, in any order if one is given."""
    script = FaultScript()
    mischief = Mischief(script, Random(seed), enabled=enabled)
    calls = [*_CALLS, "findVisitor"]
    for number in range(steps):
        mischief.stir(_EVERYWHERE[number % len(_EVERYWHERE)])
        if order is not None:
            order.shuffle(calls)
        for operation in calls:
            script.draw(operation)
    return script.drawn


def test_the_same_seed_is_the_same_trouble() -> None:
    assert _played(1) == _played(1)
    assert _played(1) != _played(2)


@pytest.mark.parametrize("order", range(5))
def test_calls_that_overtake_each_other_make_no_other_trouble(order: int) -> None:
    """Requests run side by side: which of them arrives first is chance of another kind."""
    assert _played(1, order=Random(order)) == _played(1)


def test_about_every_other_step_goes_wrong_and_once() -> None:
    assert 60 <= len(_played(1)) <= 120


def test_nothing_goes_wrong_where_that_is_not_wanted() -> None:
    assert _played(1, enabled=False) == []


def test_effects_are_lost_and_doubled_where_it_hurts() -> None:
    hurt = {operation for operation, fault in _played(3, steps=2000) if fault.after_work}
    assert {"addVisitor", "assignToken", "withdrawToken", "withdrawAndBlockToken"} <= hurt


def test_only_a_few_answers_never_come_since_each_costs_real_seconds() -> None:
    assert sum(fault.kind == "timeout" for _, fault in _played(3, steps=2000)) == 2


def test_a_window_that_ends_asks_nothing_and_so_cannot_fail() -> None:
    script = FaultScript()
    mischief = Mischief(script, Random(1), enabled=True)
    for _ in range(100):
        mischief.stir(Action.OVERSTAY)
        script.draw("findVisitor")
    assert script.drawn == []


def test_what_did_not_come_about_in_a_step_does_not_pile_up() -> None:
    script = FaultScript()
    mischief = Mischief(script, Random(1), enabled=True)
    for _ in range(100):
        mischief.stir(Action.LEAVE)
    for _ in range(20):
        script.draw("withdrawToken")
    assert len(script.drawn) <= 1


def test_what_did_not_come_about_in_a_step_does_not_come_later() -> None:
    """Nothing was to go wrong in the later step."""
    script = FaultScript()
    mischief = Mischief(script, Random(1), enabled=True)
    for _ in range(100):
        mischief.stir(Action.LEAVE)
        mischief.stir(Action.OVERSTAY)
        for operation in _CALLS:
            script.draw(operation)
    assert script.drawn == []


def test_faults_anywhere_meet_calls_that_every_step_makes() -> None:
    met = {operation for operation, fault in _played(1, steps=2000) if fault.kind == "garbage"}
    assert met == {
        "findTemplate",
        "findIdentifierType",
        "findVisitor",
        "findToken",
        "findCarrierStates",
        "findCarrierToken",
    }


def test_what_happened_is_told_once() -> None:
    script = FaultScript()
    mischief = Mischief(script, Random(1), enabled=False)
    assert mischief.take() == ()
    script.add(Fault("reset"))
    script.draw("addVisit")
    assert mischief.take() == (Mishap("addVisit", "connection reset"),)
    assert mischief.take() == ()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("refused"), "connection refused"),
        (Fault("reset"), "connection reset"),
        (Fault("timeout", after_work=True), "no answer (the work was done)"),
        (Fault("truncated", after_work=True), "answer broken off (the work was done)"),
        (Fault("garbage"), "answer of garbage"),
        (Fault("content_type"), "answer of a wrong type"),
        (Fault("slow"), "answer came late"),
        (Fault("fault"), "SOAP fault"),
        (Fault("status", status=500), "status 500"),
        (Fault("status", status=503, headers={"Retry-After": "2"}), "status 503, come back in 2 s"),
    ],
)
def test_faults_are_told_as_they_look_from_outside(fault: Fault, said: str) -> None:
    assert words(fault) == said
