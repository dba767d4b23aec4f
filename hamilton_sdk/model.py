"""Words that several families share: pure values, checked when they are made.

Every word is frozen. A constructor given a wrong value raises `hamilton_sdk.errors.Invalid`, which names the
field and the rule and never repeats the value, since it may be personal or secret. Pydantic's own ways in
(``model_validate``, a field of a model of yours) check the same and raise pydantic's ``ValidationError``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal, LiteralString, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from datetime import timedelta

__all__ = [
    "Credential",
    "CredentialKind",
    "Health",
    "Moment",
    "Text",
    "TimeWindow",
    "Word",
    "checks_by_fields",
    "filled",
    "refusal",
    "trimmed",
]

CredentialKind = Literal["badge", "qr", "uid", "mobile"]

Constructor = TypeVar("Constructor", bound=Callable[..., None])


def checks_by_fields(constructor: Constructor) -> Constructor:
    """Mark a constructor that adds no check to those of the fields and validators.

    Pydantic calls any other constructor while it validates, and a missing field is then a ``TypeError``.
    """
    setattr(constructor, "__pydantic_base_init__", True)  # noqa: B010 (a function type has no such attribute)
    return constructor


class Word(BaseModel):
    """The base of all words: frozen, strict about unknown fields, and silent about values in errors."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True
    )

    @checks_by_fields
    def __init__(self, /, **fields: object) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise refusal(type(self).__name__, error) from None

    def model_copy(self, *, update: Mapping[str, object] | None = None, deep: bool = False) -> Self:
        """A copy with some fields replaced, checked like a new word.

        Raises:
            Invalid: A replaced value is wrong.
        """
        if not update:
            return super().model_copy(deep=deep)
        try:
            return self.model_validate({**dict(self), **update})
        except ValidationError as error:
            raise refusal(type(self).__name__, error) from None


def refusal(word: str, error: ValidationError) -> Invalid:
    """What a constructor raises instead of pydantic's error: fields and rules, no values.

    Args:
        word: The name of the class.
        error: What pydantic found.
    """
    faults = error.errors()
    places = [".".join([word, *map(str, fault["loc"])]) for fault in faults]
    said = [f"{place}: {fault['msg']}" for place, fault in zip(places, faults, strict=True)]
    more = f"; and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    hint = faults[0].get("ctx", {}).get("hint", f"correct {places[0]}")
    return Invalid("; ".join(said[:_SHOWN]) + more, hint=hint)


_SHOWN: Final = 5
"""Faults of one word that are told."""


def _broken(rule: tuple[LiteralString, LiteralString, str]) -> PydanticCustomError:
    name, message, hint = rule
    return PydanticCustomError(name, message, {"hint": hint})


_EXAMPLE: Final = 'datetime(..., tzinfo=ZoneInfo("Europe/Paris"))'
_GIVE_ZONE: Final = f"give it one, e.g. {_EXAMPLE}"

_CONTROL: Final = (
    "control_character",
    "contains a control character (a tab, a line break or the like)",
    "remove it: look at the end of the text first",
)
_NAIVE: Final = ("naive", "is naive: it has no time zone", _GIVE_ZONE)
_NO_MOMENT: Final = ("no_moment", "is no datetime", f"give a datetime with a time zone, e.g. {_EXAMPLE}")
_OUTSIDE: Final = (
    "outside_calendar",
    "lies in UTC outside the years 1 to 9999",
    "give a moment some years from there",
)
_EMPTY: Final = (
    "empty_window",
    "the end is not after the start",
    "swap them, or check the day of the end",
)

# Cc control characters, Cs lone halves of surrogate pairs, Zl and Zp line and paragraph separators. Format
# characters (Cf) stay: some are part of how names are written in Persian or Hindi.
_UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def _printable(text: str) -> str:
    """Refuse what no peer stores well; most of it cannot even be written in XML (XML 1.0, production 2)."""
    if any(unicodedata.category(each) in _UNPRINTABLE or each in "\ufffe\uffff" for each in text):
        raise _broken(_CONTROL)
    return text


Text = Annotated[str, AfterValidator(_printable)]
"""Text without control characters."""


def _moment(given: object) -> object:
    """Refuse numbers, which pydantic would read as seconds since 1970, in a zone that nobody gave."""
    # A bare date is naive, which is told next. Text is how JSON writes a moment (ISO 8601).
    if isinstance(given, date) or (isinstance(given, str) and _WRITTEN.match(given)):
        return given
    raise _broken(_NO_MOMENT)


_WRITTEN: Final = re.compile(r"\d{4}-")


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise _broken(_NAIVE)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise _broken(_OUTSIDE) from None


Moment = Annotated[datetime, BeforeValidator(_moment), AfterValidator(_utc)]
"""An aware datetime, kept in UTC."""


class TimeWindow(Word):
    """A span of time, half open: the start belongs to it, the end does not.

    Args:
        start: Aware; kept in UTC.
        end: Aware, after the start; kept in UTC.

    Raises:
        Invalid: One of them is naive or no datetime at all, or the end is not after the start.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> start = datetime(2026, 3, 27, 8, 45, tzinfo=UTC)
        >>> start in TimeWindow(start, start + timedelta(hours=9))
        True
    """

    start: Moment
    end: Moment

    @checks_by_fields
    def __init__(self, start: datetime, end: datetime) -> None:
        super().__init__(start=start, end=end)

    @model_validator(mode="after")
    def _end_after_start(self) -> Self:
        if self.end <= self.start:
            raise _broken(_EMPTY)
        return self

    @property
    def duration(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start

    def __contains__(self, moment: datetime) -> bool:
        """Whether an aware moment lies in it; the end does not.

        Raises:
            Invalid: The moment is naive.
        """
        if moment.utcoffset() is None:
            message = "a naive datetime cannot be looked for in a TimeWindow: it has no time zone"
            raise Invalid(message, hint=_GIVE_ZONE)
        return self.start <= moment < self.end

    def overlaps(self, other: TimeWindow) -> bool:
        """Whether the two share any instant; windows that merely touch do not."""
        return self.start < other.end and other.start < self.end


def filled(hint: str) -> AfterValidator:
    """A check that a text is not empty.

    Args:
        hint: What to do where it is.
    """

    def check(text: str) -> str:
        if not text.strip():
            raise _broken(("empty", "is empty", hint))
        return text

    return AfterValidator(check)


def trimmed(hint: str) -> AfterValidator:
    """A check that a text neither begins nor ends with a space.

    Args:
        hint: What to do where it does.
    """

    def check(text: str) -> str:
        if text != text.strip():
            raise _broken(("untrimmed", "begins or ends with a space", hint))
        return text

    return AfterValidator(check)


_SHOWN_NUMBER: Final = "give it as text, as the access-control system shows it"


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
    number: Annotated[Text, filled(_SHOWN_NUMBER)] = Field(repr=False)
    type: Text | None = None

    @checks_by_fields
    def __init__(self, kind: CredentialKind, number: str, type: str | None = None) -> None:  # noqa: A002 (the field's own word)
        super().__init__(kind=kind, number=number, type=type)


class Health(Word):
    """What a connector's `check` found out.

    Attributes:
        product: For example ``"Nedap AEOS"``.
        version: As the system states it.
        details: More in words: interface version, rights that are missing.
    """

    product: str
    version: str
    details: tuple[str, ...] = ()
