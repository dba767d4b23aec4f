"""How a command ends: its exit code, and what people and machines are told."""

from __future__ import annotations

import json

import pytest
import typer

from hamilton_sdk.cli.ending import ended_by_errors, print_json, reader, refuse
from hamilton_sdk.errors import ConfigurationError, HamiltonError, Invalid, StoreError


def _code(error: BaseException, *, as_json: bool = False) -> int:
    with pytest.raises(typer.Exit) as ended, ended_by_errors(as_json=as_json):
        raise error
    return ended.value.exit_code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Invalid("no"), 2),
        (ConfigurationError("no"), 2),
        (StoreError("no"), 1),
        (KeyboardInterrupt(), 130),
        (typer.Abort(), 130),
        (BrokenPipeError(), 141),
    ],
)
def test_each_end_has_its_code(error: BaseException, code: int) -> None:
    assert _code(error) == code


def test_a_person_is_told_what_and_what_to_do_on_the_error_output(capsys: pytest.CaptureFixture[str]) -> None:
    _code(Invalid("it is wrong", hint="make it right"))
    assert capsys.readouterr() == ("", "Error: it is wrong\nHint: make it right\n")


def test_an_interruption_is_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    _code(KeyboardInterrupt())
    assert capsys.readouterr() == ("", "Interrupted.\n")


def test_machines_get_a_document_besides(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        refuse(
            HamiltonError("it is wrong"),
            as_json=True,
            first={"kept": False},
            last={"problems": []},
            details=["line 2"],
            code=7,
        )
    assert ended.value.exit_code == 7
    said = capsys.readouterr()
    assert list(json.loads(said.out).items()) == [
        ("kept", False),
        ("error", "it is wrong"),
        ("hint", None),
        ("problems", []),
    ]
    assert said.err == "Error: it is wrong\n  line 2\n"


def test_a_document_alone_where_nothing_is_added(capsys: pytest.CaptureFixture[str]) -> None:
    assert _code(Invalid("it is wrong"), as_json=True) == 2
    assert json.loads(capsys.readouterr().out) == {"error": "it is wrong", "hint": None}


def test_what_ends_well_ends_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with ended_by_errors(as_json=True), reader():
        print_json({"good": True})
    assert json.loads(capsys.readouterr().out) == {"good": True}
