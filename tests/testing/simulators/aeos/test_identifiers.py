"""The state machine of identifiers, every arrow of the drawing and every missing one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamilton_sdk.testing.simulators import AeosSimulator
from tests.testing.simulators.aeos.client import NOON, Client

FREE = ("0", "false", None, None)
IN_USE = ("1", "false", None, "1201")
GONE_FOR_GOOD = ("2", "true", None, None)
BLOCKED = ("3", "true", None, "1201")
REPLACED = ("3", "true", "true", "1201")
STANDING_IN = ("4", "false", None, "1201")

SUSPENDED = "<Reason>5</Reason>"
VISIT_ENDED = "<Reason>6</Reason>"
FORGOTTEN, LOST = 4, 3


@pytest.fixture
def client() -> Client:
    """A site where one visitor has one badge."""
    client = Client(AeosSimulator(administrator=True))
    client.grant(client.add_visitor())
    client.assign(1201)
    return client


def replace(client: Client, reason: int = LOST, new: str = "48213378", more: str = "", old: str = "48213377"):
    return client.send(
        "<IdentifierReplace><CarrierId>1201</CarrierId><IdentifierTypeFrom>2</IdentifierTypeFrom>"
        f"<BadgeNumberFrom>{old}</BadgeNumberFrom><IdentifierTypeTo>2</IdentifierTypeTo>"
        f"<BadgeNumberTo>{new}</BadgeNumberTo><Reason>{reason}</Reason>{more}</IdentifierReplace>"
    )


def reach(client: Client, state: str) -> None:
    """Bring the badge into a state."""
    steps = {
        "free": lambda: client.token("IdentifierWithdraw"),
        "in use": lambda: client.ok("<VersionSearchInfo/>"),
        "blocked for good": lambda: client.token("IdentifierWithdrawAndBlock", more=VISIT_ENDED),
        "blocked": lambda: client.token("IdentifierBlock", more=SUSPENDED),
        "replaced": lambda: replace(client, FORGOTTEN),
    }
    assert steps[state]().status == 200


CALLS = {
    "assignToken": (113, lambda client: client.assign(1201)),
    "withdrawToken": (125, lambda client: client.token("IdentifierWithdraw")),
    "withdrawAndBlockToken": (
        126,
        lambda client: client.token("IdentifierWithdrawAndBlock", more=VISIT_ENDED),
    ),
    "blockToken": (123, lambda client: client.token("IdentifierBlock", more=SUSPENDED)),
    "unblockToken": (124, lambda client: client.token("IdentifierUnblock")),
    "replaceToken": (122, replace),
    "releaseBlockedToken": (121, lambda client: client.token("IdentifierRelease")),
}

ARROWS = {
    ("free", "assignToken"): IN_USE,
    ("in use", "withdrawToken"): FREE,
    ("in use", "withdrawAndBlockToken"): GONE_FOR_GOOD,
    ("in use", "blockToken"): BLOCKED,
    ("blocked", "unblockToken"): IN_USE,
    ("blocked", "withdrawToken"): GONE_FOR_GOOD,
    ("in use", "replaceToken"): GONE_FOR_GOOD,
    ("blocked for good", "releaseBlockedToken"): FREE,
}


@pytest.mark.parametrize(("arrow", "state"), ARROWS.items(), ids=str)
def test_an_arrow_of_the_drawing_leads_where_it_points(client, arrow, state):
    before, call = arrow
    reach(client, before)

    assert CALLS[call][1](client).status == 200
    assert client.state() == state
    assert client.simulator.effects[call] >= 1


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("before", ["free", "in use", "blocked for good", "blocked", "replaced"])
def test_anything_else_is_refused_with_the_code_of_the_operation_and_changes_nothing(client, before, call):
    if (before, call) in ARROWS:
        return
    reach(client, before)
    state, effects = client.state(), client.simulator.effects

    assert CALLS[call][1](client).code == CALLS[call][0]
    assert client.state() == state
    assert client.simulator.effects == effects


@given(st.lists(st.sampled_from([call for call in CALLS if call != "replaceToken"]), max_size=12))
@settings(max_examples=50)
def test_any_sequence_of_calls_follows_the_drawing(calls):
    """A model with nothing but the arrows agrees, and only a badge in use opens."""
    names = {"0": "free", "1": "in use", "2": "blocked for good", "3": "blocked"}
    client, state = Client(AeosSimulator(administrator=True)), "free"
    client.grant(client.add_visitor())
    client.assign(1201)
    client.token("IdentifierWithdraw")
    for call in calls:
        expected = ARROWS.get((state, call))
        reply = CALLS[call][1](client)
        assert (reply.status == 200) == (expected is not None)
        state = names[expected[0] or ""] if expected else state
        assert names[client.state()[0] or ""] == state
        assert client.simulator.opens("48213377", NOON) == (state == "in use")


@pytest.mark.parametrize("call", [call for call in CALLS if call != "assignToken"])
def test_a_number_never_seen_is_refused_by_all_but_the_assignment(call):
    client = Client(AeosSimulator(administrator=True))
    client.add_visitor()

    assert CALLS[call][1](client).code == CALLS[call][0]
    assert client.simulator.tokens() == []


def test_a_number_never_seen_becomes_an_identifier_when_it_is_assigned():
    client = Client()
    client.add_visitor()

    assert client.state() == (None, None, None, None)
    assert client.assign(1201).status == 200
    assert client.state() == IN_USE


def test_a_blocked_badge_says_when_and_why(client):
    client.token("IdentifierBlock", more=SUSPENDED)
    [badge] = client.ok("<CarrierIdToken>1201</CarrierIdToken>").tree

    assert badge == (
        "Identifier",
        [
            ("Id", "101"),
            ("IdentifierType", "2"),
            ("BadgeNumber", "48213377"),
            ("Blocked", "true"),
            ("DateBlocked", "2026-03-27T12:00:00"),
            ("BlockReason", "5"),
            ("Status", "3"),
            ("UnitId", "1"),
        ],
    )


def test_unblocking_forgets_when_and_why(client):
    client.token("IdentifierBlock", more=SUSPENDED)
    client.token("IdentifierUnblock")
    reply = client.ok("<CarrierIdToken>1201</CarrierIdToken>")

    assert reply.texts("DateBlocked") == []
    assert reply.texts("BlockReason") == []


def test_block_and_unblock_answer_an_empty_body_or_the_identifier(client):
    assert client.token("IdentifierBlock", more=SUSPENDED).payload is None
    assert client.token("IdentifierUnblock").payload is None

    talkative = Client(AeosSimulator(block_reply="identifier"))
    talkative.assign(talkative.add_visitor())
    assert talkative.token("IdentifierBlock", more=SUSPENDED).text("Status") == "3"
    assert talkative.token("IdentifierUnblock").text("Status") == "1"


def test_a_forgotten_badge_is_replaced_for_a_while(client):
    new = replace(client, FORGOTTEN)

    assert (new.root, new.text("BadgeNumber"), new.text("Status")) == ("IdentifierResult", "48213378", "4")
    assert client.state() == REPLACED
    assert client.state("48213378") == STANDING_IN
    assert client.ok("<CarrierIdToken>1201</CarrierIdToken>").text("ReplacedBy") == "102"
    assert not client.simulator.opens("48213377", NOON)
    assert client.simulator.opens("48213378", NOON)


def test_a_replacement_goes_back_only_with_restoring_what_it_replaced(client):
    replace(client, FORGOTTEN)

    assert client.token("IdentifierWithdraw", "48213378").code == 125
    restored = client.token("IdentifierWithdraw", "48213378", "<RestoreReplaced>true</RestoreReplaced>")
    assert restored.status == 200
    assert client.state() == IN_USE
    assert client.state("48213378") == FREE


def test_restoring_where_nothing_was_replaced_is_a_plain_withdrawal(client):
    client.token("IdentifierWithdraw", more="<RestoreReplaced>true</RestoreReplaced>")

    assert client.state() == FREE


def test_a_lost_badge_is_replaced_for_good(client):
    replace(client, LOST)

    assert client.state() == GONE_FOR_GOOD
    assert client.state("48213378") == IN_USE


def test_a_replacement_can_end_by_itself(client):
    """The only date that an identifier can carry."""
    replace(client, LOST, more="<EndValidity>2026-03-27T12:30:00</EndValidity>")

    assert client.simulator.opens("48213378", NOON)
    client.clock.advance(1800)
    assert not client.simulator.opens("48213378", client.clock.now())


def test_only_what_its_holder_has_is_replaced(client):
    other = client.add_visitor()
    client.assign(other, "48213379")

    assert replace(client, old="48213379").message == "Identifier not found"
    assert replace(client, new="48213379").message == "Identifier is already in use"
    assert client.state() == IN_USE


def test_a_badge_in_somebody_elses_hands_is_not_assigned(client):
    refused = client.assign(client.add_visitor())

    assert (refused.code, refused.message) == (113, "Identifier is already in use")
    assert client.state() == IN_USE


@pytest.mark.parametrize(
    ("root", "reason"),
    [
        ("IdentifierBlock", 6),
        ("IdentifierBlock", 99),
        ("IdentifierWithdrawAndBlock", 5),
        ("IdentifierWithdrawAndBlock", 0),
    ],
)
def test_a_reason_counts_only_where_its_flags_allow_it(client, root, reason):
    assert client.token(root, more=f"<Reason>{reason}</Reason>").message == "Block reason not found"
    assert client.state() == IN_USE


@pytest.mark.parametrize(
    ("kind", "number", "status"),
    [
        (2, "10000000", 200),
        (2, "99999999", 200),
        (2, "09999999", 500),
        (2, "9999999", 500),
        (2, "100000000", 500),
        (2, "0048213377", 500),
        (2, "4821337A", 500),
        (2, "4821337\N{ARABIC-INDIC DIGIT SEVEN}", 500),
        (2, "", 500),
        (2, " 48213377", 500),
        (3, "04A1b2C3d4E5F6", 200),
        (3, "04A1B2C3D4E5F67", 500),
        (3, "0x04A1B2", 500),
        (4, "anything goes: é", 200),
        (4, "x" * 32, 200),
        (4, "x" * 33, 500),
        (6, "0000000001", 200),
        (6, "0000000000", 500),
        (9, "48213377", 500),
    ],
)
def test_a_number_must_fit_its_types_alphabet_and_range(kind, number, status):
    client = Client()
    client.add_visitor()

    assert client.assign(1201, number, kind).status == status


def test_types_are_worlds_of_their_own_and_hexadecimal_letters_have_no_case():
    client = Client()
    client.add_visitor()

    assert client.assign(1201, "48213377", 2).status == 200
    assert client.assign(1201, "48213377", 3).status == 200
    assert client.assign(1201, "04ab", 3).status == 200
    assert client.assign(1201, "04AB", 3).code == 113


def test_a_badge_belongs_to_the_unit_of_its_carrier():
    client = Client(AeosSimulator(units={1: "North", 2: "South"}))
    client.add_visitor(before="<UnitId>2</UnitId>")
    payload = (
        "<IdentifierAdd><CarrierId>1201</CarrierId><IdentifierType>2</IdentifierType>"
        "<BadgeNumber>48213377</BadgeNumber>{}</IdentifierAdd>"
    )

    assert client.send(payload.format("")).code == 113
    assert client.send(payload.format("<UnitId>1</UnitId>")).code == 113
    assert client.send(payload.format("<UnitId>2</UnitId>")).text("UnitId") == "2"


def search(client: Client, criteria: str) -> list[str]:
    reply = client.ok(
        f"<IdentifierSearchInfo><IdentifierSearch>{criteria}</IdentifierSearch></IdentifierSearchInfo>"
    )
    return reply.texts("BadgeNumber")


def test_a_search_for_a_number_finds_those_that_begin_with_it(client):
    client.assign(1201, "48213399")
    client.assign(1201, "4821", 4)

    assert search(client, "<BadgeNumber>4821</BadgeNumber>") == ["48213377", "48213399", "4821"]
    assert search(client, "<BadgeNumber>4821</BadgeNumber><IdentifierType>4</IdentifierType>") == ["4821"]
    assert search(client, "<Id>102</Id>") == ["48213399"]
    assert search(client, "<UnitId>1</UnitId>") == ["48213377", "48213399", "4821"]
    assert search(client, "<UnitId>2</UnitId>") == []


@pytest.mark.parametrize("payload", ["", "<IdentifierSearch/>"])
def test_a_search_for_badges_wants_a_criterion(client, payload):
    refused = client.send(f"<IdentifierSearchInfo>{payload}</IdentifierSearchInfo>")

    assert refused.code == 108


def test_the_badges_of_a_carrier_are_listed(client):
    client.assign(1201, "48213399")

    assert client.ok("<CarrierIdToken>1201</CarrierIdToken>").texts("BadgeNumber") == ["48213377", "48213399"]
    assert client.ok("<CarrierIdToken>60</CarrierIdToken>").tree == ""
    assert client.send("<CarrierIdToken>9</CarrierIdToken>").code == 103


def carrier(client: Client, number: str):
    return client.send(
        "<AssignedIdentifierSearch><IdentifierTypeId>2</IdentifierTypeId>"
        f"<BadgeNumber>{number}</BadgeNumber></AssignedIdentifierSearch>"
    )


def test_the_carrier_of_a_whole_number_is_named_with_its_real_type(client):
    reply = carrier(client, "48213377")

    assert reply.root == "CarrierInfo"
    assert 'xsi:type="VisitorInfo"' in reply.xml
    assert (reply.text("Id"), reply.text("LastName")) == ("1201", "Durand")


@pytest.mark.parametrize("number", ["4821", "48213378"])
def test_a_number_that_is_not_assigned_has_no_carrier(client, number):
    assert carrier(client, number).code == 105


def test_a_withdrawn_number_and_one_of_a_removed_visitor_have_no_carrier(client):
    client.assign(client.add_visitor(), "48213378")
    client.ok("<VisitorId>1202</VisitorId>")
    client.token("IdentifierWithdraw")

    assert carrier(client, "48213377").code == 105
    assert carrier(client, "48213378").code == 105
