"""The `hamilton` command: ``hamilton demo``, ``hamilton simulate``. Needs the extra ``cli``, and says so."""

from __future__ import annotations

import importlib
import sys

__all__ = ["main"]

_NEEDED = ("rich", "typer")
"""What the extra brings."""


def main() -> None:
    """Run the command with the arguments of the process.

    Raises:
        SystemExit: With 0 for success, 1 for a broken promise, 2 for wrong input or a missing extra, 130 when
            interrupted, 141 when whoever reads the output has gone.
    """
    try:
        _check_extra()
        from hamilton_sdk.cli.app import app

        app()
    except KeyboardInterrupt:
        # While modules still load: from then on the commands see to it.
        raise SystemExit(130) from None


def _check_extra() -> None:
    try:
        for name in _NEEDED:
            importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in _NEEDED:
            raise
        sys.stderr.write(
            f"The hamilton command needs {error.name}, which is not installed.\n"
            'Install it with: pip install "hamilton-apps-sdk[cli]"\n'
        )
        raise SystemExit(2) from None
