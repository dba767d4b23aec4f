"""Blocking a holder with all badges, and exemptions."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators import AeosSimulator
from tests.testing.simulators.aeos.client import NOON, Client

BLOCK = "<CarrierIdBlock><CarrierId>1201</CarrierId><Reason>5</Reason></CarrierIdBlock>"
UNBLOCK = "<CarrierIdUnBlock>1201</CarrierIdUnBlock>"


@pytest.fixture
def client() -> Client:
    """A visitor with access and two badges."""
    client = Client(AeosSimulator())
    client.grant(client.add_visitor())
    client.assign(1201)
    client.assign(1201, "48213378")
    return client


def attribute(client: Client, state: str, activated: str, more: str = ""):
    return client.send(
        f"<CarrierStateChange><CarrierId>1201</CarrierId><State>{state}</State>"
        f"<Activated>{activated}</Activated>{more}</CarrierStateChange>"
    )


def test_a_new_holder_is_neither_blocked_nor_exempt(client):
    reply = client.ok("<CarrierIdStates>1201</CarrierIdStates>")

    assert reply.root == "CarrierStateResult"
    assert reply.tree == [
        ("CarrierId", "1201"),
        (
            "States",
            [
                ("Blocked", "false"),
                ("ExcludedFromApb", "false"),
                ("AutoBlockEnabled", "false"),
                ("Special", "false"),
                ("Invisible", "false"),
                ("ExcludedFromVerification", "false"),
            ],
        ),
    ]


def test_blocking_a_holder_blocks_every_badge(client):
    reply = client.ok(BLOCK)

    assert (reply.text("Blocked"), reply.text("BlockReason")) == ("true", "5")
    assert client.state()[0] == client.state("48213378")[0] == "3"
    assert client.simulator.open_credentials(NOON) == []


def test_unblocking_a_holder_restores_what_was(client):
    client.token("IdentifierBlock", more="<Reason>5</Reason>")
    client.ok(BLOCK)

    assert client.ok(UNBLOCK).text("Blocked") == "false"
    assert client.state()[0] == "3"
    assert [badge.number for badge in client.simulator.open_credentials(NOON)] == ["48213378"]


def test_a_replacement_is_a_replacement_again(client):
    client.send(
        "<IdentifierReplace><CarrierId>1201</CarrierId><IdentifierTypeFrom>2</IdentifierTypeFrom>"
        "<BadgeNumberFrom>48213377</BadgeNumberFrom><IdentifierTypeTo>2</IdentifierTypeTo>"
        "<BadgeNumberTo>48213379</BadgeNumberTo><Reason>4</Reason></IdentifierReplace>"
    )
    client.ok(BLOCK)
    assert client.state("48213379")[0] == "3"
    client.token("IdentifierUnblock", "48213379")

    assert client.state("48213379")[0] == "4"


def test_a_badge_given_to_a_blocked_holder_opens_nothing(client):
    client.ok(BLOCK)

    assert client.assign(1201, "48213379").status == 200
    assert not client.simulator.opens("48213379", NOON)


def test_a_badge_unblocked_alone_opens_nothing_while_its_holder_is_blocked(client):
    client.ok(BLOCK)

    assert client.token("IdentifierUnblock").status == 200
    assert not client.simulator.opens("48213377", NOON)


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (UNBLOCK, "Carrier is not blocked"),
        (BLOCK.replace("<Reason>5", "<Reason>6"), "Block reason not found"),
        (BLOCK.replace("1201", "9"), "Carrier not found"),
        (UNBLOCK.replace("1201", "9"), "Carrier not found"),
    ],
)
def test_refusals_have_the_code_of_a_changed_state(client, payload, message):
    refused = client.send(payload)

    assert (refused.code, refused.message) == (110, message)
    assert len(client.simulator.open_credentials(NOON)) == 2


def test_a_blocked_holder_is_not_blocked_again(client):
    client.ok(BLOCK)

    assert client.send(BLOCK).message == "Carrier is already blocked"
    assert client.simulator.effects["blockCarrier"] == 1


def test_states_of_an_unknown_carrier_are_refused(client):
    assert client.send("<CarrierIdStates>9</CarrierIdStates>").code == 100


@pytest.mark.parametrize(
    ("state", "activated", "element"),
    [
        ("ActivateVerification", "false", "ExcludedFromVerification"),
        ("ActivateApb", "false", "ExcludedFromApb"),
        ("ActivateAutoBlock", "true", "AutoBlockEnabled"),
        ("Invisible", "true", "Invisible"),
        ("Special", "1", "Special"),
    ],
)
def test_exemptions_are_set_and_taken_back(client, state, activated, element):
    back = {"false": "true", "true": "false", "1": "0"}[activated]

    assert attribute(client, state, activated).text(element) == "true"
    assert attribute(client, state, back).text(element) == "false"


def test_block_is_an_attribute_too(client):
    assert attribute(client, "Block", "true", "<ValueOrReason>5</ValueOrReason>").text("Blocked") == "true"
    assert client.simulator.open_credentials(NOON) == []
    assert attribute(client, "Block", "false").text("Blocked") == "false"
    assert attribute(client, "Block", "true").message == "Block reason not found"


def test_an_unknown_attribute_is_refused(client):
    assert attribute(client, "Suspend", "true").code == 110
