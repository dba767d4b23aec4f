"""Revoking and purging: credential first, past failures, and no badge killed or opened on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from hamilton_sdk.acs.models import AccessGrant, Credential
from hamilton_sdk.errors import (
    ConnectionLost,
    ConnectorError,
    Interrupted,
    Invalid,
    NotFound,
    NotReachable,
    PartialFailure,
)
from tests.acs.aeos.made import QR, adapter, order, window
from tests.acs.aeos.scripted import NOW, Script, fault
from tests.acs.aeos.world import Token, World

both = pytest.mark.parametrize("strategy", ["visit", "profile"])
RIGHTS = {"visit": "VisitChange", "profile": "ProfileChange"}


def active(strategy: str = "visit", credential: Credential | None = None, **given: Any) -> World:
    there = World()
    wanted = order(**given) if credential is None else order(credential=credential, **given)
    Script(there.answers).run(adapter(strategy).activate(wanted))
    return there


def find(there: World, strategy: str = "visit") -> AccessGrant:
    grant: AccessGrant = Script(there.answers).run(adapter(strategy).find("V1"))
    return grant


@both
def test_the_credential_goes_first_then_rights_then_the_holders_dates(strategy: str) -> None:
    there = active(strategy)
    script = Script(there.answers)
    grant = script.run(adapter(strategy).revoke("V1"))
    assert script.writes() == ["IdentifierWithdraw", RIGHTS[strategy], "VisitorChange"]
    assert (grant.state, grant.credential, grant.profiles) == ("ended", None, ())
    assert grant.window is not None
    assert grant.window.end == NOW
    assert script.of("VisitorChange")[0].text("LeaveDateTime") == "2026-03-27T09:00:00"
    assert find(there, strategy) == grant
    assert there.tokens[0].status == 0


@both
def test_revoking_twice_is_success_and_writes_nothing(strategy: str) -> None:
    there = active(strategy)
    first = Script(there.answers).run(adapter(strategy).revoke("V1"))
    script = Script(there.answers, now=NOW + timedelta(minutes=5))
    assert script.run(adapter(strategy).revoke("V1")) == first
    assert script.writes() == []


def test_an_unknown_reference_is_not_found() -> None:
    with pytest.raises(NotFound) as caught:
        Script(World().answers).run(adapter().revoke("V1"))
    assert caught.value.operation == "revoke"


def test_a_one_shot_number_is_killed_with_the_reason_named() -> None:
    there = active(credential=QR)
    script = Script(there.answers)
    script.run(adapter().revoke("V1", "Returned"))
    assert script.writes()[0] == "IdentifierWithdrawAndBlock"
    assert there.tokens[0].status == 2


def test_a_reason_that_the_site_does_not_know_keeps_no_access_alive() -> None:
    there = active(credential=QR)
    assert Script(there.answers).run(adapter().revoke("V1", "Nonsense")).state == "ended"
    assert there.tokens[0].status == 2


@both
@pytest.mark.parametrize("state", ["reserved", "suspended", "early"])
def test_it_works_whatever_state_the_grant_is_in(strategy: str, state: str) -> None:
    there = World()
    made = adapter(strategy)
    if state == "reserved":
        Script(there.answers).run(made.reserve(order()))
    elif state == "early":
        Script(there.answers).run(made.activate(order(window=window(NOW + timedelta(days=1), 8))))
    else:
        Script(there.answers).run(made.activate(order()))
        there.blocked = set(there.visitors)
    grant = Script(there.answers).run(made.revoke("V1"))
    assert (grant.state, grant.credential) == ("ended", None)
    assert there.open_tokens() == []
    assert find(there, strategy) == grant


@both
def test_a_half_made_holder_is_ended(strategy: str) -> None:
    leave = {"LeaveDateTime": "2026-03-28T17:00:00", "ArrivalDateTime": "2026-03-28T08:00:00"}
    there = World(visitors={5: {"PersonnelNo": "HV-V1", **leave}}, profiles={5: ""})
    script = Script(there.answers)
    assert script.run(adapter(strategy).revoke("V1")).state == "ended"
    (asked,) = script.of("VisitorChange")
    assert (asked.text("ArrivalDateTime"), asked.text("LeaveDateTime")) == (
        "2026-03-27T08:59:59",
        "2026-03-27T09:00:00",
    )


def test_a_holder_without_dates_gets_a_leave_date() -> None:
    there = World(visitors={5: {"PersonnelNo": "HV-V1"}})
    script = Script(there.answers)
    script.run(adapter().revoke("V1"))
    assert script.of("VisitorChange")[0].order() == ["Id", "LeaveDateTime"]


def test_all_credentials_in_the_holders_hands_go() -> None:
    there = active()
    there.tokens.append(Token(2, "48213379", there.tokens[0].carrier, id=9))
    Script(there.answers).run(adapter().revoke("V1"))
    assert there.open_tokens() == []


def test_a_credential_still_out_after_the_window_is_swept() -> None:
    there = active()
    late = NOW + timedelta(days=1)
    stood = Script(there.answers, now=late).run(adapter().find("V1"))
    assert (stood.state, stood.credential is None) == ("ended", False)
    script = Script(there.answers, now=late)
    assert script.run(adapter().revoke("V1")).credential is None
    assert script.writes() == ["IdentifierWithdraw"]


def test_holders_that_raced_end_all_and_one_stays() -> None:
    there = active()
    there.visitors[9999] = {"PersonnelNo": "HV-V1"}
    there.tokens.append(Token(2, "48213379", 9999, id=9))
    grant = Script(there.answers).run(adapter().revoke("V1"))
    assert there.open_tokens() == []
    assert list(there.visitors) == [int(grant.holder_id)]


# Badges that are blocked


def suspended_badge(strategy: str = "visit", *, carrier: bool = False, kind: int = 2) -> World:
    there = active(strategy, QR if kind == 3 else None)
    there.tokens[0].status, there.tokens[0].blocked = 3, True
    there.blocked = set(there.visitors) if carrier else set()
    return there


@both
@pytest.mark.parametrize("carrier", [False, True])
def test_a_blocked_badge_is_not_killed_and_opens_at_no_moment(strategy: str, carrier: bool) -> None:
    """Withdrawn while blocked it would be blocked for good; unblocked with its rights alive it would open."""
    there = suspended_badge(strategy, carrier=carrier)
    script = Script(there.answers)
    assert script.run(adapter(strategy).revoke("V1")).state == "ended"
    unblocked = ["CarrierIdUnBlock"] if carrier else []
    assert script.writes() == [
        RIGHTS[strategy],
        *unblocked,
        "IdentifierUnblock",
        "IdentifierWithdraw",
        "VisitorChange",
    ]
    assert (there.tokens[0].status, there.tokens[0].carrier) == (0, None)


def test_a_block_of_the_holder_stays_as_a_lock_more_where_no_badge_needs_it_lifted() -> None:
    there = active()
    there.blocked = set(there.visitors)
    Script(there.answers).run(adapter().revoke("V1"))
    assert there.blocked


def test_a_blocked_one_shot_number_is_killed_as_it_is() -> None:
    there = suspended_badge(kind=3)
    script = Script(there.answers)
    script.run(adapter().revoke("V1"))
    assert "IdentifierUnblock" not in script.names()
    assert there.tokens[0].status == 2


@pytest.mark.parametrize("carrier", [False, True])
def test_where_rights_cannot_be_ended_a_blocked_badge_stays_blocked_and_is_reported(carrier: bool) -> None:
    there = suspended_badge(carrier=carrier)
    script = Script({**there.answers, "VisitChange": fault(92)})
    with pytest.raises(PartialFailure) as caught:
        script.run(adapter().revoke("V1"))
    holder = next(iter(there.visitors))
    assert caught.value.left == (f"rights of holder {holder}", "credential 100, which stays blocked")
    assert (there.tokens[0].status, there.tokens[0].blocked) == (3, True)
    assert "CarrierIdUnBlock" not in script.names()


def test_where_the_holder_cannot_be_unblocked_the_badge_stays_blocked_and_is_reported() -> None:
    there = suspended_badge(carrier=True)
    with pytest.raises(PartialFailure) as caught:
        Script({**there.answers, "CarrierIdUnBlock": fault(110)}).run(adapter().revoke("V1"))
    assert "credential 100, which stays blocked" in caught.value.left
    assert there.tokens[0].blocked


def test_unblocking_the_holder_may_unblock_its_badges() -> None:
    there = suspended_badge(carrier=True)

    def unblocks(asked: Any) -> Any:
        there.tokens[0].status, there.tokens[0].blocked = 1, False
        return there._unblock(asked)

    script = Script({**there.answers, "CarrierIdUnBlock": unblocks})
    script.run(adapter().revoke("V1"))
    assert "IdentifierUnblock" not in script.names()
    assert there.tokens[0].status == 0


def test_a_badge_that_somebody_took_meanwhile_is_no_trouble() -> None:
    there = suspended_badge()

    def taken(asked: Any) -> Any:
        there.tokens[0].carrier = None
        return there._change_visit(asked)

    script = Script({**there.answers, "VisitChange": taken})
    assert script.run(adapter().revoke("V1")).state == "ended"
    assert "IdentifierWithdraw" not in script.names()


def test_a_badge_that_a_replacement_stands_in_for_is_withdrawn_as_it_is() -> None:
    there = suspended_badge()
    token = there._token(there.tokens[0]).replace("<Status>", "<Replaced>true</Replaced><Status>")
    held = f"<IdentifierList>{token}</IdentifierList>"
    script = Script({**there.answers, "CarrierIdToken": [held, held, "<IdentifierList/>"]})
    script.run(adapter().revoke("V1"))
    assert "IdentifierUnblock" not in script.names()
    assert "IdentifierWithdraw" in script.names()


# Failures


@both
@pytest.mark.parametrize("place", ["IdentifierWithdraw", "rights", "VisitorChange"])
def test_a_single_failure_does_not_keep_the_rest_from_ending(strategy: str, place: str) -> None:
    there = active(strategy)
    name = RIGHTS[strategy] if place == "rights" else place
    script = Script({**there.answers, name: fault(92, "Durand")})
    with pytest.raises(PartialFailure) as caught:
        script.run(adapter(strategy).revoke("V1"))
    holder = next(iter(there.visitors))
    steps = {
        "IdentifierWithdraw": "credential 100",
        "rights": f"rights of holder {holder}",
        "VisitorChange": f"leave date of holder {holder}",
    }
    error = caught.value
    assert error.left == (steps[place],)
    assert set(error.done) == set(steps.values()) - set(error.left)
    assert error.operation == "revoke"
    assert "repeat" in (error.hint or "")
    assert "Durand" not in str(error) + "".join(error.__notes__)
    assert isinstance(error.__cause__, ConnectorError)
    assert Script(there.answers).run(adapter(strategy).revoke("V1")).state == "ended"
    assert there.open_tokens() == []


def test_an_answer_that_says_done_is_not_taken_at_its_word() -> None:
    there = active()
    script = Script({**there.answers, "IdentifierWithdraw": "<RemoveResult>(null)</RemoveResult>"})
    with pytest.raises(PartialFailure, match="access of holder"):
        script.run(adapter().revoke("V1"))


def test_where_what_stands_cannot_be_read_at_the_end_that_is_reported() -> None:
    there = active()
    first = there._states(next(iter(there.visitors)))
    states = [first, fault(100)]
    with pytest.raises(PartialFailure) as caught:
        Script({**there.answers, "CarrierIdStates": states}).run(adapter().revoke("V1"))
    assert caught.value.left == ("reading what stands",)
    assert there.open_tokens() == []


@both
@pytest.mark.parametrize(
    "error", [Interrupted("end"), ConnectionLost("cut"), NotReachable("no")], ids=lambda e: type(e).__name__
)
@pytest.mark.parametrize("after_work", [False, True])
@pytest.mark.parametrize("blocked", [False, True])
def test_a_revocation_that_fails_anywhere_opens_nothing_and_is_completed_by_repeating_it(
    strategy: str, error: ConnectorError, after_work: bool, blocked: bool
) -> None:
    def stage() -> World:
        return suspended_badge(strategy, carrier=True) if blocked else active(strategy)

    steps = Script(stage().answers)
    steps.run(adapter(strategy).revoke("V1"))
    for step in range(len(steps.asked)):
        there = stage()
        opened = there.open_tokens()
        script = Script(there.answers, failing=step, failure=error, after_work=after_work)
        try:
            script.run(adapter(strategy).revoke("V1"))
        except ConnectorError as caught:
            assert isinstance(caught, (type(error), PartialFailure))
            stands = find(there, strategy)
            assert set(there.open_tokens()) <= set(opened) or stands.state == "ended"
        assert Script(there.answers).run(adapter(strategy).revoke("V1")).state == "ended"
        assert there.open_tokens() == []
        assert there.tokens[0].status == 0


# Purging


def ended_yesterday(strategy: str = "visit") -> World:
    there = active(strategy)
    Script(there.answers).run(adapter(strategy).revoke("V1"))
    return there


def purge(
    there: World, before: datetime, strategy: str = "visit", now: datetime = NOW + timedelta(days=1)
) -> Any:
    return Script(there.answers, now=now).run(adapter(strategy).purge(before))


@both
def test_holders_whose_access_ended_before_are_deleted_with_their_visits(strategy: str) -> None:
    there = ended_yesterday(strategy)
    there.visitors[7] = {"LastName": "Employee", "PersonnelNo": "E-1"}
    assert purge(there, NOW - timedelta(seconds=1), strategy) == ()
    assert purge(there, NOW, strategy) == ("V1",)
    assert list(there.visitors) == [7]
    assert there.visits == {}


@pytest.mark.parametrize("state", ["active", "reserved", "suspended"])
def test_what_has_not_ended_is_never_deleted(state: str) -> None:
    there = World()
    made = adapter()
    Script(there.answers).run(made.reserve(order()) if state == "reserved" else made.activate(order()))
    there.blocked = set(there.visitors) if state == "suspended" else set()
    assert purge(there, NOW + timedelta(days=9), now=NOW) == ()
    assert len(there.visitors) == 1


def test_a_credential_still_out_is_taken_back_before_its_holder_goes() -> None:
    there = active()
    there.tokens[0].status, there.tokens[0].blocked = 3, True
    assert purge(there, NOW + timedelta(days=1)) == ("V1",)
    assert (there.visitors, there.tokens[0].status) == ({}, 0)


@pytest.mark.parametrize(
    ("leave", "gone"),
    [
        ("2026-03-27T09:00:00", True),
        ("2026-03-27T00:00:00", False),
        ("2026-03-26T00:00:00", True),
        (None, False),
    ],
)
def test_a_half_made_holder_goes_by_its_leave_date(leave: str | None, gone: bool) -> None:
    fields = {"PersonnelNo": "HV-V1"} | ({"LeaveDateTime": leave} if leave else {})
    assert purge(World(visitors={5: fields}), NOW) == (("V1",) if gone else ())


def test_one_that_cannot_be_deleted_does_not_keep_the_others() -> None:
    there = ended_yesterday()
    (key,) = there.visitors
    there.visitors[1] = {
        **there.visitors[key],
        "PersonnelNo": "HV-V0",
        "LeaveDateTime": "2026-03-27T09:00:00",
    }

    def refuses(asked: Any) -> Any:
        return fault(73) if asked.root.text == "1" else there._remove_visitor(asked)

    script = Script({**there.answers, "VisitorId": refuses}, now=NOW + timedelta(days=1))
    with pytest.raises(PartialFailure) as caught:
        script.run(adapter().purge(NOW))
    assert caught.value.left == ("holder 1",)
    assert caught.value.done == (f"holder {key}",)
    assert list(there.visitors) == [1]


def test_a_naive_moment_is_refused_before_any_request() -> None:
    script = Script(World().answers)
    with pytest.raises(Invalid, match="naive"):
        script.run(adapter().purge(datetime(2026, 3, 27)))
    assert script.asked == []


def test_one_deleted_meanwhile_is_passed_over() -> None:
    there = ended_yesterday()
    visitor = there._visitor(next(iter(there.visitors)), "VisitorInfo")
    there.visitors.clear()
    listed = [f"<VisitorList><Visitor>{visitor}</Visitor></VisitorList>", there._find_visitors]
    script = Script({**there.answers, "VisitorSearchInfo": listed}, now=NOW + timedelta(days=1))
    assert script.run(adapter().purge(NOW)) == ()


def intruding(there: World, name: str, nth: int, other: Callable[[], object]) -> dict[str, Any]:
    """Answers in which somebody else gets in just before the nth request of a name."""
    honest, asked = there.answers[name], count(1)

    def answer(request: Any) -> Any:
        if next(asked) == nth:
            other()
        return honest(request)

    return {**there.answers, name: answer}


@both
@pytest.mark.parametrize("place", ["holder", "rights", "credential"])
def test_one_that_was_activated_again_since_it_was_listed_stays_and_is_not_reported(
    strategy: str, place: str
) -> None:
    there, tomorrow = ended_yesterday(strategy), NOW + timedelta(days=1)

    def other() -> None:
        Script(there.answers, now=tomorrow).run(adapter(strategy).activate(order(window=window(tomorrow, 8))))

    rights = {"visit": "VisitSearchInfo", "profile": "CarrierIdProfile"}[strategy]
    name = {"holder": "VisitorSearchInfo", "rights": rights, "credential": "CarrierIdToken"}[place]
    script = Script(intruding(there, name, 2, other), now=tomorrow)
    assert script.run(adapter(strategy).purge(NOW)) == ()
    assert there.open_tokens() == ["48213377"]
    stands = Script(there.answers, now=tomorrow).run(adapter(strategy).find("V1"))
    assert (stands.state, stands.credential.number) == ("active", "48213377")


@both
def test_one_that_is_just_being_admitted_again_stays(strategy: str) -> None:
    """Another process has got as far as the dates of the holder, and goes on from there."""
    there = ended_yesterday(strategy)
    (key,) = there.visitors

    def other() -> None:
        there.visitors[key]["LeaveDateTime"] = "2026-03-28T18:00:00"

    answers = intruding(there, "VisitorSearchInfo", 2, other)
    assert Script(answers, now=NOW + timedelta(days=1)).run(adapter(strategy).purge(NOW)) == ()
    assert list(there.visitors) == [key]


def test_one_that_stays_is_not_among_what_was_done_when_another_fails() -> None:
    there, tomorrow = ended_yesterday(), NOW + timedelta(days=1)
    (key,) = there.visitors
    there.visitors[1] = {**there.visitors[key], "PersonnelNo": "HV-V0"}
    there.visitors[1]["LeaveDateTime"] = "2026-03-27T09:00:00"

    def other() -> None:
        Script(there.answers, now=tomorrow).run(adapter().activate(order(window=window(tomorrow, 8))))

    answers = {**intruding(there, "VisitorSearchInfo", 2, other), "VisitorId": fault(73)}
    with pytest.raises(PartialFailure) as caught:
        Script(answers, now=tomorrow).run(adapter().purge(NOW))
    assert (caught.value.done, caught.value.left) == ((), ("holder 1",))


def test_one_that_cannot_be_looked_at_again_is_reported_and_stays() -> None:
    there = ended_yesterday()
    answers = {**there.answers, "VisitorSearchInfo": [there._find_visitors, fault(70)]}
    with pytest.raises(PartialFailure) as caught:
        Script(answers, now=NOW + timedelta(days=1)).run(adapter().purge(NOW))
    assert caught.value.left == (f"holder {next(iter(there.visitors))}",)


def test_an_interruption_of_the_second_look_is_let_pass() -> None:
    there = ended_yesterday()
    answers = {**there.answers, "VisitorSearchInfo": [there._find_visitors, Interrupted("end")]}
    with pytest.raises(Interrupted):
        Script(answers, now=NOW + timedelta(days=1)).run(adapter().purge(NOW))
    assert len(there.visitors) == 1


def test_an_interruption_is_let_pass() -> None:
    there = ended_yesterday()
    script = Script({**there.answers, "VisitorId": Interrupted("end")}, now=NOW + timedelta(days=1))
    with pytest.raises(Interrupted):
        script.run(adapter().purge(NOW))
