"""Retries for any httpx2 client, with nothing else of the SDK.

Example:
    >>> import httpx2
    >>> from hamilton_sdk.transport.retrying_httpx2 import RetryTransport
    >>> calm = httpx2.MockTransport(lambda request: httpx2.Response(204))
    >>> with httpx2.Client(transport=RetryTransport(transport=calm)) as client:
    ...     client.get("https://peer.example/").status_code
    204
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2

from hamilton_sdk._tenacity import aloop, loop
from hamilton_sdk.retry import Safety
from hamilton_sdk.transport._retrying import (
    Attempts,
    Retries,
    check_settings,
    known_safety,
    safety_by_method,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.retry import Hooks, RetryPolicy

__all__ = ["AsyncRetryTransport", "RetryTransport"]


def _attempts(
    retries: Retries, safety: Safety | Callable[[httpx2.Request], Safety], request: httpx2.Request
) -> Attempts:
    known = safety if isinstance(safety, Safety) else known_safety(safety(request))
    # Any other stream may be gone once it was sent.
    return Attempts(retries, request, known, replayable=isinstance(request.stream, httpx2.ByteStream))


class RetryTransport(httpx2.BaseTransport):
    """A transport that sends again what `hamilton_sdk.retry.decide` says may be sent again.

    An answer that stays a failure is returned, and an exception that stays one is raised, as without it.
    ``Retry-After`` is honoured. A streamed request body is sent once. Once an answer is handed out, the
    reading of its body is not repeated.

    Args:
        policy: The limits; those of `RetryPolicy` if not given.
        transport: What sends; httpx2's own if not given. Closed with this one.
        safety: What sending twice does, for all requests or for each. By its method if not given: GET, HEAD
            and OPTIONS are safe, PUT and DELETE idempotent, others unsafe unless there is an Idempotency-Key
            header.
        clock: Where time comes from; the machine's clock if not given.
        hooks: What the application wants to hear about.

    Raises:
        ConfigurationError: An argument is of another kind than asked for. What a function given as `safety`
            returns is seen only at the request.
    """

    def __init__(
        self,
        policy: RetryPolicy | None = None,
        *,
        transport: httpx2.BaseTransport | None = None,
        safety: Safety | Callable[[httpx2.Request], Safety] | None = None,
        clock: Clock | None = None,
        hooks: Hooks | None = None,
    ) -> None:
        check_settings(
            "RetryTransport",
            httpx2.BaseTransport,
            policy=policy,
            transport=transport,
            safety=safety,
            clock=clock,
            hooks=hooks,
        )
        self._transport = transport or httpx2.HTTPTransport()
        self._safety = safety or safety_by_method
        self._retries = Retries("httpx2", (httpx2.TransportError,), policy, clock, hooks)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request, and again where that is right."""
        attempts = _attempts(self._retries, self._safety, request)
        return loop(lambda _: self._transport.handle_request(request), attempts.after, attempts.pause)

    def close(self) -> None:
        """Close the transport beneath."""
        self._transport.close()


class AsyncRetryTransport(httpx2.AsyncBaseTransport):
    """`RetryTransport` for an ``httpx2.AsyncClient``; takes the same arguments."""

    def __init__(
        self,
        policy: RetryPolicy | None = None,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        safety: Safety | Callable[[httpx2.Request], Safety] | None = None,
        clock: Clock | None = None,
        hooks: Hooks | None = None,
    ) -> None:
        check_settings(
            "AsyncRetryTransport",
            httpx2.AsyncBaseTransport,
            policy=policy,
            transport=transport,
            safety=safety,
            clock=clock,
            hooks=hooks,
        )
        self._transport = transport or httpx2.AsyncHTTPTransport()
        self._safety = safety or safety_by_method
        self._retries = Retries("httpx2", (httpx2.TransportError,), policy, clock, hooks)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request, and again where that is right."""
        attempts = _attempts(self._retries, self._safety, request)
        return await aloop(
            lambda _: self._transport.handle_async_request(request), attempts.after, attempts.apause
        )

    async def aclose(self) -> None:
        """Close the transport beneath."""
        await self._transport.aclose()
