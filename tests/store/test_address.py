"""A store's address is a path or a URL, and never shows a password."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.store.address import parse_address


@pytest.mark.parametrize(
    ("given", "dialect", "url"),
    [
        ("hooks.db", "sqlite", "sqlite+pysqlite:///hooks.db"),
        (Path("data/hooks.db"), "sqlite", "sqlite+pysqlite:///data/hooks.db"),
        ("sqlite:///hooks.db", "sqlite", "sqlite+pysqlite:///hooks.db"),
        ("sqlite:////var/lib/hooks.db", "sqlite", "sqlite+pysqlite:////var/lib/hooks.db"),
        ("sqlite+pysqlite:///hooks.db", "sqlite", "sqlite+pysqlite:///hooks.db"),
        ("postgresql://h/db", "postgresql", "postgresql+psycopg://h/db"),
        ("postgres://u:p@h:5433/db", "postgresql", "postgresql+psycopg://u:p@h:5433/db"),
        (
            "postgresql+psycopg://h/db?sslmode=require",
            "postgresql",
            "postgresql+psycopg://h/db?sslmode=require",
        ),
    ],
)
def test_a_path_or_a_url_is_understood(given: str | Path, dialect: str, url: str) -> None:
    address = parse_address(given)
    assert address.dialect == dialect
    assert address.url.render_as_string(hide_password=False) == url


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", "empty"),
        (":memory:", "outlives the process"),
        ("sqlite://", "empty"),
        ("sqlite:///:memory:", "outlives the process"),
        ("file:hooks.db?mode=memory", "outlives the process"),
        ("sqlite:///hooks.db?timeout=5", "takes no options"),
        ("mysql://h/db", "'mysql'"),
        ("postgresql+asyncpg://h/db", "'postgresql[+]asyncpg'"),
        ("postgresql://h:port/db", "cannot be read"),
    ],
)
def test_anything_else_is_refused_with_what_to_give(given: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        parse_address(given)
    assert caught.value.hint


@pytest.mark.parametrize("given", [None, 5, b"hooks.db"])
def test_what_is_no_text_is_no_address(given: Any) -> None:
    with pytest.raises(TypeError, match="address must be str or PathLike"):
        parse_address(given)


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://hamilton:s3cret@h:5433/db",
        "postgresql://h:5433/db?user=hamilton&password=s3cret&sslpassword=s3cret",
    ],
)
def test_its_text_shows_where_it_is_and_no_password(given: str) -> None:
    address = parse_address(given)
    assert str(address) == "postgresql://h:5433/db"
    assert "s3cret" not in repr(address)


def test_what_cannot_be_read_is_not_shown() -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_address("postgresql://hamilton:s3cret@h:port/db")
    assert "s3cret" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_file_is_shown_by_its_path() -> None:
    assert repr(parse_address("data/hooks.db")) == "Address(data/hooks.db)"
