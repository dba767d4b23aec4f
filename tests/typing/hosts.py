"""What type checkers see of hosts; checked, never run."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from functools import partial
from typing import Any, assert_type

import psycopg
from procrastinate import App, Blueprint
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import Session, scoped_session

from hamilton_sdk.webhooks import AsyncDispatcher, AsyncOutbox, DeliveryHooks, Dispatcher, Outbox
from hamilton_sdk.webhooks.hosts import celery, procrastinate


def in_procrastinate(app: App, blueprint: Blueprint) -> procrastinate.ProcrastinateHost:
    """Apps and blueprints are taken; an outbox that does not fit is not."""
    procrastinate.install(blueprint, lambda: AsyncOutbox.open("postgresql://db/visits"))
    procrastinate.install(app, lambda: Outbox.open("hooks.db"))  # type: ignore[arg-type,return-value]  # pyright: ignore[reportArgumentType]
    host = procrastinate.install(
        app,
        lambda: AsyncOutbox.open("postgresql://db/visits"),
        every="*/5 * * * *",
        queue="hooks",
        name="hooks",
        dispatcher=partial(AsyncDispatcher, hooks=DeliveryHooks(), concurrency=50),
        at_most=timedelta(seconds=30),
    )
    assert_type(host, procrastinate.ProcrastinateHost)
    return host


def woken(
    host: procrastinate.ProcrastinateHost,
    core: Connection,
    session: Session,
    scoped: scoped_session[Session],
    raw: psycopg.Connection[Any],
) -> None:
    """On whatever the event is published."""
    for connection in (core, session, scoped, raw, None):
        host.wake(connection)
    host.wake(sqlite3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def woken_in_async_code(
    host: procrastinate.ProcrastinateHost,
    core: AsyncConnection,
    session: AsyncSession,
    raw: psycopg.AsyncConnection[Any],
) -> None:
    """The same, awaited."""
    for connection in (core, session, raw, None):
        await host.wake_async(connection)
    await host.close()


def in_celery(app: Any) -> None:
    """Celery has no types of its own."""
    host = celery.install(
        app,
        lambda: Outbox.open("hooks.db"),
        every=30,
        queue="hooks",
        dispatcher=partial(Dispatcher, concurrency=50),
    )
    assert_type(host, celery.CeleryHost)
    host.wake()
    host.close()
