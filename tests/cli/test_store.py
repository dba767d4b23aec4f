"""`hamilton store upgrade` makes the tables, and says which version they are of."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hamilton_sdk.cli.store import store
from hamilton_sdk.store.migrating import HEAD


@pytest.fixture
def run() -> CliRunner:
    return CliRunner(env={"COLUMNS": "80"})


def _tables(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    return names


def test_a_new_store_is_made_and_an_up_to_date_one_left_alone(run: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "hooks.db"
    result = run.invoke(store, ["upgrade", "--store", str(path)])
    assert (result.exit_code, result.stdout) == (0, f"{path}: made, version {HEAD}\n")
    assert "hamilton_delivery" in _tables(path)
    result = run.invoke(store, ["upgrade", "--store", str(path)])
    assert (result.exit_code, result.stdout) == (0, f"{path}: is of version {HEAD} already\n")


def test_one_of_an_older_version_is_brought_up_to_date(
    run: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hamilton_sdk.store.engine.bring_up_to_date", lambda *_: "0000")
    result = run.invoke(store, ["upgrade"], env={"HAMILTON_STORE": str(tmp_path / "hooks.db")})
    assert result.stdout.endswith(f"hooks.db: version 0000 to {HEAD}\n")


def test_machines_get_a_document(run: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "hooks.db"
    result = run.invoke(store, ["upgrade", "--store", str(path), "--prefix", "own_", "--json"])
    assert json.loads(result.stdout) == {"store": str(path), "found": None, "version": HEAD}
    assert "own_delivery" in _tables(path)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--store", "mysql://host/x"], 2, "no store on 'mysql'"),
        (["--store", "hooks.db", "--schema", "x"], 2, "SQLite has no schemas"),
        (["--store", "hooks.db", "--prefix", "a b"], 2, "prefix"),
        (["--store", "no/such/folder/hooks.db"], 1, "no/such/folder/hooks.db"),
    ],
)
def test_what_cannot_be_is_said_without_a_traceback(
    run: CliRunner, options: list[str], code: int, said: str
) -> None:
    result = run.invoke(store, ["upgrade", *options])
    assert result.exit_code == code
    assert said in result.stderr
    assert isinstance(result.exception, SystemExit)


def test_without_a_command_it_is_listed(run: CliRunner) -> None:
    assert "upgrade" in run.invoke(store, []).output
