"""What Entra ID says becomes the right error, with its code and what to do."""

from __future__ import annotations

import json

import pytest

from hamilton_sdk.errors import BadResponse, Forbidden, Invalid, RateLimited, ServerFailed, Unauthorized
from hamilton_sdk.flow import Outcome, Request, Response, Safety
from hamilton_sdk.graph.exchange import refusals
from tests.graph.exchange.entra import CLIENT, LOGIN, TOKEN_PATH, TRACE, WORDS, said

REQUEST = Request(
    method="POST",
    url=LOGIN + TOKEN_PATH,
    operation="token",
    safety=Safety.IDEMPOTENT,
    judge=refusals.judge,
)


@pytest.mark.parametrize(
    ("number", "kind", "word"),
    [
        (7000222, Unauthorized, "expired"),
        (7000215, Unauthorized, "not its id"),
        (700016, Unauthorized, "client_id"),
        (90002, Unauthorized, "tenant_id"),
        (700027, Unauthorized, "certificate"),
        (7000112, Forbidden, "disabled"),
        (65001, Forbidden, "consent"),
        (53003, Forbidden, "Conditional Access"),
        (500011, Invalid, "national_cloud"),
        (90033, ServerFailed, "later"),
    ],
)
def test_a_code_says_what_to_do(number, kind, word):
    error = refusals.refused(REQUEST, said(number))
    assert type(error) is kind
    assert (error.code, error.status) == (f"AADSTS{number}", WORDS[number][1])
    assert error.code in str(error)
    assert word in error.hint
    assert (error.operation, error.connector, error.peer_request_id) == ("token", "graph.exchange", TRACE)


@pytest.mark.parametrize("number", WORDS)
def test_what_entra_id_writes_is_not_repeated(number):
    """Its text names applications and people."""
    error = refusals.refused(REQUEST, said(number))
    texts = f"{error} {error.hint} {error.__notes__} {error.raw}"
    assert CLIENT not in texts
    assert "person@" not in texts


def test_the_code_is_found_in_the_text_where_there_is_no_list():
    answer = said(7000222)
    body = {**json.loads(answer.body), "error_codes": []}
    found = refusals.refused(REQUEST, Response(401, {}, json.dumps(body).encode()))
    assert (type(found), found.code) == (Unauthorized, "AADSTS7000222")


@pytest.mark.parametrize("codes", [None, "7000222", ["7000222"], [True], {}])
def test_codes_of_another_shape_are_passed_over(codes):
    body = json.dumps({"error": "invalid_client", "error_codes": codes}).encode()
    error = refusals.refused(REQUEST, Response(400, {}, body))
    assert (type(error), error.code) == (Unauthorized, "invalid_client")
    assert "sign-in log" in error.hint


def test_the_header_with_the_id_of_the_request_comes_first():
    answer = said(7000222)
    error = refusals.refused(REQUEST, Response(401, {"x-ms-request-id": "header"}, answer.body))
    assert error.peer_request_id == "header"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Invalid),
        (401, Unauthorized),
        (403, Forbidden),
        (429, RateLimited),
        (503, ServerFailed),
        (302, BadResponse),
    ],
)
@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"error": "Not A Word; person@example.com"}', b'{"error": 5}']
)
def test_an_answer_that_says_nothing_goes_by_its_status(status, kind, body):
    error = refusals.refused(REQUEST, Response(status, {}, body))
    assert (type(error), error.code) == (kind, None)
    assert "person" not in str(error)


def test_an_unknown_code_is_told_all_the_same():
    body = {"error": "invalid_request", "error_codes": [123456]}
    error = refusals.refused(REQUEST, Response(400, {}, json.dumps(body).encode()))
    assert (type(error), error.code) == (Invalid, "AADSTS123456")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (said(90033), Outcome.UNKNOWN),
        (Response(400, {}, b'{"error": "temporarily_unavailable"}'), Outcome.UNKNOWN),
        (said(7000222), Outcome.FINAL),
        (Response(429, {}, b""), Outcome.REFUSED),
        (Response(200, {}, b'{"error": "temporarily_unavailable"}'), Outcome.DONE),
    ],
)
def test_later_is_worth_another_try_whatever_its_status(answer, outcome):
    assert refusals.judge(answer) is outcome


def test_an_answer_without_a_token_is_broken_and_its_content_is_dropped():
    error = refusals.no_token(REQUEST, Response(200, {}, b'{"access_token": "secret"}'))
    assert (type(error), error.raw, error.outcome) == (BadResponse, None, Outcome.UNKNOWN)
    assert "secret" not in f"{error} {error.__notes__}"
