"""One attempt: signed when it is sent, and judged by what came back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hamilton_sdk import errors
from hamilton_sdk.errors import ConfigurationError, Interrupted, Outcome
from hamilton_sdk.flow import Now, Response, Safety
from hamilton_sdk.webhooks._time import moment
from hamilton_sdk.webhooks.delivering import (
    DELIVERIES,
    KEPT_OF_RESPONSE,
    DeliveryRequest,
    Verdict,
    deliver,
    failed_before,
    released,
)
from tests.webhooks.claimed import AT, SECOND, claimed, drive, target

_LONGEST = timedelta(seconds=30)


def _sign(of, at):
    return {"webhook-id": of.event_id, "webhook-timestamp": str(int(at.timestamp())), "X-Own": "1"}


def _deliver(answer, of=None, sign=_sign):
    return drive(deliver(of or claimed(), sign, _LONGEST), answer)


def test_the_body_goes_as_it_is_stored_with_the_headers_of_this_attempt():
    body = b'{"a":  1}\n'
    _, (_, request, _) = _deliver(Response(204), claimed(body=body, target=target(networks=("10.0.0.0/8",))))
    assert isinstance(request, DeliveryRequest)
    assert (request.method, request.url, request.body) == ("POST", "https://customer.example/hooks", body)
    assert request.operation == "deliver"
    assert request.headers == {
        "Content-Type": "application/json",
        "User-Agent": request.headers["User-Agent"],
        "webhook-id": "e1",
        "webhook-timestamp": "1800000000",
        "X-Own": "1",
    }
    assert request.headers["User-Agent"].startswith("hamilton-apps-sdk/")
    assert request.networks == ("10.0.0.0/8",)
    assert request.safety is Safety.IDEMPOTENT
    assert request.largest_response == KEPT_OF_RESPONSE == 16_384


def test_neither_body_nor_address_nor_secret_stands_in_a_repr():
    of = claimed(body=b"Ada", target=target(url="https://customer.example/hooks?token=Ada", secrets=b"Ada"))
    _, (_, request, _) = _deliver(Response(200), of)
    for shown in (of, request, of.target):
        assert "Ada" not in repr(shown)


@pytest.mark.parametrize(
    ("status", "verdict", "outcome"),
    [
        (200, Verdict.DELIVERED, Outcome.DONE),
        (202, Verdict.DELIVERED, Outcome.DONE),
        (299, Verdict.DELIVERED, Outcome.DONE),
        (300, Verdict.FAILED, Outcome.FINAL),
        (301, Verdict.FAILED, Outcome.FINAL),
        (304, Verdict.FAILED, Outcome.FINAL),
        (307, Verdict.FAILED, Outcome.FINAL),
        (400, Verdict.FAILED, Outcome.FINAL),
        (404, Verdict.FAILED, Outcome.FINAL),
        (410, Verdict.GONE, Outcome.FINAL),
        (429, Verdict.THROTTLED, Outcome.REFUSED),
        (500, Verdict.FAILED, Outcome.FINAL),
        (502, Verdict.THROTTLED, Outcome.REFUSED),
        (503, Verdict.THROTTLED, Outcome.REFUSED),
        (504, Verdict.THROTTLED, Outcome.REFUSED),
        (199, Verdict.FAILED, Outcome.FINAL),
        (600, Verdict.FAILED, Outcome.FINAL),
    ],
)
def test_what_a_status_amounts_to(status, verdict, outcome):
    answer = Response(status, body=b"said", retry_after=7.0)
    result, (_, request, _) = _deliver(answer)
    assert result.verdict is verdict
    assert request.judge(answer) is outcome
    assert (result.status, result.response, result.retry_after) == (status, b"said", 7.0)
    assert (result.claimed, result.at, result.ended_at) == (claimed(), AT, AT + SECOND)


@pytest.mark.parametrize(("status", "said"), [(200, False), (308, True), (400, False)])
def test_of_a_redirect_it_says_that_none_is_followed(status, said):
    result, _ = _deliver(Response(status))
    assert ("not followed" in (result.error or "")) is said


def test_of_an_answer_the_beginning_is_kept():
    result, _ = _deliver(Response(500, body=b"x" * 20_000))
    assert result.response == b"x" * 16_384


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        (errors.ProxyFailed, Verdict.PREVENTED),
        (errors.NameNotResolved, Verdict.UNREACHED),
        (errors.AddressRefused, Verdict.UNREACHED),
        (errors.ConnectionFailed, Verdict.FAILED),
        (errors.TlsFailed, Verdict.FAILED),
        (errors.CertificateRejected, Verdict.FAILED),
        (errors.TimedOut, Verdict.THROTTLED),
        (errors.ConnectionLost, Verdict.FAILED),
        (errors.BadResponse, Verdict.FAILED),
        (errors.Invalid, Verdict.FAILED),
    ],
)
def test_what_a_missing_answer_amounts_to(kind, verdict):
    result, _ = _deliver(kind("no answer from customer.example", retry_after=3.0))
    assert result.verdict is verdict
    assert result.error == f"{kind.__name__}: no answer from customer.example"
    assert (result.status, result.response, result.retry_after) == (None, None, 3.0)
    assert (result.claimed, result.at, result.ended_at) == (claimed(), AT, AT + SECOND)


@pytest.mark.parametrize(("status", "verdict"), [(200, Verdict.DELIVERED), (500, Verdict.FAILED)])
def test_a_status_counts_although_the_rest_of_the_answer_did_not_come(status, verdict):
    """A receiver that took a delivery and then drips its answer does not get it again."""
    result, _ = _deliver(errors.TimedOut("it drips", status=status))
    assert (result.verdict, result.status) == (verdict, status)


def test_a_long_error_is_cut():
    result, _ = _deliver(errors.BadResponse("x" * 1000))
    assert len(result.error or "") == 500


def test_what_does_not_end_within_the_lease_is_not_begun():
    of = claimed(lease_until=AT + 30 * SECOND - 1)
    result, asked = _deliver(Response(200), of)
    assert asked == [Now()]
    assert (result.verdict, result.at, result.claimed) == (Verdict.RELEASED, AT, of)
    just, _ = _deliver(Response(200), claimed(lease_until=AT + 30 * SECOND))
    assert just.verdict is Verdict.DELIVERED


def test_a_secret_that_cannot_be_had_is_our_own_fault():
    def sign(of, at):
        raise ConfigurationError("no key fits")

    result, asked = _deliver(Response(200), sign=sign)
    assert asked == [Now()]
    assert (result.verdict, result.error) == (Verdict.PREVENTED, "ConfigurationError: no key fits")
    assert (result.claimed, result.at, result.ended_at) == (claimed(), AT, AT)


def test_an_interruption_passes():
    with pytest.raises(Interrupted):
        _deliver(Interrupted("stop"))


def test_the_signature_is_of_the_attempts_own_time():
    seen = []

    def sign(of, at):
        seen.append(at)
        return {}

    _deliver(Response(200), sign=sign)
    assert seen == [moment(AT)]


def test_which_attempts_count_and_who_is_to_blame():
    counting = {each for each in Verdict if each.counts}
    assert counting == {Verdict.DELIVERED, Verdict.FAILED, Verdict.THROTTLED, Verdict.GONE}
    blamed = {each for each in Verdict if each.blame}
    assert blamed == {Verdict.FAILED, Verdict.THROTTLED, Verdict.GONE, Verdict.UNREACHED}


def test_of_somebody_elses_error_only_the_class_is_kept():
    result = failed_before(claimed(), AT, ValueError("Ada Lovelace"))
    assert (result.verdict, result.error, result.ended_at) == (Verdict.PREVENTED, "ValueError", AT)


def test_what_is_released_took_no_time():
    assert released(claimed(), AT).ended_at == released(claimed(), AT).at == AT


def test_the_journal_knows_deliveries_by_their_family():
    assert (DELIVERIES.name, DELIVERIES.auth) == ("webhooks.delivery", None)
