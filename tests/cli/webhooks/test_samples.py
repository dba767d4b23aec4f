"""There is a sample of every type, and each is an event that a receiver takes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hamilton_sdk.cli.webhooks.samples import sample
from hamilton_sdk.errors import Invalid
from hamilton_sdk.webhooks.events import EVENTS, parse_event

NOW = datetime(2026, 3, 27, 8, 45, tzinfo=UTC)


@pytest.mark.parametrize("kind", EVENTS)
def test_a_sample_is_an_event_of_its_type(kind: str) -> None:
    event = sample(kind, NOW)
    assert type(event) is EVENTS[kind]
    assert event.timestamp == NOW
    assert event.object is not None
    assert event.object.endswith("-SAMPLE")
    assert parse_event(event.to_bytes()) == event
    assert event.model_extra == {}
    assert event.data.model_extra == {}


def test_each_has_an_id_of_its_own() -> None:
    assert sample("room.released", NOW).id != sample("room.released", NOW).id


def test_an_unknown_type_is_refused_with_the_nearest() -> None:
    with pytest.raises(Invalid, match=r"no type of event 'visit\.create'") as caught:
        sample("visit.create", NOW)
    assert caught.value.hint is not None
    assert "'visit.created'" in caught.value.hint
