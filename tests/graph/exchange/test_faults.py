"""Graph's failures become the tree of errors, with its code, its id of the request, and a hint."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import (
    BadResponse,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Outcome,
    RateLimited,
    ServerFailed,
    Unauthorized,
)
from hamilton_sdk.flow import Response
from hamilton_sdk.graph.exchange import faults
from hamilton_sdk.graph.exchange.wire import Call, path
from tests.graph.exchange.world import ROOM, answer, fault, tenant


def request():
    return tenant().wire.request(Call(operation="getEvent", path=path("users", ROOM, "events", "E1=")))


@pytest.mark.parametrize(
    ("status", "code", "kind", "hint"),
    [
        (401, "InvalidAuthenticationToken", Unauthorized, "client secret"),
        (403, "ErrorAccessDenied", Forbidden, "Calendars.ReadWrite"),
        (403, "DelegatedCalendarAccessDenied", Forbidden, "just made"),
        (404, "MailboxNotEnabledForRESTAPI", NotFound, "mailbox"),
        (404, "ErrorInvalidUser", NotFound, "mailbox"),
        (404, "ResourceNotFound", NotFound, "mailbox"),
        (404, "ErrorItemNotFound", NotFound, "gone"),
        (400, "ErrorDuplicateTransactionId", Conflict, "reference"),
        (409, "errorDuplicateTransactionId", Conflict, "reference"),
        (412, "ErrorIrresolvableConflict", Conflict, "read it again"),
        (409, "ErrorIrresolvableConflict", Conflict, "read it again"),
        (400, "ErrorOccurrenceCrossingBoundary", Invalid, "occurrence"),
        (400, "TimeZoneNotSupportedException", Invalid, "zone"),
        (429, "ApplicationThrottled", RateLimited, "per mailbox"),
        (429, "TooManyRequests", RateLimited, "per mailbox"),
        (400, "SomethingNew", Invalid, "values"),
        (500, "ErrorInternalServerError", ServerFailed, "log"),
    ],
)
def test_a_code_is_a_class_and_a_hint(status, code, kind, hint):
    error = faults.failed(request(), fault(status, code))
    assert type(error) is kind
    assert hint in (error.hint or "")
    assert (error.status, error.code, error.operation) == (status, code, "getEvent")
    assert error.peer_request_id == "req-1"
    assert any(note.startswith("client-request-id: ") for note in error.__notes__)


def test_graphs_own_words_are_not_shown_since_they_name_people():
    error = faults.failed(request(), fault(404, "ErrorInvalidUser", f"The user {ROOM} is invalid."))
    shown = " ".join([str(error), error.hint or "", *error.__notes__])
    assert ROOM not in shown
    assert ROOM.encode() in (error.raw or b"")


def test_an_access_policy_is_told_from_a_missing_consent():
    words = (
        "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings."
    )
    error = faults.failed(request(), fault(403, "ErrorAccessDenied", words))
    assert "policy's group" in (error.hint or "")


def test_the_header_names_the_request_before_the_body():
    error = faults.failed(request(), fault(403, "ErrorAccessDenied", **{"request-id": "from-header"}))
    assert error.peer_request_id == "from-header"


@pytest.mark.parametrize(
    "response",
    [
        Response(429, {"retry-after": "1"}, b'{"error": {"code": "ApplicationThrottled", "message": "m"}}'),
        answer({"error": {"code": "", "message": "m", "innererror": {"request-id": "req-2"}}}, 429),
        Response(429, {}, b"<html>busy</html>"),
        Response(429, {}, b'["no object"]'),
    ],
)
def test_an_error_without_code_or_inner_error_is_one_all_the_same(response):
    error = faults.failed(request(), response)
    assert isinstance(error, RateLimited)
    assert error.outcome is Outcome.REFUSED


def test_both_spellings_of_the_inner_error_are_read():
    body = {"error": {"code": "X", "message": "m", "innererror": {"request-id": "req-2"}}}
    assert faults.failed(request(), answer(body, 400)).peer_request_id == "req-2"


@pytest.mark.parametrize(
    ("code", "status", "missing"),
    [("ErrorInvalidUser", 404, True), ("ResourceNotFound", 404, True), ("ErrorItemNotFound", 404, False)],
)
def test_a_missing_mailbox_is_told_from_a_missing_event(code, status, missing):
    assert faults.mailbox_missing(faults.failed(request(), fault(status, code))) is missing


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        (fault(409, "ConcurrentItemSave"), Outcome.REFUSED),
        (fault(409, "ErrorIrresolvableConflict"), Outcome.FINAL),
        (fault(412, "ErrorIrresolvableConflict"), Outcome.FINAL),
        (fault(504, "UnknownError"), Outcome.UNKNOWN),
        (answer({}, 201), Outcome.DONE),
    ],
)
def test_a_write_that_met_another_is_asked_for_again(response, outcome):
    assert faults.judge(response) is outcome


def test_a_read_answered_412_is_asked_again():
    assert faults.judge_read(fault(412, "ErrorIrresolvableConflict")) is Outcome.UNKNOWN
    assert faults.judge_read(fault(404, "ErrorItemNotFound")) is Outcome.FINAL


def test_an_answer_that_breaks_the_contract_says_what_it_is():
    error = faults.broken(request(), answer([]), "no JSON object")
    assert type(error) is BadResponse
    assert "no JSON object" in str(error)


def test_a_request_without_an_id_of_its_own_gets_no_note_of_it():
    bare = request().with_headers({"client-request-id": ""})
    assert not getattr(faults.failed(bare, fault(400, "X")), "__notes__", [])[1:]
