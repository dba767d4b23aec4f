"""Publishing an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from hamilton_sdk.store.statements.publishing import fan_out, insert_event, publish

if TYPE_CHECKING:
    from hamilton_sdk.store.operation import Execute

__all__ = ["Publish"]


# Not frozen: one is made for each event, and a frozen dataclass takes three times as long to make.
@dataclass(slots=True)
class Publish:
    """Keep an event, with a delivery for each endpoint that wants it; one that is there already stays.

    Attributes:
        id: Of the event.
        type: Its type.
        site: Where it happened.
        object: What it is about.
        sequence: Its place among the events of its object.
        body: As it is signed and sent.
        now: Microseconds.
    """

    writes: ClassVar[bool] = True

    id: str
    type: str
    site: str | None
    object: str | None
    sequence: int | None
    body: bytes
    now: int

    def run(self, execute: Execute) -> str:
        """Do it; the event's id."""
        family, _, rest = self.type.partition(".")
        event = {
            "id": self.id,
            "type": self.type,
            "site": self.site,
            "object": self.object,
            "sequence": self.sequence,
            "body": self.body,
            "published_at": self.now,
            # As a filter, a JSON list, holds them.
            "exact": f'"{self.type}"',
            "family": f'"{family}.*"' if rest else f'"{self.type}"',
        }
        if execute.dialect == "postgresql":
            execute(publish, event)
        else:
            execute(insert_event, event)
            execute(fan_out, event)
        return self.id
