"""The package's public names."""

from __future__ import annotations

from hamilton_sdk.testing.simulators import aeos


def test_what_a_client_needs_is_told_by_a_function_too():
    simulator = aeos.AeosSimulator()

    assert aeos.client_lines(simulator, "https://x") == simulator.client_lines("https://x")


def test_the_public_names_are_there():
    assert all(hasattr(aeos, name) for name in aeos.__all__)
