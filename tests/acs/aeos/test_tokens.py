"""Identifiers: found exactly, given only when free, taken away whatever the first answer said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hamilton_sdk.acs.aeos import tokens
from hamilton_sdk.acs.aeos.records import Identifier
from hamilton_sdk.errors import (
    Conflict,
    ConnectionLost,
    ConnectorError,
    Forbidden,
    Interrupted,
    Invalid,
    NotReachable,
    Outcome,
)
from hamilton_sdk.retry import Safety
from tests.acs.aeos.made import LISTS, site
from tests.acs.aeos.scripted import Script, fault
from tests.acs.aeos.world import Token, World

SITE = site()
BADGE, QR, UID = LISTS.types
NUMBER = "48213377"
OPEN = Identifier(100, 2, NUMBER, blocked=False, replaced=False, status=1)


def world(*there: Token) -> World:
    made = World(visitors={1201: {"PersonnelNo": "HV-V1"}, 7: {"PersonnelNo": "E-1"}})
    made.tokens = [replace(each, id=100 + place) for place, each in enumerate(there)]
    return made


def test_a_search_also_gives_longer_numbers_and_only_the_exact_one_counts() -> None:
    script = Script(world(Token(2, "4821", 7), Token(2, NUMBER, 1201), Token(3, "4821", None, 0)).answers)
    found = script.run(tokens.find(SITE, BADGE, "4821"))
    assert [(each.number, each.carrier_id) for each in found] == [("4821", 7)]
    assert script.asked[0].text("IdentifierSearch/IdentifierType") == "2"


def test_without_a_type_all_types_are_searched() -> None:
    script = Script(world(Token(2, "4821", 7), Token(3, "4821", 1201)).answers)
    assert len(script.run(tokens.find(SITE, None, "4821"))) == 2
    assert script.asked[0].text("IdentifierSearch/IdentifierType") is None


def test_hexadecimal_digits_are_the_same_in_either_case_and_other_letters_are_not() -> None:
    assert tokens.same_number("0aFf", "0AfF", folds=True)
    assert not tokens.same_number("0aFf", "0AfF", folds=False)
    upper = Token(4, "0AFF", 7)
    assert len(Script(world(upper).answers).run(tokens.find(SITE, UID, "0AFF"))) == 1
    text = Token(3, "abc", 7)
    assert Script(world(text).answers).run(tokens.find(SITE, QR, "ab")) == []


def test_what_is_blocked_for_good_is_in_nobodys_hands() -> None:
    there = (Token(2, NUMBER, 1201), Token(2, "48213378", 1201, status=2, blocked=True))
    found = Script(world(*there).answers).run(tokens.held(SITE, 1201))
    assert [each.number for each in found] == [NUMBER]


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (replace(OPEN, carrier_id=7), "in other hands"),
        (replace(OPEN, carrier_id=7, status=3, blocked=True), "in other hands"),
        (replace(OPEN, status=2, blocked=True), "blocked for good"),
        (replace(OPEN, status=None, blocked=True), "blocked for good"),
    ],
)
def test_what_cannot_be_given_is_a_conflict_that_repeats_no_number(there: Identifier, words: str) -> None:
    with pytest.raises(Conflict) as caught:
        tokens.refuse_others([there], [1201])
    assert words in str(caught.value)
    assert NUMBER not in str(caught.value) + (caught.value.hint or "")
    assert caught.value.hint


@pytest.mark.parametrize(
    "there",
    [
        replace(OPEN, status=0),
        replace(OPEN, carrier_id=1201),
        replace(OPEN, carrier_id=1201, status=3, blocked=True),
    ],
)
def test_what_is_free_or_in_the_holders_own_hands_can_be_given(there: Identifier) -> None:
    tokens.refuse_others([there], [1200, 1201])


def assign(script: Script) -> Any:
    return script.run(tokens.assign(SITE, 1201, BADGE, NUMBER, 1))


def test_a_number_never_seen_is_assigned_with_its_unit() -> None:
    script = Script(world().answers)
    assert assign(script).number == NUMBER
    (asked,) = script.asked
    assert (asked.text("CarrierId"), asked.text("UnitId")) == ("1201", "1")
    assert asked.request.safety is Safety.UNSAFE


def test_an_assignment_whose_answer_is_lost_is_healed_by_looking() -> None:
    there = world()
    script = Script(there.answers, failing=0, failure=ConnectionLost("cut"), after_work=True)
    assert assign(script).number == NUMBER
    assert script.names() == ["IdentifierAdd", "IdentifierSearchInfo"]


def test_an_assignment_that_did_not_happen_is_sent_once_more() -> None:
    script = Script(world().answers, failing=0, failure=ConnectionLost("cut"))
    assert assign(script).number == NUMBER
    assert script.names() == ["IdentifierAdd", "IdentifierSearchInfo", "IdentifierAdd"]


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (Token(2, NUMBER, 7), "in other hands"),
        (Token(2, NUMBER, None, status=2, blocked=True), "blocked for good"),
    ],
)
def test_a_refused_assignment_is_explained_by_the_state_and_not_by_the_servers_words(
    there: Token, words: str
) -> None:
    script = Script(world(there).answers)
    with pytest.raises(Conflict) as caught:
        assign(script)
    assert words in str(caught.value)
    assert "Durand" not in str(caught.value)


def test_a_refused_assignment_of_what_the_holder_has_is_success() -> None:
    assert assign(Script(world(Token(2, NUMBER, 1201)).answers)).number == NUMBER


def test_a_refusal_that_the_state_does_not_explain_is_told_as_it_is() -> None:
    script = Script({**world().answers, "IdentifierAdd": fault(113)})
    with pytest.raises(Invalid) as caught:
        assign(script)
    assert caught.value.code == "113"


@pytest.mark.parametrize("error", [Interrupted("end"), NotReachable("no route"), ConnectionLost("cut")])
def test_no_state_is_read_where_nothing_was_refused(error: ConnectorError) -> None:
    script = Script({**world().answers, "IdentifierAdd": error})
    with pytest.raises(type(error)):
        assign(script)
    if error.outcome is not Outcome.UNKNOWN or isinstance(error, Interrupted):
        assert script.names() == ["IdentifierAdd"]


def withdraw(script: Script, reason: int | None = None) -> None:
    script.run(tokens.withdraw(SITE, 1201, OPEN, reason))


def test_a_withdrawn_badge_can_be_given_again_and_a_killed_number_cannot() -> None:
    there = world(Token(2, NUMBER, 1201))
    withdraw(Script(there.answers))
    assert (there.tokens[0].status, there.tokens[0].carrier) == (0, None)
    other = world(Token(2, NUMBER, 1201))
    script = Script(other.answers)
    withdraw(script, 6)
    assert (other.tokens[0].status, other.tokens[0].carrier) == (2, None)
    assert script.asked[0].text("Reason") == "6"


def test_withdrawing_what_is_no_longer_there_is_success() -> None:
    script = Script(world(Token(2, NUMBER, None, status=0)).answers)
    withdraw(script)
    assert script.names() == ["IdentifierWithdraw", "CarrierIdToken"]


def test_a_withdrawal_that_failed_is_a_failure() -> None:
    script = Script({**world(Token(2, NUMBER, 1201)).answers, "IdentifierWithdraw": fault(125)})
    with pytest.raises(Conflict):
        withdraw(script)


def test_unblocking_what_is_not_blocked_is_success() -> None:
    there = world(Token(2, NUMBER, 1201, status=3, blocked=True))
    Script(there.answers).run(tokens.unblock(SITE, 1201, OPEN))
    assert (there.tokens[0].status, there.tokens[0].blocked) == (1, False)
    script = Script(there.answers)
    script.run(tokens.unblock(SITE, 1201, OPEN))
    assert script.names() == ["IdentifierUnblock", "CarrierIdToken"]


def test_unblocking_that_failed_is_a_failure() -> None:
    there = world(Token(2, NUMBER, 1201, status=3, blocked=True))
    script = Script({**there.answers, "IdentifierUnblock": fault(124)})
    with pytest.raises(Conflict):
        script.run(tokens.unblock(SITE, 1201, OPEN))


# One-shot numbers

ONE_SHOT = replace(OPEN, type_id=3)


def take(script: Script, token: Identifier, reason: str | None = None, **settings: Any) -> None:
    script.run(tokens.take(site(**settings), LISTS, 1201, token, reason))


def test_a_physical_badge_is_withdrawn_and_a_one_shot_number_is_killed() -> None:
    badge = Script(world(Token(2, NUMBER, 1201)).answers)
    take(badge, OPEN)
    assert badge.names() == ["IdentifierWithdraw"]
    code = Script(world(Token(3, NUMBER, 1201)).answers)
    take(code, ONE_SHOT, "Returned")
    assert code.names() == ["BlockReasonSearch", "IdentifierWithdrawAndBlock"]


def test_which_kinds_are_one_shot_is_a_setting() -> None:
    script = Script(world(Token(3, NUMBER, 1201)).answers)
    take(script, ONE_SHOT, one_shot_kinds=frozenset())
    assert script.names() == ["IdentifierWithdraw"]
    assert tokens.is_one_shot(site(one_shot_kinds={"badge"}), LISTS, OPEN)
    assert tokens.is_one_shot(site(one_shot_kinds={"badge"}), LISTS, replace(OPEN, type_id=99))


@pytest.mark.parametrize(
    "broken",
    [
        {"BlockReasonSearch": fault(901)},
        {"BlockReasonSearch": "<BlockReasonList/>"},
        {"IdentifierWithdrawAndBlock": fault(901)},
        {"IdentifierWithdrawAndBlock": fault(126)},
    ],
)
def test_what_cannot_be_killed_is_at_least_withdrawn(broken: dict[str, Any]) -> None:
    there = world(Token(3, NUMBER, 1201))
    script = Script({**there.answers, **broken})
    take(script, ONE_SHOT)
    assert there.tokens[0].carrier is None
    assert script.names()[-1] == "IdentifierWithdraw"


@pytest.mark.parametrize("place", ["BlockReasonSearch", "IdentifierWithdrawAndBlock"])
def test_an_interruption_is_let_pass(place: str) -> None:
    script = Script({**world(Token(3, NUMBER, 1201)).answers, place: Interrupted("end")})
    with pytest.raises(Interrupted):
        take(script, ONE_SHOT)
    assert "IdentifierWithdraw" not in script.names()


def test_where_the_account_may_do_neither_the_right_is_named() -> None:
    answers = world(Token(3, NUMBER, 1201)).answers
    script = Script({**answers, "IdentifierWithdrawAndBlock": fault(901), "IdentifierWithdraw": fault(901)})
    with pytest.raises(Forbidden):
        take(script, ONE_SHOT)
