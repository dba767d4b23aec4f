"""What stands, from the system alone: every state, and a credential out is never passed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hamilton_sdk.acs.aeos.records import Authorisation, CarrierStates, Identifier, Profile, Visit, Visitor
from hamilton_sdk.acs.aeos.state import Held, Snapshot, gone_at, grant, stand
from hamilton_sdk.acs.models import Credential
from hamilton_sdk.model import TimeWindow
from tests.acs.aeos.made import LISTS, site
from tests.acs.aeos.test_authorisations import right

SITE = site()
# Local time in Paris is one hour ahead.
NOW = datetime(2026, 3, 27, 11, 0, tzinfo=UTC)
LATE = datetime(2026, 3, 27, 17, 0, tzinfo=UTC)
WINDOW = TimeWindow(datetime(2026, 3, 27, 7, 45, tzinfo=UTC), LATE)
OPEN = Identifier(101, 2, "48213377", blocked=False, replaced=False, status=1)
CLOSED = replace(OPEN, id=102, number="48213378", blocked=True, status=3)
HOLDER = Visitor(1201, "Visitor", "HV-V1")


def visit(*rights: Authorisation, end: str = "2026-03-27T18:00:00", key: int = 901) -> Visit:
    return Visit(key, 1201, 60, "2026-03-27T08:45:00", end, rights)


def snapshot(
    *visits: Visit, tokens: tuple[Identifier, ...] = (), blocked: bool = False, visitor: Visitor = HOLDER
) -> Snapshot:
    return Snapshot(visitor, Held(visits=visits), CarrierStates(blocked, 5 if blocked else None), tokens)


LIVE = visit(right())
RESERVED = visit(right(enabled=False))
OVER = visit(right(until="2026-03-27T10:00:00"))


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (snapshot(LIVE, tokens=(OPEN,)), "active"),
        (snapshot(LIVE), "active"),
        (snapshot(visit(right(until=None))), "active"),
        (snapshot(visit(right(start="2026-04-01T08:00:00", until="2026-04-01T18:00:00"))), "active"),
        (snapshot(visit(right("Entrance", 8))), "active"),
        (snapshot(RESERVED), "reserved"),
        (snapshot(RESERVED, tokens=(OPEN,)), "active"),
        (snapshot(LIVE, tokens=(OPEN,), blocked=True), "suspended"),
        (snapshot(LIVE, tokens=(CLOSED,)), "suspended"),
        (snapshot(LIVE, tokens=(CLOSED, OPEN)), "active"),
        (snapshot(RESERVED, blocked=True), "suspended"),
        (snapshot(OVER), "ended"),
        (snapshot(OVER, tokens=(OPEN,)), "ended"),
        (snapshot(OVER, blocked=True, tokens=(CLOSED,)), "ended"),
        (snapshot(visit()), "ended"),
        (snapshot(), "ended"),
        (snapshot(blocked=True), "ended"),
        (snapshot(tokens=(OPEN,)), "active"),
        (snapshot(tokens=(OPEN,), blocked=True), "suspended"),
        (snapshot(tokens=(CLOSED,)), "suspended"),
        (snapshot(visit(right(rule=True, until=None))), "ended"),
        (snapshot(OVER, visit(right(), key=902)), "active"),
    ],
)
def test_the_state_follows_from_what_the_system_says(found: Snapshot, state: str) -> None:
    assert stand(SITE, found, NOW).state == state
    assert grant(SITE, found, LISTS, NOW).state == state


def test_the_end_itself_does_not_belong_to_the_window() -> None:
    assert stand(SITE, snapshot(LIVE), LATE).state == "ended"


def test_a_grant_says_who_what_and_when() -> None:
    found = grant(SITE, snapshot(LIVE, tokens=(OPEN,)), LISTS, NOW)
    assert (found.reference, found.holder_id, found.visit_id) == ("V1", "1201", "901")
    assert (found.profiles, found.window, found.revocation) == (("Visitors",), WINDOW, "immediate")
    assert found.credential == Credential("badge", "48213377", type="Badge")


def test_profiles_are_named_once_each_and_in_order() -> None:
    found = grant(SITE, snapshot(visit(right(subject=99), right(), right())), LISTS, NOW)
    assert found.profiles == ("99", "Visitors")


def test_rights_by_entrance_are_no_profile_but_count_for_the_window() -> None:
    hand_made = right("Entrance", 8, until="2026-03-27T20:00:00")
    found = grant(SITE, snapshot(visit(right(), hand_made)), LISTS, NOW)
    assert found.profiles == ("Visitors",)
    assert found.window == TimeWindow(WINDOW.start, datetime(2026, 3, 27, 19, 0, tzinfo=UTC))


def test_what_is_disabled_or_over_does_not_count_beside_what_is_live() -> None:
    found = grant(SITE, snapshot(visit(right(), right(subject=52, enabled=False, until=None))), LISTS, NOW)
    assert (found.profiles, found.window) == (("Visitors",), WINDOW)


def test_a_revoked_grant_has_no_profile_left_and_an_expired_one_still_shows_its_own() -> None:
    revoked = grant(SITE, snapshot(visit(right(enabled=False, until="2026-03-27T10:00:00"))), LISTS, NOW)
    assert (revoked.state, revoked.profiles) == ("ended", ())
    assert revoked.window == TimeWindow(WINDOW.start, datetime(2026, 3, 27, 9, 0, tzinfo=UTC))
    assert grant(SITE, snapshot(OVER), LISTS, NOW).profiles == ("Visitors",)


def test_a_visit_without_rights_lends_its_own_window() -> None:
    assert grant(SITE, snapshot(visit()), LISTS, NOW).window == WINDOW


def test_a_half_made_holder_has_no_window() -> None:
    assert grant(SITE, snapshot(), LISTS, NOW).window is None
    assert grant(SITE, snapshot(), LISTS, NOW).visit_id is None


def test_dates_the_wrong_way_round_are_no_window() -> None:
    assert grant(SITE, snapshot(visit(right(until="2026-03-27T08:00:00"))), LISTS, NOW).window is not None
    backwards = visit(right(until="2026-03-27T08:00:00"), end="2026-03-27T08:00:00")
    assert grant(SITE, snapshot(backwards), LISTS, NOW).window is None


def test_a_credential_that_opens_is_shown_before_one_that_does_not() -> None:
    found = grant(SITE, snapshot(LIVE, tokens=(replace(CLOSED, id=1), OPEN)), LISTS, NOW)
    assert found.credential is not None
    assert found.credential.number == "48213377"


def test_of_two_that_open_the_first_is_shown() -> None:
    found = grant(SITE, snapshot(LIVE, tokens=(OPEN, replace(OPEN, id=7, number="12345678"))), LISTS, NOW)
    assert found.credential is not None
    assert found.credential.number == "12345678"


@pytest.mark.parametrize(
    ("token", "kind", "name"),
    [(replace(OPEN, type_id=3), "qr", "QR code"), (replace(OPEN, type_id=99), "badge", "99")],
)
def test_the_kind_of_a_credential_follows_from_its_type(token: Identifier, kind: str, name: str) -> None:
    found = grant(SITE, snapshot(LIVE, tokens=(token,)), LISTS, NOW).credential
    assert found is not None
    assert (found.kind, found.type) == (kind, name)


def test_the_kind_that_the_caller_named_is_kept_for_the_same_number() -> None:
    known = Credential("mobile", "48213377")
    found = grant(SITE, snapshot(LIVE, tokens=(OPEN,)), LISTS, NOW, known).credential
    assert found == Credential("mobile", "48213377", type="Badge")
    other = grant(SITE, snapshot(LIVE, tokens=(OPEN,)), LISTS, NOW, Credential("mobile", "1")).credential
    assert other == Credential("badge", "48213377", type="Badge")


# The profile strategy and offline rights

PROFILE_SITE = site("profile", offline_profiles=True)
OFFLINE = right(subject=71, start=None, until=None)


def of_profile(*offline: Authorisation, visitor: Visitor, online: tuple[Authorisation, ...] = ()) -> Snapshot:
    sections: Any = {"AuthorisationOnline": online, "AuthorisationOffline": offline}
    return Snapshot(
        visitor, Held(profile=Profile(1201, sections)), CarrierStates(blocked=False, reason=None), ()
    )


def dated(leave: str | None, arrival: str | None = "2026-03-27T08:45:00") -> Visitor:
    return replace(HOLDER, arrival=arrival, leave=leave)


@pytest.mark.parametrize(
    ("leave", "state"),
    [
        ("2026-03-27T18:00:00", "active"),
        ("2026-03-27T11:00:00", "ended"),
        ("2026-03-27T00:00:00", "active"),  # cut to the day
        ("2026-03-26T00:00:00", "ended"),
        (None, "active"),
    ],
)
def test_offline_rights_last_as_long_as_their_holder(leave: str | None, state: str) -> None:
    found = grant(PROFILE_SITE, of_profile(OFFLINE, visitor=dated(leave)), LISTS, NOW)
    assert found.state == state
    assert found.revocation == "deferred"
    assert found.profiles == ("Offline lockers",)


def test_the_window_of_offline_rights_is_the_holders() -> None:
    found = stand(PROFILE_SITE, of_profile(OFFLINE, visitor=dated("2026-03-27T18:00:00")), NOW)
    assert found.window == WINDOW
    assert stand(PROFILE_SITE, of_profile(OFFLINE, visitor=dated(None, arrival=None)), NOW).window is None


def test_a_mixed_grant_is_deferred_and_an_online_one_is_not() -> None:
    mixed = of_profile(OFFLINE, visitor=dated("2026-03-27T18:00:00"), online=(right(),))
    assert grant(PROFILE_SITE, mixed, LISTS, NOW).revocation == "deferred"
    assert grant(PROFILE_SITE, mixed, LISTS, NOW).profiles == ("Offline lockers", "Visitors")
    online = of_profile(visitor=HOLDER, online=(right(),))
    assert grant(PROFILE_SITE, online, LISTS, NOW).revocation == "immediate"


def test_our_own_rights_stand_in_the_first_visit_or_in_the_profile() -> None:
    assert Held(visits=(LIVE, visit(right(subject=52)))).own == LIVE.rights
    assert Held().own == ()
    assert of_profile(OFFLINE, visitor=HOLDER, online=(right(),)).held.own == (right(), OFFLINE)


@pytest.mark.parametrize(
    ("leave", "window", "gone"),
    [
        (None, WINDOW, LATE),
        ("2026-03-27T12:00:00", None, datetime(2026, 3, 27, 11, 0, tzinfo=UTC)),
        ("2026-03-27T00:00:00", None, datetime(2026, 3, 27, 23, 0, tzinfo=UTC)),
        (None, None, None),
    ],
)
def test_when_access_was_gone(leave: str | None, window: TimeWindow | None, gone: datetime | None) -> None:
    assert gone_at(SITE, snapshot(visitor=dated(leave)), window) == gone
