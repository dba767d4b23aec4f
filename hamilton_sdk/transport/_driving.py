"""Taking the steps of an HTTP/1.1 conversation on a network stream, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from hamilton_sdk.transport._http11 import PIECE

if TYPE_CHECKING:
    from hamilton_sdk.transport._http11 import Steps
    from hamilton_sdk.transport._streams import AsyncStream, Stream
    from hamilton_sdk.transport.base import Timeouts

__all__ = ["drive", "drive_async"]

T = TypeVar("T")


def drive(steps: Steps[T], stream: Stream, limits: Timeouts) -> T:
    """Take the steps of a conversation on a stream."""
    try:
        step = next(steps)
        while True:
            if step is None:
                step = steps.send(stream.read(PIECE, limits.read))
                continue
            try:
                stream.write(step, limits.write)
            except Exception as error:  # noqa: BLE001 (the libraries share no class)
                _unless_answered(error)
            step = steps.send(b"")
    except StopIteration as end:
        return cast("T", end.value)


async def drive_async(steps: Steps[T], stream: AsyncStream, limits: Timeouts) -> T:
    """The same for an event loop."""
    try:
        step = next(steps)
        while True:
            if step is None:
                step = steps.send(await stream.read(PIECE, limits.read))
                continue
            try:
                await stream.write(step, limits.write)
            except Exception as error:  # noqa: BLE001 (the libraries share no class)
                _unless_answered(error)
            step = steps.send(b"")
    except StopIteration as end:
        return cast("T", end.value)


def _unless_answered(error: Exception) -> None:
    """Raise, unless the peer closed early: then it may have said why, and that is read next."""
    if type(error).__name__ != "WriteError":
        raise error
