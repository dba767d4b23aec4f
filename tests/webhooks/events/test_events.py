"""The family's face: all names, each loaded on first use."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hamilton_sdk.webhooks import events


def test_the_names_are_there() -> None:
    assert dir(events) == sorted(events.__all__)
    assert {kind.__name__ for kind in events.EVENTS.values()} <= set(events.__all__)


@pytest.mark.parametrize("name", [name for name in events.__all__ if name != "EVENTS"])
def test_a_name_is_what_it_says(name: str) -> None:
    assert getattr(events, name).__name__ == name


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ImportError, match="cannot import name 'VisitMade'"):
        exec("from hamilton_sdk.webhooks.events import VisitMade")  # noqa: S102 (what a user may write)


def test_nothing_heavy_loads_before_a_name_needs_it() -> None:
    code = "import sys, hamilton_sdk.webhooks.events; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"


def test_reading_an_event_loads_no_http_library() -> None:
    names = "from hamilton_sdk.webhooks.events import parse_event, openapi"
    code = f"import sys; {names}; print('httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"
