"""What is public is exactly what `__all__` names, in every package and module."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path
from types import ModuleType

import pytest

import hamilton_sdk

_FOUND = list(pkgutil.walk_packages(hamilton_sdk.__path__, "hamilton_sdk."))
PACKAGES = ["hamilton_sdk", *[found.name for found in _FOUND if found.ispkg]]
MODULES = [
    found.name for found in _FOUND if not found.ispkg and not found.name.rpartition(".")[2].startswith("_")
]


def public_names(module: ModuleType) -> list[str]:
    return list(getattr(module, "__all__", []))


def _tree(module: ModuleType) -> ast.Module:
    assert module.__file__ is not None
    return ast.parse(Path(module.__file__).read_text(encoding="utf-8"))


def _only_gathers(name: str) -> bool:
    """Whether a package defines nothing itself, `__getattr__` and its like apart."""
    definitions = [
        node
        for node in _tree(importlib.import_module(name)).body
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    return all(node.name.startswith("_") for node in definitions)


@pytest.mark.parametrize("name", [name for name in PACKAGES if _only_gathers(name)])
def test_a_package_exports_exactly_what_it_names(name: str) -> None:
    """And the names under `TYPE_CHECKING`, which load late, are among them."""
    package = importlib.import_module(name)
    named = public_names(package)
    late = _imported_for_type_checkers(package)
    for each in named:
        assert getattr(package, each) is not None
    bound = {
        each
        for each, value in vars(package).items()
        # Submodules become attributes by being imported; some are exported on purpose.
        if not each.startswith("_") and (each in named or not inspect.ismodule(value))
    } - {"annotations", "TYPE_CHECKING", "lazy"}
    assert bound | late == {each for each in named if not each.startswith("_")}


@pytest.mark.parametrize("name", [*PACKAGES, *MODULES])
def test_no_name_is_listed_twice_or_missing(name: str) -> None:
    module = importlib.import_module(name)
    named = public_names(module)
    assert len(named) == len(set(named))
    assert [each for each in named if not hasattr(module, each)] == []


@pytest.mark.parametrize("name", [name for name in MODULES if name.count(".") == 1])
def test_a_module_of_the_spine_names_all_that_it_defines(name: str) -> None:
    """What is not listed begins with an underscore; inside a family, modules share more than they publish."""
    module = importlib.import_module(name)
    defined = {
        each
        for each, value in vars(module).items()
        if (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == name
        and not each.startswith("_")
    }
    assert defined - set(public_names(module)) == set()


@pytest.mark.parametrize("name", [*PACKAGES, *MODULES])
def test_what_is_public_is_documented(name: str) -> None:
    module = importlib.import_module(name)
    public = [getattr(module, each) for each in public_names(module)]
    described = [each for each in public if inspect.isclass(each) or inspect.isfunction(each)]
    assert [each for each in described if not inspect.getdoc(each)] == []


def _imported_for_type_checkers(package: ModuleType) -> set[str]:
    blocks = [node for node in _tree(package).body if isinstance(node, ast.If)]
    imports = [node for block in blocks for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in imports for alias in node.names}
