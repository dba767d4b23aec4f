"""The public names of the family, and what loading it costs."""

from __future__ import annotations

import subprocess
import sys

from hamilton_sdk import graph


def test_every_public_name_is_there():
    assert sorted(graph.__all__) == list(graph.__all__)
    for name in graph.__all__:
        assert getattr(graph, name).__name__ == name
    assert set(graph.__all__) <= set(dir(graph))


def test_nothing_heavy_is_loaded_before_it_is_used():
    late = {"httpx", "pydantic", "msal", "asyncio", "tenacity"}
    code = f"import sys, hamilton_sdk.graph; print(*{late} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""
