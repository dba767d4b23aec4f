"""What importing costs over a bare interpreter, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.measure import Row, in_turn

__all__ = ["rows"]

_ROUNDS = 15
_LATE = ("httpx", "httpcore", "tenacity", "asyncio", "ssl")


# An installed package comes compiled; where this is set, every import would compile it anew.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _importing(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, env=_ENVIRONMENT)


def _loaded(code: str) -> list[str]:
    """Modules that an import loads from outside the standard library and the SDK."""
    probe = (
        f"import sys; before = set(sys.modules); {code}; "
        "names = {name.partition('.')[0] for name in set(sys.modules) - before}; "
        "print(*sorted(names - sys.stdlib_module_names - {'hamilton_sdk'}))"
    )
    done = subprocess.run([sys.executable, "-c", probe], check=True, capture_output=True, text=True)
    return done.stdout.split()


def _late(code: str) -> list[str]:
    probe = f"import sys; {code}; print(*[name for name in {_LATE!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], check=True, capture_output=True, text=True)
    return done.stdout.split()


def rows() -> list[Row]:
    """The import times, and how many modules are loaded that should not be."""
    pydantic = "from pydantic import BaseModel\nclass One(BaseModel, defer_build=True):\n    name: str"
    codes = {
        "bare": "pass",
        "hamilton_sdk": "import hamilton_sdk",
        "hamilton_sdk.acs": "import hamilton_sdk.acs",
        "all": "from hamilton_sdk.acs import *",
        "pydantic": pydantic,
    }
    times = in_turn(
        {name: lambda code=code: _importing(code) for name, code in codes.items()}, rounds=_ROUNDS
    )
    over = {name: (seconds - times["bare"]) * 1000 for name, seconds in times.items()}
    third = _loaded("import hamilton_sdk")
    late = _late("from hamilton_sdk.acs import *")
    return [
        Row("import hamilton_sdk, over a bare interpreter", over["hamilton_sdk"], "ms", 25),
        Row("  third-party modules it loads", len(third), "modules", 0, note=" ".join(third)),
        Row("import hamilton_sdk.acs, over a bare interpreter", over["hamilton_sdk.acs"], "ms", 120),
        Row(
            "  with all its names in use",
            over["all"],
            "ms",
            note=f"{over['all'] - over['pydantic']:.0f} ms of it ours",
        ),
        Row(
            "  pydantic with one model",
            over["pydantic"],
            "ms",
            note="the floor of any pydantic package",
        ),
        Row(
            f"  loaded before a connector opens, of {', '.join(_LATE)}",
            len(late),
            "modules",
            0,
            note=" ".join(late),
        ),
    ]
