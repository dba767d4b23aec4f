"""Time zones by the names of Windows, which Exchange uses, and by those of IANA.

Exchange always takes Windows names, and IANA names from a list of its own only (resource type
dateTimeTimeZone, 2021); so Windows names are sent wherever there is one. The map between them is tzlocal's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hamilton_sdk.errors import ConfigurationError

__all__ = ["exchange_name", "zone_named"]

_UTC: Final = frozenset({"utc", "z", "gmt", "tzone://microsoft/utc"})
_LATER: Final = {
    # Windows has had these since 2026 only, and Exchange Online need not know them yet.
    "British Columbia Standard Time": "Pacific Standard Time",
    "Alberta Standard Time": "Mountain Standard Time",
    "Manitoba Standard Time": "Central Standard Time",
}


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo | None:
    """The zone of a Windows or IANA name, in any case; None for a name that says nothing.

    ``tzone://Microsoft/Custom``, which Exchange has for zones of a client's own, is such a name.

    Args:
        name: As Exchange or a person wrote it.

    Raises:
        ConfigurationError: It is no IANA name, and the ``graph`` extra is not installed.

    Example:
        >>> zone_named("Europe/Paris") == zone_named("Romance Standard Time")
        True
    """
    folded = name.strip().lower()
    if folded in _UTC:
        return ZoneInfo("UTC")
    zone = _iana(name.strip())
    if zone is not None:
        return zone
    meant = _maps()[0].get(folded)
    return None if meant is None else _iana(meant[1])


@lru_cache(maxsize=256)
def exchange_name(name: str) -> str:
    """What to call a zone towards Exchange: its Windows name where there is one.

    Args:
        name: An IANA name, an old spelling of one too, or a Windows name.

    Returns:
        The Windows name; the name as given where Windows has none.

    Raises:
        ConfigurationError: The ``graph`` extra is not installed.

    Example:
        >>> exchange_name("Europe/Paris")
        'Romance Standard Time'
    """
    from_windows, from_iana = _maps()
    stripped = name.strip()
    if stripped.lower() in _UTC:
        return "UTC"
    known = from_iana.get(stripped) or from_windows.get(stripped.lower(), (stripped, ""))[0]
    return _LATER.get(known, known)


def _iana(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # ValueError for a path out of the folder of zones
        return None


@lru_cache(maxsize=1)
def _maps() -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Folded Windows names to themselves and IANA's, and IANA names to those of Windows."""
    # Loaded on use: who names no zone, or IANA's alone, needs no such tables.
    try:
        from tzlocal.windows_tz import tz_win, win_tz
    except ImportError:
        message = "the names of Windows' time zones are not known here"
        raise ConfigurationError(message, hint="pip install 'hamilton-apps-sdk[graph]'") from None
    return {windows.lower(): (windows, iana) for windows, iana in win_tz.items()}, tz_win
