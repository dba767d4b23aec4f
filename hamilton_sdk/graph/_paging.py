"""Pages of what `hamilton_sdk.graph.FakeCalendar` holds, which stay right while it changes. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from hamilton_sdk.errors import Invalid
from hamilton_sdk.flow import Page

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["page_after", "wrong_cursor", "wrong_token"]

T = TypeVar("T")

_TOKEN: Final = "after:"  # noqa: S105 (a page token, no secret)


def page_after(items: Iterable[tuple[str, T]], token: str | None, size: int) -> Page[T]:
    """One page of items in the order of their keys.

    Args:
        items: With keys that are their own.
        token: Of an earlier page; None for the first one.
        size: Items on a page.

    Raises:
        Invalid: The token is of somebody else.
    """
    if token is not None and not token.startswith(_TOKEN):
        raise wrong_token()
    after = "" if token is None else token.removeprefix(_TOKEN)
    by_key = dict(items)
    rest = sorted(key for key in by_key if key > after)
    shown = rest[:size]
    last = f"{_TOKEN}{shown[-1]}" if len(rest) > size else None
    return Page(items=tuple(by_key[key] for key in shown), next=last)


def wrong_token() -> Invalid:
    """What to raise for a page token that was never given out."""
    message = "this is no page token of this adapter"
    return Invalid(message, hint="give the `next` of a page that came before, unchanged")


def wrong_cursor() -> Invalid:
    """What to raise for a cursor that was never given out, or for another room."""
    message = "this is no cursor of this adapter for this room"
    return Invalid(message, hint="give the `cursor` of an earlier round of the same room, unchanged")
