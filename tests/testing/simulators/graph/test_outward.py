"""A simulator on its own reaches subscribers over the network."""

from __future__ import annotations

import pytest

from hamilton_sdk.flow import Cut, Request, Response, Safety
from hamilton_sdk.testing.server import LoopbackServer
from hamilton_sdk.testing.simulators.graph.outward import post


class _Subscriber:
    def __init__(self, status: int) -> None:
        self.status = status
        self.seen: list[Request] = []

    def respond(self, request):
        self.seen.append(request)
        return Response(self.status, {"content-type": "text/plain"}, b"said")
        yield


def _request(url: str) -> Request:
    return Request(
        method="POST", url=url, operation="notify", safety=Safety.SAFE, headers={"x-a": "b"}, body=b"{}"
    )


@pytest.mark.parametrize("status", [200, 503])
def test_answers_come_back_whatever_their_status(status):
    subscriber = _Subscriber(status)
    with LoopbackServer(subscriber) as server:
        found = post(_request(f"{server.url}/x"))

    assert (found.status, found.text(), found.headers["content-type"]) == (status, "said", "text/plain")
    assert (subscriber.seen[0].body, subscriber.seen[0].headers["x-a"]) == (b"{}", "b")


def test_no_answer_is_a_cut():
    with LoopbackServer(_Subscriber(200)) as server:
        url = server.url
    with pytest.raises(Cut):
        post(_request(url))
