"""Our own cursor keeps room, window and link."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import Invalid
from hamilton_sdk.graph.exchange.cursors import Cursor
from hamilton_sdk.model import TimeWindow
from tests.graph.exchange.world import ROOM, window

starts = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


@given(starts, st.timedeltas(timedelta.resolution, timedelta(days=400)), st.text(min_size=1), st.booleans())
def test_what_is_written_reads_back(start, length, link, restarted):
    cursor = Cursor(ROOM, TimeWindow(start, start + length), link, restarted)
    assert Cursor.read(cursor.written(), ROOM) == cursor


def test_a_room_is_the_same_in_any_case():
    written = Cursor(ROOM, window(), "l").written()
    assert Cursor.read(written, ROOM.upper()).link == "l"


def encoded(**changed):
    content = {
        "form": "1",
        "room": ROOM,
        "start": "2026-12-07T09:00:00+00:00",
        "end": "2026-12-07T10:00:00+00:00",
    }
    return base64.urlsafe_b64encode(json.dumps({**content, "link": "l", **changed}).encode()).decode()


@pytest.mark.parametrize(
    "written",
    [
        "",
        "nonsense",
        "é",
        base64.urlsafe_b64encode(b"[1]").decode(),
        base64.urlsafe_b64encode(b"\xff").decode(),
        encoded(form="2"),
        encoded(room="able@contoso.example"),
        encoded(link=None),
        encoded(start="soon"),
        encoded(start="2026-12-07T09:00:00"),
        encoded(end="2026-12-07T09:00:00+00:00"),
        encoded(end=None),
    ],
)
def test_anything_else_is_refused(written):
    assert Cursor.read(encoded(), ROOM).window == window()
    with pytest.raises(Invalid, match="cursor"):
        Cursor.read(written, ROOM)
