"""Two processes at once: whatever one of them has done so far, the other's whole call falls in between."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import pytest

from hamilton_sdk.acs import AccessControl, AccessOrder, Aeos, Credential, Holder
from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConnectorError
from hamilton_sdk.flow import Response
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.simulators import AeosSimulator

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.flow import Flow, Request

NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
NUMBER = "48213377"
ORDER = AccessOrder(
    Holder("visit-1", "Quatremère"),
    ["Visitors"],
    TimeWindow(NOW, NOW + timedelta(hours=9)),
    Credential("badge", NUMBER),
)
Strategy = Literal["visit", "profile"]
STEPS = range(1, 40)


class Between:
    """A simulator's front door that lets somebody else in after so many requests."""

    def __init__(self, simulator: AeosSimulator, after: int, other: Callable[[], object]) -> None:
        self._simulator = simulator
        self._left = after
        self._other = other
        self.happened = False

    def respond(self, request: Request) -> Flow[Response]:
        answer = yield from self._simulator.respond(request)
        self._left -= 1
        if self._left == 0:
            self._other()
            self.happened = True
        return answer


def connect(
    transport: AeosSimulator | Between, simulator: AeosSimulator, strategy: Strategy
) -> AccessControl:
    aeos = Aeos(
        "https://aeos.example:8443/aeosws",
        username=simulator.username,
        password=simulator.password,
        timezone="Europe/Paris",
        strategy=strategy,
        identifier_type="Visitor badge",
        default_host="E-1001",
    )
    return AccessControl(aeos, transport=transport, clock=SettableClock(NOW))


def race(strategy: Strategy, after: int, ours: str, theirs: str) -> tuple[AeosSimulator, bool]:
    """Run our call, and theirs whole after so many of our requests; a failure of either is allowed."""
    simulator = AeosSimulator()

    def call(acs: AccessControl, name: str) -> None:
        with contextlib.suppress(ConnectorError):
            acs.revoke("visit-1") if name == "revoke" else getattr(acs, name)(ORDER)

    def other() -> None:
        with connect(simulator, simulator, strategy) as acs:
            call(acs, theirs)

    between = Between(simulator, after, other)
    with connect(between, simulator, strategy) as acs:
        call(acs, ours)
    return simulator, between.happened


@pytest.mark.parametrize("strategy", ["visit", "profile"])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("activate", "activate"), ("reserve", "activate"), ("activate", "reserve"), ("reserve", "reserve")],
)
def test_two_that_create_one_holder_end_with_one(strategy: Strategy, ours: str, theirs: str) -> None:
    reached = 0
    for after in STEPS:
        simulator, happened = race(strategy, after, ours, theirs)
        reached += happened
        assert len(simulator.holders("HV-")) <= 1, f"after {after} requests"
        with connect(simulator, simulator, strategy) as acs:
            assert acs.activate(ORDER).state == "active", f"after {after} requests"
            assert len(simulator.holders("HV-")) == 1
            assert len(simulator.open_credentials(NOW + timedelta(hours=1))) == 1
            assert acs.revoke("visit-1").state == "ended"
        assert simulator.open_credentials(NOW + timedelta(hours=1)) == []
    assert reached > 5


@pytest.mark.parametrize("strategy", ["visit", "profile"])
def test_a_revoke_beside_an_activation_leaves_nothing_a_second_one_cannot_end(
    strategy: Strategy,
) -> None:
    for after in STEPS:
        simulator, _ = race(strategy, after, "activate", "revoke")
        with connect(simulator, simulator, strategy) as acs:
            grant = acs.find("visit-1")
            open_now = simulator.open_credentials(NOW + timedelta(hours=1))
            assert not open_now or (grant is not None and grant.state == "active"), f"after {after} requests"
            if grant is not None:
                acs.revoke("visit-1")
        assert simulator.open_credentials(NOW + timedelta(hours=1)) == [], f"after {after} requests"


class AtTheToken(Between):
    """Lets the other in just before the badge is looked for, once our holder was not found."""

    def respond(self, request: Request) -> Flow[Response]:
        if request.operation == "findToken" and not self.happened:
            self.happened = True
            self._other()
        return (yield from self._simulator.respond(request))


@pytest.mark.parametrize("strategy", ["visit", "profile"])
def test_the_same_order_from_two_is_no_conflict_about_its_own_badge(strategy: Strategy) -> None:
    simulator = AeosSimulator()

    def other() -> None:
        with connect(simulator, simulator, strategy) as acs:
            acs.activate(ORDER)

    with connect(AtTheToken(simulator, 0, other), simulator, strategy) as acs:
        assert acs.activate(ORDER).state == "active"
    assert len(simulator.holders("HV-")) == 1
    assert len(simulator.open_credentials(NOW + timedelta(hours=1))) == 1


class Ending(Between):
    """Lets the other in before a request of ours, of which no answer then comes, or a refusal."""

    def __init__(
        self,
        simulator: AeosSimulator,
        at: int,
        other: Callable[[], object],
        end: BaseException | Response,
        *,
        late: bool = False,
    ) -> None:
        super().__init__(simulator, at, other)
        self._end = end
        self._late = late
        self.operation = ""

    def respond(self, request: Request) -> Flow[Response]:
        self._left -= 1
        if self._left:
            return (yield from self._simulator.respond(request))
        self._other()
        self.happened, self.operation = True, request.operation
        if self._late:
            yield from self._simulator.respond(request)
        if isinstance(self._end, Response):
            return self._end
        raise self._end


SPARE = Credential("badge", "48213378")
OTHERS = {
    "the same order": ORDER,
    "another badge": ORDER.model_copy(update={"credential": SPARE}),
    "other rights": ORDER.model_copy(update={"profiles": ("Contractors",), "credential": SPARE}),
}


@pytest.mark.parametrize("strategy", ["visit", "profile"])
@pytest.mark.parametrize("ours", ["activate", "reserve"])
@pytest.mark.parametrize("end", [KeyboardInterrupt(), Response(status=403)], ids=["Ctrl-C", "refused"])
@pytest.mark.parametrize("theirs", OTHERS)
def test_a_visitor_whom_another_process_has_admitted_is_not_taken_back_with_our_own_failure(
    strategy: Strategy, ours: str, end: BaseException | Response, theirs: str
) -> None:
    """It was told "active", and so it stays, unless their badge is the very one that we asked for too."""
    wanted, reached = OTHERS[theirs], 0
    for at in STEPS:
        simulator = AeosSimulator()

        def other(simulator: AeosSimulator = simulator) -> None:
            with connect(simulator, simulator, strategy) as acs:
                assert acs.activate(wanted).state == "active"

        line = Ending(simulator, at, other, end)
        with (
            connect(line, simulator, strategy) as acs,
            contextlib.suppress(ConnectorError, KeyboardInterrupt),
        ):
            getattr(acs, ours)(ORDER)
        if not line.happened:
            break
        reached += 1
        where = f"before request {at}, {line.operation}"
        with connect(simulator, simulator, strategy) as acs:
            grant = acs.find("visit-1")
            doubtful = line.operation == "assignToken" and wanted.credential == ORDER.credential
            assert doubtful or (grant is not None and grant.state == "active"), where
            opened = [each.number for each in simulator.open_credentials(NOW + timedelta(hours=1))]
            assert opened == ([wanted.credential.number] if grant and wanted.credential else []), where
            assert len(simulator.holders("HV-")) == (grant is not None), where
            if grant is not None:
                assert acs.revoke("visit-1").state == "ended"
        assert simulator.open_credentials(NOW + timedelta(hours=1)) == [], where
    assert reached > 5


@pytest.mark.parametrize("strategy", ["visit", "profile"])
@pytest.mark.parametrize("theirs", OTHERS)
def test_two_that_fail_beside_each_other_leave_nothing_open(strategy: Strategy, theirs: str) -> None:
    """Neither takes what the other had only begun for a visitor who was admitted."""
    failed = 0
    for at in STEPS:
        for then in STEPS:
            simulator = AeosSimulator()
            their_line = Ending(simulator, then, bool, KeyboardInterrupt(), late=True)

            def other(simulator: AeosSimulator = simulator, line: Ending = their_line) -> None:
                with (
                    connect(line, simulator, strategy) as acs,
                    contextlib.suppress(KeyboardInterrupt, ConnectorError),
                ):
                    acs.activate(OTHERS[theirs])

            our_line = Ending(simulator, at, other, KeyboardInterrupt())
            with connect(our_line, simulator, strategy) as acs, contextlib.suppress(KeyboardInterrupt):
                acs.activate(ORDER)
            if not (our_line.happened and their_line.happened):
                break
            failed += 1
            opened = simulator.open_credentials(NOW + timedelta(hours=1))
            assert opened == [], f"ours at request {at}, theirs at {then}"
            with connect(simulator, simulator, strategy) as acs:
                assert acs.activate(ORDER).state == "active"
            assert len(simulator.holders("HV-")) == 1
    assert failed > 50
