"""The commands as they are typed: output, exit codes, and never a traceback for wrong input."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import hamilton_sdk
from hamilton_sdk.acs import AccessControl
from hamilton_sdk.cli import app as module
from hamilton_sdk.cli import demo
from hamilton_sdk.cli.app import app
from hamilton_sdk.cli.visits import Column
from hamilton_sdk.errors import Invalid
from hamilton_sdk.transport import Timeouts

_HEADER = ";".join(Column)
_GOOD = "V-1;Lefèvre;Gaël;;;E-1001;27/03/2026 08:45;27/03/2026 12:00;Visitors;21004817;badge"
_BAD = "V-2;;Zoé;;;;27/03/2026 08:45;27/03/2026 12:00;;;"
_COMMAND = (sys.executable, "-W", "error", "-c", "from hamilton_sdk.cli import main; main()")


@pytest.fixture(autouse=True)
def short_silences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_TIMEOUTS", Timeouts(read=0.5))


@pytest.fixture
def run() -> CliRunner:
    return CliRunner(env={"COLUMNS": "80"})


def _file(folder: Path, *lines: str, name: str = "own.csv") -> str:
    path = folder / name
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    return str(path)


def _command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_COMMAND, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
        env={**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", **environment},
    )


class TestHelp:
    def test_the_version_is_shown(self, run: CliRunner) -> None:
        result = run.invoke(app, ["--version"])
        assert (result.exit_code, result.output) == (0, f"hamilton {hamilton_sdk.__version__}\n")

    def test_without_a_command_they_are_listed(self, run: CliRunner) -> None:
        output = run.invoke(app, []).output
        assert "demo" in output
        assert "simulate" in output

    def test_the_columns_of_the_file_are_explained(self, run: CliRunner) -> None:
        result = run.invoke(app, ["demo", "--help"])
        assert result.exit_code == 0
        assert [column for column in Column if f"\n    {column}  " not in result.output] == []
        assert "27/03/2026 08:45" in result.output
        assert max(len(line) for line in result.output.splitlines()) <= 80


class TestDemo:
    def test_plays_the_sample_with_faults_and_keeps_its_promises(self, run: CliRunner) -> None:
        result = run.invoke(app, ["demo", "--seed", "4"])
        assert result.exit_code == 0
        assert "AEOS is simulated" in result.output
        assert "line 6, column 7 (Arrivée)" in result.output
        assert "arrives, badge …" in result.output
        assert "is expired by the sweep" in result.output
        assert "fault at " in result.output
        assert "All 12 promises kept." in result.output
        assert "Lefèvre" not in result.output
        assert "21004817" not in result.output

    def test_prints_one_document_and_nothing_else_for_machines(self, run: CliRunner, tmp_path: Path) -> None:
        path = _file(tmp_path, _HEADER, _GOOD, _BAD)
        result = run.invoke(app, ["demo", path, "--json", "--strategy", "profile", "--no-faults"])
        document = json.loads(result.stdout)
        assert result.exit_code == 0
        assert document["kept"] is True
        assert document["strategy"] == "profile"
        assert document["faults"] == []
        assert [visit["reference"] for visit in document["visits"]] == ["V-1"]
        assert [(problem["line"], problem["name"]) for problem in document["problems"]] == [(3, "Nom")]

    @pytest.mark.parametrize("options", [[], ["--json"]])
    def test_ends_with_1_where_a_promise_was_broken(
        self, run: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
    ) -> None:
        monkeypatch.setattr(AccessControl, "activate", AccessControl.reserve)
        result = run.invoke(app, ["demo", _file(tmp_path, _HEADER, _GOOD), "--no-faults", *options])
        assert result.exit_code == 1
        assert "not for V-1" in result.output

    def test_reads_the_file_s_times_in_the_zone_given(self, run: CliRunner, tmp_path: Path) -> None:
        path = _file(tmp_path, _HEADER, _GOOD)
        options = ["--json", "--no-faults", "--timezone", "Indian/Reunion"]
        document = json.loads(run.invoke(app, ["demo", path, *options]).stdout)
        assert document["clock"] == "2026-03-27T04:15:00+00:00"

    @pytest.mark.parametrize("options", [[], ["--json"]])
    @pytest.mark.parametrize(
        ("cause", "code", "said"), [(KeyboardInterrupt, 130, "Interrupted.\n"), (BrokenPipeError, 141, "")]
    )
    def test_ends_quietly_when_interrupted_or_when_nobody_reads(
        self,
        run: CliRunner,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        cause: type[BaseException],
        code: int,
        said: str,
        options: list[str],
    ) -> None:
        def end(*_: object, **__: object) -> None:
            raise cause

        monkeypatch.setattr(demo, "play", end)
        result = run.invoke(app, ["demo", _file(tmp_path, _HEADER, _GOOD), *options])
        # Older versions of rich end the line of a progress bar that shows nothing.
        assert (result.exit_code, result.stdout.strip(), result.stderr) == (code, "", said)
        assert isinstance(result.exception, SystemExit)

    def test_json_keeps_its_accents(self, run: CliRunner, tmp_path: Path) -> None:
        path = _file(tmp_path, _HEADER, _GOOD)
        assert '"visitor": "Gaël L."' in run.invoke(app, ["demo", path, "--json", "--no-faults"]).stdout


class TestAFileThatCannotBeUsed:
    """A clear message, exit code 2, no traceback; with --json a document says the same."""

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "own.csv: the file is empty"),
            (b"\x7fELF\x00\x01", "own.csv: the file is not a text file"),
            (b"PK\x03\x04", "own.csv: the file is a workbook"),
            (b"Nom;Badge\nx;y", "own.csv: line 1, the header, lacks R"),
            (_HEADER.encode("cp1252"), "own.csv holds no visits, only a header line"),
            (f"{_HEADER}\n{_BAD}".encode("cp1252"), "own.csv holds no line that can be used"),
        ],
    )
    def test_says_why_and_what_to_do(self, run: CliRunner, tmp_path: Path, content: bytes, said: str) -> None:
        path = tmp_path / "own.csv"
        path.write_bytes(content)
        result = run.invoke(app, ["demo", str(path)])
        assert result.exit_code == 2
        assert result.stdout == ""
        assert said in result.stderr
        assert "\nHint: " in result.stderr
        assert isinstance(result.exception, SystemExit)
        result = run.invoke(app, ["demo", str(path), "--json"])
        assert result.exit_code == 2
        document = json.loads(result.stdout)
        assert document["kept"] is False
        assert said in document["error"]
        assert document["hint"]

    def test_that_is_not_there_or_a_folder(self, run: CliRunner, tmp_path: Path) -> None:
        for path, said in ((tmp_path / "none.csv", "cannot be read"), (tmp_path, "is a folder")):
            result = run.invoke(app, ["demo", str(path)])
            assert result.exit_code == 2
            assert said in result.stderr

    def test_of_bad_lines_alone_names_the_first_of_them_by_line_and_column(
        self, run: CliRunner, tmp_path: Path
    ) -> None:
        path = _file(tmp_path, _HEADER, *[_BAD] * 25)
        result = run.invoke(app, ["demo", path])
        assert "  line 2, column 2 (Nom): is empty\n" in result.stderr
        assert "line 21," in result.stderr
        assert "line 22," not in result.stderr
        assert "  and 5 more\n" in result.stderr
        document = json.loads(run.invoke(app, ["demo", path, "--json"]).stdout)
        assert len(document["problems"]) == 25

    def test_an_unknown_zone_is_refused_with_the_nearest(self, run: CliRunner) -> None:
        result = run.invoke(app, ["demo", "--timezone", "Europe/Pariss"])
        assert result.exit_code == 2
        assert "Europe/Paris" in result.stderr

    def test_an_unknown_strategy_is_refused(self, run: CliRunner) -> None:
        assert run.invoke(app, ["demo", "--strategy", "badge"]).exit_code == 2


class TestSimulate:
    def test_says_what_a_client_needs(self, run: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
        """What follows, real clients and signals included, is in the tests of `serve`."""

        def serve(name: str, *, port: int, tls: bool, say: object) -> None:
            assert callable(say)
            say(f"url: {name} {port} {tls}")

        monkeypatch.setattr("hamilton_sdk.cli.serve.serve", serve)
        result = run.invoke(app, ["simulate", "aeos", "--port", "8443", "--tls"])
        assert (result.exit_code, result.output) == (0, "url: aeos 8443 True\n")

    def test_an_unknown_system_is_refused_with_those_there_are(self, run: CliRunner) -> None:
        result = run.invoke(app, ["simulate", "aeso"])
        assert result.exit_code == 2
        assert "did you mean 'aeos'?" in result.stderr

    def test_an_error_without_a_hint_is_shown_without_one(
        self, run: CliRunner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def serve(*_: object, **__: object) -> None:
            message = "it cannot be"
            raise Invalid(message)

        monkeypatch.setattr("hamilton_sdk.cli.serve.serve", serve)
        result = run.invoke(app, ["simulate", "aeos"])
        assert (result.exit_code, result.stderr) == (2, "Error: it cannot be\n")

    def test_a_port_that_is_taken_is_named(self, run: CliRunner) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            result = run.invoke(app, ["simulate", "aeos", "--port", str(port)])
        assert result.exit_code == 2
        assert f"port {port} cannot be used" in result.stderr

    @pytest.mark.parametrize("port", ["-1", "65536", "x"])
    def test_what_is_no_port_is_refused(self, run: CliRunner, port: str) -> None:
        assert run.invoke(app, ["simulate", "aeos", "--port", port]).exit_code == 2


class TestAsAProcess:
    """As an installed command runs: warnings are errors, and the output is what is read through a pipe."""

    @pytest.mark.parametrize(("seed", "strategy"), [("11", "visit"), ("12", "profile")])
    def test_the_demonstration_keeps_its_promises(self, seed: str, strategy: str) -> None:
        done = _command("demo", "--seed", seed, "--strategy", strategy)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith("All 12 promises kept.\n")
        assert "\x1b" not in done.stdout
        assert max(map(len, done.stdout.splitlines())) <= 80

    def test_a_terminal_without_accents_is_served_too(self, tmp_path: Path) -> None:
        path = _file(tmp_path, _HEADER, _GOOD)
        done = _command("demo", path, "--no-faults", PYTHONIOENCODING="ascii")
        assert (done.returncode, done.stderr) == (0, "")
        assert "> Gael L." in done.stdout

    def test_json_is_escaped_where_the_output_has_no_accents(self, tmp_path: Path) -> None:
        path = _file(tmp_path, _HEADER, _GOOD)
        done = _command("demo", path, "--no-faults", "--json", PYTHONIOENCODING="ascii")
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["visits"][0]["visitor"] == "Gaël L."
        assert done.stdout.isascii()

    @pytest.mark.parametrize(
        "arguments",
        [
            ("demo", "--no-faults"),
            ("demo", "--no-faults", "--json"),
            ("demo", "none.csv", "--json"),
            ("simulate", "aeos"),
        ],
        ids=" ".join,
    )
    def test_a_pipe_that_nobody_reads_ends_it_quietly(self, arguments: tuple[str, ...]) -> None:
        """As ``| head -1`` does; and not with the code of a broken promise."""
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(
            [*_COMMAND, *arguments],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=300,
        )
        os.close(writer)
        assert (done.returncode, done.stderr) == (141, "")

    def test_no_line_ends_in_spaces(self) -> None:
        lines = _command("demo", "--no-faults").stdout.splitlines()
        assert len(lines) > 30
        assert [line for line in lines if line != line.rstrip()] == []

    @pytest.mark.skipif(sys.platform == "win32", reason="there Ctrl-C goes to all processes of a terminal")
    def test_ctrl_c_ends_it_without_a_traceback(self) -> None:
        with subprocess.Popen(
            [*_COMMAND, "demo"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"},
        ) as process:
            assert process.stdout is not None
            assert "hamilton demo" in process.stdout.readline()  # it has begun
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=300)
        assert (process.returncode, said) == (130, "Interrupted.\n")

    def test_a_missing_file_is_no_traceback(self) -> None:
        done = _command("demo", "none.csv")
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.startswith("Error: none.csv cannot be read")
        assert "Traceback" not in done.stderr


def test_the_commands_load_the_simulators_only_when_they_run() -> None:
    code = "import hamilton_sdk.cli.app, sys; sys.exit('hamilton_sdk.testing' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert module.app is app
