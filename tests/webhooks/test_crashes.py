"""At least once, whoever is killed and whatever goes away: what was committed arrives, and nothing else."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Self

import pytest
from sqlalchemy import event as on

from hamilton_sdk.errors import StoreError
from hamilton_sdk.flow import Response
from hamilton_sdk.store import opening
from hamilton_sdk.webhooks import Dispatcher, Outbox
from tests.servers.postgresql import Server
from tests.webhooks.boxes import KEY, URL, Happened, open_outbox
from tests.webhooks.crashing import KEY_VARIABLE, committed, prepare
from tests.webhooks.dispatchers import open_dispatcher, running, wait_until
from tests.webhooks.receivers import InProcess, Receiver

_ROOT = Path(__file__).parents[2]
_WORKERS = ("worker", "async worker") * 2
_SECONDS_OF_KILLING = 3.0
_SECONDS_AWAY = 10.0


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


class _Publisher:
    """Publishes one event after the other until it is ended, each again until it is told that it stands.

    Args:
        outbox: Where.
    """

    def __init__(self, outbox: Outbox) -> None:
        self.published: list[str] = []
        self.refused: list[StoreError] = []
        self.failed: BaseException | None = None
        self._outbox = outbox
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            while not self._ended.is_set():
                self._publish(f"p{len(self.published)}")
        except BaseException as error:  # noqa: BLE001 (the test looks at it)
            self.failed = error

    def _publish(self, name: str) -> None:
        # Whether a commit that was cut off stands nobody knows: the same event again is one event.
        while True:
            try:
                self._outbox.publish(Happened(name))
            except StoreError as error:
                self.refused.append(error)
                self._ended.wait(0.1)
            else:
                self.published.append(name)
                self._ended.wait(0.02)
                return

    def end(self) -> None:
        """Publish no more; what it was about to publish stands by then."""
        self._ended.set()
        self._thread.join()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


@pytest.mark.slow
def test_a_database_that_is_away_for_ten_seconds_loses_nothing(
    own_postgresql: Server, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    """Workers, sync and async, and a publisher go through it; each is told clearly, and goes on by itself."""
    gone: list[str] = []

    def answer(path: str, message: str) -> int:
        if len(receiver.got) >= 5 and not gone:
            gone.append(message)
            own_postgresql.stop("immediate")
        return 200

    receiver.answer = answer
    with (
        Outbox.open(own_postgresql.url, key=KEY) as outbox,
        open_outbox(own_postgresql.url, is_async=True, clock=None) as other,
        open_outbox(own_postgresql.url, is_async=False, clock=None) as third,
    ):
        receiver.endpoint(outbox)
        for number in range(40):
            outbox.publish(Happened(f"e{number}"))
        settings = {"transport": receiver.http(), "concurrency": 2}
        with (
            open_dispatcher(outbox, **settings) as one,
            open_dispatcher(other, **settings) as two,
            running(one),
            running(two),
            _Publisher(third) as publisher,
        ):
            wait_until(lambda: bool(gone))
            away_until = time.monotonic() + _SECONDS_AWAY
            with pytest.raises(StoreError) as caught:
                outbox.publish(Happened("late"))
            time.sleep(max(0.0, away_until - time.monotonic()))
            before = len(publisher.published)
            own_postgresql.start()
            outbox.publish(Happened("late"))
            wait_until(lambda: len(publisher.published) > before + 5)
            publisher.end()
            wait_until(lambda: outbox.counters().pending == 0, seconds=150)
        assert publisher.failed is None
        expected = {f"e{number}" for number in range(40)} | {"late", *publisher.published}
        assert receiver.ids() == expected
        counted = outbox.counters()
        assert (counted.delivered, counted.dead, counted.leased) == (len(expected), 0, 0)
    assert len(publisher.refused) > 5
    for error in (caught.value, *publisher.refused):
        assert error.hint
        assert str(error)
    paused = [record for record in caplog.records if record.message.startswith("deliveries pause: ")]
    assert 2 <= len(paused) <= 4, "each worker says so, and not at each try"


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
