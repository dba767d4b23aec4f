"""The outbox for async code; see `hamilton_sdk.webhooks.outbox`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from hamilton_sdk.shell import AsyncPager
from hamilton_sdk.store.tables import DEFAULT_PREFIX
from hamilton_sdk.webhooks._desk import PURGED_AT_ONCE, UNSET, Desk

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from datetime import datetime
    from os import PathLike
    from types import TracebackType
    from typing import Any, Self

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.secrets import SecretSource
    from hamilton_sdk.store.awaiting import AsyncStore
    from hamilton_sdk.store.executing import AsyncCallersConnection
    from hamilton_sdk.store.opening import Synchronous
    from hamilton_sdk.store.operation import Operation
    from hamilton_sdk.webhooks._desk import Unset
    from hamilton_sdk.webhooks._sealing import Seal
    from hamilton_sdk.webhooks.models import (
        Attempt,
        Counters,
        Delivery,
        DeliveryState,
        Endpoint,
        NewEndpoint,
        Publishable,
    )

__all__ = ["AsyncOutbox"]

T = TypeVar("T")


class AsyncOutbox:
    """The async twin of `Outbox`. Belongs to one event loop.

    Made by `AsyncOutbox.open`; use it with ``async with``, or await it, or let its first use open it.
    """

    def __init__(self, store: AsyncStore, desk: Desk) -> None:
        self._desk = desk
        # What a dispatcher works with.
        self.store: AsyncStore = store
        self.seal: Seal = desk.seal
        self.seal.place = str(store.address)
        self.clock: Clock = desk.clock

    @classmethod
    def open(
        cls,
        address: str | PathLike[str],
        *,
        key: SecretSource | None = None,
        schema: str | None = None,
        prefix: str = DEFAULT_PREFIX,
        clock: Clock | None = None,
        synchronous: Synchronous = "FULL",
        busy_timeout: float = 10.0,
        upgrade: bool = True,
    ) -> Self:
        """Open an outbox, and make its tables or bring them up to date.

        Args:
            address: A path, ``sqlite:///...`` or ``postgresql://...``.
            key: Of the endpoints' secrets, which are kept encrypted; see `hamilton_sdk.secrets.SecretBox`.
                Not needed where events are only published.
            schema: The PostgreSQL schema of the tables; the connection's own if None.
            prefix: What every table's name begins with.
            clock: Where time comes from.
            synchronous: What a commit on SQLite survives: FULL a power cut, NORMAL only the end of the
                process. Of publishing in your own transaction your own connection decides.
            busy_timeout: Seconds to wait on SQLite while another process writes.
            upgrade: Whether to bring the tables up to date; not where migrations of your own do it.

        Raises:
            ConfigurationError: An argument is none of what it may be.
            StoreError: The database cannot be opened, or its tables are of a version that is not known.
        """
        from hamilton_sdk.store.awaiting import AsyncStore

        desk = Desk(key, clock)
        store = AsyncStore(
            address,
            schema=schema,
            prefix=prefix,
            synchronous=synchronous,
            busy_timeout=busy_timeout,
            upgrade=upgrade,
        )
        return cls(store, desk)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.store.address})"

    async def _do(self, operation: Operation[T], connection: AsyncCallersConnection | None = None) -> T:
        if connection is None:
            return await self.store.perform(operation)
        return await self.store.perform_on(connection, operation)

    async def publish(self, event: Publishable, connection: AsyncCallersConnection | None = None) -> str:
        """Publish an event to every endpoint that wants its type, paused and disabled ones as well.

        In your own transaction it stands or falls with what you write there. The same event published again
        is one event.

        Args:
            event: One of `hamilton_sdk.webhooks.events`, or what looks like one.
            connection: What your transaction runs on: a connection or session of SQLAlchemy, or a raw
                connection of sqlite3 or psycopg. What the database refuses then comes as that raises it. A
                transaction of its own if None.

        Returns:
            The event's id.

        Raises:
            ConfigurationError: The id or type cannot be sent, or the connection commits every statement by
                itself.
            StoreError: The database cannot, in a transaction of its own.
        """
        return await self._do(self._desk.publish(event), connection)

    async def add_endpoint(
        self,
        url: str,
        *,
        secret: str | None = None,
        events: Sequence[str] = (),
        schedule: Sequence[float] | None = None,
        in_flight_limit: int = 10,
        rate: float | None = None,
        ordered: bool = False,
        headers: Mapping[str, str] | None = None,
        private_networks: Sequence[str] = (),
    ) -> NewEndpoint:
        """Add an endpoint; it gets what is published from now on.

        Args:
            url: Its ``https`` address.
            secret: ``whsec_...`` or ``whsk_...``; a new one is made if None.
            events: Types it wants, ``visit.*`` for all that begin so; all if empty.
            schedule: Seconds before each attempt; the usual ten within about three days if None.
            in_flight_limit: How many deliveries at the same time.
            rate: Deliveries a second; None for no limit.
            ordered: Whether the events of one object come one after the other, by their sequence; one that
                was given up holds back those after it until it is replayed or skipped.
            headers: Sent along with each delivery; kept encrypted, since they may hold credentials.
            private_networks: Networks that are not public and that it may lie in, such as ``10.20.0.0/16``.

        Returns:
            The endpoint with its secret, which is not shown again.

        Raises:
            ConfigurationError: A setting is wrong, or the outbox has no key, or one that opens nothing of the
                endpoints that are there.
            StoreError: The database cannot.
        """
        settings = {
            "events": events,
            "schedule": schedule,
            "in_flight_limit": in_flight_limit,
            "rate": rate,
            "ordered": ordered,
            "headers": headers or {},
            "private_networks": private_networks,
        }
        return await self._do(self._desk.add_endpoint(url, secret, settings))

    async def endpoints(self) -> tuple[Endpoint, ...]:
        """All endpoints, in the order they were added.

        Raises:
            StoreError: The database cannot.
        """
        return await self._do(self._desk.list_endpoints())

    async def update_endpoint(
        self,
        endpoint: str,
        *,
        url: str | Unset = UNSET,
        events: Sequence[str] | Unset = UNSET,
        schedule: Sequence[float] | Unset | None = UNSET,
        in_flight_limit: int | Unset = UNSET,
        rate: float | Unset | None = UNSET,
        ordered: bool | Unset = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        private_networks: Sequence[str] | Unset = UNSET,
    ) -> Endpoint:
        """Change what is set of an endpoint; what is not given stays.

        Deliveries that wait go to the new address, with the new settings.

        Args:
            endpoint: Its id.
            url: See `add_endpoint`, as for the others.
            events: Of what is published from now on.
            schedule: None for the usual one.
            in_flight_limit: How many at the same time.
            rate: None for no limit.
            ordered: Whether in order.
            headers: All of them.
            private_networks: All of them.

        Raises:
            ConfigurationError: A setting is wrong, nothing was given, or the outbox has no key; headers were
                given, and no key at hand opens the endpoint's secrets.
            NotFound: There is no such endpoint.
            StoreError: The database cannot.
        """
        changes = {
            "url": url,
            "events": events,
            "schedule": schedule,
            "in_flight_limit": in_flight_limit,
            "rate": rate,
            "ordered": ordered,
            "headers": headers,
            "private_networks": private_networks,
        }
        return await self._do(self._desk.update_endpoint(endpoint, changes))

    async def remove_endpoint(self, endpoint: str) -> None:
        """Take an endpoint away; what it has not got is skipped.

        Raises:
            NotFound: There is no such endpoint.
            StoreError: The database cannot.
        """
        await self._do(self._desk.remove_endpoint(endpoint))

    async def rotate_secret(
        self, endpoint: str, secret: str | None = None, overlap: timedelta = timedelta(days=1)
    ) -> NewEndpoint:
        """Sign with a new secret; with those before it as well until the overlap is over.

        Args:
            endpoint: Its id.
            secret: ``whsec_...`` or ``whsk_...``; a new one is made if None.
            overlap: How long the receiver has to change; zero when the old secret became known.

        Returns:
            The endpoint with its new secret, which is not shown again.

        Raises:
            ConfigurationError: The secret cannot sign or is there already, or the outbox has no key, or none
                that opens the endpoint's secrets.
            NotFound: There is no such endpoint.
            StoreError: The database cannot.
        """
        return await self._do(self._desk.rotate_secret(endpoint, secret, overlap))

    async def reencrypt(self) -> int:
        """Encrypt what is kept of endpoints with the newest key, so that those behind it can be dropped.

        First every process that adds or changes endpoints must have the new key in front. Deliveries go on
        meanwhile; what is kept is the same, and no receiver notices.

        Returns:
            For how many endpoints.

        Raises:
            ConfigurationError: The outbox has no key, or there are endpoints that no key at hand opens: they
                are named, and were left as they are, and the others are done.
            StoreError: The database cannot, and nothing was changed.
        """
        return (await self._do(self._desk.reencrypt())).checked()

    async def pause(self, endpoint: str, *, reason: str | None = None) -> Endpoint:
        """Deliver nothing to an endpoint until `resume`; its events wait. A disabled one stays disabled.

        Args:
            endpoint: Its id.
            reason: Shown with it.

        Raises:
            NotFound: There is no such endpoint.
            StoreError: The database cannot.
        """
        return await self._do(self._desk.pause(endpoint, reason))

    async def resume(self, endpoint: str) -> Endpoint:
        """Deliver to an endpoint again, its failures forgotten; what waited is due.

        Args:
            endpoint: Its id; paused, or disabled for its failures or by its own answer.

        Raises:
            NotFound: There is no such endpoint.
            StoreError: The database cannot.
        """
        return await self._do(self._desk.resume(endpoint))

    def deliveries(
        self,
        *,
        endpoint: str | None = None,
        event: str | None = None,
        state: DeliveryState | None = None,
        token: str | None = None,
    ) -> AsyncPager[Delivery]:
        """Deliveries, the newest first.

        Args:
            endpoint: Only to this one.
            event: Only of this one.
            state: Only in this one.
            token: Where to resume, from the pager's own ``token``.

        Raises:
            StoreError: The database cannot.
        """
        self._desk.list_deliveries(endpoint, event, state, token)
        return AsyncPager(
            lambda token: self._do(self._desk.list_deliveries(endpoint, event, state, token)), token
        )

    def dead_letters(self, *, endpoint: str | None = None, token: str | None = None) -> AsyncPager[Delivery]:
        """Deliveries that were given up, the newest first.

        Args:
            endpoint: Only to this one.
            token: Where to resume, from the pager's own ``token``.

        Raises:
            StoreError: The database cannot.
        """
        return self.deliveries(endpoint=endpoint, state="dead", token=token)

    async def attempts(self, delivery: int) -> tuple[Attempt, ...]:
        """What was tried for a delivery, in order.

        Raises:
            NotFound: There is no such delivery.
            StoreError: The database cannot.
        """
        return await self._do(self._desk.attempts(delivery))

    async def replay(
        self,
        *,
        delivery: int | None = None,
        endpoint: str | None = None,
        event: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        only: DeliveryState | None = None,
    ) -> int:
        """Deliver again what fits all that is given, with a schedule that starts anew.

        What is on its way at this moment is left alone. Receivers know an event that comes again by its id.

        Args:
            delivery: This one.
            endpoint: To this one.
            event: Of this one.
            since: Of events published then or later.
            until: Of events published before.
            only: In this state; ``"dead"`` for what was given up.

        Returns:
            How many are due now.

        Raises:
            ConfigurationError: Nothing was given, or a time is naive.
            StoreError: The database cannot.
        """
        return await self._do(self._desk.replay(delivery, endpoint, event, since, until, only))

    async def skip(self, delivery: int) -> Delivery:
        """Leave a delivery out: it is not tried again, and holds nothing back any more.

        Raises:
            Conflict: It is done, or on its way at this moment.
            NotFound: There is no such delivery.
            StoreError: The database cannot.
        """
        return await self._do(self._desk.skip(delivery))

    async def purge(self, older_than: timedelta = timedelta(days=30), *, dead_letters: bool = False) -> int:
        """Delete events all of whose deliveries are finished, with their deliveries and attempts.

        Many small transactions, so that nobody waits for it.

        Args:
            older_than: How long ago they were published.
            dead_letters: Whether what was given up counts as finished; it is kept otherwise.

        Returns:
            How many events.

        Raises:
            ConfigurationError: The duration is not above zero.
            StoreError: The database cannot.
        """
        step = self._desk.purge(older_than, dead_letters=dead_letters)
        await self._do(self._desk.skip_orphans())
        purged = gone = await self._do(step)
        while gone == PURGED_AT_ONCE:
            gone = await self._do(step)
            purged += gone
        return purged

    async def counters(self, endpoint: str | None = None) -> Counters:
        """How many deliveries there are in each state.

        Args:
            endpoint: Only to this one.

        Raises:
            StoreError: The database cannot.
        """
        return await self._do(self._desk.counters(endpoint))

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
