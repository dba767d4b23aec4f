"""Hearing of publications: PostgreSQL tells whoever listens, once a publisher's transaction is committed.

Nothing hangs on it: a dispatcher looks for itself each second. A connection that is lost is opened anew, in
silence, and whatever was published in between is looked for then.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["AsyncListener", "Listener"]

_NAP: Final = 0.25
_AGAIN: Final = 1.0


class Listener:
    """Listens in a thread of its own.

    Args:
        conninfo: Where libpq finds the database.
        channel: What to listen to.
        heard: Called from that thread when something was published.
    """

    def __init__(self, conninfo: str, channel: str, heard: Callable[[], None]) -> None:
        self._conninfo = conninfo
        self._channel = channel
        self._heard = heard
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hamilton-listener", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, within a moment."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        from psycopg import Error

        while not self._ended.is_set():
            with suppress(Error):
                self._listen()
            self._ended.wait(_AGAIN)

    def _listen(self) -> None:
        import psycopg

        with psycopg.connect(self._conninfo, autocommit=True, connect_timeout=10) as connection:
            connection.execute(_listen_to(self._channel))
            self._heard()
            while not self._ended.is_set():
                for _ in connection.notifies(timeout=_NAP):
                    self._heard()


class AsyncListener:
    """`Listener` for an event loop: a coroutine that is cancelled to end it.

    Args:
        conninfo: Where libpq finds the database.
        channel: What to listen to.
        heard: Called when something was published.
    """

    def __init__(self, conninfo: str, channel: str, heard: Callable[[], None]) -> None:
        self._conninfo = conninfo
        self._channel = channel
        self._heard = heard

    async def run(self) -> None:
        """Listen until cancelled."""
        import asyncio

        from psycopg import Error

        while True:
            with suppress(Error):
                await self._listen()
            await asyncio.sleep(_AGAIN)

    async def _listen(self) -> None:
        import psycopg

        connection = await psycopg.AsyncConnection.connect(
            self._conninfo, autocommit=True, connect_timeout=10
        )
        async with connection:
            await connection.execute(_listen_to(self._channel))
            self._heard()
            async for _ in connection.notifies():
                self._heard()


def _listen_to(channel: str) -> bytes:
    # The channel is made of names of tables, which are checked to be plain.
    return f'LISTEN "{channel}"'.encode("ascii")
