"""Random calls, faults and time against the simulator, beside a model of what should stand.

More than usual: ``HYPOTHESIS_PROFILE=deep pytest tests/acs/test_stateful.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from hamilton_sdk.acs import AccessGrant, AccessOrder, Credential
from hamilton_sdk.errors import Conflict, ConnectorError, Invalid, NotFound, PartialFailure
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.faults import FaultScript
from tests.acs.building import (
    BADGE,
    CARD,
    CODE,
    SPARE,
    START,
    STRATEGIES,
    Building,
    InlineExecutor,
    Strategy,
    assert_discreet,
    everything_said,
    order,
)
from tests.acs.troubles import TROUBLES

REFERENCES = ("visit-1", "visit-2", "visit-11")
CREDENTIALS = {each.number: each for each in (BADGE, SPARE, CODE, CARD)}
DEAD = 2

references = st.sampled_from(REFERENCES)
credentials = st.sampled_from([None, *CREDENTIALS.values()])
profiles = st.sampled_from([("Visitors",), ("Contractors",), ("Contractors", "Visitors")])
spans = st.tuples(st.sampled_from([-2, 0, 3]), st.sampled_from([1, 2, 5, 9]))
"""Hours from now to a window's start, and its length; some are over already."""


@dataclass(frozen=True)
class Script:
    """What goes wrong during one call: a fault at a request, once or from then on, or some by chance."""

    trouble: str | None = None
    nth: int = 1
    always: bool = False
    seed: int = 0

    def install(self, building: Building) -> None:
        if self.trouble is None:
            building.simulator.faults = FaultScript.random(self.seed, 0.2, list(FAULTS.values()))
        else:
            building.simulator.faults = FaultScript()
            fault, times = FAULTS[self.trouble], None if self.always else 1
            building.simulator.faults.add(fault, nth=self.nth, times=times)


FAULTS = {each.name: each.fault for each in TROUBLES}
aimed = st.builds(Script, st.sampled_from(sorted(FAULTS)), st.integers(1, 14), always=st.booleans())
scripts = st.none() | aimed | st.builds(Script, seed=st.integers(0, 10_000))


@dataclass(frozen=True)
class Standing:
    """What should stand for one reference.

    Attributes:
        under: What it is while it is neither suspended nor over.
        window: As AEOS keeps it.
        profiles: Sorted.
        number: What is in the holder's hands.
        suspended: Whether it was.
        ended: Whether it was revoked.
        bare: Whether it was left half made, without rights: it is purged when its time would have been over.
    """

    under: Literal["reserved", "active"]
    window: TimeWindow
    profiles: tuple[str, ...]
    number: str | None = None
    suspended: bool = False
    ended: bool = False
    bare: bool = False


class Access(RuleBasedStateMachine):
    """Several visits that share badges, one connector, and a peer that fails."""

    def __init__(self, strategy: Strategy) -> None:
        super().__init__()
        self.building = Building(strategy)
        self.acs = self.building.connect()
        self.model: dict[str, Standing] = {}

    def teardown(self) -> None:
        """Whatever happened, revoking ends all access, and purging leaves nothing."""
        try:
            for reference in {*self.building.references()}:
                self.acs.revoke(reference)
            self.building.assert_shut("at the end")
            self.acs.purge(self.building.clock.now())
            assert self.building.references() == []
            self.building.assert_sound("after a purge")
        finally:
            self.acs.close()

    # What a call should come to

    def state(self, standing: Standing | None) -> str | None:
        if standing is None:
            return None
        if standing.ended or standing.window.end <= self.building.clock.now():
            return "ended"
        return "suspended" if standing.suspended else standing.under

    def window(self, span: tuple[int, int]) -> TimeWindow:
        start = self.building.clock.now() + timedelta(hours=span[0])
        return TimeWindow(start, start + timedelta(hours=span[1]))

    def is_taken(self, wanted: AccessOrder) -> bool:
        """Whether the order's credential cannot be given, by the simulator's own state."""
        if wanted.credential is None:
            return False
        number = wanted.credential.number
        owner = self.building.in_hands().get(number)
        dead = any(each.number == number and each.status == DEAD for each in self.building.simulator.tokens())
        return dead or owner not in {None, wanted.reference}

    def after_order(self, wanted: AccessOrder, *, active: bool) -> Standing | type[ConnectorError]:
        before = self.model.get(wanted.reference)
        state = self.state(before)
        if kept(wanted.window).end <= self.building.clock.now():
            return Invalid
        if self.is_taken(wanted) or (active and state == "suspended"):
            return Conflict
        number = before.number if before is not None and state in {"active", "suspended"} else None
        if active and wanted.credential is not None:
            number = wanted.credential.number
        made = Standing("active" if active else "reserved", kept(wanted.window), wanted.profiles, number)
        if before is not None and state in {"active", "suspended"} and not active:
            return replace(made, under=before.under, suspended=before.suspended)
        return made

    # Calls

    def call(
        self,
        reference: str,
        expected: Standing | type[ConnectorError],
        made: Callable[[], AccessGrant],
        script: Script | None,
        *,
        undone: bool = True,
    ) -> None:
        """Make a call while something goes wrong, and bring the model along."""
        building, before = self.building, self.model.get(reference)
        if script is not None:
            script.install(building)
        try:
            grant = made()
        except ConnectorError as error:
            faults = building.simulator.faults.drawn
            building.simulator.faults = FaultScript()
            self._failed(reference, before, expected, error, undone=undone, disturbed=bool(faults))
        else:
            building.simulator.faults = FaultScript()
            assert isinstance(expected, Standing), f"it should have raised {expected}"
            assert building.references().count(reference) == 1
            self.model[reference] = expected
            self.assert_stands(reference, grant)

    def _failed(
        self,
        reference: str,
        before: Standing | None,
        expected: Standing | type[ConnectorError],
        error: ConnectorError,
        *,
        undone: bool,
        disturbed: bool,
    ) -> None:
        said = everything_said(error)
        assert_discreet(said, "an error")
        assert error.hint
        if isinstance(expected, Standing) or not isinstance(error, expected):
            assert disturbed, f"it should have come to {expected}: {said}"
        if not disturbed or (undone and not isinstance(error, PartialFailure)):
            ended = self.state(before) == "ended"
            if ended and before is not None and reference not in self.building.in_hands().values():
                # What is still out after the end may be taken away first, and is not given again.
                self.model[reference] = replace(before, number=None)
            self.assert_stands(reference)
        else:
            # What it came to is read back. The invariants hold for it all the same.
            self.read_back(reference)

    def read_back(self, reference: str) -> None:
        grant = self.building.find(reference)
        before = self.model.pop(reference, None)
        if grant is not None:
            window = grant.window or (before.window if before is not None else kept(self.window((0, 1))))
            suspended = grant.state == "suspended"
            self.model[reference] = Standing(
                under=self._under(reference),
                window=window,
                profiles=grant.profiles,
                number=None if grant.credential is None else grant.credential.number,
                suspended=suspended,
                ended=grant.state == "ended",
                bare=grant.window is None,
            )

    def _under(self, reference: str) -> Literal["reserved", "active"]:
        """Whether any right is enabled, which a suspended grant does not show."""
        holders = {
            each.id
            for each in self.building.simulator.holders()
            if each.personnel_number == f"HV-{reference}"
        }
        live = any(
            each.grant.enabled
            for each in self.building.simulator.authorisations()
            if each.carrier_id in holders
        )
        return "active" if live or self.building.find(reference).credential is not None else "reserved"

    @rule(reference=references, credential=credentials, names=profiles, span=spans, script=scripts)
    def activate(
        self,
        reference: str,
        credential: Credential | None,
        names: tuple[str, ...],
        span: tuple[int, int],
        script: Script | None,
    ) -> None:
        wanted = order(reference, credential, window=self.window(span), profiles=names)
        expected = self.after_order(wanted, active=True)
        self.call(reference, expected, lambda: self.acs.activate(wanted), script)

    @rule(reference=references, credential=credentials, names=profiles, span=spans, script=scripts)
    def reserve(
        self,
        reference: str,
        credential: Credential | None,
        names: tuple[str, ...],
        span: tuple[int, int],
        script: Script | None,
    ) -> None:
        wanted = order(reference, credential, window=self.window(span), profiles=names)
        expected = self.after_order(wanted, active=False)
        self.call(reference, expected, lambda: self.acs.reserve(wanted), script)

    @rule(reference=references, span=spans, script=scripts)
    def extend(self, reference: str, span: tuple[int, int], script: Script | None) -> None:
        before, window = self.model.get(reference), self.window(span)
        expected: Standing | type[ConnectorError]
        if kept(window).end <= self.building.clock.now():
            expected = Invalid
        elif before is None:
            expected = NotFound
        elif self.state(before) == "ended":
            expected = Conflict
        else:
            expected = replace(before, window=kept(window))
        self.call(reference, expected, lambda: self.acs.extend(reference, window), script)

    @rule(reference=references, script=scripts)
    def suspend(self, reference: str, script: Script | None) -> None:
        before = self.model.get(reference)
        expected: Standing | type[ConnectorError] = NotFound
        if before is not None:
            expected = before if self.state(before) == "ended" else replace(before, suspended=True)
        self.call(reference, expected, lambda: self.acs.suspend(reference), script, undone=False)

    @rule(reference=references, script=scripts)
    def resume(self, reference: str, script: Script | None) -> None:
        before = self.model.get(reference)
        expected: Standing | type[ConnectorError] = NotFound
        if before is not None:
            expected = Conflict if self.state(before) == "ended" else replace(before, suspended=False)
        self.call(reference, expected, lambda: self.acs.resume(reference), script)

    @rule(reference=references, script=scripts)
    def revoke(self, reference: str, script: Script | None) -> None:
        before = self.model.get(reference)
        expected: Standing | type[ConnectorError] = NotFound
        if before is not None:
            expected = replace(before, ended=True, number=None, bare=False)

        def revoked() -> AccessGrant:
            grant = self.acs.revoke(reference)
            held = [number for number, owner in self.building.in_hands().items() if owner == reference]
            assert held == [], "a revoke that returns leaves nothing in anybody's hands"
            assert reference not in self.building.open_numbers().values()
            return grant

        self.call(reference, expected, revoked, script, undone=False)

    @rule(late=st.booleans(), script=scripts)
    def purge(self, late: bool, script: Script | None) -> None:
        """Deletes what has ended, and nothing that has not."""
        before = self.building.clock.now() if late else START - timedelta(days=1)
        ended = {each for each, standing in self.model.items() if self.state(standing) == "ended"}
        due = {each for each in ended if late and not self.model[each].bare}
        if script is not None:
            script.install(self.building)
        try:
            gone = self.acs.purge(before)
        except ConnectorError as error:
            assert_discreet(everything_said(error), "an error")
            assert self.building.simulator.faults.drawn, "it failed without a fault"
            gone = None
        self.building.simulator.faults = FaultScript()
        # What ends while it runs may go or stay.
        ended = {each for each, standing in self.model.items() if self.state(standing) == "ended"}
        assert gone is None or due <= set(gone) <= ended
        for reference in ended:
            self.read_back(reference)
            assert gone is None or (reference in self.model) == (reference not in gone)

    @rule(credential=st.sampled_from(list(CREDENTIALS.values())))
    def look_up(self, credential: Credential) -> None:
        """Who has a credential is what the simulator says, and nobody else's is shown."""
        grant = self.acs.find_by_credential(credential)
        owner = None if grant is None else grant.reference
        assert owner == self.building.in_hands().get(credential.number)

    @rule(hours=st.sampled_from([0.01, 1, 2.5, 6]))
    def let_time_pass(self, hours: float) -> None:
        self.building.clock.advance(hours * 3600)

    # What always holds

    @invariant()
    def what_stands_is_accounted_for(self) -> None:
        """No open credential without an active grant that shows it; the list is what the model says."""
        self.building.assert_untouched("after a step")
        with self.building.connect() as acs:
            listed = list(acs.grants())
        grants = {each.reference: each for each in listed}
        assert sorted(each.reference for each in listed) == sorted(self.model)
        self.building.assert_accounted(grants, "after a step")
        for reference, grant in grants.items():
            self.assert_stands(reference, grant)

    def assert_stands(self, reference: str, grant: AccessGrant | None = None) -> None:
        """Check that the grant, read anew if it is not given, is what the model says."""
        found = self.building.find(reference) if grant is None else grant
        standing = self.model.get(reference)
        state = self.state(standing)
        assert (None if found is None else found.state) == state
        if found is None or standing is None:
            return
        assert (None if found.credential is None else found.credential.number) == standing.number
        if state != "ended":
            assert (found.window, found.profiles) == (standing.window, standing.profiles)
        opens = state == "active" and standing.number and self.building.clock.now() in standing.window
        assert (reference in self.building.open_numbers().values()) == bool(opens)


def kept(window: TimeWindow) -> TimeWindow:
    """A window as AEOS keeps it: in whole seconds."""
    return TimeWindow(window.start.replace(microsecond=0), window.end.replace(microsecond=0))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_random_calls_faults_and_time(strategy: Strategy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never an open credential without a grant that says so, never two holders; revoke ends in no access."""
    # What happens in which order must be the same again, or no failure could be made smaller.
    monkeypatch.setattr("hamilton_sdk.runner.blocking.ThreadPoolExecutor", InlineExecutor)
    examples = settings.default.max_examples // 3
    # Explaining traces every line: it takes longer than all the rest.
    phases = [each for each in Phase if each is not Phase.explain]
    run_state_machine_as_test(
        lambda: Access(strategy),
        settings=settings(max_examples=examples, stateful_step_count=30, phases=phases),
    )
