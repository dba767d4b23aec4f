"""The package's own face: a sorted list of names, each loaded on first use, and nothing heavy before."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path

import pytest

import hamilton_sdk

_SHOW_NEW_MODULES = """
import json, sys
before = set(sys.modules)
{statement}
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def loaded_by(statement: str) -> set[str]:
    """The modules that a statement loads into a fresh interpreter."""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", _SHOW_NEW_MODULES.format(statement=statement)],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(result.stdout.splitlines()[-1]))


def families(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def late_imports() -> dict[str, str]:
    """What type checkers are told: each late name and the module it comes from."""
    tree = ast.parse(Path(hamilton_sdk.__file__).read_text(encoding="utf-8"))
    block = next(
        node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    return {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom) and node.module is not None
        for alias in node.names
    }


def test_the_list_of_public_names_is_sorted_and_has_no_repeats() -> None:
    assert hamilton_sdk.__all__ == sorted(set(hamilton_sdk.__all__))


def test_type_checkers_see_exactly_the_public_names() -> None:
    assert late_imports().keys() | {"__version__"} == set(hamilton_sdk.__all__)


@pytest.mark.parametrize(("name", "module"), late_imports().items())
def test_a_name_is_the_one_of_its_module(name: str, module: str) -> None:
    assert getattr(hamilton_sdk, name) is getattr(importlib.import_module(module), name)


def test_a_name_is_looked_up_once() -> None:
    vars(hamilton_sdk).pop("TimeWindow", None)
    window = hamilton_sdk.TimeWindow
    assert vars(hamilton_sdk)["TimeWindow"] is window


def test_all_names_can_be_imported_at_once() -> None:
    names: dict[str, object] = {}
    exec("from hamilton_sdk import *", names)  # noqa: S102 (what a user may write)
    assert names.keys() - {"__builtins__"} == set(hamilton_sdk.__all__)


def test_dir_shows_the_public_names() -> None:
    assert dir(hamilton_sdk) == hamilton_sdk.__all__


def test_any_other_name_is_missing_as_from_any_module() -> None:
    with pytest.raises(AttributeError, match=r"^module 'hamilton_sdk' has no attribute 'Aeos'$"):
        hamilton_sdk.Aeos  # noqa: B018 (it is the asking that raises)
    with pytest.raises(ImportError, match="cannot import name 'nothing'"):
        exec("from hamilton_sdk import nothing")  # noqa: S102


def test_the_version_is_the_distributions() -> None:
    assert hamilton_sdk.__version__ == importlib.metadata.version("hamilton-apps-sdk")


def test_importing_the_package_loads_no_third_party_and_nothing_of_it_but_the_way_to_load_the_rest() -> None:
    loaded = loaded_by("import hamilton_sdk")
    assert families(loaded) - sys.stdlib_module_names == {"hamilton_sdk"}
    assert {name for name in loaded if name.startswith("hamilton_sdk")} == {
        "hamilton_sdk",
        "hamilton_sdk._lazy",
    }
    assert not loaded & {"asyncio", "logging", "socket", "ssl", "threading"}


@pytest.mark.parametrize("module", ["acs", "errors", "flow", "journal", "model", "retry", "transport.base"])
def test_what_blocks_or_awaits_loads_only_when_a_connector_opens(module: str) -> None:
    loaded = families(loaded_by(f"from hamilton_sdk.{module} import *"))
    assert not loaded & {"anyio", "asyncio", "cryptography", "httpx", "httpx2", "ssl", "tenacity"}


@pytest.mark.parametrize(
    "module", ["acs", "acs.credentials", "clock", "errors", "failure", "flow", "retry", "retry_after"]
)
def test_the_pure_core_needs_the_standard_library_alone(module: str) -> None:
    loaded = families(loaded_by(f"import hamilton_sdk.{module}"))
    assert loaded - sys.stdlib_module_names == {"hamilton_sdk"}
    assert not loaded & {"asyncio", "email", "logging", "socket", "ssl", "threading"}
