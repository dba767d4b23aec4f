"""SOAP around the payload: read safely, refused at its own level."""

from __future__ import annotations

import pytest

from hamilton_sdk.testing.simulators import AeosSimulator
from hamilton_sdk.testing.simulators.aeos.envelope import LARGEST_REQUEST
from tests.testing.simulators.aeos.client import SCHEMA, SOAP, Client, enveloped


@pytest.fixture
def client() -> Client:
    return Client(AeosSimulator())


def message(body: str = f'<VersionSearchInfo xmlns="{SCHEMA}"/>', header: str = "", soap: str = SOAP) -> str:
    return f'<e:Envelope xmlns:e="{soap}">{header}<e:Body>{body}</e:Body></e:Envelope>'


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "Client"),
        (b"no XML", "Client"),
        (message().encode()[:-5], "Client"),
        (b"\xff" + message().encode(), "Client"),
        (message().encode("utf-16"), "Client"),
        (message(f'<VersionSearchInfo xmlns="{SCHEMA}">&#1;</VersionSearchInfo>').encode(), "Client"),
        (message("").encode(), "Client"),
        (message('<a xmlns="x"/><b xmlns="x"/>').encode(), "Client"),
        (f'<e:Envelope xmlns:e="{SOAP}"/>'.encode(), "Client"),
        (f'<VersionSearchInfo xmlns="{SCHEMA}"/>'.encode(), "VersionMismatch"),
        (message(soap="http://www.w3.org/2003/05/soap-envelope").encode(), "VersionMismatch"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + message().encode(), "Client"),
    ],
)
def test_what_is_no_soap_1_1_message_with_one_payload_is_refused_without_a_code_of_the_service(
    client, body, code
):
    refused = client.raw(body)

    assert (refused.status, refused.soap_code, refused.code) == (500, f"soap:{code}", None)


def test_entities_are_not_even_parsed(client):
    """A billion laughs and a file from the disk both stop at the document type."""
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">'
        '<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        + message(f'<VersionSearchInfo xmlns="{SCHEMA}">&b;&x;</VersionSearchInfo>')
    )

    refused = client.raw(bomb.encode())

    assert refused.soap_code == "soap:Client"
    assert "document type" in refused.xml
    assert "root:" not in refused.xml


def test_a_message_is_capped(client):
    padding = " " * (LARGEST_REQUEST + 1 - len(message()))

    assert client.raw((message() + padding).encode()).soap_code == "soap:Client"
    assert client.raw((message() + padding[:-1]).encode()).status == 200


def test_header_blocks_are_read_over_unless_they_must_be_understood(client):
    block = '<e:Header><a xmlns="urn:x"{}/></e:Header>'

    assert client.raw(message(header=block.format("")).encode()).status == 200
    refused = client.raw(message(header=block.format(' e:mustUnderstand="1"')).encode())
    assert refused.soap_code == "soap:MustUnderstand"


def test_a_declared_encoding_other_than_utf_8_is_no_way_in(client):
    body = '<?xml version="1.0" encoding="iso-8859-1"?>' + message()

    assert client.raw(body.encode()).status == 200, "ASCII is the same in both"
    latin = body.replace("<VersionSearchInfo", "<!-- é --><VersionSearchInfo").encode("latin-1")
    assert client.raw(latin).soap_code == "soap:Client"


def test_a_fault_holds_code_and_message_in_the_services_namespace(client):
    reply = client.send("<CarrierIdProfile>9</CarrierIdProfile>")

    assert reply.status == 500
    assert reply.xml == (
        f'<soap:Envelope xmlns:soap="{SOAP}"><soap:Body><soap:Fault><faultcode>soap:Server</faultcode>'
        f'<faultstring>Carrier not found</faultstring><detail><StatusInfo xmlns="{SCHEMA}">'
        "<ErrorCode>101</ErrorCode><Message>Carrier not found</Message></StatusInfo></detail></soap:Fault>"
        "</soap:Body></soap:Envelope>"
    )
    assert reply.response.headers == {"content-type": "text/xml;charset=UTF-8"}


def test_a_removal_is_a_text_with_a_type(client):
    visitor = client.add_visitor()

    assert client.ok(f"<VisitorId>{visitor}</VisitorId>").xml == (
        f'<soap:Envelope xmlns:soap="{SOAP}"><soap:Body><RemoveResult'
        ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:ns2="http://www.nedap.com/aeosws"'
        f' xmlns="{SCHEMA}" xsi:type="xs:string">(null)</RemoveResult></soap:Body></soap:Envelope>'
    )


def test_markup_in_values_is_escaped_on_the_way_out(client):
    reply = client.ok("<VisitorAdd><LastName>&lt;b&gt; &amp; xsi:type=</LastName></VisitorAdd>")

    assert "&lt;b&gt; &amp; xsi:type=" in reply.xml
    assert reply.text("LastName") == "<b> & xsi:type="


def test_a_declaration_in_front_of_the_message_is_allowed(client):
    assert client.raw(enveloped("<VersionSearchInfo/>")).status == 200
