"""An order's values against the limits of AEOS, and the fields they become. Pure.

Only what AEOS needs is sent (names, company, dates); e-mail and telephone go along where the settings say so.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from hamilton_sdk.acs.aeos.lists import credential_type
from hamilton_sdk.acs.aeos.settings import PERSONNEL_NO_LIMIT
from hamilton_sdk.acs.aeos.site import refusal
from hamilton_sdk.acs.checks import check_lengths, check_number
from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.acs.aeos.records import IdentifierType, Visitor
    from hamilton_sdk.acs.aeos.settings import Settings
    from hamilton_sdk.acs.aeos.soap import Content
    from hamilton_sdk.acs.models import Credential, Holder

__all__ = [
    "BADGE_NUMBER_LIMIT",
    "aeos_language",
    "changed_fields",
    "check_credential",
    "check_holder",
    "personnel_no",
    "present_fields",
    "visitor_fields",
]

BADGE_NUMBER_LIMIT: Final = 32
"""Characters of a BadgeNumber (AEOS manual v33, field limits)."""
_LIMITS: Final[Mapping[str, int]] = MappingProxyType({"family_name": 50, "given_name": 40})
_EMAIL: Final[Mapping[str, int]] = MappingProxyType({"email": 128})
_PHONE: Final[Mapping[str, int]] = MappingProxyType({"phone": 25})
_HOST: Final[Mapping[str, int]] = MappingProxyType({"host": PERSONNEL_NO_LIMIT})
"""AEOS manual v33, field limits; a host is searched by personnel number."""

_LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ar": "ar",
        "da": "dk",
        "de": "de",
        "en": "en",
        "es": "es",
        "fa": "fa",
        "fr": "fr",
        "he": "iw",
        "it": "it",
        "iw": "iw",
        "nb": "no",
        "nl": "nl",
        "nn": "no",
        "no": "no",
        "pl": "pl",
        "pt": "pt",
        "ru": "ru",
        "sv": "sv",
    }
)
"""AEOS's codes by BCP 47 language; it writes Danish as a country and Hebrew in the old way."""


def personnel_no(prefix: str, reference: str) -> str:
    """What a holder's PersonnelNo says: our mark and the reference.

    Raises:
        Invalid: It is empty, too long, or holds what the server's search cannot find again.
    """
    if not reference:
        message = "the reference is empty"
        raise refusal(Invalid, message, "give the id of the visit")
    room = PERSONNEL_NO_LIMIT - len(prefix)
    if len(reference) > room:
        message = (
            f"the reference has {len(reference)} characters; PersonnelNo keeps {PERSONNEL_NO_LIMIT}, and the "
            f"mark {prefix!r} leaves {room}"
        )
        raise refusal(Invalid, message, f"use references of {room} characters at most")
    if "\\" in reference:
        message = "the reference holds a backslash"
        # Searches are LIKE patterns, in which it may escape what follows: the holder would not be found
        # again.
        raise refusal(Invalid, message, "use references without backslashes")
    return prefix + reference


def check_holder(settings: Settings, holder: Holder) -> None:
    """Check an order's holder before anything is asked or written.

    Raises:
        Invalid: A field is over its limit, or the host is missing where one is needed.
    """
    limits = {**_LIMITS}
    if settings.strategy == "visit":
        limits |= _HOST
    if settings.send_email:
        limits |= _EMAIL
    if settings.send_phone:
        limits |= _PHONE
    check_lengths(holder, limits)
    if settings.strategy == "visit" and not (holder.host or settings.default_host):
        message = "Holder.host is missing, and AEOS keeps no visit without a host"
        hint = "give the host's personnel number, or set default_host; strategy='profile' needs none"
        raise refusal(Invalid, message, hint)


def check_credential(credential: Credential, kind: IdentifierType) -> None:
    """Check a credential against its identifier type.

    Raises:
        Invalid: Too long, outside the alphabet or outside the range; the number is not repeated.
    """
    if len(credential.number) > BADGE_NUMBER_LIMIT:
        message = f"Credential.number has more than {BADGE_NUMBER_LIMIT} characters"
        raise refusal(Invalid, message, f"AEOS keeps {BADGE_NUMBER_LIMIT} characters at most")
    check_number(credential.number, credential_type(kind))


def visitor_fields(settings: Settings, holder: Holder, mark: str) -> dict[str, Content]:
    """The fields of a visitor that an order fills; what it leaves open is missing."""
    values: dict[str, Content] = {
        "LastName": holder.family_name,
        "PersonnelNo": mark,
        "FirstName": holder.given_name,
        "PhoneNo": holder.phone if settings.send_phone else None,
        "Language": aeos_language(holder.language),
        "Email": holder.email if settings.send_email else None,
        "Company": holder.company,
    }
    return {name: value for name, value in values.items() if value is not None}


def aeos_language(tag: str | None) -> str | None:
    """AEOS's code of a BCP 47 tag; None where it has none: the server then takes its own language."""
    subtags = (tag or "").replace("_", "-").lower().split("-")
    if subtags[0] == "zh":
        traditional = {"hant", "tw", "hk", "mo"}
        return None if traditional.intersection(subtags) else "zh_CN"
    return _LANGUAGES.get(subtags[0])


def present_fields(visitor: Visitor) -> dict[str, Content]:
    """The fields of a visitor that orders may change, as read."""
    return {
        "ArrivalDateTime": visitor.arrival,
        "LeaveDateTime": visitor.leave,
        "LastName": visitor.last_name,
        "PersonnelNo": visitor.personnel_no,
        "FirstName": visitor.first_name,
        "PhoneNo": visitor.phone,
        "Language": visitor.language,
        "Email": visitor.email,
        "Company": visitor.company,
    }


def changed_fields(
    visitor: Visitor, values: Mapping[str, Content], *, same_window: bool
) -> dict[str, Content]:
    """Those of some fields that a visitor has otherwise.

    Args:
        visitor: As read.
        values: What the fields should be.
        same_window: Whether the window stays. Dates may be read back cut to midnight (AEOS manual v33, sample
            of findPerson): then that is no difference, and where the window changes they are sent in any
            case.
    """
    present = present_fields(visitor)
    changed: dict[str, Content] = {}
    for name, value in values.items():
        if name in _DATES:
            same = same_window and present[name] in {value, f"{str(value)[:10]}T00:00:00"}
        else:
            same = present[name] == value
        if not same:
            changed[name] = value
    return changed


_DATES: Final = ("ArrivalDateTime", "LeaveDateTime")
