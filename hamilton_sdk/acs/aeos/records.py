"""What AEOS answers with, as plain records. Pure.

Slots dataclasses without validation, so that a page of a thousand visitors is read in milliseconds. Dates
stay as they came; only `LocalTime` knows what they mean. Names and numbers are kept out of every repr.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from hamilton_sdk.acs.aeos.soap import Fields

__all__ = [
    "SECTIONS",
    "Authorisation",
    "BlockReason",
    "CarrierStates",
    "Identifier",
    "IdentifierType",
    "Named",
    "Profile",
    "Section",
    "Template",
    "Version",
    "Visit",
    "Visitor",
]

Section: TypeAlias = Literal["AuthorisationOnline", "AuthorisationOffline", "AuthorisationSoaa"]
SECTIONS: Final[tuple[Section, ...]] = ("AuthorisationOnline", "AuthorisationOffline", "AuthorisationSoaa")
"""Kinds of rights in the order of the schema."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A holder. Type VisitorInfo, and PersonInfo for hosts."""

    id: int
    carrier_type: str | None
    personnel_no: str = field(repr=False)
    unit_id: int | None = None
    arrival: str | None = None
    leave: str | None = None
    last_name: str | None = field(default=None, repr=False)
    first_name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    language: str | None = None
    email: str | None = field(default=None, repr=False)
    company: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Authorisation:
    """One right of a carrier: a template, an entrance group or an entrance.

    Attributes:
        name: The element's name: ``"TemplateAuthorisation"`` or the like.
        enabled: Whether it gives access.
        rule: Whether the rule engine set it: then it is the site's, and cannot be changed.
        subject: Id of the template, group or entrance.
        start: DateFrom.
        until: DateUntil; None for no end.
        content: All it held, in order, to be sent back.
    """

    name: str
    enabled: bool
    rule: bool
    subject: int
    start: str | None
    until: str | None
    content: Fields


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit. Type VisitInfo."""

    id: int
    visitor_id: int
    host_id: int
    begin: str
    end: str
    rights: tuple[Authorisation, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """The rights of a carrier. Type ProfileInfo.

    Attributes:
        carrier_id: Whose.
        sections: The rights by kind; a kind that was not there is missing.
        rest: Everything else in its order on the wire, to be sent back: what is not sent is deleted.
    """

    carrier_id: int
    sections: dict[Section, tuple[Authorisation, ...]]
    rest: Fields = ()


@dataclass(frozen=True, slots=True)
class Identifier:
    """A badge or other token. Type IdentifierInfo, with the carrier that findToken adds."""

    id: int
    type_id: int
    number: str = field(repr=False)
    blocked: bool
    replaced: bool
    status: int | None
    carrier_id: int | None = None

    @property
    def dead(self) -> bool:
        """Whether it is blocked for good: state 2B (AEOS manual v33, states of an identifier)."""
        return self.status == _DEAD

    @property
    def closed(self) -> bool:
        """Whether it opens nothing for now: state 3B or 3RB."""
        return self.blocked or self.status == _CLOSED


_DEAD: Final = 2
_CLOSED: Final = 3


@dataclass(frozen=True, slots=True)
class IdentifierType:
    """A kind of identifier. Type IdentifierTypeInfo."""

    id: int
    name: str
    encoding: str | None
    minimum: str | None
    maximum: str | None


@dataclass(frozen=True, slots=True)
class Template:
    """A template of rights. Type TemplateInfo."""

    id: int
    name: str
    description: str | None
    offline: bool


@dataclass(frozen=True, slots=True)
class BlockReason:
    """Why a carrier or identifier may be blocked. Type BlockReasonInfo."""

    id: int
    name: str
    for_carriers: bool
    for_withdrawal: bool


@dataclass(frozen=True, slots=True)
class CarrierStates:
    """Whether a carrier is blocked, and why. Type CarrierStateInfo."""

    blocked: bool
    reason: int | None


@dataclass(frozen=True, slots=True)
class Named:
    """Something with an id and a name: a unit, or the definition of a free field."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Version:
    """Type VersionInfo."""

    aeos: str
    interface: str
    build: str
