"""Publishing in a transaction: against the same rows written by hand, and against a queue on PostgreSQL."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from importlib import metadata
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from procrastinate import App, SyncPsycopgConnector

from benchmarks.measure import Row, in_turn
from hamilton_sdk.secrets import SecretBox, StaticSecret
from hamilton_sdk.store.tables import Tables
from hamilton_sdk.webhooks import Outbox
from tests.servers.postgresql import binaries, postgresql

__all__ = ["rows"]

_ROUNDS = 15
_CALLS = 100
_BODY = b"x" * 1024
_KEY = StaticSecret(SecretBox.new_key())
_TABLES = Tables()
_EVENT = ("id", "type", "site", "object", "sequence", "body", "published_at")
_DELIVERY = ("event_id", "endpoint_id", "object", "sequence", "state", "attempts", "next_at", "updated_at")


class _Event:
    """An event whose bytes cost nothing: what is timed is the database's part."""

    type = "visit.created"
    site = "paris"
    sequence = 7

    def __init__(self, number: int) -> None:
        self.id = f"evt_{number:012d}"
        self.object = f"visit:{number}"

    def to_bytes(self) -> bytes:
        return _BODY


def _by_hand(number: int, endpoint: str) -> tuple[tuple[object, ...], tuple[object, ...]]:
    event = _Event(number)
    now = 1_790_000_000_000_000 + number
    return (
        (event.id, event.type, event.site, event.object, event.sequence, _BODY, now),
        (event.id, endpoint, event.object, event.sequence, "pending", 0, now, now),
    )


def _insert(table: sa.Table, columns: tuple[str, ...], mark: str) -> str:
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"


@contextmanager
def _opened(address: str) -> Iterator[tuple[Outbox, str]]:
    with Outbox.open(address, key=_KEY) as outbox:
        yield outbox, outbox.add_endpoint("https://customer.example/hooks", events=["visit.*"]).id


def _sqlite(synchronous: str) -> list[Row]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        contestants: dict[str, Callable[[], object]] = {}
        # A file for each: whoever fills the log pays for emptying it.
        for number in range(2):
            raw = stack.enter_context(_raw_contestants(folder / f"raw-{number}.db", synchronous))
            core = stack.enter_context(_engine_contestants(folder / f"core-{number}.db", synchronous))
            name = ("by hand", "ours")[number]
            contestants |= {f"raw {name}": raw[name], f"core {name}": core[name]}
        times = in_turn(contestants, rounds=_ROUNDS, calls=_CALLS)
    how = f"SQLite, synchronous={synchronous}"
    return [
        _row(f"publish, raw sqlite3, {how}: of two bare inserts", times, "raw ours", "raw by hand", 1.25),
        _row(f"publish, SQLAlchemy, {how}: of two inserts by hand", times, "core ours", "core by hand", 1.25),
    ]


@contextmanager
def _raw_contestants(path: Path, synchronous: str) -> Iterator[Mapping[str, Callable[[], object]]]:
    with _opened(str(path)) as (outbox, endpoint), closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA synchronous = {synchronous}")
        numbers = count()
        event_sql = _insert(_TABLES.event, _EVENT, "?")
        delivery_sql = _insert(_TABLES.delivery, _DELIVERY, "?")

        def by_hand() -> None:
            event, delivery = _by_hand(next(numbers), endpoint)
            raw.execute(event_sql, event)
            raw.execute(delivery_sql, delivery)
            raw.commit()

        def ours() -> None:
            outbox.publish(_Event(next(numbers)), raw)
            raw.commit()

        yield {"by hand": by_hand, "ours": ours}


@contextmanager
def _engine_contestants(path: Path, synchronous: str) -> Iterator[Mapping[str, Callable[[], object]]]:
    engine = sa.create_engine(f"sqlite:///{path}")
    sa.event.listen(engine, "connect", lambda each, _: each.execute(f"PRAGMA synchronous = {synchronous}"))
    try:
        with _opened(str(path)) as (outbox, endpoint), engine.connect() as connection:
            yield _core_contestants(outbox, endpoint, connection, count())
    finally:
        engine.dispose()


def _core_contestants(
    outbox: Outbox, endpoint: str, connection: sa.Connection, numbers: Iterator[int]
) -> Mapping[str, Callable[[], object]]:
    insert_event, insert_delivery = sa.insert(_TABLES.event), sa.insert(_TABLES.delivery)

    def by_hand() -> None:
        event, delivery = _by_hand(next(numbers), endpoint)
        connection.execute(insert_event, dict(zip(_EVENT, event, strict=True)))
        connection.execute(insert_delivery, dict(zip(_DELIVERY, delivery, strict=True)))
        connection.commit()

    def ours() -> None:
        outbox.publish(_Event(next(numbers)), connection)
        connection.commit()

    return {"by hand": by_hand, "ours": ours}


def _postgresql() -> list[Row]:
    if binaries() is None:
        return [Row("publish on PostgreSQL", float("nan"), "", note="not measured: no server is installed")]
    # The wait for the disk is the same for all and differs tenfold between disks: once without it, once with.
    times, waiting = (_measure_postgresql(fsync=fsync) for fsync in (False, True))
    queue = f"procrastinate {metadata.version('procrastinate')} takes, of our time"
    return [
        _row(
            f"publish, psycopg, PostgreSQL without fsync: {queue}", times, "defer", "ours", 1.5, at_most=False
        ),
        _row(f"publish, psycopg, PostgreSQL: {queue}", waiting, "defer", "ours", None),
        _row("publish, psycopg, PostgreSQL: of two bare inserts", waiting, "ours", "by hand", None),
        _row(
            "publish, SQLAlchemy, PostgreSQL: of two inserts by hand",
            waiting,
            "core ours",
            "core by hand",
            1.25,
        ),
    ]


def _measure_postgresql(*, fsync: bool) -> Mapping[str, float]:
    with postgresql(fsync=fsync) as server, _opened(server.url) as (outbox, endpoint):
        app = App(connector=SyncPsycopgConnector(conninfo=server.url))
        engine = sa.create_engine(server.url.replace("postgresql:", "postgresql+psycopg:"))
        with app.open(), psycopg.connect(server.url) as raw, engine.connect() as connection:
            app.schema_manager.apply_schema()
            job = app.task(name="deliver")(lambda body: body)
            contestants = _postgresql_contestants(outbox, endpoint, raw, job)
            more = _core_contestants(outbox, endpoint, connection, count(10_000_000))
            named = {f"core {name}": call for name, call in more.items()}
            times = in_turn({**contestants, **named}, rounds=_ROUNDS, calls=_CALLS)
        engine.dispose()
    return times


def _postgresql_contestants(
    outbox: Outbox, endpoint: str, raw: Any, job: Any
) -> Mapping[str, Callable[[], object]]:
    numbers = count()
    raw.execute("CREATE TABLE business (id BIGINT PRIMARY KEY, name TEXT)")
    raw.commit()
    event_sql, delivery_sql = _insert(_TABLES.event, _EVENT, "%s"), _insert(_TABLES.delivery, _DELIVERY, "%s")

    def business() -> int:
        number = next(numbers)
        raw.execute("INSERT INTO business VALUES (%s, %s)", (number, "Durand"))
        return number

    def by_hand() -> None:
        event, delivery = _by_hand(business(), endpoint)
        raw.execute(event_sql, event)
        raw.execute(delivery_sql, delivery)
        raw.commit()

    def ours() -> None:
        outbox.publish(_Event(business()), raw)
        raw.commit()

    def defer() -> None:
        business()
        job.configure(connection=raw).defer(body=_BODY.decode())
        raw.commit()

    return {"by hand": by_hand, "ours": ours, "defer": defer}


def _row(
    name: str,
    times: Mapping[str, float],
    one: str,
    other: str,
    target: float | None,
    *,
    at_most: bool = True,
) -> Row:
    made_of = ", ".join(f"{each} {times[each] * 1e6:.0f} us" for each in (one, other))
    return Row(name, times[one] / times[other], "x", target, at_most=at_most, note=made_of)


def rows() -> list[Row]:
    """Publishing a KiB to one endpoint, with the transaction around it."""
    return [*_sqlite("FULL"), *_sqlite("NORMAL"), *_postgresql()]
