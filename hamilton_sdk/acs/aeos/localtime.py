"""The one place where instants become the server's local time and come back. Pure.

AEOS reads and writes naive local time with a resolution of one second; an offset sent along is dropped or
converted, nobody can tell (AEOS manual v33, the samples of addVisitor and findPerson). An hour that happens
twice therefore cannot be told apart. What would be ambiguous is moved so that access is never longer than
asked: an end to the last clear second before, a start to the first clear second after. Fractions of a second
are cut off both: a start in the current second holds at once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import BadResponse, Invalid
from hamilton_sdk.model import TimeWindow

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["LocalTime"]

_SECOND: Final = timedelta(seconds=1)
_DAY: Final = timedelta(days=1)
_NO_END: Final = datetime(2149, 5, 29)  # noqa: DTZ001 (naive as on the wire)
"""Stands for "no end"; a grant sent with it is read back without an end (AEOS manual v33)."""
_OUT_OF_RANGE: Final = "the validity window lies outside what AEOS can keep"


class LocalTime:
    """Converts between instants and the texts of one server.

    Args:
        zone: The server's time zone.
    """

    __slots__ = ("_zone",)

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def kept(self, window: TimeWindow) -> TimeWindow:
        """The window that the server will hold when it is sent this one.

        It may begin within the same second a little earlier, and never ends later.

        Raises:
            Invalid: Nothing of it is left, or it lies outside what AEOS can keep.
        """
        start = self.read_start(self.write_start(window.start))
        end = self.read_end(self.write_end(window.end))
        if end <= start:
            message = "nothing is left of the validity window in the server's local time"
            hint = "make it longer: AEOS keeps whole seconds, and none inside an hour that the clock repeats"
            raise Invalid(message, hint=hint)
        return TimeWindow(start, end)

    def write_start(self, instant: datetime) -> str:
        """An instant from which access holds: never sent as an earlier one, fractions of a second aside."""
        local = self._local(instant.replace(microsecond=0))
        if _is_repeated(local):
            before, after = self._around_change(local)
            local = (after + self._offset(before)).replace(tzinfo=self._zone)
        return _text(local)

    def write_end(self, instant: datetime) -> str:
        """An instant at which access ends: never sent as a later one."""
        local = self._local(instant.replace(microsecond=0))
        if _is_repeated(local):
            _, after = self._around_change(local)
            local = (after + self._offset(after) - _SECOND).replace(tzinfo=self._zone)
        if local.replace(tzinfo=None) >= _NO_END:
            raise Invalid(
                _OUT_OF_RANGE, hint="give an end before 2149-05-29, which AEOS takes for no end at all"
            )
        return _text(local)

    def read_start(self, text: str) -> datetime:
        """The instant of a start; of two that share a local time, the later.

        Raises:
            BadResponse: It is no date.
        """
        return max(self._instants(text))

    def read_end(self, text: str | None) -> datetime:
        """The instant of an end; of two that share a local time, the earlier. No text is no end.

        Raises:
            BadResponse: It is no date.
        """
        return min(self._instants(_text(_NO_END) if text is None else text))

    def read_leave(self, text: str) -> datetime:
        """The instant of a LeaveDateTime: one that was cut to midnight means the end of its day.

        Raises:
            BadResponse: It is no date.
        """
        local = _parsed(text)
        cut = local.time() == local.min.time() and local < _NO_END
        return min(self._instants((local + _DAY).isoformat() if cut else text))

    def _instants(self, text: str) -> tuple[datetime, datetime]:
        local = _parsed(text)
        try:
            first = local.replace(tzinfo=self._zone, fold=0).astimezone(UTC)
            return first, local.replace(tzinfo=self._zone, fold=1).astimezone(UTC)
        except OverflowError:
            raise _unreadable() from None

    def _local(self, instant: datetime) -> datetime:
        try:
            return instant.astimezone(self._zone)
        except OverflowError:
            raise Invalid(_OUT_OF_RANGE, hint="give years between 1 and 2149") from None

    def _offset(self, naive_utc: datetime) -> timedelta:
        offset = naive_utc.replace(tzinfo=UTC).astimezone(self._zone).utcoffset()
        return offset or timedelta()

    def _around_change(self, repeated: datetime) -> tuple[datetime, datetime]:
        """The last second before and the first second after the clock is put back, as naive UTC."""
        low = repeated.replace(fold=0).astimezone(UTC).replace(tzinfo=None)
        high = repeated.replace(fold=1).astimezone(UTC).replace(tzinfo=None)
        earlier = self._offset(low)
        while high - low > _SECOND:
            middle = low + (high - low) // 2 // _SECOND * _SECOND
            low, high = (middle, high) if self._offset(middle) == earlier else (low, middle)
        return low, high


def _is_repeated(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _text(local: datetime) -> str:
    return local.replace(tzinfo=None, fold=0).isoformat(timespec="seconds")


def _parsed(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise _unreadable() from None
    # Replies carry no zone (AEOS manual v33, all samples); one that did would be the server's own.
    return moment.replace(tzinfo=None)


def _unreadable() -> BadResponse:
    message = "acs.aeos: the answer holds a date that cannot be read"
    return BadResponse(message, hint="look at the record in AEOS", connector="acs.aeos")
