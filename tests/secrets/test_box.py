"""What is encrypted is read with its key alone, and keys change without losing anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.secrets import FileSecret, SecretBox, StaticSecret

OLD, NEW = SecretBox.new_key(), SecretBox.new_key()


def box(*keys: str) -> SecretBox:
    return SecretBox(StaticSecret(", ".join(keys)))


@given(st.binary())
def test_what_is_encrypted_comes_back_and_cannot_be_read(content: bytes) -> None:
    sealed = box(OLD).encrypt(content)
    assert box(OLD).decrypt(sealed) == content
    assert sealed.isascii()
    assert len(content) < 8 or content not in sealed


def test_each_key_is_new() -> None:
    assert OLD != NEW
    assert Fernet(OLD)


def test_the_first_key_encrypts_and_all_decrypt() -> None:
    sealed = box(OLD).encrypt(b"x")
    both = box(NEW, OLD)
    assert both.decrypt(sealed) == b"x"
    assert box(NEW).decrypt(both.encrypt(b"x")) == b"x"


def test_rotation_encrypts_anew_so_that_the_old_key_can_go() -> None:
    assert box(NEW).decrypt(box(NEW, OLD).rotate(box(OLD).encrypt(b"x"))) == b"x"


@pytest.mark.parametrize("sealed", [b"", b"nonsense", Fernet(NEW).encrypt(b"x")])
def test_what_no_key_decrypts_is_told(sealed: bytes) -> None:
    with pytest.raises(ConfigurationError, match="cannot be decrypted") as caught:
        box(OLD).decrypt(sealed)
    assert caught.value.hint


def test_a_key_that_came_later_is_found(tmp_path: Path) -> None:
    """Another process encrypts with a new key already, and this one has not been started anew."""
    path = tmp_path / "keys"
    path.write_text(OLD)
    running = SecretBox(FileSecret(path))
    path.write_text(f"{NEW}\n{OLD}\n")
    assert running.decrypt(SecretBox(FileSecret(path)).encrypt(b"x")) == b"x"


def test_a_key_that_came_later_encrypts_at_once(tmp_path: Path) -> None:
    """Otherwise what a long-running process encrypts could not be read once the old key is gone."""
    path = tmp_path / "keys"
    path.write_text(OLD)
    running = SecretBox(FileSecret(path))
    sealed = running.encrypt(b"x")
    path.write_text(f"{NEW}\n{OLD}\n")
    assert box(NEW).decrypt(running.rotate(sealed)) == b"x"
    assert box(NEW).decrypt(running.encrypt(b"y")) == b"y"


def test_nothing_is_encrypted_with_a_key_that_was_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text(OLD)
    running = SecretBox(FileSecret(path))
    path.unlink()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        running.encrypt(b"x")


@pytest.mark.parametrize("key", ["s3cret", f"{OLD},s3cret", ","])
def test_what_is_no_key_is_told_without_showing_it(key: str) -> None:
    with pytest.raises(ConfigurationError, match="is no key") as caught:
        SecretBox(StaticSecret(key))
    assert "s3cret" not in f"{caught.value}{caught.value.hint}"
    assert "new_key" in str(caught.value.hint)


@pytest.mark.parametrize("source", [OLD, None, 5])
def test_a_key_comes_from_a_source(source: Any) -> None:
    with pytest.raises(TypeError, match="must come from a SecretSource") as caught:
        SecretBox(source)
    assert OLD not in str(caught.value)
