"""The house keeps its order: every module has its test file, says what it is for, and stays small."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent
_PACKAGE = _ROOT / "hamilton_sdk"
_TESTS = _ROOT / "tests"
_MODULES = sorted(_PACKAGE.rglob("*.py"))
_LONGEST = 500
_FOLDERS = ("hamilton_sdk", "tests", "benchmarks", "docs", "examples", "fuzz", "tools", ".ci")
_TEXT = {".py", ".md", ".toml", ".txt", ".yml", ".csv", ".xml", ".json", ""}
_MACHINE_PATH = re.compile(r"(?<![\w.~])/(?:root|work|home/\w+|Users/\w+)/|/tmp/\w")


def _name(path: Path) -> str:
    return path.relative_to(_ROOT).as_posix()


def _texts() -> list[Path]:
    """Every text file that the project keeps; what tools leave behind lies elsewhere."""
    below = (path for folder in _FOLDERS for path in (_ROOT / folder).rglob("*"))
    files = [path for path in (*_ROOT.iterdir(), *below) if path.is_file() and path.suffix in _TEXT]
    left_behind = {"__pycache__", ".coverage"}
    return sorted(path for path in files if left_behind.isdisjoint(path.parts))


def _only_gathers(module: Path) -> bool:
    """Whether a module holds a docstring, imports and `__all__`, and so nothing that could go wrong."""
    return all(
        isinstance(node, (ast.Import, ast.ImportFrom))
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__")
        for node in ast.parse(module.read_text(encoding="utf-8")).body
    )


def _is_tested_by_itself(module: Path) -> bool:
    """Contracts are tests already, and run wherever an adapter is tested."""
    return "contracts" not in module.parts and not _only_gathers(module)


@pytest.mark.parametrize("module", list(filter(_is_tested_by_itself, _MODULES)), ids=_name)
def test_a_module_has_a_test_file_of_its_own(module: Path) -> None:
    """`hamilton_sdk/acs/credentials.py` is tested by `tests/acs/test_credentials.py`."""
    folder = _TESTS / module.relative_to(_PACKAGE).parent
    stem = module.parent.name if module.stem == "__init__" else module.stem.lstrip("_")
    assert (folder / f"test_{stem}.py").exists()


@pytest.mark.parametrize("module", _MODULES, ids=_name)
def test_a_module_says_what_it_is_for(module: Path) -> None:
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    assert docstring
    assert docstring.strip()


@pytest.mark.parametrize("path", [*_MODULES, *sorted(_TESTS.rglob("*.py"))], ids=_name)
def test_a_file_has_one_subject_and_so_is_not_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= _LONGEST


def test_nothing_names_a_place_on_somebodys_machine() -> None:
    found = [
        f"{_name(path)}: {match.group()}"
        for path in _texts()
        if path != Path(__file__)
        for match in _MACHINE_PATH.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_the_constraints_hold_names_and_versions_only() -> None:
    lines = (_ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    strange = [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)]
    assert strange == []
    assert lines == sorted(set(lines))


def test_every_page_of_the_documentation_can_be_reached() -> None:
    """The navigation and the folder name the same pages; the builder itself finds only broken links."""
    named = re.findall(r"[\w/-]+\.md", (_ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    pages = [path.relative_to(_ROOT / "docs").as_posix() for path in (_ROOT / "docs").rglob("*.md")]
    assert sorted(named) == sorted(pages)
