"""getSchedule: one answer for each address, failures inside a 200, and the question itself checked."""

from __future__ import annotations

from typing import Any

import pytest

from hamilton_sdk.testing.simulators.graph import GraphSimulator
from tests.testing.simulators.graph.client import OTHER_ROOM, ROOM, Client, event, moment


@pytest.fixture
def client() -> Client:
    return Client(GraphSimulator())


def _ask(client: Client, **members: Any) -> Any:
    body = {"schedules": [ROOM], "startTime": moment(8), "endTime": moment(12), **members}
    return client.ask("POST", f"users/{ROOM}/calendar/getSchedule", body)


def test_busy_times_are_digits_and_items(client):
    client.create(ROOM, event(8.5, 9.5))
    client.create(ROOM, event(10, 11, showAs="tentative", sensitivity="private"))
    client.create(ROOM, event(11, 12, showAs="free"))
    client.create(ROOM, event(7, 8.25, showAs="oof"))

    found = _ask(client, schedules=[ROOM, OTHER_ROOM], availabilityViewInterval=60).value

    assert [each["availabilityView"] for each in found] == ["3210", "0000"]
    items = found[0]["scheduleItems"]
    assert [each["status"] for each in items] == ["oof", "busy", "tentative"]
    assert items[0]["start"]["dateTime"] == "2026-01-05T07:00:00.0000000"
    assert (items[2]["isPrivate"], "subject" in items[2]) == (True, False)
    assert found[0]["workingHours"]["timeZone"] == {"name": "Romance Standard Time"}


def test_an_unknown_address_and_too_many_entries_fail_for_themselves(client):
    for _ in range(1001):
        client.simulator.outlook.book(ROOM, *_hour())

    found = _ask(client, schedules=["nobody@x.example", ROOM, OTHER_ROOM]).value

    assert [each.get("error", {}).get("responseCode") for each in found] == ["5009", "5006", None]
    assert "scheduleItems" not in found[0]


def _hour() -> tuple[Any, Any]:
    from tests.testing.simulators.graph.client import at

    return at(9), at(10)


@pytest.mark.parametrize(
    ("members", "status", "code"),
    [
        ({"schedules": []}, 400, "UnableToDeserializePostBody"),
        ({"rooms": []}, 400, "UnableToDeserializePostBody"),
        ({"schedules": [ROOM] * 101}, 400, "ErrorMailboxDataArrayTooBig"),
        ({"endTime": moment(8)}, 400, "ErrorInvalidTimeInterval"),
        ({"availabilityViewInterval": 4}, 400, "ErrorInvalidMergedFreeBusyInterval"),
        ({"availabilityViewInterval": None}, 500, "ErrorInternalServerError"),
        ({"startTime": moment(8, zone="Nowhere")}, 400, "TimeZoneNotSupportedException"),
    ],
)
def test_a_wrong_question_is_refused_whole(client, members, status, code):
    reply = _ask(client, **members)

    assert (reply.status, reply.code) == (status, code)
