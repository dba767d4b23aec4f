"""The retrying transports for httpx2; the rules they share with those for httpx are tested there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.retry import Attempt, Hooks, RetryPolicy, Safety
from hamilton_sdk.transport.retrying_httpx2 import AsyncRetryTransport, RetryTransport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

URL = "https://peer.example/"


class Peer:
    """Fails a number of times and then answers 200."""

    def __init__(self, failures: int, error: Exception | None = None) -> None:
        self.failures = failures
        self.error = error
        self.bodies: list[bytes] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.bodies.append(request.content)
        if len(self.bodies) > self.failures:
            return httpx2.Response(200)
        if self.error is not None:
            raise self.error
        return httpx2.Response(503)

    async def awaited(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        return self(request)

    def read(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        return self(request)


def send(
    peer: Peer, method: str = "GET", policy: RetryPolicy | None = None, **more: object
) -> httpx2.Response:
    content = more.pop("content", None)
    more.setdefault("clock", SettableClock())
    transport = RetryTransport(policy, transport=httpx2.MockTransport(peer.read), **more)
    with httpx2.Client(transport=transport) as client:
        return client.request(method, URL, content=content)


async def send_async(
    peer: Peer, method: str = "GET", policy: RetryPolicy | None = None, **more: object
) -> httpx2.Response:
    content = more.pop("content", None)
    more.setdefault("clock", SettableClock())
    transport = AsyncRetryTransport(policy, transport=httpx2.MockTransport(peer.awaited), **more)
    async with httpx2.AsyncClient(transport=transport) as client:
        return await client.request(method, URL, content=content)


@pytest.mark.parametrize("error", [None, httpx2.ReadError("cut"), httpx2.ConnectTimeout("late")])
async def test_what_passes_is_sent_again_with_its_body(error: Exception | None) -> None:
    peer, async_peer = Peer(2, error), Peer(2, error)
    assert send(peer, "PUT", content=b"data").status_code == 200
    assert (await send_async(async_peer, "PUT", content=b"data")).status_code == 200
    assert peer.bodies == async_peer.bodies == [b"data"] * 3


async def test_what_may_have_happened_twice_is_not() -> None:
    peer, async_peer = Peer(1), Peer(1)
    assert send(peer, "POST").status_code == 503
    assert (await send_async(async_peer, "POST")).status_code == 503
    assert len(peer.bodies) == len(async_peer.bodies) == 1


@pytest.mark.parametrize("safety", [Safety.IDEMPOTENT, lambda _: Safety.IDEMPOTENT])
async def test_unless_the_caller_knows_better(safety: Safety | Callable[[httpx2.Request], Safety]) -> None:
    assert send(Peer(1), "POST", safety=safety).status_code == 200
    assert (await send_async(Peer(1), "POST", safety=safety)).status_code == 200


async def test_a_stream_is_sent_once() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"data"

    async def async_pieces() -> AsyncIterator[bytes]:
        yield b"data"

    peer, async_peer = Peer(1), Peer(1)
    assert send(peer, "PUT", content=pieces()).status_code == 503
    assert (await send_async(async_peer, "PUT", content=async_pieces())).status_code == 503
    assert peer.bodies == async_peer.bodies == [b"data"]


async def test_the_limits_and_hooks_are_the_callers() -> None:
    attempts: list[Attempt] = []
    hooks = Hooks(on_attempt=attempts.append)
    policy = RetryPolicy(attempts=2)
    with pytest.raises(httpx2.ReadError):
        send(Peer(9, httpx2.ReadError("cut")), policy=policy, hooks=hooks)
    with pytest.raises(httpx2.ReadError):
        await send_async(Peer(9, httpx2.ReadError("cut")), policy=policy, hooks=hooks)
    assert [(attempt.connector, attempt.number) for attempt in attempts] == [("httpx2", 1), ("httpx2", 2)] * 2


async def test_without_a_transport_the_librarys_own_is_used_and_closed() -> None:
    transport, async_transport = RetryTransport(), AsyncRetryTransport()
    assert isinstance(transport._transport, httpx2.HTTPTransport)
    assert isinstance(async_transport._transport, httpx2.AsyncHTTPTransport)
    transport.close()
    await async_transport.aclose()
