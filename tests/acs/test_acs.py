"""The family's face: all names of the contract, each loaded on first use."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hamilton_sdk import acs

CONTRACT = [
    "AccessControl",
    "AccessGrant",
    "AccessOrder",
    "Aeos",
    "AsyncAccessControl",
    "Credential",
    "FakeAccessControl",
    "Holder",
]


def test_the_names_of_the_contract_are_there() -> None:
    assert set(CONTRACT) <= set(acs.__all__)
    assert dir(acs) == sorted(acs.__all__)


@pytest.mark.parametrize("name", acs.__all__)
def test_a_name_is_what_it_says(name: str) -> None:
    assert getattr(acs, name).__name__ == name


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ImportError, match="cannot import name 'Aeros'"):
        exec("from hamilton_sdk.acs import Aeros")  # noqa: S102 (what a user may write)


@pytest.mark.parametrize("module", ["acs", "acs.credentials"])
def test_nothing_heavy_loads_before_a_name_needs_it(module: str) -> None:
    code = f"import sys, hamilton_sdk.{module}; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"
