"""Who is in the way, and who gives way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hamilton_sdk.graph.exchange import neighbours
from tests.graph.exchange.world import AT, HOUR, ROOM, World, event, marked, tenant, utc, window

TENANT = tenant()


def at(start, hours=1.0, event_id="X=", **members):
    return event(event_id, start=utc(start), end=utc(start + timedelta(hours=hours)), **members)


@pytest.mark.parametrize(
    ("other", "in_the_way"),
    [
        (at(AT + HOUR), False),
        (at(AT - HOUR), False),
        (at(AT + HOUR / 2), True),
        (at(AT - HOUR, 3), True),
        (at(AT, showAs="free"), False),
        (at(AT, isCancelled=True), False),
        (at(AT, event_id="MINE="), False),
        (at(AT, event_id="Y=", seriesMasterId="MINE="), False),
        (at(AT, event_id="mine="), True),
    ],
)
def test_what_overlaps_and_takes_the_room_is_in_the_way(other, in_the_way):
    assert bool(neighbours.in_the_way([other], [window()], "MINE=")) is in_the_way


def test_each_window_of_a_series_counts_and_not_what_lies_between():
    windows = [window(), window(AT + timedelta(days=2))]
    found = [at(AT + timedelta(days=1)), at(AT + timedelta(days=2), event_id="HIT=")]
    assert [each["id"] for each in neighbours.in_the_way(found, windows)] == ["HIT="]


MINE = event("M=", createdDateTime="2026-12-01T08:00:01Z", **marked("r-1"))


@pytest.mark.parametrize(
    ("other", "gives_way"),
    [
        (event("A=", createdDateTime="2026-12-01T08:00:00Z", **marked("r-2")), True),
        (event("A=", createdDateTime="2026-12-01T08:00:01Z", **marked("r-2")), True),
        (event("Z=", createdDateTime="2026-12-01T08:00:01Z", **marked("r-2")), False),
        (event("A=", createdDateTime="2026-12-01T08:00:02Z", **marked("r-2")), False),
        (event("Z=", createdDateTime="2026-12-01T09:00:00Z"), True),
    ],
)
def test_of_two_the_later_then_the_greater_gives_way_and_to_people_always(other, gives_way):
    assert bool(neighbours.rivals(TENANT, MINE, [other])) is gives_way


def test_of_two_of_ours_exactly_one_gives_way():
    other = event("N=", createdDateTime="2026-12-01T08:00:01Z", **marked("r-2"))
    ways = [neighbours.rivals(TENANT, MINE, [other]), neighbours.rivals(TENANT, other, [MINE])]
    assert sorted(map(len, ways)) == [0, 1]


def test_all_windows_are_read_at_once():
    world = World()
    world.put(start=utc(AT), end=utc(AT + HOUR))
    windows = [window(), window(AT + timedelta(days=1), 3)]
    assert len(world.run(neighbours.neighbours(TENANT, ROOM, windows))) == 1
    query = world.asked[0].query
    assert query["startDateTime"].startswith("2026-12-07T09")
    assert query["endDateTime"].startswith("2026-12-08T12")


def test_the_error_names_the_meetings_and_no_subject():
    error = neighbours.taken(TENANT, [event("A=", subject="Salaries", **marked("r-2"))])
    assert [(each.id, each.reference) for each in error.conflicts] == [("A=", "r-2")]
    assert "Salaries" not in str(error)
    assert error.connector == "graph.exchange"
    assert "declined" in str(neighbours.room_taken(()))
