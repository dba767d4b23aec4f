"""Where a file comes from, and what is said where none can be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamilton_sdk.cli.source import content_of
from hamilton_sdk.errors import Invalid

_EXAMPLE = Path(__file__).parents[2] / "examples" / "visits.csv"


def test_the_sample_in_the_package_is_the_one_among_the_examples() -> None:
    assert content_of(None) == _EXAMPLE.read_bytes()


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(b"\xe9\r\n")
    assert content_of(path) == b"\xe9\r\n"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"none\.csv cannot be read: No such file") as caught:
        content_of(tmp_path / "none.csv")
    assert "check the path" in (caught.value.hint or "")


def test_a_folder_is_none(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is a folder") as caught:
        content_of(tmp_path)
    assert "name the CSV file in it" in (caught.value.hint or "")


def test_a_file_larger_than_any_list_of_visits_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(16 * 1024 * 1024)
    assert len(content_of(path)) == 16 * 1024 * 1024
    with path.open("ab") as file:
        file.write(b"x")
    with pytest.raises(Invalid, match="larger than 16 MiB"):
        content_of(path)
