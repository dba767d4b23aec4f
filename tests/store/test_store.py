"""The store's names load on first use."""

from __future__ import annotations

import subprocess
import sys

import hamilton_sdk.store


def test_importing_it_loads_no_database_library() -> None:
    code = "import sys, hamilton_sdk.store; print([name for name in sys.modules if 'sqlalchemy' in name])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_names_what_it_offers() -> None:
    assert dir(hamilton_sdk.store) == ["AsyncStore", "HEAD", "Store", "metadata", "upgrade"]
