"""`hamilton webhooks deliveries` and `replay` as they are typed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from hamilton_sdk.cli.webhooks import stored_commands as module
from hamilton_sdk.cli.webhooks.stored_commands import deliveries, replay
from hamilton_sdk.webhooks.outbox import Outbox
from tests.cli.webhooks.outboxes import filled

app = typer.Typer()
app.command()(deliveries)
app.command()(replay)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with filled(tmp_path / "hooks.db") as outbox:
        yield outbox


@pytest.fixture
def run(outbox: Outbox) -> CliRunner:
    return CliRunner(env={"COLUMNS": "80", "HAMILTON_STORE": str(outbox.store.address)})


class TestDeliveries:
    def test_a_person_sees_each_and_how_many(self, run: CliRunner) -> None:
        result = run.invoke(app, ["deliveries", "--limit", "2"])
        assert result.exit_code == 0
        assert "#3 pending   visit.created, 0 attempts, due 2026-03-27 10:00:00Z\n" in result.stdout
        assert "#1 " not in result.stdout
        assert "older ones follow" in result.stdout
        assert result.stdout.count("2 pending (0 on their way), 0 delivered, 0 dead, 1 skipped\n") == 1

    def test_machines_get_a_document(self, run: CliRunner) -> None:
        document = json.loads(run.invoke(app, ["deliveries", "--json"]).stdout)
        assert [each["event"] for each in document["deliveries"]] == ["evt_3", "evt_2", "evt_1"]
        assert document["counters"]["pending"] == 2
        assert document["more"] is False

    @pytest.mark.parametrize(
        ("options", "events"),
        [
            (["--event", "evt_2"], ["evt_2"]),
            (["--state", "skipped"], ["evt_1"]),
            (["--dead"], []),
            (["--endpoint", "ep_none"], []),
        ],
    )
    def test_filters(self, run: CliRunner, options: list[str], events: list[str]) -> None:
        document = json.loads(run.invoke(app, ["deliveries", "--json", *options]).stdout)
        assert [each["event"] for each in document["deliveries"]] == events

    def test_attempts_of_one(self, run: CliRunner) -> None:
        result = run.invoke(app, ["deliveries", "--attempts", "2"])
        assert (result.exit_code, result.stdout) == (0, "not tried yet\n")
        result = run.invoke(app, ["deliveries", "--attempts", "2", "--json"])
        assert json.loads(result.stdout) == {"delivery": 2, "attempts": []}

    def test_one_that_is_not_there_is_wrong_input(self, run: CliRunner) -> None:
        result = run.invoke(app, ["deliveries", "--attempts", "99", "--json"])
        assert result.exit_code == 2
        assert "there is no delivery 99" in json.loads(result.stdout)["error"]

    def test_a_store_that_is_not_there_is_wrong_input(self, run: CliRunner, tmp_path: Path) -> None:
        result = run.invoke(app, ["deliveries", "--store", str(tmp_path / "none.db")])
        assert result.exit_code == 2
        assert "HAMILTON_STORE" in result.stderr

    def test_a_database_that_cannot_is_1(self, run: CliRunner, tmp_path: Path) -> None:
        path = tmp_path / "empty.db"
        path.touch()
        result = run.invoke(app, ["deliveries", "--store", str(path)])
        assert result.exit_code == 1
        assert "hamilton store upgrade" in result.stderr


class TestReplay:
    def test_a_dry_run_counts_and_changes_nothing(self, run: CliRunner, outbox: Outbox) -> None:
        result = run.invoke(app, ["replay", "--since", "2026-03-27T08:00:00Z", "--dry-run"])
        assert (result.exit_code, result.stdout) == (0, "3 deliveries would be made due again\n")
        assert outbox.counters().skipped == 1

    def test_with_yes_it_is_done(self, run: CliRunner, outbox: Outbox) -> None:
        result = run.invoke(app, ["replay", "--event", "evt_1", "--only", "skipped", "--yes"])
        assert (result.exit_code, result.stdout) == (0, "1 delivery made due again\n")
        assert outbox.counters().skipped == 0

    def test_machines_get_a_document(self, run: CliRunner) -> None:
        for options, dry_run in ((["--dry-run"], True), (["--yes"], False)):
            result = run.invoke(app, ["replay", "--delivery", "1", "--json", *options])
            assert json.loads(result.stdout) == {"dry_run": dry_run, "count": 1}

    def test_where_nobody_can_confirm_nothing_is_done(self, run: CliRunner, outbox: Outbox) -> None:
        result = run.invoke(app, ["replay", "--delivery", "1"])
        assert result.exit_code == 2
        assert "nobody is there to confirm that 1 delivery should go" in result.stderr
        assert "--yes" in result.stderr
        assert outbox.counters().skipped == 1

    @pytest.mark.parametrize(("answer", "code", "skipped"), [("y\n", 0, 0), ("n\n", 2, 1), ("\n", 2, 1)])
    def test_a_person_is_asked(
        self,
        run: CliRunner,
        outbox: Outbox,
        monkeypatch: pytest.MonkeyPatch,
        answer: str,
        code: int,
        skipped: int,
    ) -> None:
        monkeypatch.setattr(module, "_is_person", lambda: True)
        result = run.invoke(app, ["replay", "--delivery", "1"], input=answer)
        assert result.exit_code == code
        assert "Send 1 delivery again? [y/N]:" in result.stderr
        assert outbox.counters().skipped == skipped

    @pytest.mark.parametrize("options", [["--yes"], ["--only", "dead", "--dry-run"]])
    def test_nothing_said_is_not_everything(self, run: CliRunner, outbox: Outbox, options: list[str]) -> None:
        result = run.invoke(app, ["replay", *options])
        assert result.exit_code == 2
        assert "--since" in result.stderr

    def test_a_local_time_is_refused(self, run: CliRunner) -> None:
        result = run.invoke(app, ["replay", "--since", "2026-03-27 08:00", "--yes"])
        assert result.exit_code == 2
        assert "no offset from UTC" in result.stderr


def test_a_person_is_somebody_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert module._is_person()
