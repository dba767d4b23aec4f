"""Retries for any httpx client: what is sent again, when, how often, and what becomes of the rest."""

from __future__ import annotations

import ssl
import threading
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError, NameNotResolved, Outcome
from hamilton_sdk.retry import Attempt, Hooks, Reason, RetryPolicy, Safety
from hamilton_sdk.transport.retrying import AsyncRetryTransport, RetryTransport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

URL = "https://peer.example:8443/path"


class Tracked(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that knows whether it was closed."""

    def __init__(self) -> None:
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield b"body"

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"body"

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


class Peer(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers with what is scripted, the last one for ever, and remembers what it was asked."""

    def __init__(self, *script: int | tuple[int, dict[str, str]] | Exception) -> None:
        self.script = list(script)
        self.requests: list[bytes] = []
        self.bodies: list[Tracked] = []
        self.closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(b"".join(request.stream))
        return self._answer()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(b"".join([piece async for piece in request.stream]))
        return self._answer()

    def _answer(self) -> httpx.Response:
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, Exception):
            raise step
        status, headers = step if isinstance(step, tuple) else (step, {})
        self.bodies.append(Tracked())
        return httpx.Response(status, headers=headers, stream=self.bodies[-1])

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


def call_sync(peer: Peer, method: str = "GET", *, policy: RetryPolicy | None = None, **more: Any) -> Any:
    options = {name: more.pop(name) for name in ("safety", "clock", "hooks") if name in more}
    options.setdefault("clock", SettableClock())
    with httpx.Client(transport=RetryTransport(policy, transport=peer, **options)) as client:
        return client.request(method, URL, **more)


async def call_async(
    peer: Peer, method: str = "GET", *, policy: RetryPolicy | None = None, **more: Any
) -> Any:
    options = {name: more.pop(name) for name in ("safety", "clock", "hooks") if name in more}
    options.setdefault("clock", SettableClock())
    async with httpx.AsyncClient(transport=AsyncRetryTransport(policy, transport=peer, **options)) as client:
        return await client.request(method, URL, **more)


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest) -> Callable[..., Any]:
    if request.param == "sync":
        return call_sync

    def run(*arguments: Any, **more: Any) -> Any:
        import asyncio

        return asyncio.run(call_async(*arguments, **more), debug=True)

    return run


def test_a_good_answer_is_handed_out_as_it_is(call: Callable[..., Any]) -> None:
    peer = Peer(200)
    answer = call(peer)
    assert (answer.status_code, answer.content) == (200, b"body")
    assert len(peer.requests) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_passing_failure_is_sent_again(call: Callable[..., Any], status: int) -> None:
    peer = Peer(status, 200)
    assert call(peer).status_code == 200
    assert len(peer.requests) == 2


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 422, 501, 505])
def test_an_answer_that_will_not_change_is_handed_out(call: Callable[..., Any], status: int) -> None:
    peer = Peer(status, 200)
    assert call(peer).status_code == status
    assert len(peer.requests) == 1


def test_a_failure_that_stays_is_handed_out_after_the_last_attempt(call: Callable[..., Any]) -> None:
    peer = Peer(503)
    answer = call(peer)
    assert (answer.status_code, answer.content) == (503, b"body")
    assert len(peer.requests) == 4


def test_an_exception_that_stays_is_raised_after_the_last_attempt(call: Callable[..., Any]) -> None:
    peer = Peer(httpx.ReadTimeout("slow"))
    with pytest.raises(httpx.ReadTimeout, match="slow"):
        call(peer, policy=RetryPolicy(attempts=3))
    assert len(peer.requests) == 3


@pytest.mark.parametrize("kind", ["ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_was_not_sent_is_sent_again_whatever_it_does(
    call: Callable[..., Any], kind: str, method: str
) -> None:
    peer = Peer(getattr(httpx, kind)("x"), 200)
    assert call(peer, method).status_code == 200
    assert len(peer.requests) == 2


@pytest.mark.parametrize(
    ("method", "headers", "again"),
    [
        ("GET", {}, True),
        ("HEAD", {}, True),
        ("OPTIONS", {}, True),
        ("PUT", {}, True),
        ("DELETE", {}, True),
        ("POST", {}, False),
        ("PATCH", {}, False),
        ("LINK", {}, False),
        ("POST", {"Idempotency-Key": "1"}, True),
        ("PATCH", {"idempotency-key": "1"}, True),
    ],
)
def test_what_may_have_happened_is_sent_again_only_where_twice_is_once(
    call: Callable[..., Any], method: str, headers: dict[str, str], again: bool
) -> None:
    for step in (httpx.ReadError("cut"), httpx.ReadTimeout("slow"), 500):
        peer = Peer(step, 200)
        if again:
            assert call(peer, method, headers=headers).status_code == 200
        elif isinstance(step, int):
            assert call(peer, method, headers=headers).status_code == step
        else:
            with pytest.raises(type(step)):
                call(peer, method, headers=headers)
        assert len(peer.requests) == (2 if again else 1)


@pytest.mark.parametrize("safety", [Safety.IDEMPOTENT, lambda request: Safety(request.headers["x-safety"])])
def test_the_caller_may_know_better(call: Callable[..., Any], safety: Any) -> None:
    peer = Peer(500, 200)
    answer = call(peer, "POST", safety=safety, headers={"X-Safety": "idempotent"})
    assert answer.status_code == 200


def test_a_refusal_is_sent_again_whatever_it_does(call: Callable[..., Any]) -> None:
    peer = Peer((503, {"Retry-After": "1"}), 429, 200)
    assert call(peer, "POST").status_code == 200
    assert len(peer.requests) == 3


def test_the_body_is_sent_again_too(call: Callable[..., Any]) -> None:
    peer = Peer(503, 200)
    call(peer, "PUT", content=b"data")
    assert peer.requests == [b"data", b"data"]


def test_a_stream_is_sent_once(call: Callable[..., Any]) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"da"
        yield b"ta"

    async def async_pieces() -> AsyncIterator[bytes]:
        yield b"da"
        yield b"ta"

    peer = Peer(503, 200)
    content = pieces() if call is call_sync else async_pieces()
    assert call(peer, "PUT", content=content).status_code == 503
    assert peer.requests == [b"data"]


@pytest.mark.parametrize(
    ("headers", "least"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "2.5"}, 2.5),
        ({"Retry-After": "Thu, 01 Jan 2026 00:00:09 GMT"}, 9.0),
        ({"retry-after-ms": "1500"}, 1.5),
    ],
)
def test_retry_after_is_honoured(call: Callable[..., Any], headers: dict[str, str], least: float) -> None:
    clock = SettableClock()
    assert call(Peer((429, headers), 200), clock=clock).status_code == 200
    (waited,) = clock.slept
    assert least <= waited < least + 0.5


def test_a_retry_after_too_long_is_handed_out_at_once(call: Callable[..., Any]) -> None:
    clock = SettableClock()
    peer = Peer((429, {"Retry-After": "61"}), 200)
    assert call(peer, clock=clock).status_code == 429
    assert clock.slept == []


def test_no_wait_goes_past_the_deadline(call: Callable[..., Any]) -> None:
    clock = SettableClock()
    policy = RetryPolicy(attempts=100, deadline=20.0)
    answer = call(Peer((503, {"Retry-After": "8"})), policy=policy, clock=clock)
    assert answer.status_code == 503
    assert len(clock.slept) == 2
    assert clock.monotonic() < 20.0


def test_the_answer_of_a_repeated_attempt_is_closed_before_the_wait(call: Callable[..., Any]) -> None:
    peer = Peer(503, 503, 200)
    closed: list[bool] = []

    class Watching(SettableClock):
        def sleep(self, seconds: float) -> None:
            closed.append(peer.bodies[-1].closed)
            super().sleep(seconds)

    call(peer, clock=Watching())
    assert closed == [True, True]


def test_a_host_that_stays_down_gets_no_more_than_its_budget() -> None:
    peer, other = Peer(503), Peer(503)
    policy = RetryPolicy(budget_start=3, budget_ratio=0, budget_per_second=0)
    transport = RetryTransport(policy, transport=peer, clock=SettableClock())
    with httpx.Client(transport=transport) as client:
        for _ in range(4):
            client.get(URL)
        assert len(peer.requests) == 4 + 3
        transport._transport = other
        client.get("https://other.example/")
    assert len(other.requests) == 1 + 3


def test_hosts_not_called_for_long_are_forgotten() -> None:
    transport = RetryTransport(transport=Peer(200), clock=SettableClock())
    with httpx.Client(transport=transport) as client:
        for number in range(1002):
            client.get(f"https://peer-{number}.example/")
        client.get("https://peer-2.example/")
    budgets = transport._retries._budgets
    assert len(budgets) == 1000
    assert "peer-0.example" not in budgets
    assert list(budgets)[-1] == "peer-2.example"


def test_hooks_hear_of_every_attempt_and_of_giving_up(call: Callable[..., Any]) -> None:
    attempts: list[Attempt] = []
    given_up: list[Attempt] = []
    hooks = Hooks(on_attempt=attempts.append, on_give_up=given_up.append)
    call(Peer(503, httpx.ConnectError("x"), 404), hooks=hooks)
    assert [(a.number, a.status, a.outcome, a.reason) for a in attempts] == [
        (1, 503, Outcome.UNKNOWN, Reason.RETRY),
        (2, None, Outcome.NOT_SENT, Reason.RETRY),
        (3, 404, Outcome.FINAL, Reason.FINAL),
    ]
    assert given_up == attempts[2:]
    assert {(a.connector, a.operation, a.host) for a in attempts} == {("httpx", "GET", "peer.example:8443")}
    assert len({a.request_id for a in attempts}) == 1
    assert len(attempts[0].request_id) == 32
    assert [a.delay is None for a in attempts] == [False, False, True]


def test_hooks_hear_of_no_giving_up_when_it_went_well(call: Callable[..., Any]) -> None:
    given_up: list[Attempt] = []
    call(Peer(200), hooks=Hooks(on_give_up=given_up.append))
    assert given_up == []


def test_the_time_of_an_attempt_is_its_own(call: Callable[..., Any]) -> None:
    clock = SettableClock()

    class Slow(Peer):
        def _answer(self) -> httpx.Response:
            clock.advance(2.0)
            return super()._answer()

    attempts: list[Attempt] = []
    call(Slow((503, {"Retry-After": "5"}), 200), clock=clock, hooks=Hooks(on_attempt=attempts.append))
    assert [a.duration for a in attempts] == pytest.approx([2.0, 2.0])


def test_a_refused_certificate_is_not_tried_again(call: Callable[..., Any]) -> None:
    error = httpx.ConnectError("x")
    error.__cause__ = ssl.SSLCertVerificationError(1, "x")
    peer = Peer(error)
    with pytest.raises(httpx.ConnectError):
        call(peer)
    assert len(peer.requests) == 1


@pytest.mark.parametrize(
    "error", [httpx.UnsupportedProtocol("x"), httpx.LocalProtocolError("x"), ZeroDivisionError()]
)
def test_what_is_wrong_with_the_call_itself_is_not_tried_again(
    call: Callable[..., Any], error: Exception
) -> None:
    peer = Peer(error)
    with pytest.raises(type(error)):
        call(peer)
    assert len(peer.requests) == 1


def test_an_error_of_the_sdks_own_beneath_says_itself_what_it_means(call: Callable[..., Any]) -> None:
    peer = Peer(NameNotResolved("x"), 200)
    assert call(peer, "POST").status_code == 200


def test_without_a_transport_the_librarys_own_is_used_and_closed() -> None:
    transport = RetryTransport()
    assert isinstance(transport._transport, httpx.HTTPTransport)
    transport.close()


async def test_without_an_async_transport_the_librarys_own_is_used_and_closed() -> None:
    transport = AsyncRetryTransport()
    assert isinstance(transport._transport, httpx.AsyncHTTPTransport)
    await transport.aclose()


def test_closing_closes_the_transport_beneath(call: Callable[..., Any]) -> None:
    peer = Peer(200)
    call(peer)
    assert peer.closed


def test_many_threads_share_one_transport() -> None:
    peer = Peer(200)
    with httpx.Client(transport=RetryTransport(transport=peer, clock=SettableClock())) as client:
        threads = [threading.Thread(target=client.get, args=(URL,)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(peer.requests) == 20


@pytest.mark.parametrize("kind", [RetryTransport, AsyncRetryTransport])
def test_a_transport_given_in_the_place_of_the_policy_is_told_how_to_be_given(
    kind: Callable[..., object],
) -> None:
    """Wrappers of transports often take the wrapped one first; this one takes it by name."""
    with pytest.raises(ConfigurationError, match=r"RetryTransport: policy is MockTransport") as caught:
        kind(httpx.MockTransport(lambda _: httpx.Response(200)))
    assert f"{kind.__name__}(transport=...)" in (caught.value.hint or "")


@pytest.mark.parametrize("kind", [RetryTransport, AsyncRetryTransport])
@pytest.mark.parametrize(
    ("given", "what", "hint"),
    [
        ({"policy": 3}, "policy is int", "RetryPolicy(...)"),
        ({"policy": RetryPolicy}, "policy is the class RetryPolicy", "RetryPolicy(...)"),
        ({"transport": object()}, "transport is object", "httpx."),
        ({"transport": httpx.MockTransport}, "transport is the class MockTransport", "httpx."),
        ({"transport": httpx2.MockTransport(lambda _: None)}, "transport is MockTransport", "give an httpx."),
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
        RetryTransport(transport=httpx.AsyncHTTPTransport())
    with pytest.raises(ConfigurationError, match="transport is HTTPTransport"):
        AsyncRetryTransport(transport=httpx.HTTPTransport())


@pytest.mark.parametrize("said", [None, "unsafe", True])
def test_a_function_that_says_no_safety_lets_nothing_be_sent(call: Callable[..., Any], said: object) -> None:
    """Whatever is no `Safety` must not be taken for one that allows to send again."""
    peer = Peer(503)
    with pytest.raises(ConfigurationError, match=f"returned {type(said).__name__} for a request"):
        call(peer, "POST", safety=lambda _: said)
    assert peer.requests == []
