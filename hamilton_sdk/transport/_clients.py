"""A client of the user's own as a transport: it keeps its TLS, proxies and limits, and is never closed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.flow import Response
from hamilton_sdk.transport._body import ACCEPTED_ENCODINGS, Body, headers_of
from hamilton_sdk.transport._exchange import Exchange, Stage
from hamilton_sdk.transport._faults import performing
from hamilton_sdk.transport.base import LARGEST_RESPONSE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, MutableMapping

    from hamilton_sdk.flow import Request

__all__ = ["AsyncClientTransport", "ClientTransport"]


class Outgoing(Protocol):
    """A request of an HTTP library's."""

    @property
    def extensions(self) -> MutableMapping[str, dict[str, float | None]]: ...


class Headers(Protocol):
    """An answer's headers."""

    @property
    def raw(self) -> list[tuple[bytes, bytes]]: ...


class Incoming(Protocol):
    """An answer of an HTTP library's."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Headers: ...
    @property
    def is_stream_consumed(self) -> bool: ...
    @property
    def content(self) -> bytes: ...
    def iter_raw(self) -> Iterator[bytes]: ...
    def aiter_raw(self) -> AsyncIterator[bytes]: ...
    def close(self) -> None: ...
    async def aclose(self) -> None: ...


class AnyClient(Protocol):
    """What ``httpx.Client``, ``httpx.AsyncClient`` and their httpx2 kin have in common."""

    @property
    def is_closed(self) -> bool: ...
    @property
    def headers(self) -> MutableMapping[str, str]: ...
    def build_request(
        self, method: str, url: str, *, content: bytes, headers: Mapping[str, str]
    ) -> Outgoing: ...


class Client(AnyClient, Protocol):
    """A sync one."""

    def send(self, request: Outgoing, *, stream: bool, follow_redirects: bool) -> Incoming: ...


class AsyncClient(AnyClient, Protocol):
    """An async one."""

    async def send(self, request: Outgoing, *, stream: bool, follow_redirects: bool) -> Incoming: ...


class _Client:
    """What both kinds share: how an exchange begins, and what is sent.

    Args:
        client: Theirs; used, never closed.
        failures: What it may raise.
    """

    def __init__(self, client: AnyClient, failures: tuple[type[Exception], ...]) -> None:
        self._failures = failures
        # A client that accepts what we can read needs no header of ours, which would cost six microseconds
        # a request.
        fits = client.headers.get("accept-encoding") == ACCEPTED_ENCODINGS
        self._headers = {} if fits else {"Accept-Encoding": ACCEPTED_ENCODINGS}

    def _begin(self, client: AnyClient, timeout: float | None) -> Exchange:
        if client.is_closed:
            message = "the client given as transport= is closed"
            raise ConfigurationError(message, hint="keep it open for as long as the connector is used")
        return Exchange(math.inf if timeout is None else timeout, stage=Stage.HIDDEN)

    def _outgoing(self, client: AnyClient, request: Request, exchange: Exchange) -> Outgoing:
        headers = {**request.headers, **self._headers} if self._headers else request.headers
        outgoing = client.build_request(request.method, request.url, content=request.body, headers=headers)
        left = exchange.left()
        # The client's own limits hold, and none of them may outlast the operation's deadline.
        own = outgoing.extensions.get("timeout", {})
        for name in ("connect", "read", "write", "pool"):
            limit = own.get(name)
            if left < (math.inf if limit is None else limit):
                outgoing.extensions["timeout"] = own = {**own, name: left}
        return outgoing


def _begun(answer: Incoming, headers: dict[str, str], request: Request) -> Body:
    """The body, with what is there of it already: an event hook, or a mock transport, may have read it."""
    largest = request.largest_response or LARGEST_RESPONSE
    if not answer.is_stream_consumed:
        return Body(headers, largest)
    body = Body({}, largest)  # decompressed already
    body.feed(answer.content)
    return body


class ClientTransport(_Client):
    """A user's sync client.

    Args:
        client: Theirs; used, never closed.
        failures: What it may raise.
    """

    def __init__(self, client: Client, failures: tuple[type[Exception], ...]) -> None:
        super().__init__(client, failures)
        self._client = client

    def send(self, request: Request, timeout: float | None) -> Response:
        """Perform the exchange; see `hamilton_sdk.transport.Transport.send`."""
        exchange = self._begin(self._client, timeout)
        with performing(request, exchange, self._failures):
            outgoing = self._outgoing(self._client, request, exchange)
            answer = self._client.send(outgoing, stream=True, follow_redirects=False)
            exchange.status = answer.status_code
            try:
                headers = headers_of(answer.headers.raw)
                body = _begun(answer, headers, request)
                exchange.left()
                if not answer.is_stream_consumed:
                    for piece in answer.iter_raw():
                        body.feed(piece)
                        exchange.left()
            finally:
                answer.close()
            return Response(answer.status_code, headers, body.whole())

    def close(self) -> None:
        """Leave the client open: it is not ours."""


class AsyncClientTransport(_Client):
    """A user's async client.

    Args:
        client: Theirs; used, never closed.
        failures: What it may raise.
    """

    def __init__(self, client: AsyncClient, failures: tuple[type[Exception], ...]) -> None:
        super().__init__(client, failures)
        self._client = client

    async def send(self, request: Request, timeout: float | None) -> Response:  # noqa: ASYNC109
        """Perform the exchange; see `hamilton_sdk.transport.Transport.send`."""
        exchange = self._begin(self._client, timeout)
        with performing(request, exchange, self._failures):
            outgoing = self._outgoing(self._client, request, exchange)
            answer = await self._client.send(outgoing, stream=True, follow_redirects=False)
            exchange.status = answer.status_code
            try:
                headers = headers_of(answer.headers.raw)
                body = _begun(answer, headers, request)
                exchange.left()
                if not answer.is_stream_consumed:
                    async for piece in answer.aiter_raw():
                        body.feed(piece)
                        exchange.left()
            finally:
                await answer.aclose()
            return Response(answer.status_code, headers, body.whole())

    async def close(self) -> None:
        """Leave the client open: it is not ours."""
