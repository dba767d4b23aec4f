"""What all events share: the envelope, and parts that keep fields they do not know; pure."""

from __future__ import annotations

import json
import secrets
from abc import abstractmethod
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final, Self, cast

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from hamilton_sdk.errors import Invalid
from hamilton_sdk.model import Moment, Text, checks_by_fields, refusal
from hamilton_sdk.webhooks.events._plain import LARGEST, plain, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "DATA",
    "TYPE",
    "VERSION",
    "Data",
    "Event",
    "EventId",
    "EventType",
    "FreeText",
    "Identifier",
    "Part",
    "Sequence",
    "in_order",
    "new_event_id",
]

EventId = Annotated[str, Field(pattern=r"^[\x21-\x2b\x2d\x2f-\x7e]{1,256}$")]
"""Visible ASCII without a full stop or a comma: it becomes ``webhook-id``, signed with full stops between."""

EventType = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_.]+$", max_length=128)]
"""Letters, digits, underscores and full stops (Standard Webhooks 1.0.0)."""

Identifier = Annotated[Text, Field(min_length=1, max_length=255)]
"""An opaque id of the application's own."""

FreeText = Annotated[str, AfterValidator(plain_text)]
"""What people write, line breaks and all."""

TYPE: Final = "What happened."
VERSION: Final = "Of the type's contract. A new one comes with a change that old receivers would not bear."
DATA: Final = "What the event is about."

Sequence = Annotated[int, Field(strict=True, ge=0, le=2**53 - 1)]
"""Up to the largest integer that every JSON reader keeps exactly (RFC 7493, 2.2)."""


def new_event_id() -> str:
    """An id nobody else makes; ids made later sort later, as indexes like it."""
    milliseconds = int(datetime.now(UTC).timestamp() * 1000)
    return f"evt_{milliseconds:012x}{secrets.token_hex(10)}"


class Part(BaseModel, frozen=True, extra="allow", hide_input_in_errors=True, defer_build=True):
    """A JSON object of an event: frozen, with fields that it knows and any others, which it keeps.

    Others are given through pydantic's ``model_validate({...})`` and found in ``model_extra``.
    """

    @checks_by_fields
    def __init__(self, /, **fields: object) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise refusal(type(self).__name__, error) from None

    def model_copy(self, *, update: Mapping[str, object] | None = None, deep: bool = False) -> Self:
        """A copy with some fields replaced, checked like a new one.

        Raises:
            Invalid: A replaced value is wrong.
        """
        if not update:
            return super().model_copy(deep=deep)
        try:
            return self.model_validate({**dict(self), **update})
        except ValidationError as error:
            raise refusal(type(self).__name__, error) from None

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        """Of fields that are not known their number alone: any of them may say something about a person."""
        known = type(self).model_fields
        yield from (shown for shown in super().__repr_args__() if shown[0] in known)
        if self.model_extra:
            yield "unknown_fields", len(self.model_extra)

    @model_validator(mode="after")
    def _others_are_plain(self) -> Self:
        others = self.model_extra or {}
        for name, value in others.items():
            others[plain_text(name)] = plain(value)
        return self


class Data(Part, frozen=True):
    """What an event is about. Each type of event has a class of its own; an unknown one has this."""


def in_order(start: datetime | None, end: datetime | None) -> None:
    """Refuse a span of time that is empty or runs backwards.

    Raises:
        PydanticCustomError: It is.
    """
    if start is not None and end is not None and end <= start:
        raise PydanticCustomError(*_EMPTY)


_EMPTY: Final = (
    "empty_span",
    "the end is not after the start",
    {"hint": "swap them, or check the day of the end"},
)


class Event(Part, frozen=True):
    """The envelope of every event; its fields and names are the SDK's own."""

    id: EventId = Field(
        default_factory=new_event_id,
        description="Names the event, in all its deliveries: what was processed under it is done.",
    )
    type: EventType = Field(description=TYPE)
    version: Annotated[int, Field(strict=True, ge=1)] = Field(
        description="The version of the type's contract."
    )
    timestamp: Moment = Field(description="When it happened (ISO 8601, UTC), not when it was delivered.")
    site: Identifier | None = Field(default=None, description="Where it happened.")
    sequence: Sequence | None = Field(
        default=None,
        description="Grows with every event about the same object: one with a lower number is out of date.",
    )
    data: Data = Field(description=DATA)

    @property
    @abstractmethod
    def object(self) -> str | None:
        """What `sequence` counts the events of, such as ``"visit:HV-2026-1"``; None where that is unknown."""

    def to_bytes(self) -> bytes:
        """The event as compact JSON in UTF-8: the same bytes each time; `parse_event` gives it back.

        Raises:
            Invalid: It has more than 1 MiB.
        """
        body = json.dumps(_written(self), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        if len(body) > LARGEST:
            message = f"{type(self).__name__}: has more than {LARGEST} bytes"
            raise Invalid(message, hint="send the id of what is large, and let receivers fetch it")
        return body


def _written(value: object) -> object:
    """A part, or a value in it, for JSON: without known fields that are None, the unknown ones by name."""
    match value:
        case Part():
            known = ((name, getattr(value, name)) for name in type(value).model_fields)
            written = {name: _written(each) for name, each in known if each is not None}
            return {**written, **cast("dict[str, object]", _written(value.model_extra or _NOTHING))}
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case dict():
            items = cast("dict[str, object]", value).items()
            return {name: _written(each) for name, each in sorted(items, key=lambda item: item[0])}
        case list():
            return [_written(each) for each in cast("list[object]", value)]
        case _:
            return value


_NOTHING: Final[Mapping[str, object]] = {}
