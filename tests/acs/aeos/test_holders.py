"""Our visitors: told from everybody else exactly, made once, deleted whole."""

from __future__ import annotations

from typing import Any

import pytest

from hamilton_sdk.acs.aeos import holders
from hamilton_sdk.acs.aeos.records import Visitor
from hamilton_sdk.errors import Conflict, ConnectionLost, Forbidden, Interrupted, Invalid, ServerFailed
from tests.acs.aeos.made import site
from tests.acs.aeos.scripted import Asked, Script, fault
from tests.acs.aeos.world import Token, World

SITE = site()


def world(**numbers: str) -> World:
    there = World()
    for key, number in numbers.items():
        there.visitors[int(key[1:])] = {"LastName": "D", "PersonnelNo": number}
        there.profiles[int(key[1:])] = ""
    return there


def find(there: World, mark: str = "HV-V1", **settings: Any) -> list[int]:
    found = Script(there.answers).run(holders.find(site(**settings), mark))
    return [each.id for each in found]


def test_only_the_exact_personnel_number_is_ours() -> None:
    there = world(v5="HV-V1", v4="HV-V10", v3="HV-V1 ", v2="hv-v1", v1="E-1")
    assert find(there) == [5]


def test_a_server_that_ignores_case_does_not_mislead_us() -> None:
    there = world(v5="HV-v1")
    script = Script({"VisitorSearchInfo": there._find_visitors})
    script.answers["VisitorSearchInfo"] = there._find_visitors(_any_search())
    assert script.run(holders.find(SITE, "HV-V1")) == []


def _any_search() -> Asked:
    script = Script({"VisitorSearchInfo": "<VisitorList/>"})
    script.run(holders.find(SITE, "HV-"))
    return script.asked[0]


def test_holders_come_by_id_and_past_the_page() -> None:
    there = world(v9="HV-V1", v5="HV-V1", v7="HV-V11")
    assert find(there, page_size=1) == [5, 9]


@pytest.mark.parametrize(
    ("number", "carrier", "ours"),
    [
        ("HV-V1", "Visitor", True),
        ("HV-V1", None, True),
        ("HV-V1", "Employee", False),
        ("HV-", "Visitor", False),
        ("hv-V1", "Visitor", False),
        ("V1", "Visitor", False),
        ("", "Visitor", False),
    ],
)
def test_an_employee_is_never_ours_whatever_his_number(number: str, carrier: str | None, ours: bool) -> None:
    assert holders.is_ours(SITE, Visitor(1, carrier, number)) is ours


def test_a_carrier_is_ours_by_id_only_with_the_mark() -> None:
    there = world(v5="HV-V1", v7="E-1")
    script = Script(there.answers)
    mine = script.run(holders.find_by_id(SITE, 5))
    assert mine is not None
    assert mine.id == 5
    assert script.run(holders.find_by_id(SITE, 7)) is None
    assert script.run(holders.find_by_id(SITE, 8)) is None


def test_all_that_is_marked_is_found() -> None:
    there = world(v5="HV-V1", v6="HV-V2", v7="E-1", v8="HV-")
    assert [each.id for each in Script(there.answers).run(holders.find_marked(SITE))] == [5, 6]


PERSON = "<Person><Id>{}</Id><CarrierType>{}</CarrierType><PersonnelNo>{}</PersonnelNo></Person>"


def host(*people: tuple[int, str, str]) -> int:
    items = "".join(PERSON.format(*each) for each in people)
    found: int = Script({"PersonSearchInfo": f"<PersonList>{items}</PersonList>"}).run(
        holders.find_host(SITE, "E-77")
    )
    return found


def test_a_host_is_found_by_the_exact_personnel_number() -> None:
    assert host((61, "Employee", "E-770"), (60, "Employee", "E-77"), (62, "Visitor", "E-77")) == 60
    assert host((60, "Contractor", "E-77")) == 60


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ([], "the host is not known"),
        ([(61, "Employee", "E-770")], "the host is not known"),
        ([(62, "Visitor", "E-77")], "the host is not known"),
        ([(60, "Employee", "E-77"), (61, "Contractor", "E-77")], "several persons"),
    ],
)
def test_a_host_that_is_unknown_or_ambiguous_is_refused_without_his_number(
    people: list[tuple[int, str, str]], words: str
) -> None:
    with pytest.raises(Invalid) as caught:
        host(*people)
    assert words in str(caught.value)
    assert "E-77" not in str(caught.value) + (caught.value.hint or "")


def test_a_snapshot_holds_all_that_stands() -> None:
    there = world(v5="HV-V1")
    there.tokens = [Token(2, "48213377", 5)]
    there.blocked = {5}
    script = Script(there.answers)
    found = script.run(holders.snapshot(SITE, Visitor(5, "Visitor", "HV-V1")))
    assert sorted(script.names()) == ["CarrierIdStates", "CarrierIdToken", "VisitSearchInfo"]
    assert (found.carrier.blocked, found.carrier.reason) == (True, 5)
    assert [each.number for each in found.tokens] == ["48213377"]


def test_a_visitor_deleted_since_it_was_listed_is_passed_over() -> None:
    assert (
        Script(World().answers).run(holders.snapshot_if_there(SITE, Visitor(5, "Visitor", "HV-V1"))) is None
    )


def test_a_visitor_that_is_there_and_cannot_be_read_is_no_absent_one() -> None:
    script = Script({**world(v5="HV-V1").answers, "CarrierIdStates": fault(100)})
    with pytest.raises(ServerFailed):
        script.run(holders.snapshot_if_there(SITE, Visitor(5, "Visitor", "HV-V1")))


@pytest.mark.parametrize("after_work", [True, False])
def test_a_create_whose_answer_is_lost_makes_one_holder(after_work: bool) -> None:
    there = World()
    script = Script(there.answers, failing=0, failure=ConnectionLost("cut"), after_work=after_work)
    made = script.run(holders.create(SITE, "HV-V1", {"LastName": "D", "PersonnelNo": "HV-V1"}))
    assert list(there.visitors) == [made.id]


def dismantled(there: World, answers: dict[str, Any] | None = None, **settings: Any) -> Script:
    script = Script({**there.answers, **(answers or {})})
    script.run(holders.dismantle(site(**settings), 5))
    return script


def furnished() -> World:
    there = world(v5="HV-V1", v7="E-1")
    there.tokens = [Token(2, "48213377", 5), Token(2, "48213378", 7)]
    there.visits = {3: {"VisitorId": "5", "ContactPersonId": "60", "beginVisit": "A", "endVisit": "B"}}
    return there


def test_a_holder_goes_credential_first_and_itself_last() -> None:
    there = furnished()
    assert dismantled(there).writes() == ["IdentifierWithdraw", "VisitId", "VisitorId"]
    assert (list(there.visitors), there.visits, there.open_tokens()) == ([7], {}, ["48213378"])


def test_in_the_profile_strategy_there_are_no_visits_to_delete() -> None:
    assert dismantled(furnished(), strategy="profile").writes() == ["IdentifierWithdraw", "VisitorId"]


def test_a_holder_with_a_credential_in_its_hands_stays_to_be_found_again() -> None:
    there = furnished()
    with pytest.raises(Conflict):
        dismantled(there, {"IdentifierWithdraw": fault(125)})
    assert 5 in there.visitors
    assert there.visits == {}


def test_a_visit_that_cannot_be_deleted_keeps_its_holder() -> None:
    there = furnished()
    with pytest.raises(Conflict):
        dismantled(there, {"VisitId": fault(93)})
    assert 5 in there.visitors
    assert there.open_tokens() == ["48213378"]


def test_of_two_failures_the_first_is_told() -> None:
    with pytest.raises(Conflict) as caught:
        dismantled(furnished(), {"IdentifierWithdraw": fault(125), "VisitId": fault(93)})
    assert caught.value.code == "125"


@pytest.mark.parametrize("code", [902, 903])
def test_without_visit_management_there_are_no_visits_and_the_holder_can_go(code: int) -> None:
    there = furnished()
    there.visits = {}
    dismantled(there, {"VisitSearchInfo": fault(code)})
    assert list(there.visitors) == [7]


def test_visits_that_we_may_not_see_and_that_keep_their_holder_are_told_as_what_is_missing() -> None:
    there = furnished()
    with pytest.raises(Forbidden) as caught:
        dismantled(there, {"VisitSearchInfo": fault(902), "VisitorId": fault(73)})
    assert caught.value.code == "902"
    assert 5 in there.visitors


def test_a_holder_that_is_gone_already_is_success() -> None:
    there = world(v7="E-1")
    assert dismantled(there).names() == ["CarrierIdToken", "VisitSearchInfo", "VisitorSearchInfo"]


def test_a_holder_that_cannot_be_deleted_is_a_failure() -> None:
    with pytest.raises(Conflict):
        dismantled(world(v5="HV-V1"), {"VisitorId": fault(73)})


@pytest.mark.parametrize("place", ["CarrierIdToken", "VisitSearchInfo", "VisitorId"])
def test_an_interruption_is_let_pass(place: str) -> None:
    with pytest.raises(Interrupted):
        dismantled(furnished(), {place: Interrupted("end")})


def test_a_right_that_is_missing_is_told() -> None:
    with pytest.raises(Forbidden):
        dismantled(furnished(), {"VisitorId": fault(901)})
