"""Output never fails for a character; it says something near."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from hamilton_sdk.cli.plain import json_for, let_go, tolerate


def _written(text: str, encoding: str) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    tolerate(stream)
    stream.write(text)
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_can_be_written_is_written(encoding: str) -> None:
    assert _written("→ Œuvrard …817 ✓", encoding) == "→ Œuvrard …817 ✓"


def test_windows_terminals_keep_their_accents() -> None:
    assert _written("→ Gaël ← Œuvrard …817 · ✓ ✗ »", "cp1252") == "> Gaël < Œuvrard …817 · + X »"


def test_in_ascii_names_stay_readable() -> None:
    assert _written("→ Gaël, Œuvrard …817 · œ »", "ascii") == "> Gael, OEuvrard ..817 - oe >"


def test_a_script_without_anything_near_is_a_question_mark() -> None:
    assert _written("李明", "ascii") == "??"


def test_a_stream_of_another_make_is_left_alone() -> None:
    stream = io.StringIO()
    tolerate(stream)
    stream.write("→")
    assert stream.getvalue() == "→"


def test_it_is_for_writing_alone() -> None:
    tolerate(io.StringIO())
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("ascii", "hamilton.near")


_DOCUMENT = {"visitor": "Zoé Œ.", "file": "visites à venir.csv"}


def _stream(encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "U8"])
def test_json_keeps_its_accents_where_utf_8_is_written(encoding: str) -> None:
    text = json_for(_stream(encoding), _DOCUMENT)
    assert "Zoé Œ." in text
    assert json.loads(text) == _DOCUMENT


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-16"])
def test_json_escapes_them_elsewhere_although_the_encoding_may_have_them(encoding: str) -> None:
    """JSON in anything but UTF-8 is what no program expects."""
    text = json_for(_stream(encoding), _DOCUMENT)
    assert text.isascii()
    assert json.loads(text) == _DOCUMENT


@pytest.mark.parametrize("stream", [None, io.StringIO()])
def test_json_for_no_stream_or_one_without_an_encoding_is_escaped(stream: io.StringIO | None) -> None:
    assert json_for(stream, _DOCUMENT).isascii()


def test_a_name_that_no_encoding_holds_is_escaped() -> None:
    """As Python reads the name of a file that is not in the system's encoding."""
    document = {"file": "visites \udce0 venir.csv"}
    text = json_for(_stream("utf-8"), document)
    assert text.isascii()
    assert json.loads(text) == document


def test_what_nobody_reads_goes_nowhere() -> None:
    """At the exit Python writes what is left, and would complain with a traceback and another exit code."""
    code = (
        "import sys; from hamilton_sdk.cli.plain import let_go;"
        "sys.stdout.write('left'); let_go(sys.stdout); sys.exit(3)"
    )
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env=buffered,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (3, "")


def test_letting_go_moves_the_stream_alone() -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w", encoding="utf-8") as stream, os.fdopen(reader, encoding="utf-8") as pipe:
        let_go(stream)
        stream.write("lost")
        stream.flush()
        assert pipe.read() == ""
    let_go(io.StringIO())
