"""Performs the effects of a responder: once blocking, once awaiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hamilton_sdk.flow import Now, Request, Response, Safety, Sleep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Effect, Responder

__all__ = ["BODILESS", "LARGEST_REQUEST", "answer", "answer_async", "request_from"]

LARGEST_REQUEST: Final = 4 * 1024 * 1024
"""Bytes of a request's body that are read before it is refused with status 413, unless told otherwise."""

BODILESS: Final = (204, 205, 304)
"""Answers with these statuses have no body, and no length of one (RFC 9110, 15.3.5, 15.3.6, 15.4.5)."""


def answer(responder: Responder, request: Request, clock: Clock) -> Response:
    """Let a responder answer, and block where it waits.

    Args:
        responder: Who answers.
        request: What is asked.
        clock: For the time and for waiting.

    Raises:
        Cut: The responder gives no answer.
        TypeError: It asked for more than the time or a wait.
    """
    flow = responder.respond(request)
    known: Any = None
    try:
        while True:
            effect = flow.send(known)
            if isinstance(effect, Sleep):
                clock.sleep(effect.seconds)
                known = None
            else:
                known = _known(effect, clock)
    except StopIteration as stop:
        found: Response = stop.value
        return found
    finally:
        flow.close()


async def answer_async(responder: Responder, request: Request, clock: Clock) -> Response:
    """Let a responder answer, and await where it waits; see `answer`."""
    flow = responder.respond(request)
    known: Any = None
    try:
        while True:
            effect = flow.send(known)
            if isinstance(effect, Sleep):
                await clock.asleep(effect.seconds)
                known = None
            else:
                known = _known(effect, clock)
    except StopIteration as stop:
        found: Response = stop.value
        return found
    finally:
        flow.close()


def _known(effect: Effect, clock: Clock) -> object:
    if isinstance(effect, Now):
        return clock.now()
    message = f"a responder may yield Now and Sleep, and this one yielded {type(effect).__name__}"
    raise TypeError(message)


def request_from(method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> Request:
    """A request that came in from outside.

    Args:
        method: HTTP method.
        url: Absolute.
        headers: As received; several of a name are joined.
        body: Whole.

    Returns:
        The request, named by its method: a responder goes by the bytes.
    """
    joined: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        joined[key] = f"{joined[key]}, {value}" if key in joined else value
    return Request(method=method, url=url, operation=method, safety=Safety.UNSAFE, headers=joined, body=body)
