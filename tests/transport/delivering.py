"""The four ways to send a delivery: httpx and httpx2, sync and async; names resolve as a test says."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Literal

import pytest

from hamilton_sdk.errors import HamiltonError
from hamilton_sdk.flow import Request, Response
from hamilton_sdk.testing.authority import Authority, Identity
from hamilton_sdk.transport import Http
from hamilton_sdk.transport._streams import AsyncBackend, Backend
from hamilton_sdk.transport.addresses import Network
from hamilton_sdk.transport.guarded import AsyncGuardedTransport, GuardedTransport
from tests.transport.servers import listening, server_context

__all__ = [
    "HERE",
    "NAME",
    "DeliveryWay",
    "ca",
    "delivery",
    "dialled",
    "here",
    "receiver",
    "receiving",
    "resolving",
    "watched",
]

NAME = "hooks.customer.example"
HERE = (ip_network("127.0.0.0/8"),)


def here(_host: str, _port: int) -> list[str]:
    """Every name is this machine's."""
    return ["127.0.0.1"]


def resolving(*answers: Sequence[str]) -> tuple[Callable[[str, int], list[str]], list[str]]:
    """A resolver that gives one answer after the other, the last one for ever; and the names it was asked."""
    left, asked = [list(each) for each in answers], []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve, asked


@dataclass(frozen=True)
class DeliveryWay:
    """A library and a shell; sends deliveries one after the other over one transport."""

    library: Literal["httpx", "httpx2"]
    is_async: bool

    def send(
        self,
        request: Request,
        timeout: float | None = None,
        networks: Sequence[Network] = HERE,
        resolve: Callable[[str, int], list[str]] = here,
        **settings: object,
    ) -> Response:
        """One; raises what the transport raises."""
        (result,) = self.send_all([(request, networks)], timeout, resolve, **settings)
        if isinstance(result, HamiltonError):
            raise result
        return result

    def send_all(
        self,
        requests: Sequence[tuple[Request, Sequence[Network]]],
        timeout: float | None = None,
        resolve: Callable[[str, int], list[str]] = here,
        between: Callable[[], None] = lambda: None,
        **settings: object,
    ) -> list[Response | HamiltonError]:
        """Several with their networks; errors are returned; `between` is called before all but the first."""
        http = Http(library=self.library, **settings)
        if self.is_async:
            with asyncio.Runner(debug=True) as runner:
                return runner.run(_send_all(http, requests, timeout, resolve, between))
        transport = GuardedTransport(http, resolve=resolve)
        results: list[Response | HamiltonError] = []
        for number, (request, networks) in enumerate(requests):
            if number:
                between()
            try:
                results.append(transport.send(request, timeout, networks))
            except HamiltonError as error:
                results.append(error)
        transport.close()
        return results


async def _send_all(
    http: Http,
    requests: Sequence[tuple[Request, Sequence[Network]]],
    timeout: float | None,
    resolve: Callable[[str, int], list[str]],
    between: Callable[[], None],
) -> list[Response | HamiltonError]:
    transport = AsyncGuardedTransport(http, resolve=resolve)
    results: list[Response | HamiltonError] = []
    for number, (request, networks) in enumerate(requests):
        if number:
            await asyncio.to_thread(between)
        try:
            results.append(await transport.send(request, timeout, networks))
        except HamiltonError as error:
            results.append(error)
    await transport.close()
    return results


_WAYS = [DeliveryWay(library, is_async) for library in ("httpx", "httpx2") for is_async in (False, True)]


@pytest.fixture(params=_WAYS, ids=lambda way: f"{way.library}-{'async' if way.is_async else 'sync'}")
def delivery(request: pytest.FixtureRequest) -> DeliveryWay:
    return request.param


@pytest.fixture(scope="session")
def receiver(authority: Authority) -> Identity:
    return authority.issue_server(NAME, "127.0.0.1")


@pytest.fixture
def receiving(receiver: Identity) -> Callable[..., Iterator[int]]:
    """An HTTPS receiver on loopback; yields its port."""

    @contextmanager
    def serve(answer: Callable[[socket.socket], None], stop: threading.Event | None = None) -> Iterator[int]:
        with listening(answer, server_context(receiver), stop=stop) as port:
            yield port

    return serve


@pytest.fixture
def ca(authority: Authority) -> str:
    return str(authority.ca)


@pytest.fixture
def watched() -> Iterator[tuple[int, list[socket.socket]]]:
    """A port on loopback, and the connections made to it."""
    connections: list[socket.socket] = []
    with listening(connections.append) as port:
        yield port, connections


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses dialled; nobody answers at any of them."""
    seen: list[str] = []

    def dial(address: str) -> None:
        seen.append(address)
        raise ConnectionRefusedError

    async def dial_async(address: str) -> None:
        dial(address)

    monkeypatch.setattr(Backend, "_open", lambda _self, address, *_: dial(address))
    monkeypatch.setattr(AsyncBackend, "_open", lambda _self, address, *_: dial_async(address))
    return seen
