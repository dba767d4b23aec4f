"""A sample of each type of event, to try a receiver with. Nobody's data."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hamilton_sdk.acs.checks import nearest
from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.webhooks.events import Event

__all__ = ["sample"]

_ROOM: Final = {"room_id": "ROOM-SAMPLE"}
_RESERVATION: Final = {"reservation_id": "RES-SAMPLE"}
_SPANS: Final = ("visit.", "reservation.")
"""Beginnings of the types whose data has a start and an end."""


def sample(kind: str, now: datetime) -> Event:
    """An event of a type, with an id of its own.

    Args:
        kind: The type.
        now: When it happened, aware.

    Raises:
        Invalid: The SDK has no such type.
    """
    from hamilton_sdk.webhooks.events import EVENTS

    if kind not in EVENTS:
        message = f"there is no type of event {kind!r}"
        raise Invalid(message, hint=nearest(kind, EVENTS))
    content = {"timestamp": now, "site": "SITE-SAMPLE", "sequence": 1, "data": _data(kind, now)}
    return EVENTS[kind].model_validate(content)


def _data(kind: str, now: datetime) -> dict[str, object]:
    span = {"start": now, "end": now + timedelta(hours=1)} if kind.startswith(_SPANS) else {}
    match kind.partition(".")[0]:
        case "visit":
            return {"visit_id": "VISIT-SAMPLE", "host": {"id": "HOST-SAMPLE"}, **span}
        case "room":
            return {**_ROOM, **_RESERVATION}
        case "service":
            return {"service_id": "SERVICE-SAMPLE", "label": "Coffee", "quantity": 8, **_RESERVATION}
        case _:
            return {**_RESERVATION, **_ROOM, **span}
