"""The inbox: which messages a receiver has processed, remembered in its own transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.store.arguments import check_text
from hamilton_sdk.store.tables import DEFAULT_PREFIX
from hamilton_sdk.webhooks._desk import cutoff
from hamilton_sdk.webhooks._operations.inbox import Accept, Forget
from hamilton_sdk.webhooks._time import micros

if TYPE_CHECKING:
    from collections.abc import Generator
    from os import PathLike
    from types import TracebackType
    from typing import Any, Self

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.store.awaiting import AsyncStore
    from hamilton_sdk.store.engine import Store
    from hamilton_sdk.store.executing import AsyncCallersConnection, CallersConnection
    from hamilton_sdk.store.opening import Synchronous
    from hamilton_sdk.store.operation import Operation

__all__ = ["RETENTION", "AsyncInbox", "Inbox"]

T = TypeVar("T")

RETENTION: Final = timedelta(days=30)
"""How long ids are remembered: senders try for 75 hours and 35 minutes, and people replay later than that."""

# Together, in four bytes a character, they must fit into a key of PostgreSQL's index: 2,704 bytes.
_LONGEST_ID: Final = 512
_LONGEST_SOURCE: Final = 128


def _accept(clock: Clock, id: str, source: str) -> Accept:  # noqa: A002 (its name everywhere)
    check_text("id", id)
    check_text("source", source)
    if not 0 < len(id) <= _LONGEST_ID:
        message = f"the id of a message must have 1 to {_LONGEST_ID} characters"
        raise ConfigurationError(message, hint="verify the message first, and give its webhook-id")
    if len(source) > _LONGEST_SOURCE:
        message = f"source has more than {_LONGEST_SOURCE} characters"
        raise ConfigurationError(message, hint="give a short name of your own for the sender")
    return Accept(source, id, micros(clock.now()))


def _forget(clock: Clock, older_than: timedelta) -> Forget:
    return Forget(cutoff(older_than, micros(clock.now())))


class Inbox:
    """Remembers which messages were processed, so that each is once. Thread-safe.

    Made by `Inbox.open`; use it with ``with``, or close it.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store: Store = store
        self.clock: Clock = clock

    @classmethod
    def open(
        cls,
        address: str | PathLike[str],
        *,
        schema: str | None = None,
        prefix: str = DEFAULT_PREFIX,
        clock: Clock | None = None,
        synchronous: Synchronous = "FULL",
        busy_timeout: float = 10.0,
        upgrade: bool = True,
    ) -> Self:
        """Open an inbox, and make its tables or bring them up to date.

        Args:
            address: A path, ``sqlite:///...`` or ``postgresql://...``.
            schema: The PostgreSQL schema of the tables; the connection's own if None.
            prefix: What every table's name begins with.
            clock: Where time comes from.
            synchronous: What a commit on SQLite survives: FULL a power cut, NORMAL only the end of the
                process.
            busy_timeout: Seconds to wait on SQLite while another process writes.
            upgrade: Whether to bring the tables up to date; not where migrations of your own do it.

        Raises:
            ConfigurationError: An argument is none of what it may be.
            StoreError: The database cannot be opened, or its tables are of a version that is not known.
        """
        from hamilton_sdk.store.engine import Store

        store = Store(
            address,
            schema=schema,
            prefix=prefix,
            synchronous=synchronous,
            busy_timeout=busy_timeout,
            upgrade=upgrade,
        )
        return cls(store, clock or SystemClock())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.store.address})"

    def _do(self, operation: Operation[T], connection: CallersConnection | None = None) -> T:
        if connection is None:
            return self.store.perform(operation)
        return self.store.perform_on(connection, operation)

    def accept(
        self,
        id: str,  # noqa: A002 (its name everywhere)
        connection: CallersConnection | None = None,
        *,
        source: str = "",
    ) -> bool:
        """Remember that a message is processed, in the transaction that does it.

        Call it first there. Of two that process the same message at once, the second waits for the first, and
        is told False once the first is committed.

        Args:
            id: Of the verified message.
            connection: What your transaction runs on: a connection or session of SQLAlchemy, or a raw
                connection of sqlite3 or psycopg. What the database refuses then comes as that raises it. In a
                transaction of its own if None: the message is then lost where processing it fails after.
            source: Which sender, where ids of several meet.

        Returns:
            Whether it is new. If False, it was processed before: answer with success and do nothing.

        Raises:
            ConfigurationError: The id is empty, longer than 512 characters, or none that a database keeps; or
                the connection commits every statement by itself.
            StoreError: The database cannot, in a transaction of its own.
        """
        return self._do(_accept(self.clock, id, source), connection)

    def purge(self, older_than: timedelta = RETENTION) -> int:
        """Forget messages.

        Args:
            older_than: How long ago they were accepted; longer than any sender tries again, or a person
                replays.

        Returns:
            How many.

        Raises:
            ConfigurationError: The duration is not above zero.
            StoreError: The database cannot.
        """
        return self._do(_forget(self.clock, older_than))

    def close(self) -> None:
        """Give connections back; a second time does nothing."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncInbox:
    """The async twin of `Inbox`. Belongs to one event loop.

    Made by `AsyncInbox.open`; use it with ``async with``, or await it, or let its first use open it.
    """

    def __init__(self, store: AsyncStore, clock: Clock) -> None:
        self.store: AsyncStore = store
        self.clock: Clock = clock

    @classmethod
    def open(
        cls,
        address: str | PathLike[str],
        *,
        schema: str | None = None,
        prefix: str = DEFAULT_PREFIX,
        clock: Clock | None = None,
        synchronous: Synchronous = "FULL",
        busy_timeout: float = 10.0,
        upgrade: bool = True,
    ) -> Self:
        """Open an inbox, and make its tables or bring them up to date.

        Args:
            address: A path, ``sqlite:///...`` or ``postgresql://...``.
            schema: The PostgreSQL schema of the tables; the connection's own if None.
            prefix: What every table's name begins with.
            clock: Where time comes from.
            synchronous: What a commit on SQLite survives: FULL a power cut, NORMAL only the end of the
                process.
            busy_timeout: Seconds to wait on SQLite while another process writes.
            upgrade: Whether to bring the tables up to date; not where migrations of your own do it.

        Raises:
            ConfigurationError: An argument is none of what it may be.
            StoreError: The database cannot be opened, or its tables are of a version that is not known.
        """
        from hamilton_sdk.store.awaiting import AsyncStore

        store = AsyncStore(
            address,
            schema=schema,
            prefix=prefix,
            synchronous=synchronous,
            busy_timeout=busy_timeout,
            upgrade=upgrade,
        )
        return cls(store, clock or SystemClock())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.store.address})"

    async def _do(self, operation: Operation[T], connection: AsyncCallersConnection | None = None) -> T:
        if connection is None:
            return await self.store.perform(operation)
        return await self.store.perform_on(connection, operation)

    async def accept(
        self,
        id: str,  # noqa: A002 (its name everywhere)
        connection: AsyncCallersConnection | None = None,
        *,
        source: str = "",
    ) -> bool:
        """Remember that a message is processed, in the transaction that does it.

        Call it first there. Of two that process the same message at once, the second waits for the first, and
        is told False once the first is committed.

        Args:
            id: Of the verified message.
            connection: What your transaction runs on: a connection or session of SQLAlchemy, or a raw
                connection of sqlite3 or psycopg. What the database refuses then comes as that raises it. In a
                transaction of its own if None: the message is then lost where processing it fails after.
            source: Which sender, where ids of several meet.

        Returns:
            Whether it is new. If False, it was processed before: answer with success and do nothing.

        Raises:
            ConfigurationError: The id is empty, longer than 512 characters, or none that a database keeps; or
                the connection commits every statement by itself.
            StoreError: The database cannot, in a transaction of its own.
        """
        return await self._do(_accept(self.clock, id, source), connection)

    async def purge(self, older_than: timedelta = RETENTION) -> int:
        """Forget messages.

        Args:
            older_than: How long ago they were accepted; longer than any sender tries again, or a person
                replays.

        Returns:
            How many.

        Raises:
            ConfigurationError: The duration is not above zero.
            StoreError: The database cannot.
        """
        return await self._do(_forget(self.clock, older_than))

    async def close(self) -> None:
        """Give connections back; a second time does nothing."""
        await self.store.close()

    def __await__(self) -> Generator[Any, None, Self]:
        return self.__aenter__().__await__()

    async def __aenter__(self) -> Self:
        await self.store.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
