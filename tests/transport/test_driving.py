"""Steps of a conversation are taken on a stream within its limits; a failed write may still be answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from hamilton_sdk.transport._driving import drive, drive_async
from hamilton_sdk.transport._http11 import PIECE, Steps
from hamilton_sdk.transport.base import Timeouts

LIMITS = Timeouts(read=3.0, write=4.0)


class WriteError(Exception):
    """Named as the libraries name theirs."""


class Wire:
    """Notes what is asked of it."""

    def __init__(self, *arrives: bytes, fails: Exception | None = None) -> None:
        self.arrives = list(arrives)
        self.fails = fails
        self.steps: list[tuple[object, ...]] = []

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.steps.append(("read", max_bytes, timeout))
        return self.arrives.pop(0)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.steps.append(("write", buffer, timeout))
        if self.fails is not None:
            raise self.fails


class AsyncWire(Wire):
    """The same for an event loop."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return super().read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        super().write(buffer, timeout)


Drive = Callable[..., tuple[object, list[tuple[object, ...]]]]


def in_sync(steps: Steps[object], *arrives: bytes, fails: Exception | None = None) -> object:
    wire = Wire(*arrives, fails=fails)
    return drive(steps, wire, LIMITS), wire.steps


def in_a_loop(steps: Steps[object], *arrives: bytes, fails: Exception | None = None) -> object:
    wire = AsyncWire(*arrives, fails=fails)
    return asyncio.run(drive_async(steps, wire, LIMITS)), wire.steps


@pytest.fixture(params=[in_sync, in_a_loop])
def driven(request: pytest.FixtureRequest) -> Drive:
    return request.param


def conversation() -> Steps[bytes]:
    said = yield b"hello"
    assert said == b""
    first = yield None
    second = yield None
    return first + second


def test_steps_are_taken_in_order_and_what_is_read_is_sent_in(driven: Drive) -> None:
    result, steps = driven(conversation(), b"good", b"bye")
    assert result == b"goodbye"
    assert steps == [("write", b"hello", 4.0), ("read", PIECE, 3.0), ("read", PIECE, 3.0)]


def test_the_end_of_the_connection_is_sent_in_too(driven: Drive) -> None:
    assert driven(conversation(), b"good", b"")[0] == b"good"


def test_a_failed_write_is_followed_by_a_read_since_the_peer_may_have_said_why(driven: Drive) -> None:
    assert driven(conversation(), b"413", b"", fails=WriteError())[0] == b"413"


def test_any_other_failure_is_one(driven: Drive) -> None:
    with pytest.raises(TimeoutError):
        driven(conversation(), fails=TimeoutError())
