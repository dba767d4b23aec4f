"""What the simulated server holds."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from hamilton_sdk.testing.simulators.aeos.errors import Refused
from hamilton_sdk.testing.simulators.aeos.sample import furnish
from hamilton_sdk.testing.simulators.aeos.schema import schema
from hamilton_sdk.testing.simulators.aeos.state import Carrier, Identifier, Settings, Site, Visit
from tests.testing.simulators.aeos.client import NOON


@pytest.fixture
def site() -> Site:
    settings = Settings(
        zone=ZoneInfo("Europe/Paris"),
        page_cap=1000,
        mandatory_fields=(),
        ignored_filters=frozenset(),
        cut_visitor_times=False,
        block_reply="empty",
        badges_of_removed="kept",
        visits_of_removed="refused",
        update_interval=timedelta(days=1),
    )
    site = Site(schema("newer"), settings)
    furnish(site, units={1: "Headquarters"}, free_fields={}, offline=True)
    return site


def test_ids_are_never_used_twice(site):
    assert [site.new_id("visit"), site.new_id("visit"), site.new_id("carrier")] == [901, 902, 1201]


def test_a_carrier_is_found_by_id_and_kind(site):
    assert site.carrier(60).kind == "Employee"
    assert site.carrier(60, "Employee").personnel_number == "E-1001"
    for key, kind in ((60, "Visitor"), (1, None)):
        with pytest.raises(Refused, match="not found"):
            site.carrier(key, kind)


def test_a_carrier_without_a_number_has_an_empty_one():
    assert Carrier(1, "Visitor", {}).personnel_number == ""


def test_an_identifier_is_found_by_type_and_number_without_case(site):
    made = site.add_identifier(3, "04ab", 1)

    assert site.identifier(3, "04AB") is made
    assert site.identifier(2, "04AB") is None
    assert site.identifier(3, "04") is None


def test_what_a_carrier_has_is_found_by_its_id(site):
    badge = site.add_identifier(2, "48213377", 1)
    badge.carrier_id = 60
    site.visits[901] = Visit(901, 60, 61, NOON, NOON)

    assert list(site.identifiers_of(60)) == [badge]
    assert list(site.identifiers_of(61)) == []
    assert [visit.id for visit in site.visits_of(60)] == [901]
    assert list(site.visits_of(61)) == []


@pytest.mark.parametrize(("status", "blocked"), [(0, False), (1, False), (2, True), (3, True), (4, False)])
def test_blocked_follows_from_the_status(status, blocked):
    assert Identifier(1, 2, "48213377", 1, status).blocked is blocked


def test_a_reason_is_found_for_the_uses_it_is_meant_for(site):
    assert site.reason(6, "withdraw").description == "Visit ended"
    for key, use in ((6, "carrier"), (99, "withdraw")):
        with pytest.raises(Refused):
            site.reason(key, use)


def test_a_grant_opens_the_doors_of_its_subject(site):
    assert tuple(site.doors_of("Template", 51)) == (7,)
    assert tuple(site.doors_of("EntranceGroup", 10)) == (8,)
    assert tuple(site.doors_of("Entrance", 7)) == (7,)


@pytest.mark.parametrize("kind", ["OnLine", "OffLine", "SecurityLevel", "Soaa", "Loxs", "KeyCabinet"])
def test_kinds_of_authorisation_are_known_by_their_exact_names(site, kind):
    assert site.kind_asked(kind) == kind
    with pytest.raises(Refused) as refused:
        site.kind_asked(kind.lower())
    assert refused.value.code == 301
