"""Deliveries as jobs of procrastinate, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from functools import partial

import procrastinate
import psycopg
import pytest
import sqlalchemy as sa
from procrastinate.exceptions import AppNotOpen, ConnectorException
from procrastinate.testing import InMemoryConnector
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks import AsyncDispatcher, AsyncOutbox, Outbox
from hamilton_sdk.webhooks.hosts.procrastinate import install
from tests.webhooks.boxes import KEY, URL, Happened
from tests.webhooks.dispatchers import wait_until
from tests.webhooks.receivers import InProcess

_NEVER = "0 0 29 2 *"
_WORKER = {"wait": False, "install_signal_handlers": False, "listen_notify": False}


class Bench:
    """An app and an outbox in one database."""

    def __init__(self, address, **settings):
        self.address = address
        self.clock = SettableClock()
        self.receivers = InProcess()
        self.app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address))
        self.host = self.install(self.app, **settings)
        with self.app.open():
            self.app.schema_manager.apply_schema()
        self.outbox = self.open(Outbox)
        self.outbox.add_endpoint(URL, in_flight_limit=1)

    def open(self, kind):
        return kind.open(self.address, key=KEY, clock=self.clock)

    def install(self, app, **settings):
        dispatcher = partial(AsyncDispatcher, transport=self.receivers)
        settings = {"every": _NEVER, "dispatcher": dispatcher, **settings}
        return install(app, lambda: self.open(AsyncOutbox), **settings)

    def work(self):
        """A worker that ends when nothing is left to do."""
        self.app.run_worker(**_WORKER)

    def jobs(self):
        """Status and queueing lock of all jobs."""
        with closing(psycopg.connect(self.address)) as connection:
            return connection.execute(
                "SELECT status::text, queueing_lock FROM procrastinate_jobs ORDER BY id"
            ).fetchall()


@pytest.fixture
def bench(postgresql_address):
    made = Bench(postgresql_address)
    yield made
    made.outbox.close()


class TestWakingInATransaction:
    def test_the_job_stands_with_the_event(self, bench):
        with psycopg.connect(bench.address) as connection:
            bench.outbox.publish(Happened("e"), connection)
            bench.host.wake(connection)
            assert bench.jobs() == []
        assert bench.jobs() == [("todo", None)]
        bench.work()
        assert bench.receivers.ids == ["e"]
        assert bench.jobs() == [("succeeded", None)]

    def test_and_falls_with_it(self, bench):
        with psycopg.connect(bench.address) as connection:
            bench.outbox.publish(Happened("e"), connection)
            bench.host.wake(connection)
            connection.rollback()
        assert bench.jobs() == []

    @pytest.mark.parametrize("kind", ["connection", "session", "scoped session"])
    def test_on_whatever_of_sqlalchemy_the_event_is_published(self, bench, kind):
        engine = sa.create_engine(bench.address.replace("postgresql:", "postgresql+psycopg:"))
        makers = {
            "connection": engine.connect,
            "session": lambda: Session(engine),
            "scoped session": lambda: _Removed(scoped_session(sessionmaker(engine))),
        }
        for end in ("rollback", "commit"):
            with makers[kind]() as connection:
                bench.outbox.publish(Happened("e"), connection)
                bench.host.wake(connection)
                getattr(connection, end)()
        engine.dispose()
        bench.work()
        assert bench.receivers.ids == ["e"]
        assert len(bench.jobs()) == 1

    @pytest.mark.parametrize("kind", ["connection", "session", "raw"])
    async def test_and_in_async_code(self, bench, kind):
        engine = create_async_engine(bench.address.replace("postgresql:", "postgresql+psycopg:"))
        for end in ("rollback", "commit"):
            if kind == "raw":
                async with await psycopg.AsyncConnection.connect(bench.address) as connection:
                    await bench.host.wake_async(connection)
                    await getattr(connection, end)()
                continue
            async with bench.open(AsyncOutbox) as outbox:
                async with AsyncSession(engine) if kind == "session" else engine.connect() as connection:
                    await outbox.publish(Happened("e"), connection)
                    await bench.host.wake_async(connection)
                    await getattr(connection, end)()
        await engine.dispose()
        assert bench.jobs() == [("todo", None)]

    def test_open_transactions_do_not_wait_for_one_another(self, bench):
        with psycopg.connect(bench.address) as first, psycopg.connect(bench.address) as second:
            bench.host.wake(first)
            second.execute("SET lock_timeout = '5s'")
            bench.host.wake(second)
            second.commit()
            assert len(bench.jobs()) == 1

    async def test_a_process_that_opened_the_app_for_async_code_may_wake_from_threads(self, bench):
        def publish():
            with psycopg.connect(bench.address) as connection:
                bench.host.wake(connection)

        async with bench.app.open_async():
            await asyncio.to_thread(publish)
        assert bench.jobs() == [("todo", None)]

    def test_a_connection_of_another_driver_is_refused_with_what_to_do(self, bench):
        engine = sa.create_engine("sqlite://")
        for connection in (engine.connect(), sqlite3.connect(":memory:")):
            with closing(connection):
                with pytest.raises(ConfigurationError, match="sqlite3") as caught:
                    bench.host.wake(connection)
                assert "committed" in caught.value.hint
        engine.dispose()

    async def test_in_async_code_too(self, bench):
        engine = create_async_engine(bench.address.replace("postgresql:", "postgresql+asyncpg:"))
        async with engine.connect() as connection:
            with pytest.raises(ConfigurationError, match="asyncpg"):
                await bench.host.wake_async(connection)
        await engine.dispose()

    def test_what_the_database_refuses_is_the_callers_to_hear(self, bench):
        with psycopg.connect(bench.address) as connection:
            connection.execute("SET search_path = pg_temp")
            with pytest.raises(ConnectorException):
                bench.host.wake(connection)


class TestWakingAfterTheCommit:
    def test_one_job_waits_however_often_it_is_called(self, bench):
        bench.outbox.publish(Happened("e"))
        with bench.app.open():
            for _ in range(3):
                bench.host.wake()
        assert bench.jobs() == [("todo", bench.host.task.name)]
        bench.work()
        assert bench.receivers.ids == ["e"]

    async def test_in_async_code_too(self, bench):
        async with bench.app.open_async():
            for _ in range(3):
                await bench.host.wake_async()
        assert bench.jobs() == [("todo", bench.host.task.name)]

    def test_an_app_that_is_not_open_is_the_callers_mistake(self, bench):
        with pytest.raises(AppNotOpen):
            bench.host.wake()

    async def test_a_database_that_is_away_is_noted_and_no_more(self, bench, caplog):
        class Away(InMemoryConnector):
            async def execute_query_all_async(self, query, **arguments):
                raise ConnectorException

        with bench.app.replace_connector(Away()):
            await bench.host.wake_async()
            await asyncio.to_thread(bench.host.wake)
        assert [record.message for record in caplog.records if record.name == "hamilton_sdk.webhooks"] == [
            "no job was woken for a delivery, the periodic one comes: ConnectorException"
        ] * 2


class TestWorking:
    def test_one_job_does_the_work_of_all_that_wait(self, bench):
        for number in range(5):
            with psycopg.connect(bench.address) as connection:
                bench.outbox.publish(Happened(f"e{number}"), connection)
                bench.host.wake(connection)
        bench.work()
        assert len(bench.receivers.ids) == 5
        assert bench.jobs() == [("succeeded", None)]

    def test_a_job_whose_time_is_over_leaves_the_rest_to_another(self, bench):
        bench.receivers.answer = lambda request: bench.clock.advance(60) or 200
        for number in range(3):
            bench.outbox.publish(Happened(f"e{number}"))
        with bench.app.open():
            bench.host.wake()
        bench.work()
        assert len(bench.receivers.ids) == 3
        assert [status for status, _ in bench.jobs()] == ["succeeded"] * 4

    def test_without_being_woken_it_looks_periodically(self, postgresql_address):
        bench = Bench(postgresql_address, every="* * * * * *")
        bench.outbox.publish(Happened("e"))

        async def work():
            async with bench.app.open_async():
                worker = asyncio.create_task(bench.app.run_worker_async(**{**_WORKER, "wait": True}))
                await asyncio.to_thread(wait_until, lambda: bench.outbox.counters().delivered == 1)
                worker.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await worker
            await bench.host.close()

        asyncio.run(work())
        bench.outbox.close()
        assert bench.receivers.ids == ["e"]

    def test_a_blueprint_does_as_well(self, bench):
        blueprint = procrastinate.Blueprint()
        host = bench.install(blueprint, name="deliver")
        bench.app.add_tasks_from(blueprint, namespace="hooks")
        bench.outbox.publish(Happened("e"))
        with psycopg.connect(bench.address) as connection:
            host.wake(connection)
            host.wake(connection)
        assert host.task.name == "hooks:deliver"
        bench.work()
        assert bench.receivers.ids == ["e"]
        assert bench.jobs() == [("succeeded", None)]


class TestInstalling:
    def test_the_package_is_asked_for_by_name(self, bench, monkeypatch):
        monkeypatch.setitem(sys.modules, "procrastinate", None)
        with pytest.raises(ConfigurationError, match="procrastinate") as caught:
            bench.install(bench.app, name="other")
        assert caught.value.hint == "pip install 'hamilton-apps-sdk[procrastinate]'"

    def test_what_is_given_wrongly_is_named(self, bench):
        with pytest.raises(TypeError, match="app must be Blueprint, not object"):
            bench.install(object(), name="other")
        for every in ("every minute", "* * * *", "61 * * * *"):
            with pytest.raises(ConfigurationError, match="every"):
                bench.install(bench.app, name="other", every=every)
        with pytest.raises(ConfigurationError, match="at_most"):
            bench.install(bench.app, name="other", at_most=timedelta(0))
        assert "other" not in bench.app.tasks

    def test_several_outboxes_have_tasks_of_their_own(self, bench):
        host = bench.install(bench.app, name="other", queue="others")
        assert (host.task.name, host.task.queue) == ("other", "others")
        assert (bench.host.task.name, bench.host.task.queue) == ("hamilton_sdk.webhooks.deliver", "webhooks")


class _Removed:
    """A scoped session as a context."""

    def __init__(self, session):
        self._session = session

    def __enter__(self):
        return self._session

    def __exit__(self, *_):
        self._session.remove()
