"""Everything about an order is checked before the first write, and pure checks before the first request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hamilton_sdk.acs.aeos.orders import Plan, prepare
from hamilton_sdk.acs.models import AccessOrder, Credential
from hamilton_sdk.errors import Conflict, Invalid
from hamilton_sdk.model import TimeWindow
from tests.acs.aeos.made import BADGE, QR, WINDOW, order, site, window
from tests.acs.aeos.scripted import NOW, Script
from tests.acs.aeos.world import HOST, Token, World


def plan(
    given: AccessOrder, there: World | None = None, answers: dict[str, Any] | None = None, **settings: Any
) -> tuple[Plan, Script]:
    script = Script({**(there or World()).answers, **(answers or {})})
    found, _ = script.run(prepare(site(**settings), given))
    return found, script


def test_an_order_is_put_into_the_words_of_aeos() -> None:
    found, script = plan(order(company="A & B", language="fr"))
    assert found.mark == "HV-V1"
    assert [each.id for each in found.templates] == [51]
    assert (found.begin, found.end) == ("2026-03-27T08:00:00", "2026-03-27T17:00:00")
    assert found.window == WINDOW
    assert found.host_id == HOST
    assert found.kind is not None
    assert found.kind.id == 2
    assert found.fields == {
        "LastName": "Durand",
        "PersonnelNo": "HV-V1",
        "FirstName": "Zoé",
        "Language": "fr",
        "Company": "A & B",
    }
    assert found.created == {"UnitId": None}
    for personal in ("Durand", "Zoé", "A & B", "48213377"):
        assert personal not in repr(found)
    assert script.writes() == []


def test_rights_are_wanted_enabled_or_reserved_and_by_kind_of_door() -> None:
    both = order(profiles=("Visitors", "Offline lockers"))
    found, _ = plan(both, strategy="profile", offline_profiles=True)
    for enabled in (True, False):
        wanted = found.wanted(enabled=enabled)
        assert (wanted.online, wanted.offline, wanted.enabled) == ((51,), (71,), enabled)
        assert (wanted.begin, wanted.end) == (found.begin, found.end)


def test_an_offline_profile_ordered_where_those_are_left_out_says_how_they_may_be_ordered() -> None:
    given = order(profiles=("Visitors", "Offline lockers"))
    with pytest.raises(Invalid, match="'Offline lockers': it is one of offline doors") as caught:
        plan(given, strategy="profile")
    assert "offline_profiles=True" in (caught.value.hint or "")


@pytest.mark.parametrize("offline", [False, True])
def test_a_profile_of_no_door_is_unknown_with_the_nearest(offline: bool) -> None:
    with pytest.raises(Invalid, match="unknown access profile 'Visitor'") as caught:
        plan(order(profiles=("Visitor",)), strategy="profile", offline_profiles=offline)
    assert caught.value.hint == "did you mean 'Visitors'?"


def test_the_host_is_the_orders_own_else_the_default_one() -> None:
    assert plan(order(host="E-770"))[0].host_id == 61
    assert plan(order(), default_host="E-77")[0].host_id == 60
    found, script = plan(order(host="E-77"), strategy="profile")
    assert found.host_id is None
    assert "PersonSearchInfo" not in script.names()


def test_unit_and_free_field_are_set_when_a_holder_is_made() -> None:
    units = "<UnitList><Unit><Id>1</Id><Name>HQ</Name></Unit></UnitList>"
    field = "<FreeFieldDefinition><Id>12</Id><Name>ExternalId</Name></FreeFieldDefinition>"
    answers = {
        "UnitSearchInfo": units,
        "FreeFieldDefinitionSearchInfo": f"<FreeFieldDefinitionList>{field}</FreeFieldDefinitionList>",
    }
    found, _ = plan(order(), answers=answers, unit="HQ", free_field="ExternalId")
    assert found.unit_id == 1
    assert found.created == {
        "UnitId": 1,
        "Freefield": (("DefinitionId", 12), ("Name", "ExternalId"), ("value", "HV-V1")),
    }


def test_an_order_without_credential_has_no_type() -> None:
    found, script = plan(order(credential=None))
    assert (found.credential, found.kind) == (None, None)
    assert "IdentifierSearchInfo" not in script.names()


def test_the_type_of_a_credential_may_be_its_own_or_its_kinds() -> None:
    assert (
        plan(order(credential=QR))[0].kind == plan(order(credential=Credential("qr", "x", type="3")))[0].kind
    )
    by_kind = {"qr": "QR code", "badge": "Badge"}
    found, _ = plan(order(credential=Credential("qr", "x")), identifier_type=by_kind)
    assert found.kind is not None
    assert found.kind.name == "QR code"


PURE: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"reference": "x" * 48}, {}, "PersonnelNo keeps 50"),
    ({"family_name": "x" * 51}, {}, "Holder.family_name has 51 characters"),
    ({"given_name": "x" * 41}, {}, "Holder.given_name"),
    ({}, {"default_host": None}, "Holder.host is missing"),
    ({"window": TimeWindow(NOW - timedelta(hours=2), NOW)}, {}, "validity window has ended"),
    ({"window": window(datetime(2026, 10, 25, 0, 15, tzinfo=UTC), 1)}, {}, "nothing is left"),
    ({"window": window(datetime(2150, 1, 1, tzinfo=UTC), 1)}, {}, "outside what AEOS can keep"),
]


@pytest.mark.parametrize(("given", "settings", "words"), PURE)
def test_what_is_wrong_in_itself_is_refused_before_any_request(
    given: dict[str, Any], settings: dict[str, Any], words: str
) -> None:
    script = Script(World().answers)
    with pytest.raises(Invalid) as caught:
        script.run(prepare(site(**settings), order(**given)))
    assert words in str(caught.value)
    assert script.asked == []
    assert caught.value.hint


LOOKED_UP: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"profiles": ("visitor",)}, {}, "unknown access profile 'visitor'"),
    ({"profiles": ("Offline lockers",)}, {}, "unknown access profile"),
    ({"host": "E-7"}, {}, "the host is not known"),
    ({"credential": Credential("badge", "1", type="Bagde")}, {}, "unknown credential type"),
    ({"credential": Credential("badge", "123")}, {}, "outside the range of type 'Badge'"),
    (
        {"credential": Credential("badge", "x")},
        {"identifier_type": None},
        "nothing says which credential type",
    ),
]


@pytest.mark.parametrize(("given", "settings", "words"), LOOKED_UP)
def test_what_the_system_does_not_know_is_refused_before_any_write(
    given: dict[str, Any], settings: dict[str, Any], words: str
) -> None:
    script = Script(World().answers)
    with pytest.raises(Invalid) as caught:
        script.run(prepare(site(**settings), order(**given)))
    assert words in str(caught.value)
    assert script.writes() == []


@pytest.mark.parametrize(
    "token",
    [
        Token(2, "48213377", 7),
        Token(2, "48213377", 7, status=3, blocked=True),
        Token(2, "48213377", None, status=2, blocked=True),
    ],
)
def test_a_credential_that_cannot_be_given_is_a_conflict_before_any_write(token: Token) -> None:
    there = World(tokens=[token])
    script = Script(there.answers)
    with pytest.raises(Conflict):
        script.run(prepare(site(), order()))
    assert script.writes() == []


@pytest.mark.parametrize("number", ["482133770", "4821337"])
def test_a_credential_whose_number_only_begins_alike_is_no_conflict(number: str) -> None:
    assert plan(order(), World(tokens=[Token(2, number, 7)]))[0].credential == BADGE


def test_a_credential_in_the_holders_own_hands_is_no_conflict() -> None:
    there = World(visitors={5: {"PersonnelNo": "HV-V1"}}, tokens=[Token(2, "48213377", 5)])
    script = Script(there.answers)
    _, found = script.run(prepare(site(), order()))
    assert [each.id for each in found] == [5]
