"""Words that several families share: pure values, checked when they are made.

Every word is frozen. A wrong value raises `hamilton_sdk.errors.Invalid`, which names the field and the rule and
never repeats the value, since it may be personal or secret.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from datetime import timedelta

__all__ = ["Credential", "CredentialKind", "Text", "TimeWindow", "Word"]

CredentialKind = Literal["badge", "qr", "uid", "mobile"]


class Word(BaseModel):
    """The base of all words: frozen, strict about unknown fields, and silent about values in errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)

    def __init__(self, /, **fields: object) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise _invalid(type(self).__name__, error) from None


def _invalid(word: str, error: ValidationError) -> Invalid:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join([word, *(str(part) for part in first["loc"])])
    more = error.error_count() - 1
    also = f" (and {more} more)" if more else ""
    return Invalid(f"{place}: {first['msg']}{also}", hint=f"correct {place}")


def _printable(text: str) -> str:
    """Refuse control characters: no peer stores them well, and in XML 1.0 most cannot even be written."""
    if any(unicodedata.category(character) == "Cc" for character in text):
        message = "contains a control character (a tab, a line break or the like)"
        raise ValueError(message)
    return text


Text = Annotated[str, AfterValidator(_printable)]
"""Text without control characters."""


def _aware(moment: datetime, field: str) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        message = f"TimeWindow.{field} is naive: it has no time zone"
        raise Invalid(message, hint='give it one, e.g. datetime(..., tzinfo=ZoneInfo("Europe/Paris"))')
    return moment.astimezone(UTC)


class TimeWindow(Word):
    """A span of time, half open: the start belongs to it, the end does not.

    Args:
        start: Aware; kept in UTC.
        end: Aware, after the start; kept in UTC.

    Raises:
        Invalid: A datetime is naive, or the end is not after the start.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> start = datetime(2026, 3, 27, 8, 45, tzinfo=UTC)
        >>> start in TimeWindow(start, start + timedelta(hours=9))
        True
    """

    start: datetime
    end: datetime

    def __init__(self, start: datetime, end: datetime) -> None:
        super().__init__(start=start, end=end)
        begin, finish = _aware(self.start, "start"), _aware(self.end, "end")
        if finish <= begin:
            message = "TimeWindow.end is not after TimeWindow.start"
            raise Invalid(message, hint="swap them, or check the day of the end")
        # The instance is frozen for everyone but its own constructor.
        self.__dict__.update(start=begin, end=finish)

    @property
    def duration(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start

    def __contains__(self, moment: datetime) -> bool:
        """Whether an aware moment lies in it; the end does not."""
        return self.start <= moment < self.end

    def overlaps(self, other: TimeWindow) -> bool:
        """Whether the two share any instant; windows that merely touch do not."""
        return self.start < other.end and other.start < self.end


class Credential(Word):
    """What opens a door: a badge number, a QR payload, a card UID or a mobile pass.

    Args:
        kind: ``"badge"``, ``"qr"``, ``"uid"`` or ``"mobile"``.
        number: Opaque text exactly as the access-control system knows it; never converted in silence, leading
            zeros count. A secret: it is left out of every repr.
        type: The system's credential type by name, where it has several; the adapter's default otherwise.

    Raises:
        Invalid: An unknown kind, an empty number, or control characters.
    """

    kind: CredentialKind
    number: Text
    type: Text | None = None

    def __init__(self, kind: CredentialKind, number: str, type: str | None = None) -> None:  # noqa: A002 (the field's own word)
        super().__init__(kind=kind, number=number, type=type)
        if not self.number or self.number.isspace():
            message = "Credential.number is empty"
            raise Invalid(message, hint="give the number as text, as the access-control system shows it")

    def __repr__(self) -> str:
        return f"Credential(kind={self.kind!r}, number='***', type={self.type!r})"

    __str__ = __repr__
