"""The contract of ending access passes a faithful adapter and catches unfaithful ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hamilton_sdk.acs.models import AccessGrant, AccessOrder
from hamilton_sdk.errors import Invalid, NotFound
from hamilton_sdk.testing.contracts.acs.ending import Ending
from tests.testing.contracts.acs.faithful import FakeRun
from tests.testing.contracts.acs.unfaithful import instead
from tests.testing.contracts.unfaithful import Lie, caught_by, outcomes, twisted

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.acs._memory import Record, Site
    from hamilton_sdk.acs.fake import FakeAccessControl
    from hamilton_sdk.flow import Flow
    from hamilton_sdk.model import TimeWindow


class AsyncRun(FakeRun):
    asynchronous = True


class RunWithoutReasonsAndTime(FakeRun):
    reason = None

    def setup_method(self) -> None:
        super().setup_method()
        self.clock = None


@pytest.mark.parametrize("run", [FakeRun, AsyncRun])
def test_a_faithful_adapter_passes(run: type[FakeRun]) -> None:
    assert set(outcomes(Ending, run).values()) == {"passed"}


def test_what_a_system_cannot_show_is_skipped() -> None:
    """A system with a clock of its own and no list of reasons."""
    found = outcomes(Ending, RunWithoutReasonsAndTime)
    assert set(found.values()) == {"passed", "skipped"}
    assert found["test_suspend_for_an_unknown_reason_is_refused_with_the_nearest"] == "skipped"
    assert found["test_access_ends_by_itself_when_the_window_is_over"] == "skipped"
    assert found["test_revoke_ends_access"] == "passed"


def grant_of(site: Site, reference: str, now: datetime) -> AccessGrant:
    return site._record(reference).grant(now)


def extending_anything(site: Site, reference: str, window: TimeWindow, now: datetime) -> AccessGrant:
    record = site._record(reference)
    record.window, record.revoked_at = window, None
    return record.grant(now)


def resuming_by_extending(site: Site, reference: str, window: TimeWindow, now: datetime) -> AccessGrant:
    site.extend(reference, window, now)
    site.records[reference].given = True
    return site.resume(reference, now)


def only_longer(site: Site, reference: str, window: TimeWindow, now: datetime) -> AccessGrant:
    record = site._record(reference)
    if window.end < record.window.end:
        return record.grant(now)
    return site.extend(reference, window, now)


def revoking_to_suspend(site: Site, reference: str, _reason: str | None, now: datetime) -> AccessGrant:
    return site.revoke(reference, now)


def once(site: Site, reference: str, reason: str | None, now: datetime) -> AccessGrant:
    if site._record(reference).blocked:
        raise NotFound("already suspended", hint="nothing to do")
    return site.suspend(reference, reason, now)


def any_reason(site: Site, reference: str, _reason: str | None, now: datetime) -> AccessGrant:
    return site.suspend(reference, None, now)


def lenient(method: str) -> Lie:
    """An unknown reference looks like success."""

    def make(kind: type[FakeAccessControl]) -> type[FakeAccessControl]:
        def lying(self: FakeAccessControl, reference: str, *args: Any) -> Flow[AccessGrant]:
            if reference in self._site.records:
                return (yield from getattr(kind, method)(self, reference, *args))
            return AccessGrant(reference=reference, holder_id="0", state="ended")

        return type("Lenient", (kind,), {method: lying})

    return make


def strict_about_reasons(site: Site, reference: str, reason: str | None, now: datetime) -> AccessGrant:
    if reason not in {None, "Lost"}:
        raise Invalid("unknown reason", hint="give another one")
    return site.revoke(reference, now)


def giving_by_resuming(site: Site, reference: str, now: datetime) -> AccessGrant:
    grant = site.resume(reference, now)
    site.records[reference].given = True
    return grant.model_copy(update={"state": "active"})


def resuming_the_ended(site: Site, reference: str, now: datetime) -> AccessGrant:
    record = site._record(reference)
    record.blocked = False
    return record.grant(now)


def forgetting_the_badge(site: Site, reference: str, _reason: str | None, now: datetime) -> AccessGrant:
    record = site._record(reference)
    record.revoked_at, record.credential = now, None
    return record.grant(now)


def keeping_the_badge(site: Site, reference: str, _reason: str | None, now: datetime) -> AccessGrant:
    record = site._record(reference)
    record.revoked_at = now
    return record.grant(now)


def once_only(site: Site, reference: str, _reason: str | None, now: datetime) -> AccessGrant:
    if site._record(reference).revoked_at is not None:
        raise NotFound("already revoked", hint="nothing to do")
    return site.revoke(reference, now)


def deleting(site: Site, reference: str, _reason: str | None, now: datetime) -> AccessGrant:
    grant = site.revoke(reference, now)
    del site.records[reference]
    return grant


def only_active(site: Site, reference: str, _reason: str | None, now: datetime) -> AccessGrant:
    if site._record(reference).state(now) not in {"active", "ended"}:
        raise NotFound("not active", hint="activate it first")
    return site.revoke(reference, now)


def taking_from_anybody(site: Site, reference: str, _reason: str | None, now: datetime) -> AccessGrant:
    if site._record(reference).revoked_at is not None:
        for record in site.records.values():
            site._take(record)
    return site.revoke(reference, now)


def reusing_codes(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    site._dead.clear()
    return site.activate(order, now)


def taking_badges_that_are_out(site: Site, order: AccessOrder, now: datetime) -> AccessGrant:
    record = order.credential and site.holder_of(order.credential)
    if record and record.state(now) == "ended":
        site._take(record)
    return site.activate(order, now)


def never_over(site: Site, reference: str, now: datetime) -> AccessGrant | None:
    record: Record | None = site.records.get(reference)
    return None if record is None else record.grant(min(now, record.window.start))


def purging(choose: str) -> Lie:
    """Delete by the wrong rule."""

    def work(site: Site, ended_before: datetime, now: datetime) -> tuple[str, ...]:
        gone = [
            reference
            for reference, record in sorted(site.records.items())
            if (record.state(now) == "ended" if choose == "all ended" else record.ended_at() < ended_before)
        ]
        for reference in gone:
            site._take(site.records.pop(reference))
        return tuple(gone)

    return instead("purge", work)


def keeping_badges_when_purging(site: Site, ended_before: datetime, now: datetime) -> tuple[str, ...]:
    out = dict(site._in_hands)
    gone = site.purge(ended_before, now)
    site._in_hands.update({key: None for key in out if key not in site._in_hands})
    return gone


LIES: dict[str, tuple[Lie, set[str]]] = {
    "an extension does nothing": (
        instead("extend", lambda site, reference, _window, now: grant_of(site, reference, now)),
        {"test_extend_gives_another_window_longer_or_shorter", "test_extend_leaves_the_state_as_it_is"},
    ),
    "a window can only grow": (
        instead("extend", only_longer),
        {"test_extend_gives_another_window_longer_or_shorter"},
    ),
    "an extension gives access": (
        instead("extend", resuming_by_extending),
        {"test_extend_leaves_the_state_as_it_is"},
    ),
    "an extension revives, and takes a past window": (
        instead("extend", extending_anything),
        {
            "test_extend_of_an_ended_grant_is_refused",
            "test_extend_after_the_window_ran_out_is_refused",
            "test_extend_to_a_window_that_has_ended_is_refused",
        },
    ),
    "an unknown reference can be extended": (
        lenient("extend"),
        {"test_extend_of_an_unknown_reference_is_refused"},
    ),
    "suspending revokes": (
        instead("suspend", revoking_to_suspend),
        {"test_suspend_takes_access_away_and_resume_gives_it_back"},
    ),
    "suspending is only said": (
        twisted("suspend", lambda grant: grant.model_copy(update={"state": "active"})),
        {"test_suspend_takes_access_away_and_resume_gives_it_back"},
    ),
    "suspending twice fails": (instead("suspend", once), {"test_suspend_twice_is_success"}),
    "what has ended is said to be suspended": (
        twisted("suspend", lambda grant: grant.model_copy(update={"state": "suspended"})),
        {"test_suspend_of_an_ended_grant_is_success"},
    ),
    "an unknown reference can be suspended": (
        lenient("suspend"),
        {"test_suspend_of_an_unknown_reference_is_refused"},
    ),
    "any reason will do": (
        instead("suspend", any_reason),
        {"test_suspend_for_an_unknown_reason_is_refused_with_the_nearest"},
    ),
    "resuming gives access that never was": (
        instead("resume", giving_by_resuming),
        {"test_resume_of_what_is_not_suspended_is_success"},
    ),
    "an unknown reference can be resumed": (
        lenient("resume"),
        {"test_resume_of_an_unknown_reference_is_refused"},
    ),
    "what has ended can be resumed": (
        instead("resume", resuming_the_ended),
        {"test_resume_of_an_ended_grant_is_refused"},
    ),
    "revoking loses the badge": (
        instead("revoke", forgetting_the_badge),
        {"test_revoke_ends_access", "test_revoke_works_whatever_the_state"},
    ),
    "revoking leaves the badge out": (
        instead("revoke", keeping_the_badge),
        {"test_revoke_ends_access", "test_a_badge_not_brought_back_is_not_free"},
    ),
    "revoking is only said": (
        twisted("revoke", lambda grant: grant.model_copy(update={"state": "active"})),
        {"test_revoke_ends_access", "test_revoke_twice_is_success"},
    ),
    "only active grants can be revoked": (
        instead("revoke", only_active),
        {"test_revoke_works_whatever_the_state"},
    ),
    "revoking twice fails": (instead("revoke", once_only), {"test_revoke_twice_is_success"}),
    "a wrong reason keeps access alive": (
        instead("revoke", strict_about_reasons),
        {"test_revoke_for_an_unknown_reason_ends_access_all_the_same"},
    ),
    "revoking deletes": (
        instead("revoke", deleting),
        {"test_revoke_ends_access", "test_revoke_twice_is_success"},
    ),
    "a second revoke takes from the next holder": (
        instead("revoke", taking_from_anybody),
        {"test_revoke_takes_nothing_from_the_next_holder"},
    ),
    "an unknown reference can be revoked": (
        lenient("revoke"),
        {"test_revoke_of_an_unknown_reference_is_refused"},
    ),
    "codes come back to life": (
        instead("activate", reusing_codes),
        {
            "test_a_one_shot_number_never_comes_back_to_life",
            "test_a_replaced_one_shot_number_never_comes_back_to_life",
        },
    ),
    "a badge that is out is taken for free": (
        instead("activate", taking_badges_that_are_out),
        {"test_a_badge_not_brought_back_is_not_free"},
    ),
    "windows never end": (
        instead("find", never_over),
        {"test_access_ends_by_itself_when_the_window_is_over"},
    ),
    "everything that ended is purged": (purging("all ended"), {"test_purge_spares_what_ended_later"}),
    "whoever may still come is purged": (
        purging("whatever the state"),
        {"test_purge_spares_whoever_may_still_come", "test_purge_refuses_a_naive_moment"},
    ),
    "purged badges stay out": (
        instead("purge", keeping_badges_when_purging),
        {"test_purge_deletes_what_ended_before"},
    ),
    "purging is only said": (
        twisted("purge", lambda _: ()),
        {"test_purge_deletes_what_ended_before", "test_purge_spares_what_ended_later"},
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_a_broken_promise_is_caught(name: str) -> None:
    lie, tests = LIES[name]
    assert tests <= caught_by(Ending, lie, FakeRun)
