"""Envelopes: what is written can be read back, and hostile bytes are refused without being repeated."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.acs.aeos.soap import (
    SCHEMA,
    Broken,
    as_content,
    local_name,
    read_envelope,
    tag,
    write_envelope,
)
from hamilton_sdk.errors import Invalid
from tests.acs.aeos.scripted import ENVELOPE, fault, parse, reply

LARGEST = 100_000

printable = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=["\ufffe", "\uffff"]), min_size=1
)


def test_a_request_is_a_soap_1_1_envelope_with_the_payload_as_the_only_child_of_its_body() -> None:
    body = write_envelope("VisitorAdd", (("LastName", "Durand"), ("UnitId", 1), ("ReadOnly", False)))
    root = parse(body)
    assert root.tag == f"{{{ENVELOPE}}}Envelope"
    (payload,) = root[0]
    assert payload.tag == f"{{{SCHEMA}}}VisitorAdd"
    assert [(each.tag, each.text) for each in payload] == [
        (f"{{{SCHEMA}}}LastName", "Durand"),
        (f"{{{SCHEMA}}}UnitId", "1"),
        (f"{{{SCHEMA}}}ReadOnly", "false"),
    ]
    assert body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')


def test_a_root_may_hold_text_a_number_or_nothing() -> None:
    assert b'<VisitorId xmlns="http://www.nedap.com/aeosws/schema">1201</VisitorId>' in write_envelope(
        "VisitorId", 1201
    )
    assert b">text</Root>" in write_envelope("Root", "text")
    assert b"></VersionSearchInfo>" in write_envelope("VersionSearchInfo", None)


def test_none_leaves_an_element_out_and_an_empty_tuple_leaves_it_empty() -> None:
    body = write_envelope("R", (("A", None), ("B", ()), ("C", (("D", True), ("E", None)))))
    assert b"<B></B><C><D>true</D></C>" in body
    assert b"<A>" not in body


@given(printable)
def test_any_printable_text_comes_back_as_it_was_written(text: str) -> None:
    root = read_envelope(write_envelope("R", (("A", text),)), LARGEST).root
    assert root is not None
    assert root.findtext(tag("A")) == text
    assert as_content(root) == (("A", text),)


@pytest.mark.parametrize(
    "character", ["\x00", "\t", "\n", "\r", "\x1f", "\x7f", "\x85", "\ud800", "\ufffe", "\uffff"]
)
def test_a_character_that_xml_does_not_carry_unchanged_is_refused(character: str) -> None:
    with pytest.raises(Invalid, match="LastName holds a control character") as caught:
        write_envelope("VisitorAdd", (("LastName", f"Dur{character}and"),))
    assert "Dur" not in str(caught.value)
    assert "LastName" in (caught.value.hint or "")


@given(st.text())
def test_what_is_written_is_either_refused_or_well_formed(text: str) -> None:
    try:
        body = write_envelope("R", text)
    except Invalid:
        assert any(unicodedata.category(each) in {"Cc", "Cs", "Cn"} for each in text)
    else:
        assert parse(body) is not None


def test_a_reply_is_read_whatever_its_prefixes() -> None:
    root = read_envelope(reply("<VisitorResult><Id>7</Id></VisitorResult>").body, LARGEST).root
    assert root is not None
    assert root.tag == tag("VisitorResult")
    other = (
        f'<e:Envelope xmlns:e="{ENVELOPE}"><e:Header/><e:Body><x:R xmlns:x="{SCHEMA}"/></e:Body></e:Envelope>'
    )
    found = read_envelope(other.encode(), LARGEST)
    assert found.root is not None
    assert found.root.tag == tag("R")
    assert found.fault is None


def test_an_empty_body_has_no_root() -> None:
    found = read_envelope(reply("").body, LARGEST)
    assert found.root is None
    assert found.fault is None


def test_a_byte_order_mark_is_tolerated() -> None:
    assert read_envelope(b"\xef\xbb\xbf" + reply("").body, LARGEST).root is None


def test_a_fault_of_aeos_has_code_and_words() -> None:
    found = read_envelope(fault(101, "Carrier not found").body, LARGEST).fault
    assert found is not None
    assert (found.code, found.message, found.blame) == (101, "Carrier not found", "Server")
    assert "Carrier" not in repr(found)


def test_a_fault_of_the_stack_below_has_no_code() -> None:
    found = read_envelope(fault(None, "unmarshalling", blame="Client").body, LARGEST).fault
    assert found is not None
    assert (found.code, found.message, found.blame) == (None, "unmarshalling", "Client")


@pytest.mark.parametrize("code", ["", "x", "-5", "\u0665", "1" * 10])
def test_an_error_code_that_is_none_counts_as_missing(code: str) -> None:
    text = fault(101).body.replace(b">101<", f">{code}<".encode())
    found = read_envelope(text, LARGEST).fault
    assert found is not None
    assert found.code is None


def test_a_fault_without_words_has_empty_ones() -> None:
    body = f'<s:Envelope xmlns:s="{ENVELOPE}"><s:Body><s:Fault/></s:Body></s:Envelope>'
    found = read_envelope(body.encode(), LARGEST).fault
    assert found is not None
    assert (found.blame, found.code, found.message) == ("", None, "")


SECRET = "Durand-48213377"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"x" * (LARGEST + 1), "larger than 100000 bytes"),
        (f"<a>{SECRET}\xe9</a>".encode("latin-1"), "not UTF-8"),
        (f"<a>{SECRET}</a>".encode("utf-16"), "not UTF-8"),
        (f'<!DOCTYPE a [<!ENTITY x "{SECRET}">]><a>&x;</a>'.encode(), "document type"),
        (f"<a>{SECRET}</b>".encode(), "not well-formed XML"),
        (b"", "not well-formed XML"),
        (f"<a>&{SECRET};</a>".encode(), "not well-formed XML"),
        (f"{{'json': '{SECRET}'}}".encode(), "not well-formed XML"),
        (f"<html><body>{SECRET}</body></html>".encode(), "<html> where a SOAP 1.1 envelope is expected"),
        (
            b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body/></e:Envelope>',
            "<Envelope> where a SOAP 1.1 envelope is expected",
        ),
        (f'<e:Envelope xmlns:e="{ENVELOPE}"/>'.encode(), "an envelope without a Body"),
    ],
)
def test_what_is_no_answer_is_refused_without_repeating_it(body: bytes, reason: str) -> None:
    with pytest.raises(Broken) as caught:
        read_envelope(body, LARGEST)
    assert reason in str(caught.value)
    assert SECRET not in str(caught.value)


@given(st.binary())
def test_arbitrary_bytes_are_read_or_refused_as_broken(body: bytes) -> None:
    with pytest.raises(Broken):
        read_envelope(body, LARGEST)


@given(st.binary(), st.integers(0, 400), st.integers(0, 40))
def test_a_damaged_answer_is_read_or_refused_as_broken(garbage: bytes, place: int, length: int) -> None:
    whole = fault(101).body
    try:
        read_envelope(whole[:place] + garbage + whole[place + length :], LARGEST)
    except Broken as error:
        assert str(error)


def test_deep_nesting_cannot_exhaust_the_stack() -> None:
    deep = "<a>" * 5000 + "</a>" * 5000
    body = f'<e:Envelope xmlns:e="{ENVELOPE}"><e:Body>{deep}</e:Body></e:Envelope>'
    root = read_envelope(body.encode(), LARGEST).root
    assert root is not None
    with pytest.raises(Broken, match="nested too deep"):
        as_content(root)


def test_an_element_is_copied_with_its_children_in_order_and_without_attributes() -> None:
    root = parse(f'<a xmlns="{SCHEMA}" x="1"><b>1</b><c><d/></c><b>2</b></a>')
    assert as_content(root) == (("b", "1"), ("c", (("d", ""),)), ("b", "2"))


@pytest.mark.parametrize("name", ["{urn:x}Id", "x:Id", "Id"])
def test_a_local_name_has_neither_namespace_nor_prefix(name: str) -> None:
    assert local_name(name) == "Id"
