"""Notifications in Starlette."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from hamilton_sdk.graph.notifications.receiving.starlette import answer, receive_request
from tests.graph.notifications.receiving.receivers import (
    HANDSHAKE,
    POSTED,
    REFUSED,
    TOKEN,
    TROUBLES,
    AsyncKeeper,
    async_receiver,
)


async def post(receiver, keeper, posted=b"", query=""):
    async def endpoint(request):
        received = await receive_request(request, receiver)
        await keeper(received)
        receiver.done(received)
        return answer(received)

    application = Starlette(routes=[Route("/graph", endpoint, methods=["POST"])])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application), base_url="http://here"
    ) as client:
        return await client.post(f"/graph?{query}", content=posted)


async def test_the_handshake_is_answered():
    async with async_receiver() as receiver:
        told = await post(receiver, AsyncKeeper(), query=HANDSHAKE)
    assert (told.status_code, told.content) == (200, TOKEN)
    assert told.headers["content-type"] == "text/plain; charset=utf-8"
    assert told.headers["x-content-type-options"] == "nosniff"


async def test_notifications_are_received():
    keeper = AsyncKeeper()
    async with async_receiver() as receiver:
        answers = [await post(receiver, keeper, POSTED) for _ in range(2)]
    assert [each.status_code for each in answers] == [202, 202]
    assert [len(each.changes) for each in keeper.got] == [1, 0]


@REFUSED
async def test_what_is_not_taken_is_refused(query, posted, status):
    keeper = AsyncKeeper()
    async with async_receiver() as receiver:
        told = await post(receiver, keeper, posted, query)
    assert (told.status_code, keeper.got) == (status, [])


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_what_cannot_be_judged_is_answered_with_503(trouble):
    async with async_receiver(trouble) as receiver:
        assert (await post(receiver, AsyncKeeper(), POSTED)).status_code == 503
