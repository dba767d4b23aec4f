"""The entry point works without the extra, to say which one is missing."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from hamilton_sdk.cli import main


@pytest.mark.parametrize("name", ["typer", "rich"])
def test_a_missing_extra_is_said_with_the_command_that_installs_it(name: str) -> None:
    code = f"import sys; sys.modules[{name!r}] = None; from hamilton_sdk.cli import main; main()"
    arguments = [sys.executable, "-W", "error", "-c", code, "demo", "--no-faults"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"The hamilton command needs {name}, which is not installed.\n"
        'Install it with: pip install "hamilton-apps-sdk[cli]"\n'
    )


def test_the_same_in_this_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "typer", None)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert 'pip install "hamilton-apps-sdk[cli]"' in capsys.readouterr().err


def test_another_module_that_is_missing_is_a_bug_and_not_explained_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> None:
        message = f"No module named 'shellingham', which {name} needs"
        raise ModuleNotFoundError(message, name="shellingham")

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(ModuleNotFoundError, match="shellingham"):
        main()


def test_an_interruption_while_modules_load_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib, "import_module", interrupted)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130


def test_it_runs_the_command_with_the_arguments_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["hamilton", "--version"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("hamilton ")
