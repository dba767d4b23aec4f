"""Connections wait to be used again: alive ones, for the same purpose, not too many, not too long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.transport._idle import Idle


class Line:
    """A connection."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.dead = False

    def unread(self) -> bool:
        return self.dead


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


class TestIdle:
    def test_at_first_there_is_none(self, clock: SettableClock) -> None:
        assert Idle[Line](2, 4.0, clock).take("a") == (None, [])

    def test_a_connection_serves_its_own_purpose_alone(self, clock: SettableClock) -> None:
        idle, line = Idle[Line](9, 4.0, clock), Line("a")
        idle.take("a")
        idle.give("a", line)
        assert idle.take("b") == (None, [])
        assert idle.take("a") == (line, [])
        assert idle.take("a") == (None, [])

    def test_the_last_one_used_is_used_first(self, clock: SettableClock) -> None:
        idle, first, second = Idle[Line](9, 4.0, clock), Line("1"), Line("2")
        for line in (first, second):
            idle.take("x")
            idle.give("a", line)
        assert idle.take("a")[0] is second
        assert idle.take("a")[0] is first

    def test_it_waits_so_long_and_no_longer(self, clock: SettableClock) -> None:
        idle, line = Idle[Line](9, 4.0, clock), Line("a")
        idle.take("a")
        idle.give("a", line)
        clock.advance(4.0)
        assert idle.take("a") == (line, [])
        idle.give("a", line)
        clock.advance(4.1)
        assert idle.take("b") == (None, [line])
        assert idle.take("a") == (None, [])

    def test_one_that_ended_is_not_used(self, clock: SettableClock) -> None:
        idle, alive, dead = Idle[Line](9, 4.0, clock), Line("alive"), Line("dead")
        dead.dead = True
        for line in (alive, dead):
            idle.take("x")
            idle.give("a", line)
        assert idle.take("a") == (alive, [dead])

    def test_the_oldest_makes_room_for_a_new_one(self, clock: SettableClock) -> None:
        idle, first, second = Idle[Line](2, 4.0, clock), Line("1"), Line("2")
        idle.take("x")
        idle.take("x")
        idle.give("a", first)
        idle.give("b", second)
        assert idle.take("c") == (None, [first])
        assert idle.take("c") == (None, [second])

    def test_one_that_is_lost_makes_room(self, clock: SettableClock) -> None:
        idle, line = Idle[Line](1, 4.0, clock), Line("1")
        idle.take("a")
        idle.lose()
        idle.take("a")
        idle.give("a", line)
        assert idle.take("a") == (line, [])

    def test_all_that_wait_can_be_ended(self, clock: SettableClock) -> None:
        idle, line = Idle[Line](9, 4.0, clock), Line("1")
        idle.take("a")
        idle.give("a", line)
        assert idle.clear() == [line]
        assert idle.clear() == []
        assert idle.take("a") == (None, [])

    @given(st.integers(1, 4), st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=40))
    def test_never_more_than_allowed_are_open_and_none_is_forgotten(
        self, most: int, uses: list[tuple[str, bool]]
    ) -> None:
        idle, opened, closed = Idle[Line](most, 4.0, SettableClock()), set[Line](), set[Line]()
        in_use: list[tuple[str, Line]] = []
        for key, gives_back in uses:
            if gives_back and in_use:
                idle.give(*in_use.pop(0))
            elif len(in_use) < most:
                found, ended = idle.take(key)
                closed.update(ended)
                line = found or Line(key)
                assert line.name == key
                opened.add(line)
                in_use.append((key, line))
            assert len(opened - closed) <= most
        for key, line in in_use:
            idle.give(key, line)
        assert closed | set(idle.clear()) == opened
