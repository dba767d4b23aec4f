"""Deliveries and attempts: read, replayed, skipped, counted, purged."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import (
    BigInteger,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    update,
)

from hamilton_sdk.store.statement import Statement

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Executable

    from hamilton_sdk.store.tables import Tables

__all__ = [
    "COLUMNS",
    "count_deliveries",
    "delete_deliveries",
    "delete_events",
    "lock_delivery",
    "oldest_pending",
    "replay_deliveries",
    "select_attempts",
    "select_deliveries",
    "skip_delivery",
    "skip_orphans",
]

_DELIVERY: Final = (
    "id",
    "event_id",
    "endpoint_id",
    "state",
    "attempts",
    "next_at",
    "lease_until",
    "updated_at",
)
_EVENT: Final = ("object", "sequence", "type", "published_at")
COLUMNS: Final = (*_DELIVERY, *_EVENT)
"""The columns of a delivery that is read: its own, and those of its event."""


def _is(tables: Tables, state: str) -> ColumnElement[bool]:
    # Literal, so that the partial indexes are found.
    return tables.delivery.c.state == literal_column(f"'{state}'")


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value))


def _columns(tables: Tables) -> list[ColumnElement[object]]:
    columns = [tables.delivery.c[name] for name in _DELIVERY]
    return [*columns, *[tables.event.c[name] for name in _EVENT]]


def _with_event(tables: Tables) -> ColumnElement[bool]:
    return tables.event.c.id == tables.delivery.c.event_id


@cache
def select_deliveries(*, endpoint: bool, event: bool, state: str | None) -> Statement:
    """A page of them, the newest first.

    Args:
        endpoint: Whether only of the ``endpoint`` given.
        event: Whether only of the ``event`` given.
        state: Only in this one; a word of ours, since it stands in the text.
    """

    def build(tables: Tables) -> Executable:
        table = tables.delivery
        which = [_with_event(tables), table.c.id < bindparam("before")]
        if endpoint:
            which.append(table.c.endpoint_id == bindparam("endpoint"))
        if event:
            which.append(table.c.event_id == bindparam("event"))
        if state is not None:
            which.append(_is(tables, state))
        rows = select(*_columns(tables)).where(*which).order_by(table.c.id.desc())
        return rows.limit(bindparam("limit", type_=BigInteger))

    return Statement(build)


@Statement
def lock_delivery(tables: Tables) -> Executable:
    """One of them, held until the transaction ends."""
    which = (_with_event(tables), tables.delivery.c.id == bindparam("id"))
    return select(*_columns(tables)).where(*which).with_for_update(of=tables.delivery)


@Statement
def select_attempts(tables: Tables) -> Executable:
    """All of one delivery, in order."""
    table = tables.attempt
    columns = (
        table.c.number,
        table.c.at,
        table.c.status,
        table.c.duration_ms,
        table.c.error,
        table.c.response,
    )
    return select(*columns).where(table.c.delivery_id == bindparam("delivery")).order_by(table.c.id)


@cache
def replay_deliveries(
    *, delivery: bool, endpoint: bool, event: bool, since: bool, until: bool, state: str | None
) -> Statement:
    """Make deliveries due now, as if they had never been tried, except for what is on its way.

    Args:
        delivery: Whether only the ``delivery`` given.
        endpoint: Whether only those of the ``endpoint`` given.
        event: Whether only those of the ``event`` given.
        since: Whether only those of events published at ``since`` or later.
        until: Whether only those of events published before ``until``.
        state: Only in this one; a word of ours, since it stands in the text.
    """

    def build(tables: Tables) -> Executable:
        table, now = tables.delivery, bindparam("now", type_=BigInteger)
        which: list[ColumnElement[bool]] = [or_(table.c.lease_until.is_(None), table.c.lease_until <= now)]
        if delivery:
            which.append(table.c.id == bindparam("delivery"))
        if endpoint:
            which.append(table.c.endpoint_id == bindparam("endpoint"))
        if event:
            which.append(table.c.event_id == bindparam("event"))
        if state is not None:
            which.append(_is(tables, state))
        published: list[ColumnElement[bool]] = []
        if since:
            published.append(tables.event.c.published_at >= bindparam("since"))
        if until:
            published.append(tables.event.c.published_at < bindparam("until"))
        if published:
            which.append(table.c.event_id.in_(select(tables.event.c.id).where(*published)))
        # What has lost its endpoint has nowhere to go.
        which.append(exists().where(tables.endpoint.c.id == table.c.endpoint_id))
        return (
            update(table)
            .where(*which)
            .values(
                state=literal_column("'pending'"),
                attempts=literal_column("0"),
                next_at=now,
                lease_until=null(),
                lease_by=null(),
                updated_at=now,
            )
            .returning(table.c.id)
        )

    return Statement(build)


@Statement
def skip_delivery(tables: Tables) -> Executable:
    """Leave one out."""
    table = tables.delivery
    return (
        update(table)
        .where(table.c.id == bindparam("id_"))
        .values(
            state=literal_column("'skipped'"),
            lease_until=null(),
            lease_by=null(),
            updated_at=bindparam("now"),
        )
    )


@cache
def count_deliveries(*, endpoint: bool) -> Statement:
    """How many there are in each state, and how many of them are on their way."""

    def build(tables: Tables) -> Executable:
        table = tables.delivery
        on_its_way = and_(_is(tables, "pending"), table.c.lease_until > bindparam("now", type_=BigInteger))
        one, zero = _number(1), _number(0)
        leased = func.sum(case((on_its_way, one), else_=zero))
        counts = select(table.c.state, func.count(), leased).group_by(table.c.state)
        return counts.where(table.c.endpoint_id == bindparam("endpoint")) if endpoint else counts

    return Statement(build)


@cache
def oldest_pending(*, endpoint: bool) -> Statement:
    """When the event of the first pending delivery was published."""

    def build(tables: Tables) -> Executable:
        table = tables.delivery
        first = select(func.min(table.c.id)).where(_is(tables, "pending"))
        if endpoint:
            first = first.where(table.c.endpoint_id == bindparam("endpoint"))
        which = (_with_event(tables), table.c.id == first.scalar_subquery())
        return select(tables.event.c.published_at).select_from(table).where(*which)

    return Statement(build)


@cache
def delete_events(*, dead_letters: bool) -> Statement:
    """Some old events all of whose deliveries are finished; their ids.

    Args:
        dead_letters: Whether what was given up counts as finished.
    """

    def build(tables: Tables) -> Executable:
        event, table = tables.event, tables.delivery
        unfinished = _is(tables, "pending")
        if not dead_letters:
            unfinished = or_(unfinished, _is(tables, "dead"))
        held = exists().where(table.c.event_id == event.c.id, unfinished)
        old = (
            select(event.c.id)
            .where(event.c.published_at < bindparam("before"), ~held)
            .order_by(event.c.published_at)
            .limit(bindparam("limit", type_=BigInteger))
        )
        return delete(event).where(event.c.id.in_(old)).returning(event.c.id)

    return Statement(build)


@Statement
def delete_deliveries(tables: Tables) -> Executable:
    """Those of an event that is gone; their attempts go with them."""
    return delete(tables.delivery).where(tables.delivery.c.event_id == bindparam("event"))


@Statement
def skip_orphans(tables: Tables) -> Executable:
    """What was published to an endpoint while it was being taken away."""
    table = tables.delivery
    orphan = ~exists().where(tables.endpoint.c.id == table.c.endpoint_id)
    return (
        update(table)
        .where(_is(tables, "pending"), orphan)
        .values(state=literal_column("'skipped'"), updated_at=bindparam("now"))
    )
