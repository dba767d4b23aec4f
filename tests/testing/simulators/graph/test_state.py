"""What the tenant holds: ids that are a mailbox's own, versions that change, occurrences laid out."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.testing.simulators.graph import GraphSimulator
from hamilton_sdk.testing.simulators.graph.errors import Refused
from hamilton_sdk.testing.simulators.graph.state import id_of, read_id
from tests.testing.simulators.graph.client import PERSON, ROOM, Client, at, event


@given(st.integers(1, 2**31), st.none() | st.dates(), st.booleans())
def test_an_id_is_read_back_by_its_mailbox_alone(serial, day, immutable):
    text = id_of(serial, day, ROOM, immutable=immutable)

    assert read_id(text, ROOM) == (serial, day)
    with pytest.raises(Refused):
        read_id(text, PERSON)


@pytest.mark.parametrize("text", ["", "x", "AAMkAD***", "AAMkAD", "AAkALgAAAA"])
def test_other_texts_are_no_ids(text):
    with pytest.raises(Refused):
        read_id(text, ROOM)


def test_ordinary_ids_have_characters_that_must_be_encoded():
    ids = "".join(id_of(serial, None, ROOM, immutable=False) for serial in range(50))

    assert {"+", "/", "="} <= set(ids)


def test_every_change_has_a_version_of_its_own():
    client = Client(GraphSimulator())
    made = client.create()
    keys = {
        client.ask("PATCH", client.on(ROOM, made["id"]), {"subject": "x"}).json["changeKey"] for _ in range(3)
    }

    assert len(keys | {made["changeKey"]}) == 4


def test_an_event_without_length_is_where_it_starts():
    client = Client(GraphSimulator())
    client.create(ROOM, event(9, 9))

    assert len(client.view(start=at(9))) == 1
    assert client.view(start=datetime(2026, 1, 5, 9, 0, 1, tzinfo=UTC)) == []


def test_a_series_whose_exception_came_before_its_day_is_still_found():
    client = Client(GraphSimulator())
    pattern = {"type": "daily", "interval": 10}
    span = {"type": "numbered", "startDate": "2026-01-05", "numberOfOccurrences": 2}
    client.create(ROOM, event(recurrence={"pattern": pattern, "range": span}))
    second = client.view()[1]
    change = event(9, 10, day=7)
    client.ask("PATCH", client.on(ROOM, second["id"]), {"start": change["start"], "end": change["end"]})

    assert [each["type"] for each in client.view(start=at(0, 7), days=1)] == ["exception"]
    assert date(2026, 1, 15).isoformat() in client.view(start=at(0, 7), days=1)[0]["occurrenceId"]
