"""What happens to a reservation. The product names the types; all fields are the SDK's own; pure."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from hamilton_sdk.model import Moment
from hamilton_sdk.webhooks.events.base import DATA, TYPE, VERSION, Data, Event, FreeText, Identifier, in_order
from hamilton_sdk.webhooks.events.people import Person

__all__ = [
    "CheckinData",
    "CheckinPerformed",
    "ReservationCancelled",
    "ReservationCreated",
    "ReservationData",
    "ReservationUpdated",
]


class ReservationData(Data, frozen=True):
    """A room for some time: as it stands after the event."""

    reservation_id: Identifier = Field(description="The application's own id of the reservation.")
    room_id: Identifier | None = Field(default=None, description="The application's own id of the room.")
    start: Moment | None = Field(default=None, description="When it begins.")
    end: Moment | None = Field(default=None, description="When it ends; not part of it.")
    title: FreeText | None = Field(default=None, repr=False, description="May say what is confidential.")
    organiser: Person | None = Field(default=None, repr=False, description="Whose it is.")

    @model_validator(mode="after")
    def _start_before_end(self) -> Self:
        in_order(self.start, self.end)
        return self


class _ReservationEvent(Event, frozen=True):
    data: ReservationData = Field(description=DATA)

    @property
    def object(self) -> str:
        """``"reservation:"`` and the reservation's id."""
        return f"reservation:{self.data.reservation_id}"


class ReservationCreated(_ReservationEvent, frozen=True, title="reservation.created"):
    """A room was reserved."""

    type: Literal["reservation.created"] = Field(default="reservation.created", description=TYPE)
    version: Literal[1] = Field(default=1, description=VERSION)


class ReservationUpdated(_ReservationEvent, frozen=True, title="reservation.updated"):
    """A reservation was changed: its time, its room or anything else of it."""

    type: Literal["reservation.updated"] = Field(default="reservation.updated", description=TYPE)
    version: Literal[1] = Field(default=1, description=VERSION)


class ReservationCancelled(_ReservationEvent, frozen=True, title="reservation.cancelled"):
    """A reservation was taken back."""

    type: Literal["reservation.cancelled"] = Field(default="reservation.cancelled", description=TYPE)
    version: Literal[1] = Field(default=1, description=VERSION)


class CheckinData(Data, frozen=True):
    """Whose presence was confirmed, and where."""

    reservation_id: Identifier = Field(description="The application's own id of the reservation.")
    room_id: Identifier | None = Field(default=None, description="The application's own id of the room.")


class CheckinPerformed(Event, frozen=True, title="checkin.performed"):
    """Somebody confirmed that a reserved room is used."""

    type: Literal["checkin.performed"] = Field(default="checkin.performed", description=TYPE)
    version: Literal[1] = Field(default=1, description=VERSION)
    data: CheckinData = Field(description=DATA)

    @property
    def object(self) -> str:
        """``"reservation:"`` and the reservation's id."""
        return f"reservation:{self.data.reservation_id}"
