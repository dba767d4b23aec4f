"""The contract of giving access passes a faithful adapter and catches unfaithful ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hamilton_sdk.acs.models import AccessGrant, AccessOrder, Credential
from hamilton_sdk.errors import Conflict, Invalid
from hamilton_sdk.testing.contracts.acs.granting import Granting
from tests.testing.contracts.acs.faithful import FakeRun
from tests.testing.contracts.acs.unfaithful import instead
from tests.testing.contracts.unfaithful import Lie, caught_by, outcomes, twisted

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.acs._memory import Record, Site


class AsyncRun(FakeRun):
    asynchronous = True


@pytest.mark.parametrize("run", [FakeRun, AsyncRun])
def test_a_faithful_adapter_passes(run: type[FakeRun]) -> None:
    assert set(outcomes(Granting, run).values()) == {"passed"}


def forget(site: Site, reference: str) -> None:
    """Lose a holder, and make another one for the reference next time."""
    record = site.records.pop(reference, None)
    if record is not None:
        site._take(record)


def forgetting_reserve(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    forget(site, order.reference)
    return site.reserve(order, now)


def forgetting_activate(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    forget(site, order.reference)
    return site.activate(order, now)


def handing_out_early(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    site.activate(order, now)
    site.records[order.reference].given = False
    return site.reserve(order, now)


def known(site: Site, order: AccessOrder) -> Record | None:
    return site.records.get(order.reference)


def reserving_once(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    record = known(site, order)
    return site.reserve(order, now) if record is None else record.grant(now)


def ending_by_reserving(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    grant = site.reserve(order, now)
    site.records[order.reference].given = False
    return grant.model_copy(update={"state": "reserved"})


def resuming_by_reserving(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    site.reserve(order, now)
    return site.resume(order.reference, now)


def reviving_by_reserving(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    return site._put(order, site._checked(order, now)).grant(now)


def refusing_ids(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    if any(name.startswith("profile-") for name in order.profiles):
        raise Invalid("no id", hint="give a name")
    return site.activate(order, now)


def waiting_for_the_start(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    return site.reserve(order, now) if order.window.start > now else site.activate(order, now)


def keeping_the_window(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    record = known(site, order)
    kept = order if record is None else order.model_copy(update={"window": record.window})
    return site.activate(kept, now)


def adding_profiles(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    record = known(site, order)
    before = () if record is None else record.profiles
    return site.activate(order.model_copy(update={"profiles": order.profiles + before}), now)


def leaving_the_old_credential(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    record = known(site, order)
    if record is not None:
        record.credential = None
    return site.activate(order, now)


def resuming_by_activating(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    record = known(site, order)
    if record is not None:
        record.blocked = False
    return site.activate(order, now)


def refusing_the_ended(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    record = known(site, order)
    if record is not None and record.state(now) == "ended":
        raise Conflict("it has ended", hint="too late")
    return site.activate(order, now)


def reviving_what_is_out(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    record = known(site, order)
    kept = order.credential or (record and record.credential)
    return site.activate(order.model_copy(update={"credential": kept}), now)


def claiming(**fields: object) -> Lie:
    return twisted("activate", lambda grant: grant.model_copy(update=fields))


LIES: dict[str, tuple[Lie, set[str]]] = {
    "a reservation gives access": (
        instead("reserve", lambda site, order, now: site.activate(order, now)),
        {
            "test_reserve_makes_the_holder_known_without_access",
            "test_reserve_keeps_no_credential_from_others",
        },
    ),
    "a reservation hands the credential out": (
        instead("reserve", handing_out_early),
        {
            "test_reserve_makes_the_holder_known_without_access",
            "test_reserve_keeps_no_credential_from_others",
        },
    ),
    "a second reservation makes a second holder": (
        instead("reserve", forgetting_reserve),
        {"test_reserve_twice_is_one_grant"},
    ),
    "a reservation of what there is changes nothing": (
        instead("reserve", reserving_once),
        {
            "test_reserve_of_an_active_grant_changes_it_and_leaves_it_active",
            "test_reserve_of_a_suspended_grant_changes_it_and_leaves_it_suspended",
            "test_reserve_of_an_ended_grant_reserves_it_again",
        },
    ),
    "a reservation ends access": (
        instead("reserve", ending_by_reserving),
        {"test_reserve_of_an_active_grant_changes_it_and_leaves_it_active"},
    ),
    "a reservation gives a suspended grant its access back": (
        instead("reserve", resuming_by_reserving),
        {"test_reserve_of_a_suspended_grant_changes_it_and_leaves_it_suspended"},
    ),
    "a reservation revives a badge that was not brought back": (
        instead("reserve", reviving_by_reserving),
        {"test_reserve_after_the_window_ran_out_gives_no_access"},
    ),
    "access is claimed but not given": (
        instead("activate", lambda site, order, now: site.reserve(order, now)),
        {"test_activate_gives_access", "test_activate_twice_is_one_grant"},
    ),
    "an active grant says it is reserved": (claiming(state="reserved"), {"test_activate_gives_access"}),
    "a grant shows no window": (claiming(window=None), {"test_activate_gives_access"}),
    "a grant shows no profile": (claiming(profiles=()), {"test_activate_gives_access"}),
    "a grant shows no credential": (claiming(credential=None), {"test_activate_gives_access"}),
    "a grant shows another number": (
        claiming(credential=Credential("badge", "7")),
        {"test_activate_gives_access", "test_activate_without_a_credential_gives_access_by_profile"},
    ),
    "ids of profiles are not taken": (
        instead("activate", refusing_ids),
        {"test_activate_takes_profiles_by_id_as_well"},
    ),
    "each activation makes a holder": (
        instead("activate", forgetting_activate),
        {
            "test_activate_from_another_connector_is_one_grant",
            "test_activate_many_times_at_once_is_one_grant",
            "test_activate_of_a_reserved_grant_is_the_same_holder",
            "test_another_window_or_profile_is_a_change",
        },
    ),
    "access before the window begins is put off": (
        instead("activate", waiting_for_the_start),
        {"test_activate_before_the_window_begins_is_active"},
    ),
    "another window is ignored": (
        instead("activate", keeping_the_window),
        {"test_another_window_or_profile_is_a_change"},
    ),
    "old profiles stay": (
        instead("activate", adding_profiles),
        {"test_another_window_or_profile_is_a_change"},
    ),
    "the old credential stays out": (
        instead("activate", leaving_the_old_credential),
        {"test_another_credential_ends_the_one_before"},
    ),
    "an activation resumes": (
        instead("activate", resuming_by_activating),
        {"test_activate_of_a_suspended_grant_is_refused"},
    ),
    "what has ended stays ended": (
        instead("activate", refusing_the_ended),
        {
            "test_activate_of_an_ended_grant_gives_access_again",
            "test_activate_after_the_window_ran_out_gives_access_again",
        },
    ),
    "an old badge is revived in passing": (
        instead("activate", reviving_what_is_out),
        {"test_activate_anew_without_a_credential_revives_none"},
    ),
    "nothing is listed": (
        twisted("grants_page", lambda page: type(page)(())),
        {"test_reserve_twice_is_one_grant", "test_activate_twice_is_one_grant"},
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_a_broken_promise_is_caught(name: str) -> None:
    lie, tests = LIES[name]
    assert tests <= caught_by(Granting, lie, FakeRun)
