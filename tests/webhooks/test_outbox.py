"""The outbox keeps what is published until it is delivered, and lets people look after it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from hamilton_sdk.errors import ConfigurationError, StoreError
from hamilton_sdk.secrets import SecretBox
from hamilton_sdk.store import Store
from hamilton_sdk.webhooks import Outbox
from hamilton_sdk.webhooks._time import micros
from tests.store.notes import CONNECTIONS, connected
from tests.webhooks.boxes import KEY, URL, Happened, listed, open_outbox, set_state


class TestPublishing:
    def test_an_event_gets_a_delivery_for_each_endpoint_that_wants_it(self, outbox: Any) -> None:
        visits = outbox.add_endpoint(URL, events=["visit.*"])
        everything = outbox.add_endpoint(URL)
        outbox.add_endpoint(URL, events=["reservation.created"])
        assert outbox.publish(Happened("a", object="visit:1", sequence=4)) == "a"
        found = listed(outbox.deliveries())
        assert {each.endpoint_id for each in found} == {visits.id, everything.id}
        for each in found:
            assert (each.event_id, each.event_type, each.object, each.sequence) == (
                "a",
                "visit.created",
                "visit:1",
                4,
            )
            assert (each.state, each.attempts, each.next_at) == ("pending", 0, outbox.clock.now())
            assert each.published_at == each.updated_at == outbox.clock.now()

    def test_the_same_event_again_is_one(self, outbox: Any) -> None:
        outbox.add_endpoint(URL)
        for _ in range(3):
            outbox.publish(Happened("a"))
        assert outbox.counters().pending == 1

    @pytest.mark.parametrize("id", ["", "a.b", "a,b", "a b", "é", "x" * 257])
    def test_an_id_that_cannot_be_signed_is_refused(self, outbox: Any, id: str) -> None:
        with pytest.raises(ConfigurationError, match="event's id"):
            outbox.publish(Happened(id))

    @pytest.mark.parametrize("type", ["", "visit created", 'visit"', "visit-created", "x" * 129])
    def test_a_type_that_no_filter_could_name_is_refused(self, outbox: Any, type: str) -> None:
        with pytest.raises(ConfigurationError, match="event's type"):
            outbox.publish(Happened("a", type=type))

    def test_publishing_needs_no_key(self, address: str, is_async: bool) -> None:
        with open_outbox(address, is_async=is_async, key=None) as outbox:
            assert outbox.publish(Happened("a")) == "a"


@pytest.mark.parametrize(("driver", "shape"), CONNECTIONS)
class TestInTheCallersTransaction:
    def test_it_stands_or_falls_with_it(
        self, request: pytest.FixtureRequest, driver: str, shape: str
    ) -> None:
        kind = "sqlite" if driver == "pysqlite" else "postgresql"
        place = request.getfixturevalue(f"{kind}_address")
        with Outbox.open(place, key=KEY) as outbox:
            outbox.add_endpoint(URL)
            with connected(place, driver, shape) as connection:
                assert outbox.publish(Happened("gone"), connection) == "gone"
                connection.rollback()
                assert outbox.publish(Happened("kept"), connection) == "kept"
                connection.commit()
            assert [each.event_id for each in outbox.deliveries()] == ["kept"]


WRONG = [
    ("publish", (Happened("a"), "hooks.db"), "connection must be"),
    ("update_endpoint", (5,), "endpoint must be str"),
    ("remove_endpoint", (5,), "endpoint must be str"),
    ("rotate_secret", (5,), "endpoint must be str"),
    ("rotate_secret", ("ep_1", None, 5), "overlap must be timedelta"),
    ("pause", (5,), "endpoint must be str"),
    ("resume", (5,), "endpoint must be str"),
    ("attempts", ("1",), "delivery must be int"),
    ("skip", (True,), "delivery must be int"),
    ("purge", (30,), "older_than must be timedelta"),
    ("counters", (5,), "endpoint must be str or None"),
]


@pytest.mark.parametrize(("method", "arguments", "words"), WRONG)
def test_an_argument_of_a_wrong_type_is_told(outbox: Any, method: str, arguments: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        getattr(outbox, method)(*arguments)


def test_a_token_that_is_none_is_refused(outbox: Any) -> None:
    with pytest.raises(ConfigurationError, match="token"):
        outbox.deliveries(token="²")


def test_closing_twice_does_nothing_and_using_it_after_is_told(sqlite_address: str) -> None:
    outbox = Outbox.open(sqlite_address)
    outbox.close()
    outbox.close()
    with pytest.raises(ConfigurationError, match="closed"):
        outbox.publish(Happened("a"))


def test_its_repr_names_where_it_is(outbox: Any) -> None:
    assert str(outbox.store.address) in repr(outbox)


def test_prefix_and_schema_are_passed_on(postgresql_address: str, is_async: bool) -> None:
    with open_outbox(postgresql_address, is_async=is_async, schema="hooks", prefix="x_") as outbox:
        outbox.publish(Happened("a"))
    with psycopg.connect(postgresql_address) as connection:
        assert connection.execute("SELECT id FROM hooks.x_event").fetchall() == [("a",)]


def test_what_listens_on_postgresql_hears_of_what_is_committed(postgresql_address: str) -> None:
    with (
        Outbox.open(postgresql_address, key=KEY) as outbox,
        psycopg.connect(postgresql_address, autocommit=True) as listener,
        psycopg.connect(postgresql_address) as connection,
    ):
        outbox.add_endpoint(URL)
        listener.execute(f"LISTEN {outbox.store.tables.channel}")
        outbox.publish(Happened("a"), connection)
        connection.rollback()
        outbox.publish(Happened("b"), connection)
        assert list(listener.notifies(timeout=0)) == []
        connection.commit()
        assert [each.channel for each in listener.notifies(timeout=5, stop_after=1)] == ["hamilton_delivery"]


def test_tables_of_ones_own_migrations_serve_as_well(address: str) -> None:
    from hamilton_sdk.store import metadata
    from tests.store.notes import engine_on

    with engine_on(address, "psycopg" if "://" in address else "pysqlite") as engine:
        metadata(prefix="own_").create_all(engine)
        with Outbox.open(address, key=KEY, prefix="own_", upgrade=False) as outbox:
            outbox.add_endpoint(URL)
            with engine.begin() as connection:
                outbox.publish(Happened("a"), connection)
            assert outbox.counters().pending == 1
        with engine.connect() as connection:
            assert not sa.inspect(connection).has_table("own_schema_version")


def test_a_database_that_is_not_there_is_told() -> None:
    with pytest.raises(StoreError):
        Outbox.open("postgresql://hamilton@127.0.0.1:1/hooks")


def test_a_key_comes_from_a_source(sqlite_address: str) -> None:
    """Text would be taken for a password by some, for a path by others."""
    with pytest.raises(TypeError, match="SecretSource"):
        Outbox.open(sqlite_address, key=SecretBox.new_key())  # type: ignore[arg-type]  # that is the question


def test_publishing_opens_no_second_connection_to_the_database(sqlite_address: str) -> None:
    """In the caller's transaction on SQLite it would wait for that very transaction for ever."""
    with Outbox.open(sqlite_address, key=KEY, busy_timeout=0) as outbox:
        outbox.add_endpoint(URL)
        with closing(sqlite3.connect(sqlite_address)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            outbox.publish(Happened("a"), connection)
            connection.commit()
        assert outbox.counters().pending == 1
        assert isinstance(outbox.store, Store)


def test_what_waited_out_a_failure_is_due_once_its_endpoint_is_resumed(outbox: Any) -> None:
    endpoint = outbox.add_endpoint(URL)
    outbox.publish(Happened("a"))
    (delivery,) = listed(outbox.deliveries())
    later = micros(outbox.clock.now() + timedelta(hours=25))
    set_state(outbox, delivery.id, "pending", next_at=later, attempts=1)
    outbox.pause(endpoint.id)
    assert listed(outbox.deliveries())[0].next_at > outbox.clock.now()
    outbox.resume(endpoint.id)
    (waiting,) = listed(outbox.deliveries())
    assert (waiting.next_at, waiting.attempts) == (outbox.clock.now(), 1)
