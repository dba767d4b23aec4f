"""The sync and the async connector are twins, and promise what the interface promises."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from hamilton_sdk.acs.connector import AccessControl, AsyncAccessControl
from hamilton_sdk.acs.fake import FakeAccessControl
from hamilton_sdk.acs.interface import AccessControlAdapter
from hamilton_sdk.testing.contracts.acs.blocking import BlockingAccessControl

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


class Unasked(FakeAccessControl):
    """An adapter that must not be asked for anything."""

    def __getattribute__(self, name: str) -> Any:
        assert name not in ISSUE | {"grants_page"}, f"{name} was asked for"
        return super().__getattribute__(name)


WRONG = [
    ("reserve", ("x",), "order must be AccessOrder"),
    ("activate", ("x",), "order must be AccessOrder"),
    ("extend", (5, None), "reference must be str"),
    ("extend", ("visit-1", "tomorrow"), "window must be TimeWindow"),
    ("suspend", (5,), "reference must be str"),
    ("suspend", ("visit-1", 5), "reason must be str or None"),
    ("resume", (None,), "reference must be str"),
    ("revoke", (5,), "reference must be str"),
    ("revoke", ("visit-1", 5), "reason must be str or None"),
    ("find", (None,), "reference must be str"),
    ("find_by_credential", ("123",), "credential must be Credential"),
    ("grants", (5,), "token must be str or None"),
    ("reconcile", (["x"],), "expected must be an iterable of AccessOrder"),
    ("reconcile", (5,), "expected must be an iterable of AccessOrder"),
    ("purge", ("x",), "ended_before must be datetime"),
]


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize(("method", "arguments", "words"), WRONG)
def test_an_argument_of_a_wrong_type_is_told_before_the_adapter_is_asked(
    asynchronous, method, arguments, words
):
    connector = BlockingAccessControl(AsyncAccessControl(Unasked()))
    with connector if asynchronous else AccessControl(Unasked()) as acs:
        with pytest.raises(TypeError) as caught:
            getattr(acs, method)(*arguments)
        assert str(caught.value).startswith(f"{method}: {words}")


def test_every_argument_of_every_method_is_checked():
    given = {(method, words.partition(" ")[0]) for method, _, words in WRONG}
    taken = {
        (method, name)
        for method in ISSUE - {"capabilities"}
        for name in inspect.signature(members(AccessControl)[method]).parameters
        if name != "self"
    }
    assert taken == given
