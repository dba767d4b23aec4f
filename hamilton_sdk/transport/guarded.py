"""The transport of deliveries: it goes to public addresses over TLS, and nowhere else unless allowed.

A webhook endpoint's address comes from a customer, and may point into the network that the sender stands in
(server-side request forgery). So names are looked up here, every address of a name is judged, and the one
that was judged is the one that is dialled: a name that changes its meaning in between gains nothing. No
redirect is followed, and no proxy is taken from the environment. An answer is an acknowledgement: of its body
the beginning is kept, as it came, and nothing is decompressed.

Connections are kept, and used again by deliveries to the same host and port under the same allowed networks.
"""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING, NamedTuple

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.flow import Response
from hamilton_sdk.transport._driving import drive, drive_async
from hamilton_sdk.transport._faults import NO_FREE_CONNECTION, Barred, performing
from hamilton_sdk.transport._guard import Guard
from hamilton_sdk.transport._http11 import Http11
from hamilton_sdk.transport._idle import Idle
from hamilton_sdk.transport._lookup import look_up, look_up_async, system_addresses
from hamilton_sdk.transport._pooled import KEEPALIVE
from hamilton_sdk.transport._sockets import Sockets
from hamilton_sdk.transport._streams import AsyncBackend, AsyncStream, Backend, Stream
from hamilton_sdk.transport.base import Http

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Request
    from hamilton_sdk.transport._exchange import Exchange
    from hamilton_sdk.transport._guard import Call, Route, Upstream
    from hamilton_sdk.transport._lookup import Resolve
    from hamilton_sdk.transport.addresses import Network

__all__ = [
    "AsyncGuardedTransport",
    "GuardedTransport",
    "open_guarded_async_transport",
    "open_guarded_transport",
]


class _Line(NamedTuple):
    """A connection, and what HTTP knows about it."""

    stream: Stream
    http: Http11

    def unread(self) -> bool:
        return self.stream.unread()


class _AsyncLine(NamedTuple):
    """The same for an event loop."""

    stream: AsyncStream
    http: Http11

    def unread(self) -> bool:
        return self.stream.unread()


class GuardedTransport:
    """Sends deliveries; may be used from any thread.

    Args:
        http: Settings; the defaults if not given. ``connections`` is the limit over all endpoints. A
            ``proxy`` dials in our place: the guard judges hosts that are addresses, and names are the proxy's
            to judge.
        clock: That tells how long a connection has waited for use; the machine's if not given. Deadlines keep
            to the machine's in any case.
        resolve: Gives the addresses of a name for a port; the system's resolver if not given.

    Raises:
        ConfigurationError: It is a client of one's own, or settings that deliveries do not take.
    """

    def __init__(
        self, http: Http | None = None, *, clock: Clock | None = None, resolve: Resolve = system_addresses
    ) -> None:
        self._guard = Guard(Http() if http is None else http, resolve)
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._left_behind: list[object] = []
        self._open()

    def _open(self) -> None:
        limits = self._guard.http
        self._process = os.getpid()
        self._backend = Backend(self._guard.library.network())
        self._room = threading.Semaphore(limits.connections)
        self._idle: Idle[_Line] = Idle(limits.connections, KEEPALIVE, self._clock)

    def send(self, request: Request, timeout: float | None, networks: Iterable[Network] = ()) -> Response:
        """Perform an exchange.

        Args:
            request: What to send. Of the answer's body ``largest_response`` bytes are kept, 16 KiB where it
                is None; whatever comes after them is neither read nor an error.
            timeout: Seconds for the whole exchange, the reading of a dripping answer included; None for the
                transport's own limits alone.
            networks: Private networks that this request may go to; see
                `hamilton_sdk.transport.addresses.why_not`.

        Raises:
            AddressRefused: The host has an address that is not public, nor in one of the networks.
            Invalid: The address is not https, or not plainly readable; or a header cannot be sent.
            NotReachable: Nothing was sent.
            TimedOut: No whole answer. Where ``status`` is set, its headers had come.
            BadResponse: What came is not HTTP.
        """
        if self._process != os.getpid():
            # Forked: the connections are the parent's, and their locks may have been held.
            self._left_behind.append(self._idle)
            self._lock = threading.Lock()
            self._open()
        guard = self._guard
        exchange = guard.exchange(timeout)
        with performing(request, exchange, guard.failures):
            call = guard.call(request, tuple(networks))
            room = self._room
            if not room.acquire(timeout=exchange.left(guard.http.timeouts.pool)):
                raise Barred(NO_FREE_CONNECTION)
            try:
                return self._perform(call, exchange)
            finally:
                room.release()

    def _perform(self, call: Call, exchange: Exchange) -> Response:
        line = self._line(call.route, exchange)
        try:
            answer = drive(call.on(line.http), line.stream, self._guard.http.timeouts)
        except BaseException:
            exchange.status = line.http.status
            self._end(line)
            raise
        if line.http.reusable:
            with self._lock:
                self._idle.give(call.route.key, line)
        else:
            self._end(line)
        return Response(*answer)

    def _line(self, route: Route, exchange: Exchange) -> _Line:
        """A connection that waits, or a new one."""
        with self._lock:
            found, ended = self._idle.take(route.key)
        for each in ended:
            each.stream.close()
        if found is not None:
            return found
        try:
            return self._dial(route, exchange)
        except BaseException:
            with self._lock:
                self._idle.lose()
            raise

    def _end(self, line: _Line) -> None:
        with self._lock:
            self._idle.lose()
        line.stream.close()

    def _dial(self, route: Route, exchange: Exchange) -> _Line:
        guard, limit = self._guard, self._guard.http.timeouts.connect
        upstream = guard.upstream
        if upstream is not None:
            stream = self._through(upstream, route, limit)
        else:
            exchange.connect()
            addresses = look_up(route.host, route.port, exchange.left(limit), guard.resolve)
            stream = self._backend.connect_first(guard.vetted(addresses, route), route.port, limit)
        try:
            stream = stream.start_tls(guard.context, route.server_name, limit)
        except BaseException:
            stream.close()
            raise
        return _Line(stream, Http11())

    def _through(self, upstream: Upstream, route: Route, limit: float) -> Stream:
        stream = self._backend.connect_tcp(upstream.host, upstream.port, limit)
        try:
            if upstream.context is not None:
                stream = stream.start_tls(upstream.context, upstream.host, limit)
            drive(upstream.tunnel(route), stream, self._guard.http.timeouts)
        except BaseException:
            stream.close()
            raise
        return stream

    def close(self) -> None:
        """Close the connections that wait."""
        with self._lock:
            ended = self._idle.clear()
        for line in ended:
            line.stream.close()


class AsyncGuardedTransport:
    """`GuardedTransport` for one event loop; takes the same arguments."""

    def __init__(
        self, http: Http | None = None, *, clock: Clock | None = None, resolve: Resolve = system_addresses
    ) -> None:
        self._guard = Guard(Http() if http is None else http, resolve)
        connections = self._guard.http.connections
        self._backend = AsyncBackend(Sockets())
        self._room = asyncio.Semaphore(connections)
        self._idle: Idle[_AsyncLine] = Idle(connections, KEEPALIVE, clock or SystemClock())

    async def send(
        self,
        request: Request,
        timeout: float | None,  # noqa: ASYNC109 (kept by the network streams)
        networks: Iterable[Network] = (),
    ) -> Response:
        """Perform an exchange; see `GuardedTransport.send`."""
        guard = self._guard
        exchange = guard.exchange(timeout)
        with performing(request, exchange, guard.failures):
            call = guard.call(request, tuple(networks))
            await self._enter(exchange)
            try:
                return await self._perform(call, exchange)
            finally:
                self._room.release()

    async def _enter(self, exchange: Exchange) -> None:
        seconds = exchange.left(self._guard.http.timeouts.pool)
        if not self._room.locked():
            await self._room.acquire()
            return
        try:
            async with asyncio.timeout(seconds):
                await self._room.acquire()
        except TimeoutError:
            raise Barred(NO_FREE_CONNECTION) from None

    async def _perform(self, call: Call, exchange: Exchange) -> Response:
        line = await self._line(call.route, exchange)
        try:
            answer = await drive_async(call.on(line.http), line.stream, self._guard.http.timeouts)
        except BaseException:
            exchange.status = line.http.status
            await self._end(line)
            raise
        if line.http.reusable:
            self._idle.give(call.route.key, line)
        else:
            await self._end(line)
        return Response(*answer)

    async def _line(self, route: Route, exchange: Exchange) -> _AsyncLine:
        """A connection that waits, or a new one."""
        found, ended = self._idle.take(route.key)
        try:
            for each in ended:
                await each.stream.aclose()
            return await self._dial(route, exchange) if found is None else found
        except BaseException:
            self._idle.lose()
            if found is not None:
                await found.stream.aclose()
            raise

    async def _end(self, line: _AsyncLine) -> None:
        self._idle.lose()
        await line.stream.aclose()

    async def _dial(self, route: Route, exchange: Exchange) -> _AsyncLine:
        guard, limit = self._guard, self._guard.http.timeouts.connect
        upstream = guard.upstream
        if upstream is not None:
            stream = await self._through(upstream, route, exchange, limit)
        else:
            exchange.connect()
            addresses = await look_up_async(route.host, route.port, exchange.left(limit), guard.resolve)
            stream = await self._backend.connect_first(guard.vetted(addresses, route), route.port, limit)
        try:
            stream = await stream.start_tls(guard.context, route.server_name, limit)
        except BaseException:
            await stream.aclose()
            raise
        return _AsyncLine(stream, Http11())

    async def _through(
        self, upstream: Upstream, route: Route, exchange: Exchange, limit: float
    ) -> AsyncStream:
        exchange.connect()
        addresses = await look_up_async(upstream.host, upstream.port, exchange.left(limit))
        stream = await self._backend.connect_first(addresses, upstream.port, limit)
        try:
            if upstream.context is not None:
                stream = await stream.start_tls(upstream.context, upstream.host, limit)
            await drive_async(upstream.tunnel(route), stream, self._guard.http.timeouts)
        except BaseException:
            await stream.aclose()
            raise
        return stream

    async def close(self) -> None:
        """Close the connections that wait."""
        for line in self._idle.clear():
            await line.stream.aclose()


def open_guarded_transport(http: Http | None, clock: Clock) -> GuardedTransport:
    """Open the transport of deliveries.

    Args:
        http: Settings, or None for the defaults.
        clock: That tells how long a connection has waited for use.

    Raises:
        ConfigurationError: It is a client of one's own, or settings that deliveries do not take.
    """
    return GuardedTransport(http, clock=clock)


def open_guarded_async_transport(http: Http | None, clock: Clock) -> AsyncGuardedTransport:
    """Open the transport of deliveries for an event loop; see `open_guarded_transport`."""
    return AsyncGuardedTransport(http, clock=clock)
