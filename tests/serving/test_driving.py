"""Driving a responder, blocking and awaiting."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.flow import Cut, Now, Offload, Request, Response, Safety, Sleep
from hamilton_sdk.serving import answer, answer_async
from hamilton_sdk.serving.driving import request_from

if TYPE_CHECKING:
    from hamilton_sdk.flow import Flow

NOW = datetime(2026, 3, 27, 11, tzinfo=UTC)
ASKED = Request(method="GET", url="https://x/", operation="GET", safety=Safety.SAFE)


class Scripted:
    """A responder that yields what it is told, and notes what it got and that it was closed."""

    def __init__(self, *effects: Any) -> None:
        self.effects = effects
        self.got: list[object] = []
        self.closed = False

    def respond(self, request: Request) -> Flow[Response]:
        assert request is ASKED
        try:
            for effect in self.effects:
                if isinstance(effect, Exception):
                    raise effect
                self.got.append((yield effect))
            return Response(status=200)
        finally:
            self.closed = True


def blocking(responder: Scripted, clock: SettableClock) -> Response:
    return answer(responder, ASKED, clock)


def awaiting(responder: Scripted, clock: SettableClock) -> Response:
    return asyncio.run(answer_async(responder, ASKED, clock))


both = pytest.mark.parametrize("run", [blocking, awaiting])


@both
def test_waits_and_the_time_come_from_the_clock(run):
    clock, responder = SettableClock(NOW), Scripted(Now(), Sleep(30), Now())

    assert run(responder, clock).status == 200
    assert clock.slept == [30]
    assert responder.got == [NOW, None, NOW.replace(second=30)]
    assert responder.closed


@both
def test_no_answer_is_passed_on(run):
    with pytest.raises(Cut):
        run(Scripted(Cut("reset")), SettableClock())


@both
def test_other_effects_are_not_for_responders(run):
    responder = Scripted(Offload(lambda _: None))

    with pytest.raises(TypeError, match="yielded Offload"):
        run(responder, SettableClock())
    assert responder.closed


async def test_other_tasks_run_while_a_responder_waits():
    clock = SettableClock()
    order: list[str] = []

    async def other() -> None:
        order.append("other")

    async def asked() -> None:
        await answer_async(Scripted(Sleep(1)), ASKED, clock)
        order.append("answered")

    async with asyncio.TaskGroup() as group:
        group.create_task(asked())
        group.create_task(other())

    assert order == ["other", "answered"]


def test_a_request_from_outside_has_lower_case_headers_joined():
    request = request_from("POST", "https://x/", [("A", "1"), ("a", "2"), ("B", "3")], b"body")

    assert request.headers == {"a": "1, 2", "b": "3"}
    assert (request.method, request.operation, request.body) == ("POST", "POST", b"body")
    assert request.safety is Safety.UNSAFE
