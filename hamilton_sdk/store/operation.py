"""Operations: what is done with the store, written once for every kind of connection, sync and async."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from hamilton_sdk.store.statement import DialectName, Statement
    from hamilton_sdk.store.tables import Tables

__all__ = ["Execute", "Operation", "Parameters", "Row"]

T_co = TypeVar("T_co", covariant=True)

Row: TypeAlias = Sequence[Any]
"""A row's values in the order of the statement's columns."""

Parameters: TypeAlias = Mapping[str, object]


class Execute(Protocol):
    """What an operation is given: runs a statement in the current transaction."""

    @property
    def dialect(self) -> DialectName:
        """Which database it is, where an operation must know."""
        ...

    @property
    def tables(self) -> Tables:
        """The tables, with their prefix and schema."""
        ...

    def __call__(
        self, statement: Statement, parameters: Parameters | Sequence[Parameters] = ...
    ) -> list[Row]:
        """Run a statement, once for each of several parameters; the rows it returns, of the last only."""
        ...


class Operation(Protocol[T_co]):
    """One step on the store: a frozen dataclass with its arguments as fields.

    It runs in one transaction, and may run a second time when the first was rolled back, so it changes
    nothing but the database.

    Attributes:
        writes: Whether it may write. SQLite takes the lock for writing at once for one that does.
    """

    writes: ClassVar[bool]

    def run(self, execute: Execute) -> T_co:
        """Do it."""
        ...
