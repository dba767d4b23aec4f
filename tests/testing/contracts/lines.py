"""Lines to peers: one that breaks once, and one that nobody may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk.flow import Cut

if TYPE_CHECKING:
    from hamilton_sdk.flow import Flow, Request, Responder, Response

__all__ = ["BreakingLine", "Nobody"]


class Nobody:
    """A peer that must not be asked: a fake has none."""

    def respond(self, request: Request) -> Flow[Response]:
        message = f"the fake sent {request.operation}"
        raise AssertionError(message)


class BreakingLine:
    """A line to a responder that is cut once.

    Args:
        responder: Behind it.
        step: Which exchange, from 1.
        after_work: Whether the responder does what was asked, and only the answer is lost.
    """

    def __init__(self, responder: Responder, step: int, *, after_work: bool) -> None:
        self._responder = responder
        self._left = step
        self._after_work = after_work

    def was_cut(self) -> bool:
        return self._left <= 0

    def respond(self, request: Request) -> Flow[Response]:
        self._left -= 1
        if self._left == 0 and not self._after_work:
            raise Cut("reset")
        answer = yield from self._responder.respond(request)
        if self._left == 0:
            raise Cut("reset", after_work=True)
        return answer
