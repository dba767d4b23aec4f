"""Adapters that break one promise of access control each, to see that the contract notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.testing.contracts import unfaithful

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.testing.contracts.unfaithful import Lie

__all__ = ["instead"]


def instead(method: str, work: Callable[..., Any]) -> Lie:
    """A lie in the work: something else is done.

    Args:
        method: Of the adapter.
        work: Gets the fake's site, the method's own arguments, and the time.
    """
    return unfaithful.instead(method, lambda fake, *args, now: work(fake._site, *args, now))
