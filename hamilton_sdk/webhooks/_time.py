"""Times as the store keeps them: whole microseconds since 1970 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from hamilton_sdk.errors import ConfigurationError

__all__ = ["check_aware", "micros", "moment", "span"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Microseconds of an aware time."""
    since = at - _EPOCH
    # A division of timedeltas takes three times as long.
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment(at: int) -> datetime:
    """The aware time in UTC."""
    return _EPOCH + at * _MICROSECOND


def span(duration: timedelta) -> int:
    """Microseconds of a duration."""
    return duration // _MICROSECOND


def check_aware(name: str, at: object) -> int:
    """The microseconds of a time that a caller gave.

    Raises:
        ConfigurationError: It is naive, and so names no moment.
        TypeError: It is no datetime.
    """
    if not isinstance(at, datetime):
        message = f"{name} must be datetime, not {type(at).__name__}"
        raise TypeError(message)
    if at.utcoffset() is None:
        message = f"{name} has no time zone"
        raise ConfigurationError(message, hint="give an aware datetime, for example datetime.now(UTC)")
    return micros(at)
