"""What may be given as ``transport=``, and what is told of everything else."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import httpx2
import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.flow import Flow, Request, Response
from hamilton_sdk.transport import Http
from hamilton_sdk.transport._clients import AsyncClientTransport, ClientTransport
from hamilton_sdk.transport._pooled import AsyncPooledTransport, PooledTransport
from hamilton_sdk.transport.inprocess import AsyncInProcessTransport, InProcessTransport
from hamilton_sdk.transport.opening import open_async_transport, open_transport

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOCK = SettableClock()


class Own:
    """A transport of the user's own."""

    def send(self, request: Request, timeout: float | None) -> Response:
        raise NotImplementedError

    def close(self) -> None: ...


class OwnAsync:
    """The same for an event loop."""

    async def send(self, request: Request, timeout: float | None) -> Response:
        raise NotImplementedError

    async def close(self) -> None: ...


class Simulator:
    """A responder that also has what a transport has."""

    def respond(self, request: Request) -> Flow[Response]:
        raise NotImplementedError

    def send(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture(params=[httpx, httpx2], ids=["httpx", "httpx2"])
def sync_client(request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    with request.param.Client() as client:
        yield client


@pytest.fixture(params=[httpx, httpx2], ids=["httpx", "httpx2"])
def async_client(request: pytest.FixtureRequest) -> Iterator[httpx.AsyncClient]:
    client = request.param.AsyncClient()
    yield client
    asyncio.run(client.aclose())


@pytest.mark.parametrize("given", [None, Http(), Http(library="httpx2")], ids=["nothing", "httpx", "httpx2"])
def test_settings_open_the_sdks_own_transport(given: Http | None) -> None:
    assert isinstance(open_transport(given, CLOCK), PooledTransport)
    assert isinstance(open_async_transport(given, CLOCK), AsyncPooledTransport)


def test_a_simulator_is_used_in_process() -> None:
    assert isinstance(open_transport(Simulator(), CLOCK), InProcessTransport)
    assert isinstance(open_async_transport(Simulator(), CLOCK), AsyncInProcessTransport)


def test_a_client_of_the_users_own_is_used(
    sync_client: httpx.Client, async_client: httpx.AsyncClient
) -> None:
    assert isinstance(open_transport(sync_client, CLOCK), ClientTransport)
    assert isinstance(open_async_transport(async_client, CLOCK), AsyncClientTransport)


def test_a_transport_is_used_as_it_is() -> None:
    own, own_async = Own(), OwnAsync()
    assert open_transport(own, CLOCK) is own
    assert open_async_transport(own_async, CLOCK) is own_async


def test_a_client_of_the_other_kind_is_refused(
    sync_client: httpx.Client, async_client: httpx.AsyncClient
) -> None:
    library = type(sync_client).__module__
    with pytest.raises(
        ConfigurationError, match=r"is an .*AsyncClient, and this is the sync connector"
    ) as caught:
        open_transport(async_client, CLOCK)
    assert "Client, or use the other connector" in (caught.value.hint or "")
    with pytest.raises(
        ConfigurationError, match=rf"is an {library}\.Client, and this is the async connector"
    ) as caught:
        open_async_transport(sync_client, CLOCK)
    assert f"give an {library}.AsyncClient" in (caught.value.hint or "")


def test_a_transport_of_the_other_kind_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="is an async transport, and this is the sync connector"):
        open_transport(OwnAsync(), CLOCK)
    with pytest.raises(ConfigurationError, match="is a sync transport, and this is the async connector"):
        open_async_transport(Own(), CLOCK)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("https://aeos.example", "str"),
        (httpx.Client, "Client"),
        (httpx.MockTransport(lambda _: httpx.Response(200)), "MockTransport"),
        (object(), "object"),
    ],
    ids=["text", "class", "httpx transport", "object"],
)
def test_anything_else_is_refused_with_what_may_be_given(given: object, name: str) -> None:
    for opening in (open_transport, open_async_transport):
        with pytest.raises(ConfigurationError, match=f"no transport: {name}") as caught:
            opening(given, CLOCK)
        assert "httpx.Client" in (caught.value.hint or "")


def test_the_other_library_is_not_loaded() -> None:
    code = (
        "import sys; from hamilton_sdk.clock import SystemClock;"
        "from hamilton_sdk.transport import Http; from hamilton_sdk.transport.opening import open_transport;"
        "open_transport(Http(library=sys.argv[1]), SystemClock());"
        "print(sorted({'httpx', 'httpx2'} & set(sys.modules)))"
    )
    for library in ("httpx", "httpx2"):
        done = subprocess.run(
            [sys.executable, "-c", code, library], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == f"['{library}']"
