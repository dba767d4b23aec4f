"""Reservations: which object a sequence orders, and what must be known of one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hamilton_sdk.errors import Invalid
from hamilton_sdk.webhooks.events import (
    CheckinData,
    CheckinPerformed,
    Person,
    ReservationCancelled,
    ReservationCreated,
    ReservationData,
    ReservationUpdated,
)
from tests.webhooks.events.samples import WHEN

DATA = ReservationData(reservation_id="R-7", title="Takeover", organiser=Person(email="durand@example.com"))


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("reservation.created", ReservationCreated(timestamp=WHEN, data=DATA)),
        ("reservation.updated", ReservationUpdated(timestamp=WHEN, data=DATA)),
        ("reservation.cancelled", ReservationCancelled(timestamp=WHEN, data=DATA)),
        ("checkin.performed", CheckinPerformed(timestamp=WHEN, data=CheckinData(reservation_id="R-7"))),
    ],
)
def test_all_that_happens_to_a_reservation_is_in_one_order(
    kind: str, event: ReservationCreated | CheckinPerformed
) -> None:
    assert event.type == kind
    assert event.object == "reservation:R-7"


@pytest.mark.parametrize("data", [ReservationData, CheckinData])
def test_a_reservation_without_an_id_is_none(data: type[ReservationData | CheckinData]) -> None:
    with pytest.raises(Invalid, match=r"\.reservation_id: Field required\n"):
        data()


def test_a_reservation_ends_after_it_began() -> None:
    assert ReservationData(reservation_id="X", start=WHEN, end=WHEN + timedelta(hours=1)).start
    with pytest.raises(Invalid, match=r"^ReservationData: the end is not after the start\n"):
        ReservationData(reservation_id="X", start=WHEN, end=WHEN - timedelta(hours=1))


def test_a_repr_says_neither_who_nor_what_about() -> None:
    shown = repr(ReservationCreated(timestamp=WHEN, data=DATA))
    assert "R-7" in shown
    assert "urand" not in shown
    assert "Takeover" not in shown
