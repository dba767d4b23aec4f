"""An authority, and the four ways to send: httpx and httpx2, sync and async."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pytest

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.errors import HamiltonError
from hamilton_sdk.flow import Request, Response, Safety
from hamilton_sdk.testing.authority import Authority
from hamilton_sdk.transport import Http
from hamilton_sdk.transport.opening import open_async_transport, open_transport
from tests.transport.delivering import (  # noqa: F401 (fixtures for every test here)
    ca,
    delivery,
    dialled,
    receiver,
    receiving,
    watched,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.testing.authority import Identity


@dataclass(frozen=True)
class Way:
    """A library and a shell; sends requests one after the other over one transport of the SDK's own."""

    library: Literal["httpx", "httpx2"]
    is_async: bool

    def send(self, request: Request, timeout: float | None = None, **settings: object) -> Response:
        """One request; raises what the transport raises."""
        (result,) = self.send_all([request], timeout, **settings)
        if isinstance(result, HamiltonError):
            raise result
        return result

    def send_all(
        self,
        requests: list[Request],
        timeout: float | None = None,
        between: Callable[[], None] = lambda: None,
        **settings: object,
    ) -> list[Response | HamiltonError]:
        """Several, whose errors are returned; `between` is called before all but the first."""
        http = Http(library=self.library, **settings)
        if self.is_async:
            with asyncio.Runner(debug=True) as runner:
                return runner.run(_send_all_async(http, requests, timeout, between))
        transport = open_transport(http, SystemClock())
        results: list[Response | HamiltonError] = []
        for number, request in enumerate(requests):
            if number:
                between()
            try:
                results.append(transport.send(request, timeout))
            except HamiltonError as error:
                results.append(error)
        transport.close()
        return results


async def _send_all_async(
    http: Http, requests: list[Request], timeout: float | None, between: Callable[[], None]
) -> list[Response | HamiltonError]:
    transport = open_async_transport(http, SystemClock())
    results: list[Response | HamiltonError] = []
    for number, request in enumerate(requests):
        if number:
            await asyncio.to_thread(between)
        try:
            results.append(await transport.send(request, timeout))
        except HamiltonError as error:
            results.append(error)
    await transport.close()
    return results


WAYS = [Way(library, is_async) for library in ("httpx", "httpx2") for is_async in (False, True)]


@pytest.fixture(params=WAYS, ids=lambda way: f"{way.library}-{'async' if way.is_async else 'sync'}")
def way(request: pytest.FixtureRequest) -> Way:
    return request.param


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def server(authority: Authority) -> Identity:
    return authority.issue_server()


@pytest.fixture(scope="session")
def client(authority: Authority) -> Identity:
    return authority.issue_client("connector")


def get(url: str, **changes: object) -> Request:
    """A request that only reads."""
    return Request(**{"method": "GET", "url": url, "operation": "read", "safety": Safety.SAFE, **changes})


def post(url: str, body: bytes = b"data", **changes: object) -> Request:
    """A request that writes."""
    return get(
        url, **{"method": "POST", "body": body, "operation": "write", "safety": Safety.UNSAFE, **changes}
    )
