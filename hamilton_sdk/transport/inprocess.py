"""A simulator as a transport, in process: no socket, and no real waiting where the clock can be set.

The responder is called from whatever thread sends; keeping its state whole under several threads, with one
lock around what changes it, is its own business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import BadResponse, ConnectionFailed, ConnectionLost, ConnectorError, TimedOut
from hamilton_sdk.failure import redacted_url
from hamilton_sdk.flow import Cut, Now, Response, Sleep
from hamilton_sdk.transport.base import LARGEST_RESPONSE

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Request, Responder

__all__ = ["AsyncInProcessTransport", "InProcessTransport"]

_SIMULATED: Final = "this comes from the simulator: look at its fault script"
_CUTS: Final[Mapping[str, tuple[type[ConnectorError], str]]] = {
    "refused": (ConnectionFailed, "no connection: refused, nothing listens there"),
    "reset": (ConnectionLost, "the connection was cut before the answer was whole"),
    "truncated": (ConnectionLost, "the connection was cut before the answer was whole"),
    "timeout": (TimedOut, "no whole answer in time"),
}


class _Exchange:
    """One exchange with a responder; yields the seconds to wait, and returns the answer.

    Args:
        responder: Who answers.
        clock: Where time comes from.
        request: What is asked.
        timeout: Seconds for all of it.
    """

    def __init__(self, responder: Responder, clock: Clock, request: Request, timeout: float | None) -> None:
        self._responder = responder
        self._clock = clock
        self._request = request
        self._left = timeout

    def run(self) -> Generator[float, None, Response]:
        try:
            answer = yield from self._drive()
        except Cut as cut:
            kind, what = _CUTS[cut.kind]
            if kind is TimedOut:
                yield from self._wait_in_vain()
            raise self._error(kind, what) from None
        if len(answer.body) > (self._request.largest_response or LARGEST_RESPONSE):
            raise self._error(BadResponse, "the answer is larger than allowed", answer.status)
        return answer

    def _drive(self) -> Generator[float, None, Response]:
        flow = self._responder.respond(self._request)
        reply: object = None
        late = False
        while True:
            try:
                effect = flow.send(reply)
            except StopIteration as end:
                if late:
                    raise self._error(TimedOut, "no whole answer in time") from None
                answer: Response = end.value
                return answer
            reply = None
            if isinstance(effect, Now):
                reply = self._clock.now()
            elif not isinstance(effect, Sleep):
                message = f"a responder yielded {type(effect).__name__}: it may yield Sleep and Now"
                raise TypeError(message)
            elif self._left is None:
                yield effect.seconds
            elif effect.seconds < self._left:
                self._left -= effect.seconds
                yield effect.seconds
            else:
                # The peer does not know that nobody waits any more: it finishes what it began.
                late = True
                yield from self._wait_in_vain()

    def _wait_in_vain(self) -> Generator[float]:
        """Let the rest of the time-out pass; silence without one would last for ever, and takes no time."""
        left, self._left = self._left, 0.0
        if left:
            yield left

    def _error(self, kind: type[ConnectorError], what: str, status: int | None = None) -> ConnectorError:
        request, url = self._request, redacted_url(self._request.url)
        return kind(
            f"{request.operation} at {url}: {what}",
            hint=_SIMULATED,
            operation=request.operation,
            method=request.method,
            url=url,
            status=status,
        )


class InProcessTransport:
    """Sends requests to a responder.

    Waits it asks for move a `SettableClock` without being noted as waits of the caller's; with another clock
    they are real. One that outlasts the time-out lasts until then, and so does silence: where a test is not
    to take that long, give the connector a `SettableClock`, or a short deadline.

    Args:
        responder: Who answers.
        clock: Where time comes from.
    """

    def __init__(self, responder: Responder, clock: Clock) -> None:
        self._responder = responder
        self._clock = clock

    def send(self, request: Request, timeout: float | None) -> Response:
        """Perform the exchange; see `hamilton_sdk.transport.Transport.send`."""
        steps = _Exchange(self._responder, self._clock, request, timeout).run()
        while True:
            try:
                seconds = next(steps)
            except StopIteration as end:
                answer: Response = end.value
                return answer
            if isinstance(self._clock, SettableClock):
                self._clock.advance(seconds)
            else:
                self._clock.sleep(seconds)

    def close(self) -> None:
        """Nothing to give back."""


class AsyncInProcessTransport:
    """The same for an event loop; like a real one it lets other tasks run before it answers."""

    def __init__(self, responder: Responder, clock: Clock) -> None:
        self._responder = responder
        self._clock = clock

    async def send(self, request: Request, timeout: float | None) -> Response:  # noqa: ASYNC109
        """Perform the exchange; see `hamilton_sdk.transport.Transport.send`."""
        import asyncio

        await asyncio.sleep(0)
        steps = _Exchange(self._responder, self._clock, request, timeout).run()
        while True:
            try:
                seconds = next(steps)
            except StopIteration as end:
                answer: Response = end.value
                return answer
            if isinstance(self._clock, SettableClock):
                self._clock.advance(seconds)
                await asyncio.sleep(0)
            else:
                await self._clock.asleep(seconds)

    async def close(self) -> None:
        """Nothing to give back."""
