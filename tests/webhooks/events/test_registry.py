"""Types and versions: which are known, and what stands for those that are not."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import Invalid
from hamilton_sdk.webhooks.events import EVENTS, Data, Event, UnknownEvent
from hamilton_sdk.webhooks.events.registry import VERSIONS, type_of, version_of
from tests.webhooks.events.samples import OBJECTS, WHEN, sample


def test_the_nine_types_are_known() -> None:
    assert set(EVENTS) == {
        "visit.created",
        "visit.checked_in",
        "visit.checked_out",
        "reservation.created",
        "reservation.updated",
        "reservation.cancelled",
        "checkin.performed",
        "room.released",
        "service.added",
    }


@pytest.mark.parametrize("kind", EVENTS)
def test_an_event_is_of_its_type_in_the_newest_version(kind: str) -> None:
    event = sample(kind)
    assert event.type == type_of(EVENTS[kind]) == kind
    assert (
        event.version == version_of(EVENTS[kind]) == max(number for each, number in VERSIONS if each == kind)
    )
    assert event.object == OBJECTS[kind][1]


def test_the_registry_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        EVENTS["a.b"] = UnknownEvent  # type: ignore[index]


def test_an_unknown_event_takes_any_data_and_has_no_known_object() -> None:
    event = UnknownEvent(
        type="badge.lost", version=3, timestamp=WHEN, data=Data.model_validate({"badge": 4711})
    )
    assert isinstance(event, Event)
    assert event.object is None
    assert event.data.model_extra == {"badge": 4711}


@pytest.mark.parametrize("kind", EVENTS)
def test_a_known_event_is_not_made_as_an_unknown_one(kind: str) -> None:
    """It would come back as another class, and nobody would have checked it."""
    with pytest.raises(Invalid, match="is of a known type and version") as caught:
        UnknownEvent(type=kind, version=1, timestamp=WHEN, data=Data())
    assert caught.value.hint == "look the class up in EVENTS"
    assert UnknownEvent(type=kind, version=2, timestamp=WHEN, data=Data()).version == 2


@pytest.mark.parametrize("fields", [{"type": "a-b"}, {"type": "x" * 129}, {"version": 0}, {"version": True}])
def test_an_unknown_event_has_a_type_and_a_version_all_the_same(fields: dict[str, object]) -> None:
    with pytest.raises(Invalid, match=rf"^UnknownEvent\.{next(iter(fields))}: "):
        UnknownEvent(**{"type": "a.b", "version": 1, "timestamp": WHEN, "data": Data(), **fields})
