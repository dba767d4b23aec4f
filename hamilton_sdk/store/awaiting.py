"""The store for async code: SQLite in threads of its own, PostgreSQL by psycopg's own awaiting."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.store.engine import TRIES, Place, Store, keep_inherited
from hamilton_sdk.store.executing import CoreExecute, arun_on
from hamilton_sdk.store.opening import open_async_engine
from hamilton_sdk.store.tables import DEFAULT_PREFIX
from hamilton_sdk.store.trouble import add_hint, is_drivers, is_passing, store_error

if TYPE_CHECKING:
    from collections.abc import Generator
    from os import PathLike
    from types import TracebackType
    from typing import Self

    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncEngine

    from hamilton_sdk.store.executing import AsyncCallersConnection
    from hamilton_sdk.store.opening import Synchronous
    from hamilton_sdk.store.operation import Operation

__all__ = ["AsyncStore"]

T = TypeVar("T")

_THREADS: Final = 4


class _Threads:
    """A sync store on SQLite, used from threads of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="hamilton-store")

    async def perform(self, operation: Operation[T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._store.perform, operation)

    async def close(self) -> None:
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._pool.shutdown()
        self._store.close()


class _Awaited:
    """An async engine on PostgreSQL."""

    def __init__(self, engine: AsyncEngine, store: AsyncStore) -> None:
        self._engine = engine
        self._store = store

    async def perform(self, operation: Operation[T]) -> T:
        for tries_left in reversed(range(TRIES)):
            committing = False
            try:
                async with self._engine.connect() as connection:
                    result = await connection.run_sync(self._run, operation)
                    committing = True
                    await connection.commit()
                    return result
            except Exception as error:
                if not is_drivers(error):
                    raise
                if committing or not tries_left or not is_passing(error):
                    raise store_error(error, self._store.address, committing=committing) from error
        raise AssertionError  # the last try returns or raises

    def _run(self, connection: Connection, operation: Operation[T]) -> T:
        return operation.run(CoreExecute(connection, self._store.tables))

    async def close(self) -> None:
        await self._engine.dispose()


class AsyncStore(Place):
    """The async twin of `Store`. Belongs to one event loop; opens on first use, or with ``async with``.

    Args:
        address: A path, ``sqlite:///...`` or ``postgresql://...``.
        schema: The PostgreSQL schema of the tables; the connection's own if None.
        prefix: What every table's name begins with.
        synchronous: What a commit on SQLite survives: FULL a power cut, NORMAL only the end of the process.
        busy_timeout: Seconds to wait on SQLite while another process writes.
        upgrade: Whether to bring the tables up to date; not where migrations of your own do it.

    Attributes:
        address: Where it lies; its text shows no password.
        tables: The tables, with their schema and prefix.

    Raises:
        ConfigurationError: An argument is none of what it may be.
    """

    def __init__(
        self,
        address: str | PathLike[str],
        *,
        schema: str | None = None,
        prefix: str = DEFAULT_PREFIX,
        synchronous: Synchronous = "FULL",
        busy_timeout: float = 10.0,
        upgrade: bool = True,
    ) -> None:
        self._open: _Threads | _Awaited | None = None
        settings: dict[str, Any] = {
            "schema": schema,
            "prefix": prefix,
            "synchronous": synchronous,
            "busy_timeout": busy_timeout,
            "upgrade": upgrade,
        }
        super().__init__(address, **settings)
        self._sync_store = partial(Store, address, **settings)
        self._lock = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self) -> None:
        """Open the database and bring its tables up to date; a second time does nothing.

        Raises:
            ConfigurationError: The store is closed, or belongs to another event loop.
            StoreError: The database cannot be opened, or its tables are of another version and cannot be
                upgraded.
        """
        await self._opened()

    async def _opened(self) -> _Threads | _Awaited:
        if self._process != os.getpid():
            keep_inherited(self._open)
            self._open, self._loop, self._process = None, None, os.getpid()
            self._lock = asyncio.Lock()
        loop = asyncio.get_running_loop()
        if self._open is not None:
            self._check_loop(loop)
            return self._open
        self._check_open()
        async with self._lock:
            if self._open is None:
                self._open, self._loop = await self._connect(), loop
            return self._open

    async def _connect(self) -> _Threads | _Awaited:
        store = await asyncio.to_thread(self._sync_store)
        if self.dialect == "sqlite":
            return _Threads(store)
        # It has brought the tables up to date.
        await asyncio.to_thread(store.close)
        return _Awaited(open_async_engine(self.address), self)

    def _check_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        if loop is not self._loop:
            message = "this async store belongs to another event loop"
            raise ConfigurationError(message, hint="open one in each event loop")

    async def perform(self, operation: Operation[T]) -> T:
        """Do an operation in a transaction of its own; see `Store.perform`."""
        return await (await self._opened()).perform(operation)

    async def perform_on(self, connection: AsyncCallersConnection, operation: Operation[T]) -> T:
        """Do an operation in a caller's own transaction; see `Store.perform_on`.

        Args:
            connection: A SQLAlchemy AsyncConnection or AsyncSession.
            operation: What to do.
        """
        try:
            return await arun_on(connection, operation, self.tables)
        except Exception as error:
            add_hint(error)
            raise

    async def close(self) -> None:
        """Give connections back; a second time does nothing."""
        opened, self._open, self._closed = self._open, None, True
        if opened is not None:
            await opened.close()

    def __await__(self) -> Generator[Any, None, Self]:
        return self.__aenter__().__await__()

    async def __aenter__(self) -> Self:
        await self._opened()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def __del__(self) -> None:
        if self._open is not None and self._process == os.getpid():
            self._warn_unclosed()
