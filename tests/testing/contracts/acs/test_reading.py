"""The contract of reading passes a faithful adapter and catches unfaithful ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hamilton_sdk.acs.models import AccessGrant, AccessOrder, Credential, Health
from hamilton_sdk.errors import Conflict, Invalid, NotFound
from hamilton_sdk.flow import Page
from hamilton_sdk.testing.contracts.acs.base import Base
from hamilton_sdk.testing.contracts.acs.reading import Reading
from tests.testing.contracts.acs.faithful import FakeRun
from tests.testing.contracts.acs.unfaithful import instead
from tests.testing.contracts.unfaithful import Lie, caught_by, outcomes, twisted

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hamilton_sdk.acs._memory import Site
    from hamilton_sdk.acs.models import Drift


class AsyncRun(FakeRun):
    asynchronous = True


class RunWithoutOthers(FakeRun):
    """A system where no employee can be made."""

    add_foreign_holder = Base.add_foreign_holder


@pytest.mark.parametrize("run", [FakeRun, AsyncRun])
def test_a_faithful_adapter_passes(run: type[FakeRun]) -> None:
    assert set(outcomes(Reading, run).values()) == {"passed"}


def test_foreign_holders_are_optional() -> None:
    found = outcomes(Reading, RunWithoutOthers)
    assert found.pop("test_a_holder_who_is_not_ours_is_never_touched") == "skipped"
    assert set(found.values()) == {"passed"}


def raising(site: Site, reference: str, now: datetime) -> AccessGrant:
    return site._record(reference).grant(now)


def matching(same: Callable[[str, str], bool]) -> Lie:
    """Find by something less than the whole reference."""

    def work(site: Site, wanted: str, now: datetime) -> AccessGrant | None:
        found = (record for reference, record in site.records.items() if same(reference, wanted))
        record = next(found, None)
        return None if record is None else record.grant(now)

    return instead("find", work)


def by_beginning(site: Site, credential: Credential, now: datetime) -> AccessGrant | None:
    for record in site.records.values():
        if record.credential and record.credential.number.startswith(credential.number):
            return record.grant(now)
    return None


def refusing_markup(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    if "<" in order.reference:
        raise Conflict("markup", hint="leave it out")
    return site.activate(order, now)


def losing_the_last(page: Page[AccessGrant]) -> Page[AccessGrant]:
    return Page(page.items[:-1], page.next)


def repeating(site: Site, token: str | None, now: datetime) -> Page[AccessGrant]:
    page = site.grants_page(token, 2, now)
    return page if token is None else Page(page.items[:1] + page.items, page.next)


def without(kind: str) -> Callable[[tuple[Drift, ...]], tuple[Drift, ...]]:
    return lambda drifts: tuple(drift for drift in drifts if drift.kind != kind)


def changing(site: Site, expected: tuple[AccessOrder, ...], now: datetime) -> tuple[Drift, ...]:
    """Put right what differs, instead of saying it."""
    for order in expected:
        site.activate(order, now)
    return ()


def everybody(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    """Take a badge from whoever has it."""
    for key in [key for key, reference in site._in_hands.items() if reference is None]:
        del site._in_hands[key]
    return site.activate(order, now)


def choosy(site: Site, credential: Credential, now: datetime) -> AccessGrant | None:
    """Refuse to look for what cannot be there."""
    if len(credential.number) > 32 or not credential.number.isdigit():
        raise Invalid("no number", hint="give another one")
    record = site.holder_of(credential)
    return None if record is None else record.grant(now)


LIES: dict[str, tuple[Lie, set[str]]] = {
    "the version is not told": (
        twisted("check", lambda _: Health(product="Something", version="")),
        {"test_check_says_what_the_system_is"},
    ),
    "profiles come in any order": (
        twisted("profiles", lambda profiles: profiles[::-1]),
        {"test_profiles_and_types_come_by_name"},
    ),
    "types come in any order": (
        twisted("credential_types", lambda types: types[::-1]),
        {"test_profiles_and_types_come_by_name"},
    ),
    "a profile is not listed": (
        twisted("profiles", lambda profiles: profiles[1:]),
        {"test_profiles_and_types_come_by_name"},
    ),
    "nothing is an error": (instead("find", raising), {"test_find_of_an_unknown_reference_is_none"}),
    "a reference is found by its beginning": (
        matching(lambda known, wanted: known.startswith(wanted)),
        {"test_a_reference_is_found_exactly"},
    ),
    "a longer reference finds a shorter one": (
        matching(lambda known, wanted: wanted.startswith(known)),
        {"test_a_reference_is_found_exactly"},
    ),
    "case does not count": (
        matching(lambda known, wanted: known.lower() == wanted.lower()),
        {"test_a_reference_is_found_exactly"},
    ),
    "markup is refused": (
        instead("activate", refusing_markup),
        {"test_a_reference_may_hold_any_printable_character"},
    ),
    "a number is found by its beginning": (
        instead("find_by_credential", by_beginning),
        {"test_a_number_is_found_exactly"},
    ),
    "a number that cannot be is refused": (
        instead("find_by_credential", choosy),
        {"test_find_by_credential_of_a_number_that_cannot_be_is_none"},
    ),
    "no credential is ever found": (
        twisted("find_by_credential", lambda _: None),
        {"test_a_number_is_found_exactly"},
    ),
    "the list ends with the first page": (
        twisted("grants_page", lambda page: Page(page.items)),
        {"test_grants_lists_all_of_ours_past_a_page", "test_grants_comes_in_pages_and_can_be_resumed"},
    ),
    "a page loses an item": (
        twisted("grants_page", losing_the_last),
        {"test_grants_lists_all_of_ours_past_a_page"},
    ),
    "a page repeats an item": (
        instead("grants_page", repeating),
        {"test_grants_lists_all_of_ours_past_a_page"},
    ),
    "any token will do": (
        instead("grants_page", lambda site, _token, now: site.grants_page(None, 99, now)),
        {"test_grants_refuses_a_token_it_did_not_make"},
    ),
    "nothing ever differs": (
        twisted("reconcile", lambda _: ()),
        {
            "test_reconcile_finds_what_is_missing",
            "test_reconcile_finds_access_that_nobody_ordered",
            "test_reconcile_finds_what_differs",
            "test_reconcile_finds_a_badge_not_brought_back",
            "test_reconcile_accepts_a_reservation_before_its_window",
        },
    ),
    "reconciling changes": (
        instead("reconcile", changing),
        {"test_reconcile_finds_what_differs", "test_reconcile_refuses_two_orders_for_one_reference"},
    ),
    "a missing grant is not told": (
        twisted("reconcile", without("missing")),
        {"test_reconcile_finds_what_is_missing"},
    ),
    "another window is not told": (
        twisted("reconcile", without("window")),
        {"test_reconcile_finds_what_differs"},
    ),
    "a badge not brought back is not told": (
        twisted("reconcile", without("credential")),
        {"test_reconcile_finds_a_badge_not_brought_back", "test_reconcile_finds_what_differs"},
    ),
    "an employee's badge is taken": (
        instead("activate", everybody),
        {"test_a_holder_who_is_not_ours_is_never_touched"},
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_a_broken_promise_is_caught(name: str) -> None:
    lie, tests = LIES[name]
    assert tests <= caught_by(Reading, lie, FakeRun)


def test_a_free_number_must_be_nobodys() -> None:
    def not_found(_site: Site, _credential: Credential, _now: datetime) -> None:
        raise NotFound("nobody", hint="look elsewhere")

    lie = instead("find_by_credential", not_found)
    assert "test_find_by_credential_of_a_free_number_is_none" in caught_by(Reading, lie, FakeRun)
