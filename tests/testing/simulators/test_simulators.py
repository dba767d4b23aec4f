"""The registry of simulators that can be served on their own."""

from __future__ import annotations

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.flow import Request, Safety
from hamilton_sdk.serving import answer
from hamilton_sdk.testing.faults import Fault
from hamilton_sdk.testing.simulators import SIMULATORS, AeosSimulator


def test_aeos_is_known_by_its_name():
    assert isinstance(SIMULATORS["aeos"](), AeosSimulator)


@pytest.mark.parametrize("name", SIMULATORS)
def test_every_simulator_answers_takes_faults_and_says_what_its_clients_need(name):
    simulator = SIMULATORS[name]()
    request = Request(method="GET", url="https://x/", operation="?", safety=Safety.SAFE)
    simulator.faults.add(Fault("status", status=418))

    assert answer(simulator, request, SettableClock()).status == 418
    lines = simulator.client_lines("https://127.0.0.1:1")
    assert lines[0][0] == "url"
    assert lines[0][1].startswith("https://127.0.0.1:1/")
    assert all(value for _, value in lines)
