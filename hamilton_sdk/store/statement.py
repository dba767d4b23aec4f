"""Statements: written once with SQLAlchemy Core, executed as they are or compiled to text once per dialect.

Raw sqlite3 and psycopg connections take the text. Columns hold only text, whole numbers, floats and bytes,
which both drivers take and give as they are, so that nothing needs converting on the way.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Executable
    from sqlalchemy.engine import Dialect

    from hamilton_sdk.store.tables import Tables

__all__ = ["DialectName", "Statement", "Text"]

DialectName: TypeAlias = Literal["sqlite", "postgresql"]


class Text:
    """A statement as a driver takes it.

    Args:
        sql: With the driver's own placeholders: ``?`` for sqlite3, ``%s`` for psycopg.
        names: The parameters in the order of their placeholders.
        constants: Values that stand in the statement itself, by their name.

    Attributes:
        sql: See there.
        values: Gives the parameters in order; a `KeyError` where one is missing.
    """

    __slots__ = ("names", "sql", "values")

    def __init__(self, sql: str, names: tuple[str, ...], constants: Mapping[str, object]) -> None:
        self.sql: str = sql
        self.names: tuple[str, ...] = names
        self.values: Callable[[Mapping[str, object]], tuple[object, ...]] = _in_order(names, constants)


def _in_order(
    names: tuple[str, ...], constants: Mapping[str, object]
) -> Callable[[Mapping[str, object]], tuple[object, ...]]:
    if len(names) > 1 and not constants:
        return itemgetter(*names)

    def values(parameters: Mapping[str, object]) -> tuple[object, ...]:
        return tuple([parameters[name] if name in parameters else constants[name] for name in names])

    return values


class Statement:
    """A SQLAlchemy Core statement over the store's tables; use it as a decorator of what builds it.

    Args:
        build: Makes the statement for tables of one prefix and schema, its parameters as ``bindparam``.
            Called once for each.
    """

    def __init__(self, build: Callable[[Tables], Executable]) -> None:
        self._build = build
        self._built: dict[Tables, Executable] = {}
        self._texts: dict[tuple[Tables, str], Text] = {}

    def __repr__(self) -> str:
        return f"Statement({self._build.__name__})"

    def core(self, tables: Tables) -> Executable:
        """The SQLAlchemy construct."""
        built = self._built.get(tables)
        if built is None:
            built = self._built[tables] = self._build(tables)
        return built

    def text(self, tables: Tables, dialect: DialectName) -> Text:
        """The same compiled for sqlite3 or psycopg."""
        text = self._texts.get((tables, dialect))
        if text is None:
            text = self._texts[tables, dialect] = _compiled(self.core(tables), _dialect(dialect))
        return text

    def text_for(self, tables: Tables, dialect: Dialect) -> Text:
        """The same compiled for whichever driver a SQLAlchemy connection has."""
        known = _TAKES_THE_SAME.get(dialect.driver)
        if known is not None:
            return self.text(tables, known)
        text = self._texts.get((tables, dialect.driver))
        if text is None:
            text = self._texts[tables, dialect.driver] = _compiled(self.core(tables), dialect)
        return text


_TAKES_THE_SAME: Final[Mapping[str, DialectName]] = {
    "pysqlite": "sqlite",
    "aiosqlite": "sqlite",
    "psycopg": "postgresql",
    "psycopg_async": "postgresql",
    "psycopg2": "postgresql",
}


def _compiled(core: Executable, dialect: Dialect) -> Text:
    # Every executable can be compiled, though its type does not say so.
    compiled: Any = cast("Any", core).compile(dialect=dialect)
    if compiled.post_compile_params or compiled.literal_execute_params:
        message = "a statement with a list for IN has no one text: use a join, or a parameter for each"
        raise TypeError(message)
    if not compiled.positional:
        message = f"the store does not work through the driver {dialect.driver!r}"
        raise ConfigurationError(
            message, hint="connect with psycopg or asyncpg, or with sqlite3 or aiosqlite"
        )
    names: tuple[str, ...] = tuple(compiled.positiontup or ())
    constants: dict[str, object] = {
        name: compiled.binds[name].value for name in names if not compiled.binds[name].required
    }
    return Text(compiled.string, names, constants)


def _dialect(name: DialectName) -> Dialect:
    if name == "sqlite":
        from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

        return SQLiteDialect_pysqlite(paramstyle="qmark")
    from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

    return PGDialect_psycopg(paramstyle="format")  # type: ignore[no-untyped-call]  # its constructor has no types
