"""The front of the web service: who is let in, which operation is meant, in which order refusals come."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators import AeosSimulator
from tests.testing.simulators.aeos.client import SCHEMA, SOAP, Client, basic, enveloped

VERSION = enveloped("<VersionSearchInfo/>")


@pytest.fixture
def client() -> Client:
    return Client(AeosSimulator(username="hamilton", password="pass:word é"))


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        "Bearer " + basic("hamilton", "pass:word é").split(" ")[1],
        basic("hamilton", "wrong"),
        basic("Hamilton", "pass:word é"),
        basic("hamilton", ""),
    ],
)
def test_nobody_else_is_let_in_and_nothing_is_told(client, authorization):
    headers = {name: value for name, value in client.headers.items() if name != "Authorization"}
    if authorization is not None:
        headers["Authorization"] = authorization

    refused = client.raw(VERSION, headers=headers)

    assert (refused.status, refused.response.body) == (401, b"")
    assert refused.response.headers["www-authenticate"] == 'Basic realm="AEOS"'


def test_the_scheme_and_header_names_have_no_case(client):
    headers = {name.upper(): value.replace("Basic", "bAsIc") for name, value in client.headers.items()}

    assert client.raw(VERSION, headers=headers).status == 200


def test_another_path_or_method_does_not_exist(client):
    assert client.raw(VERSION, url="https://x/").status == 404
    assert client.raw(VERSION, url="https://x/aeosws/").status == 404
    assert client.raw(VERSION, url="https://x/aeosws?wsdl").status == 200
    refused = client.raw(b"", method="GET")
    assert (refused.status, refused.response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("text/xml", 200),
        ("TEXT/XML;charset=utf-8", 200),
        ("application/soap+xml; charset=utf-8", 415),
        ("application/xml", 415),
        ("", 415),
    ],
)
def test_soap_1_1_has_one_content_type(client, content_type, status):
    assert client.raw(VERSION, headers={**client.headers, "Content-Type": content_type}).status == status


@pytest.mark.parametrize(("action", "status"), [('""', 200), ("", 200), ('"findVisitor"', 500)])
def test_the_soap_action_is_empty(client, action, status):
    assert client.raw(VERSION, headers={**client.headers, "SOAPAction": action}).status == status


@pytest.mark.parametrize(
    "payload",
    [
        "<Unknown/>",
        "<assignToken/>",
        "<addVisitor><LastName>Durand</LastName></addVisitor>",
        '<VisitorAdd xmlns="http://www.nedap.com/aeosws"><LastName>Durand</LastName></VisitorAdd>',
        '<VisitorAdd xmlns=""><LastName>Durand</LastName></VisitorAdd>',
        "<visitorAdd><LastName>Durand</LastName></visitorAdd>",
    ],
)
def test_an_unknown_root_is_a_wrong_function(client, payload):
    """The root element alone names the operation, in the service's namespace."""
    refused = client.send(payload)

    assert (refused.status, refused.code) == (500, 904)
    assert client.simulator.effects == {}


def test_an_element_of_the_service_in_no_namespace_is_no_operation(client):
    body = f'<e:Envelope xmlns:e="{SOAP}"><e:Body><VersionSearchInfo/></e:Body></e:Envelope>'

    assert client.raw(body.encode()).code == 904
    assert SCHEMA not in body


def test_rights_come_before_licences_and_both_before_the_payload():
    both = Client(AeosSimulator(forbidden={"visit"}, unlicensed={"visit"}))
    licence = Client(AeosSimulator(unlicensed={"visit"}))

    assert both.send("<VisitAdd><Nonsense/></VisitAdd>").code == 901
    assert licence.send("<VisitAdd><Nonsense/></VisitAdd>").code == 902


def test_known_operations_that_are_not_done_are_not_implemented(client):
    assert client.send("<EmployeeSearchInfo/>").code == 903
    assert client.send("<CarrierId>5</CarrierId>").code == 903


def test_newer_operations_are_unknown_to_the_older_generation():
    older = Client(AeosSimulator(generation="older"))

    assert older.send("<PersonIdSearchInfo/>").code == 904
    assert older.send("<VisitsAdd/>").code == 904


@pytest.mark.parametrize(
    "payload",
    [
        "<VisitSearchInfo/>",
        "<UnitSearchInfo><Name>x</Name></UnitSearchInfo>",
        "<CarrierIdToken>60</CarrierIdToken>",
    ],
)
def test_a_find_without_result_answers_an_empty_list_or_an_empty_body(payload):
    bare = Client(AeosSimulator(empty_lists="body"))

    assert bare.ok(payload).payload is None
    assert Client(AeosSimulator(empty_lists="element")).ok(payload).root.endswith("List")


def test_only_lists_become_empty_bodies():
    client = Client(AeosSimulator(empty_lists="body"))
    visitor = client.add_visitor()

    assert client.ok(f"<CarrierIdProfile>{visitor}</CarrierIdProfile>").root == "ProfileResult"
    assert client.ok("<UnitSearchInfo/>").root == "UnitList"
    assert client.ok(f"<VisitorId>{visitor}</VisitorId>").root == "RemoveResult"


def test_a_message_that_is_none_is_refused_only_after_the_account_is_checked(client):
    too_large = b"<a>" + b" " * 2**21 + b"</a>"

    for body in (b"no XML", too_large):
        refused = client.raw(body)
        assert (refused.status, refused.soap_code) == (500, "soap:Client")
        assert client.raw(body, headers={"Content-Type": "text/xml"}).status == 401
