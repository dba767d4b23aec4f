"""Run the tests against the built wheel, in an environment of its own, away from the source tree.

Usage: ``test_wheel.py WHEEL ENVIRONMENT PYTHON [--lowest]``. With ``--lowest``, what the package depends on
is installed in the lowest version that pyproject.toml allows.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
NEEDED = ("tests", "docs", "examples", "README.md", "conftest.py", "pyproject.toml")


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a command; end with its exit code if it fails."""
    done = subprocess.run(command, cwd=cwd, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def lowest(python: Path, environment: Path) -> Path:
    """Resolve the lowest versions that are allowed."""
    run(python, "-m", "pip", "install", "-qq", "--constraint", "constraints.txt", "--group", "lowest")
    pins = environment / "lowest.txt"
    options = ("--all-extras", "--resolution=lowest-direct", "--no-annotate", "--no-header", "--quiet")
    run(python, "-m", "uv", "pip", "compile", "pyproject.toml", *options, "--output-file", pins)
    return pins


def prepare(environment: Path, base: str, wheel: Path, *, low: bool) -> Path:
    """Make the environment with the wheel, its extras and what the tests need."""
    python = environment / "bin" / "python"
    if not python.exists():
        run(base, "-m", "venv", environment)
    pip = (python, "-m", "pip", "install", "-qq", "--constraint")
    run(*pip, "constraints.txt", "--upgrade", "pip")
    run(*pip, lowest(python, environment) if low else "constraints.txt", f"{wheel}[all]")
    run(*pip, "constraints.txt", "--force-reinstall", "--no-deps", wheel)
    run(*pip, "constraints.txt", "--group", "test")
    return python


def main() -> None:
    """Prepare, copy the tests away from the tree, run them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("environment", type=Path)
    parser.add_argument("python")
    parser.add_argument("--lowest", action="store_true")
    given = parser.parse_args()
    python = prepare(given.environment.absolute(), given.python, given.wheel.absolute(), low=given.lowest)
    with tempfile.TemporaryDirectory() as folder:
        for name in NEEDED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, Path(folder, name), ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copy(source, folder)
        os.environ.pop("PYTHONPATH", None)
        # The layout and the tools are the tree's matter, not the wheel's.
        trees = ("--ignore=tests/test_layout.py", "--ignore=tests/tools")
        run(python, "-m", "pytest", "-q", "tests", *trees, cwd=Path(folder))


if __name__ == "__main__":
    main()
