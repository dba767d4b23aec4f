"""The contracts in the documentation are those of the classes, and a published one is never broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hamilton_sdk.webhooks.events.registry import VERSIONS
from tools.contracts import FOLDER, contracts, main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what is published."""
    assert main(["--folder", str(tmp_path)]) == 0
    return tmp_path


def change(path: Path, **fields: Any) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**schema, **fields}, indent=2) + "\n", encoding="utf-8")


def test_what_is_published_is_what_the_classes_say() -> None:
    assert main(["--check"]) == 0


def test_they_are_the_same_each_time_in_any_order_of_hashing() -> None:
    assert contracts() == contracts()
    assert {path.name for path in FOLDER.iterdir()} == set(contracts())


def test_there_is_a_schema_for_each_version_of_each_type(folder: Path) -> None:
    names = {f"{kind}.v{version}.json" for kind, version in VERSIONS}
    assert {path.name for path in folder.iterdir()} == names | {"index.md", "openapi.json", "asyncapi.json"}
    index = (folder / "index.md").read_text(encoding="utf-8")
    assert all(f"]({name})" in index for name in [*names, "openapi.json", "asyncapi.json"])


def test_a_file_that_is_missing_or_changed_is_told_and_written_anew(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "visit.created.v1.json").unlink()
    (folder / "openapi.json").write_text("{}", encoding="utf-8")
    (folder / "stray.txt").write_text("", encoding="utf-8")
    assert main(["--check", "--folder", str(folder)]) == 1
    said = capsys.readouterr().out
    assert all(name in said for name in ("visit.created.v1.json", "openapi.json", "stray.txt"))
    assert "python -m tools.contracts" in said
    assert main(["--folder", str(folder)]) == 0
    assert main(["--check", "--folder", str(folder)]) == 0


def test_an_addition_drifts_and_breaks_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is published lacks a field that the class has."""
    path = folder / "visit.created.v1.json"
    properties = json.loads(path.read_text(encoding="utf-8"))["properties"]
    del properties["site"]
    change(path, properties=properties)
    assert main(["--check", "--folder", str(folder)]) == 1
    assert "new version" not in capsys.readouterr().out
    assert main(["--folder", str(folder)]) == 0


@pytest.mark.parametrize("arguments", [["--check"], []])
def test_a_breaking_change_is_neither_accepted_nor_written(
    folder: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """What is published has a field that the class lacks."""
    path = folder / "visit.created.v1.json"
    properties = json.loads(path.read_text(encoding="utf-8"))["properties"]
    change(path, properties={**properties, "tenant": {"type": "string"}})
    before = path.read_bytes()
    assert main([*arguments, "--folder", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "visit.created.v1.json: tenant: is gone or has another name" in said
    assert "make a class for a new version" in said
    assert path.read_bytes() == before


def test_a_published_version_is_not_given_up(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(folder / "visit.created.v1.json")
    (folder / "visit.created.v1.json").rename(folder / "visit.imagined.v1.json")
    assert main(["--folder", str(folder)]) == 1
    assert "visit.imagined.v1.json: is published, and no class makes it any more" in capsys.readouterr().out
    assert (folder / "visit.imagined.v1.json").exists()
