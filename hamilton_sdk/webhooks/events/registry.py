"""Which types of events there are, in which versions, and what stands for all others; pure."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from hamilton_sdk.webhooks.events.base import Event
from hamilton_sdk.webhooks.events.reservations import (
    CheckinPerformed,
    ReservationCancelled,
    ReservationCreated,
    ReservationUpdated,
)
from hamilton_sdk.webhooks.events.rooms import RoomReleased, ServiceAdded
from hamilton_sdk.webhooks.events.visits import VisitCheckedIn, VisitCheckedOut, VisitCreated

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EVENTS", "VERSIONS", "UnknownEvent", "type_of", "version_of"]


def type_of(event: type[Event]) -> str:
    """The one type that a class is for."""
    return str(event.model_fields["type"].default)


def version_of(event: type[Event]) -> int:
    """The one version of the type that a class is for."""
    return int(event.model_fields["version"].default)


_PUBLISHED: Final[tuple[type[Event], ...]] = (
    VisitCreated,
    VisitCheckedIn,
    VisitCheckedOut,
    ReservationCreated,
    ReservationUpdated,
    ReservationCancelled,
    CheckinPerformed,
    RoomReleased,
    ServiceAdded,
)

VERSIONS: Final[Mapping[tuple[str, int], type[Event]]] = MappingProxyType(
    {(type_of(event), version_of(event)): event for event in _PUBLISHED}
)
"""Every published version of every type; a version stays for as long as anybody may send it."""

EVENTS: Final[Mapping[str, type[Event]]] = MappingProxyType(
    {type_of(event): event for event in sorted(_PUBLISHED, key=version_of)}
)
"""The newest version of every type."""


_KNOWN: Final = (
    "known_type",
    "is of a known type and version: make it of the type's own class",
    {"hint": "look the class up in EVENTS"},
)


class UnknownEvent(Event, frozen=True):
    """An event of a type, or of a version of it, that this SDK does not know; everything in it is kept.

    What it is about stands in ``data.model_extra``. To send events of your own, give the type a name that no
    event of the SDK has.
    """

    @property
    def object(self) -> None:
        """None: which field names the object is not known."""

    @model_validator(mode="after")
    def _of_no_known_type(self) -> Self:
        if (self.type, self.version) in VERSIONS:
            raise PydanticCustomError(*_KNOWN)
        return self


# A type adapter of a class that defers to be built defers as well. Those that FastAPI makes of bodies make
# pydantic warn when they are built; FastAPI keeps that quiet where it makes them, and not at their first use.
# The classes themselves are made by now, and go on deferring.
_EVERY: Final[tuple[type[Event], ...]] = (*_PUBLISHED, UnknownEvent)
for _event in _EVERY:
    _event.model_config["defer_build"] = False
