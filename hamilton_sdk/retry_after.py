"""How long a peer asks to wait: ``Retry-After``, RFC 9110 section 10.2.3. Pure; nothing read raises."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = ["RETRY_AFTER_HEADERS", "retry_after_seconds"]

_MILLISECONDS: Final = ("retry-after-ms", "x-ms-retry-after-ms")
RETRY_AFTER_HEADERS: Final = ("retry-after", *_MILLISECONDS)
"""The headers that say it, in lower case; the last two in the milliseconds of some Microsoft services."""

# Longer than anybody waits, and still a number that a timedelta and JSON can hold.
_CENTURY: Final = 100 * 365.25 * 86_400


def retry_after_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """How long the peer asks to wait.

    Args:
        headers: The answer's headers, names in lower case.
        now: The aware time, for the date form.

    Returns:
        Seconds, not negative and a century at most; None when nothing usable was said. Read as milliseconds
        where the peer sends them too, else as integer or decimal seconds or an HTTP date. Of several values
        the longest counts.
    """
    for name in _MILLISECONDS:
        milliseconds = _number(headers.get(name, ""))
        if milliseconds is not None:
            return min(milliseconds / 1000, _CENTURY)
    text = headers.get("retry-after", "")
    seconds = _number(text)
    if seconds is None:
        seconds = _until(text, now)
    return None if seconds is None else min(seconds, _CENTURY)


def _number(text: str) -> float | None:
    # float() also takes "nan", "1e3", "1_000" and Arabic digits: none of them is a Retry-After. A header sent
    # twice, by the peer and by a proxy before it, arrives as "5, 10".
    parts = [part.strip() for part in text.split(",")]
    if text.isascii() and all(part.replace(".", "", 1).isdigit() for part in parts):
        return max(float(part) for part in parts)
    return None


def _until(date: str, now: datetime) -> float | None:
    # Loaded on use: few peers send a date, and everything imports this module.
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):  # the latter for a year or an hour of twenty digits
        return None
    if moment.tzinfo is None:  # "-0000": UTC, with nothing known of the sender's zone (RFC 5322 section 3.3)
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
