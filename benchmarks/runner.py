"""What running a flow adds to the bare httpx call that it wraps, sync and async."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
from tenacity import AsyncRetrying, Retrying, retry_if_result, stop_never, wait_none

from benchmarks.measure import Row, in_turn
from hamilton_sdk.clock import SystemClock
from hamilton_sdk.flow import Flow, Request, Response, Safety
from hamilton_sdk.shell import AsyncShell, Shell
from hamilton_sdk.transport.opening import open_async_transport, open_transport

__all__ = ["rows"]

_URL = "https://peer.example/aeosws"
_BODY = b"<envelope/>"
_HEADERS = {"content-type": "text/xml; charset=utf-8"}
_ROUNDS, _CALLS = 60, 50


class _Plain:
    name = "acs.bench"
    auth = None


class _Sync(Shell[_Plain]):
    def call(self) -> Response:
        return self._run(_one(), "call")


class _Async(AsyncShell[_Plain]):
    async def call(self) -> Response:
        return await self._run(_one(), "call")


_REQUEST = Request(
    method="POST", url=_URL, operation="call", safety=Safety.SAFE, headers=_HEADERS, body=_BODY
)


def _one() -> Flow[Response]:
    answer: Response = yield _REQUEST
    return answer


def _answer(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, headers=_HEADERS, content=_BODY)


def _sync() -> dict[str, float]:
    client = httpx.Client(transport=httpx.MockTransport(_answer), trust_env=False)
    wrapped = open_transport(client, SystemClock())
    with client, _Sync(_Plain(), transport=client) as shell:
        retrying = Retrying(retry=retry_if_result(bool), stop=stop_never, wait=wait_none(), reraise=True)
        return in_turn(
            {
                "bare": lambda: client.post(_URL, headers=_HEADERS, content=_BODY).content,
                "ours": shell.call,
                "transport": lambda: wrapped.send(_REQUEST, 60.0),
                "tenacity": lambda: retrying.copy()(int),
            },
            rounds=_ROUNDS,
            calls=_CALLS,
        )


async def _timed(calls: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """`in_turn` for coroutines: many awaits in one turn."""
    import statistics
    import time

    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(_ROUNDS):
        for name, call in calls.items():
            started = time.perf_counter()
            for _ in range(_CALLS):
                await call()
            times[name].append((time.perf_counter() - started) / _CALLS)
    return {name: statistics.median(each) for name, each in times.items()}


async def _async() -> dict[str, float]:
    client = httpx.AsyncClient(transport=httpx.MockTransport(_answer), trust_env=False)
    retrying = AsyncRetrying(retry=retry_if_result(bool), stop=stop_never, wait=wait_none(), reraise=True)

    async def bare() -> bytes:
        return (await client.post(_URL, headers=_HEADERS, content=_BODY)).content

    async def nothing() -> int:
        return 0

    async with client, _Async(_Plain(), transport=client) as shell:
        wrapped = open_async_transport(client, SystemClock())
        return await _timed(
            {
                "bare": bare,
                "ours": shell.call,
                "transport": lambda: wrapped.send(_REQUEST, 60.0),
                "tenacity": lambda: retrying.copy()(nothing),
            }
        )


def rows() -> list[Row]:
    """Microseconds added to a bare call, and what a tenacity loop would cost if it were always entered."""
    found = []
    for name, times in (("sync", _sync()), ("async", asyncio.run(_async()))):
        bare, ours, transport, tenacity = (
            times[each] * 1e6 for each in ("bare", "ours", "transport", "tenacity")
        )
        note = f"bare httpx {bare:.0f} us, ours {ours:.0f} us, ratio {ours / bare:.2f}"
        found.append(Row(f"a flow through the runner adds, {name}", ours - bare, "us", 40, note=note))
        checked = "deadline, capped reading, errors of the one tree"
        found.append(Row("  of which the transport", transport - bare, "us", note=checked))
        entered = "entered from the second attempt on only"
        found.append(Row("  tenacity's own loop would add", tenacity, "us", note=entered))
    return found
