"""Rounds of the fake: cursors are of one room and window, and are forgotten at last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hamilton_sdk.errors import Invalid
from hamilton_sdk.graph import _rounds
from hamilton_sdk.graph._events import Values
from hamilton_sdk.graph._memory import Office
from hamilton_sdk.graph._rounds import Rounds
from hamilton_sdk.graph.models import Recurrence, Room
from hamilton_sdk.model import TimeWindow

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = TimeWindow(NOW, NOW + timedelta(days=1))
ROOM, OTHER = "a@example.com", "b|c@example.com"


@pytest.fixture
def office():
    return Office([Room(address=each, name=each) for each in (ROOM, OTHER)], (), "organizer", None)


def put(office, hour, room=ROOM):
    window = TimeWindow(NOW + hour * HOUR, NOW + (hour + 1) * HOUR)
    return office.add(room, room, Values("Meeting", window), NOW)


def test_changes_are_told_in_pages(office):
    for hour in range(3):
        put(office, hour)
    rounds = Rounds(office, 2)
    first = rounds.page(ROOM, DAY, None, None)
    assert (len(first.items), first.cursor) == (2, None)
    second = rounds.page(ROOM, None, None, first.next)
    assert (len(second.items), second.next) == (1, None)
    assert second.cursor


def test_what_changes_while_a_round_is_read_is_of_the_next(office):
    put(office, 0)
    put(office, 1)
    rounds = Rounds(office, 1)
    first = rounds.page(ROOM, DAY, None, None)
    third = put(office, 2)
    second = rounds.page(ROOM, DAY, None, first.next)
    assert second.next is None
    assert [each.id for each in rounds.page(ROOM, None, second.cursor, None).items] == [third.id]


def test_a_room_may_have_any_address(office):
    put(office, 0, OTHER)
    rounds = Rounds(office, 9)
    cursor = rounds.page(OTHER, DAY, None, None).cursor
    assert rounds.page(OTHER, None, cursor, None).items == ()


def test_a_cursor_of_another_room_is_refused(office):
    rounds = Rounds(office, 9)
    cursor = rounds.page(ROOM, DAY, None, None).cursor
    with pytest.raises(Invalid, match="no cursor"):
        rounds.page(OTHER, None, cursor, None)


@pytest.mark.parametrize(
    "wrong",
    ["", "x", f"x-1|{ROOM}|a|b", f"cursor-1|{ROOM}|a|b", f"cursor-1|{ROOM}|2026-03-09T09:00:00+00:00"],
)
def test_a_cursor_of_nobodys_is_refused(office, wrong):
    with pytest.raises(Invalid, match="no cursor"):
        Rounds(office, 9).page(ROOM, None, wrong, None)


@pytest.mark.parametrize("wrong", ["", "round-1", "round-7/2", "round-1/x", "round-1/-1"])
def test_a_token_of_nobodys_is_refused(office, wrong):
    rounds = Rounds(office, 9)
    rounds.page(ROOM, DAY, None, None)
    with pytest.raises(Invalid, match="no page token"):
        rounds.page(ROOM, None, None, wrong)


def test_a_first_round_needs_a_window(office):
    with pytest.raises(Invalid, match="needs a window") as caught:
        Rounds(office, 9).page(ROOM, None, None, None)
    assert caught.value.hint


def test_the_oldest_cursor_is_forgotten_at_last(office, monkeypatch):
    monkeypatch.setattr(_rounds, "_MOST", 2)
    put(office, 0)
    rounds = Rounds(office, 9)
    cursors = [rounds.page(ROOM, DAY, None, None).cursor for _ in range(3)]
    assert rounds.page(ROOM, None, cursors[0], None).restarted
    rounds.forget()
    again = rounds.page(ROOM, None, cursors[2], None)
    assert (again.restarted, len(again.items)) == (True, 1)


def test_a_series_is_told_with_its_master(office):
    daily = Recurrence(pattern="daily", count=2)
    series = office.add(ROOM, ROOM, Values("x", TimeWindow(NOW, NOW + HOUR), recurrence=daily), NOW)
    rounds = Rounds(office, 9)
    page = rounds.page(ROOM, TimeWindow(NOW, NOW + timedelta(days=3)), None, None)
    assert [each.booking.kind for each in page.items] == ["series", "occurrence", "occurrence"]
    assert page.items[0].id == series.id
    office.remove(series, NOW)
    gone = rounds.page(ROOM, None, page.cursor, None).items
    assert [(each.kind, each.id) for each in gone] == [("removed", each.id) for each in page.items]
