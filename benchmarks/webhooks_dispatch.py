"""The whole way from the outbox to a receiver and back, against a bare `httpx.AsyncClient` loop; its parts.

The loop posts what was signed beforehand and remembers nothing. The dispatcher claims, decrypts, signs,
delivers through the guarded transport, and writes down what came of it, with 1 KiB bodies to the same HTTPS
receiver.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from ssl import create_default_context
from typing import Any

import httpx
import sqlalchemy as sa

from benchmarks.measure import Row
from benchmarks.receiver import Receiver, receiver
from hamilton_sdk.flow import Request, Response
from hamilton_sdk.secrets import SecretBox, StaticSecret
from hamilton_sdk.store.statement import Statement
from hamilton_sdk.transport import Http
from hamilton_sdk.webhooks import AsyncDispatcher, AsyncOutbox, BreakerPolicy, Dispatcher, Outbox, Webhook
from hamilton_sdk.webhooks._claiming import Claim, Room
from hamilton_sdk.webhooks._settling import Settle, Turn
from hamilton_sdk.webhooks.delivering import Result, Verdict
from tests.servers.postgresql import binaries, postgresql

__all__ = ["rows"]

_KEY = StaticSecret(SecretBox.new_key())
_BODY = b'{"type": "visit.created", "data": "' + b"x" * 987 + b'"}'  # 1 KiB
_MESSAGES, _ROUNDS, _CONCURRENCY = 1000, 5, 20
_ENDPOINT: dict[str, Any] = {"private_networks": ["127.0.0.0/8"], "in_flight_limit": 100}
_MINUTE = 60_000_000
_numbers = count(1)

_EVENT = ("id", "type", "body", "published_at")
_DELIVERY = ("event_id", "endpoint_id", "state", "attempts", "next_at", "updated_at")


@Statement
def _insert_event(tables: Any) -> Any:
    return sa.insert(tables.event).values({name: sa.bindparam(name) for name in _EVENT})


@Statement
def _insert_delivery(tables: Any) -> Any:
    return sa.insert(tables.delivery).values({name: sa.bindparam(name) for name in _DELIVERY})


@dataclass(frozen=True)
class _Fill:
    """Queue many at once; what publishing takes is measured elsewhere."""

    endpoint: str
    many: int
    writes = True

    def run(self, execute: Any) -> None:
        names = [f"e{next(_numbers):09d}" for _ in range(self.many)]
        event = {"type": "visit.created", "body": _BODY, "published_at": 1}
        delivery = {"endpoint_id": self.endpoint, "state": "pending", "attempts": 0}
        execute(_insert_event, [{"id": name, **event} for name in names])
        times = {"next_at": 1, "updated_at": 1}
        execute(_insert_delivery, [{"event_id": name, **delivery, **times} for name in names])


async def _bare(there: Receiver) -> float:
    """Messages a second of a loop that only posts."""
    hook = Webhook(Webhook.generate_secret())
    plain = {"Content-Type": "application/json"}
    messages = [{**plain, **hook.sign(f"msg_{number}", _BODY)} for number in range(_MESSAGES)]
    limits = httpx.Limits(max_connections=_CONCURRENCY, max_keepalive_connections=_CONCURRENCY)
    context = create_default_context(cafile=there.ca)
    async with httpx.AsyncClient(verify=context, limits=limits, trust_env=False) as client:

        async def work(waiting: Iterator[dict[str, str]]) -> None:
            for headers in waiting:
                answer = await client.post(there.url, headers=headers, content=_BODY)
                assert answer.is_success

        async def all_of_them() -> float:
            waiting, started = iter(messages), time.perf_counter()
            await asyncio.gather(*(work(waiting) for _ in range(_CONCURRENCY)))
            return _MESSAGES / (time.perf_counter() - started)

        await all_of_them()  # opens the connections
        return await all_of_them()


async def _async_dispatcher(there: Receiver, address: str, synchronous: Any) -> float:
    async with AsyncOutbox.open(address, key=_KEY, synchronous=synchronous) as outbox:
        endpoint = await outbox.add_endpoint(there.url, **_ENDPOINT)
        dispatcher = AsyncDispatcher(outbox, transport=Http(ca=there.ca), concurrency=_CONCURRENCY)
        async with dispatcher:
            for _ in range(2):
                await outbox.store.perform(_Fill(endpoint.id, _MESSAGES))
                started = time.perf_counter()
                assert await dispatcher.deliver_due() == _MESSAGES
                seconds = time.perf_counter() - started
        assert (await outbox.counters()).delivered == 2 * _MESSAGES
    return _MESSAGES / seconds


def _dispatcher(there: Receiver, address: str) -> float:
    with (
        Outbox.open(address, key=_KEY, synchronous="NORMAL") as outbox,
        Dispatcher(outbox, transport=Http(ca=there.ca), concurrency=_CONCURRENCY) as dispatcher,
    ):
        endpoint = outbox.add_endpoint(there.url, **_ENDPOINT)
        for _ in range(2):
            outbox.store.perform(_Fill(endpoint.id, _MESSAGES))
            started = time.perf_counter()
            assert dispatcher.deliver_due() == _MESSAGES
            seconds = time.perf_counter() - started
    return _MESSAGES / seconds


def _throughput() -> list[Row]:
    rates: dict[str, list[float]] = {name: [] for name in ("bare", "normal", "full", "threads")}
    with receiver() as there:
        for _ in range(_ROUNDS):
            rates["bare"].append(asyncio.run(_bare(there)))
            for name, synchronous in (("normal", "NORMAL"), ("full", "FULL")):
                with _address() as address:
                    rates[name].append(asyncio.run(_async_dispatcher(there, address, synchronous)))
            with _address() as address:
                rates["threads"].append(_dispatcher(there, address))
        on_postgresql = _on_postgresql(there)
    # Each against the loop of its own round: the machine drifts.
    ratios = {
        name: statistics.median(ours / bare for ours, bare in zip(each, rates["bare"], strict=True))
        for name, each in rates.items()
    }
    middle = {name: statistics.median(each) for name, each in rates.items()}
    what = f"{_CONCURRENCY} at the same time"
    note = (
        f"ours {middle['normal']:.0f}/s, the loop {middle['bare']:.0f}/s, {what}, SQLite, synchronous=NORMAL"
    )
    found = [
        Row(
            "delivering, to a bare httpx.AsyncClient loop",
            ratios["normal"],
            "x",
            0.85,
            at_most=False,
            note=note,
        ),
        Row("  with synchronous=FULL", ratios["full"], "x", note=f"{middle['full']:.0f}/s"),
        Row("  in threads", ratios["threads"], "x", note=f"{middle['threads']:.0f}/s, synchronous=NORMAL"),
    ]
    if on_postgresql is not None:
        note = f"{on_postgresql:.0f}/s by one worker, fsync on"
        found.append(Row("  from PostgreSQL", on_postgresql / middle["bare"], "x", note=note))
    return found


def _on_postgresql(there: Receiver) -> float | None:
    if binaries() is None:
        return None
    with postgresql(fsync=True) as server:
        return asyncio.run(_async_dispatcher(there, server.url, "FULL"))


@contextmanager
def _address() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield str(Path(folder) / "hooks.db")


def _claim_and_complete(batch: int, messages: int) -> float:
    """Messages a second that are claimed and settled, and delivered in no time."""
    policy, results, done = BreakerPolicy(), tuple[Result, ...](), 0
    with _address() as address, Outbox.open(address, key=_KEY, synchronous="NORMAL") as outbox:
        endpoint = outbox.add_endpoint("https://customer.example/hooks", in_flight_limit=1000)
        outbox.store.perform(_Fill(endpoint.id, messages + 2 * batch))
        room = Room(batch * 5 // 4 + 1)
        started = time.perf_counter()
        while done < messages:
            now = time.time_ns() // 1000
            settle = None
            if results:
                chances = (0.5,) * len(results)
                settle = Settle(worker="w", now=now, results=results, chances=chances, policy=policy)
            claim = Claim(worker="w", now=now, lease_until=now + _MINUTE, room=room)
            turned = outbox.store.perform(Turn(settle, claim))
            done += len(results)
            results = tuple(
                Result(
                    claimed=each, verdict=Verdict.DELIVERED, at=now, ended_at=now, status=204, response=b""
                )
                for each in turned.claims.deliveries
            )
        return done / (time.perf_counter() - started)


class _Receivers:
    """Receivers in process, who say when they had enough."""

    def __init__(self, enough: int) -> None:
        self.left = enough
        self.dispatcher: Dispatcher | None = None

    def respond(self, _request: Request) -> Any:
        self.left -= 1
        if self.left <= 0 and self.dispatcher is not None:
            self.dispatcher.stop()
        return Response(204)
        yield


def _peak(queued: int) -> float:
    """MiB at most that a dispatcher takes while so many messages are queued."""
    with _address() as address, Outbox.open(address, key=_KEY, synchronous="NORMAL") as outbox:
        endpoint = outbox.add_endpoint("https://customer.example/hooks", in_flight_limit=1000)
        for _ in range(queued // 2000):
            outbox.store.perform(_Fill(endpoint.id, 2000))
        gc.collect()
        receivers = _Receivers(1500)
        with Dispatcher(outbox, transport=receivers, concurrency=_CONCURRENCY) as dispatcher:
            receivers.dispatcher = dispatcher
            tracemalloc.start()
            try:
                dispatcher.run()
                return tracemalloc.get_traced_memory()[1] / 2**20
            finally:
                tracemalloc.stop()


def rows() -> list[Row]:
    """Throughput, what the store takes of it, and memory."""
    found = _throughput()
    for batch, target in ((50, 10_000), (10, None)):
        rate = statistics.median(_claim_and_complete(batch, 5000) for _ in range(_ROUNDS))
        name = f"claim and complete, {batch} at a time"
        found.append(Row(name, rate, "/s", target, at_most=False, note="SQLite, synchronous=NORMAL"))
    _peak(2000)  # loads what is loaded on first use
    few, many = _peak(2000), _peak(200_000)
    note = f"{many:.1f} MiB, and {few:.1f} MiB with 2,000"
    found.append(Row("memory with 200,000 messages queued, to 2,000", many / few, "x", 1.2, note=note))
    return found
