"""What both dispatchers are made of, besides their threads and tasks."""

from __future__ import annotations

import logging
import os
import secrets
import warnings
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from hamilton_sdk.arguments import check_type
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.retry import RetryPolicy
from hamilton_sdk.runner.core import RANDOM
from hamilton_sdk.transport.addresses import networks_of
from hamilton_sdk.transport.base import Http, Timeouts
from hamilton_sdk.transport.guarded import open_guarded_async_transport, open_guarded_transport
from hamilton_sdk.transport.opening import open_async_transport, open_transport
from hamilton_sdk.webhooks._course import Course
from hamilton_sdk.webhooks._time import micros
from hamilton_sdk.webhooks._unsent import Unsent
from hamilton_sdk.webhooks.breaker import BreakerPolicy
from hamilton_sdk.webhooks.delivering import DeliveryRequest, deliver, failed_before
from hamilton_sdk.webhooks.hooks import DeliveryHooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Flow, Query, Request, Responder, Response
    from hamilton_sdk.store.operation import Operation
    from hamilton_sdk.transport.addresses import Network
    from hamilton_sdk.transport.base import AsyncTransport, Transport
    from hamilton_sdk.transport.guarded import AsyncGuardedTransport, GuardedTransport
    from hamilton_sdk.webhooks.delivering import Claimed, Result, Sign

__all__ = ["ONCE", "Settings", "asked", "open_async_door", "open_door", "warn_unclosed"]

ONCE: Final = RetryPolicy(attempts=1, deadline=None)
"""No retries, which are the schedule's, and no deadline, which is the transport's."""

_logger: Final = logging.getLogger("hamilton_sdk.webhooks")

_MOST_PLACES: Final = 1000
_SPARE: Final = timedelta(minutes=1)
_LEAST_SPARE: Final = timedelta(seconds=5)


class Settings:
    """What a dispatcher is made with.

    Args:
        transport: Settings of the guarded transport, or a simulator.
        concurrency: Deliveries under way at the same time.
        hooks: What the application wants to hear about.
        breaker: When endpoints get a rest.
        lease: How long a delivery is a worker's.
        clock: Where time comes from.

    Raises:
        ConfigurationError: An argument is none of what it may be.
        TypeError: One is of another type.
    """

    def __init__(
        self,
        transport: Http | Responder | None,
        concurrency: int,
        hooks: DeliveryHooks | None,
        breaker: BreakerPolicy | None,
        lease: timedelta | None,
        clock: Clock,
    ) -> None:
        self.places = _checked_places(concurrency)
        self.transport = _checked_transport(transport, self.places)
        limits = self.transport.timeouts if isinstance(self.transport, Http) else Timeouts()
        self.longest = timedelta(seconds=limits.total)
        self.lease = _checked_lease(lease, self.longest)
        self.hooks = hooks or DeliveryHooks()
        self.breaker = breaker or BreakerPolicy()
        self.clock = clock
        self.unsent = Unsent(clock)

    def course(self, wake: Callable[[], None], check: Operation[None]) -> Course:
        """The course of a new worker.

        Args:
            wake: Ends its waits.
            check: Done before its first claim.
        """
        return Course(
            worker=f"{os.getpid()}-{secrets.token_hex(6)}",
            places=self.places,
            clock=self.clock,
            chance=RANDOM.random,
            lease=self.lease,
            breaker=self.breaker,
            hooks=self.hooks,
            unsent=self.unsent,
            wake=wake,
            check=check,
        )

    def flow(self, claimed: Claimed, sign: Sign) -> Flow[Result]:
        """The flow of one attempt."""
        return deliver(claimed, sign, self.longest)

    def now(self) -> int:
        """The time, in microseconds since 1970."""
        return micros(self.clock.now())

    def failed(self, claimed: Claimed, error: Exception) -> Result:
        """What a defect of our own makes of a delivery: it comes again, and its place goes on."""
        _logger.error("delivery %d failed in the sender", claimed.id, exc_info=error)
        return failed_before(claimed, self.now(), error)


class Door:
    """The guarded transport as a runner uses it: a delivery's allowed networks lie in its request.

    Args:
        guarded: What sends.
    """

    def __init__(self, guarded: GuardedTransport) -> None:
        self._guarded = guarded

    def send(self, request: Request, timeout: float | None) -> Response:
        """Perform the exchange; see `hamilton_sdk.transport.Transport.send`."""
        return self._guarded.send(request, timeout, _allowed(request))

    def close(self) -> None:
        """Give connections back."""
        self._guarded.close()


class AsyncDoor:
    """`Door` for an event loop.

    Args:
        guarded: What sends.
    """

    def __init__(self, guarded: AsyncGuardedTransport) -> None:
        self._guarded = guarded

    async def send(self, request: Request, timeout: float | None) -> Response:  # noqa: ASYNC109
        """Perform the exchange; see `hamilton_sdk.transport.Transport.send`."""
        return await self._guarded.send(request, timeout, _allowed(request))

    async def close(self) -> None:
        """Give connections back."""
        await self._guarded.close()


def open_door(given: Http | Responder, clock: Clock) -> Transport:
    """The guarded transport, or a simulator in process, which leads nowhere and needs no guard."""
    if isinstance(given, Http):
        return Door(open_guarded_transport(given, clock))
    return open_transport(given, clock)


def open_async_door(given: Http | Responder, clock: Clock) -> AsyncTransport:
    """The same for an event loop."""
    if isinstance(given, Http):
        return AsyncDoor(open_guarded_async_transport(given, clock))
    return open_async_transport(given, clock)


def asked(query: Query) -> Flow[Any]:
    """A flow of one query."""
    answer: object = yield query
    return answer


def warn_unclosed(source: object) -> None:
    """Say that a dispatcher was thrown away open."""
    message = f"unclosed {type(source).__name__}: use `with`, or call close()"
    warnings.warn(message, ResourceWarning, stacklevel=3, source=source)


def _allowed(request: Request) -> tuple[Network, ...]:
    return _networks(request.networks) if isinstance(request, DeliveryRequest) else ()


@lru_cache(maxsize=256)
def _networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    return networks_of(texts)


def _checked_transport(given: Http | Responder | None, places: int) -> Http | Responder:
    if given is None:
        given = Http()
    if isinstance(given, Http):
        # Fewer connections than places would have deliveries wait for one, on the receiver's time.
        return replace(given, connections=max(given.connections, places))
    if not callable(getattr(given, "respond", None)):
        message = f"transport= of a dispatcher is of type {type(given).__name__}"
        hint = (
            "give Http(...) settings: deliveries go to addresses of others' choosing, and only the SDK's own "
            "transport keeps them out of your network"
        )
        raise ConfigurationError(message, hint=hint)
    return given


def _checked_places(concurrency: int) -> int:
    check_type("concurrency", concurrency, int)
    if not 1 <= concurrency <= _MOST_PLACES:
        message = f"concurrency is {concurrency}"
        raise ConfigurationError(message, hint=f"give 1 to {_MOST_PLACES}, and more workers for more")
    return concurrency


def _checked_lease(given: timedelta | None, longest: timedelta) -> timedelta:
    if given is None:
        return longest + _SPARE
    check_type("lease", given, timedelta)
    if given < longest + _LEAST_SPARE:
        # One that ends before its delivery could is given back at once, and claimed again at once.
        least = longest + _LEAST_SPARE
        message = f"lease is {given}, and a delivery may take {longest}"
        hint = f"give {least} at least, or Http(timeouts=Timeouts(total=...))"
        raise ConfigurationError(message, hint=hint)
    return given
