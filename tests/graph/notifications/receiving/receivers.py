"""Receivers and posts for tests of web frameworks."""

from __future__ import annotations

from typing import Any

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import NotReachable, StoreError
from hamilton_sdk.graph.notifications import AsyncNotificationReceiver, NotificationReceiver, Received
from tests.graph.notifications.posted import NOW, SECRET, WATCH, EntraKeys, body, item, lifecycle

HANDSHAKE = "room=5&validationToken=Validation%3A+%3Cb%3E%2520"
TOKEN = b"Validation: <b>%20"
POSTED = body(item(), lifecycle(), item(clientState="forged"))
TROUBLES = [StoreError("the database is locked"), NotReachable("no way")]


def watches(trouble: Exception | None = None) -> Any:
    if trouble is None:
        return {WATCH: SECRET}

    def ask(watch_id: str) -> str:
        raise trouble

    return ask


def receiver(trouble: Exception | None = None) -> NotificationReceiver:
    return NotificationReceiver(watches(trouble), transport=EntraKeys(), clock=SettableClock(NOW))


def async_receiver(trouble: Exception | None = None) -> AsyncNotificationReceiver:
    return AsyncNotificationReceiver(watches(trouble), transport=EntraKeys(), clock=SettableClock(NOW))


class Keeper:
    """Keeps what it gets; raises or returns what it is told."""

    def __init__(self, does: object = None) -> None:
        self.got: list[Received] = []
        self.does = does

    def __call__(self, received: Received) -> Any:
        self.got.append(received)
        if isinstance(self.does, Exception):
            raise self.does
        return self.does


class AsyncKeeper(Keeper):
    async def __call__(self, received: Received) -> Any:
        return super().__call__(received)


REFUSED = pytest.mark.parametrize(
    ("query", "posted", "status"),
    [
        ("", b"{}", 400),
        ("validationToken=a&validationToken=b", b"", 400),
        ("", b"x" * (4 * 1024 * 1024 + 1), 413),
    ],
)
