"""The retrying transports for httpx2; the rules they share with those for httpx are tested there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import httpx2
import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError
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


@pytest.mark.parametrize("kind", [RetryTransport, AsyncRetryTransport])
def test_a_transport_given_in_the_place_of_the_policy_is_told_how_to_be_given(
    kind: Callable[..., object],
) -> None:
    """Wrappers of transports often take the wrapped one first; this one takes it by name."""
    with pytest.raises(ConfigurationError, match=r"RetryTransport: policy is MockTransport") as caught:
        kind(httpx2.MockTransport(lambda _: httpx2.Response(200)))
    assert f"{kind.__name__}(transport=...)" in (caught.value.hint or "")


@pytest.mark.parametrize("kind", [RetryTransport, AsyncRetryTransport])
@pytest.mark.parametrize(
    ("given", "what", "hint"),
    [
        ({"policy": 3}, "policy is int", "RetryPolicy(...)"),
        ({"policy": RetryPolicy}, "policy is the class RetryPolicy", "RetryPolicy(...)"),
        ({"transport": object()}, "transport is object", "httpx2."),
        ({"transport": httpx2.MockTransport}, "transport is the class MockTransport", "httpx2."),
        ({"transport": httpx.MockTransport(lambda _: None)}, "transport is MockTransport", "give an httpx2."),
        ({"safety": "idempotent"}, "safety is str", "Safety.SAFE, Safety.IDEMPOTENT, Safety.UNSAFE"),
        ({"safety": Safety}, "safety is the class Safety", "a function"),
        ({"clock": 12.0}, "clock is float", "SystemClock()"),
        ({"clock": SettableClock}, "clock is the class SettableClock", "SettableClock()"),
        ({"hooks": print}, "hooks is builtin_function_or_method", "Hooks(on_attempt=..."),
    ],
)
def test_an_argument_of_another_kind_is_refused_at_once(
    kind: Callable[..., object], given: dict[str, object], what: str, hint: str
) -> None:
    with pytest.raises(ConfigurationError, match=f"^{kind.__name__}: {what}") as caught:
        kind(**given)
    assert hint in (caught.value.hint or "")


def test_each_shell_takes_transports_of_its_own_kind_alone() -> None:
    with pytest.raises(ConfigurationError, match="transport is AsyncHTTPTransport"):
        RetryTransport(transport=httpx2.AsyncHTTPTransport())
    with pytest.raises(ConfigurationError, match="transport is HTTPTransport"):
        AsyncRetryTransport(transport=httpx2.HTTPTransport())


async def test_a_function_that_says_no_safety_lets_nothing_be_sent() -> None:
    peer = Peer(1)
    with pytest.raises(ConfigurationError, match="returned str for a request"):
        send(peer, "POST", safety=lambda _: "unsafe")
    with pytest.raises(ConfigurationError, match="returned str for a request"):
        await send_async(peer, "POST", safety=lambda _: "unsafe")
    assert peer.bodies == []
