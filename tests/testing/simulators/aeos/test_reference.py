"""The site's reference data, as the service lists it."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators import AeosSimulator
from tests.testing.simulators.aeos.client import Client


@pytest.fixture
def client() -> Client:
    return Client(AeosSimulator())


@pytest.mark.parametrize("payload", ["<VersionSearchInfo/>", "<VersionSearchInfo>any</VersionSearchInfo>"])
def test_the_version_is_told_with_or_without_a_text(client, payload):
    reply = client.ok(payload)

    assert reply.root == "VersionInfo"
    assert [name for name, _ in reply.tree] == ["AeosVersion", "WebServiceVersion", "WebServiceBuild"]


def test_the_generations_tell_different_versions(client):
    older = Client(AeosSimulator(generation="older"))

    assert client.ok("<VersionSearchInfo/>").tree != older.ok("<VersionSearchInfo/>").tree


def search(root: str, kind: str = "", more: str = "") -> str:
    return f"<{root}SearchInfo><{root}Info>{more}{kind}</{root}Info></{root}SearchInfo>"


@pytest.mark.parametrize(
    ("root", "online", "offline"),
    [
        ("Template", ["Visitors", "Visitors escorted", "Contractors"], ["Meeting rooms"]),
        ("Entrance", ["Main entrance"], ["Meeting room lock"]),
        ("EntranceGroup", ["Public doors"], ["Locks"]),
    ],
)
def test_doors_and_templates_are_listed_by_their_kind(client, root, online, offline):
    names = {
        kind: client.ok(search(root, f"<UnitOfAuthType>{kind}</UnitOfAuthType>")).texts("Name")
        for kind in ("OnLine", "OffLine", "Soaa")
    }

    assert names == {"OnLine": online, "OffLine": offline, "Soaa": []}


@pytest.mark.parametrize(("root", "code"), [("Template", 50), ("Entrance", 25), ("EntranceGroup", 30)])
def test_the_kind_is_mandatory_and_an_unknown_one_has_a_code_of_its_own(client, root, code):
    assert client.send(search(root)).code == code
    assert client.send(search(root, "<UnitOfAuthType>Online</UnitOfAuthType>")).code == 301


def test_a_template_is_found_by_id_and_by_the_beginning_of_its_name(client):
    kind = "<UnitOfAuthType>OnLine</UnitOfAuthType>"

    assert client.ok(search("Template", kind, "<Id>53</Id>")).texts("Name") == ["Contractors"]
    assert len(client.ok(search("Template", kind, "<Name>visitors</Name>")).texts("Name")) == 2


def test_without_offline_doors_there_is_no_offline_template():
    client = Client(AeosSimulator(offline=False))

    assert client.ok(search("Template", "<UnitOfAuthType>OffLine</UnitOfAuthType>")).texts("Name") == []


def test_identifier_types_come_back_as_identifiers_with_their_range(client):
    reply = client.ok("<IdentifierTypeSearchInfo/>")

    assert reply.root == "IdentifierTypeList"
    assert {name for name, _ in reply.tree} == {"Identifier"}
    assert reply.tree[0] == (
        "Identifier",
        [
            ("Id", "2"),
            ("Name", "Visitor badge"),
            ("IdentificationType", "Number"),
            ("MinimumValue", "10000000"),
            ("MaximumValue", "99999999"),
        ],
    )
    assert set(reply.texts("IdentificationType")) == {"Number", "String", "Hexadecimal", "BCD"}


def test_block_reasons_say_where_they_may_be_used(client):
    reply = client.ok("<BlockReasonSearch><Name>Susp</Name></BlockReasonSearch>")

    assert reply.tree == [
        (
            "BlockReason",
            [
                ("Id", "5"),
                ("Description", "Suspended"),
                ("CarrierBlockReason", "true"),
                ("IdentifierBlockReason", "true"),
                ("IdentifierWithdrawReason", "false"),
                ("IdentifierWithdrawReplacedReason", "false"),
                ("IdentifierReplacementReason", "false"),
            ],
        )
    ]


@pytest.mark.parametrize(
    ("payload", "names"),
    [
        ("<UnitSearchInfo/>", ["Headquarters"]),
        ("<UnitSearchInfo><Name>x</Name></UnitSearchInfo>", []),
        ("<FreeFieldDefinitionSearchInfo><Id>12</Id></FreeFieldDefinitionSearchInfo>", ["ExternalId"]),
        ("<FreeFieldDefinitionSearchInfo><Id>13</Id></FreeFieldDefinitionSearchInfo>", []),
        ("<DayTimeScheduleSearchInfo/>", ["Always"]),
        ("<EventTypeSearchInfo><Name>BadgeNo</Name></EventTypeSearchInfo>", ["BadgeNoAccessEvent"]),
        ("<EventTypeSearchInfo><Id>5</Id></EventTypeSearchInfo>", ["BadgeAccessEvent"]),
    ],
)
def test_lists_are_searched_by_id_and_name(client, payload, names):
    assert client.ok(payload).texts("Name") == names


def test_a_schedule_is_written_with_a_date_and_its_periods(client):
    reply = client.ok("<DayTimeScheduleSearchInfo/>")

    assert reply.text("StartDate") == "2002-01-28"
    assert reply.texts("StartDay") == ["0"]
    assert reply.texts("EndDay") == ["6"]


def test_a_group_lists_its_doors(client):
    reply = client.ok(search("EntranceGroup", "<UnitOfAuthType>OnLine</UnitOfAuthType>"))

    assert reply.texts("EntranceId") == ["7"]
