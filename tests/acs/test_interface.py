"""What an adapter must bring, and what it gets for nothing."""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest

from hamilton_sdk.acs.interface import AccessControlAdapter, Capabilities

METHODS = {
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
    "grants_page",
    "reconcile",
    "purge",
}


def test_an_adapter_brings_every_method_its_name_and_its_capabilities():
    assert AccessControlAdapter.__abstractmethods__ == METHODS | {"name", "capabilities"}
    with pytest.raises(TypeError, match="abstract"):
        AccessControlAdapter()  # type: ignore[abstract]  # on purpose


def test_an_adapter_that_signs_its_own_requests_needs_no_auth():
    class Bare(AccessControlAdapter):
        name = "acs.bare"
        capabilities = Capabilities(window_lives_in="grant")

    for method in METHODS:
        setattr(Bare, method, lambda self: None)
    Bare.__abstractmethods__ = frozenset()  # type: ignore[attr-defined]  # given one by one above
    assert Bare().auth is None


@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_method_says_what_it_promises(method):
    assert len(inspect.getdoc(getattr(AccessControlAdapter, method)) or "") > 20


def test_capabilities_assume_what_is_usual():
    usual = Capabilities(window_lives_in="credential")
    assert usual.numbers_from == "caller"
    assert usual.immediate_revocation
    assert usual.past_start
    assert usual.resolution == timedelta(seconds=1)
    assert not any((usual.native_visits, usual.needs_host, usual.dates_only, usual.atomic_create))
    assert usual.page_cap is None
