"""Visits: which object a sequence orders, whose names they are, and what must be known of one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hamilton_sdk.errors import Invalid
from hamilton_sdk.webhooks.events import (
    Event,
    Person,
    VisitCheckedIn,
    VisitCheckedOut,
    VisitCreated,
    VisitData,
)
from tests.webhooks.events.samples import WHEN

VISITS: dict[str, type[VisitCreated | VisitCheckedIn | VisitCheckedOut]] = {
    "visit.created": VisitCreated,
    "visit.checked_in": VisitCheckedIn,
    "visit.checked_out": VisitCheckedOut,
}


@pytest.mark.parametrize("kind", VISITS)
def test_a_visit_is_known_by_its_id_alone(kind: str) -> None:
    event: Event = VISITS[kind](timestamp=WHEN, data=VisitData(visit_id="HV-2026-1"))
    assert event.type == kind
    assert event.object == "visit:HV-2026-1"


@pytest.mark.parametrize("kind", VISITS)
def test_the_name_is_labelled_as_the_sdk_s_own(kind: str) -> None:
    assert VISITS[kind].model_config.get("title") == f"{kind} (the SDK's own name)"
    assert "The name is the SDK's own, not the product's." in (VISITS[kind].__doc__ or "")


def test_a_visit_without_an_id_is_none() -> None:
    with pytest.raises(Invalid, match=r"^VisitData.visit_id: Field required\n"):
        VisitData()  # type: ignore[call-arg]


def test_a_visit_ends_after_it_began() -> None:
    assert VisitData(visit_id="X", start=WHEN, end=WHEN + timedelta(hours=1)).end
    with pytest.raises(Invalid, match=r"^VisitData: the end is not after the start\n"):
        VisitData(visit_id="X", start=WHEN, end=WHEN)


def test_a_repr_names_nobody() -> None:
    data = VisitData(visit_id="X", visitor=Person(name="Durand"), host=Person(name="Durand"))
    assert "urand" not in repr(VisitCreated(timestamp=WHEN, data=data))
