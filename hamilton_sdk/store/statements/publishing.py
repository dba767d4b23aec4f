"""Publishing: the event, and a delivery for each endpoint that wants its type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Text, bindparam, case, func, insert, literal_column, null, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from hamilton_sdk.store.statement import Statement

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, ColumnElement, Executable, Select

    from hamilton_sdk.store.tables import Tables

__all__ = ["fan_out", "insert_event", "publish"]

_EVENT = ("id", "type", "site", "object", "sequence", "body", "published_at")
_DELIVERY = ("event_id", "endpoint_id", "object", "sequence", "state", "attempts", "next_at", "updated_at")


@Statement
def insert_event(tables: Tables) -> Executable:
    """On SQLite: keep an event, unless its id is there already."""
    return sqlite_insert(tables.event).values(_event()).on_conflict_do_nothing()


@Statement
def fan_out(tables: Tables) -> Executable:
    """On SQLite: a delivery for each endpoint that wants the event, if it was kept just now.

    To look at its time takes a tenth of what it takes to have the insert return the row.
    """
    event = tables.event
    kept = (event.c.id == bindparam("id"), event.c.published_at == bindparam("published_at"))
    deliveries = _deliveries(tables).where(*kept)
    return sqlite_insert(tables.delivery).from_select(_DELIVERY, deliveries).on_conflict_do_nothing()


@Statement
def publish(tables: Tables) -> Executable:
    """On PostgreSQL: both in one statement, and wake whoever listens once it is committed."""
    event = postgresql_insert(tables.event).values(_event()).on_conflict_do_nothing()
    kept = event.returning(tables.event.c.id).cte("kept")
    fanned = insert(tables.delivery).from_select(
        _DELIVERY, _deliveries(tables).join(kept, literal_column("true"))
    )
    made = fanned.returning(tables.delivery.c.id).cte("made")
    woken = func.pg_notify(literal_column(f"'{tables.channel}'"), literal_column("''"))
    return select(woken).select_from(made).limit(literal_column("1"))


def _event() -> dict[str, BindParameter[Any]]:
    return {name: bindparam(name) for name in _EVENT}


def _deliveries(tables: Tables) -> Select[*tuple[Any, ...]]:
    endpoint = tables.endpoint
    now = bindparam("published_at", type_=BigInteger)
    columns: list[ColumnElement[Any]] = [
        bindparam("id", type_=Text),
        endpoint.c.id,
        # Only where there is an order: elsewhere each delivery would enter and leave its index for nothing.
        _if_ordered(tables, bindparam("object", type_=Text)),
        _if_ordered(tables, bindparam("sequence", type_=BigInteger)),
        literal_column("'pending'"),
        literal_column("0"),
        now + endpoint.c.first_delay,
        now,
    ]
    return select(*columns).where(_wants(tables))


def _if_ordered(tables: Tables, value: BindParameter[Any]) -> ColumnElement[Any]:
    return case((tables.endpoint.c.ordered == literal_column("1"), value), else_=null())


def _wants(tables: Tables) -> ColumnElement[bool]:
    """Whether an endpoint's filter, a JSON list of texts, holds a type or its family, or nothing at all.

    Without the wanted text it is another: `replace` is in both databases, and unlike LIKE knows no wildcards.
    """
    events = tables.endpoint.c.events
    nothing: ColumnElement[str] = literal_column("''")
    wanted = [bindparam(name, type_=Text) for name in ("exact", "family")]
    return or_(events == nothing, *[func.replace(events, each, nothing) != events for each in wanted])
