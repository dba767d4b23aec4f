"""Each mailbox takes four requests at a time and so many in ten minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hamilton_sdk.flow import Now, Request, Response, Safety, Sleep
from hamilton_sdk.testing.simulators.graph import GraphSimulator, Switches
from hamilton_sdk.testing.simulators.graph.errors import Refused
from hamilton_sdk.testing.simulators.graph.throttle import Throttle
from tests.testing.simulators.graph.client import BASE, NOW, OTHER_ROOM, ROOM, Client


def test_the_fifth_at_once_is_refused_and_a_place_is_free_again_when_one_ends():
    throttle = Throttle(Switches(retry_after="2.128"))
    for _ in range(4):
        throttle.enter(ROOM, NOW)
    throttle.enter(OTHER_ROOM, NOW)
    with pytest.raises(Refused) as caught:
        throttle.enter(ROOM, NOW)
    throttle.leave(ROOM)
    throttle.enter(ROOM, NOW)

    assert (caught.value.status, caught.value.headers) == (429, {"retry-after": "2.128"})
    assert "MailboxConcurrency" in caught.value.message
    assert throttle.busiest[ROOM] == 5


def test_requests_are_counted_over_ten_minutes():
    client = Client(GraphSimulator(switches=Switches(mailbox_requests=2, retry_after=None)))
    path = f"users/{ROOM}/events"
    statuses = [client.get(path).status for _ in range(3)]
    refused = client.get(path)
    client.clock.advance(timedelta(minutes=10).total_seconds())

    assert statuses == [200, 200, 429]
    assert ("retry-after" in refused.headers, "innerError" in refused.json["error"]) == (False, False)
    assert client.get(path).status == 200


def test_requests_that_take_time_stand_in_each_others_way():
    simulator = GraphSimulator(switches=Switches(latency=0.1))
    token = Client(simulator).token
    headers = {"authorization": f"Bearer {token}"}
    request = Request(
        method="GET",
        url=f"{BASE}/v1.0/users/{ROOM}/events",
        operation="?",
        safety=Safety.SAFE,
        headers=headers,
    )
    flows = [simulator.respond(request) for _ in range(4)]
    for flow in flows:
        assert isinstance(next(flow), Now)
        assert flow.send(NOW) == Sleep(0.1)
    late = simulator.respond(request)
    next(late)
    with pytest.raises(StopIteration) as stop:
        late.send(NOW)
    answer: Response = stop.value.value

    assert answer.status == 429
    flows[0].close()
    again = simulator.respond(request)
    next(again)
    assert again.send(NOW) == Sleep(0.1)
