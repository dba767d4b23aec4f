"""What an answer says about the effect, and the error that a failure amounts to."""

from __future__ import annotations

import pickle

import pytest

from hamilton_sdk.acs.aeos import faults
from hamilton_sdk.acs.aeos.soap import Fault, read_envelope
from hamilton_sdk.errors import (
    BadResponse,
    Conflict,
    ConnectorError,
    Forbidden,
    Invalid,
    Outcome,
    RateLimited,
    ServerFailed,
    Unauthorized,
    Unsupported,
)
from hamilton_sdk.flow import Request, Response
from hamilton_sdk.retry import Safety
from tests.acs.aeos.scripted import fault, reply

PERSON = "Zoé Durand already holds 48213377"


def request(operation: str = "assignToken") -> Request:
    return Request(
        method="POST",
        url="https://hv:hush@aeos.example.org:8443/aeosws?x=1",
        operation=operation,
        safety=Safety.UNSAFE,
        judge=faults.judge,
    )


def failure(
    response: Response, operation: str = "assignToken", refused: type[ConnectorError] = Conflict
) -> ConnectorError:
    found: Fault | None
    try:
        found = read_envelope(response.body, 10_000).fault
    except ValueError:
        found = None
    return faults.failed(request(operation), response, found, refused)


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        (reply("<VisitorResult/>"), Outcome.DONE),
        (fault(113), Outcome.FINAL),
        (fault(901), Outcome.FINAL),
        (fault(9), Outcome.FINAL),
        (fault(990), Outcome.UNKNOWN),
        (fault(None, blame="Client"), Outcome.FINAL),
        (fault(None, blame="Server"), Outcome.UNKNOWN),
        (Response(200, body=fault(113).body), Outcome.FINAL),
        (Response(200, body=b"<html>Fault</html>"), Outcome.DONE),
        (
            Response(200, body=reply("<VisitorResult><LastName>Fault</LastName></VisitorResult>").body),
            Outcome.DONE,
        ),
        (Response(500), Outcome.UNKNOWN),
        (Response(500, body=b"<html>Fault at line 3"), Outcome.UNKNOWN),
        (Response(500, body=b"x" * 70_000 + fault(113).body), Outcome.UNKNOWN),
        (Response(502), Outcome.UNKNOWN),
        (Response(503), Outcome.UNKNOWN),
        (Response(503, {"retry-after": "1"}), Outcome.REFUSED),
        (Response(429), Outcome.REFUSED),
        (Response(401), Outcome.FINAL),
        (Response(302), Outcome.FINAL),
        (Response(404, body=fault(990).body), Outcome.FINAL),
    ],
)
def test_what_an_answer_says_about_the_effect(response: Response, outcome: Outcome) -> None:
    assert faults.judge(response) is outcome


@pytest.mark.parametrize(
    ("code", "kind", "words", "hint"),
    [
        (9, ServerFailed, "configuration error", "AEOS server's log"),
        (901, Forbidden, "not authorised", "External calls"),
        (902, Forbidden, "no licence", "licence"),
        (903, Unsupported, "not implemented", "version of AEOS"),
        (904, Unsupported, "wrong function", "version of AEOS"),
        (990, ServerFailed, "system error", "AEOS server's log"),
    ],
)
def test_general_codes_have_a_class_and_a_hint(
    code: int, kind: type[ConnectorError], words: str, hint: str
) -> None:
    error = failure(fault(code, PERSON))
    assert type(error) is kind
    assert f"AEOS fault {code}, {words}" in str(error)
    assert hint in (error.hint or "")
    assert error.code == str(code)
    assert error.outcome is (Outcome.UNKNOWN if code == 990 else Outcome.FINAL)


def test_a_code_of_the_operation_amounts_to_what_the_message_says() -> None:
    error = failure(fault(113, PERSON), refused=Conflict)
    assert type(error) is Conflict
    assert error.operation == "assignToken"
    assert "assignToken at https://aeos.example.org:8443/aeosws: AEOS fault 113, refused" in str(error)
    assert "unit" in (error.hint or "")
    assert error.connector == "acs.aeos"
    assert error.status == 500


def test_the_servers_words_about_a_person_are_kept_for_debugging_only() -> None:
    error = failure(fault(113, PERSON))
    for text in (str(error), repr(error), str(error.__notes__), error.hint or ""):
        assert "Durand" not in text
        assert "48213377" not in text
        assert "hush" not in text
    assert "Durand" in (error.raw or b"").decode()
    assert pickle.loads(pickle.dumps(error)).raw is None  # noqa: S301 (our own pickle)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Carrier not found", True),
        ("Visitor.lastName: size must be between 1 and 50", True),
        ("Carrier not found: Durand", False),
        ("Durand not found", False),
        ("Visitor.lastName: size must be between 1 and 50\nDurand", False),
    ],
)
def test_a_few_known_words_are_shown(message: str, shown: bool) -> None:
    assert (message in str(failure(fault(71, message), "addVisitor", Invalid))) is shown


def test_a_missing_licence_for_visits_names_the_other_strategy() -> None:
    assert "strategy='profile'" in (failure(fault(902), "addVisit").hint or "")
    assert "strategy" not in (failure(fault(902), "findVisitor").hint or "")


def test_an_operation_without_a_hint_of_its_own_points_to_the_servers_words() -> None:
    assert "`raw`" in (failure(fault(125), "withdrawToken").hint or "")


@pytest.mark.parametrize(("blame", "kind"), [("Client", Invalid), ("Server", ServerFailed)])
def test_a_fault_that_aeos_did_not_make_has_no_code(blame: str, kind: type[ConnectorError]) -> None:
    error = failure(fault(None, PERSON, blame=blame), refused=Invalid)
    assert type(error) is kind
    assert error.code is None
    assert "SOAP fault without an AEOS code" in str(error)
    assert "Durand" not in str(error)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, Unauthorized),
        (403, Forbidden),
        (429, RateLimited),
        (500, ServerFailed),
        (503, ServerFailed),
        (404, BadResponse),
        (302, BadResponse),
    ],
)
def test_a_failure_without_fault_is_judged_by_its_status(status: int, kind: type[ConnectorError]) -> None:
    """A 404 comes from something that is no AEOS: it must not look like an unknown reference."""
    error = failure(Response(status, body=b"<html>"))
    assert type(error) is kind
    assert error.status == status
    assert error.hint


@pytest.mark.parametrize("status", [302, 400, 404, 405, 411, 413, 415, 501])
def test_an_address_that_is_no_aeos_is_named_as_the_likely_cause(status: int) -> None:
    assert "address of an AEOS web service" in (failure(Response(status)).hint or "")


def test_an_answer_that_is_no_message_of_aeos_asks_whether_this_is_one() -> None:
    error = faults.broken(request("addVisitor"), Response(200, body=b"<html>"), "not well-formed XML")
    assert type(error) is BadResponse
    assert "the answer is not well-formed XML" in str(error)
    assert "is this the address of an AEOS web service" in (error.hint or "")
    # It may have been made all the same: a create looks it up.
    assert error.outcome is Outcome.UNKNOWN
