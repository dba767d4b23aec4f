"""Workers of real engines are killed while they deliver: what was committed arrives all the same."""

from __future__ import annotations

from contextlib import closing

import procrastinate
import psycopg
import pytest

from hamilton_sdk.webhooks import AsyncOutbox, Outbox
from hamilton_sdk.webhooks.hosts.procrastinate import install
from tests.webhooks.boxes import KEY, Happened
from tests.webhooks.dispatchers import wait_until
from tests.webhooks.hosts.celery_app import app_of, host_of
from tests.webhooks.hosts.engines import Given, kill_one_of_two, workers


@pytest.mark.slow
def test_two_workers_of_procrastinate(postgresql_address, receiver, tmp_path):
    given = Given(postgresql_address, str(receiver.ca))
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=postgresql_address))
    host = install(app, lambda: given.open(AsyncOutbox, KEY))
    with app.open():
        app.schema_manager.apply_schema()
    command = ["procrastinate", "-a", "tests.webhooks.hosts.procrastinate_app.app", "worker"]

    def are_ready():
        with closing(psycopg.connect(postgresql_address)) as connection:
            return connection.execute("SELECT count(*) FROM procrastinate_workers").fetchone() == (2,)

    def publish():
        committed = set()
        with psycopg.connect(postgresql_address) as connection:
            for number in range(30):
                outbox.publish(Happened(f"e{number}"), connection)
                host.wake(connection)
                if number % 5 == 0:
                    connection.rollback()
                else:
                    connection.commit()
                    committed.add(f"e{number}")
        return committed

    with Outbox.open(postgresql_address, key=KEY) as outbox, workers(given, tmp_path) as running:
        for name in ("one", "other"):
            running.start(name, *command)
        wait_until(are_ready, seconds=60)
        kill_one_of_two(running, ("one", "other"), outbox, receiver, publish)
        running.end("other")


@pytest.mark.slow
def test_two_workers_of_celery(sqlite_address, receiver, tmp_path):
    for folder in ("messages", "control"):
        (tmp_path / folder).mkdir()
    given = Given(sqlite_address, str(receiver.ca), str(tmp_path))
    host = host_of(app_of(given), given, KEY)
    command = ["celery", "-A", "tests.webhooks.hosts.celery_worker"]
    pools = {"one": ["threads"], "other": ["prefork", "--concurrency", "2"]}

    def publish():
        for number in range(30):
            outbox.publish(Happened(f"e{number}"))
            host.wake()
        return {f"e{number}" for number in range(30)}

    with (
        Outbox.open(sqlite_address, key=KEY, synchronous="NORMAL") as outbox,
        workers(given, tmp_path) as running,
    ):
        for name, pool in pools.items():
            running.start(name, *command, "worker", "--pool", *pool, "-l", "INFO", "--hostname", name)
        running.start("beat", *command, "beat", "--schedule", str(tmp_path / "schedule"), "--pidfile=")
        wait_until(lambda: all(f"{name} ready" in running.said(name) for name in pools), seconds=60)
        kill_one_of_two(running, ("one", "other"), outbox, receiver, publish)
        for name in ("beat", "other"):
            running.end(name)
