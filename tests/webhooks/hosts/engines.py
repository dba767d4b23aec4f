"""Workers of real engines, as processes: started, killed and ended by tests."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from hamilton_sdk.secrets import StaticSecret
from hamilton_sdk.transport import Http, Timeouts
from tests.webhooks.boxes import KEY, connection_to
from tests.webhooks.dispatchers import wait_until
from tests.webhooks.receivers import Receiver

__all__ = ["Given", "Workers", "kill_one_of_two", "workers"]

_ROOT = Path(__file__).parents[3]
_VARIABLE = "HAMILTON_TEST_HOST"
_PATIENCE = 60


@dataclass(frozen=True)
class Given:
    """What a worker's app is made from.

    Attributes:
        address: Of the outbox.
        ca: The receiver's authority.
        broker: Where the broker has its files, if it is one of files.
    """

    address: str
    ca: str
    broker: str = ""

    @classmethod
    def read(cls) -> tuple[Given, StaticSecret]:
        """In a worker: what the test gave, and the outbox's key."""
        given = json.loads(os.environ[_VARIABLE])
        return cls(**given["app"]), StaticSecret(given["key"])

    def environment(self) -> dict[str, str]:
        """In a test: what the worker's environment is."""
        given = {"app": asdict(self), "key": KEY.get().get_secret_value()}
        return {**os.environ, _VARIABLE: json.dumps(given)}

    def open(self, kind: Any, key: StaticSecret) -> Any:
        """An outbox of a kind."""
        return kind.open(self.address, key=key, synchronous="NORMAL", upgrade=False)

    def dispatcher(self, kind: Any) -> Callable[..., Any]:
        """What makes a dispatcher of a kind."""
        http = Http(ca=self.ca, timeouts=Timeouts(total=3))
        return partial(kind, transport=http, concurrency=4, lease=timedelta(seconds=8))


class Workers:
    """What is started; each in a process group of its own, since an engine may start processes itself.

    Args:
        given: What their apps are made from.
        folder: For what they say.
    """

    def __init__(self, given: Given, folder: Path) -> None:
        self._given = given
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *command: str) -> None:
        """Start ``python -m command``."""
        with self._log(name).open("wb") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-W", "always::ResourceWarning", "-m", *command],
                cwd=_ROOT,
                env=self._given.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def said(self, name: str) -> str:
        """What one has said so far."""
        return self._log(name).read_text(encoding="utf-8", errors="replace")

    def of(self, process: int) -> str | None:
        """Whose a process is."""
        try:
            group = os.getpgid(process)
        except ProcessLookupError:
            return None
        return next((name for name, leader in self._running.items() if leader.pid == group), None)

    def kill(self, name: str) -> None:
        """At once, as the kernel does when memory is short, and whatever it started with it."""
        leader = self._running.pop(name)
        os.killpg(leader.pid, signal.SIGKILL)
        leader.wait(_PATIENCE)

    def end(self, name: str) -> None:
        """Ask one to end, as a deployment does; it has to do so well, and to leave nothing open."""
        leader = self._running[name]
        leader.terminate()
        code = leader.wait(_PATIENCE)
        del self._running[name]
        said = self.said(name)
        assert code == 0, said
        assert "Traceback" not in said, said
        assert "ResourceWarning" not in said, said

    def kill_all(self) -> None:
        """Leave none behind."""
        for name in list(self._running):
            self.kill(name)


@contextmanager
def workers(given: Given, folder: Path) -> Iterator[Workers]:
    """Workers, none of which outlives the test."""
    started = Workers(given, folder)
    try:
        yield started
    finally:
        started.kill_all()


def _delivering(outbox: Any) -> set[int]:
    """The processes that have claimed what is not yet settled."""
    statement = f"SELECT lease_by FROM {outbox.store.tables.delivery.name} WHERE lease_by IS NOT NULL"
    with closing(connection_to(outbox)) as connection:
        return {int(worker.partition("-")[0]) for (worker,) in connection.execute(statement).fetchall()}


def kill_one_of_two(
    running: Workers, names: tuple[str, str], outbox: Any, receiver: Receiver, publish: Callable[[], set[str]]
) -> None:
    """Publish, kill the first worker while both deliver, and see that everything arrives all the same.

    Args:
        running: Holds both workers, ready.
        names: Of the one that is killed, and of the other.
        outbox: What they deliver.
        receiver: Where to.
        publish: Publishes some thirty events, and says which were committed.
    """
    go_on = threading.Event()
    receiver.answer = lambda path, message: go_on.wait(_PATIENCE) and 200
    receiver.endpoint(outbox, schedule=[0.0] + [0.2] * 30, in_flight_limit=20)
    try:
        published = publish()
        whose: dict[int, str | None] = {}

        def both_deliver() -> bool:
            whose.update({process: running.of(process) for process in _delivering(outbox)})
            return set(whose.values()) >= set(names)

        wait_until(both_deliver, seconds=_PATIENCE)
        running.kill(names[0])
        left_behind = {process for process in _delivering(outbox) if whose.get(process) == names[0]}
        assert left_behind, "it had nothing to leave behind"
    finally:
        go_on.set()
    wait_until(lambda: outbox.counters().pending == 0, seconds=_PATIENCE)
    counted = outbox.counters()
    assert (counted.delivered, counted.dead, counted.leased) == (len(published), 0, 0)
    assert receiver.ids() == published
    assert receiver.refused == []
