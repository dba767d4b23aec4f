"""Notifications in plain ASGI: in process, and under a real uvicorn."""

from __future__ import annotations

import httpx
import pytest

from hamilton_sdk.errors import RequestRefused
from hamilton_sdk.graph.notifications.receiving.asgi import notifications_asgi, receive_request
from tests.graph.notifications.receiving.receivers import (
    HANDSHAKE,
    POSTED,
    REFUSED,
    TOKEN,
    TROUBLES,
    AsyncKeeper,
    Keeper,
    async_receiver,
)
from tests.serving.incoming.events import GONE, part, receiving, scope
from tests.webhooks.receiving.servers import uvicorn_server


async def post(application, posted=b"", query="", method="POST", *, raising=True):
    transport = httpx.ASGITransport(application, raise_app_exceptions=raising)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        return await client.request(method, f"/graph?{query}", content=posted)


async def test_a_request_brings_what_it_holds():
    async with async_receiver() as receiver:
        received = await receive_request(scope(), receiving(part(POSTED)), receiver)
        assert (len(received.changes), len(received.lifecycle), len(received.refused)) == (1, 1, 1)
        tried = await receive_request(scope(query_string=HANDSHAKE.encode()), receiving(part()), receiver)
        assert tried.validation == TOKEN
        with pytest.raises(RequestRefused):
            await receive_request(scope(), receiving(part(POSTED)), receiver, largest_body=10)


async def test_the_handshake_is_answered():
    async with async_receiver() as receiver:
        answer = await post(notifications_asgi(receiver, AsyncKeeper()), query=HANDSHAKE)
    assert (answer.status_code, answer.content) == (200, TOKEN)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_notifications_are_handed_over_once_and_answered_with_202():
    keeper = AsyncKeeper()
    async with async_receiver() as receiver:
        application = notifications_asgi(receiver, keeper)
        answers = [await post(application, POSTED) for _ in range(2)]
    assert [(each.status_code, each.content) for each in answers] == [(202, b"")] * 2
    assert [len(each.changes) for each in keeper.got] == [1, 0]


@REFUSED
async def test_what_is_not_taken_is_refused(query, posted, status):
    keeper = AsyncKeeper()
    async with async_receiver() as receiver:
        answer = await post(notifications_asgi(receiver, keeper), posted, query)
    assert (answer.status_code, keeper.got) == (status, [])


async def test_another_method_is_refused():
    async with async_receiver() as receiver:
        answer = await post(notifications_asgi(receiver, AsyncKeeper()), query=HANDSHAKE, method="GET")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_what_cannot_be_judged_is_answered_with_503(trouble):
    async with async_receiver(trouble) as receiver:
        answer = await post(notifications_asgi(receiver, AsyncKeeper()), POSTED)
    assert answer.status_code == 503


@pytest.mark.parametrize("keeper", [AsyncKeeper(OSError("full")), AsyncKeeper(202), Keeper()])
async def test_what_could_not_be_kept_is_answered_with_500_and_comes_again(keeper):
    async with async_receiver() as receiver:
        assert (await post(notifications_asgi(receiver, keeper), POSTED, raising=False)).status_code == 500
        with pytest.raises((OSError, TypeError)):
            await post(notifications_asgi(receiver, keeper), POSTED)
    assert [len(each.changes) for each in keeper.got] == [1, 1]


async def test_a_sender_that_went_away_is_left_alone():
    sent = []

    async def send(message):
        sent.append(message)
        raise OSError("closed")

    async with async_receiver() as receiver:
        await notifications_asgi(receiver, AsyncKeeper())(scope(), receiving(GONE), send)
    assert sent


def test_under_a_real_server():
    keeper = AsyncKeeper()
    receiver = async_receiver()

    async def application(scope, receive, send):
        await notifications_asgi(receiver, keeper)(scope, receive, send)
        if scope["type"] == "lifespan":
            await receiver.close()

    with uvicorn_server(application) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        assert client.post(f"/graph?{HANDSHAKE}").content == TOKEN
        assert client.post("/graph", content=POSTED).status_code == 202
    assert len(keeper.got) == 1
