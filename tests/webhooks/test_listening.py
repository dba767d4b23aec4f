"""Whoever listens hears of publications at once, and of nothing else; a lost connection is opened anew."""

from __future__ import annotations

import asyncio
import threading

import psycopg

from hamilton_sdk.webhooks import Outbox
from hamilton_sdk.webhooks import _listening as module
from hamilton_sdk.webhooks._listening import AsyncListener, Listener
from tests.webhooks.boxes import KEY, URL, Happened
from tests.webhooks.dispatchers import wait_until


class _Ear:
    def __init__(self):
        self.times = 0
        self.heard = threading.Event()

    def __call__(self):
        self.times += 1
        self.heard.set()

    def again(self):
        """Wait until something is heard."""
        assert self.heard.wait(20)
        self.heard.clear()


def _listener(outbox, ear):
    return Listener(outbox.store.conninfo, outbox.store.tables.channel, ear)


def test_a_publication_is_heard_once_it_is_committed(postgresql_address):
    ear = _Ear()
    with Outbox.open(postgresql_address, key=KEY) as outbox:
        outbox.add_endpoint(URL)
        listener = _listener(outbox, ear)
        listener.start()
        try:
            ear.again()  # what was published before it listened
            with psycopg.connect(postgresql_address) as connection:
                outbox.publish(Happened("a"), connection)
                connection.rollback()
                outbox.publish(Happened("b"), connection)
                before = ear.times
                assert not ear.heard.is_set()
                connection.commit()
            ear.again()
            assert ear.times == before + 1
        finally:
            listener.stop()


def test_an_event_that_nobody_wants_wakes_nobody(postgresql_address):
    ear = _Ear()
    with Outbox.open(postgresql_address, key=KEY) as outbox:
        listener = _listener(outbox, ear)
        listener.start()
        ear.again()
        outbox.publish(Happened("a"))
        outbox.add_endpoint(URL)
        outbox.publish(Happened("b"))
        ear.again()
        listener.stop()
        assert ear.times == 2


def test_a_lost_connection_is_opened_anew(postgresql_address, monkeypatch):
    monkeypatch.setattr(module, "_AGAIN", 0.05)
    ear = _Ear()
    with Outbox.open(postgresql_address, key=KEY) as outbox:
        outbox.add_endpoint(URL)
        listener = _listener(outbox, ear)
        listener.start()
        ear.again()
        with psycopg.connect(postgresql_address, autocommit=True) as connection:
            ended = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            ).fetchall()
        assert ended == [(True,)]
        ear.again()
        outbox.publish(Happened("a"))
        ear.again()
        listener.stop()


def test_a_server_that_is_not_there_stops_nobody():
    listener = Listener("postgresql://postgres@127.0.0.1:1/postgres", "channel", _Ear())
    listener.start()
    listener.stop()
    assert not listener._thread.is_alive()


async def test_the_async_one_hears_the_same(postgresql_address, monkeypatch):
    monkeypatch.setattr(module, "_AGAIN", 0.05)
    ear = _Ear()
    with Outbox.open(postgresql_address, key=KEY) as outbox:
        outbox.add_endpoint(URL)
        store = outbox.store
        listening = asyncio.ensure_future(AsyncListener(store.conninfo, store.tables.channel, ear).run())
        await asyncio.to_thread(ear.again)
        outbox.publish(Happened("a"))
        await asyncio.to_thread(ear.again)
        with psycopg.connect(postgresql_address, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
        await asyncio.to_thread(ear.again)
        listening.cancel()
        await asyncio.wait([listening])
        assert listening.cancelled()
        assert ear.times == 3


def test_both_hear_in_time(postgresql_address):
    """Long before the second has passed after which a dispatcher looks for itself."""
    ear = _Ear()
    with Outbox.open(postgresql_address, key=KEY) as outbox:
        outbox.add_endpoint(URL)
        listener = _listener(outbox, ear)
        listener.start()
        ear.again()
        for number in range(5):
            outbox.publish(Happened(f"e{number}"))
        wait_until(lambda: ear.times == 6)
        listener.stop()
