"""$batch: item by item as if it had come alone, each throttled by itself."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.faults import Fault
from hamilton_sdk.testing.simulators.graph import GraphSimulator
from tests.testing.simulators.graph.client import OTHER_ROOM, ROOM, Client, event


@pytest.fixture
def client() -> Client:
    return Client(GraphSimulator())


def _get(key: str, room: str = ROOM, **more: object) -> dict:
    return {"id": key, "method": "GET", "url": f"/users/{room}/events", **more}


def _batch(client: Client, *requests: object) -> dict[str, dict]:
    reply = client.ask("POST", "$batch", {"requests": list(requests)})
    assert reply.status == 200, reply.json
    return {each["id"]: each for each in reply.json["responses"]}


def test_reads_and_writes_are_done(client):
    headers = {"Content-Type": "application/json"}
    create = {"id": "b", "method": "POST", "url": f"users/{ROOM}/events", "headers": headers, "body": event()}

    found = _batch(client, _get("a"), create, {"id": "c", "method": "GET", "url": "/nothing"})

    assert {key: each["status"] for key, each in found.items()} == {"a": 200, "b": 201, "c": 404}
    assert found["b"]["body"]["subject"] == "Review"
    assert "Content-Type" in found["a"]["headers"]


def test_a_mailbox_takes_four_at_once_and_refuses_the_rest_item_by_item(client):
    found = _batch(client, *(_get(str(number)) for number in range(6)), _get("other", OTHER_ROOM))

    assert sorted(each["status"] for each in found.values()) == [200] * 5 + [429] * 2
    assert found["5"]["headers"]["Retry-After"] == "1"


def test_a_chain_uses_one_connection_and_ends_with_its_first_failure(client):
    chain = [_get("0"), *(_get(str(number), dependsOn=[str(number - 1)]) for number in range(1, 7))]
    assert {each["status"] for each in _batch(client, *chain).values()} == {200}

    broken = [_get("0", "nobody@contoso.example"), _get("1", dependsOn=["0"]), _get("2", dependsOn=["1"])]
    assert [_batch(client, *broken)[key]["status"] for key in "012"] == [404, 424, 424]


@pytest.mark.parametrize(
    "requests",
    [
        [],
        "x",
        [_get(str(number)) for number in range(21)],
        [_get("a"), _get("A")],
        [_get("a", dependsOn=["b"])],
        [_get("a"), _get("b", dependsOn=["a"]), _get("c")],
        [{"id": "a", "method": "GET", "url": "https://evil.example/"}],
        [{"id": "a", "method": "POST", "url": "/x", "body": {}}],
        [{"id": 1, "method": "GET", "url": "/x"}],
        ["x"],
    ],
)
def test_what_is_no_batch_is_refused_whole(client, requests):
    assert client.ask("POST", "$batch", {"requests": requests}).status == 400


def test_an_item_may_prefer_an_unknown_zone(client):
    bad = _get("a", headers={"Prefer": 'outlook.timezone="Nowhere"'})

    assert _batch(client, bad)["a"]["body"]["error"]["code"] == "TimeZoneNotSupportedException"


def test_a_body_that_is_no_json_comes_as_text(client):
    client.simulator.faults.add(Fault("status", status=502, body=b"<html>"), operation="events.list")

    assert _batch(client, _get("a"))["a"]["body"] == "<html>"


def test_a_batch_as_a_whole_can_fail_before_or_after_its_work(client):
    create = {
        "id": "b",
        "method": "POST",
        "url": f"users/{ROOM}/events",
        "headers": {"Content-Type": "application/json"},
        "body": event(),
    }
    client.simulator.faults.add(Fault("status", status=503), operation="batch")
    client.simulator.faults.add(Fault("status", status=504, after_work=True), operation="batch", nth=2)

    assert client.ask("POST", "$batch", {"requests": [create]}).status == 503
    assert client.view() == []
    assert client.ask("POST", "$batch", {"requests": [create]}).status == 504
    assert len(client.view()) == 1


def test_a_batch_needs_a_token(client):
    assert client.ask("POST", "$batch", {"requests": [_get("a")]}, authorization="").status == 401
