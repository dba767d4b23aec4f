"""What a receiver has processed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.postgresql import insert  # what it says of conflicts SQLite understands as well

from hamilton_sdk.store.statement import Statement

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, Executable

    from hamilton_sdk.store.tables import Tables

__all__ = ["delete_processed", "insert_processed"]


@Statement
def insert_processed(tables: Tables) -> Executable:
    """Remember an id; no row where it is there already."""
    table = tables.processed
    values: dict[str, BindParameter[Any]] = {
        name: bindparam(name) for name in ("source", "id", "accepted_at")
    }
    return insert(table).values(values).on_conflict_do_nothing().returning(table.c.id)


@Statement
def delete_processed(tables: Tables) -> Executable:
    """Forget what was accepted before."""
    table = tables.processed
    return delete(table).where(table.c.accepted_at < bindparam("before")).returning(table.c.id)
