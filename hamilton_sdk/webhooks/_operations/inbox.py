"""Remembering what was processed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from hamilton_sdk.store.statements.inbox import delete_processed, insert_processed

if TYPE_CHECKING:
    from hamilton_sdk.store.operation import Execute

__all__ = ["Accept", "Forget"]


@dataclass(frozen=True, slots=True)
class Accept:
    """Remember an id, unless it is there already."""

    writes: ClassVar[bool] = True

    source: str
    id: str
    now: int

    def run(self, execute: Execute) -> bool:
        """Do it; whether it is new."""
        given = {"source": self.source, "id": self.id, "accepted_at": self.now}
        return bool(execute(insert_processed, given))


@dataclass(frozen=True, slots=True)
class Forget:
    """Forget what is old."""

    writes: ClassVar[bool] = True

    before: int

    def run(self, execute: Execute) -> int:
        """Do it; how many."""
        return len(execute(delete_processed, {"before": self.before}))
