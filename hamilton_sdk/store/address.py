"""Where a store lies: a file's path or a database URL, as one kind of thing that never shows its password."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike, fspath
from typing import TYPE_CHECKING, Final

from hamilton_sdk.arguments import check_type
from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from sqlalchemy import URL

    from hamilton_sdk.store.statement import DialectName

__all__ = ["Address", "parse_address"]

_HINT: Final = (
    'give a path such as "hooks.db", "sqlite:///hooks.db" or "postgresql://user:password@host/database"'
)
_DRIVERS: Final[dict[str, DialectName]] = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "postgresql+psycopg": "postgresql",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a store lies.

    Attributes:
        dialect: Which database it is.
        url: For SQLAlchemy, with the driver named.
    """

    dialect: DialectName
    url: URL

    def __str__(self) -> str:
        # Not the query either: libpq takes passwords there too.
        if self.dialect == "sqlite":
            return f"{self.url.database}"
        port = f":{self.url.port}" if self.url.port else ""
        return f"postgresql://{self.url.host or ''}{port}/{self.url.database or ''}"

    def __repr__(self) -> str:
        return f"Address({self})"


def parse_address(address: str | PathLike[str]) -> Address:
    """Read a path or a URL.

    Raises:
        ConfigurationError: It is neither, names another database or driver, or a database in memory.
        TypeError: It is no text and no path.
    """
    check_type("address", address, str, PathLike)
    text = fspath(address)
    return _parse_url(text) if "://" in text else _file(text)


def _file(path: str) -> Address:
    from sqlalchemy import URL

    # Read apart by both: in memory, and for SQLAlchemy a database of its own for each connection.
    if not path or path == ":memory:" or path.startswith("file:"):
        message = "a store needs a file that outlives the process" if path else "the address is empty"
        raise ConfigurationError(message, hint=_HINT)
    return Address("sqlite", URL.create("sqlite+pysqlite", database=path))


def _parse_url(text: str) -> Address:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # The text may hold a password, and so may the error.
        message = "the address of the database cannot be read"
        raise ConfigurationError(message, hint=_HINT) from None
    dialect = _DRIVERS.get(url.drivername)
    if dialect is None:
        message = f"no store on {url.drivername!r}"
        raise ConfigurationError(message, hint=f"{_HINT}; the drivers are sqlite3 and psycopg")
    if dialect == "sqlite":
        if url.query:
            message = "the address of a SQLite file takes no options"
            raise ConfigurationError(message, hint="give them as arguments: synchronous=, busy_timeout=")
        return _file(url.database or "")
    return Address(dialect, url.set(drivername="postgresql+psycopg"))
