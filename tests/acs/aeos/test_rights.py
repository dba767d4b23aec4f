"""Rights by visit and by profile: changed in one request, ended whole, restored as they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hamilton_sdk.acs.aeos.authorisations import Wanted
from hamilton_sdk.acs.aeos.rights import Rights, rights_of
from hamilton_sdk.acs.aeos.state import Held
from hamilton_sdk.errors import BadResponse, Conflict, ConnectionLost, ServerFailed
from tests.acs.aeos.made import site
from tests.acs.aeos.scripted import NOW, Script, fault
from tests.acs.aeos.world import HOST, World

HOLDER = 1201
BEGIN, END = "2026-03-27T08:00:00", "2026-03-27T17:00:00"
TEMPLATE = (
    "<TemplateAuthorisation><Id>{}</Id><Enabled>{}</Enabled>{}<TemplateId>{}</TemplateId><DateFrom>{}</DateFrom>"
    "<DateUntil>{}</DateUntil></TemplateAuthorisation>"
)
BY_RULE = TEMPLATE.format(9, "true", "<RuleId>4</RuleId>", 60, BEGIN, END)
BY_HAND = (
    f"<EntranceAuthorisation><Id>8</Id><Enabled>true</Enabled><EntranceId>80</EntranceId>"
    f"<DateTimeScheduleId>1</DateTimeScheduleId><DateFrom>{BEGIN}</DateFrom></EntranceAuthorisation>"
)


def wanted(*online: int, offline: tuple[int, ...] = (), enabled: bool = True, end: str = END) -> Wanted:
    return Wanted(online, offline, BEGIN, end, enabled)


def visit(rights: str = "", begin: str = BEGIN, end: str = END, host: int = HOST) -> dict[str, str]:
    return {
        "VisitorId": str(HOLDER),
        "ContactPersonId": str(host),
        "beginVisit": begin,
        "endVisit": end,
        "Authorization": rights,
    }


def template(
    subject: int = 51, *, enabled: str = "true", key: int = 5, begin: str = BEGIN, end: str = END
) -> str:
    return TEMPLATE.format(key, enabled, "", subject, begin, end)


def world(**visits: dict[str, str]) -> World:
    there = World(visitors={HOLDER: {"PersonnelNo": "HV-V1"}}, profiles={HOLDER: ""})
    there.visits = {int(key[1:]): fields for key, fields in visits.items()}
    return there


def by_visit(**settings: Any) -> Rights:
    return rights_of(site(**settings))


def by_profile() -> Rights:
    return rights_of(site("profile", offline_profiles=True))


# By visit


def test_a_visit_is_made_with_its_rights_and_read_back() -> None:
    there = world()
    script = Script(there.answers)
    held = script.run(by_visit().give(HOLDER, HOST, wanted(51, 52), Held()))
    assert script.names() == ["VisitAdd", "VisitSearchInfo"]
    asked = script.asked[0]
    assert (asked.text("VisitorId"), asked.text("ContactPersonId")) == (str(HOLDER), str(HOST))
    assert (asked.text("beginVisit"), asked.text("endVisit")) == (BEGIN, END)
    assert asked.texts("TemplateId") == ["51", "52"]
    assert [each.subject for each in held.rights] == [51, 52]


def test_a_visit_whose_answer_is_lost_is_found_and_not_made_twice() -> None:
    there = world()
    script = Script(there.answers, failing=0, failure=ConnectionLost("cut"), after_work=True)
    held = script.run(by_visit().give(HOLDER, HOST, wanted(51), Held()))
    assert len(there.visits) == 1
    assert held.visits[0].id in there.visits


def test_a_visit_that_was_not_made_is_sent_once_more() -> None:
    there = world()
    script = Script(there.answers, failing=0, failure=ConnectionLost("cut"))
    script.run(by_visit().give(HOLDER, HOST, wanted(51), Held()))
    assert script.names() == ["VisitAdd", "VisitSearchInfo", "VisitAdd", "VisitSearchInfo"]


def test_of_two_visits_made_at_once_the_lowest_stays() -> None:
    there = world(v5=visit(template()))
    held = Script(there.answers).run(by_visit().give(HOLDER, HOST, wanted(51), Held()))
    assert list(there.visits) == [5]
    assert held.visits[0].id == 5


def test_the_other_processs_visit_gets_our_rights_where_they_differ() -> None:
    there = world(v5=visit(template(52)))
    script = Script(there.answers)
    held = script.run(by_visit().give(HOLDER, HOST, wanted(51), Held()))
    assert [each.subject for each in held.rights] == [51]
    assert script.names() == ["VisitAdd", "VisitSearchInfo", "VisitId", "VisitChange"]


def test_a_visit_that_does_not_show_in_a_search_yet_is_taken_from_the_answer() -> None:
    script = Script({**world().answers, "VisitSearchInfo": "<VisitList/>"})
    assert len(script.run(by_visit().give(HOLDER, HOST, wanted(51), Held())).visits) == 1


def read(there: World, rights: Rights | None = None) -> Held:
    held: Held = Script(there.answers).run((rights or by_visit()).read(HOLDER))
    return held


def test_the_visits_of_others_are_not_ours() -> None:
    there = world(v5=visit(template()), v4=visit())
    there.visits[6] = {**visit(), "VisitorId": "7"}
    script = Script({**there.answers, "VisitSearchInfo": there._find_visits})
    assert [each.id for each in script.run(by_visit().read(HOLDER)).visits] == [4, 5]


def test_a_change_of_rights_is_one_request_that_keeps_everything_else() -> None:
    there = world(v5=visit(template() + BY_RULE + BY_HAND), v6=visit(template(52)))
    script = Script(there.answers)
    held = script.run(by_visit().give(HOLDER, None, wanted(52, end="2026-03-27T19:00:00"), read(there)))
    assert script.names() == ["VisitChange"]
    (asked,) = script.asked
    assert (asked.text("Id"), asked.text("ContactPersonId")) == ("5", str(HOST))
    assert asked.text("endVisit") == "2026-03-27T19:00:00"
    assert asked.texts("TemplateId") == ["60", "52"]
    assert asked.texts("RuleId") == ["4"]
    assert asked.texts("EntranceId") == ["80"]
    assert [each.id for each in held.visits] == [5, 6]


@pytest.mark.parametrize(
    ("there", "host", "stands"),
    [
        (visit(template()), None, True),
        (visit(template()), HOST, True),
        (visit(template() + BY_RULE + BY_HAND), HOST, True),
        (visit(template()), 61, False),
        (visit(template(52)), HOST, False),
        (visit(template(enabled="false")), HOST, False),
        (visit(template(), begin="2026-03-27T08:30:00"), HOST, False),
        (visit(template(), end="2026-03-27T18:00:00"), HOST, False),
        (visit(template(end="2026-03-27T18:00:00")), HOST, False),
    ],
)
def test_what_stands_already_needs_no_request(there: dict[str, str], host: int | None, stands: bool) -> None:
    assert by_visit().stands(host, wanted(51), read(world(v5=there))) is stands
    assert not by_visit().stands(host, wanted(51), Held())


def test_a_server_that_adds_to_a_list_instead_of_replacing_it_is_noticed() -> None:
    """It is not said which of the two AEOS does: rights that were to go must not stay in silence."""
    there = world(v5=visit(template(52)))
    before = read(there)

    def adds(_asked: Any) -> str:
        rights = template(52) + template(51, key=6)
        inner = "".join(f"<{name}>{text}</{name}>" for name, text in visit(rights).items())
        return f"<VisitResult><Id>5</Id>{inner}</VisitResult>"

    with pytest.raises(BadResponse, match="other rights stand than those that were sent") as caught:
        Script({**there.answers, "VisitChange": adds}).run(by_visit().give(HOLDER, None, wanted(51), before))
    assert "taken back" in (caught.value.hint or "")


def end(there: World, rights: Rights, now: datetime = NOW) -> Script:
    script = Script(there.answers)
    script.run(rights.end(read(there, rights), now))
    return script


def test_everything_ends_now_in_one_request_a_visit() -> None:
    there = world(v5=visit(template() + BY_RULE + BY_HAND), v6=visit(template(52)))
    script = end(there, by_visit())
    assert script.names() == ["VisitChange", "VisitChange"]
    first = script.asked[0]
    # 08:00 UTC is 09:00 in Paris.
    assert (first.text("beginVisit"), first.text("endVisit")) == (BEGIN, "2026-03-27T09:00:00")
    assert first.texts("Enabled") == ["false", "true", "false"]
    assert first.texts("DateUntil") == ["2026-03-27T09:00:00", END, "2026-03-27T09:00:00"]
    assert not [each for each in read(there).rights if each.enabled]


def test_a_visit_that_had_not_begun_ends_after_it_begins() -> None:
    later = {"begin": "2026-03-28T08:00:00", "end": "2026-03-28T17:00:00"}
    there = world(v5=visit(template(**later), **later))
    (asked,) = end(there, by_visit()).asked
    assert (asked.text("beginVisit"), asked.text("endVisit")) == (
        "2026-03-27T08:59:59",
        "2026-03-27T09:00:00",
    )
    assert asked.texts("DateFrom") == ["2026-03-27T08:59:59"]


def test_inside_an_hour_that_the_clock_repeats_the_beginning_is_still_before_the_end() -> None:
    now = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    day = {"begin": "2026-10-25T08:00:00", "end": "2026-10-25T17:00:00"}
    (asked,) = end(world(v5=visit(template(**day), **day)), by_visit(), now).asked
    assert (asked.text("beginVisit"), asked.text("endVisit")) == (
        "2026-10-25T01:59:58",
        "2026-10-25T01:59:59",
    )


def test_what_is_over_is_left_alone() -> None:
    past = {"begin": "2026-03-26T08:00:00", "end": "2026-03-26T17:00:00"}
    assert end(world(v5=visit(template(**past), **past), v6=visit("", **past)), by_visit()).names() == []


@pytest.mark.parametrize(
    "there",
    [visit(template(), end="2026-03-27T08:30:00"), visit(template(end="2026-03-27T08:30:00")), visit()],
)
def test_a_visit_is_over_only_when_its_rights_are_too(there: dict[str, str]) -> None:
    assert end(world(v5=there), by_visit()).names() == ["VisitChange"]


def test_what_stood_before_a_change_is_restored() -> None:
    there = world(v5=visit(template() + BY_RULE))
    before = read(there)
    rights = by_visit()
    Script(there.answers).run(rights.give(HOLDER, 61, wanted(52), before))
    there.visits[9] = visit(template(52))
    script = Script(there.answers)
    script.run(rights.restore(HOLDER, before))
    assert script.names() == ["VisitSearchInfo", "VisitChange", "VisitId"]
    assert read(there).visits == before.visits


def test_restoring_what_has_not_changed_sends_nothing() -> None:
    there = world(v5=visit(template()))
    script = Script(there.answers)
    script.run(by_visit().restore(HOLDER, read(there)))
    assert script.writes() == []


def test_dropping_deletes_the_visits_and_one_that_is_gone_is_no_trouble() -> None:
    there = world(v5=visit(template()), v6=visit())
    listed = Script(there.answers).run(by_visit().read(HOLDER))
    assert len(listed.visits) == 2
    script = Script({**there.answers, "VisitId": [fault(93), "<RemoveResult>(null)</RemoveResult>"]})
    gone = {**there.answers}
    script.answers["VisitSearchInfo"] = [gone["VisitSearchInfo"], "<VisitList/>"]
    script.run(by_visit().drop(HOLDER))
    assert script.names() == ["VisitSearchInfo", "VisitId", "VisitSearchInfo", "VisitId"]


def test_a_visit_that_cannot_be_deleted_is_a_failure() -> None:
    there = world(v5=visit(template()))
    with pytest.raises(Conflict):
        Script({**there.answers, "VisitId": fault(93)}).run(by_visit().drop(HOLDER))


# By profile


def profiled(profile: str) -> World:
    there = world()
    there.profiles[HOLDER] = profile
    return there


def online(rights: str) -> str:
    return f"<AuthorisationOnline>{rights}</AuthorisationOnline>"


def test_a_new_holder_gets_rights_added() -> None:
    there = world()
    script = Script(there.answers)
    held = script.run(by_profile().give(HOLDER, None, wanted(51, offline=(71,)), Held()))
    assert script.names() == ["ProfileAdd"]
    assert script.asked[0].order() == ["CarrierId", "AuthorisationOnline", "AuthorisationOffline"]
    assert script.asked[0].texts("DateUntil") == [END]
    assert [each.subject for each in held.rights] == [51, 71]


def test_without_offline_templates_no_offline_section_is_sent() -> None:
    script = Script(world().answers)
    script.run(by_profile().give(HOLDER, None, wanted(51), Held()))
    assert script.asked[0].order() == ["CarrierId", "AuthorisationOnline"]


@pytest.mark.parametrize(
    ("after_work", "writes"), [(True, ["ProfileAdd"]), (False, ["ProfileAdd", "ProfileAdd"])]
)
def test_rights_whose_answer_is_lost_are_looked_up(after_work: bool, writes: list[str]) -> None:
    there = world()
    script = Script(there.answers, failing=0, failure=ConnectionLost("cut"), after_work=after_work)
    held = script.run(by_profile().give(HOLDER, None, wanted(51), Held()))
    assert script.writes() == writes
    assert [each.subject for each in held.rights] == [51]


REST = (
    "<AuthorisationSoaa><EntranceAuthorisation><Id>3</Id><Enabled>true</Enabled><EntranceId>81</EntranceId>"
    f"<DateTimeScheduleId>1</DateTimeScheduleId><DateFrom>{BEGIN}</DateFrom><Toggle>false</Toggle>"
    "<ExtendedUnlock>false</ExtendedUnlock></EntranceAuthorisation></AuthorisationSoaa>"
    "<AuthorisationLoXS><A>1</A></AuthorisationLoXS><AccessDuringHoliday>false</AccessDuringHoliday>"
)
OFFLINE = (
    "<AuthorisationOffline><TemplateAuthorisation><Enabled>true</Enabled><TemplateId>71</TemplateId>"
    "</TemplateAuthorisation></AuthorisationOffline>"
)


def test_a_change_replaces_ours_and_sends_everything_else_back() -> None:
    """What changeCarrierProfile is not sent, it deletes."""
    there = profiled(online(template(52) + BY_RULE + BY_HAND) + REST)
    rights = by_profile()
    script = Script(there.answers)
    held = script.run(rights.give(HOLDER, None, wanted(51), read(there, rights)))
    (asked,) = script.asked
    assert asked.name == "ProfileChange"
    assert asked.order() == [
        "CarrierId",
        "AuthorisationOnline",
        "AuthorisationSoaa",
        "AuthorisationLoXS",
        "AccessDuringHoliday",
    ]
    assert asked.texts("TemplateId") == ["60", "51"]
    assert asked.texts("EntranceId") == ["80", "81"]
    assert asked.texts("Toggle") == ["false"]
    assert held.profile is not None
    assert held.profile.rest == (("AuthorisationLoXS", (("A", "1"),)), ("AccessDuringHoliday", "false"))


@pytest.mark.parametrize(
    ("profile", "stands"),
    [
        (online(template()), True),
        (online(template() + BY_RULE + BY_HAND) + REST, True),
        (online(template(52)), False),
        ("", False),
        (online(template()) + OFFLINE, False),
    ],
)
def test_a_profile_that_stands_already_needs_no_request(profile: str, stands: bool) -> None:
    rights = by_profile()
    assert rights.stands(None, wanted(51), read(profiled(profile), rights)) is stands
    assert not rights.stands(None, wanted(51), Held())


def test_everything_in_a_profile_ends_but_the_rule_engines_rights() -> None:
    there = profiled(online(template() + BY_RULE + BY_HAND) + OFFLINE + REST)
    (asked,) = end(there, by_profile()).asked
    assert asked.order() == ["CarrierId", "AuthorisationOnline", "AuthorisationSoaa", "AccessDuringHoliday"]
    assert asked.texts("Enabled") == ["false", "true", "false", "false"]
    assert asked.texts("DateUntil") == [
        "2026-03-27T09:00:00",
        END,
        "2026-03-27T09:00:00",
        "2026-03-27T09:00:00",
    ]
    assert asked.texts("TemplateId") == ["51", "60"]
    assert asked.texts("ExtendedUnlock") == ["false"]


@pytest.mark.parametrize(
    "profile",
    [
        "",
        online(template(end="2026-03-27T08:30:00")),
        online(BY_RULE) + "<AccessDuringHoliday>false</AccessDuringHoliday>",
    ],
)
def test_a_profile_that_is_over_is_left_alone(profile: str) -> None:
    assert end(profiled(profile), by_profile()).names() == []
    assert Script({}).run(by_profile().end(Held(), NOW)) is None


def test_a_profile_is_restored_as_it_was() -> None:
    there = profiled(online(template(52) + BY_RULE) + REST)
    rights = by_profile()
    before = read(there, rights)
    Script(there.answers).run(rights.give(HOLDER, None, wanted(51), before))
    script = Script(there.answers)
    script.run(rights.restore(HOLDER, before))
    assert script.names() == ["ProfileChange"]
    assert read(there, rights) == before


def test_a_holder_without_rights_before_has_none_after_restoring() -> None:
    there = profiled(online(template()))
    Script(there.answers).run(by_profile().restore(HOLDER, Held()))
    assert read(there, by_profile()).rights == ()


def test_a_profile_goes_with_its_holder() -> None:
    assert Script({}).run(by_profile().drop(HOLDER)) is None


def test_a_fault_when_reading_does_not_say_that_the_holder_is_gone() -> None:
    with pytest.raises(ServerFailed):
        Script(World().answers).run(by_profile().read(HOLDER))


def test_the_time_of_an_end_is_cut_to_the_second_before() -> None:
    (asked,) = end(profiled(online(template())), by_profile(), NOW + timedelta(milliseconds=900)).asked
    assert asked.texts("DateUntil") == ["2026-03-27T09:00:00"]
