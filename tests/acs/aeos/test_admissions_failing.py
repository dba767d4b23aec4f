"""Reserving and activating, cut off at every step: whole or gone, and a change leaves what stood before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hamilton_sdk.acs.models import Credential
from hamilton_sdk.errors import (
    ConnectionLost,
    ConnectorError,
    Forbidden,
    Interrupted,
    NotReachable,
    PartialFailure,
)
from tests.acs.aeos.made import adapter, order, window
from tests.acs.aeos.scripted import NOW, Script
from tests.acs.aeos.world import World

OTHER = Credential("badge", "48213378")
both = pytest.mark.parametrize("strategy", ["visit", "profile"])


def shape(there: World) -> Any:
    """All that stands, but which ids it got."""
    held = [(each.number, each.status) for each in there.tokens if each.carrier is not None]
    return sorted(map(str, there.visitors.values())), sorted(map(str, there.visits.values())), held


FAILURES = [
    Interrupted("the deadline is over"),
    ConnectionLost("cut"),
    NotReachable("no route"),
    Forbidden("901"),
]


@both
@pytest.mark.parametrize("error", FAILURES, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("after_work", [False, True])
def test_a_new_holder_is_whole_or_gone_whatever_fails_and_wherever(
    strategy: str, error: ConnectorError, after_work: bool
) -> None:
    whole = World()
    steps = Script(whole.answers)
    steps.run(adapter(strategy).activate(order()))
    for step in range(len(steps.asked)):
        there = World()
        script = Script(there.answers, failing=step, failure=error, after_work=after_work)
        try:
            script.run(adapter(strategy).activate(order()))
        except ConnectorError as caught:
            assert caught is error or isinstance(caught, PartialFailure)
            unsaid = after_work and not isinstance(error, (Interrupted, ConnectionLost))
            # An error that says "not done" and lies is not ours to heal.
            if not unsaid:
                assert there.visitors == {}, f"step {step}: {script.names()}"
                assert there.visits == {}
            assert there.open_tokens() == [] or unsaid
            if isinstance(error, Interrupted):
                assert all(each.request.undo for each in script.asked[step + 1 :])
        else:
            assert shape(there) == shape(whole)
        again = Script(there.answers).run(adapter(strategy).activate(order()))
        assert again.state == "active"
        assert len(there.visitors) == 1
        assert there.open_tokens() == ["48213377"]


@both
@pytest.mark.parametrize(
    "error", [Interrupted("end"), ConnectionLost("cut")], ids=lambda each: type(each).__name__
)
@pytest.mark.parametrize("after_work", [False, True])
@pytest.mark.parametrize("before", ["reserved", "active", "ended"])
def test_a_change_that_fails_anywhere_leaves_what_stood_before(
    strategy: str, error: ConnectorError, after_work: bool, before: str
) -> None:
    now = NOW + timedelta(days=1) if before == "ended" else NOW
    changed = order(profiles=("Meeting rooms",), window=window(now, 20), credential=OTHER, given_name="Zoë")

    def stage() -> World:
        there = World()
        made = adapter(strategy)
        Script(there.answers).run((made.reserve if before == "reserved" else made.activate)(order()))
        if before == "ended":
            there.tokens[0].carrier, there.tokens[0].status = None, 0
            there.blocked = set(there.visitors)
        return there

    steps = Script(stage().answers, now=now)
    whole = steps.run(adapter(strategy).activate(changed))
    for step in range(len(steps.asked)):
        there = stage()
        stood = Script(there.answers, now=now).run(adapter(strategy).find("V1"))
        script = Script(there.answers, now=now, failing=step, failure=error, after_work=after_work)
        try:
            script.run(adapter(strategy).activate(changed))
        except ConnectorError as caught:
            assert caught is error, f"step {step}: {caught}"
            after = Script(there.answers, now=now).run(adapter(strategy).find("V1"))
            assert after == stood, f"step {step}: {script.names()}"
            assert next(iter(there.visitors.values()))["FirstName"] == "Zoé"
        else:
            assert not isinstance(error, Interrupted)
        again = Script(there.answers, now=now).run(adapter(strategy).activate(changed))
        assert again == whole
        assert there.open_tokens() == ["48213378"]
