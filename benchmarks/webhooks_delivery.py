"""The same signed messages to the same HTTPS receiver: guarded transport, bare httpx loop, and the floor.

The floor is h11 over asyncio's own streams, with nothing checked and no deadline. A bare `httpx.AsyncClient`
is far above it where many share its pool, since httpcore looks at all its connections for every request.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_network
from ssl import create_default_context

import h11
import httpx

from benchmarks.measure import Row, in_turn
from benchmarks.receiver import Receiver, receiver
from hamilton_sdk.flow import Request, Safety
from hamilton_sdk.transport import Http
from hamilton_sdk.transport.guarded import AsyncGuardedTransport, GuardedTransport
from hamilton_sdk.webhooks import Webhook

__all__ = ["rows"]

_HERE = (ip_network("127.0.0.0/8"),)
_MESSAGES, _ROUNDS = 300, 5
_CONCURRENCY = 20
_TIMEOUT = 30.0
_BODY = b'{"type": "visit.created", "data": "' + b"x" * 987 + b'"}'  # 1 KiB
_TARGET = 0.85

Send = Callable[[Mapping[str, str], bytes], Awaitable[int]]


def _messages() -> list[tuple[dict[str, str], bytes]]:
    hook = Webhook("whsec_" + "C2FVsBQIhrscChlQIMV+b5sSYspob7oD")
    return [
        ({"Content-Type": "application/json", **hook.sign(f"msg_{number}", _BODY)}, _BODY)
        for number in range(_MESSAGES)
    ]


def _request(there: Receiver, headers: Mapping[str, str], body: bytes) -> Request:
    return Request(
        method="POST",
        url=there.url,
        operation="deliver",
        safety=Safety.IDEMPOTENT,
        headers=headers,
        body=body,
    )


async def _together(send: Send, messages: list[tuple[dict[str, str], bytes]]) -> float:
    """Seconds to send all, so many at the same time."""
    waiting = iter(messages)

    async def work() -> None:
        for headers, body in waiting:
            if await send(headers, body) != httpx.codes.NO_CONTENT:
                text = "a delivery was not taken: the comparison would say nothing"
                raise RuntimeError(text)

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(_CONCURRENCY)))
    return time.perf_counter() - started


async def _async(there: Receiver) -> dict[str, float]:
    messages = _messages()
    limits = httpx.Limits(max_connections=_CONCURRENCY, max_keepalive_connections=_CONCURRENCY)
    guarded = AsyncGuardedTransport(Http(ca=there.ca, connections=_CONCURRENCY))
    client = httpx.AsyncClient(verify=create_default_context(cafile=there.ca), limits=limits, trust_env=False)

    floor = _Floor(there)

    async def bare(headers: Mapping[str, str], body: bytes) -> int:
        return (await client.post(there.url, headers=headers, content=body)).status_code

    async def ours(headers: Mapping[str, str], body: bytes) -> int:
        return (await guarded.send(_request(there, headers, body), _TIMEOUT, _HERE)).status

    senders: dict[str, Send] = {"bare": bare, "ours": ours, "floor": floor.send}
    times: dict[str, list[float]] = {name: [] for name in senders}
    async with client:
        for number in range(_ROUNDS + 1):
            for name, send in senders.items():
                seconds = await _together(send, messages)
                if number:  # the first round opens the connections
                    times[name].append(seconds)
    await guarded.close()
    floor.close()
    return {name: statistics.median(each) / _MESSAGES for name, each in times.items()}


class _Floor:
    def __init__(self, there: Receiver) -> None:
        self._url = httpx.URL(there.url)
        self._context = create_default_context(cafile=there.ca)
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter, h11.Connection]] = []

    async def send(self, headers: Mapping[str, str], body: bytes) -> int:
        reader, writer, connection = self._free.pop() if self._free else await self._connect()
        fields = [("Host", self._url.host), ("Content-Length", str(len(body))), *headers.items()]
        request = h11.Request(method="POST", target=self._url.raw_path, headers=fields)
        events = (request, h11.Data(body), h11.EndOfMessage())
        writer.write(b"".join(connection.send(event) or b"" for event in events))
        status = 0
        while not isinstance(event := connection.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                connection.receive_data(await reader.read(65536))
            elif isinstance(event, h11.Response):
                status = event.status_code
        connection.start_next_cycle()
        self._free.append((reader, writer, connection))
        return status

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, h11.Connection]:
        streams = await asyncio.open_connection(self._url.host, self._url.port, ssl=self._context)
        return *streams, h11.Connection(h11.CLIENT)

    def close(self) -> None:
        for _, writer, _ in self._free:
            writer.close()


@contextmanager
def _sync_senders(there: Receiver) -> Iterator[dict[str, Callable[[], object]]]:
    headers, body = _messages()[0]
    guarded = GuardedTransport(Http(ca=there.ca))
    with httpx.Client(verify=create_default_context(cafile=there.ca), trust_env=False) as client:
        yield {
            "bare": lambda: client.post(there.url, headers=headers, content=body),
            "ours": lambda: guarded.send(_request(there, headers, body), _TIMEOUT, _HERE),
        }
    guarded.close()


def rows() -> list[Row]:
    """The share of a bare httpx loop's throughput."""
    with receiver() as there:
        together = asyncio.run(_async(there))
        with _sync_senders(there) as senders:
            one_by_one = in_turn(senders, rounds=_ROUNDS * 4, calls=20)
    found = []
    for name, times in ((f"{_CONCURRENCY} at a time, async", together), ("one by one, sync", one_by_one)):
        rates = {who: 1 / seconds for who, seconds in times.items()}
        note = ", ".join(f"{who} {rate:.0f}/s" for who, rate in rates.items())
        what = f"guarded deliveries, {name}: of a bare httpx loop's"
        found.append(Row(what, rates["ours"] / rates["bare"], "x", _TARGET, at_most=False, note=note))
    return [
        *found,
        Row(
            "  of h11 over asyncio's own streams, nothing checked",
            together["floor"] / together["ours"],
            "x",
            note=f"httpx {httpx.__version__}; 1 KiB, TLS on loopback, the receiver a process of its own",
        ),
    ]
