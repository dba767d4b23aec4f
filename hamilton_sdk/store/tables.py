"""The tables of outbox and inbox.

Times are whole microseconds since 1970 in UTC, truths are 0 and 1, structures are JSON as text. Nothing
refers to an endpoint or an event by a foreign key: on PostgreSQL publishing would wait for whoever holds the
endpoint's row.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from hamilton_sdk.arguments import check_type
from hamilton_sdk.errors import ConfigurationError

__all__ = ["DEFAULT_PREFIX", "Tables", "metadata", "tables_of"]

DEFAULT_PREFIX: Final = "hamilton_"
_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,29}")

# SQLite numbers rows by itself only where the key is INTEGER by name.
_NUMBERED = BigInteger().with_variant(Integer, "sqlite")


class Tables:
    """The tables with one schema and prefix.

    Args:
        schema: The database schema; the connection's own if None.
        prefix: What every table's name begins with.

    Raises:
        ConfigurationError: The schema or the prefix is no plain lower-case name.
    """

    def __init__(self, schema: str | None = None, prefix: str = DEFAULT_PREFIX) -> None:
        self.schema: str | None = None if schema is None else _checked("schema", schema)
        self.prefix: str = _checked("prefix", prefix)
        self.metadata: MetaData = MetaData(schema=schema)
        self.endpoint: Table = self._endpoint()
        self.event: Table = self._event()
        self.delivery: Table = self._delivery()
        self.attempt: Table = self._attempt()
        self.processed: Table = self._processed()

    @property
    def channel(self) -> str:
        """Where PostgreSQL tells that something was published, for LISTEN."""
        return f"{self.prefix}delivery" if self.schema is None else f"{self.schema}_{self.prefix}delivery"

    def __repr__(self) -> str:
        return f"Tables(schema={self.schema!r}, prefix={self.prefix!r})"

    def _endpoint(self) -> Table:
        return Table(
            f"{self.prefix}endpoint",
            self.metadata,
            Column("id", Text, primary_key=True),
            Column("url", Text, nullable=False),
            # JSON list of types; empty for all.
            Column("events", Text, nullable=False),
            # Encrypted JSON list of secrets.
            Column("secrets", LargeBinary, nullable=False),
            # JSON list of seconds; none for the usual one.
            Column("schedule", Text),
            # Microseconds before the first attempt.
            Column("first_delay", BigInteger, nullable=False),
            Column("in_flight_limit", Integer, nullable=False),
            # Deliveries a second; none for no limit.
            Column("rate", Double),
            Column("rate_tokens", Double, nullable=False),
            Column("rate_at", BigInteger, nullable=False),
            Column("ordered", Integer, nullable=False),
            # Encrypted JSON object of names and values; empty for none.
            Column("headers", Text, nullable=False),
            # JSON list of networks.
            Column("private_networks", Text, nullable=False),
            # active, paused, disabled
            Column("state", Text, nullable=False),
            Column("reason", Text),
            # closed, open, half_open
            Column("breaker", Text, nullable=False),
            Column("failures", Integer, nullable=False),
            Column("failing_since", BigInteger),
            Column("breaker_until", BigInteger),
            Column("created_at", BigInteger, nullable=False),
            Column("updated_at", BigInteger, nullable=False),
        )

    def _event(self) -> Table:
        return Table(
            f"{self.prefix}event",
            self.metadata,
            Column("id", Text, primary_key=True),
            Column("type", Text, nullable=False),
            Column("site", Text),
            Column("object", Text),
            Column("sequence", BigInteger),
            Column("body", LargeBinary, nullable=False),
            Column("published_at", BigInteger, nullable=False),
            Index(f"{self.prefix}event_published", "published_at"),
        )

    def _delivery(self) -> Table:
        unfinished = text("state = 'pending'")
        blocking = text("object IS NOT NULL AND state IN ('pending', 'dead')")
        dead = text("state = 'dead'")
        leased = text("lease_until IS NOT NULL")
        return Table(
            f"{self.prefix}delivery",
            self.metadata,
            Column("id", _NUMBERED, primary_key=True, autoincrement=True),
            Column("event_id", Text, nullable=False),
            Column("endpoint_id", Text, nullable=False),
            # Of the event; only where the endpoint keeps an order.
            Column("object", Text),
            Column("sequence", BigInteger),
            # pending, delivered, dead, skipped
            Column("state", Text, nullable=False),
            Column("attempts", Integer, nullable=False),
            Column("next_at", BigInteger, nullable=False),
            # Set while somebody delivers it.
            Column("lease_until", BigInteger),
            Column("lease_by", Text),
            Column("updated_at", BigInteger, nullable=False),
            UniqueConstraint("event_id", "endpoint_id", name=f"{self.prefix}delivery_once"),
            # Partial: only the queue, not its history. A query finds them where it names the state literally.
            Index(
                f"{self.prefix}delivery_due",
                "endpoint_id",
                "next_at",
                sqlite_where=unfinished,
                postgresql_where=unfinished,
            ),
            Index(
                f"{self.prefix}delivery_order",
                "endpoint_id",
                "object",
                "sequence",
                sqlite_where=blocking,
                postgresql_where=blocking,
            ),
            Index(
                f"{self.prefix}delivery_leased",
                "lease_by",
                "endpoint_id",
                "lease_until",
                sqlite_where=leased,
                postgresql_where=leased,
            ),
            Index(
                f"{self.prefix}delivery_dead", "endpoint_id", "id", sqlite_where=dead, postgresql_where=dead
            ),
        )

    def _attempt(self) -> Table:
        return Table(
            f"{self.prefix}attempt",
            self.metadata,
            Column("id", _NUMBERED, primary_key=True, autoincrement=True),
            Column(
                "delivery_id",
                BigInteger,
                ForeignKey(self.delivery.c.id, ondelete="CASCADE", name=f"{self.prefix}attempt_of"),
                nullable=False,
            ),
            # Of the attempts that the schedule grants, from 1 again after a replay; 0 where it costs none.
            Column("number", Integer, nullable=False),
            Column("at", BigInteger, nullable=False),
            Column("status", Integer),
            Column("duration_ms", Double, nullable=False),
            Column("error", Text),
            Column("response", LargeBinary),
            Index(f"{self.prefix}attempt_delivery", "delivery_id"),
        )

    def _processed(self) -> Table:
        return Table(
            f"{self.prefix}processed",
            self.metadata,
            Column("source", Text, primary_key=True),
            Column("id", Text, primary_key=True),
            Column("accepted_at", BigInteger, nullable=False),
            Index(f"{self.prefix}processed_accepted", "accepted_at"),
        )


def metadata(schema: str | None = None, prefix: str = DEFAULT_PREFIX) -> MetaData:
    """The tables for migrations of your own, as SQLAlchemy describes them.

    Args:
        schema: The database schema; the connection's own if None.
        prefix: What every table's name begins with; give the same to `Outbox.open` and `Inbox.open`.

    Returns:
        A new `sqlalchemy.MetaData`, for Alembic's ``target_metadata``.

    Raises:
        ConfigurationError: The schema or the prefix is no plain lower-case name.

    Example:
        >>> "hooks_event" in metadata(prefix="hooks_").tables
        True
    """
    return Tables(schema, prefix).metadata


@lru_cache(maxsize=64)
def tables_of(schema: str | None = None, prefix: str = DEFAULT_PREFIX) -> Tables:
    """The same tables for the same names, so that statements over them are built and compiled once."""
    return Tables(schema, prefix)


def _checked(what: str, name: str) -> str:
    check_type(what, name, str)
    if not _NAME.fullmatch(name):
        message = f"{what} {name!r} is no name of a table"
        hint = "lower-case letters, digits and underscores, at most 30, none of the digits first"
        raise ConfigurationError(message, hint=hint)
    return name
