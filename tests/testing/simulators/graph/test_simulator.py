"""The simulator as a whole: faults by operation, work without an answer, threads, what clients need."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.flow import Cut
from hamilton_sdk.testing.faults import Fault
from hamilton_sdk.testing.simulators.graph import GraphSimulator, Person, Room
from tests.testing.simulators.graph.client import BASE, ROOM, Client, event


@pytest.fixture
def client() -> Client:
    return Client(GraphSimulator())


def test_done_but_answered_504(client):
    client.simulator.faults.add(Fault("status", status=504, after_work=True), operation="events.create")

    assert client.ask("POST", f"users/{ROOM}/events", event()).status == 504
    assert len(client.view()) == 1


def test_a_cut_line_leaves_its_place_to_others(client):
    client.simulator.faults.add(Fault("reset"), operation="events.list", times=6)
    for _ in range(6):
        with pytest.raises(Cut):
            client.get(f"users/{ROOM}/events")

    assert client.get(f"users/{ROOM}/events").status == 200


def test_the_protocols_own_failure_is_graphs(client):
    client.simulator.faults.add(Fault("fault", status=503, message="busy"), operation="calendarView")
    client.simulator.faults.add(Fault("fault"), operation="discovery")
    client.simulator.faults.add(Fault("fault"), operation="batch")

    reply = client.get(f"users/{ROOM}/calendarView")
    assert (reply.status, reply.code) == (503, "ErrorInternalServerError")
    assert client.get(f"{BASE}/common/.well-known/openid-configuration").status == 500
    assert client.ask("POST", "$batch", {"requests": []}).status == 500


def test_both_ids_of_a_request_are_answered(client):
    own = client.get(f"users/{ROOM}", client_request_id="mine").headers
    none = client.get(f"users/{ROOM}").headers

    assert own["client-request-id"] == "mine" != own["request-id"]
    assert none["client-request-id"] == none["request-id"]


def test_rooms_and_people_may_be_given_by_address_alone():
    simulator = GraphSimulator(
        rooms=["red.room@x.example"], people=[Person("p@x.example", "P"), "q@x.example"]
    )
    client = Client(simulator)

    assert client.get("users/red.room@x.example").json["displayName"] == "Red Room"
    assert client.get("users/p@x.example").json["displayName"] == "P"
    assert client.get("users/q@x.example").json["displayName"] == "Q"


def test_an_unknown_zone_is_a_configuration_error():
    with pytest.raises(ConfigurationError):
        GraphSimulator(timezone="Nowhere")


def test_a_client_is_told_url_token_tenant_and_rooms():
    lines = GraphSimulator(rooms=[Room(address=ROOM, name="A"), "b@x.example"]).client_lines("https://h:1")

    assert lines[0] == ("url", "https://h:1/")
    assert dict(lines)["token"] == f"https://h:1/{dict(lines)['tenant']}/oauth2/v2.0/token"
    assert [value for name, value in lines if name == "room"] == [ROOM, "b@x.example"]


def test_many_threads_with_one_transaction_make_one_event(client):
    client.simulator.switches.mailbox_concurrency = 100
    body = event(transactionId="t")

    with ThreadPoolExecutor(8) as threads:
        ids = set(threads.map(lambda _: client.create(ROOM, body)["id"], range(40)))

    assert len(ids) == 1
    assert len(client.view()) == 1
