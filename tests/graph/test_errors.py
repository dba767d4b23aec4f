"""What calendars add to the tree of errors."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime, timedelta

from hamilton_sdk.errors import Conflict, Outcome
from hamilton_sdk.graph import Meeting, RoomTaken
from hamilton_sdk.model import TimeWindow

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
MEETING = Meeting(window=TimeWindow(START, START + timedelta(hours=1)), subject="Salaries")


def test_a_taken_room_is_a_conflict_that_names_the_meetings_in_the_way():
    error = RoomTaken("two meetings are in the way", hint="take another room", conflicts=[MEETING])
    assert isinstance(error, Conflict)
    assert error.outcome is Outcome.FINAL
    assert error.conflicts == (MEETING,)
    assert "Salaries" not in str(error)


def test_it_pickles_and_copies_with_them():
    error = RoomTaken("taken", conflicts=[MEETING])
    unpickled = pickle.loads(pickle.dumps(error))  # noqa: S301 (made one line before)
    for other in (unpickled, copy.copy(error)):
        assert type(other) is RoomTaken
        assert other.conflicts == (MEETING,)


def test_a_room_that_declines_need_not_say_why():
    assert RoomTaken("declined").conflicts == ()
