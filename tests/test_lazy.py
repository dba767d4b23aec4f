"""Names of a package that load on first use: found, kept, listed, and refused as by any other module."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from hamilton_sdk._lazy import lazy


class Package(ModuleType):
    """A package with one name of its own and one that loads late."""

    early = 1


@pytest.fixture
def package() -> Iterator[Package]:
    made = Package("gatherer")
    home = ModuleType("gatherer.home")
    vars(home)["late"] = object()
    vars(made)["__all__"] = ["late", "early"]
    vars(made)["__getattr__"], vars(made)["__dir__"] = lazy("gatherer", {"home": ("late",)})
    sys.modules["gatherer"], sys.modules["gatherer.home"] = made, home
    yield made
    del sys.modules["gatherer"], sys.modules["gatherer.home"]


def test_a_name_is_that_of_its_module_and_stays_once_loaded(package: Package) -> None:
    assert "late" not in vars(package)
    assert package.late is sys.modules["gatherer.home"].late
    assert vars(package)["late"] is package.late


def test_the_listing_shows_the_public_names_before_they_are_loaded(package: Package) -> None:
    assert dir(package) == ["early", "late"]
    assert "late" not in vars(package)


def test_an_unknown_name_is_missing_as_from_any_module(package: Package) -> None:
    with pytest.raises(AttributeError, match=r"^module 'gatherer' has no attribute 'lat'") as caught:
        package.lat  # noqa: B018 (it is the asking that raises)
    assert caught.value.name == "lat"
    assert caught.value.obj is package


def test_a_module_without_the_promised_name_says_so(package: Package) -> None:
    del vars(sys.modules["gatherer.home"])["late"]
    with pytest.raises(AttributeError, match=r"'gatherer\.home' has no attribute 'late'"):
        package.late  # noqa: B018 (it is the asking that raises)
