"""The caller's own id, carried into all calls made inside."""

from __future__ import annotations

import asyncio
import threading

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.journal import correlation, current_correlation


def test_it_holds_inside_and_nests():
    assert current_correlation() is None
    with correlation("outer") as given:
        assert given == current_correlation() == "outer"
        with correlation("inner"):
            assert current_correlation() == "inner"
        assert current_correlation() == "outer"
    assert current_correlation() is None


def test_it_ends_when_an_error_leaves_it():
    with pytest.raises(ZeroDivisionError), correlation("x"):
        raise ZeroDivisionError
    assert current_correlation() is None


def test_another_thread_has_its_own():
    seen = []
    with correlation("mine"):
        thread = threading.Thread(target=lambda: seen.append(current_correlation()))
        thread.start()
        thread.join()
    assert seen == [None]


def test_tasks_do_not_disturb_each_other():
    async def task(name: str) -> str | None:
        with correlation(name):
            await asyncio.sleep(0)
            return current_correlation()

    async def main() -> list[str | None]:
        return await asyncio.gather(task("a"), task("b"))

    assert asyncio.run(main()) == ["a", "b"]


@pytest.mark.parametrize("bad", ["", "x" * 129, "é", "a\nb", "a\r\nX-Evil: 1", "\x00"])
def test_what_could_not_travel_in_a_header_is_refused(bad):
    with pytest.raises(ConfigurationError, match="1 to 128 printable ASCII"), correlation(bad):
        pass


def test_128_characters_are_allowed():
    with correlation("x" * 128) as given:
        assert len(given) == 128
