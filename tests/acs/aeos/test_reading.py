"""What only looks: ours alone, exactly, page by page; and a check that says what is missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.acs.models import AccessGrant, Credential
from hamilton_sdk.errors import BadResponse, Invalid, NotReachable, ServerFailed, Unauthorized
from hamilton_sdk.flow import Page, Response
from hamilton_sdk.model import TimeWindow
from tests.acs.aeos.made import BADGE, QR, adapter, order, window
from tests.acs.aeos.scripted import NOW, Script, fault
from tests.acs.aeos.world import Token, World

both = pytest.mark.parametrize("strategy", ["visit", "profile"])


def active(strategy: str = "visit", **given: Any) -> World:
    there = World()
    Script(there.answers).run(adapter(strategy).activate(order(**given)))
    return there


@both
def test_what_is_not_there_is_none_and_nothing_is_ever_written(strategy: str) -> None:
    script = Script(World().answers)
    assert script.run(adapter(strategy).find("V1")) is None
    assert script.writes() == []


@both
def test_what_is_there_is_found_by_reference_and_by_credential(strategy: str) -> None:
    there = active(strategy)
    script = Script(there.answers)
    found = script.run(adapter(strategy).find("V1"))
    assert found.state == "active"
    assert script.run(adapter(strategy).find_by_credential(BADGE)) == found
    assert script.writes() == []


def test_of_holders_that_raced_the_lowest_is_found() -> None:
    there = active()
    there.visitors[5] = {"PersonnelNo": "HV-V1"}
    assert Script(there.answers).run(adapter().find("V1")).holder_id == "5"


@pytest.mark.parametrize(("reference", "words"), [("", "empty"), ("x" * 48, "leaves 47")])
def test_a_reference_that_cannot_be_is_refused(reference: str, words: str) -> None:
    script = Script({})
    with pytest.raises(Invalid, match=words):
        script.run(adapter().find(reference))


@pytest.mark.parametrize(
    "token",
    [
        Token(2, "48213377", None, status=0),
        Token(2, "48213377", 7),
        Token(2, "482133770", 5),
        Token(3, "48213377", 5),
    ],
)
def test_a_credential_that_is_free_or_somebody_elses_is_nobodys(token: Token) -> None:
    people = {5: {"PersonnelNo": "HV-V1"}, 7: {"PersonnelNo": "E-1"}}
    there = World(visitors=people, tokens=[token])
    assert Script(there.answers).run(adapter().find_by_credential(BADGE)) is None


def test_without_a_type_every_type_is_searched_for_one_of_ours() -> None:
    people = {5: {"PersonnelNo": "HV-V1"}, 7: {"PersonnelNo": "E-1"}}
    there = World(visitors=people, tokens=[Token(2, "4821", 7), Token(3, "4821", 5)])
    found = Script(there.answers).run(
        adapter(identifier_type=None).find_by_credential(Credential("badge", "4821"))
    )
    assert found.holder_id == "5"


def test_a_credential_may_name_its_own_type() -> None:
    there = active(credential=QR)
    assert Script(there.answers).run(adapter().find_by_credential(QR)).reference == "V1"
    with pytest.raises(Invalid, match="unknown credential type"):
        Script(there.answers).run(adapter().find_by_credential(Credential("qr", "x", type="Nonsense")))


@pytest.mark.parametrize("kind", [None, "QR code", "Nonsense"])
def test_a_number_longer_than_aeos_keeps_is_nobodys_and_not_asked_for(kind: str | None) -> None:
    script = Script({})
    assert script.run(adapter().find_by_credential(Credential("qr", "T" * 33, type=kind))) is None
    assert script.asked == []


def test_the_longest_number_that_aeos_keeps_is_found() -> None:
    longest = Credential("qr", "T" * 32, type="QR code")
    found = Script(active(credential=longest).answers).run(adapter().find_by_credential(longest))
    assert found.reference == "V1"


# Pages


def crowd(count: int) -> World:
    there = World()
    for key in range(1, count + 1):
        mark = "E" if key % 3 == 0 else "HV-V"
        there.visitors[key] = {"PersonnelNo": f"{mark}{key}"}
    return there


def pages(there: World, answers: dict[str, Any] | None = None, **settings: Any) -> list[Page[AccessGrant]]:
    found: list[Page[AccessGrant]] = []
    token = None
    while not found or token is not None:
        script = Script({**there.answers, **(answers or {})})
        found.append(script.run(adapter(**settings).grants_page(token)))
        token = found[-1].next
        assert len(found) < 50
    return found


@given(count=st.integers(0, 13), size=st.integers(1, 7))
def test_paging_neither_loses_nor_repeats_and_shows_ours_alone(count: int, size: int) -> None:
    found = [each.reference for page in pages(crowd(count), page_size=size) for each in page.items]
    assert found == [f"V{key}" for key in range(1, count + 1) if key % 3]


def test_a_server_that_matches_more_than_asked_shows_no_stranger() -> None:
    there = crowd(4)
    strangers = there._find_visitors
    everyone = {"VisitorSearchInfo": lambda asked: strangers(_without_criteria(asked))}
    found = [each.reference for page in pages(there, everyone, page_size=3) for each in page.items]
    assert found == ["V1", "V2", "V4"]


def _without_criteria(asked: Any) -> Any:
    info = asked.root[0]
    for child in list(info):
        if child.tag.endswith("PersonnelNo"):
            info.remove(child)
    return asked


def test_a_server_that_ignores_the_offset_ends_the_list() -> None:
    there = crowd(2)
    same = there.answers["VisitorSearchInfo"]
    fixed: dict[str, Any] = {}

    def always_first(asked: Any) -> Any:
        fixed.setdefault("page", same(asked))
        return fixed["page"]

    found = pages(there, {"VisitorSearchInfo": always_first}, page_size=2)
    assert [len(each.items) for each in found] == [2, 0]


def test_a_page_holds_a_hundred_at_most_and_its_token_can_be_kept() -> None:
    there = crowd(151)
    first, second = pages(there)
    assert first.next == "aeos-100-1"
    script = Script(there.answers)
    assert script.run(adapter().grants_page("aeos-100-1")) == second
    asked = script.of("VisitorSearchInfo")[0]
    assert (asked.text("SearchRange/startRecordNo"), asked.text("SearchRange/nrOfRecords")) == ("100", "100")
    assert asked.text("VisitorInfo/PersonnelNo") == "HV-"


@pytest.mark.parametrize(
    "token", ["", "x", "aeos-", "aeos-1", "aeos-1-x", "aeos--1-2", "aeos-1-2-3", "other-1-2"]
)
def test_a_token_that_is_not_ours_is_refused_before_any_request(token: str) -> None:
    script = Script({})
    with pytest.raises(Invalid, match="no page token"):
        script.run(adapter().grants_page(token))


def test_one_deleted_since_it_was_listed_is_passed_over() -> None:
    there = active()
    visitor = there._visitor(next(iter(there.visitors)), "VisitorInfo")
    there.visitors.clear()
    listed = [f"<VisitorList><Visitor>{visitor}</Visitor></VisitorList>", "<VisitorList/>"]
    script = Script({**there.answers, "VisitorSearchInfo": listed})
    assert script.run(adapter().grants_page()).items == ()


# Comparing


def drifts(there: World, *expected: Any, now: datetime = NOW, **settings: Any) -> list[tuple[str, str]]:
    found = Script(there.answers, now=now).run(adapter(**settings).reconcile(list(expected)))
    return [(each.kind, each.reference) for each in found]


@both
def test_what_stands_as_ordered_is_no_difference_by_name_or_by_id(strategy: str) -> None:
    there = active(strategy)
    assert drifts(there, order(), strategy=strategy) == []
    by_id = order(profiles=("51",), credential=Credential("badge", "48213377", type="2"))
    assert drifts(there, by_id, strategy=strategy) == []


def test_differences_are_told_by_kind() -> None:
    there = active()
    there.visitors[5] = {"PersonnelNo": "E-1"}
    assert drifts(there) == [("unexpected", "V1")]
    assert drifts(there, order(), order("V2")) == [("missing", "V2")]
    assert drifts(there, order(profiles=("Meeting rooms",))) == [("profiles", "V1")]
    assert drifts(there, order(window=window(NOW, 20))) == [("window", "V1")]


def test_an_end_that_had_to_be_sent_earlier_is_no_difference() -> None:
    day = TimeWindow(datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    there = World()
    now = datetime(2026, 10, 24, 13, tzinfo=UTC)
    Script(there.answers, now=now).run(adapter().activate(order(window=day)))
    assert drifts(there, order(window=day), now=now) == []


def test_comparing_writes_nothing() -> None:
    script = Script(active().answers)
    script.run(adapter().reconcile([order()]))
    assert script.writes() == []


# Checking

VERSION = (
    "<VersionInfo><AeosVersion>2023.1.4</AeosVersion><WebServiceVersion>3.2</WebServiceVersion>"
    "<WebServiceBuild>77</WebServiceBuild></VersionInfo>"
)


def checked(answers: dict[str, Any] | None = None, **settings: Any) -> tuple[Any, Script]:
    script = Script({**World().answers, "VersionSearchInfo": VERSION, **(answers or {})})
    return script.run(adapter(**settings).check()), script


def test_a_healthy_server_says_who_it_is() -> None:
    health, script = checked()
    assert (health.product, health.version) == ("Nedap AEOS", "2023.1.4")
    assert health.details == ("web service 3.2, build 77",)
    assert script.names()[0] == "VersionSearchInfo"
    assert script.writes() == []


def test_the_strategy_decides_whether_visits_are_asked_for() -> None:
    assert "VisitSearchInfo" in checked()[1].names()
    assert "PersonSearchInfo" in checked()[1].names()
    assert "PersonSearchInfo" not in checked(default_host=None)[1].names()
    assert "VisitSearchInfo" not in checked(strategy="profile")[1].names()


@pytest.mark.parametrize(
    ("answers", "settings", "words"),
    [
        ({"TemplateSearchInfo": fault(901)}, {}, ("access profiles", "not authorised", "External calls")),
        ({"VisitSearchInfo": fault(902)}, {}, ("visits", "no licence", "strategy='profile'")),
        ({"BlockReasonSearch": fault(903)}, {}, ("reasons for blocking", "not implemented", "version")),
        ({}, {"default_host": "E-7"}, ("the default host", "not known", "number as AEOS shows it")),
        ({"UnitSearchInfo": "<UnitList/>"}, {"unit": "HQ"}, ("the unit", "unknown unit 'HQ'", "")),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(
    answers: dict[str, Any], settings: dict[str, Any], words: tuple[str, ...]
) -> None:
    health, _ = checked(answers, **settings)
    (detail,) = health.details[1:]
    for each in words:
        assert each in detail


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Response(200, body=b"<html><h1>Welcome</h1></html>"), BadResponse),
        (Response(404, body=b"not here"), BadResponse),
        (Response(401), Unauthorized),
        (NotReachable("no route"), NotReachable),
    ],
)
def test_a_server_that_is_no_aeos_or_does_not_let_us_in_is_an_error(
    answer: Any, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        checked({"VersionSearchInfo": answer})


def test_a_search_that_fails_for_another_cause_is_an_error() -> None:
    with pytest.raises(ServerFailed):
        checked({"TemplateSearchInfo": fault(990)})


def test_a_later_look_sees_what_time_has_done() -> None:
    there = active()
    late = Script(there.answers, now=NOW + timedelta(days=1))
    assert late.run(adapter().find("V1")).state == "ended"
