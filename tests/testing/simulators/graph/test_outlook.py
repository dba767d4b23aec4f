"""A user's edits are method calls, and the service tells of them like of any other change."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.testing.simulators.graph import GraphSimulator
from tests.testing.simulators.graph.client import NOW, OTHER_PERSON, PERSON, ROOM, Client, at, weekly


@pytest.fixture
def simulator() -> GraphSimulator:
    return GraphSimulator()


def _subjects(simulator: GraphSimulator, mailbox: str = ROOM) -> list[str]:
    return [each["subject"] for each in simulator.outlook.events(mailbox)]


def test_what_is_booked_by_hand_is_found_by_the_service(simulator):
    key = simulator.outlook.book(ROOM, at(9), at(10), subject="By hand", showAs="tentative")

    found = Client(simulator).read(ROOM, key)
    assert (found["subject"], found["showAs"]) == ("By hand", "tentative")
    assert simulator.outlook.get(ROOM, found["id"])["id"] == key


def test_events_are_moved_edited_deleted_and_cancelled(simulator):
    outlook = simulator.outlook
    one, two = (outlook.book(ROOM, at(hour), at(hour + 1)) for hour in (9, 11))
    outlook.move(ROOM, one, at(14), at(15))
    outlook.edit(ROOM, one, subject="Edited")
    outlook.delete(ROOM, two)

    assert [each["start"]["dateTime"][11:13] for each in outlook.view(ROOM, NOW, at(24))] == ["14"]
    assert _subjects(simulator) == ["Edited"]
    outlook.cancel(ROOM, one)
    assert _subjects(simulator) == []


def test_a_series_is_made_and_one_occurrence_changed(simulator):
    outlook = simulator.outlook
    key = outlook.book(ROOM, at(9), at(10))
    outlook.make_recurring(ROOM, key, weekly(3))
    _, second, third = outlook.view(ROOM, NOW, at(0, 31))
    outlook.move(ROOM, second["id"], at(15, 12), at(16, 12))
    outlook.delete(ROOM, third["id"])

    assert [each["type"] for each in outlook.view(ROOM, NOW, at(0, 31))] == ["occurrence", "exception"]
    other = outlook.book(ROOM, at(18), at(19), recurrence=weekly(2))
    assert outlook.get(ROOM, other)["type"] == "seriesMaster"


@pytest.mark.parametrize(
    ("act", "response"),
    [("accept", "accepted"), ("decline", "declined"), ("tentatively_accept", "tentativelyAccepted")],
)
def test_people_answer_invitations(simulator, act, response):
    outlook = simulator.outlook
    key = outlook.book(PERSON, at(9), at(10), attendees=[OTHER_PERSON])
    mine = outlook.events(OTHER_PERSON)[0]["id"]
    getattr(outlook, act)(OTHER_PERSON, mine)

    assert outlook.get(PERSON, key)["attendees"][0]["status"]["response"] == response
    with pytest.raises(ConfigurationError):
        outlook.accept(PERSON, key)


def test_rooms_are_invited_as_resources_and_strangers_as_people(simulator):
    key = simulator.outlook.book(PERSON, at(9), at(10), attendees=[ROOM, "guest@elsewhere.example"])

    attendees = simulator.outlook.get(PERSON, key)["attendees"]
    assert [each["type"] for each in attendees] == ["resource", "required"]


def test_times_are_aware_and_keep_their_zone(simulator):
    paris = ZoneInfo("Europe/Paris")
    key = simulator.outlook.book(
        ROOM, datetime(2026, 1, 5, 10, tzinfo=paris), datetime(2026, 1, 5, 11, tzinfo=paris)
    )
    shown = simulator.outlook.get(ROOM, key)

    assert (shown["start"]["dateTime"][11:13], shown["originalStartTimeZone"]) == ("09", "Europe/Paris")
    with pytest.raises(ConfigurationError):
        simulator.outlook.book(ROOM, datetime(2026, 1, 5, 10), at(11))


def test_a_room_answers_also_where_no_program_asks(simulator):
    simulator.outlook.book(PERSON, at(9), at(10), attendees=[ROOM])

    assert _subjects(simulator) == ["Marie Martin"]
