"""What every framework's `verify_request` comes to."""

from __future__ import annotations

import logging

import pytest

from hamilton_sdk.errors import RequestRefused, WebhookPayloadError, WebhookVerificationError
from hamilton_sdk.flow import Response
from hamilton_sdk.serving.incoming import Incoming
from hamilton_sdk.webhooks.receiving.verifying import (
    REFUSALS,
    accepted,
    check_method,
    noted_refusal,
    verify,
)
from tests.webhooks.receiving.signed import BODY, HOOK, headers


def test_the_verifier_gets_the_bytes_and_every_header():
    message = verify(Incoming("POST", tuple(headers().items()), BODY), HOOK)
    assert (message.id, message.body) == ("msg_1", BODY)

    pairs = (*headers().items(), ("webhook-id", "msg_2"))
    with pytest.raises(WebhookVerificationError) as caught:
        verify(Incoming("POST", pairs, BODY), HOOK)
    assert caught.value.reason == "duplicate_header"


def test_webhooks_come_by_post():
    check_method("POST")
    for method in ("GET", "PUT", "OPTIONS", "post", None):
        with pytest.raises(RequestRefused) as caught:
            check_method(method)
        assert caught.value.status == 405


def test_refusals_are_all_that_is_the_senders_fault():
    assert issubclass(WebhookVerificationError, REFUSALS)
    assert issubclass(WebhookPayloadError, REFUSALS)
    assert issubclass(RequestRefused, REFUSALS)
    assert not issubclass(ValueError, REFUSALS)


def test_a_refusal_is_logged_with_what_a_person_can_do(caplog):
    error = WebhookVerificationError("no signature fits", reason="no_match", hint="compare the secrets")
    with caplog.at_level(logging.WARNING, "hamilton_sdk"):
        assert noted_refusal(error).status == 400

    [record] = caplog.records
    assert (record.name, record.levelname) == ("hamilton_sdk.webhooks", "WARNING")
    assert record.getMessage() == "webhook refused with status 400: no signature fits (compare the secrets)"
    assert record.__dict__["hamilton"] == {
        "status": 400,
        "reason": "no_match",
        "error": "WebhookVerificationError",
    }


def test_a_refusal_without_a_hint_is_logged_as_well(caplog):
    with caplog.at_level(logging.WARNING, "hamilton_sdk"):
        noted_refusal(RequestRefused("too large", status=413))

    assert [record.getMessage() for record in caplog.records] == [
        "webhook refused with status 413: too large"
    ]
    assert caplog.records[0].__dict__["hamilton"]["reason"] is None


@pytest.mark.parametrize("returned", [None, False, 0, "", b"", {}])
def test_a_handler_that_returns_nothing_has_taken_the_message(returned):
    assert accepted(returned) == Response(status=204)


def test_a_handlers_own_answer_stands():
    answer = Response(status=202, body=b"later")
    assert accepted(answer) is answer


@pytest.mark.parametrize("returned", [True, 500, "no", object()])
def test_anything_else_might_mean_a_failure_and_is_none_of_our_guessing(returned):
    with pytest.raises(TypeError, match="returns nothing or a"):
        accepted(returned)
