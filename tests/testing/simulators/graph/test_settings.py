"""Switches: what is not known of the real service, chosen to be hard on clients."""

from __future__ import annotations

from hamilton_sdk.testing.simulators.graph import GraphSimulator, Switches


def test_unless_told_otherwise_clients_get_the_harder_answer():
    switches = Switches()

    assert not switches.honours_if_match
    assert switches.empty_pages > 0
    assert switches.mailbox_concurrency == 4


def test_switches_may_be_changed_while_the_simulator_runs():
    simulator = GraphSimulator()
    simulator.switches.places_page = 1

    assert simulator.switches is not GraphSimulator().switches
