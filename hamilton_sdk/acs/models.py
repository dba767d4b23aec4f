"""The words of physical access control, the same for every vendor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final, Literal, LiteralString, cast

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from hamilton_sdk.model import (
    Credential,
    CredentialKind,
    Health,
    Text,
    TimeWindow,
    Word,
    checks_by_fields,
    filled,
    trimmed,
)

__all__ = [
    "AccessGrant",
    "AccessOrder",
    "AccessProfile",
    "Credential",
    "CredentialKind",
    "CredentialType",
    "Drift",
    "DriftKind",
    "GrantState",
    "Health",
    "Holder",
    "Revocation",
    "TimeWindow",
]

GrantState = Literal["reserved", "active", "suspended", "ended"]
Revocation = Literal["immediate", "deferred"]
DriftKind = Literal["missing", "unexpected", "state", "window", "profiles", "credential"]


_Rule = tuple[LiteralString, LiteralString, dict[str, str]]

_FILLED: Final = filled("give it: every access-control system needs it")
_TRIMMED: Final = trimmed("trim it: peers trim it in silence and would not find it again")
_SINGLE_TEXT: Final[_Rule] = (
    "single_text",
    "is a single text",
    {"hint": 'give a list or tuple of profile names: profiles=["Visitors"]'},
)
_NO_PROFILE: Final[_Rule] = (
    "no_profile",
    "is empty",
    {"hint": "name at least one access profile; `profiles()` lists them"},
)


def _several(names: object) -> object:
    if isinstance(names, str):
        raise PydanticCustomError(*_SINGLE_TEXT)
    return tuple(cast("Iterable[object]", names)) if isinstance(names, Iterable) else names


def _without_repeats(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise PydanticCustomError(*_NO_PROFILE)
    return tuple(dict.fromkeys(names))


class Holder(Word):
    """Who gets access, for one visit.

    Args:
        reference: The caller's own id of the visit (not of the person): the key of every later call.
        family_name: Personal; what systems insist on.
        given_name: Personal; like every personal field left out of the repr.
        company: The visitor's.
        email: Personal; left out unless the site's policy wants it there.
        phone: Personal.
        language: A BCP 47 tag such as ``"fr"``.
        host: The host's personnel number in the access-control system (AEOS ignores e-mail in searches).

    Raises:
        Invalid: An empty reference or family name, or control characters.
    """

    reference: Annotated[Text, _FILLED, _TRIMMED]
    family_name: Annotated[Text, _FILLED] = Field(repr=False)
    given_name: Text | None = Field(default=None, repr=False)
    company: Text | None = Field(default=None, repr=False)
    email: Text | None = Field(default=None, repr=False)
    phone: Text | None = Field(default=None, repr=False)
    language: Text | None = None
    host: Text | None = Field(default=None, repr=False)

    @checks_by_fields
    def __init__(
        self,
        reference: str,
        family_name: str,
        given_name: str | None = None,
        company: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        language: str | None = None,
        host: str | None = None,
    ) -> None:
        super().__init__(
            reference=reference,
            family_name=family_name,
            given_name=given_name,
            company=company,
            email=email,
            phone=phone,
            language=language,
            host=host,
        )


class AccessOrder(Word):
    """What one visit needs.

    Args:
        holder: Who; ``holder.reference`` is the key.
        profiles: Names or ids of access profiles, at least one; their order does not matter.
        window: When, half open.
        credential: What opens the door; None where the site hands one out later or access is by profile.

    Raises:
        Invalid: No profile.
    """

    holder: Holder
    profiles: Annotated[tuple[Text, ...], BeforeValidator(_several), AfterValidator(_without_repeats)]
    window: TimeWindow
    credential: Credential | None = None

    @checks_by_fields
    def __init__(
        self,
        holder: Holder,
        profiles: Iterable[str],
        window: TimeWindow,
        credential: Credential | None = None,
    ) -> None:
        super().__init__(holder=holder, profiles=profiles, window=window, credential=credential)

    @property
    def reference(self) -> str:
        """The holder's reference."""
        return self.holder.reference


class AccessGrant(Word):
    """What stands in the access-control system for one reference.

    Attributes:
        reference: The caller's own id of the visit.
        holder_id: The system's id of the holder.
        state: ``"reserved"`` (known, no access yet), ``"active"``, ``"suspended"`` (access taken away for
            now) or ``"ended"`` (revoked, or the window is over).
        profiles: Names of the access profiles, sorted; empty where none is left.
        window: When access holds, UTC; None where the system holds no window (a holder left half made).
        credential: What is in the holder's hands now; None where nothing is.
        revocation: Whether taking access away works at once, or only when a lock next hears of it.
        visit_id: The system's id of the visit, where it manages visits.
    """

    reference: str
    holder_id: str
    state: GrantState
    profiles: tuple[str, ...] = ()
    window: TimeWindow | None = None
    credential: Credential | None = None
    revocation: Revocation = "immediate"
    visit_id: str | None = None

    @checks_by_fields
    def __init__(
        self,
        reference: str,
        holder_id: str,
        state: GrantState,
        profiles: Iterable[str] = (),
        window: TimeWindow | None = None,
        credential: Credential | None = None,
        revocation: Revocation = "immediate",
        visit_id: str | None = None,
    ) -> None:
        super().__init__(
            reference=reference,
            holder_id=holder_id,
            state=state,
            profiles=tuple(profiles),
            window=window,
            credential=credential,
            revocation=revocation,
            visit_id=visit_id,
        )


class AccessProfile(Word):
    """A named set of doors and hours in the access-control system.

    Attributes:
        id: The system's id.
        name: What people call it; orders may use it or the id.
        description: Free text.
        revocation: Whether its doors hear at once that access ended.
    """

    id: str
    name: str
    description: str | None = None
    revocation: Revocation = "immediate"


class CredentialType(Word):
    """A kind of credential number that the system knows.

    Attributes:
        id: The system's id.
        name: What people call it; `Credential.type` uses it or the id.
        encoding: What a number may consist of: ``"decimal"``, ``"hexadecimal"``, ``"bcd"`` or ``"text"``.
        minimum: The lowest number, as the system writes it; None for no limit.
        maximum: The highest number.
    """

    id: str
    name: str
    encoding: Literal["decimal", "hexadecimal", "bcd", "text"] = "text"
    minimum: str | None = None
    maximum: str | None = None


class Drift(Word):
    """One difference between what should stand and what stands.

    Attributes:
        kind: ``"missing"`` (ordered, but no access stands), ``"unexpected"`` (access stands that nobody
            ordered), or what differs: ``"state"``, ``"window"``, ``"profiles"``, ``"credential"``.
        reference: Whose.
        expected: The order, where there is one.
        actual: The grant, where there is one.
    """

    kind: DriftKind
    reference: str
    expected: AccessOrder | None = None
    actual: AccessGrant | None = None
