"""Processes to be killed: a publisher with business of its own, and workers. Run with ``python -m``."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import sys
import time
from contextlib import closing
from datetime import timedelta
from typing import Any

from hamilton_sdk.secrets import EnvironmentSecret
from hamilton_sdk.transport import Http, Timeouts
from hamilton_sdk.webhooks import AsyncDispatcher, AsyncOutbox, Dispatcher, Outbox
from tests.webhooks.boxes import Happened

__all__ = ["KEY_VARIABLE", "committed", "connect", "prepare"]

KEY_VARIABLE = "HAMILTON_TEST_KEY"
_LEASE = timedelta(seconds=7)


def connect(address: str) -> Any:
    """A connection as an application of its own would have."""
    if address.startswith("postgresql"):
        import psycopg

        return psycopg.connect(address)
    return sqlite3.connect(address, timeout=30)


def prepare(address: str) -> None:
    """Make the table of the business."""
    with closing(connect(address)) as connection:
        connection.execute("CREATE TABLE business (id TEXT PRIMARY KEY)")
        connection.commit()


def committed(address: str) -> set[str]:
    """What became of the business."""
    with closing(connect(address)) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM business").fetchall()}


def _publish(address: str) -> None:
    """Do business and publish it in one transaction, again and again; roll some back."""
    mark = "%s" if address.startswith("postgresql") else "?"
    chance, number = random.Random(), 0
    with Outbox.open(address, synchronous="NORMAL", upgrade=False) as outbox:
        connection = connect(address)
        while True:
            number += 1
            name = f"e-{os.getpid()}-{number}"
            connection.execute(f"INSERT INTO business VALUES ({mark})", (name,))
            outbox.publish(Happened(name, object=f"visit:{number % 7}", sequence=number), connection)
            if chance.random() < 0.25:
                connection.rollback()
            else:
                connection.commit()
            time.sleep(chance.random() * 0.06)


def _settings(ca: str) -> dict[str, Any]:
    return {
        "transport": Http(ca=ca, timeouts=Timeouts(total=2)),
        "concurrency": 4,
        "lease": _LEASE,
    }


def _work(address: str, ca: str) -> None:
    key = EnvironmentSecret(KEY_VARIABLE)
    with (
        Outbox.open(address, key=key, synchronous="NORMAL", upgrade=False) as outbox,
        Dispatcher(outbox, **_settings(ca)) as dispatcher,
    ):
        signal.signal(signal.SIGTERM, lambda *_: dispatcher.stop())
        print("ready", flush=True)  # noqa: T201 (to whoever started it)
        dispatcher.run()


async def _work_async(address: str, ca: str) -> None:
    key = EnvironmentSecret(KEY_VARIABLE)
    async with (
        AsyncOutbox.open(address, key=key, synchronous="NORMAL", upgrade=False) as outbox,
        AsyncDispatcher(outbox, **_settings(ca)) as dispatcher,
    ):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, dispatcher.stop)
        print("ready", flush=True)  # noqa: T201 (to whoever started it)
        await dispatcher.run()


def _main(role: str, address: str, ca: str) -> None:
    if role == "publisher":
        _publish(address)
    elif role == "worker":
        _work(address, ca)
    else:
        asyncio.run(_work_async(address, ca))


if __name__ == "__main__":
    _main(*sys.argv[1:])
