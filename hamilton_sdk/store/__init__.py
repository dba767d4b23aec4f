"""Durable state in SQL: on SQLite, or on PostgreSQL where one machine is outgrown.

What is done with it is an `Operation`, written once as statements of SQLAlchemy Core; they run on the store's
own connections, or in a caller's transaction on whatever connection that has. Names load on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk._lazy import lazy

if TYPE_CHECKING:
    from hamilton_sdk.store.awaiting import AsyncStore
    from hamilton_sdk.store.engine import Store, upgrade
    from hamilton_sdk.store.migrating import HEAD
    from hamilton_sdk.store.tables import metadata

__all__ = ["HEAD", "AsyncStore", "Store", "metadata", "upgrade"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy(
        __name__,
        {
            "awaiting": ("AsyncStore",),
            "engine": ("Store", "upgrade"),
            "migrating": ("HEAD",),
            "tables": ("metadata",),
        },
    )
