"""Compensation: the last step first, past failures, and a report of what is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hamilton_sdk.acs.aeos.undo import Undo, undoing
from hamilton_sdk.errors import Conflict, ConnectorError, Interrupted, Outcome, PartialFailure, TimedOut
from tests.acs.aeos.scripted import Script


def back(log: list[str], name: str, error: ConnectorError | None = None) -> Callable[[], Any]:
    def step() -> Any:
        yield from ()
        log.append(name)
        if error is not None:
            raise error

    return step


def call(log: list[str], error: ConnectorError | None, failing: str | None = None) -> Any:
    def work(undo: Undo) -> Any:
        yield from ()
        for name in ("holder", "rights", "credential"):
            undo.add(name, back(log, name, TimedOut("no answer") if name == failing else None))
        if error is not None:
            raise error
        return "done"

    return Script({}).run(undoing("activate", work))


def test_a_call_that_succeeds_takes_nothing_back() -> None:
    log: list[str] = []
    assert call(log, None) == "done"
    assert log == []


@pytest.mark.parametrize("error", [Conflict("no"), Interrupted("end"), TimedOut("late")])
def test_a_call_that_fails_or_is_interrupted_is_taken_back_last_step_first(error: ConnectorError) -> None:
    log: list[str] = []
    with pytest.raises(type(error)) as caught:
        call(log, error)
    assert caught.value is error
    assert log == ["credential", "rights", "holder"]


def test_what_cannot_be_taken_back_is_reported_and_the_rest_is_taken_back_all_the_same() -> None:
    log: list[str] = []
    cause = Interrupted("end", outcome=Outcome.UNKNOWN)
    with pytest.raises(PartialFailure) as caught:
        call(log, cause, failing="rights")
    error = caught.value
    assert log == ["credential", "rights", "holder"]
    assert (error.left, error.undone) == (("rights",), ("credential", "holder"))
    assert "activate failed, and not everything could be undone: rights" in str(error)
    assert error.__cause__ is cause
    assert (error.connector, error.operation, error.outcome) == ("acs.aeos", "activate", Outcome.UNKNOWN)
    assert any("no answer" in note for note in error.__notes__)
    assert "revoke" in (error.hint or "")


def test_steps_that_are_settled_are_forgotten() -> None:
    log: list[str] = []

    def work(undo: Undo) -> Any:
        yield from ()
        undo.add("holder", back(log, "holder"))
        undo.forget()
        undo.add("rights", back(log, "rights"))
        message = "no"
        raise Conflict(message)

    with pytest.raises(Conflict):
        Script({}).run(undoing("activate", work))
    assert log == ["rights"]


@pytest.mark.parametrize("broken", [KeyboardInterrupt(), ZeroDivisionError("a defect")])
def test_what_breaks_in_between_two_lines_of_the_call_is_taken_back_and_passes_on(broken: Any) -> None:
    log: list[str] = []
    with pytest.raises(type(broken)) as caught:
        call(log, broken)
    assert caught.value is broken
    assert log == ["credential", "rights", "holder"]


def test_what_is_left_is_noted_on_what_broke_in() -> None:
    log: list[str] = []
    broken: Any = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt) as caught:
        call(log, broken, failing="rights")
    assert log == ["credential", "rights", "holder"]
    assert "not everything could be undone: rights" in caught.value.__notes__[0]


def test_a_call_that_is_closed_asks_for_nothing_more() -> None:
    log: list[str] = []

    def work(undo: Undo) -> Any:
        undo.add("holder", back(log, "holder"))
        yield "a request"

    flow = undoing("activate", work)
    next(flow)
    flow.close()
    assert log == []


def test_a_better_way_back_takes_the_place_of_the_last_steps_alone() -> None:
    log: list[str] = []

    def work(undo: Undo) -> Any:
        yield from ()
        undo.add("holder", back(log, "holder"))
        undo.add("a visit that may have been made", back(log, "look for it"))
        undo.instead("visit 5", back(log, "visit 5", TimedOut("no answer")))
        raise Conflict("no")

    with pytest.raises(PartialFailure) as caught:
        Script({}).run(undoing("activate", work))
    assert log == ["visit 5", "holder"]
    assert (caught.value.left, caught.value.undone) == (("visit 5",), ("holder",))
