"""Every operation against every fault: the error, the real effects, and what repeating makes of it.

A cell of the matrix is one call with one fault, aimed at one of its requests, that happens once or from then
on. A test is one operation with one strategy, and its message names the cells that failed.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Iterator

import pytest

from hamilton_sdk import errors
from hamilton_sdk.acs import AccessControl, AccessGrant, Health
from hamilton_sdk.errors import ConnectorError, PartialFailure
from tests.acs.building import (
    STRATEGIES,
    Building,
    InlineExecutor,
    Strategy,
    assert_discreet,
    everything_said,
)
from tests.acs.cases import CASES, Case
from tests.acs.troubles import EVERYWHERE, IN_TURN, TROUBLES, Trouble

_AWAITED = ("activate", "activate-a-change", "find", "resume", "revoke-what-is-suspended", "purge")


# The matrix


@pytest.fixture(autouse=True)
def one_thing_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests that are sent at once are sent in a known order, so that the so many-th is always the same."""
    monkeypatch.setattr("hamilton_sdk.runner.blocking.ThreadPoolExecutor", InlineExecutor)


@pytest.fixture
def discreet_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No record of a call outward shows whom it is about."""
    with caplog.at_level(logging.DEBUG, "hamilton_sdk"):
        yield
        records = caplog.get_records("call")
        assert records
        for record in records:
            assert_discreet(f"{record.getMessage()} {record.__dict__.get('hamilton')}", "a log record")


class Matrix:
    """One operation with one strategy."""

    def __init__(self, case: Case, strategy: Strategy, *, asynchronous: bool = False) -> None:
        self.case = case
        self.asynchronous = asynchronous
        self.building = building = Building(strategy)
        with building.connect() as acs:
            case.before(acs)
        self.before, self.stood, self.effects = (
            building.keep(),
            building.picture(),
            building.simulator.effects,
        )
        building.put_back(self.before)
        line = building.transport()
        with building.connect(line) as acs:
            self.result = shown(case.call(acs))
        self.requests, self.wanted = line.sent, building.picture()
        building.assert_sound(f"{case} without a fault")
        self._seen: set[str] = set()

    def cells(self) -> Iterator[tuple[Trouble, int, bool]]:
        """Each fault at the first request; at each other one some always, and the rest in turn."""
        turn = itertools.cycle(IN_TURN)
        for nth in range(1, len(self.requests) + 1):
            chosen = {next(turn).name for _ in range(3)} | EVERYWHERE
            for trouble in TROUBLES:
                if nth == 1 or trouble.name in chosen:
                    yield trouble, nth, False
                    yield trouble, nth, True

    def check(self, trouble: Trouble, nth: int, *, always: bool) -> None:
        """One cell."""
        building, case = self.building, self.case
        building.put_back(self.before)
        building.simulator.faults.add(trouble.fault, nth=nth, times=None if always else 1)
        where = f"{case} ({building.strategy}), {trouble} {'from' if always else 'at'} request {nth}"
        result, error = self._call()
        building.simulator.faults.clear()
        drawn = building.simulator.faults.drawn
        assert drawn, f"{where}: nothing went wrong"
        if case.reads:
            assert building.simulator.effects == self.effects, f"{where}: reading wrote something"
        if error is None:
            self._check_success(trouble, result, where, always=always)
        else:
            self._check_error(trouble, error, where, always=always)
        if not always and error is None:
            assert building.clock.monotonic() >= trouble.waits, f"{where}: it did not wait as asked"
        self._check_what_stands(where)

    def _call(self) -> tuple[object, ConnectorError | None]:
        with self.building.calls(asynchronous=self.asynchronous) as calls:
            try:
                return self.case.call(calls), None
            except ConnectorError as error:
                return None, error

    def _check_success(self, trouble: Trouble, result: object, where: str, *, always: bool) -> None:
        self._assert_wanted(f"{where}: it succeeded")
        if self.case.name == "check" and trouble.error is not None and always:
            assert isinstance(result, Health)
            assert shown(result) != self.result, f"{where}: the report does not mention it"
            return
        if self.case.name != "check":
            assert shown(result) == self.result, f"{where}: another result"
        assert not always or trouble.error is None, f"{where}: it succeeded all the same"

    def _assert_wanted(self, where: str) -> None:
        stands, wanted = (set(each.splitlines()) for each in (self.building.picture(), self.wanted))
        if self.case.kills:
            wanted = {each for each in wanted if not each.startswith("nobody's: token") or each in stands}
        assert stands == wanted, (
            f"{where}, and something else stands: {stands - wanted} instead of {wanted - stands}"
        )

    def _check_error(self, trouble: Trouble, error: ConnectorError, where: str, *, always: bool) -> None:
        said = everything_said(error)
        assert_discreet(said, where)
        assert error.hint, f"{where}: no hint"
        assert error.connector == "acs.aeos", where
        assert trouble.error is not None, f"{where}: {said}"
        assert always or not trouble.heals, f"{where}: it did not heal\n{said}"
        first = error.__cause__ if isinstance(error, PartialFailure) else error
        assert isinstance(first, trouble.error), f"{where}: {type(first).__name__}\n{said}"
        assert not isinstance(error, errors.NotFound), f"{where}: NotFound, for what is there\n{said}"
        if isinstance(error, PartialFailure):
            assert error.left, f"{where}: a partial failure that leaves nothing"
            assert always or self.case.goes_on, f"{where}: undoing failed without a fault\n{said}"
        elif self.case.undone:
            assert self.building.picture() == self.stood, (
                f"{where}: it failed, and not all is as before\n{said}"
            )
        if not isinstance(error, PartialFailure):
            assert error.attempts <= trouble.attempts, f"{where}: {error.attempts} attempts"

    def _check_what_stands(self, where: str) -> None:
        """It is sound, and repeating comes to the same end as without a fault, and revoking to no access."""
        building, case = self.building, self.case
        picture = building.picture()
        if picture in self._seen:
            return
        self._seen.add(picture)
        building.assert_sound(where)
        stands, elapsed = building.keep(), building.clock.monotonic()
        with building.connect() as acs:
            case.call(acs)
        self._assert_wanted(f"{where}, then repeated")
        building.assert_sound(f"{where}, then repeated")
        if case.reads:
            return
        building.put_back(stands, elapsed=elapsed)
        with building.connect() as acs:
            for reference in set(building.references()):
                acs.revoke(reference)
        building.assert_shut(f"{where}, then revoked")


def shown(result: object) -> object:
    """A result without the server's ids and without moments."""
    if isinstance(result, AccessGrant):
        return (result.reference, result.state, result.profiles, result.credential, result.revocation)
    if isinstance(result, list | tuple):
        return [shown(each) for each in result]
    return result


def assert_each(matrix: Matrix, cells: Iterable[tuple[Trouble, int, bool]]) -> None:
    """Check cells, and tell of all that fail."""
    failures: list[str] = []
    for trouble, nth, always in cells:
        try:
            matrix.check(trouble, nth, always=always)
        except AssertionError as failure:
            failures.append(str(failure))
    assert not failures, "\n\n".join([f"{len(failures)} cells", *failures[:20]])


def test_every_operation_is_in_the_matrix() -> None:
    methods = {
        name for name, each in vars(AccessControl).items() if callable(each) and not name.startswith("_")
    }
    assert {case.name.partition("-")[0] for case in CASES} == methods


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_fault(case: Case, strategy: Strategy) -> None:
    """Success where trying again heals, else a precise error, nothing half done; the same end if repeated."""
    matrix = Matrix(case, strategy)
    assert_each(matrix, matrix.cells())


@pytest.mark.usefixtures("discreet_logs")
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("case", [each for each in CASES if each.name in _AWAITED], ids=str)
def test_every_fault_when_awaited(case: Case, strategy: Strategy) -> None:
    """The same through the async connector, each fault at one request."""
    matrix = Matrix(case, strategy, asynchronous=True)
    places = itertools.cycle(range(1, len(matrix.requests) + 1))
    assert_each(
        matrix,
        [
            (trouble, nth, always)
            for trouble, nth in zip(TROUBLES, places, strict=False)
            for always in (False, True)
        ],
    )
