"""Rooms and services: which object a sequence orders, and what must be known of one."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import Invalid
from hamilton_sdk.webhooks.events import RoomReleased, RoomReleaseData, ServiceAdded, ServiceData
from tests.webhooks.events.samples import WHEN


def test_a_released_room_is_known_by_its_id() -> None:
    event = RoomReleased(timestamp=WHEN, data=RoomReleaseData(room_id="B-12", reservation_id="R-7"))
    assert event.type == "room.released"
    assert event.object == "room:B-12"


def test_a_service_is_known_by_its_own_id() -> None:
    event = ServiceAdded(timestamp=WHEN, data=ServiceData(service_id="S-3", reservation_id="R-7"))
    assert event.type == "service.added"
    assert event.object == "service:S-3"


@pytest.mark.parametrize(("data", "field"), [(RoomReleaseData, "room_id"), (ServiceData, "service_id")])
def test_what_has_no_id_is_none(data: type[RoomReleaseData | ServiceData], field: str) -> None:
    with pytest.raises(Invalid, match=rf"\.{field}: Field required\n"):
        data()


@pytest.mark.parametrize("quantity", [0, -1, 1.5, True, "2", 2**53])
def test_a_quantity_counts_from_one(quantity: object) -> None:
    assert ServiceData(service_id="S-3", quantity=1).quantity == 1
    with pytest.raises(Invalid, match=r"^ServiceData\.quantity: "):
        ServiceData.model_validate(ServiceData(service_id="S-3").model_dump()).model_copy(
            update={"quantity": quantity}
        )
