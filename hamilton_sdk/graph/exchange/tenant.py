"""One tenant as the flows see it: its settings and the wire to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hamilton_sdk.errors import Invalid
from hamilton_sdk.graph.exchange.wire import refusal

if TYPE_CHECKING:
    from hamilton_sdk.graph.exchange.settings import Settings
    from hamilton_sdk.graph.exchange.wire import Wire
    from hamilton_sdk.graph.models import Reservation

__all__ = ["Tenant"]


@dataclass(frozen=True, slots=True)
class Tenant:
    """What every flow needs.

    Attributes:
        settings: As configured.
        wire: Sends calls.
    """

    settings: Settings
    wire: Wire

    def undoing(self) -> Tenant:
        """The same, whose requests are compensation."""
        return replace(self, wire=self.wire.undoing())

    @property
    def rooms_organise(self) -> bool:
        """Whether the room itself organises."""
        return self.settings.mode == "organizer"

    def mailbox(self, reservation: Reservation) -> str:
        """Where a reservation's event lives.

        Raises:
            Invalid: A person organises, and none is named.
        """
        if self.rooms_organise:
            return reservation.room
        if reservation.organizer is None:
            raise refusal(
                Invalid,
                "the reservation names no organizer",
                "give organizer=, or make the adapter with mode='organizer', where the room organises itself",
            )
        return reservation.organizer
