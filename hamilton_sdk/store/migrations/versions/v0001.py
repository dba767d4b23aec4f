"""The tables of outbox and inbox.

A file of this folder is never changed once it was released: it says what databases out there look like.
"""

from __future__ import annotations

from typing import Final

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)

__all__ = ["down_revision", "revision", "upgrade"]

revision: Final = "0001"
down_revision: Final = None

_NUMBERED: Final = BigInteger().with_variant(Integer, "sqlite")


def upgrade(schema: str | None, prefix: str) -> None:
    """Make them.

    Args:
        schema: The database schema; the connection's own if None.
        prefix: What every table's name begins with.
    """
    _endpoint(schema, prefix)
    _event(schema, prefix)
    _delivery(schema, prefix)
    _attempt(schema, prefix)
    _processed(schema, prefix)


def _endpoint(schema: str | None, prefix: str) -> None:
    op.create_table(
        f"{prefix}endpoint",
        Column("id", Text, primary_key=True),
        Column("url", Text, nullable=False),
        Column("events", Text, nullable=False),
        Column("secrets", LargeBinary, nullable=False),
        Column("schedule", Text),
        Column("first_delay", BigInteger, nullable=False),
        Column("in_flight_limit", Integer, nullable=False),
        Column("rate", Double),
        Column("rate_tokens", Double, nullable=False),
        Column("rate_at", BigInteger, nullable=False),
        Column("ordered", Integer, nullable=False),
        Column("headers", Text, nullable=False),
        Column("private_networks", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("reason", Text),
        Column("breaker", Text, nullable=False),
        Column("failures", Integer, nullable=False),
        Column("failing_since", BigInteger),
        Column("breaker_until", BigInteger),
        Column("created_at", BigInteger, nullable=False),
        Column("updated_at", BigInteger, nullable=False),
        schema=schema,
    )


def _event(schema: str | None, prefix: str) -> None:
    op.create_table(
        f"{prefix}event",
        Column("id", Text, primary_key=True),
        Column("type", Text, nullable=False),
        Column("site", Text),
        Column("object", Text),
        Column("sequence", BigInteger),
        Column("body", LargeBinary, nullable=False),
        Column("published_at", BigInteger, nullable=False),
        schema=schema,
    )
    op.create_index(f"{prefix}event_published", f"{prefix}event", ["published_at"], schema=schema)


def _delivery(schema: str | None, prefix: str) -> None:
    table = f"{prefix}delivery"
    op.create_table(
        table,
        Column("id", _NUMBERED, primary_key=True, autoincrement=True),
        Column("event_id", Text, nullable=False),
        Column("endpoint_id", Text, nullable=False),
        Column("object", Text),
        Column("sequence", BigInteger),
        Column("state", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("next_at", BigInteger, nullable=False),
        Column("lease_until", BigInteger),
        Column("lease_by", Text),
        Column("updated_at", BigInteger, nullable=False),
        UniqueConstraint("event_id", "endpoint_id", name=f"{prefix}delivery_once"),
        schema=schema,
    )
    partial = (
        ("due", ["endpoint_id", "next_at"], "state = 'pending'"),
        (
            "order",
            ["endpoint_id", "object", "sequence"],
            "object IS NOT NULL AND state IN ('pending', 'dead')",
        ),
        ("leased", ["lease_by", "endpoint_id", "lease_until"], "lease_until IS NOT NULL"),
        ("dead", ["endpoint_id", "id"], "state = 'dead'"),
    )
    for name, columns, where in partial:
        op.create_index(
            f"{table}_{name}",
            table,
            columns,
            schema=schema,
            sqlite_where=text(where),
            postgresql_where=text(where),
        )


def _attempt(schema: str | None, prefix: str) -> None:
    delivery = f"{prefix}delivery.id" if schema is None else f"{schema}.{prefix}delivery.id"
    op.create_table(
        f"{prefix}attempt",
        Column("id", _NUMBERED, primary_key=True, autoincrement=True),
        Column(
            "delivery_id",
            BigInteger,
            ForeignKey(delivery, ondelete="CASCADE", name=f"{prefix}attempt_of"),
            nullable=False,
        ),
        Column("number", Integer, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("status", Integer),
        Column("duration_ms", Double, nullable=False),
        Column("error", Text),
        Column("response", LargeBinary),
        schema=schema,
    )
    op.create_index(f"{prefix}attempt_delivery", f"{prefix}attempt", ["delivery_id"], schema=schema)


def _processed(schema: str | None, prefix: str) -> None:
    op.create_table(
        f"{prefix}processed",
        Column("source", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("accepted_at", BigInteger, nullable=False),
        schema=schema,
    )
    op.create_index(f"{prefix}processed_accepted", f"{prefix}processed", ["accepted_at"], schema=schema)
