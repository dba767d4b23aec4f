"""What happens to a visit. The product names no such events: all names are the SDK's own; pure."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from hamilton_sdk.model import Moment
from hamilton_sdk.webhooks.events.base import DATA, TYPE, VERSION, Data, Event, Identifier, in_order
from hamilton_sdk.webhooks.events.people import Person

__all__ = ["VisitCheckedIn", "VisitCheckedOut", "VisitCreated", "VisitData"]


class VisitData(Data, frozen=True):
    """One person's coming."""

    visit_id: Identifier = Field(description="The application's own id of the visit.")
    visit_type: Identifier | None = Field(default=None, description="The site's own word for its kind.")
    start: Moment | None = Field(default=None, description="When the visitor is expected.")
    end: Moment | None = Field(default=None, description="When the visit is to be over; not part of it.")
    visitor: Person | None = Field(default=None, repr=False, description="Who comes.")
    host: Person | None = Field(default=None, repr=False, description="Whom they see.")

    @model_validator(mode="after")
    def _start_before_end(self) -> Self:
        in_order(self.start, self.end)
        return self


class _VisitEvent(Event, frozen=True):
    data: VisitData = Field(description=DATA)

    @property
    def object(self) -> str:
        """``"visit:"`` and the visit's id."""
        return f"visit:{self.data.visit_id}"


class VisitCreated(_VisitEvent, frozen=True, title="visit.created (the SDK's own name)"):
    """A visit became known, before the arrival or with it. The name is the SDK's own, not the product's."""

    type: Literal["visit.created"] = Field(default="visit.created", description=TYPE)
    version: Literal[1] = Field(default=1, description=VERSION)


class VisitCheckedIn(_VisitEvent, frozen=True, title="visit.checked_in (the SDK's own name)"):
    """The visitor arrived. The name is the SDK's own, not the product's."""

    type: Literal["visit.checked_in"] = Field(default="visit.checked_in", description=TYPE)
    version: Literal[1] = Field(default=1, description=VERSION)


class VisitCheckedOut(_VisitEvent, frozen=True, title="visit.checked_out (the SDK's own name)"):
    """The visitor left. The name is the SDK's own, not the product's."""

    type: Literal["visit.checked_out"] = Field(default="visit.checked_out", description=TYPE)
    version: Literal[1] = Field(default=1, description=VERSION)
