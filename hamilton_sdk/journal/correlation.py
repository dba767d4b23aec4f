"""The caller's own id of what is going on, carried into every record and error."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["correlation", "current_correlation"]

_LONGEST = 128
_current: ContextVar[str | None] = ContextVar("hamilton_sdk_correlation", default=None)


@contextmanager
def correlation(id: str) -> Generator[str]:  # noqa: A002 (the public name of the design)
    """Use this correlation id for all calls made inside, in this thread or task.

    Args:
        id: 1 to 128 printable ASCII characters, since it may travel in a header.

    Raises:
        ConfigurationError: The id is empty, too long or not printable ASCII.

    Example:
        >>> with correlation("visit-42") as current:
        ...     current
        'visit-42'
    """
    if not (0 < len(id) <= _LONGEST and id.isascii() and id.isprintable()):
        message = "the correlation id is not 1 to 128 printable ASCII characters"
        raise ConfigurationError(message, hint="use for example a request id or str(uuid.uuid4())")
    token = _current.set(id)
    try:
        yield id
    finally:
        _current.reset(token)


def current_correlation() -> str | None:
    """The correlation id set by the caller; None outside of `correlation`."""
    return _current.get()
