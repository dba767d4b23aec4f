"""All that the SDK and the libraries below it log."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["listening"]

_LOGGERS: Final = ("hamilton_sdk", "httpx", "httpcore", "msal")


class _Listener(logging.Handler):
    """Keeps all that is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line, and what a handler of one's own could take from the record."""
        self.lines.append(f"{record.getMessage()} {record.__dict__!r}")


@contextmanager
def listening() -> Generator[list[str]]:
    """The lines logged meanwhile, at every level; afterwards the loggers are as they were."""
    listener = _Listener()
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(listener)
        logger.setLevel(logging.DEBUG)
    try:
        yield listener.lines
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(listener)
            logger.setLevel(level)
