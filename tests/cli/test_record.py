"""What is kept of a play."""

from __future__ import annotations

import pytest

from hamilton_sdk.cli.record import Event, Stay
from hamilton_sdk.errors import ConnectorError, Invalid, TimedOut
from tests.cli.guests import EIGHT, visit


def test_somebody_is_inside_from_admission_until_check_out_or_expiry() -> None:
    stay = Stay(visit(2))
    assert not stay.is_inside
    stay.admitted_at = EIGHT
    assert stay.is_inside
    stay.overstayed_at = EIGHT
    assert stay.is_inside
    stay.expired_at = EIGHT
    assert not stay.is_inside
    stay.expired_at, stay.left_at = None, EIGHT
    assert not stay.is_inside


def test_a_stay_knows_what_its_visit_needs() -> None:
    one = visit(2)
    assert Stay(one).order is one.order


@pytest.mark.parametrize(("error", "given_up"), [(None, False), (Invalid("x"), False), (TimedOut("x"), True)])
def test_wrong_values_are_refused_and_everything_else_is_given_up(
    error: ConnectorError | None, given_up: bool
) -> None:
    assert Event(EIGHT, "left", error=error).was_given_up is given_up
