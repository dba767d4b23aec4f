"""The site's own lists: found by name or id, with the nearest names where there is none."""

from __future__ import annotations

import pytest

from hamilton_sdk.acs.aeos import lists
from hamilton_sdk.acs.aeos.lists import Lists, pick
from hamilton_sdk.acs.aeos.records import Named
from hamilton_sdk.acs.models import AccessProfile, Credential, CredentialType
from hamilton_sdk.errors import Interrupted, Invalid, ServerFailed
from tests.acs.aeos.made import LISTS, site
from tests.acs.aeos.scripted import Script, fault
from tests.acs.aeos.world import World

ITEMS = [Named(1, "Visitors"), Named(2, "Staff"), Named(3, "Twice"), Named(4, "Twice"), Named(5, "1")]


@pytest.mark.parametrize(("wanted", "found"), [("Visitors", 1), ("2", 2), ("Staff", 2), ("3", 3), ("5", 5)])
def test_an_item_is_found_by_name_or_id(wanted: str, found: int) -> None:
    assert pick(wanted, ITEMS, "thing").id == found


def test_an_unknown_name_brings_the_nearest_ones() -> None:
    with pytest.raises(Invalid, match="unknown thing 'visitor'") as caught:
        pick("visitor", ITEMS, "thing")
    assert caught.value.hint == "did you mean 'Visitors'?"


def test_a_name_that_several_have_asks_for_the_id() -> None:
    with pytest.raises(Invalid, match="several of thing 'Twice'") as caught:
        pick("Twice", ITEMS, "thing")
    assert "3, 4" in (caught.value.hint or "")


def test_what_is_one_things_id_and_anothers_name_is_not_guessed() -> None:
    """Guessing would give somebody the wrong doors."""
    with pytest.raises(Invalid, match="several"):
        pick("1", ITEMS, "thing")


def test_the_templates_of_an_order_come_once_each_by_id() -> None:
    assert [each.id for each in LISTS.ordered_templates(["71", "Visitors", "51"])] == [51, 71]


def test_a_template_that_may_not_be_ordered_goes_by_its_id() -> None:
    assert LISTS.template_name(51) == "Visitors"
    assert LISTS.template_name(99) == "99"


def test_the_type_of_a_credential_is_its_own_else_the_configured_one() -> None:
    assert LISTS.type_of(Credential("qr", "1", type="QR code"), "Badge").id == 3
    assert LISTS.type_of(Credential("badge", "1"), "Badge").id == 2
    with pytest.raises(Invalid, match="unknown credential type 'Bagde'"):
        LISTS.type_of(Credential("badge", "1", type="Bagde"), None)


def test_the_only_type_there_is_needs_no_setting() -> None:
    assert Lists([], LISTS.types[:1]).type_of(Credential("badge", "1"), None).id == 2


@pytest.mark.parametrize(
    ("known", "hint"), [(LISTS, "'Badge', 'QR code', 'UID'"), (Lists([], []), "one of none")]
)
def test_of_several_types_none_is_guessed(known: Lists, hint: str) -> None:
    with pytest.raises(Invalid, match="nothing says which credential type") as caught:
        known.type_of(Credential("badge", "1"), None)
    assert hint in (caught.value.hint or "")


def test_profiles_are_the_online_templates_by_name() -> None:
    script = Script(World().answers)
    found = script.run(lists.profiles(site()))
    assert [each.name for each in found] == ["Meeting rooms", "Visitors"]
    assert found[1] == AccessProfile(id="51", name="Visitors")
    assert [each.text("TemplateInfo/UnitOfAuthType") for each in script.asked] == ["OnLine"]


def test_offline_profiles_say_that_revocation_is_deferred() -> None:
    found = Script(World().answers).run(lists.profiles(site("profile", offline_profiles=True)))
    assert [(each.name, each.revocation) for each in found] == [
        ("Meeting rooms", "immediate"),
        ("Offline lockers", "deferred"),
        ("Visitors", "immediate"),
    ]


@pytest.mark.parametrize(
    ("strategy", "hint"),
    [("profile", "with offline_profiles=True;"), ("visit", "offline_profiles=True and strategy='profile'")],
)
@pytest.mark.parametrize("name", ["Offline lockers", "71"])
def test_a_profile_that_only_offline_doors_have_names_the_setting_that_lets_it_be_ordered(
    strategy: str, hint: str, name: str
) -> None:
    with pytest.raises(Invalid, match="it is one of offline doors") as caught:
        Script(World().answers).run(lists.refuse_offline(site(strategy), name))
    assert hint in (caught.value.hint or "")
    assert repr(name) in str(caught.value)


@pytest.mark.parametrize("offline", [World().answers["TemplateSearchInfo"], fault(901), ServerFailed("down")])
def test_a_profile_of_no_door_at_all_is_left_to_be_unknown_also_where_nobody_can_look(
    offline: object,
) -> None:
    script = Script({"TemplateSearchInfo": offline})
    assert script.run(lists.refuse_offline(site(), "Nonsense")) is None
    assert [each.text("TemplateInfo/UnitOfAuthType") for each in script.asked] == ["OffLine"]


def test_an_interruption_of_that_look_is_let_pass() -> None:
    with pytest.raises(Interrupted):
        Script({"TemplateSearchInfo": Interrupted("end")}).run(lists.refuse_offline(site(), "Nonsense"))


def test_unknown_names_are_those_that_are_neither_name_nor_id() -> None:
    assert LISTS.unknown_templates(["Visitors", "51", "Nonsense", "5"]) == ["Nonsense", "5"]


def test_credential_types_say_alphabet_and_range() -> None:
    found = Script(World().answers).run(lists.credential_types(site()))
    assert found == (
        CredentialType(id="2", name="Badge", encoding="decimal", minimum="10000000", maximum="99999999"),
        CredentialType(id="3", name="QR code", encoding="text"),
    )


@pytest.mark.parametrize(
    ("encoding", "public"),
    [("Number", "decimal"), ("Hexadecimal", "hexadecimal"), ("BCD", "bcd"), ("String", "text"), ("", "text")],
)
def test_the_words_for_alphabets(encoding: str, public: str) -> None:
    item = f"<Id>1</Id><Name>T</Name><IdentificationType>{encoding}</IdentificationType>"
    answer = f"<IdentifierTypeList><Identifier>{item}</Identifier></IdentifierTypeList>"
    script = Script({"IdentifierTypeSearchInfo": answer})
    assert script.run(lists.credential_types(site()))[0].encoding == public


UNITS = "<UnitList><Unit><Id>1</Id><Name>HQ</Name></Unit></UnitList>"
FIELD = "<FreeFieldDefinition><Id>12</Id><Name>ExternalId</Name></FreeFieldDefinition>"
FIELDS = f"<FreeFieldDefinitionList>{FIELD}</FreeFieldDefinitionList>"


def test_unit_and_free_field_are_looked_up_where_they_are_configured() -> None:
    script = Script({"UnitSearchInfo": UNITS, "FreeFieldDefinitionSearchInfo": FIELDS})
    assert script.run(lists.read_unit(site())) is None
    assert script.run(lists.read_free_field(site())) is None
    assert script.asked == []
    assert script.run(lists.read_unit(site(unit="HQ"))) == 1
    assert script.run(lists.read_free_field(site(free_field="12"))) == 12
    with pytest.raises(Invalid, match="unknown unit 'HP'"):
        script.run(lists.read_unit(site(unit="HP")))
    with pytest.raises(Invalid, match="unknown free field"):
        script.run(lists.read_free_field(site(free_field="ExternalID")))


def reason(name: str | None, *, configured: str | None = None) -> int:
    found: int = Script(World().answers).run(lists.carrier_reason(site(block_reason=configured), name))
    return found


def test_the_reason_for_a_block_is_the_one_named_else_the_configured_one_else_the_first() -> None:
    assert reason("Suspended") == reason("5") == reason(None) == reason(None, configured="Suspended") == 5
    with pytest.raises(Invalid, match="unknown reason for blocking a carrier 'Returned'"):
        reason("Returned")  # for identifiers only
    with pytest.raises(Invalid, match="unknown reason"):
        reason(None, configured="Nonsense")


def test_a_site_without_any_reason_cannot_block() -> None:
    script = Script({"BlockReasonSearch": "<BlockReasonList/>"})
    with pytest.raises(Invalid, match="the site has no reason for blocking a carrier") as caught:
        script.run(lists.carrier_reason(site(), None))
    assert "create one" in (caught.value.hint or "")


@pytest.mark.parametrize("name", ["Returned", "6", "Nonsense", "Suspended", None])
def test_a_wrong_reason_for_withdrawal_is_no_error_since_it_would_keep_access_alive(name: str | None) -> None:
    assert Script(World().answers).run(lists.withdrawal_reason(site(), name)) == 6


def test_a_site_may_have_no_reason_for_withdrawal() -> None:
    script = Script({"BlockReasonSearch": "<BlockReasonList/>"})
    assert script.run(lists.withdrawal_reason(site(), None)) is None


def test_a_search_that_fails_is_the_servers_failure() -> None:
    with pytest.raises(ServerFailed):
        Script({"TemplateSearchInfo": fault(50)}).run(lists.profiles(site()))


def test_what_names_stand_for_is_read_once_and_writes_nothing() -> None:
    script = Script(World().answers)
    known = script.run(lists.read_lists(site()))
    assert [each.name for each in known.templates] == ["Visitors", "Meeting rooms"]
    assert [each.name for each in known.types] == ["Badge", "QR code"]
    assert script.names() == ["TemplateSearchInfo", "IdentifierTypeSearchInfo"]
