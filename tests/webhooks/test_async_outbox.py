"""The async outbox is the sync one, awaited."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from hamilton_sdk.webhooks import AsyncOutbox, Outbox
from tests.store.notes import url_of
from tests.webhooks.boxes import KEY, URL, Happened

NAMES = {
    "open",
    "publish",
    "add_endpoint",
    "endpoints",
    "update_endpoint",
    "remove_endpoint",
    "rotate_secret",
    "reencrypt",
    "pause",
    "resume",
    "deliveries",
    "dead_letters",
    "attempts",
    "replay",
    "skip",
    "purge",
    "counters",
    "close",
}


def members(kind: type) -> dict[str, Any]:
    return {name: member for name, member in vars(kind).items() if not name.startswith("_")}


def test_both_have_every_method() -> None:
    assert set(members(Outbox)) == set(members(AsyncOutbox)) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_twins_agree_in_all_but_the_awaiting(name: str) -> None:
    assert inspect.getdoc(getattr(Outbox, name)) == inspect.getdoc(getattr(AsyncOutbox, name))
    theirs = str(inspect.signature(getattr(AsyncOutbox, name))).replace("AsyncCallers", "Callers")
    assert str(inspect.signature(getattr(Outbox, name))) == theirs.replace("AsyncPager", "Pager")
    awaited = inspect.iscoroutinefunction(members(AsyncOutbox)[name])
    assert awaited is (name not in {"open", "deliveries", "dead_letters"})


@pytest.mark.parametrize("driver", ["aiosqlite", "psycopg", "asyncpg"])
@pytest.mark.parametrize("shape", ["connection", "session"])
async def test_publishing_stands_or_falls_with_the_callers_transaction(
    request: pytest.FixtureRequest, driver: str, shape: str
) -> None:
    place = request.getfixturevalue("sqlite_address" if driver == "aiosqlite" else "postgresql_address")
    engine = create_async_engine(url_of(place, driver))
    opened: Any = engine.connect() if shape == "connection" else AsyncSession(engine)
    async with AsyncOutbox.open(place, key=KEY) as outbox:
        await outbox.add_endpoint(URL)
        async with opened as connection:
            await outbox.publish(Happened("gone"), connection)
            await connection.rollback()
            await outbox.publish(Happened("kept"), connection)
            await connection.commit()
        assert [each.event_id async for each in outbox.deliveries()] == ["kept"]
    await engine.dispose()


async def test_it_may_be_awaited_or_used_at_once(address: str) -> None:
    outbox = await AsyncOutbox.open(address, key=KEY)
    await outbox.close()
    outbox = AsyncOutbox.open(address, key=KEY)
    assert await outbox.endpoints() == ()
    await outbox.close()
