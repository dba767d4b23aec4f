"""The envelope: checked when it is made, silent on values, written the same each time."""

from __future__ import annotations

import copy
import json
import pickle
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from pydantic_core import PydanticCustomError

from hamilton_sdk.errors import Invalid
from hamilton_sdk.webhooks.events import Data, Event, UnknownEvent, VisitCreated, VisitData, parse_event
from hamilton_sdk.webhooks.events.base import Part, in_order, new_event_id
from tests.webhooks.events.samples import WHEN, events, sample

DATA = VisitData(visit_id="HV-2026-1")
EVENT = VisitCreated(id="evt_1", timestamp=WHEN, data=DATA)


def refused(**fields: Any) -> Invalid:
    with pytest.raises(Invalid) as caught:
        VisitCreated(**{"timestamp": WHEN, "data": DATA, **fields})
    assert caught.value.__suppress_context__
    assert caught.value.hint
    return caught.value


def test_a_repr_shows_of_fields_that_are_not_known_their_number_alone() -> None:
    """Any of them, names and all, may say something about a person."""
    guest = {"name": "Zoé Durand", "Durand's car": "AA-123-BB"}
    known = sample("visit.created", {"phone": "+33 6", "visitor": guest}, guest="Durand", floor=2)
    data = {"visit_id": "HV-1", "visitor": guest}
    newer = UnknownEvent(type="visit.created", version=99, timestamp=WHEN, data=Data.model_validate(data))
    for event in (known, newer):
        for shown in (repr(event), str(event), repr(event.data), repr([event])):
            assert not re.search("urand|AA-123|33 6|phone|guest|floor", shown)
    assert repr(known).endswith(", unknown_fields=2)")
    assert repr(known.data).endswith(", unknown_fields=1)")
    assert repr(newer.data) == "Data(unknown_fields=2)"
    assert "unknown_fields" not in repr(EVENT)


def test_an_event_needs_only_what_nobody_can_guess() -> None:
    event = VisitCreated(timestamp=WHEN, data=DATA)
    assert (event.type, event.version, event.site, event.sequence) == ("visit.created", 1, None, None)
    assert event.timestamp == WHEN


def test_an_id_is_made_where_none_is_given() -> None:
    one, other = (VisitCreated(timestamp=WHEN, data=DATA) for _ in range(2))
    assert one.id != other.id
    # Printable ASCII without a full stop: it becomes a header, and full stops stand around it when signed.
    assert re.fullmatch("evt_[0-9a-f]{32}", one.id)


def test_ids_sort_by_when_they_were_made() -> None:
    before = int(datetime.now(UTC).timestamp() * 1000)
    made = int(new_event_id()[4:16], 16)
    assert before <= made <= int(datetime.now(UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("fields", "begins"),
    [
        ({"id": "a.b"}, "VisitCreated.id: "),
        ({"id": "é"}, "VisitCreated.id: "),
        ({"type": "visit.checked_in"}, "VisitCreated.type: "),
        ({"version": 2}, "VisitCreated.version: "),
        ({"timestamp": datetime(2026, 3, 27)}, "VisitCreated.timestamp: is naive"),
        ({"site": ""}, "VisitCreated.site: "),
        ({"sequence": -1}, "VisitCreated.sequence: "),
        ({"sequence": True}, "VisitCreated.sequence: "),
        ({"data": {}}, "VisitCreated.data.visit_id: "),
        ({"data": {"visit_id": "HV\n"}}, "VisitCreated.data.visit_id: contains a control character"),
        ({"data": Data()}, "VisitCreated.data: "),
        ({"\ud800": 1}, "VisitCreated: "),
        ({"data": {"visit_id": "X", "\ud800": 1}}, "VisitCreated.data: "),
        ({"note": float("nan")}, "VisitCreated: holds a number that is not finite"),
        ({"note": datetime(2026, 3, 27, tzinfo=UTC)}, "VisitCreated: holds what JSON has no form for"),
    ],
)
def test_a_wrong_value_is_told_by_field_and_rule(fields: dict[str, Any], begins: str) -> None:
    assert str(refused(**fields)).startswith(begins)


def test_no_value_is_told() -> None:
    error = refused(id="Durand Durand", site=4711, data={"visit_id": 4711, "host": "Durand"})
    assert "Durand" not in str(error)
    assert "4711" not in str(error)


def test_the_envelope_alone_is_no_event() -> None:
    with pytest.raises(TypeError, match="abstract"):
        Event(type="a.b", version=1, timestamp=WHEN, data=Data())  # type: ignore[abstract]


def test_it_is_compact_json_in_the_order_of_the_envelope() -> None:
    event = VisitCreated(
        id="evt_1",
        timestamp=WHEN.astimezone(ZoneInfo("Europe/Paris")),
        site="Orléans",
        sequence=3,
        data=VisitData(visit_id="HV-2026-1", start=WHEN + timedelta(microseconds=1500)),
    )
    assert event.to_bytes().decode() == (
        '{"id":"evt_1","type":"visit.created","version":1,"timestamp":"2026-03-27T08:45:00Z",'
        '"site":"Orléans","sequence":3,'
        '"data":{"visit_id":"HV-2026-1","start":"2026-03-27T08:45:00.001500Z"}}'
    )


def test_unknown_fields_stand_last_by_name_whatever_order_they_came_in() -> None:
    one = sample("visit.created", {"b": {"d": 1, "c": [{"f": 1, "e": None}]}, "a": None}, z=1, y=2)
    other = sample("visit.created", {"a": None, "b": {"c": [{"e": None, "f": 1}], "d": 1}}, y=2, z=1)
    assert one == other
    assert one.to_bytes() == other.to_bytes()
    assert (
        one.to_bytes()
        .decode()
        .endswith('"data":{"visit_id":"X-1","a":null,"b":{"c":[{"e":null,"f":1}],"d":1}},"y":2,"z":1}')
    )


@given(events)
def test_the_same_event_is_the_same_bytes(event: Event) -> None:
    content = event.to_bytes()
    assert content == copy.deepcopy(event).to_bytes() == pickle.loads(pickle.dumps(event)).to_bytes()  # noqa: S301 (made here)
    assert content.decode()
    timestamp = json.loads(content)["timestamp"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", timestamp)
    assert datetime.fromisoformat(timestamp) == event.timestamp


def test_what_no_receiver_would_read_is_not_written() -> None:
    spare = 2**20 - len(sample("visit.created", {"note": ""}).to_bytes())
    largest = sample("visit.created", {"note": "x" * spare})
    assert parse_event(largest.to_bytes()) == largest
    with pytest.raises(Invalid, match="VisitCreated: has more than 1048576 bytes") as caught:
        sample("visit.created", {"note": "x" * (spare + 1)}).to_bytes()
    assert caught.value.hint


def test_it_is_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        EVENT.site = "Paris"  # type: ignore[misc]
    assert hash(EVENT) == hash(copy.copy(EVENT))


def test_a_copy_is_checked_and_keeps_unknown_fields() -> None:
    event = sample("visit.created", {"note": 1}, urgent=True)
    changed = event.model_copy(update={"site": "Paris", "sequence": 7})
    assert (changed.site, changed.sequence, changed.model_extra) == ("Paris", 7, {"urgent": True})
    assert changed.data == event.data
    assert event.model_copy(deep=True) == event
    with pytest.raises(Invalid, match=re.escape("VisitCreated.sequence: ")) as caught:
        event.model_copy(update={"sequence": -1})
    assert caught.value.__suppress_context__


def test_an_unknown_field_named_like_what_the_class_has_hides_nothing() -> None:
    event = sample("visit.created", {"model_extra": 1}, object=1, to_bytes=2)
    assert event.object == "visit:X-1"
    assert parse_event(event.to_bytes()) == event


def test_parts_differ_by_what_is_not_known() -> None:
    assert Part.model_validate({"a": 1}) != Part.model_validate({"a": 2})
    assert Part.model_validate({"a": (1,)}) == Part.model_validate({"a": [1]})


def test_a_span_is_neither_empty_nor_backwards() -> None:
    later = WHEN + timedelta(microseconds=1)
    for start, end in ((None, None), (WHEN, None), (None, WHEN), (WHEN, later)):
        in_order(start, end)
    for start, end in ((WHEN, WHEN), (later, WHEN)):
        with pytest.raises(PydanticCustomError, match="the end is not after the start"):
            in_order(start, end)
