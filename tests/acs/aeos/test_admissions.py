"""Reserving and activating: fail-closed order, one holder, and nothing open after a failure at any step."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from hamilton_sdk.acs.models import AccessGrant, AccessOrder, Credential
from hamilton_sdk.errors import (
    Conflict,
    Forbidden,
    Interrupted,
    Invalid,
    PartialFailure,
)
from tests.acs.aeos.made import BADGE, QR, WINDOW, adapter, order, window
from tests.acs.aeos.scripted import NOW, Script, fault
from tests.acs.aeos.world import Token, World

STRATEGIES = ["visit", "profile"]
OTHER = Credential("badge", "48213378")
both = pytest.mark.parametrize("strategy", STRATEGIES)


def activate(
    there: World, given: AccessOrder | None = None, strategy: str = "visit", **settings: Any
) -> AccessGrant:
    grant: AccessGrant = Script(there.answers).run(adapter(strategy, **settings).activate(given or order()))
    return grant


def reserve(there: World, given: AccessOrder | None = None, strategy: str = "visit") -> AccessGrant:
    grant: AccessGrant = Script(there.answers).run(adapter(strategy).reserve(given or order()))
    return grant


def find(there: World, strategy: str = "visit") -> AccessGrant | None:
    grant: AccessGrant | None = Script(there.answers).run(adapter(strategy).find("V1"))
    return grant


# A new holder


@pytest.mark.parametrize(
    ("strategy", "writes"),
    [
        ("visit", ["VisitorAdd", "VisitAdd", "IdentifierAdd"]),
        ("profile", ["VisitorAdd", "ProfileAdd", "IdentifierAdd"]),
    ],
)
def test_the_credential_is_the_last_thing_given(strategy: str, writes: list[str]) -> None:
    there = World()
    script = Script(there.answers)
    grant = script.run(adapter(strategy).activate(order()))
    assert script.writes() == writes
    assert (grant.reference, grant.state, grant.profiles, grant.window) == (
        "V1",
        "active",
        ("Visitors",),
        WINDOW,
    )
    assert grant.credential == Credential("badge", "48213377", type="Badge")
    assert grant == find(there, strategy)


def test_a_holder_gets_our_mark_its_dates_and_no_more_of_a_person_than_needed() -> None:
    script = Script(World().answers)
    script.run(adapter().activate(order(email="zoe@example.org", phone="+33")))
    assert script.of("VisitorAdd")[0].order() == [
        "ArrivalDateTime",
        "LeaveDateTime",
        "LastName",
        "PersonnelNo",
        "FirstName",
    ]
    assert script.of("VisitorAdd")[0].text("LeaveDateTime") == "2026-03-27T17:00:00"


@both
def test_reserving_gives_the_rights_disabled_and_no_credential(strategy: str) -> None:
    there = World()
    script = Script(there.answers)
    grant = script.run(adapter(strategy).reserve(order()))
    assert (grant.state, grant.credential, grant.profiles) == ("reserved", None, ("Visitors",))
    assert "IdentifierAdd" not in script.names()
    assert script.of("VisitAdd" if strategy == "visit" else "ProfileAdd")[0].texts("Enabled") == ["false"]
    assert there.open_tokens() == []
    assert grant == find(there, strategy)


def test_an_order_without_credential_gives_none() -> None:
    there = World()
    grant = activate(there, order(credential=None))
    assert (grant.state, grant.credential) == ("active", None)
    assert there.tokens == []


def test_a_kind_that_aeos_does_not_keep_is_told_as_the_caller_named_it() -> None:
    assert activate(World(), order(credential=Credential("mobile", "48213377"))).credential == Credential(
        "mobile", "48213377", type="Badge"
    )


def test_visitors_are_exempted_from_verification_where_the_site_wants_it() -> None:
    states = "<CarrierStateResult><CarrierId>1201</CarrierId><States/></CarrierStateResult>"
    script = Script({**World().answers, "CarrierStateChange": states})
    script.run(adapter(exempt_from_verification=True).activate(order()))
    assert script.writes() == ["VisitorAdd", "VisitAdd", "CarrierStateChange", "IdentifierAdd"]


def test_the_unit_goes_on_visitor_and_token() -> None:
    units = "<UnitList><Unit><Id>4</Id><Name>HQ</Name></Unit></UnitList>"
    script = Script({**World().answers, "UnitSearchInfo": units})
    script.run(adapter(unit="HQ").activate(order()))
    assert script.of("VisitorAdd")[0].text("UnitId") == script.of("IdentifierAdd")[0].text("UnitId") == "4"


def test_nobody_without_our_mark_is_touched() -> None:
    """Others have the same name, a number that begins alike, and the reference itself as their number."""
    there = World(visitors={3: {"LastName": "Durand", "PersonnelNo": "V1"}, 4: {"PersonnelNo": "HV-V10"}})
    before = copy.deepcopy(there.visitors)
    activate(there)
    Script(there.answers).run(adapter().revoke("V1"))
    assert {key: there.visitors[key] for key in before} == before


# Taking back


def test_undoing_goes_credential_visit_holder() -> None:
    there = World()
    script = Script({**there.answers, "IdentifierAdd": Interrupted("end")})
    with pytest.raises(Interrupted):
        script.run(adapter().activate(order()))
    undone = [each.name for each in script.asked if each.request.undo and each.request.safety.value != "safe"]
    assert undone == ["VisitId", "VisitorId"]
    other = Script(there.answers, after_work=True, failure=Interrupted("end"))
    other.failing = 9
    with pytest.raises(Interrupted):
        other.run(adapter().activate(order()))
    assert other.asked[9].name == "IdentifierAdd"
    undone = [each.name for each in other.asked if each.request.undo and each.request.safety.value != "safe"]
    assert undone == ["IdentifierWithdraw", "VisitId", "VisitorId"]


def test_what_could_not_be_undone_is_reported_by_id() -> None:
    script = Script({**World().answers, "IdentifierAdd": fault(113), "VisitorId": fault(73)})
    with pytest.raises(PartialFailure) as caught:
        script.run(adapter().activate(order()))
    assert caught.value.left == ("holder 1201, with all it has",)
    assert caught.value.undone == ("credential",)
    assert isinstance(caught.value.__cause__, Invalid)
    assert "Durand" not in str(caught.value)


def test_without_visit_management_nothing_is_left_and_the_other_strategy_is_named() -> None:
    there = World()
    answers = {**there.answers, "VisitAdd": fault(902), "VisitSearchInfo": fault(902)}
    with pytest.raises(Forbidden) as caught:
        Script(answers).run(adapter().activate(order()))
    assert "strategy='profile'" in (caught.value.hint or "")
    assert there.visitors == {}


def test_a_holder_that_an_interrupted_create_left_is_removed_unless_somebody_got_further_with_it() -> None:
    there = World()
    script = Script(there.answers, failing=5, failure=Interrupted("end"), after_work=True)
    with pytest.raises(Interrupted):
        script.run(adapter().activate(order()))
    assert script.asked[5].name == "VisitorAdd"
    assert there.visitors == {}
    other = World(visitors={7: {"PersonnelNo": "HV-V1"}})
    other.tokens = [Token(2, "11111111", 7)]
    # Another process made one between our search and our create.
    first = ["<VisitorList/>", other._find_visitors]
    script = Script({**other.answers, "VisitorSearchInfo": first, "VisitorAdd": Interrupted("end")})
    with pytest.raises(Interrupted):
        script.run(adapter().activate(order()))
    assert list(other.visitors) == [7]


@both
@pytest.mark.parametrize("after_work", [False, True])
def test_a_fault_of_the_create_is_not_taken_at_its_word(strategy: str, after_work: bool) -> None:
    """It names the call and not the cause: what was made all the same is removed."""
    there = World()

    def refused(asked: Any) -> Any:
        if after_work:
            there._add_visitor(asked)
        return fault(71)

    with pytest.raises(Invalid):
        Script({**there.answers, "VisitorAdd": refused}).run(adapter(strategy).activate(order()))
    assert there.visitors == {}


def test_what_was_refused_for_want_of_a_right_was_not_made_and_not_looked_for() -> None:
    script = Script({**World().answers, "VisitorAdd": fault(901)})
    with pytest.raises(Forbidden):
        script.run(adapter().activate(order()))
    assert script.names()[-1] == "VisitorAdd"


def test_a_credential_that_could_not_be_taken_back_is_our_own_and_goes_with_its_holder() -> None:
    there = World()

    def lost(asked: Any) -> Any:
        there._assign(asked)
        raise Interrupted("end")

    answers = {**there.answers, "IdentifierAdd": lost, "IdentifierWithdraw": [fault(125), there._withdraw]}
    with pytest.raises(PartialFailure) as caught:
        Script(answers).run(adapter().activate(order()))
    assert caught.value.left == ("credential",)
    assert (there.visitors, there.open_tokens()) == ({}, [])


def test_a_credential_that_was_not_taken_after_all_is_not_given_twice() -> None:
    there = World()
    activate(there)
    script = Script({**there.answers, "IdentifierWithdraw": Interrupted("end")})
    with pytest.raises(Interrupted):
        script.run(adapter().activate(order(credential=OTHER)))
    assert "IdentifierAdd" not in script.names()
    assert there.open_tokens() == ["48213377"]


@both
@pytest.mark.parametrize(
    ("place", "others", "stays"),
    [
        ("holder", order(), True),
        ("holder", order(credential=OTHER), True),
        ("holder", order(credential=None), True),  # its rights: we had not asked for any
        ("rights", order(), True),
        ("rights", order(credential=None), False),  # rights that may be ours
        ("credential", order(credential=OTHER), True),
        ("credential", order(), False),  # the very badge that we asked for
    ],
)
def test_what_another_process_made_of_our_holder_is_not_taken_back(
    strategy: str, place: str, others: AccessOrder, stays: bool
) -> None:
    """It was told "active". Where nothing tells its work from ours, the holder goes: no access is left."""
    there = World()

    def ended(_asked: Any) -> Any:
        assert activate(there, others, strategy).state == "active"
        raise Interrupted("end")

    rights = {"visit": "VisitAdd", "profile": "ProfileAdd"}[strategy]
    name = {"holder": "VisitorSearchInfo", "rights": rights, "credential": "IdentifierAdd"}[place]
    answers = [there._find_visitors, ended, there._find_visitors] if place == "holder" else ended
    with pytest.raises(Interrupted):
        Script({**there.answers, name: answers}).run(adapter(strategy).activate(order()))
    number = [] if others.credential is None else [others.credential.number]
    assert there.open_tokens() == (number if stays else [])
    stands = find(there, strategy)
    assert (stands is not None and stands.state == "active") if stays else not there.visitors


@pytest.mark.parametrize("look", [fault(103), Interrupted("end")])
def test_where_nobody_can_tell_whose_a_holder_is_it_is_taken_back(look: Any) -> None:
    there = World()
    script = Script(
        {**there.answers, "VisitAdd": fault(901), "CarrierIdToken": [look, there._carrier_tokens]}
    )
    with pytest.raises(PartialFailure if isinstance(look, Interrupted) else Forbidden):
        script.run(adapter().activate(order()))
    assert bool(there.visitors) == isinstance(look, Interrupted)


# Two processes at once


@both
def test_of_two_processes_that_make_a_holder_at_once_the_lowest_id_stays(strategy: str) -> None:
    there = World()
    activate(there, strategy=strategy)
    (lowest,) = there.visitors
    # We searched before the other one was there.
    answers = {**there.answers, "VisitorSearchInfo": ["<VisitorList/>", there._find_visitors]}
    answers["IdentifierSearchInfo"] = ["<IdentifierAndCarrierIdList/>", there._find_tokens]
    grant = Script(answers).run(adapter(strategy).activate(order()))
    assert list(there.visitors) == [lowest]
    assert grant.holder_id == str(lowest)
    assert there.open_tokens() == ["48213377"]


def test_a_holder_with_a_higher_id_goes_even_if_it_got_further() -> None:
    there = World()
    activate(there)
    (further,) = there.visitors
    there._ids = iter([1001, 1002, 1003, 1004])  # an id given early and committed late
    answers = {**there.answers, "VisitorSearchInfo": ["<VisitorList/>", there._find_visitors]}
    answers["IdentifierSearchInfo"] = ["<IdentifierAndCarrierIdList/>", there._find_tokens]
    grant = Script(answers).run(adapter().activate(order()))
    assert further not in there.visitors
    assert grant.holder_id == "1001"
    assert len(there.visits) == 1
    assert [each.carrier for each in there.tokens if each.carrier] == [1001]


def test_holders_that_raced_before_are_made_one_again() -> None:
    there = World(
        visitors={5: {"PersonnelNo": "HV-V1"}, 6: {"PersonnelNo": "HV-V1"}}, profiles={5: "", 6: ""}
    )
    there.tokens = [Token(2, "48213377", 6)]
    assert activate(there).holder_id == "5"
    assert list(there.visitors) == [5]
    assert [each.carrier for each in there.tokens] == [5]


# A holder that was there before


@both
def test_the_same_order_again_writes_nothing(strategy: str) -> None:
    there = World()
    first = activate(there, strategy=strategy)
    script = Script(there.answers)
    assert script.run(adapter(strategy).activate(order())) == first
    assert script.writes() == []


@both
def test_a_reserved_holder_becomes_active_rights_first_credential_last(strategy: str) -> None:
    there = World()
    reserve(there, strategy=strategy)
    script = Script(there.answers)
    assert script.run(adapter(strategy).activate(order())).state == "active"
    assert script.writes() == ["VisitChange" if strategy == "visit" else "ProfileChange", "IdentifierAdd"]
    assert find(there, strategy) == activate(there, strategy=strategy)


@both
def test_another_order_is_a_change_and_not_a_second_holder(strategy: str) -> None:
    there = World()
    activate(there, strategy=strategy)
    later = window(NOW, 20)
    changed = order(profiles=("Meeting rooms",), window=later, credential=OTHER, given_name="Zoë")
    script = Script(there.answers)
    grant = script.run(adapter(strategy).activate(changed))
    rights = "VisitChange" if strategy == "visit" else "ProfileChange"
    assert script.writes() == ["IdentifierWithdraw", "VisitorChange", rights, "IdentifierAdd"]
    assert (grant.profiles, grant.window) == (("Meeting rooms",), later)
    assert grant.credential is not None
    assert grant.credential.number == "48213378"
    assert len(there.visitors) == 1
    assert there.open_tokens() == ["48213378"]
    assert next(iter(there.visitors.values()))["FirstName"] == "Zoë"
    assert find(there, strategy) == grant


def test_a_replaced_one_shot_number_is_killed() -> None:
    there = World()
    activate(there, order(credential=QR))
    activate(there)
    assert {each.number: each.status for each in there.tokens} == {"T0K3N": 2, "48213377": 1}


def test_an_order_without_credential_leaves_a_live_one_alone() -> None:
    there = World()
    activate(there)
    grant = activate(there, order(credential=None))
    assert grant.credential is not None
    assert there.open_tokens() == ["48213377"]


@both
@pytest.mark.parametrize("credential", [None, BADGE, OTHER])
def test_what_ended_and_is_still_out_does_not_come_back_to_life(
    strategy: str, credential: Credential | None
) -> None:
    there = World()
    activate(there, strategy=strategy)
    new = order(window=window(NOW + timedelta(days=1), 8), credential=credential)
    script = Script(there.answers, now=NOW + timedelta(days=1))
    grant = script.run(adapter(strategy).activate(new))
    assert grant.state == "active"
    assert script.writes()[0] == "IdentifierWithdraw"
    assert there.open_tokens() == ([] if credential is None else [credential.number])


def test_a_one_shot_number_that_only_ran_out_of_time_may_be_given_again_to_the_same_visit() -> None:
    there = World()
    activate(there, order(credential=QR))
    new = order(window=window(NOW + timedelta(days=1), 8), credential=QR)
    Script(there.answers, now=NOW + timedelta(days=1)).run(adapter().activate(new))
    assert there.open_tokens() == ["T0K3N"]


def test_a_badge_that_was_blocked_when_access_ended_is_unblocked_before_it_is_withdrawn() -> None:
    there = World()
    activate(there)
    there.tokens[0].status, there.tokens[0].blocked = 3, True
    there.blocked = set(there.visitors)
    new = order(window=window(NOW + timedelta(days=1), 8))
    script = Script(there.answers, now=NOW + timedelta(days=1))
    assert script.run(adapter().activate(new)).state == "active"
    assert script.writes() == [
        "IdentifierUnblock",
        "IdentifierWithdraw",
        "VisitorChange",
        "VisitChange",
        "CarrierIdUnBlock",
        "IdentifierAdd",
    ]
    assert there.blocked == set()


@both
def test_an_ended_reference_can_be_reserved_again(strategy: str) -> None:
    there = World()
    activate(there, strategy=strategy)
    there.blocked = set(there.visitors)
    new = order(window=window(NOW + timedelta(days=1), 8))
    grant = Script(there.answers, now=NOW + timedelta(days=1)).run(adapter(strategy).reserve(new))
    assert (grant.state, grant.credential) == ("reserved", None)
    assert there.open_tokens() == []


@both
def test_reserving_what_is_active_changes_the_order_and_keeps_the_state(strategy: str) -> None:
    there = World()
    activate(there, strategy=strategy)
    later = window(NOW, 20)
    grant = reserve(there, order(window=later, credential=OTHER), strategy)
    assert (grant.state, grant.window) == ("active", later)
    assert there.open_tokens() == ["48213377"]


def test_what_is_suspended_is_not_activated_and_stays_suspended_when_reserved() -> None:
    there = World()
    activate(there)
    there.blocked = set(there.visitors)
    script = Script(there.answers)
    with pytest.raises(Conflict, match="the grant is suspended") as caught:
        script.run(adapter().activate(order()))
    assert "resume" in (caught.value.hint or "")
    assert script.writes() == []
    assert reserve(there, order(window=window(NOW, 20))).state == "suspended"
    assert there.blocked


def test_a_badge_that_the_desk_blocked_stays_closed_when_another_one_is_given() -> None:
    there = World()
    activate(there)
    there.tokens.append(Token(2, "48213379", there.tokens[0].carrier, status=3, blocked=True, id=9))
    activate(there, order(credential=OTHER))
    assert there.open_tokens() == ["48213378"]
    assert there.tokens[1].status == 3


def test_undoing_takes_back_the_credential_of_this_call_alone() -> None:
    there = World()
    activate(there)
    (key,) = there.visitors
    blocked = Token(2, "48213379", key, status=3, blocked=True, id=9)
    there.tokens.append(blocked)

    def lost(asked: Any) -> Any:
        there._assign(asked)
        raise Interrupted(asked.name)

    assign = [lost, there._assign]
    with pytest.raises(Interrupted):
        Script({**there.answers, "IdentifierAdd": assign}).run(adapter().activate(order(credential=OTHER)))
    assert (blocked.carrier, blocked.status) == (key, 3)
    assert there.open_tokens() == ["48213377"]


def test_half_made_holders_of_a_killed_process_are_completed() -> None:
    for strategy in STRATEGIES:
        there = World(visitors={5: {"LastName": "Durand", "PersonnelNo": "HV-V1"}}, profiles={5: ""})
        assert activate(there, strategy=strategy).state == "active"
        assert list(there.visitors) == [5]
