"""Who an event names: personal data, all of it optional and left out of every repr; pure."""

from __future__ import annotations

from pydantic import Field

from hamilton_sdk.webhooks.events.base import FreeText, Identifier, Part

__all__ = ["Person"]


class Person(Part, frozen=True):
    """A person, by as little as the receiver needs: best by the application's own id alone."""

    id: Identifier | None = Field(default=None, description="The application's own id of the person.")
    name: FreeText | None = Field(default=None, repr=False, description="Personal data: as it is shown.")
    email: FreeText | None = Field(default=None, repr=False, description="Personal data.")
    company: FreeText | None = Field(default=None, repr=False, description="Personal data.")
