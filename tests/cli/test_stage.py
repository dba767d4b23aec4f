"""The simulated building: what it adds for the file, and the truth it tells."""

from __future__ import annotations

import ssl
from datetime import timedelta

import httpx
import pytest

from hamilton_sdk.acs import Credential
from hamilton_sdk.cli.stage import MARK, Stage, served
from hamilton_sdk.clock import SettableClock
from hamilton_sdk.testing.simulators import AeosSimulator
from tests.cli.guests import EIGHT, HOUR, visit


@pytest.fixture
def simulator() -> AeosSimulator:
    return AeosSimulator()


@pytest.fixture
def stage(simulator: AeosSimulator) -> Stage:
    return Stage(simulator, visits=[visit(2, host="E-1001"), visit(3, host="H-9"), visit(4)], now=EIGHT)


def _let_in(simulator: AeosSimulator, number: str, badge: str) -> int:
    visitor = simulator.add_visitor("Lefèvre", personnel_number=number)
    simulator.give_badge(visitor, badge)
    simulator.grant(visitor, 51, EIGHT, EIGHT + HOUR)
    return visitor


class TestServed:
    def test_it_is_reached_over_tls_by_whoever_trusts_its_authority_alone(
        self, simulator: AeosSimulator
    ) -> None:
        with served(simulator, SettableClock(EIGHT)) as (url, authority):
            assert url.startswith("https://127.0.0.1:")
            assert url.endswith("/aeosws")
            trusting = ssl.create_default_context(cafile=str(authority))
            assert httpx.post(url, content=b"<x/>", verify=trusting).status_code == 401
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                httpx.post(url, content=b"<x/>", verify=ssl.create_default_context())
        assert not authority.parent.exists()


class TestWhatItAdds:
    def test_hosts_whom_only_the_file_knows(self, stage: Stage, simulator: AeosSimulator) -> None:
        numbers = [employee.personnel_number for employee in simulator.employees()]
        assert numbers.count("E-1001") == 1
        assert numbers.count("H-9") == 1
        assert stage.notes() == ("1 host was added to the simulated site",)

    def test_nothing_is_told_where_all_hosts_are_known(self, simulator: AeosSimulator) -> None:
        assert Stage(simulator, visits=[visit(2, host="E-1001"), visit(3)], now=EIGHT).notes() == ()

    def test_an_employee_whose_badge_opens_and_a_visitor_of_another_program_with_a_visit_s_number(
        self, stage: Stage, simulator: AeosSimulator
    ) -> None:
        assert stage.others_untouched(EIGHT)
        assert len(simulator.open_credentials(EIGHT)) == 1
        assert [holder.personnel_number for holder in simulator.holders()] == ["V-2"]


class TestTheTruth:
    def test_a_credential_opens_within_its_window_alone(self, stage: Stage, simulator: AeosSimulator) -> None:
        _let_in(simulator, MARK + "V-2", "21000002")
        badge = Credential("badge", "21000002")
        moments = (EIGHT - timedelta(seconds=1), EIGHT, EIGHT + HOUR)
        assert [stage.opens(badge, at) for at in moments] == [False, True, False]
        assert stage.open_credentials(EIGHT) == 1
        assert stage.open_credentials(EIGHT + HOUR) == 0

    def test_holders_are_counted_by_their_whole_number_and_our_mark(
        self, stage: Stage, simulator: AeosSimulator
    ) -> None:
        assert stage.holders("V-2") == 0
        _let_in(simulator, MARK + "V-2", "21000002")
        _let_in(simulator, MARK + "V-22", "21000022")
        assert stage.holders("V-2") == 1
        _let_in(simulator, MARK + "V-2", "21000003")
        assert stage.holders("V-2") == 2

    def test_employees_do_not_count_among_open_credentials(self, stage: Stage) -> None:
        assert stage.open_credentials(EIGHT) == 0

    def test_another_employee_is_a_change(self, stage: Stage, simulator: AeosSimulator) -> None:
        simulator.add_employee("Martin")
        assert not stage.others_untouched(EIGHT)

    def test_another_badge_in_the_employee_s_hands_is_a_change(
        self, stage: Stage, simulator: AeosSimulator
    ) -> None:
        employee = simulator.employees()[0].id
        simulator.give_badge(employee, "21000099")
        assert not stage.others_untouched(EIGHT)

    def test_an_employee_s_badge_that_opens_no_more_is_a_change(self, stage: Stage) -> None:
        assert not stage.others_untouched(EIGHT - timedelta(days=2))

    def test_visitors_of_ours_are_no_change(self, stage: Stage, simulator: AeosSimulator) -> None:
        _let_in(simulator, MARK + "V-2", "21000002")
        assert stage.others_untouched(EIGHT)
