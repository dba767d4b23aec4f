"""A source gives a secret when asked, says what is missing, and shows nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.secrets import EnvironmentSecret, FileSecret, SecretSource, StaticSecret


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text("s3cret\n", encoding="utf-8")
    return path


def test_each_gives_the_secret(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMILTON_TEST_KEY", " s3cret ")
    sources = [
        StaticSecret("s3cret"),
        StaticSecret(SecretStr("s3cret")),
        EnvironmentSecret("HAMILTON_TEST_KEY"),
        FileSecret(file),
        FileSecret(str(file)),
    ]
    for source in sources:
        assert isinstance(source, SecretSource)
        assert source.get().get_secret_value() == "s3cret"
        assert "s3cret" not in f"{source!r}{source.get()!r}"


def test_a_secret_that_changes_need_not_be_given_anew(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMILTON_TEST_KEY", "old")
    environment, mounted = EnvironmentSecret("HAMILTON_TEST_KEY"), FileSecret(file)
    monkeypatch.setenv("HAMILTON_TEST_KEY", "new")
    file.write_text("new", encoding="utf-8")
    assert [source.get().get_secret_value() for source in (environment, mounted)] == ["new", "new"]


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HAMILTON_TEST_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="HAMILTON_TEST_KEY is not set"):
        EnvironmentSecret("HAMILTON_TEST_KEY").get()
    monkeypatch.setenv("HAMILTON_TEST_KEY", "  ")
    with pytest.raises(ConfigurationError, match="HAMILTON_TEST_KEY is empty"):
        EnvironmentSecret("HAMILTON_TEST_KEY").get()
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        FileSecret(tmp_path / "nowhere").get()
    with pytest.raises(ConfigurationError, match="empty"):
        StaticSecret("")


def test_a_file_that_is_no_text_is_told_without_its_content(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"s3cret\xff")
    with pytest.raises(ConfigurationError, match="no text in UTF-8") as caught:
        FileSecret(path).get()
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("given", [None, b"s3cret", 5])
def test_a_secret_is_text(given: Any) -> None:
    with pytest.raises(TypeError, match="must be str") as caught:
        StaticSecret(given)
    assert "s3cret" not in str(caught.value)
