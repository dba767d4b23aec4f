"""What options offer is what the SDK knows."""

from __future__ import annotations

from typing import get_args

from hamilton_sdk.cli.webhooks.options import HeaderNames, State
from hamilton_sdk.webhooks.models import DeliveryState
from hamilton_sdk.webhooks.signing import HeaderPrefix


def test_the_states_are_those_of_deliveries() -> None:
    assert {state.value for state in State} == set(get_args(DeliveryState))


def test_the_beginnings_of_headers_are_those_of_signing() -> None:
    assert {each.value for each in HeaderNames} == set(get_args(HeaderPrefix))
