"""Several reads in one request, within Graph's limits, and what was not served is asked for again."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import Forbidden, NotFound, RateLimited, ServerFailed
from hamilton_sdk.flow import Response
from hamilton_sdk.graph.exchange.batch import batch
from hamilton_sdk.graph.exchange.wire import Call, path
from tests.graph.exchange.world import ROOM, URL, World, answer, event, fault, tenant

TENANT = tenant()
ROOMS = tuple(f"room-{number}@contoso.example" for number in range(30))


def call(mailbox=ROOM, event_id="E1="):
    where = path("users", mailbox, "events", event_id)
    return Call(operation="getEvent", path=where, mailbox=mailbox, query={"$select": "id"})


def sizes(world):
    return [len(each.body["requests"]) for each in world.of("batch")]


def test_answers_come_in_the_order_of_the_calls():
    world = World()
    made = [world.put() for _ in range(3)]
    found = world.run(batch(TENANT, [call(event_id=each["id"]) for each in made]))
    assert [each["id"] for each in found] == [each["id"] for each in made]
    assert World().run(batch(TENANT, [])) == []


def test_an_item_is_relative_and_wants_what_every_request_wants():
    world = World()
    world.run(batch(TENANT, [call()]))
    (item,) = world.asked[0].body["requests"]
    assert item["url"] == f"/users/{ROOM}/events/E1%3D?$select=id"
    assert 'IdType="ImmutableId"' in item["headers"]["prefer"]
    assert item["method"] == "GET"
    assert world.asked[0].request.url == f"{URL}/v1.0/$batch"
    assert world.asked[0].request.safety.value == "safe"


def test_no_more_than_twenty_and_four_of_one_mailbox():
    world = World(rooms=ROOMS)
    world.run(batch(TENANT, [call(each) for each in ROOMS]))
    assert sizes(world) == [20, 10]
    world = World(rooms=ROOMS)
    world.run(batch(TENANT, [call(ROOMS[number % 2]) for number in range(10)]))
    assert sizes(world) == [8, 2]


def test_an_item_that_fails_is_an_error_in_its_place():
    world = World()
    made = world.put()
    found, missing = world.run(batch(TENANT, [call(event_id=made["id"]), call(event_id="gone")]))
    assert found["id"] == made["id"]
    assert isinstance(missing, NotFound)
    assert missing.operation == "getEvent"


@pytest.mark.parametrize(
    "reply",
    [
        fault(429, "ApplicationThrottled", **{"Retry-After": "2.5"}),
        fault(424, "FailedDependency"),
        Response(504, {}, b"<html>gateway</html>"),
        fault(412, "ErrorIrresolvableConflict"),
    ],
)
def test_an_item_that_was_not_served_is_asked_for_again_alone(reply):
    world = World()
    made = [world.put() for _ in range(2)]
    world.scripted["inner"] = [None, reply]
    found = world.run(batch(TENANT, [call(event_id=each["id"]) for each in made]))
    assert [each["id"] for each in found] == [each["id"] for each in made]
    assert sizes(world) == [2, 1]
    again = world.of("batch")[1].request.retry_of
    assert again is not None
    wait = reply.headers.get("Retry-After")
    assert again.retry_after == (None if wait is None else float(wait))
    assert again.attempts == 1


def test_an_item_without_an_answer_is_asked_for_again():
    world = World(scripted={"batch": [answer({"responses": [{"id": "0"}, {"id": "x", "status": 200}]})]})
    made = world.put()
    assert world.run(batch(TENANT, [call(event_id=made["id"])]))[0]["id"] == made["id"]


def test_asking_again_comes_to_an_end():
    world = World(scripted={"inner": [fault(429, "ApplicationThrottled")] * 10})
    with pytest.raises(RateLimited):
        world.run(batch(TENANT, [call()]))
    assert len(world.of("batch")) == 4


def test_a_batch_that_fails_as_a_whole_is_an_error():
    with pytest.raises(ServerFailed):
        World(scripted={"batch": [fault(500, "X")]}).run(batch(TENANT, [call()]))


def test_an_error_that_is_no_json_keeps_its_text():
    world = World(scripted={"inner": [Response(403, {}, b"<html>no</html>"), answer(event())]})
    (error,) = world.run(batch(TENANT, [call()]))
    assert isinstance(error, Forbidden)
    assert error.raw == b"<html>no</html>"
