"""What the adapter sends keeps to Microsoft's own description of Graph."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hamilton_sdk.flow import Request, Safety
from hamilton_sdk.graph import Attendee, Recurrence
from hamilton_sdk.graph.exchange import (
    booking,
    changes,
    ending,
    finding,
    health,
    occupancy,
    places,
    subscriptions,
)
from hamilton_sdk.graph.exchange.altering import update
from tests.graph.exchange.world import (
    AT,
    HOUR,
    PERSON,
    ROOM,
    URL,
    Asked,
    World,
    answer,
    event,
    reservation,
    tenant,
    utc,
    window,
)

DOCUMENT: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "openapi-subset.json").read_text(encoding="utf-8")
)
# Documented in "Get place" and used by everybody; the description has it with a type behind it only.
UNDESCRIBED = {("GET", f"/places/{ROOM}"), ("POST", "/$batch")}


def as_json_schema(part: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema.

    Every reference may be null, as it is in Graph's own answers; what is "required" is the type's name alone,
    which nobody sends; and "additionalProperties" speak of none of what derived types add.
    """
    if isinstance(part, list):
        return [as_json_schema(each) for each in part]
    if not isinstance(part, dict):
        return part
    left_out = {"nullable", "additionalProperties"} | (
        {"required"} if isinstance(part.get("required"), list) else set()
    )
    if "$ref" in part:
        return {"anyOf": [{"$ref": part["$ref"]}, {"type": "null"}]}
    changed = {name: as_json_schema(value) for name, value in part.items() if name not in left_out}
    if part.get("nullable") and "type" in part:
        changed["type"] = [part["type"], "null"]
    return changed


@cache
def schemas() -> dict[str, Any]:
    return {"components": {"schemas": as_json_schema(DOCUMENT["components"]["schemas"])}}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        found: Any = DOCUMENT
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def members(schema: dict[str, Any]) -> dict[str, Any]:
    """All properties of a schema and of those it is made of, by folded name."""
    schema = resolved(schema)
    found: dict[str, Any] = {}
    for each in schema.get("allOf", []):
        found |= members(each)
    return found | {name.lower(): value for name, value in schema.get("properties", {}).items()}


def unknown(body: Any, schema: dict[str, Any], where: str = "") -> list[str]:
    """Members of a body that the schema does not name: a misspelt one is ignored by Graph in silence."""
    schema = resolved(schema)
    if isinstance(body, list):
        return [each for item in body for each in unknown(item, schema["items"], where)]
    if not isinstance(body, dict):
        return []
    known = members(schema)
    bad = [f"{where}/{name}" for name in body if name.lower() not in known]
    for name, value in body.items():
        if name.lower() in known:
            bad += unknown(value, known[name.lower()], f"{where}/{name}")
    return bad


def pattern_of(path: str) -> re.Pattern[str]:
    """A described path as an expression; the service takes names of functions with and without namespace."""
    short = path.removesuffix("()").replace("microsoft.graph.", "(?:microsoft.graph.)?")
    return re.compile(re.sub(r"\{[^}]+\}", "[^/]+", short.replace("$", r"\$")), re.IGNORECASE)


def described(method: str, path: str) -> dict[str, Any] | None:
    for known, operations in DOCUMENT["paths"].items():
        if method.lower() in operations and pattern_of(known).fullmatch(path):
            return operations[method.lower()]
    return None


def check(asked: Any) -> None:
    method, path = asked.request.method, asked.path
    if (method, path) in UNDESCRIBED:
        return
    operation = described(method, path)
    assert operation is not None, (method, path)
    names = {resolved(each)["name"] for each in operation.get("parameters", [])}
    assert set(asked.query) <= names, (path, asked.query)
    if asked.body is None:
        assert not operation.get("requestBody", {}).get("required")
        return
    schema = resolved(operation["requestBody"])["content"]["application/json"]["schema"]
    assert unknown(asked.body, schema) == []
    folded = {"$ref": schema["$ref"]} if "$ref" in schema else as_json_schema(folded_names(schema))
    body = asked.body if "$ref" in schema else {name.lower(): value for name, value in asked.body.items()}
    errors = list(Draft202012Validator({**schemas(), **folded}).iter_errors(body))
    assert errors == [], [f"{each.json_path}: {each.message}" for each in errors]


def folded_names(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "properties": {name.lower(): value for name, value in schema["properties"].items()}}


ROOMS, PEOPLE = tenant(), tenant(mode="attendee")
WEEKLY = Recurrence(pattern="weekly", days=("monday",), count=3)
RICH = {
    "organizer": PERSON,
    "attendees": [Attendee("bob@contoso.example", "Bob", "optional")],
    "body": "Text",
    "timezone": "Europe/Paris",
    "sensitivity": "private",
}


def everything(world: World) -> None:
    """Each operation of the adapter, in both modes."""
    wait = timedelta(seconds=1)
    world.run(booking.book(ROOMS, reservation(**RICH, recurrence=WEEKLY), wait))
    world.run(update(ROOMS, reservation(**RICH), None))
    world.run(finding.bookings_page(ROOMS, ROOM, window(), None))
    world.now = AT + HOUR / 2
    world.run(ending.end_early(ROOMS, "r-1", ROOM))
    world.run(ending.cancel(ROOMS, "r-1", ROOM, None, "Sorry"))
    world.run(booking.book(ROOMS, reservation("r-2", recurrence=WEEKLY), wait))
    world.run(ending.end_early(ROOMS, "r-2", ROOM))
    world.run(ending.cancel(ROOMS, "r-2", ROOM, None, None))
    world.run(booking.book(PEOPLE, reservation("r-3", **RICH), wait))
    world.run(occupancy.occupancy(ROOMS, [ROOM], window()))
    world.run(changes.changes_page(ROOMS, ROOM, window(), None, None))
    world.run(places.rooms_page(ROOMS, None))
    world.run(places.room_lists_page(ROOMS, None))
    world.run(health.check(ROOMS))
    watching(world)


def watching(world: World) -> None:
    told = {"id": "s", "expirationDateTime": "2026-12-02T00:00:00Z"}
    for name in ("createSubscription", "getSubscription", "renewSubscription"):
        world.scripted[name] = [answer(told)]
    wanted = subscriptions.Wanted(
        ROOM,
        "https://app.example/hooks",
        lifecycle_url=None,
        duration=None,
        secret=None,
        certificate="-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        certificate_id="c",
    )
    world.run(subscriptions.watch(ROOMS, wanted))
    world.run(subscriptions.renew(ROOMS, "s", None))
    world.scripted["deleteSubscription"] = [answer(None, 204)]
    world.run(subscriptions.unwatch(ROOMS, "s"))
    world.scripted["listSubscriptions"] = [answer({"value": []})]
    world.run(subscriptions.watches_page(ROOMS, None))


@pytest.fixture(scope="module")
def asked() -> list[Any]:
    nothing = answer({"value": []})
    delta = answer({"value": [event("S=", start=utc(AT))], "@odata.deltaLink": f"{URL}/v1.0/x"})
    scripted: dict[str, Any] = {
        "listRooms": [nothing, answer({"value": [{"emailAddress": ROOM}]})],
        "listRoomLists": [nothing],
        "calendarViewDelta": [delta],
        "listEvents": [nothing],
    }
    world = World(scripted=scripted)
    everything(world)
    return world.asked


def test_every_request_is_described_and_its_body_fits(asked):
    for each in asked:
        check(each)


def test_every_operation_of_the_adapter_was_among_them(asked):
    assert {each.name for each in asked} >= {
        "batch",
        "calendarView",
        "calendarViewDelta",
        "cancelEvent",
        "createEvent",
        "createSubscription",
        "deleteEvent",
        "deleteSubscription",
        "findEvent",
        "getEvent",
        "getPlace",
        "getSchedule",
        "getSubscription",
        "listEvents",
        "listInstances",
        "listRoomLists",
        "listRooms",
        "listSubscriptions",
        "renewSubscription",
        "updateEvent",
    }


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"subjekt": "x"}, True),
        ({"isAllDay": "yes"}, True),
        ({"recurrence": {"pattern": {"interval": "1"}}}, True),
        ({"subject": "x", "recurrence": None}, False),
    ],
)
def test_a_body_that_does_not_fit_would_be_found(body, wrong):
    request = Request(method="POST", url=URL, operation="x", safety=Safety.SAFE)
    made = Asked(request, f"/users/{ROOM}/events", {}, body)
    if wrong:
        with pytest.raises(AssertionError):
            check(made)
    else:
        check(made)
