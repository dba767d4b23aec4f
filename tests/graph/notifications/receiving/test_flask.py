"""Notifications in Flask."""

from __future__ import annotations

import pytest
from flask import Flask, request

from hamilton_sdk.graph.notifications.receiving.flask import answer, receive_request
from tests.graph.notifications.receiving.receivers import (
    HANDSHAKE,
    POSTED,
    REFUSED,
    TOKEN,
    TROUBLES,
    Keeper,
    receiver,
)


def post(gate, keeper, posted=b"", query=""):
    application = Flask(__name__)

    @application.post("/graph")
    def graph():
        received = receive_request(request, gate)
        keeper(received)
        gate.done(received)
        return answer(received)

    return application.test_client().post(f"/graph?{query}", data=posted)


def test_the_handshake_is_answered():
    with receiver() as gate:
        told = post(gate, Keeper(), query=HANDSHAKE)
    assert (told.status_code, told.data) == (200, TOKEN)
    assert told.headers["content-type"] == "text/plain; charset=utf-8"
    assert told.headers["x-content-type-options"] == "nosniff"


def test_notifications_are_received():
    keeper = Keeper()
    with receiver() as gate:
        answers = [post(gate, keeper, POSTED) for _ in range(2)]
    assert [(each.status_code, each.data) for each in answers] == [(202, b"")] * 2
    assert [len(each.changes) for each in keeper.got] == [1, 0]


@REFUSED
def test_what_is_not_taken_is_refused(query, posted, status):
    keeper = Keeper()
    with receiver() as gate:
        assert post(gate, keeper, posted, query).status_code == status
    assert keeper.got == []


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_cannot_be_judged_is_answered_with_503(trouble):
    with receiver(trouble) as gate:
        assert post(gate, Keeper(), POSTED).status_code == 503
