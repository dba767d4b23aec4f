"""At least once, whoever is killed and whatever goes away: what was committed arrives, and nothing else."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as on

from hamilton_sdk.errors import StoreError
from hamilton_sdk.flow import Response
from hamilton_sdk.store import opening
from hamilton_sdk.webhooks import Dispatcher, Outbox
from tests.servers.postgresql import Server
from tests.webhooks.boxes import KEY, URL, Happened
from tests.webhooks.crashing import KEY_VARIABLE, committed, prepare
from tests.webhooks.dispatchers import running, wait_until
from tests.webhooks.receivers import InProcess, Receiver

_ROOT = Path(__file__).parents[2]
_WORKERS = ("worker", "async worker") * 2
_SECONDS_OF_KILLING = 3.0


class _Processes:
    """What is started, killed and started again.

    Args:
        address: Of the database.
        ca: The receiver's authority.
    """

    def __init__(self, address: str, ca: Path) -> None:
        self._arguments = (address, str(ca))
        self._environment = {**os.environ, KEY_VARIABLE: KEY.get().get_secret_value()}
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, role: str) -> None:
        command = [sys.executable, "-m", "tests.webhooks.crashing", role, *self._arguments]
        self.running[name] = subprocess.Popen(
            command, cwd=_ROOT, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL, "it had ended by itself"

    def end(self) -> dict[str, tuple[int, bytes]]:
        """Ask all to stop, once they have come so far that they can be asked; how each did."""
        for process in self.running.values():
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            process.terminate()
        found = {}
        for name, process in self.running.items():
            _, said = process.communicate(timeout=30)
            found[name] = (process.returncode, said)
        self.running.clear()
        return found


@pytest.mark.slow
def test_four_workers_and_their_publisher_are_killed_at_random(address: str, receiver: Receiver) -> None:
    chance = random.Random()
    prepare(address)
    with Outbox.open(address, key=KEY, synchronous="NORMAL") as outbox:
        receiver.endpoint(outbox, "/plain")
        receiver.endpoint(outbox, "/ordered", ordered=True)
        # Some take their time: a worker is then killed in the middle of a delivery, or after its answer.
        receiver.answer = lambda path, message: time.sleep(chance.random() * 0.03) or 200
        processes = _Processes(address, receiver.ca)
        roles = {f"w{number}": role for number, role in enumerate(_WORKERS)} | {"p": "publisher"}
        try:
            for name, role in roles.items():
                processes.start(name, role)
            wait_until(lambda: len(receiver.ids("/plain")) > 5)
            kills, until = 0, time.monotonic() + _SECONDS_OF_KILLING
            while time.monotonic() < until or kills < 4:
                time.sleep(chance.random() * 0.8)
                name = chance.choice(sorted(roles))
                processes.kill(name)
                kills += 1
                processes.start(name, roles[name])
            processes.kill("p")
            wait_until(lambda: outbox.counters().pending == 0, seconds=60)
            ended = processes.end()
        finally:
            for name in list(processes.running):
                processes.kill(name)
        happened = committed(address)
        assert len(happened) > 20
        for path in ("/plain", "/ordered"):
            assert receiver.ids(path) == happened
        counted = outbox.counters()
        assert (counted.delivered, counted.leased) == (2 * len(happened), 0)
        assert (counted.dead, counted.skipped) == (0, 0)
        assert receiver.refused == []
        assert {code for code, _ in ended.values()} == {0}, ended


@pytest.mark.slow
def test_a_database_that_goes_away_and_comes_back_loses_nothing(
    own_postgresql: Server, receiver: Receiver
) -> None:
    with Outbox.open(own_postgresql.url, key=KEY) as outbox:
        receiver.endpoint(outbox)
        for number in range(40):
            outbox.publish(Happened(f"e{number}"))
        gone: list[str] = []

        def answer(path: str, message: str) -> int:
            if len(receiver.got) == 5 and not gone:
                gone.append(message)
                own_postgresql.stop("immediate")
            return 200

        receiver.answer = answer
        with Dispatcher(outbox, transport=receiver.http(), concurrency=2) as dispatcher, running(dispatcher):
            wait_until(lambda: bool(gone))
            with pytest.raises(StoreError) as caught:
                outbox.publish(Happened("late"))
            assert caught.value.hint
            time.sleep(2)
            own_postgresql.start()
            outbox.publish(Happened("late"))
            wait_until(lambda: outbox.counters().pending == 0)
        assert receiver.ids() == {f"e{number}" for number in range(40)} | {"late"}
        assert outbox.counters().delivered == 41


def test_a_full_disk_loses_nothing(sqlite_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was delivered and could not be written down is written down once there is room."""
    limit = {"pages": 2**30}
    prepare_connection = opening._prepare

    def limited(connection: Any, settings: Any) -> None:
        prepare_connection(connection, settings)
        connection.execute(f"PRAGMA max_page_count = {limit['pages']}")

    monkeypatch.setattr(opening, "_prepare", limited)
    receivers = InProcess(lambda request: Response(200, body=b"x" * 16_000))
    with Outbox.open(sqlite_address, key=KEY, synchronous="NORMAL") as outbox:
        outbox.add_endpoint(URL, in_flight_limit=4)
        for number in range(60):
            outbox.publish(Happened(f"e{number}"))
        engine = outbox.store._opened()

        @on.listens_for(engine, "checkout")
        def set_limit(connection: Any, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {limit['pages']}")

        with Outbox.open(sqlite_address, key=KEY) as another:
            pages = another.store.perform(_Pages())
        limit["pages"] = pages + 60
        with Dispatcher(outbox, transport=receivers) as dispatcher, running(dispatcher):
            wait_until(lambda: 0 < outbox.counters().delivered < 60 and len(receivers.requests) > 10)
            time.sleep(0.5)
            with pytest.raises(StoreError, match="the disk is full") as caught:
                outbox.publish(Happened("late", body=b"x" * 1_000_000))
            assert "free space" in str(caught.value.hint)
            limit["pages"] = 2**30
            outbox.publish(Happened("late"))
            wait_until(lambda: outbox.counters().pending == 0)
        assert outbox.counters().delivered == 61
        # Nothing was sent twice, since the worker remembered it.
        assert sorted(receivers.ids) == sorted([f"e{number}" for number in range(60)] + ["late"])


class _Pages:
    writes = False

    def run(self, execute: Any) -> int:
        return int(execute._cursor.execute("PRAGMA page_count").fetchone()[0])
