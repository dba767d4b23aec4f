"""Claiming: what is due and allowed, judged in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    and_,
    any_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    update,
)

from hamilton_sdk.store.statement import Statement

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Executable, Select, Update

    from hamilton_sdk.store.tables import Tables

__all__ = [
    "change_endpoint",
    "count_in_flight",
    "lock_due_endpoints",
    "select_due",
    "select_due_endpoints",
    "select_due_in_order",
    "set_lease",
    "set_leases",
]

_NUMBERS: Final[Any] = ARRAY(BigInteger)  # which SQLAlchemy's own types do not let bindparam take

_ENDPOINT: Final = (
    "id",
    "url",
    "secrets",
    "headers",
    "private_networks",
    "schedule",
    "ordered",
    "in_flight_limit",
    "rate",
    "rate_tokens",
    "rate_at",
    "breaker",
    "failures",
    "failing_since",
    "breaker_until",
)


def _word(text: str) -> ColumnElement[str]:
    # Literal, so that a partial index is found whatever plan the database keeps.
    return literal_column(f"'{text}'")


def _now() -> BindParameter[int]:
    return bindparam("now", type_=BigInteger)


def _one() -> ColumnElement[int]:
    return literal_column("1")


def _limit(name: str) -> BindParameter[int]:
    return bindparam(name, type_=BigInteger)


def _is_due(delivery: Any) -> ColumnElement[bool]:  # noqa: ANN401 (the columns of a table or its alias)
    return and_(
        delivery.state == _word("pending"),
        delivery.next_at <= _now(),
        or_(delivery.lease_until.is_(None), delivery.lease_until <= _now()),
    )


def _is_first(tables: Tables, delivery: Any) -> ColumnElement[bool]:  # noqa: ANN401 (as above)
    """Whether nothing of its object comes before it; a dead letter does until it is replayed or skipped."""
    earlier = tables.delivery.alias("earlier").c
    blocked = exists().where(
        earlier.endpoint_id == delivery.endpoint_id,
        earlier.object == delivery.object,
        earlier.object.is_not(None),
        earlier.state.in_((_word("pending"), _word("dead"))),
        or_(
            earlier.sequence < delivery.sequence,
            and_(earlier.sequence == delivery.sequence, earlier.id < delivery.id),
        ),
    )
    return not_(blocked)


def _in_flight(tables: Tables) -> Select[Any, Any]:
    # What is leased is pending; that alone is in the index.
    leased = tables.delivery.alias("leased").c
    return (
        select(leased.endpoint_id, func.count().label("count"))
        .where(leased.lease_until > _now())
        .group_by(leased.endpoint_id)
    )


def _due_endpoints(tables: Tables) -> Select[Any, Any]:
    """Endpoints that may get a delivery now, those first that waited longest."""
    endpoint, delivery = tables.endpoint.c, tables.delivery.alias("waiting")
    oldest = (
        select(delivery.c.next_at)
        .where(
            delivery.c.endpoint_id == endpoint.id,
            _is_due(delivery.c),
            or_(endpoint.ordered == literal_column("0"), _is_first(tables, delivery.c)),
        )
        .order_by(delivery.c.next_at)
        .limit(1)
        .correlate(tables.endpoint)
        .scalar_subquery()
    )
    in_flight_of = _in_flight(tables).subquery("in_flight")
    rate = endpoint.rate
    tokens = endpoint.rate_tokens + rate * (_now() - endpoint.rate_at) / literal_column("1000000.0")
    allowed = case((endpoint.breaker == _word("closed"), endpoint.in_flight_limit), else_=_one())
    rested = or_(
        endpoint.breaker != _word("open"),
        endpoint.breaker_until.is_(None),
        endpoint.breaker_until <= _now(),
    )
    found = (
        select(endpoint.id.label("id"), oldest.label("oldest"))
        .outerjoin_from(tables.endpoint, in_flight_of, in_flight_of.c.endpoint_id == endpoint.id)
        .where(
            endpoint.state == _word("active"),
            rested,
            or_(rate.is_(None), tokens >= literal_column("1.0")),
            func.coalesce(in_flight_of.c.count, literal_column("0")) < allowed,
        )
        .subquery("found")
    )
    return (
        select(found.c.id, found.c.oldest)
        .where(found.c.oldest.is_not(None))
        .order_by(found.c.oldest, found.c.id)
        .limit(_limit("most"))
    )


@Statement
def select_due_endpoints(tables: Tables) -> Executable:
    """Endpoints that may get a delivery now."""
    return _due_endpoints(tables)


@Statement
def lock_due_endpoints(tables: Tables) -> Executable:
    """The same with all a claim needs of them, locked; without those that somebody else has locked."""
    candidates = _due_endpoints(tables).subquery("candidates")
    endpoint = tables.endpoint
    return (
        select(*[endpoint.c[name] for name in _ENDPOINT])
        .join_from(candidates, endpoint, endpoint.c.id == candidates.c.id)
        .where(endpoint.c.state == _word("active"))
        .order_by(candidates.c.oldest, endpoint.c.id)
        .with_for_update(of=endpoint, skip_locked=True)
    )


@Statement
def count_in_flight(tables: Tables) -> Executable:
    """How many deliveries each endpoint has under way, in all workers."""
    return _in_flight(tables)


def _due(tables: Tables, *more: ColumnElement[bool]) -> Executable:
    delivery, event = tables.delivery, tables.event
    return (
        select(delivery.c.id, event.c.id, event.c.type, event.c.body, delivery.c.attempts)
        .join_from(delivery, event, event.c.id == delivery.c.event_id)
        .where(delivery.c.endpoint_id == bindparam("endpoint"), _is_due(delivery.c), *more)
        # As in the index and no further, so that nothing is sorted.
        .order_by(delivery.c.next_at)
        .limit(_limit("wanted"))
        .with_for_update(of=delivery, skip_locked=True)
    )


@Statement
def select_due(tables: Tables) -> Executable:
    """What is due for an endpoint, locked."""
    return _due(tables)


@Statement
def select_due_in_order(tables: Tables) -> Executable:
    """The same for an endpoint whose objects are kept in order."""
    return _due(tables, _is_first(tables, tables.delivery.c))


@Statement
def set_lease(tables: Tables) -> Executable:
    """On SQLite: give a delivery to a worker."""
    return _leased(tables).where(tables.delivery.c.id == bindparam("delivery"))


@Statement
def set_leases(tables: Tables) -> Executable:
    """On PostgreSQL: give several to a worker, in one round trip."""
    several: BindParameter[Any] = bindparam("deliveries", type_=_NUMBERS)
    return _leased(tables).where(tables.delivery.c.id == any_(several))


def _leased(tables: Tables) -> Update:
    return update(tables.delivery).values(
        lease_by=bindparam("worker"), lease_until=bindparam("until"), updated_at=_now()
    )


@Statement
def change_endpoint(tables: Tables) -> Executable:
    """Note what a claim took from an endpoint."""
    return (
        update(tables.endpoint)
        .where(tables.endpoint.c.id == bindparam("endpoint"))
        .values(rate_tokens=bindparam("tokens"), rate_at=_now(), breaker=bindparam("breaker"))
    )
