"""Another window, suspending and resuming: state kept, blocks lifted whole, failures taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hamilton_sdk.acs.aeos import changes, holders
from hamilton_sdk.acs.aeos.undo import Undo
from hamilton_sdk.acs.models import AccessGrant
from hamilton_sdk.errors import (
    BadResponse,
    Conflict,
    ConnectionLost,
    ConnectorError,
    Interrupted,
    Invalid,
    NotFound,
)
from hamilton_sdk.model import TimeWindow
from tests.acs.aeos.made import WINDOW, adapter, order, site, window
from tests.acs.aeos.scripted import NOW, Script, fault
from tests.acs.aeos.world import Token, World

LATER = window(NOW, 20)
both = pytest.mark.parametrize("strategy", ["visit", "profile"])


def active(strategy: str = "visit") -> World:
    there = World()
    Script(there.answers).run(adapter(strategy).activate(order()))
    return there


def find(there: World, strategy: str = "visit") -> AccessGrant:
    grant: AccessGrant = Script(there.answers).run(adapter(strategy).find("V1"))
    return grant


def calls(strategy: str = "visit") -> dict[str, Any]:
    made = adapter(strategy)
    return {
        "extend": lambda: made.extend("V1", LATER),
        "suspend": lambda: made.suspend("V1"),
        "resume": lambda: made.resume("V1"),
    }


@pytest.mark.parametrize("call", ["extend", "suspend", "resume"])
def test_an_unknown_reference_is_not_found(call: str) -> None:
    script = Script(World().answers)
    with pytest.raises(NotFound, match="no holder for this reference") as caught:
        script.run(calls()[call]())
    assert caught.value.operation == call
    assert script.writes() == []


@pytest.mark.parametrize("call", ["extend", "suspend", "resume"])
def test_of_holders_that_raced_the_lowest_id_stays(call: str) -> None:
    there = active()
    there.visitors[9999] = {"PersonnelNo": "HV-V1"}
    there.profiles[9999] = ""
    there.tokens.append(Token(2, "48213379", 9999, id=8))
    Script(there.answers).run(calls()[call]())
    assert 9999 not in there.visitors
    assert there.open_tokens() == ["48213377"]


# Extending


@both
@pytest.mark.parametrize("shift", [timedelta(hours=5), timedelta(hours=-5)])
def test_a_grant_gets_another_window_and_keeps_its_state(strategy: str, shift: timedelta) -> None:
    there = active(strategy)
    wanted = TimeWindow(WINDOW.start, WINDOW.end + shift)
    script = Script(there.answers)
    grant = script.run(adapter(strategy).extend("V1", wanted))
    assert (grant.state, grant.window, grant.profiles) == ("active", wanted, ("Visitors",))
    assert script.writes() == ["VisitorChange", "VisitChange" if strategy == "visit" else "ProfileChange"]
    assert grant == find(there, strategy)
    assert there.open_tokens() == ["48213377"]


@both
def test_a_reserved_grant_stays_reserved(strategy: str) -> None:
    there = World()
    Script(there.answers).run(adapter(strategy).reserve(order()))
    assert Script(there.answers).run(adapter(strategy).extend("V1", LATER)).state == "reserved"


def test_a_suspended_grant_stays_suspended() -> None:
    there = active()
    there.blocked = set(there.visitors)
    assert Script(there.answers).run(adapter().extend("V1", LATER)).state == "suspended"
    assert there.blocked


def test_the_same_window_again_writes_nothing() -> None:
    script = Script(active().answers)
    assert script.run(adapter().extend("V1", WINDOW)).window == WINDOW
    assert script.writes() == []


def test_the_rights_that_somebody_gave_by_hand_keep_their_dates() -> None:
    there = active("profile")
    (key,) = there.visitors
    begin, end = "2026-03-27T08:00:00", "2026-03-27T10:00:00"
    there.profiles[key] = there.profiles[key].replace(
        "</AuthorisationOnline>",
        "<EntranceAuthorisation><Enabled>true</Enabled><EntranceId>80</EntranceId><DateTimeScheduleId>1"
        f"</DateTimeScheduleId><DateFrom>{begin}</DateFrom><DateUntil>{end}</DateUntil></EntranceAuthorisation>"
        "</AuthorisationOnline>",
    )
    Script(there.answers).run(adapter("profile").extend("V1", LATER))
    assert f"<DateUntil>{end}</DateUntil></EntranceAuthorisation>" in there.profiles[key]


def test_the_templates_of_a_visit_made_by_hand_are_not_taken_over() -> None:
    there = active()
    (key,) = there.visits
    there.visits[key + 100] = {
        **there.visits[key],
        "Authorization": there.visits[key]["Authorization"].replace(">51<", ">52<"),
    }
    Script(there.answers).run(adapter().extend("V1", LATER))
    assert ">52<" not in there.visits[key]["Authorization"]


def test_offline_rights_are_extended_by_their_holders_dates() -> None:
    there = World()
    settings = {"offline_profiles": True}
    mixed = order(profiles=("Visitors", "Offline lockers"))
    Script(there.answers).run(adapter("profile", **settings).activate(mixed))
    grant = Script(there.answers).run(adapter("profile", **settings).extend("V1", LATER))
    assert (grant.profiles, grant.revocation) == (("Offline lockers", "Visitors"), "deferred")
    assert grant.window == LATER


def test_what_has_ended_is_not_extended() -> None:
    script = Script(active().answers, now=NOW + timedelta(days=1))
    with pytest.raises(Conflict, match="the grant has ended") as caught:
        script.run(adapter().extend("V1", window(NOW + timedelta(days=1), 8)))
    assert "activate" in (caught.value.hint or "")
    assert script.writes() == []


def test_a_holder_without_rights_has_nothing_to_extend() -> None:
    there = World(visitors={5: {"PersonnelNo": "HV-V1"}}, tokens=[Token(2, "48213377", 5)])
    with pytest.raises(Conflict):
        Script(there.answers).run(adapter().extend("V1", LATER))


def test_a_window_in_the_past_is_refused_before_any_request() -> None:
    script = Script(World().answers)
    with pytest.raises(Invalid, match="has ended"):
        script.run(adapter().extend("V1", window(NOW - timedelta(days=1), 2)))
    assert script.asked == []


@both
@pytest.mark.parametrize(
    "error", [Interrupted("end"), ConnectionLost("cut")], ids=lambda each: type(each).__name__
)
@pytest.mark.parametrize("after_work", [False, True])
def test_an_extension_that_fails_anywhere_leaves_the_window_that_stood(
    strategy: str, error: ConnectorError, after_work: bool
) -> None:
    steps = Script(active(strategy).answers)
    steps.run(adapter(strategy).extend("V1", LATER))
    for step in range(len(steps.asked)):
        there = active(strategy)
        stood = find(there, strategy)
        script = Script(there.answers, failing=step, failure=error, after_work=after_work)
        with pytest.raises(type(error)):
            script.run(adapter(strategy).extend("V1", LATER))
        assert find(there, strategy) == stood
        leave = next(iter(there.visitors.values()))["LeaveDateTime"]
        assert leave == "2026-03-27T17:00:00"


def test_dates_that_are_read_back_cut_are_restored_whole() -> None:
    there = active()
    (fields,) = there.visitors.values()
    fields["LeaveDateTime"] = "2026-03-27T00:00:00"
    script = Script({**there.answers, "VisitChange": [fault(92), there._change_visit]})
    with pytest.raises(Invalid):
        script.run(adapter().extend("V1", LATER))
    assert script.of("VisitorChange")[-1].request.undo
    assert next(iter(there.visitors.values()))["LeaveDateTime"] == "2026-03-27T17:00:00"


# Suspending


@both
def test_suspending_blocks_the_holder_and_keeps_everything_else(strategy: str) -> None:
    there = active(strategy)
    script = Script(there.answers)
    grant = script.run(adapter(strategy).suspend("V1", "Suspended"))
    assert grant.state == "suspended"
    assert script.writes() == ["CarrierIdBlock"]
    assert script.of("CarrierIdBlock")[0].text("Reason") == "5"
    assert grant == find(there, strategy)
    assert grant.credential is not None


def test_suspending_twice_or_what_has_ended_is_success() -> None:
    there = active()
    Script(there.answers).run(adapter().suspend("V1"))
    again = Script(there.answers)
    assert again.run(adapter().suspend("V1")).state == "suspended"
    late = Script(there.answers, now=NOW + timedelta(days=1))
    assert late.run(adapter().suspend("V1")).state == "ended"
    assert again.writes() == late.writes() == []


def test_an_unknown_reason_brings_the_nearest_ones_and_blocks_nothing() -> None:
    script = Script(active().answers)
    with pytest.raises(Invalid, match="'Suspendet'") as caught:
        script.run(adapter().suspend("V1", "Suspendet"))
    assert "'Suspended'" in (caught.value.hint or "")
    assert script.writes() == []


def test_an_answer_that_does_not_say_blocked_is_not_taken_for_a_block() -> None:
    there = active()
    (key,) = there.visitors
    script = Script({**there.answers, "CarrierIdBlock": there._states(key)})
    with pytest.raises(BadResponse, match="the holder is not blocked"):
        script.run(adapter().suspend("V1"))


# Resuming


@both
def test_resuming_gives_access_back(strategy: str) -> None:
    there = active(strategy)
    stood = find(there, strategy)
    Script(there.answers).run(adapter(strategy).suspend("V1"))
    script = Script(there.answers)
    assert script.run(adapter(strategy).resume("V1")) == stood
    assert script.writes() == ["CarrierIdUnBlock"]
    assert find(there, strategy) == stood


def test_a_badge_blocked_on_its_own_is_unblocked_too() -> None:
    there = active()
    there.tokens[0].status, there.tokens[0].blocked = 3, True
    assert find(there).state == "suspended"
    script = Script(there.answers)
    assert script.run(adapter().resume("V1")).state == "active"
    assert script.writes() == ["IdentifierUnblock"]
    assert there.open_tokens() == ["48213377"]


def test_a_badge_that_a_replacement_stands_in_for_stays_as_it_is() -> None:
    there = active()
    there.blocked = set(there.visitors)
    token = (
        there._token(there.tokens[0])
        .replace("false", "true")
        .replace("<Status>1", "<Replaced>true</Replaced><Status>3")
    )
    script = Script({**there.answers, "CarrierIdToken": f"<IdentifierList>{token}</IdentifierList>"})
    script.run(adapter().resume("V1"))
    assert script.writes() == ["CarrierIdUnBlock"]


@pytest.mark.parametrize("state", ["active", "reserved"])
def test_resuming_what_is_not_suspended_is_success(state: str) -> None:
    there = World()
    made = adapter()
    Script(there.answers).run(made.activate(order()) if state == "active" else made.reserve(order()))
    script = Script(there.answers)
    assert script.run(adapter().resume("V1")).state == state
    assert script.writes() == []


def test_what_has_ended_is_not_resumed() -> None:
    there = active()
    there.blocked = set(there.visitors)
    script = Script(there.answers, now=NOW + timedelta(days=1))
    with pytest.raises(Conflict, match="the grant has ended"):
        script.run(adapter().resume("V1"))
    assert there.blocked


@pytest.mark.parametrize("after_work", [False, True])
@pytest.mark.parametrize("badge", [False, True])
def test_resuming_that_is_interrupted_anywhere_stays_suspended(after_work: bool, badge: bool) -> None:
    def stage() -> World:
        there = active()
        if badge:
            there.tokens[0].status, there.tokens[0].blocked = 3, True
        else:
            there.blocked = set(there.visitors)
        return there

    steps = Script(stage().answers)
    steps.run(adapter().resume("V1"))
    for step in range(len(steps.asked)):
        there = stage()
        script = Script(there.answers, failing=step, failure=Interrupted("end"), after_work=after_work)
        with pytest.raises(Interrupted):
            script.run(adapter().resume("V1"))
        assert find(there).state == "suspended"


@pytest.mark.parametrize("blocked", [False, True])
def test_a_block_that_is_so_already_is_success_whatever_the_answer_was(blocked: bool) -> None:
    there = active()
    (key,) = there.visitors

    def done_and_refused(asked: Any) -> Any:
        (there._block if asked.name == "CarrierIdBlock" else there._unblock)(asked)
        return fault(110)

    there.blocked = set() if blocked else {key}
    made = adapter()
    script = Script(
        {**there.answers, "CarrierIdBlock": done_and_refused, "CarrierIdUnBlock": done_and_refused}
    )
    grant = script.run(made.suspend("V1") if blocked else made.resume("V1"))
    assert grant.state == ("suspended" if blocked else "active")
    assert find(there) == grant


def test_an_answer_that_still_says_blocked_is_not_taken_for_a_release() -> None:
    there = active()
    (key,) = there.visitors
    there.blocked = {key}
    script = Script({**there.answers, "CarrierIdUnBlock": there._states(key)})
    with pytest.raises(BadResponse, match="the holder is blocked still"):
        script.run(adapter().resume("V1"))


@pytest.mark.parametrize("stood", [WINDOW, None])
def test_fields_that_differ_are_sent_alone_and_only_they_are_put_back(stood: TimeWindow | None) -> None:
    """With the window as it stood where it is known, since dates may be read cut to midnight."""
    there = active()
    script, here = Script(there.answers), site()
    (visitor,) = script.run(holders.find(here, "HV-V1"))
    undo = Undo()
    values: dict[str, Any] = {"LastName": "Durand", "FirstName": "Zoë"}
    if stood is None:
        values["LeaveDateTime"] = "2026-03-28T18:00:00"
    changed = script.run(changes.change_fields(here, undo, visitor, values, stood, WINDOW))
    assert changed.first_name == "Zoë"
    assert script.asked[-1].order() == (
        ["Id", "FirstName"] if stood else ["Id", "LeaveDateTime", "FirstName"]
    )
    script.run(undo.rewind("activate", Conflict("no")))
    (back,) = script.run(holders.find(here, "HV-V1"))
    assert back == visitor
