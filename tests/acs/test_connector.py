"""The sync and the async connector are twins, and promise what the interface promises."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from hamilton_sdk.acs.connector import AccessControl, AsyncAccessControl
from hamilton_sdk.acs.interface import AccessControlAdapter

ISSUE = {
    "capabilities",
    "check",
    "profiles",
    "credential_types",
    "reserve",
    "activate",
    "extend",
    "suspend",
    "resume",
    "revoke",
    "find",
    "find_by_credential",
    "grants",
    "reconcile",
    "purge",
}


def members(kind: type) -> dict[str, Any]:
    return {name: member for name, member in vars(kind).items() if not name.startswith("_")}


def test_both_have_every_method():
    assert set(members(AccessControl)) == set(members(AsyncAccessControl)) == ISSUE


@pytest.mark.parametrize("name", sorted(ISSUE - {"capabilities"}))
def test_the_twins_agree_in_all_but_the_awaiting(name):
    sync, twin = members(AccessControl)[name], members(AsyncAccessControl)[name]
    assert inspect.getdoc(sync) == inspect.getdoc(twin)
    ours, theirs = inspect.signature(sync), inspect.signature(twin)
    assert ours.parameters == theirs.parameters
    assert ours.return_annotation == str(theirs.return_annotation).replace("AsyncPager", "Pager")
    assert inspect.iscoroutinefunction(twin) is (name != "grants")


@pytest.mark.parametrize("name", sorted(ISSUE - {"capabilities", "grants"}))
def test_the_connector_takes_what_the_adapter_takes(name):
    ours = inspect.signature(members(AccessControl)[name]).parameters
    adapters = inspect.signature(members(AccessControlAdapter)[name]).parameters
    assert [(each.name, each.default) for each in ours.values()] == [
        (each.name, each.default) for each in adapters.values()
    ]


def test_the_constructor_is_the_contract():
    for kind in (AccessControl, AsyncAccessControl):
        parameters = inspect.signature(kind).parameters
        assert list(parameters) == ["adapter", "transport", "retry", "clock", "hooks"]
        assert all(each.kind is each.KEYWORD_ONLY for each in list(parameters.values())[1:])
