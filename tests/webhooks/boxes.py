"""What the tests of outbox and inbox work with: events, a key, and both outboxes as one."""

from __future__ import annotations

import asyncio
import inspect
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Self

import psycopg

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.secrets import SecretBox, StaticSecret
from hamilton_sdk.shell import AsyncPager
from hamilton_sdk.webhooks import AsyncInbox, AsyncOutbox, Inbox, Outbox

__all__ = [
    "KEY",
    "URL",
    "Awaited",
    "Happened",
    "connection_to",
    "listed",
    "open_inbox",
    "open_outbox",
    "set_state",
]

KEY = StaticSecret(SecretBox.new_key())
URL = "https://customer.example/hooks"


@dataclass
class Happened:
    """An event of an application's own making: it only looks like one."""

    id: str
    type: str = "visit.created"
    site: str | None = None
    object: str | None = None
    sequence: int | None = None
    body: bytes = b'{"type":"visit.created"}'

    def to_bytes(self) -> bytes:
        return self.body


class Awaited:
    """An async outbox or inbox that is waited for, so that a test need not care which it has.

    Args:
        twin: The async one.
    """

    def __init__(self, twin: Any) -> None:
        self._twin = twin
        self._runner = asyncio.Runner()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._twin, name)

        def call(*arguments: Any, **settings: Any) -> Any:
            result = method(*arguments, **settings)
            if isinstance(result, AsyncPager):
                return self._runner.run(_listed(result))
            return self._runner.run(result) if inspect.isawaitable(result) else result

        return call if callable(method) else method

    def __repr__(self) -> str:
        return repr(self._twin)

    def close(self) -> None:
        self._runner.run(self._twin.close())
        self._runner.close()

    def __enter__(self) -> Self:
        self._runner.run(self._twin.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


async def _listed(pager: AsyncPager[Any]) -> list[Any]:
    return [each async for each in pager]


def open_outbox(address: str, *, is_async: bool, **settings: Any) -> Any:
    """Either outbox, with a clock that stands still unless one is given."""
    settings = {"key": KEY, "clock": SettableClock(), "synchronous": "NORMAL", **settings}
    return Awaited(AsyncOutbox.open(address, **settings)) if is_async else Outbox.open(address, **settings)


def open_inbox(address: str, *, is_async: bool, **settings: Any) -> Any:
    """Either inbox, with a clock that stands still unless one is given."""
    settings = {"clock": SettableClock(), "synchronous": "NORMAL", **settings}
    return Awaited(AsyncInbox.open(address, **settings)) if is_async else Inbox.open(address, **settings)


def connection_to(box: Any) -> Any:
    """A raw connection to what an outbox or inbox lies in."""
    if box.store.dialect == "sqlite":
        return sqlite3.connect(box.store.address.url.database)
    return psycopg.connect(box.store.conninfo)


def set_state(outbox: Any, delivery: int, state: str, **more: Any) -> None:
    """Write what a dispatcher would have written."""
    mark = "?" if outbox.store.dialect == "sqlite" else "%s"
    values = {"state": state, **more}
    assignments = ", ".join(f"{name} = {mark}" for name in values)
    statement = f"UPDATE {outbox.store.tables.delivery.name} SET {assignments} WHERE id = {mark}"
    with closing(connection_to(outbox)) as connection:
        connection.execute(statement, (*values.values(), delivery))
        connection.commit()


def listed(pager: Any) -> list[Any]:
    return list(pager)
