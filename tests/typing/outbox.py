"""What type checkers are to see of outbox, inbox and store; checked by mypy and pyright, never run."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any, assert_type

import psycopg
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import Session, scoped_session

from hamilton_sdk.secrets import EnvironmentSecret, FileSecret, SecretBox, StaticSecret
from hamilton_sdk.shell import AsyncPager, Pager
from hamilton_sdk.store import metadata, upgrade
from hamilton_sdk.webhooks import (
    AsyncInbox,
    AsyncOutbox,
    Attempt,
    Counters,
    Delivery,
    Endpoint,
    Event,
    Inbox,
    NewEndpoint,
    Outbox,
)


def publishing(
    event: Event,
    core: Connection,
    session: Session,
    scoped: scoped_session[Session],
    lite: sqlite3.Connection,
    raw: psycopg.Connection[Any],
) -> None:
    """Whatever a transaction runs on is taken, and the SDK's own events are."""
    with Outbox.open("hooks.db", key=StaticSecret("key"), synchronous="NORMAL") as outbox:
        assert_type(outbox, Outbox)
        assert_type(outbox.publish(event), str)
        for each in (core, session, scoped, lite, raw):
            outbox.publish(event, each)
        outbox.publish("visit.created")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no event
        outbox.publish(event, "hooks.db")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no connection


def looking_after(outbox: Outbox) -> None:
    """What comes back is typed to the last word."""
    made = outbox.add_endpoint("https://customer.example/hooks", events=["visit.*"], rate=0.5)
    assert_type(made, NewEndpoint)
    assert_type(made.secret, str)
    assert_type(outbox.endpoints(), tuple[Endpoint, ...])
    assert_type(made.readable, bool)
    assert_type(outbox.update_endpoint(made.id, rate=None), Endpoint)
    assert_type(outbox.rotate_secret(made.id, overlap=timedelta(hours=1)), NewEndpoint)
    assert_type(outbox.reencrypt(), int)
    assert_type(outbox.pause(made.id), Endpoint)
    assert_type(outbox.deliveries(state="dead"), Pager[Delivery])
    assert_type(outbox.attempts(1), tuple[Attempt, ...])
    assert_type(outbox.replay(endpoint=made.id, only="dead"), int)
    assert_type(outbox.counters(), Counters)
    outbox.deliveries(state="failed")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no such state


async def awaited(event: Event, core: AsyncConnection, session: AsyncSession) -> None:
    """The async twins give the same, awaited."""
    async with AsyncOutbox.open("hooks.db", key=EnvironmentSecret("HAMILTON_KEY")) as outbox:
        assert_type(await outbox.publish(event, core), str)
        assert_type(await outbox.publish(event, session), str)
        assert_type(outbox.dead_letters(), AsyncPager[Delivery])
        assert_type(await outbox.counters(), Counters)
        assert_type(await outbox.reencrypt(), int)
    assert_type(await AsyncInbox.open("hooks.db"), AsyncInbox)


def receiving(inbox: Inbox, session: Session) -> None:
    """Whether a message is new is a truth."""
    assert_type(inbox.accept("msg_1", session, source="hamilton"), bool)
    assert_type(inbox.purge(timedelta(days=60)), int)


def keeping() -> None:
    """Keys come from sources; tables from one call."""
    assert_type(SecretBox(FileSecret("key")).encrypt(b"x"), bytes)
    SecretBox("key")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # text is no source
    assert_type(metadata(schema="hooks", prefix="h_"), MetaData)
    assert_type(upgrade("hooks.db"), str | None)
