"""What an integrator finds on a new simulator: every kind of object, and the traps of a real site."""

from __future__ import annotations

from hamilton_sdk.testing.simulators import AeosSimulator
from tests.testing.simulators.aeos.client import Client


def test_employees_are_hosts_with_personnel_numbers_one_of_which_begins_another():
    numbers = [employee.personnel_number for employee in AeosSimulator().employees()]

    assert numbers == ["E-1001", "E-1002", "E-100"]


def test_there_is_a_reason_for_every_use():
    reply = Client().ok("<BlockReasonSearch/>")
    uses = [
        *("CarrierBlockReason", "IdentifierBlockReason", "IdentifierWithdrawReason"),
        *("IdentifierWithdrawReplacedReason", "IdentifierReplacementReason"),
    ]

    assert all("true" in reply.texts(use) for use in uses)
    assert all("false" in reply.texts(use) for use in uses)


def test_a_new_site_has_no_visitors_visits_or_badges_and_opens_nothing():
    simulator = AeosSimulator()

    assert (simulator.holders(), simulator.visits(), simulator.tokens()) == ([], [], [])
    assert (simulator.authorisations(), simulator.effects) == ([], {})


def test_offline_doors_can_be_left_out():
    search = (
        "<TemplateSearchInfo><TemplateInfo><UnitOfAuthType>OffLine</UnitOfAuthType></TemplateInfo>"
        "</TemplateSearchInfo>"
    )

    assert Client().ok(search).texts("Name") == ["Meeting rooms"]
    assert Client(AeosSimulator(offline=False)).ok(search).texts("Name") == []
