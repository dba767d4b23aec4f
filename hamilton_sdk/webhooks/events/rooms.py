"""What happens to rooms and services. The product names the types; all fields are the SDK's own; pure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hamilton_sdk.webhooks.events.base import DATA, TYPE, VERSION, Data, Event, FreeText, Identifier

__all__ = ["RoomReleaseData", "RoomReleased", "ServiceAdded", "ServiceData"]


class RoomReleaseData(Data, frozen=True):
    """Which room is free again."""

    room_id: Identifier = Field(description="The application's own id of the room.")
    reservation_id: Identifier | None = Field(default=None, description="The reservation that held it.")


class RoomReleased(Event, frozen=True, title="room.released"):
    """A reserved room was given free before the end, for example since nobody came."""

    type: Literal["room.released"] = Field(default="room.released", description=TYPE)
    version: Literal[1] = Field(default=1, description=VERSION)
    data: RoomReleaseData = Field(description=DATA)

    @property
    def object(self) -> str:
        """``"room:"`` and the room's id."""
        return f"room:{self.data.room_id}"


class ServiceData(Data, frozen=True):
    """A service ordered with a reservation: catering, equipment."""

    service_id: Identifier = Field(description="The application's own id of the order.")
    reservation_id: Identifier | None = Field(default=None, description="The reservation it belongs to.")
    label: FreeText | None = Field(default=None, description="What is ordered, as it is shown.")
    quantity: Annotated[int, Field(strict=True, ge=1, le=2**53 - 1)] | None = Field(
        default=None, description="How many of it."
    )


class ServiceAdded(Event, frozen=True, title="service.added"):
    """A service was ordered with a reservation."""

    type: Literal["service.added"] = Field(default="service.added", description=TYPE)
    version: Literal[1] = Field(default=1, description=VERSION)
    data: ServiceData = Field(description=DATA)

    @property
    def object(self) -> str:
        """``"service:"`` and the order's id."""
        return f"service:{self.data.service_id}"
