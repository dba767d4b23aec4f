"""A round of changes: each id once, and a cursor only once all was applied."""

from __future__ import annotations

import asyncio

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.graph.changes import AsyncChanges, Changes
from hamilton_sdk.graph.interface import ChangePage
from hamilton_sdk.graph.models import Change


def gone(*ids: str) -> tuple[Change, ...]:
    return tuple(Change(kind="removed", id=each) for each in ids)


class Told:
    """Pages of a round; both sides read them, and the sync face of both is tried."""

    def __init__(self, *pages: ChangePage, asynchronous: bool) -> None:
        self.asked: list[str | None] = []
        tokens = [None, *(page.next for page in pages)]
        self._pages = dict(zip(tokens, pages, strict=False))
        self.changes: Changes | AsyncChanges = (
            AsyncChanges(self._later) if asynchronous else Changes(self._now)
        )

    def _now(self, token: str | None) -> ChangePage:
        self.asked.append(token)
        return self._pages[token]

    async def _later(self, token: str | None) -> ChangePage:
        return self._now(token)

    def read(self, most: int | None = None, *, pages: bool = False) -> list:
        """What comes out, up to so many."""
        return asyncio.run(self._read(most, pages=pages))

    async def _read(self, most: int | None, *, pages: bool) -> list:
        found: list = []
        changes = self.changes
        if isinstance(changes, Changes):
            for each in changes.pages() if pages else changes:
                found.append(each)
                if len(found) == most:
                    break
            return found
        source = changes.pages() if pages else changes.__aiter__()
        async for each in source:
            found.append(each)
            if len(found) == most:
                break
        await source.aclose()
        return found

    def ids(self, most: int | None = None) -> list[str]:
        return [each.id for each in self.read(most)]


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def asynchronous(request):
    return request.param


def test_all_pages_are_read_in_order(asynchronous):
    told = Told(
        ChangePage(gone("a"), next="2"),
        ChangePage((), next="3"),
        ChangePage(gone("b"), cursor="end"),
        asynchronous=asynchronous,
    )
    assert told.ids() == ["a", "b"]
    assert told.asked == [None, "2", "3"]
    assert told.changes.cursor == "end"
    assert not told.changes.restarted


def test_the_last_word_about_an_id_is_the_only_one(asynchronous):
    told = Told(
        ChangePage(gone("a", "b"), next="2"),
        ChangePage(gone("a"), cursor="end"),
        asynchronous=asynchronous,
    )
    assert told.ids() == ["b", "a"]


@pytest.mark.parametrize("most", [1, 2])
def test_there_is_no_cursor_before_the_last_change_is_applied(asynchronous, most):
    told = Told(ChangePage(gone("a", "b"), cursor="end"), asynchronous=asynchronous)
    with pytest.raises(ConfigurationError, match="not been read to their end") as caught:
        told.changes.cursor  # noqa: B018 (reading it is the test)
    assert caught.value.hint
    told.ids(most)
    with pytest.raises(ConfigurationError):
        told.changes.cursor  # noqa: B018
    told.ids()
    assert told.changes.cursor == "end"


def test_there_is_none_before_the_last_page_is_applied(asynchronous):
    told = Told(
        ChangePage(gone("a"), next="2"), ChangePage(gone("b"), cursor="end"), asynchronous=asynchronous
    )
    assert len(told.read(2, pages=True)) == 2
    with pytest.raises(ConfigurationError):
        told.changes.cursor  # noqa: B018
    assert len(told.read(pages=True)) == 2
    assert told.changes.cursor == "end"


def test_reading_again_begins_anew(asynchronous):
    told = Told(ChangePage(gone("a"), cursor="end", restarted=True), asynchronous=asynchronous)
    assert told.ids() == told.ids() == ["a"]
    assert told.asked == [None, None]
    told.ids(1)
    with pytest.raises(ConfigurationError):
        told.changes.cursor  # noqa: B018


def test_what_was_told_before_a_restart_does_not_count(asynchronous):
    """The service forgot its place half way: only the full round that follows is true."""
    told = Told(
        ChangePage(gone("a"), next="2"),
        ChangePage(gone("b"), next="3", restarted=True),
        ChangePage(gone("c"), cursor="end", restarted=True),
        asynchronous=asynchronous,
    )
    assert told.ids() == ["b", "c"]
    assert told.changes.restarted


def test_a_restart_is_known_with_the_first_change(asynchronous):
    told = Told(
        ChangePage(gone("a"), next="2"),
        ChangePage(gone("b"), cursor="end", restarted=True),
        asynchronous=asynchronous,
    )
    told.ids(1)
    assert told.changes.restarted
