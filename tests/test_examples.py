"""The examples run as they are, warnings being errors, and do what they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_EXAMPLES = Path(__file__).parent.parent / "examples"
_SAID = {
    "access_control.py": [
        "before arrival:   reserved",
        "at the reception: active",
        "asked twice:      active - still one holder",
        "stays longer:     active",
        "at the exit:      ended",
    ],
    "calendars.py": [
        "booked:      confirmed",
        "asked twice: the same",
        "taken by:    ['R-1']",
        "free:        ['red@example.com']",
        "stands:      ['changed']",
        "moved to:    [11]",
        "ended at:    11:30",
    ],
    "simulated_aeos.py": [
        "activated: active",
        "faults:    ['addVisitor']",
        "visitors:  1",
        "opens:     True",
    ],
    "webhook_delivery.py": [
        "received:  visit.checked_in",
        "tried:     1",
        "tried:     0",
        "received:  visit.checked_in",
        "tried:     1",
        "delivered: 1",
    ],
    "webhook_receiver.py": [
        "received:   visit.checked_in",
        "genuine:    204",
        "again:      visit.checked_in",
        "repeated:   204",
        "forged:     400",
    ],
}


def test_every_example_is_run_here() -> None:
    assert sorted(path.name for path in _EXAMPLES.glob("*.py")) == sorted(_SAID)


@pytest.mark.parametrize("name", _SAID)
def test_an_example_runs_and_says_what_it_did(name: str) -> None:
    arguments = [sys.executable, "-W", "error", str(_EXAMPLES / name)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines() == _SAID[name]
    assert done.returncode == 0


@pytest.mark.parametrize("name", _SAID)
def test_an_example_is_read_in_a_minute(name: str) -> None:
    assert len((_EXAMPLES / name).read_text(encoding="utf-8").splitlines()) <= 60
