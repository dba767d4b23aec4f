"""A message becomes a request, its answer a result or an error; a search is read past the server's cap."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.acs.aeos import faults, messages
from hamilton_sdk.acs.aeos.wire import Wire, basic, both, several
from hamilton_sdk.errors import (
    BadResponse,
    ConnectionLost,
    ConnectorError,
    Forbidden,
    ServerFailed,
    Unauthorized,
)
from hamilton_sdk.flow import Response
from hamilton_sdk.retry import Safety
from tests.acs.aeos.made import URL
from tests.acs.aeos.scripted import Script, fault, reply

WIRE = Wire(URL, basic("hv", "hüsh"), largest_answer=10_000, page_size=2)
VISITOR = "<VisitorResult><Id>7</Id></VisitorResult>"


def test_a_request_carries_what_soap_1_1_and_basic_authentication_want() -> None:
    script = Script({"VisitorAdd": VISITOR})
    script.run(WIRE.call(messages.add_visitor({"LastName": "Durand"})))
    (asked,) = script.asked
    sent = asked.request
    assert (sent.method, sent.url, sent.operation, sent.safety) == ("POST", URL, "addVisitor", Safety.UNSAFE)
    assert sent.headers["soapaction"] == '""'
    assert sent.headers["content-type"] == "text/xml; charset=utf-8"
    assert base64.b64decode(sent.headers["authorization"].removeprefix("Basic ")).decode() == "hv:hüsh"
    assert sent.judge is faults.judge
    assert sent.largest_response == 10_000
    assert not sent.undo
    assert not sent.authenticate


def test_the_password_shows_nowhere() -> None:
    assert "Basic" not in repr(WIRE)
    script = Script({"VisitorAdd": VISITOR})
    script.run(WIRE.call(messages.add_visitor({"LastName": "Durand"})))
    assert "Basic" not in repr(script.asked[0].request)
    assert "Durand" not in repr(script.asked[0].request)


def test_compensation_is_marked() -> None:
    script = Script({"VisitorId": "<RemoveResult>(null)</RemoveResult>"})
    script.run(WIRE.undoing().call(messages.remove_visitor(7)))
    assert script.asked[0].request.undo


def test_the_result_is_what_the_reader_makes_of_the_answer() -> None:
    assert Script({"VisitorAdd": VISITOR}).run(WIRE.call(messages.add_visitor({}))).id == 7


@pytest.mark.parametrize(
    "answer",
    ["<RemoveResult>(null)</RemoveResult>", "<RemoveResult/>", ""],
)
def test_every_known_shape_of_an_empty_reply_is_success(answer: str) -> None:
    """The fact sheet: blockToken's Body is empty, RemoveResult holds the text "(null)"."""
    assert Script({"IdentifierWithdraw": answer}).run(WIRE.call(messages.withdraw_token(2, "1"))) is None


def test_unblocking_may_answer_with_the_identifier_or_with_nothing() -> None:
    identifier = "<IdentifierResult><Id>1</Id></IdentifierResult>"
    for answer in (identifier, ""):
        assert Script({"IdentifierUnblock": answer}).run(WIRE.call(messages.unblock_token(2, "1"))) is None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("", "an empty Body"),
        ("<VisitResult><Id>7</Id></VisitResult>", "another message than <VisitorResult>"),
        (
            '<VisitorResult xmlns="urn:other"><Id>7</Id></VisitorResult>',
            "another message than <VisitorResult>",
        ),
        ("<VisitorResult></VisitorResult>", "an id that is missing"),
        (Response(200, body=b"<html><p>Log in</p></html>"), "<html> where a SOAP 1.1 envelope"),
        (Response(200, body=b"{}"), "not well-formed XML"),
        (Response(200, body=b"x" * 10_001), "larger than 10000 bytes"),
        (Response(204), "not well-formed XML"),
    ],
)
def test_an_answer_of_another_kind_is_a_bad_response(answer: str | Response, words: str) -> None:
    with pytest.raises(BadResponse) as caught:
        Script({"VisitorAdd": answer}).run(WIRE.call(messages.add_visitor({})))
    assert words in str(caught.value)
    assert caught.value.operation == "addVisitor"
    assert "is this the address of an AEOS" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (fault(901), Forbidden),
        (Response(200, body=fault(901).body), Forbidden),
        (Response(401, body=b"<html>"), Unauthorized),
        (Response(401, body=reply(VISITOR).body), Unauthorized),
        (Response(500), ServerFailed),
    ],
)
def test_a_failure_is_an_error_of_its_kind(answer: Response, kind: type[ConnectorError]) -> None:
    with pytest.raises(kind) as caught:
        Script({"VisitorAdd": answer}).run(WIRE.call(messages.add_visitor({})))
    assert caught.value.operation == "addVisitor"


def test_a_create_whose_answer_is_lost_is_looked_up_and_not_sent_again() -> None:
    script = Script({"VisitorAdd": ConnectionLost("cut"), "VisitSearchInfo": "<VisitList/>"})

    def lookup() -> Any:
        yield from WIRE.call(messages.find_visits(1, 0, 1))
        return "found"

    assert script.run(WIRE.create(messages.add_visitor({}), lookup)) == "found"
    assert script.names() == ["VisitorAdd", "VisitSearchInfo"]


def visitors(*ids: int, total: int | None = None) -> str:
    items = "".join(f"<Visitor><VisitorInfo><Id>{each}</Id></VisitorInfo></Visitor>" for each in ids)
    info = "" if total is None else f"<SearchResultInfo><totalSize>{total}</totalSize></SearchResultInfo>"
    return f"<VisitorList>{items}{info}</VisitorList>"


def every(*answers: str) -> tuple[list[int], list[str | None]]:
    script = Script({"VisitorSearchInfo": list(answers)})
    found = script.run(WIRE.every(lambda offset, size: messages.find_visitors({}, offset, size)))
    assert all(each.text("SearchRange/nrOfRecords") == "2" for each in script.asked)
    return [each.id for each in found], [each.text("SearchRange/startRecordNo") for each in script.asked]


def test_pages_are_read_until_a_short_one_and_offsets_count_records_from_zero() -> None:
    assert every(visitors(1, 2), visitors(3, 4), visitors(5)) == ([1, 2, 3, 4, 5], ["0", "2", "4"])


def test_an_empty_page_is_the_end() -> None:
    assert every(visitors(1, 2), visitors()) == ([1, 2], ["0", "2"])


def test_a_server_that_ignores_the_offset_does_not_hold_us_for_ever() -> None:
    assert every(visitors(1, 2), visitors(1, 2)) == ([1, 2], ["0", "2"])


def test_a_record_that_moved_to_the_next_page_is_counted_once_and_the_rest_is_still_read() -> None:
    assert every(visitors(1, 2), visitors(2, 3), visitors(4)) == ([1, 2, 3, 4], ["0", "2", "4"])


def test_the_newer_generations_total_saves_the_last_request() -> None:
    assert every(visitors(1, 2, total=4), visitors(3, 4, total=4)) == ([1, 2, 3, 4], ["0", "2"])


def test_a_cap_below_our_page_size_is_noticed_where_the_total_is_known() -> None:
    assert every(visitors(1, total=2), visitors(2, total=2)) == ([1, 2], ["0", "1"])


def test_flows_run_together_keep_their_order() -> None:
    script = Script({"VisitorAdd": VISITOR, "BlockReasonSearch": "<BlockReasonList/>"})
    one = WIRE.call(messages.add_visitor({}))
    assert script.run(both(one, WIRE.call(messages.find_block_reasons())))[1] == []
    assert [each.id for each in script.run(several((WIRE.call(messages.add_visitor({})),)))] == [7]


@given(st.binary(max_size=200), st.sampled_from([200, 500, 503]))
def test_arbitrary_bytes_end_in_an_error_of_the_tree_that_repeats_none_of_them(
    body: bytes, status: int
) -> None:
    with pytest.raises(ConnectorError) as caught:
        Script({"VisitorAdd": Response(status, body=body)}).run(WIRE.call(messages.add_visitor({})))
    assert caught.value.raw == body
