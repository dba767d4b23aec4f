"""Settling: what came of deliveries, and what follows from it for them and their endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Double,
    Integer,
    LargeBinary,
    Text,
    any_,
    bindparam,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    update,
)

from hamilton_sdk.store.statement import Statement

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, Executable, Update
    from sqlalchemy.types import TypeEngine

    from hamilton_sdk.store.tables import Tables

__all__ = [
    "change_breaker",
    "close_breaker",
    "disable_endpoint",
    "finish_deliveries",
    "finish_delivery",
    "give_delivery_back",
    "insert_attempt",
    "insert_attempts",
    "lock_breaker",
    "lock_owned",
    "postpone_delivery",
]

_NUMBERS: Final[Any] = ARRAY(BigInteger)  # which SQLAlchemy's own types do not let bindparam take


@Statement
def lock_breaker(tables: Tables) -> Executable:
    """An endpoint's breaker, locked."""
    endpoint = tables.endpoint.c
    return (
        select(endpoint.breaker, endpoint.failures, endpoint.failing_since, endpoint.breaker_until)
        .where(endpoint.id == bindparam("endpoint"))
        .with_for_update()
    )


@Statement
def close_breaker(tables: Tables) -> Executable:
    """Close a breaker, if it is not closed."""
    endpoint = tables.endpoint
    return (
        update(endpoint)
        .where(
            endpoint.c.id == bindparam("endpoint"),
            or_(
                endpoint.c.failures > literal_column("0"),
                endpoint.c.breaker != literal_column("'closed'"),
            ),
        )
        .values(
            breaker=literal_column("'closed'"),
            failures=literal_column("0"),
            failing_since=null(),
            breaker_until=null(),
        )
    )


@Statement
def change_breaker(tables: Tables) -> Executable:
    """Keep a breaker."""
    return (
        update(tables.endpoint)
        .where(tables.endpoint.c.id == bindparam("endpoint"))
        .values(
            breaker=bindparam("breaker"),
            failures=bindparam("failures"),
            failing_since=bindparam("since"),
            breaker_until=bindparam("until"),
        )
    )


@Statement
def disable_endpoint(tables: Tables) -> Executable:
    """Disable an endpoint; its id, if it was not disabled already."""
    endpoint = tables.endpoint
    return (
        update(endpoint)
        .where(endpoint.c.id == bindparam("endpoint"), endpoint.c.state != literal_column("'disabled'"))
        .values(state=literal_column("'disabled'"), reason=bindparam("reason"), updated_at=bindparam("now"))
        .returning(endpoint.c.id)
    )


@Statement
def lock_owned(tables: Tables) -> Executable:
    """What a worker still has a lease of, locked."""
    delivery = tables.delivery.c
    return (
        select(delivery.id, delivery.lease_until)
        .where(
            delivery.lease_until.is_not(None),
            delivery.lease_by == bindparam("worker"),
        )
        .with_for_update()
    )


@Statement
def finish_delivery(tables: Tables) -> Executable:
    """On SQLite: end a delivery after one more attempt."""
    return _finished(tables).where(tables.delivery.c.id == bindparam("delivery"))


@Statement
def finish_deliveries(tables: Tables) -> Executable:
    """On PostgreSQL: end several, in one round trip."""
    several: BindParameter[Any] = bindparam("deliveries", type_=_NUMBERS)
    return _finished(tables).where(tables.delivery.c.id == any_(several))


def _finished(tables: Tables) -> Update:
    return update(tables.delivery).values(
        state=bindparam("outcome"),
        attempts=tables.delivery.c.attempts + literal_column("1"),
        lease_until=null(),
        lease_by=null(),
        updated_at=bindparam("now"),
    )


@Statement
def postpone_delivery(tables: Tables) -> Executable:
    """Put a delivery off."""
    return (
        update(tables.delivery)
        .where(tables.delivery.c.id == bindparam("delivery"))
        .values(
            attempts=bindparam("attempts"),
            next_at=bindparam("next_at"),
            lease_until=null(),
            lease_by=null(),
            updated_at=bindparam("now"),
        )
    )


@Statement
def give_delivery_back(tables: Tables) -> Executable:
    """Give up the lease of a delivery that was not tried."""
    return (
        update(tables.delivery)
        .where(tables.delivery.c.id == bindparam("delivery"))
        .values(
            lease_until=null(),
            lease_by=null(),
            updated_at=bindparam("now"),
        )
    )


_ATTEMPT: Final[dict[str, TypeEngine[Any]]] = {
    "delivery_id": BigInteger(),
    "number": Integer(),
    "at": BigInteger(),
    "status": Integer(),
    "duration_ms": Double(),
    "error": Text(),
    "response": LargeBinary(),
}


@Statement
def insert_attempt(tables: Tables) -> Executable:
    """On SQLite: keep an attempt."""
    return insert(tables.attempt).values({name: bindparam(name) for name in _ATTEMPT})


@Statement
def insert_attempts(tables: Tables) -> Executable:
    """On PostgreSQL: keep several, in one round trip; each parameter is a list."""
    lists = [bindparam(name, type_=ARRAY(kind)) for name, kind in _ATTEMPT.items()]
    rows = func.unnest(*lists).table_valued(*_ATTEMPT, name="attempts").render_derived()
    return insert(tables.attempt).from_select([*_ATTEMPT], select(*rows.c))
