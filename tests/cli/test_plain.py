"""Output never fails for a character; it says something near."""

from __future__ import annotations

import io

import pytest

from hamilton_sdk.cli.plain import tolerate


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
    assert _written("→ Gaël ← Œuvrard …817 · ✓ ✗", "cp1252") == "> Gaël < Œuvrard …817 · + X"


def test_in_ascii_names_stay_readable() -> None:
    assert _written("→ Gaël, Œuvrard …817 · œ", "ascii") == "> Gael, OEuvrard ..817 - oe"


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
