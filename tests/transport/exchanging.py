"""Stands in for a transport in the middle of an exchange."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hamilton_sdk.transport._exchange import Exchange, current

__all__ = ["under_way"]


@contextmanager
def under_way(exchange: Exchange) -> Iterator[None]:
    """Make an exchange the current one of this thread or task."""
    token = current.set(exchange)
    try:
        yield
    finally:
        current.reset(token)
