"""Connections of deliveries: used again by those they were made for, given back, never too many."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable
from ipaddress import ip_network

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import (
    AddressRefused,
    ConnectionFailed,
    Outcome,
    TimedOut,
)
from hamilton_sdk.flow import Response
from hamilton_sdk.transport import Http, Timeouts
from hamilton_sdk.transport.guarded import (
    AsyncGuardedTransport,
    GuardedTransport,
    open_guarded_async_transport,
    open_guarded_transport,
)
from tests.transport.conftest import post
from tests.transport.delivering import HERE, NAME, DeliveryWay, here, resolving
from tests.transport.servers import (
    ok,
    read_request,
    replying,
)

Answering = Callable[[socket.socket], None]


def counting(connections: list[socket.socket], *replies: bytes) -> Answering:
    def answer(connection: socket.socket) -> None:
        connections.append(connection)
        replying(*replies)(connection)

    return answer


class TestConnections:
    def test_they_are_used_again(self, delivery: DeliveryWay, receiving, ca: str) -> None:
        connections: list[socket.socket] = []
        resolve, asked = resolving(["127.0.0.1"])
        with receiving(counting(connections, ok(), ok(), ok())) as port:
            request = (post(f"https://{NAME}:{port}/"), HERE)
            answers = delivery.send_all([request] * 3, resolve=resolve, ca=ca)
        assert [answer.body for answer in answers] == [b"fine"] * 3
        assert (len(connections), len(asked)) == (1, 1)

    def test_one_that_an_allowed_network_opened_serves_nobody_else(
        self, delivery: DeliveryWay, receiving, ca: str
    ) -> None:
        connections: list[socket.socket] = []
        with receiving(counting(connections, ok(), ok(), ok())) as port:
            request = post(f"https://{NAME}:{port}/")
            narrow = (ip_network("127.0.0.1/32"),)
            first, without, other, again = delivery.send_all(
                [(request, HERE), (request, ()), (request, narrow), (request, list(HERE))], ca=ca
            )
        assert isinstance(first, Response)
        assert isinstance(without, AddressRefused)
        assert isinstance(other, Response)
        assert isinstance(again, Response)
        assert len(connections) == 2

    def test_one_that_the_peer_closed_is_not_used(self, delivery: DeliveryWay, receiving, ca: str) -> None:
        closed = threading.Event()

        def answer(connection: socket.socket) -> None:
            replying(ok())(connection)
            connection.shutdown(socket.SHUT_RDWR)
            connection.close()
            closed.set()

        def wait() -> None:
            closed.wait()
            closed.clear()

        with receiving(answer) as port:
            request = (post(f"https://{NAME}:{port}/"), HERE)
            answers = delivery.send_all([request] * 3, between=wait, ca=ca)
        assert [answer.body for answer in answers] == [b"fine"] * 3

    def test_one_that_said_more_than_was_asked_is_not_used(
        self, delivery: DeliveryWay, receiving, ca: str
    ) -> None:
        """Else the second delivery would take what was made up for its own answer."""
        connections: list[socket.socket] = []
        with receiving(counting(connections, ok(b"first") + ok(b"made up"), ok(b"second"))) as port:
            request = (post(f"https://{NAME}:{port}/"), HERE)
            answers = delivery.send_all([request] * 2, ca=ca)
        assert [answer.body for answer in answers] == [b"first", b"first"]
        assert len(connections) == 2

    def test_one_with_a_body_left_unread_is_not_used(self, delivery: DeliveryWay, receiving, ca: str) -> None:
        connections: list[socket.socket] = []
        with receiving(counting(connections, ok(b"x" * 20_000), ok())) as port:
            request = (post(f"https://{NAME}:{port}/"), HERE)
            first, second = delivery.send_all([request] * 2, ca=ca)
        assert (len(first.body), len(second.body)) == (16 * 1024, 16 * 1024)
        assert len(connections) == 2


def waiting(release: threading.Event, taken: threading.Event) -> Answering:
    def answer(connection: socket.socket) -> None:
        while read_request(connection):
            taken.set()
            release.wait()
            connection.sendall(ok())

    return answer


LIMITED = {"connections": 1, "timeouts": Timeouts(pool=0.1)}


def test_more_deliveries_than_connections_wait_and_then_give_up(receiving, ca: str) -> None:
    release, taken = threading.Event(), threading.Event()
    transport = GuardedTransport(Http(ca=ca, **LIMITED), resolve=here)
    with receiving(waiting(release, taken)) as port:
        request = post(f"https://{NAME}:{port}/")
        first = threading.Thread(target=transport.send, args=(request, None, HERE))
        first.start()
        taken.wait()
        with pytest.raises(ConnectionFailed, match="no connection became free") as caught:
            transport.send(request, None, HERE)
        release.set()
        first.join()
        assert transport.send(request, None, HERE).ok
        transport.close()
    assert caught.value.outcome is Outcome.NOT_SENT


async def test_more_deliveries_than_connections_wait_and_then_give_up_in_a_loop(receiving, ca: str) -> None:
    release, taken = threading.Event(), threading.Event()
    transport = AsyncGuardedTransport(Http(ca=ca, **LIMITED), resolve=here)
    with receiving(waiting(release, taken)) as port:
        request = post(f"https://{NAME}:{port}/")
        first = asyncio.create_task(transport.send(request, None, HERE))
        await asyncio.to_thread(taken.wait)
        with pytest.raises(ConnectionFailed, match="no connection became free"):
            await transport.send(request, None, HERE)
        second = asyncio.create_task(transport.send(request, 30.0, HERE))
        await asyncio.sleep(0)
        release.set()
        assert (await first).ok
        assert (await second).ok
        await transport.close()


async def test_a_cancelled_delivery_gives_its_place_back(receiving, ca: str) -> None:
    release, taken = threading.Event(), threading.Event()
    transport = AsyncGuardedTransport(Http(ca=ca, connections=1), resolve=here)
    with receiving(waiting(release, taken), release) as port:
        request = post(f"https://{NAME}:{port}/")
        task = asyncio.create_task(transport.send(request, None, HERE))
        await asyncio.to_thread(taken.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        release.set()
        assert (await transport.send(request, None, HERE)).ok
        await transport.close()


async def test_a_delivery_cancelled_while_an_old_connection_is_closed_loses_none(
    receiving, ca: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = AsyncGuardedTransport(Http(ca=ca), resolve=here)
    with receiving(replying(ok(), ok())) as port:
        request = post(f"https://{NAME}:{port}/")
        await transport.send(request, None, HERE)
        found, _ = transport._idle.take((NAME, port, HERE))
        assert found is not None
        assert not found.unread()

        class Stuck:
            stream = None

            async def aclose(self) -> None:
                raise asyncio.CancelledError

        stuck = Stuck()
        stuck.stream = stuck
        monkeypatch.setattr(transport._idle, "take", lambda _key: (found, [stuck]))
        with pytest.raises(asyncio.CancelledError):
            await transport.send(request, None, HERE)
        assert found.unread()
        await transport.close()


def test_threads_share_a_transport_and_each_keeps_its_own_deadline(receiving, ca: str) -> None:
    stop = threading.Event()
    results: list[object] = []

    def answer(connection: socket.socket) -> None:
        while request := read_request(connection):
            if b"/slow" in request:
                stop.wait()
            connection.sendall(ok(request.split(b" ")[1]))

    transport = GuardedTransport(Http(ca=ca), resolve=here)

    def call(path: str, seconds: float) -> None:
        try:
            sent = transport.send(post(f"https://{NAME}:{port}{path}"), seconds, HERE)
            results.append(sent.body.decode())
        except TimedOut:
            results.append(f"late {path}")

    with receiving(answer, stop) as port:
        slow = threading.Thread(target=call, args=("/slow", 0.5))
        quick = [threading.Thread(target=call, args=(f"/{number}", 60.0)) for number in range(10)]
        for thread in (slow, *quick):
            thread.start()
        for thread in (slow, *quick):
            thread.join()
        transport.close()
    assert sorted(results) == sorted(["late /slow", *(f"/{number}" for number in range(10))])


def test_one_that_waited_too_long_is_closed(receiving, ca: str) -> None:
    connections: list[socket.socket] = []
    clock = SettableClock()
    transport = open_guarded_transport(Http(ca=ca), clock)
    with receiving(counting(connections, ok(), ok(), ok())) as port:
        request = post(f"https://127.0.0.1:{port}/")
        for seconds in (3.0, 5.0, 0.0):
            assert transport.send(request, None, HERE).ok
            clock.advance(seconds)
        transport.close()
    assert len(connections) == 2


async def test_one_that_waited_too_long_is_closed_in_a_loop(receiving, ca: str) -> None:
    connections: list[socket.socket] = []
    clock = SettableClock()
    transport = open_guarded_async_transport(Http(ca=ca), clock)
    with receiving(counting(connections, ok(), ok(), ok())) as port:
        request = post(f"https://127.0.0.1:{port}/")
        for seconds in (3.0, 5.0, 0.0):
            assert (await transport.send(request, None, HERE)).ok
            clock.advance(seconds)
        await transport.close()
    assert len(connections) == 2


def test_a_forked_process_opens_its_own_connections(
    receiving, ca: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections: list[socket.socket] = []
    transport = GuardedTransport(Http(ca=ca), resolve=here)
    with receiving(counting(connections, ok(), ok())) as port:
        request = post(f"https://{NAME}:{port}/")
        transport.send(request, None, HERE)
        parent = os.getpid()
        with monkeypatch.context() as patch:
            patch.setattr(os, "getpid", lambda: parent + 1)
            transport.send(request, None, HERE)
        transport.close()
        # Here both belong to one process after all.
        for idle in transport._left_behind:
            for line in idle.clear():
                line.stream.close()
    assert len(connections) == 2
