"""What type checkers see of dispatchers; checked, never run."""

from __future__ import annotations

from datetime import timedelta
from typing import assert_type

import httpx

from hamilton_sdk import Http
from hamilton_sdk.webhooks import (
    SCHEDULE,
    AsyncDispatcher,
    AsyncOutbox,
    BreakerPolicy,
    DeadLetter,
    DeliveryHooks,
    DisabledEndpoint,
    Dispatcher,
    Outbox,
    UnsentDelivery,
)


def heard(letter: DeadLetter) -> None:
    """A hook gets what it tells of."""
    assert_type(letter.event_type, str)
    assert_type(letter.status, int | None)


def disabled(endpoint: DisabledEndpoint) -> None:
    """So does the second one."""
    assert_type(endpoint.reason, str)


def unsent(delivery: UnsentDelivery) -> None:
    """And the third."""
    assert_type(delivery.error, str)


HOOKS = DeliveryHooks(on_dead_letter=heard, on_endpoint_disabled=disabled, on_unsent=unsent)


def sync_calls(outbox: Outbox) -> None:
    """The sync shell."""
    with Dispatcher(outbox, transport=Http(), hooks=HOOKS, lease=timedelta(minutes=3)) as dispatcher:
        assert_type(dispatcher, Dispatcher)
        assert_type(dispatcher.deliver_due(), int)
        dispatcher.run()
        dispatcher.stop()


async def async_calls(outbox: AsyncOutbox) -> None:
    """The async shell returns the same, awaited."""
    async with AsyncDispatcher(outbox, concurrency=5, breaker=BreakerPolicy(failures=3)) as dispatcher:
        assert_type(dispatcher, AsyncDispatcher)
        assert_type(await dispatcher.deliver_due(at_most=timedelta(seconds=5)), int)
        await dispatcher.run()
        dispatcher.stop()


def constants() -> None:
    """The usual schedule, to begin one's own with."""
    assert_type(SCHEDULE, tuple[float, ...])


def refused(outbox: Outbox, other: AsyncOutbox, client: httpx.Client) -> None:
    """What a type checker must refuse."""
    Dispatcher(outbox, transport=client)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # unguarded
    Dispatcher(other)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the async one
    DeliveryHooks(on_dead_letter=disabled)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # mixed up
