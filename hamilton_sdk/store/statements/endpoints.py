"""Endpoints: kept, changed, taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, literal_column, null, or_, select, update

from hamilton_sdk.store.statement import Statement

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, Executable

    from hamilton_sdk.store.tables import Tables

__all__ = [
    "ENDPOINT",
    "SETTINGS",
    "delete_endpoint",
    "hasten_deliveries",
    "insert_endpoint",
    "lock_endpoint",
    "lock_sealed",
    "order_deliveries",
    "pause_endpoint",
    "resume_endpoint",
    "seal_endpoint",
    "select_endpoints",
    "select_secrets",
    "skip_deliveries",
    "update_endpoint",
]

SETTINGS = (
    "url",
    "events",
    "secrets",
    "schedule",
    "first_delay",
    "in_flight_limit",
    "rate",
    "ordered",
    "headers",
    "private_networks",
)
"""What a caller sets of an endpoint."""

ENDPOINT = (
    "id",
    *SETTINGS,
    "state",
    "reason",
    "breaker",
    "failures",
    "failing_since",
    "breaker_until",
    "created_at",
    "updated_at",
)
"""The columns of a row that is read."""


def _given(*names: str) -> dict[str, BindParameter[Any]]:
    return {name: bindparam(name) for name in names}


@Statement
def insert_endpoint(tables: Tables) -> Executable:
    """Keep a new endpoint."""
    given = _given("id", *SETTINGS, "created_at")
    return insert(tables.endpoint).values(
        **given,
        rate_tokens=literal_column("0"),
        rate_at=literal_column("0"),
        state=literal_column("'active'"),
        breaker=literal_column("'closed'"),
        failures=literal_column("0"),
        updated_at=given["created_at"],
    )


@Statement
def select_endpoints(tables: Tables) -> Executable:
    """All of them, in the order they were made."""
    table = tables.endpoint
    return select(*[table.c[name] for name in ENDPOINT]).order_by(table.c.created_at, table.c.id)


@Statement
def select_secrets(tables: Tables) -> Executable:
    """What tells whether a key fits, the newest endpoints first."""
    table = tables.endpoint
    return select(table.c.id, table.c.secrets).order_by(table.c.created_at.desc(), table.c.id)


@Statement
def lock_sealed(tables: Tables) -> Executable:
    """What is kept encrypted of all, held until the transaction ends; in the order of their locks."""
    table = tables.endpoint
    columns = (table.c.id, table.c.secrets, table.c.headers)
    return select(*columns).order_by(table.c.id).with_for_update()


@Statement
def seal_endpoint(tables: Tables) -> Executable:
    """Keep the same of one, encrypted anew."""
    table = tables.endpoint
    return update(table).where(table.c.id == bindparam("id_")).values(_given("secrets", "headers"))


@Statement
def lock_endpoint(tables: Tables) -> Executable:
    """One of them, held until the transaction ends."""
    table = tables.endpoint
    columns = [table.c[name] for name in ENDPOINT]
    return select(*columns).where(table.c.id == bindparam("id")).with_for_update()


@Statement
def update_endpoint(tables: Tables) -> Executable:
    """Change what is set of one."""
    table = tables.endpoint
    return update(table).where(table.c.id == bindparam("id_")).values(_given(*SETTINGS, "updated_at"))


@Statement
def order_deliveries(tables: Tables) -> Executable:
    """Note the order of what an endpoint has still to get, which is not kept for one without."""
    table, event = tables.delivery, tables.event
    unfinished = or_(table.c.state == literal_column("'pending'"), table.c.state == literal_column("'dead'"))
    of_event = event.c.id == table.c.event_id
    return (
        update(table)
        .where(table.c.endpoint_id == bindparam("endpoint"), unfinished)
        .values(
            object=select(event.c.object).where(of_event).scalar_subquery(),
            sequence=select(event.c.sequence).where(of_event).scalar_subquery(),
        )
    )


@Statement
def pause_endpoint(tables: Tables) -> Executable:
    """Pause an active one."""
    table = tables.endpoint
    which = (table.c.id == bindparam("id_"), table.c.state == literal_column("'active'"))
    return (
        update(table)
        .where(*which)
        .values(
            state=literal_column("'paused'"), reason=bindparam("reason"), updated_at=bindparam("updated_at")
        )
    )


@Statement
def resume_endpoint(tables: Tables) -> Executable:
    """Make one active, its failures forgotten."""
    table = tables.endpoint
    return (
        update(table)
        .where(table.c.id == bindparam("id_"))
        .values(
            state=literal_column("'active'"),
            reason=null(),
            breaker=literal_column("'closed'"),
            failures=literal_column("0"),
            failing_since=null(),
            breaker_until=null(),
            updated_at=bindparam("updated_at"),
        )
    )


@Statement
def hasten_deliveries(tables: Tables) -> Executable:
    """Make due what an endpoint waits for: the delays came from failures that are forgotten."""
    table = tables.delivery
    return (
        update(table)
        .where(
            table.c.endpoint_id == bindparam("endpoint"),
            table.c.state == literal_column("'pending'"),
            table.c.next_at > bindparam("now"),
        )
        .values(next_at=bindparam("now"))
    )


@Statement
def delete_endpoint(tables: Tables) -> Executable:
    """Take one away."""
    return delete(tables.endpoint).where(tables.endpoint.c.id == bindparam("id_"))


@Statement
def skip_deliveries(tables: Tables) -> Executable:
    """What an endpoint that goes will not get."""
    table = tables.delivery
    unfinished = or_(table.c.state == literal_column("'pending'"), table.c.state == literal_column("'dead'"))
    return (
        update(table)
        .where(table.c.endpoint_id == bindparam("endpoint"), unfinished)
        .values(
            state=literal_column("'skipped'"),
            lease_until=null(),
            lease_by=null(),
            updated_at=bindparam("now"),
        )
    )
