"""The schema's rules: order, unknown and missing elements, repeats, kinds and lengths."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamilton_sdk.testing.simulators import AeosSimulator
from hamilton_sdk.testing.simulators.aeos.reader import Record
from tests.testing.simulators.aeos.client import SCHEMA, Client

ASSIGN = (
    "<CarrierId>1201</CarrierId>",
    "<IdentifierType>2</IdentifierType>",
    "<BadgeNumber>48213377</BadgeNumber>",
    "<UnitId>1</UnitId>",
)


@pytest.fixture
def client() -> Client:
    client = Client(AeosSimulator())
    client.add_visitor()
    return client


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_elements_are_taken_in_the_declared_order_alone(client, order):
    reply = client.send(f"<IdentifierAdd>{''.join(ASSIGN[index] for index in order)}</IdentifierAdd>")

    if order == (0, 1, 2, 3):
        assert reply.status == 200
    else:
        assert (reply.status, reply.code) == (500, 113)
        assert "out of order" in (reply.message or "")
        assert client.simulator.tokens() == []


@pytest.mark.parametrize("missing", range(3))
def test_a_mandatory_element_may_not_be_missing(client, missing):
    sent = "".join(element for index, element in enumerate(ASSIGN) if index != missing)

    refused = client.send(f"<IdentifierAdd>{sent}</IdentifierAdd>")

    assert refused.code == 113
    assert "is missing" in (refused.message or "")


@pytest.mark.parametrize(
    ("payload", "code", "message"),
    [
        (
            "<VisitorAdd><Nickname>D</Nickname><LastName>Durand</LastName></VisitorAdd>",
            71,
            "Element Nickname is not known in VisitorAdd",
        ),
        (
            "<VisitorAdd><FirstName>Zoé</FirstName><LastName>Durand</LastName></VisitorAdd>",
            71,
            "Element LastName is out of order in VisitorAdd",
        ),
        (
            "<VisitorAdd><LastName>Durand</LastName><LastName>Petit</LastName></VisitorAdd>",
            71,
            "Element LastName occurs twice in VisitorAdd",
        ),
        (
            '<VisitorAdd><LastName xmlns="">Durand</LastName></VisitorAdd>',
            71,
            "Element LastName is not known in VisitorAdd",
        ),
        (
            '<VisitorAdd><LastName xmlns="urn:other">Durand</LastName></VisitorAdd>',
            71,
            "Element {urn:other}LastName is not known in VisitorAdd",
        ),
        (
            "<VisitorAdd><LastName>D<b/></LastName></VisitorAdd>",
            71,
            "Element LastName holds elements where a value is expected",
        ),
        (
            "<VisitorAdd>Durand</VisitorAdd>",
            71,
            "Element VisitorAdd holds text where elements are expected",
        ),
        (
            "<VisitorAdd><LastName>Durand</LastName>x</VisitorAdd>",
            71,
            "Element VisitorAdd holds text where elements are expected",
        ),
        (
            "<VisitorAdd><UnitId>one</UnitId><LastName>Durand</LastName></VisitorAdd>",
            71,
            "Element UnitId: Value is not a valid long",
        ),
        (
            "<VisitorAdd><ArrivalDateTime>27/03/2026</ArrivalDateTime><LastName>D</LastName></VisitorAdd>",
            71,
            "Element ArrivalDateTime: Value is not a valid dateTime",
        ),
        (
            "<VisitorAdd><LastName>Durand</LastName><Gender>F</Gender></VisitorAdd>",
            71,
            "Element Gender: Value is not one of the enumeration GenderInfo",
        ),
        ("<VisitorId>none</VisitorId>", 73, "Element VisitorId: Value is not a valid long"),
        ("<VisitorId/>", 73, "Element VisitorId: Value is not a valid long"),
        (
            "<VisitorId><Id>5</Id></VisitorId>",
            73,
            "Element VisitorId holds elements where a value is expected",
        ),
        ("<VersionSearchInfo><a/></VersionSearchInfo>", 990, None),
    ],
)
def test_what_breaks_the_schema_is_refused_with_the_operations_code(client, payload, code, message):
    refused = client.send(payload)

    assert (refused.status, refused.code) == (500, code)
    assert message in (None, refused.message)
    assert len(client.simulator.holders()) == 1


@pytest.mark.parametrize(
    ("element", "limit"),
    [
        ("PersonnelNo", 50),
        ("FirstName", 40),
        ("Title", 25),
        ("PhoneNo", 25),
        ("MobilePhoneNo", 25),
        ("Email", 128),
    ],
)
def test_texts_are_limited_in_characters_and_not_in_bytes(client, element, limit):
    def add(length: int):
        return client.send(
            f"<VisitorAdd><LastName>D</LastName><{element}>{'é' * length}</{element}></VisitorAdd>"
        )

    assert add(limit).text(element) == "é" * limit
    assert (add(limit + 1).code, add(limit + 1).message) == (
        71,
        f"{element}: size must be between 0 and {limit}",
    )


@pytest.mark.parametrize("language", ["fr", "zh_CN"])
def test_languages_are_those_of_the_list(client, language):
    reply = client.send(f"<VisitorAdd><LastName>D</LastName><Language>{language}</Language></VisitorAdd>")

    assert reply.text("Language") == language
    assert client.send("<VisitorAdd><LastName>D</LastName><Language>fr-FR</Language></VisitorAdd>").code == 71


@pytest.mark.parametrize(
    "element",
    [
        "<NetworkId>1</NetworkId><LastName>D</LastName>",
        "<LastName>D</LastName><GuideIds/>",
        "<LastName>D</LastName><PersonToVisitId>60</PersonToVisitId>",
    ],
)
def test_the_older_generation_does_not_know_the_newer_elements(element):
    payload = f"<VisitorAdd>{element}</VisitorAdd>"

    assert Client(AeosSimulator()).send(payload).status == 200
    refused = Client(AeosSimulator(generation="older")).send(payload)
    assert refused.code == 71
    assert "is not known" in (refused.message or "")


def test_only_the_older_generation_searches_persons_by_their_host():
    payload = (
        "<PersonSearchInfo><PersonInfo><ContactPersonId>60</ContactPersonId></PersonInfo></PersonSearchInfo>"
    )

    assert Client(AeosSimulator()).send(payload).code == 55
    assert Client(AeosSimulator(generation="older")).send(payload).status == 200


def test_prefixes_comments_and_space_between_elements_carry_no_meaning(client):
    body = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>\n'
        f'<n:VisitorAdd xmlns:n="{SCHEMA}">\n <!-- who --> <n:LastName>Du<!-- or -->rand</n:LastName>\n'
        "</n:VisitorAdd></s:Body></s:Envelope>"
    ).encode()

    assert client.raw(body).text("LastName") == "Durand"


def test_numbers_and_booleans_are_read_with_space_around_them(client):
    reply = client.send(
        "<CarrierStateChange><CarrierId> 1201\n</CarrierId><State>Special</State><Activated> 1 </Activated>"
        "</CarrierStateChange>"
    )

    assert reply.text("Special") == "true"


def test_a_record_gives_none_for_what_was_not_sent_and_for_another_kind():
    record = Record({"Name": ["x"], "Id": [5], "Flag": [True], "Inner": [Record({})]})

    assert (record.text("Name"), record.text("Id"), record.text("Other")) == ("x", None, None)
    assert (record.number("Id"), record.number("Name"), record.moment("Id")) == (5, None, None)
    assert (record.flag("Flag"), record.flag("Id"), record.flag("Other")) == (True, False, False)
    assert record.child("Other").scalars() == {}
    assert record.scalars() == {"Name": "x", "Id": 5, "Flag": True}
    assert "Inner" in record
    assert "Other" not in record


@given(st.lists(st.sampled_from(["Id", "LastName", "FirstName", "Company", "Freefield", "Nope"]), max_size=6))
@settings(max_examples=60)
def test_a_sequence_is_accepted_exactly_if_it_is_in_order_and_repeats_only_what_may(names):
    """A second opinion on the sequence rule, by sorting."""
    contents = {
        "Id": "5",
        "Freefield": "<DefinitionId>12</DefinitionId><value>x</value>",
    }
    declared = ["Id", "Freefield", "LastName", "FirstName", "Company"]
    payload = "".join(f"<{name}>{contents.get(name, 'x')}</{name}>" for name in names)
    valid = (
        "Nope" not in names
        and names == sorted(names, key=declared.index)
        and all(names.count(name) <= 1 or name == "Freefield" for name in names)
    )

    reply = Client(AeosSimulator()).send(f"<VisitorAdd>{payload}</VisitorAdd>")

    assert (reply.status == 200) == (valid and "LastName" in names)


@pytest.mark.parametrize("inside", ["", "<Anything><At>all</At></Anything>"])
def test_what_the_table_does_not_describe_is_not_looked_into(client, inside):
    """It passes the schema; the operation then refuses it for want of a licence."""
    refused = client.send(
        "<ProfileAdd><CarrierId>1201</CarrierId>"
        f"<AuthorisationLocker>{inside}</AuthorisationLocker></ProfileAdd>"
    )

    assert refused.code == 902
