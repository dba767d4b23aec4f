"""Taking back what a call has done when it fails or is interrupted half way."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hamilton_sdk.acs.aeos.faults import CONNECTOR
from hamilton_sdk.errors import ConnectorError, PartialFailure

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.flow import Flow

__all__ = ["Undo", "undoing"]

T = TypeVar("T")


class Undo:
    """What has been begun so far, each step with its way back; lives for one call."""

    __slots__ = ("_steps",)

    def __init__(self) -> None:
        self._steps: list[tuple[str, Callable[[], Flow[None]]]] = []

    def add(self, step: str, back: Callable[[], Flow[None]]) -> None:
        """Note a step before its request is sent, so that an interrupted one is taken back as well.

        Args:
            step: In words and peer ids.
            back: Takes it back; it must not mind that nothing happened, and its requests are compensation.
        """
        self._steps.append((step, back))

    def instead(self, step: str, back: Callable[[], Flow[None]]) -> None:
        """Note a better way back in the place of the last step's; see `add`."""
        self._steps[-1:] = [(step, back)]

    def forget(self) -> None:
        """Drop all steps: they are settled."""
        self._steps.clear()

    def rewind(self, operation: str, error: BaseException) -> Flow[None]:
        """Take everything back, the last step first, and go on past failures.

        Raises:
            PartialFailure: Something is left.
        """
        undone: list[str] = []
        left: list[str] = []
        failures: list[ConnectorError] = []
        while self._steps:
            step, back = self._steps.pop()
            try:
                yield from back()
            except ConnectorError as second:
                left.append(step)
                failures.append(second)
            else:
                undone.append(step)
        if left:
            partial = PartialFailure(
                f"{CONNECTOR}: {operation} failed, and not everything could be undone: {', '.join(left)}",
                undone=tuple(undone),
                left=tuple(left),
                hint="revoke the reference, or repeat the call: either ends in a clear state",
                connector=CONNECTOR,
                operation=operation,
                outcome=error.outcome if isinstance(error, ConnectorError) else None,
            )
            for failure in failures:
                partial.add_note(f"Undoing failed: {failure}")
            raise partial from error


def undoing(operation: str, work: Callable[[Undo], Flow[T]]) -> Flow[T]:
    """Perform a call whose steps are taken back if it fails or is interrupted.

    Args:
        operation: Its name, for the error.
        work: The call; gets the `Undo` in which it notes its steps.

    Raises:
        ConnectorError: What it failed with, everything taken back.
        PartialFailure: Something could not be taken back.
    """
    undo = Undo()
    try:
        return (yield from work(undo))
    except ConnectorError as error:
        yield from undo.rewind(operation, error)
        raise
    except GeneratorExit:
        raise  # closed from outside: nothing can be asked for any more
    except BaseException as broken:
        # Ctrl-C between two lines of a flow's own, or a defect in them: no reason to leave a door open.
        try:
            yield from undo.rewind(operation, broken)
        except PartialFailure as partial:
            broken.add_note(str(partial))
        raise
