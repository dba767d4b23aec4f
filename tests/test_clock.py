"""Where time comes from: the machine's clock, and one that tests set."""

from __future__ import annotations

import asyncio
import inspect
import math
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.clock import Clock, SettableClock, SystemClock

CLOCKS = [SystemClock, SettableClock]


@pytest.mark.parametrize("kind", CLOCKS)
def test_a_clock_has_what_the_protocol_names(kind: type[Clock]) -> None:
    """Same names, parameters, annotations and docstrings where the promise is the same."""
    for name in ("now", "monotonic", "sleep", "asleep"):
        promised, kept = getattr(Clock, name), getattr(kind, name)
        assert inspect.signature(promised) == inspect.signature(kept)
        assert inspect.iscoroutinefunction(kept) == (name == "asleep")
        assert inspect.getdoc(kept)


@pytest.mark.parametrize("kind", CLOCKS)
def test_now_is_aware_and_in_utc(kind: type[SystemClock | SettableClock]) -> None:
    assert kind().now().tzinfo is UTC


class TestSystemClock:
    def test_it_is_the_machines_time(self) -> None:
        before = datetime.now(UTC)
        now = SystemClock().now()
        assert before <= now <= datetime.now(UTC)

    def test_monotonic_never_goes_back(self) -> None:
        clock = SystemClock()
        readings = [clock.monotonic() for _ in range(100)]
        assert readings == sorted(readings)

    def test_sleeping_lasts_as_long_as_asked(self) -> None:
        clock = SystemClock()
        start = clock.monotonic()
        clock.sleep(0.01)
        assert clock.monotonic() - start >= 0.01

    async def test_waiting_lets_other_tasks_run(self) -> None:
        clock, heard = SystemClock(), asyncio.Event()
        other = asyncio.create_task(_set(heard))
        start = clock.monotonic()
        # The event loop's own clock is coarser than the machine's.
        await clock.asleep(0.02)
        assert heard.is_set()
        assert clock.monotonic() - start >= 0.01
        await other


async def _set(event: asyncio.Event) -> None:
    event.set()


class _Undecided(tzinfo):
    """A zone that does not know its offset: a datetime with it is naive all the same."""

    def utcoffset(self, dt: datetime | None) -> None:
        return None


class TestSettableClock:
    def test_it_begins_with_2026_and_stands_still(self) -> None:
        clock = SettableClock()
        assert clock.now() == datetime(2026, 1, 1, tzinfo=UTC)
        assert clock.now() == clock.now()
        assert clock.monotonic() == 0.0

    def test_it_begins_where_it_is_told(self) -> None:
        start = datetime(2026, 3, 27, 9, 45, tzinfo=ZoneInfo("Europe/Paris"))
        clock = SettableClock(start)
        assert clock.now() == start
        assert clock.now().isoformat() == "2026-03-27T08:45:00+00:00"

    @pytest.mark.parametrize("naive", [datetime(2026, 1, 1), datetime(2026, 1, 1, tzinfo=_Undecided())])
    def test_a_naive_start_is_refused(self, naive: datetime) -> None:
        with pytest.raises(
            ValueError, match=r"^a clock needs an aware datetime, for example datetime\.now\(UTC\)$"
        ):
            SettableClock(naive)

    def test_it_moves_when_told(self) -> None:
        clock = SettableClock()
        clock.advance(90.0)
        clock.advance(0.5)
        assert clock.now() == datetime(2026, 1, 1, 0, 1, 30, 500_000, tzinfo=UTC)
        assert clock.monotonic() == 90.5
        assert clock.slept == []

    def test_sleeping_moves_it_and_is_noted(self) -> None:
        clock = SettableClock()
        clock.sleep(2.0)
        clock.sleep(0.0)
        assert clock.slept == [2.0, 0.0]
        assert clock.monotonic() == 2.0

    async def test_waiting_moves_it_is_noted_and_lets_other_tasks_run(self) -> None:
        clock, heard = SettableClock(), asyncio.Event()
        other = asyncio.create_task(_set(heard))
        await clock.asleep(3600.0)
        assert heard.is_set()
        assert clock.slept == [3600.0]
        assert clock.now() == datetime(2026, 1, 1, 1, tzinfo=UTC)
        await other

    @pytest.mark.parametrize("seconds", [-1.0, -math.inf, math.nan])
    def test_it_never_goes_back(self, seconds: float) -> None:
        """The machine's own clock refuses to sleep a negative time as well."""
        clock = SettableClock()
        for move in (clock.advance, clock.sleep):
            with pytest.raises(ValueError, match=rf"^a clock cannot be moved by {seconds} seconds$"):
                move(seconds)
        assert (clock.monotonic(), clock.slept) == (0.0, [])

    @given(
        st.lists(st.floats(0, 1e5), max_size=20),
        st.integers(-23, 23).map(lambda hours: timezone(timedelta(hours=hours))),
    )
    def test_wall_and_monotonic_time_move_together(self, steps: list[float], zone: timezone) -> None:
        start = datetime(2026, 7, 1, tzinfo=zone)
        clock = SettableClock(start)
        last = clock.monotonic()
        for step in steps:
            clock.advance(step)
            assert clock.monotonic() >= last
            last = clock.monotonic()
        assert clock.now() - start == timedelta(seconds=clock.monotonic())
