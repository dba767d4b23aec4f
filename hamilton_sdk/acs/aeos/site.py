"""One AEOS server as the flows see it: its settings, its local time, and the wire to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from hamilton_sdk.acs.aeos.faults import CONNECTOR
from hamilton_sdk.errors import (
    BadResponse,
    Conflict,
    ConnectorError,
    Invalid,
    NotFound,
    ServerFailed,
    TimedOut,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.acs.aeos.localtime import LocalTime
    from hamilton_sdk.acs.aeos.settings import Settings
    from hamilton_sdk.acs.aeos.wire import Wire
    from hamilton_sdk.flow import Flow

__all__ = ["Site", "refusal", "unless_already"]

E = TypeVar("E", bound=ConnectorError)


@dataclass(frozen=True, slots=True)
class Site:
    """What every flow needs.

    Attributes:
        settings: As configured.
        local: The server's time.
        wire: Sends messages.
    """

    settings: Settings
    local: LocalTime
    wire: Wire

    def undoing(self) -> Site:
        """The same, whose requests are compensation."""
        return replace(self, wire=self.wire.undoing())


def refusal(kind: type[E], message: str, hint: str, operation: str | None = None) -> E:
    """An error of our own making, which names the connector."""
    return kind(f"{CONNECTOR}: {message}", hint=hint, connector=CONNECTOR, operation=operation)


def unless_already(action: Flow[None], already: Callable[[], Flow[bool]]) -> Flow[None]:
    """Perform a change, and take its failure for success where what it was for holds anyway.

    A repeated withdrawal, removal or unblocking is answered with a fault, since the state has moved on; the
    fault does not say so reliably, hence the state is read again.

    Args:
        action: The change.
        already: Reads whether its aim holds.
    """
    try:
        yield from action
    except (Conflict, Invalid, NotFound, TimedOut, ServerFailed, BadResponse) as error:
        if not (yield from _confirmed(error, already)):
            raise


def _confirmed(error: ConnectorError, already: Callable[[], Flow[bool]]) -> Flow[bool]:
    try:
        return (yield from already())
    except (Conflict, Invalid, NotFound, TimedOut, ServerFailed, BadResponse) as second:
        error.add_note(f"Reading the state again failed as well: {second}")
        raise error from second
