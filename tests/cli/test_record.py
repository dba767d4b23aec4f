"""What is kept of a play."""

from __future__ import annotations

import pytest

from hamilton_sdk.cli.record import Event, Notice, Stay
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


def test_the_story_of_a_stay_is_what_happened_to_it() -> None:
    stay = Stay(visit(2))
    assert stay.story == ("visit.created",)
    stay.admitted_at = EIGHT
    assert stay.story == ("visit.created", "visit.checked_in")
    for over in ("left_at", "expired_at"):
        ended = Stay(visit(2), admitted_at=EIGHT, **{over: EIGHT})
        assert ended.story == ("visit.created", "visit.checked_in", "visit.checked_out")
    assert Stay(visit(2), refused=Invalid("x")).story == ()


@pytest.mark.parametrize(
    ("notice", "is_plain"),
    [
        (Notice("visit.created", "V-1"), True),
        (Notice("visit.created", "V-1", 2), False),
        (Notice("visit.created", "V-1", 1, 0), False),
        (Notice("visit.created", "V-1", 1, 1, ("late",)), False),
    ],
)
def test_a_notice_is_plain_that_arrived_at_once_and_once(notice: Notice, is_plain: bool) -> None:
    assert notice.is_plain is is_plain
