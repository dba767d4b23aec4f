"""What one cell of a pre-registration file says. Pure; a cell that cannot be used is `Wrong`, and why."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from hamilton_sdk.cli.table import folded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from hamilton_sdk.model import CredentialKind

__all__ = ["Wrong", "read_email", "read_kind", "read_moment", "read_number", "read_profiles"]


class Wrong(ValueError):
    """A cell that cannot be used; its text says why, without anything personal."""


_MOMENT: Final = re.compile(
    r"(?:(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})|(?P<iso>\d{4}-\d{2}-\d{2}))"
    r"(?:\s+|T)(?P<hour>[01]?\d|2[0-3])[:hH](?P<minute>\d{2})(?::(?P<second>\d{2}))?",
    re.ASCII,
)
_LIKE_A_DATE: Final = re.compile(r"[\d/:.\-hHT ]{1,30}", re.ASCII)
_YEARS: Final = range(1970, 2149)
"""AEOS reads 2149-05-29 as "no end" (AEOS manual v33, on changing objects)."""


def read_moment(text: str, zone: tzinfo) -> datetime:
    """Read ``27/03/2026 08:45``, ``27/03/2026 8h45`` or ``2026-03-27 08:45``, seconds if need be.

    Args:
        text: The cell. A local time that comes twice in autumn is the first one: closing early is safe.
        zone: Where it is local.

    Returns:
        The moment in UTC.

    Raises:
        Wrong: Another form, no such day, a year that looks mistyped, or a time skipped in spring.
    """
    # A cell that slipped in from another column may be a name: then it is not repeated.
    said = f"{text!r} is" if _LIKE_A_DATE.fullmatch(text) else "is"
    match = _MOMENT.fullmatch(text)
    if match is None:
        message = f"{said} no date and time like 27/03/2026 08:45"
        raise Wrong(message)
    try:
        local = _naive(match)
    except ValueError:
        message = f"{said} no day of the calendar, or no time of day"
        raise Wrong(message) from None
    if local.year not in _YEARS:
        message = f"{said} outside the years {_YEARS.start} to {_YEARS.stop - 1}"
        raise Wrong(message)
    moment = local.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local:
        message = f"{said} a time that does not exist: clocks are put forward then"
        raise Wrong(message)
    return moment


def _naive(match: re.Match[str]) -> datetime:
    day = match["iso"] or f"{match['year']}-{match['month']:0>2}-{match['day']:0>2}"
    return datetime.fromisoformat(f"{day}T{match['hour']:0>2}:{match['minute']}:{match['second'] or '00'}")


_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")


def read_email(text: str) -> str:
    """Read an address; only what cannot be one is refused.

    Raises:
        Wrong: Not of the form ``name@domain.tld``.
    """
    if not _EMAIL.fullmatch(text):
        message = "is no e-mail address"
        raise Wrong(message)
    return text


def read_profiles(text: str) -> tuple[str, ...]:
    """Read one name of a profile, or several with ``|`` between them.

    Raises:
        Wrong: One of them is empty.
    """
    names = tuple(name.strip() for name in text.split("|"))
    if not all(names):
        message = "names an empty profile beside a |"
        raise Wrong(message)
    return names


_ROUNDED: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+", re.ASCII)
"""What a spreadsheet makes of a long number: ``4,82133E+11``."""


def read_number(text: str) -> str:
    """Read a credential number: opaque text, leading zeros count.

    Raises:
        Wrong: A spreadsheet has rounded it.
    """
    if _ROUNDED.fullmatch(text):
        message = "was rounded by a spreadsheet: make the column text and enter the number again"
        raise Wrong(message)
    return text


_KINDS: Final[Mapping[str, CredentialKind]] = {
    "badge": "badge",
    "qr": "qr",
    "qrcode": "qr",
    "uid": "uid",
    "mobile": "mobile",
}


def read_kind(text: str) -> CredentialKind:
    """Read what the number is on, in any case.

    Raises:
        Wrong: No such kind.
    """
    kind = _KINDS.get(folded(text))
    if kind is None:
        message = "is none of badge, QR, UID, mobile"
        raise Wrong(message)
    return kind
