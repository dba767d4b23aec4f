"""One round of changes in a room's calendar, as a connector reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator

    from hamilton_sdk.graph.interface import ChangePage
    from hamilton_sdk.graph.models import Change

__all__ = ["AsyncChanges", "Changes"]


class _Round:
    """What both sides know of the round that is being read."""

    def __init__(self) -> None:
        self._cursor: str | None = None
        self._restarted = False

    @property
    def cursor(self) -> str:
        """Where the next round begins; to be kept once what this one told is applied.

        Raises:
            ConfigurationError: The round has not been read to its end, so that a change could be lost.
        """
        if self._cursor is None:
            message = "there is no cursor yet: these changes have not been read to their end"
            raise ConfigurationError(message, hint="apply every change first, then keep the cursor")
        return self._cursor

    @property
    def restarted(self) -> bool:
        """Whether the service had forgotten the cursor: what this round does not tell is gone.

        Known with the first change, or with the page that says so.
        """
        return self._restarted

    def _begin(self) -> None:
        self._cursor, self._restarted = None, False

    def _told(self, pages: Iterable[ChangePage]) -> list[Change]:
        """The last word about each id; what was told before a restart does not count."""
        last: dict[str, Change] = {}
        restarted = False
        for page in pages:
            if page.restarted and not restarted:
                last.clear()
                restarted = True
            for change in page.items:
                last.pop(change.id, None)
                last[change.id] = change
        return list(last.values())


class Changes(_Round):
    """What changed in a room's calendar, sync.

    Iterate over it for the changes, each id once: the whole round is read first, so that `restarted` is known
    and nothing is told that a later page takes back. Or iterate over `pages`, as they come. The deadline is
    for each page. A second iteration reads the round anew.

    Args:
        fetch: Gets one page by its token.
    """

    def __init__(self, fetch: Callable[[str | None], ChangePage]) -> None:
        super().__init__()
        self._fetch = fetch

    def pages(self) -> Iterator[ChangePage]:
        """The pages, one at a time; the last word about an id wins."""
        self._begin()
        token: str | None = None
        while True:
            page = self._fetch(token)
            self._restarted = self._restarted or page.restarted
            yield page
            if page.next is None:
                self._cursor = page.cursor
                return
            token = page.next

    def __iter__(self) -> Iterator[Change]:
        changes = self._told(list(self.pages()))
        cursor, self._cursor = self._cursor, None
        yield from changes
        self._cursor = cursor


class AsyncChanges(_Round):
    """What changed in a room's calendar, async.

    Iterate over it for the changes, each id once: the whole round is read first, so that `restarted` is known
    and nothing is told that a later page takes back. Or iterate over `pages`, as they come. The deadline is
    for each page. A second iteration reads the round anew.

    Args:
        fetch: Gets one page by its token.
    """

    def __init__(self, fetch: Callable[[str | None], Awaitable[ChangePage]]) -> None:
        super().__init__()
        self._fetch = fetch

    async def pages(self) -> AsyncIterator[ChangePage]:
        """The pages, one at a time; the last word about an id wins."""
        self._begin()
        token: str | None = None
        while True:
            page = await self._fetch(token)
            self._restarted = self._restarted or page.restarted
            yield page
            if page.next is None:
                self._cursor = page.cursor
                return
            token = page.next

    async def __aiter__(self) -> AsyncIterator[Change]:
        changes = self._told([page async for page in self.pages()])
        cursor, self._cursor = self._cursor, None
        for change in changes:
            yield change
        self._cursor = cursor
