"""What a sender is answered: the right status, which check failed, and nothing that helps to pass it."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from hamilton_sdk.errors import (
    RequestRefused,
    VerificationReason,
    WebhookError,
    WebhookPayloadError,
    WebhookVerificationError,
)
from hamilton_sdk.webhooks.receiving import Refusal, refusal
from hamilton_sdk.webhooks.receiving.answers import wrong_method


@pytest.mark.parametrize("reason", get_args(VerificationReason))
def test_what_cannot_be_trusted_is_400_with_the_reason_and_no_hint(reason):
    error = WebhookVerificationError("expected v1,c2VjcmV0", reason=reason, hint="the key begins with MfKQ")
    response = refusal(error).response()

    assert response.status == 400
    assert response.headers == {"content-type": "application/problem+json"}
    told = json.loads(response.body)
    assert told["reason"] == reason
    assert told["status"] == 400
    assert reason in told["detail"]
    assert b"c2VjcmV0" not in response.body
    assert b"MfKQ" not in response.body


def test_a_genuine_message_that_is_no_event_is_422_and_not_repeated_to_its_sender():
    response = refusal(WebhookPayloadError("data.name is Durand", hint="ask Durand")).response()

    assert response.status == 422
    assert b"Durand" not in response.body
    assert "reason" not in json.loads(response.body)


@pytest.mark.parametrize("status", [400, 411, 413])
def test_a_request_that_is_not_taken_has_its_own_status(status):
    refused = refusal(RequestRefused("the body is larger than 4 bytes", status=status, hint="largest_body="))

    assert refused == Refusal(status, "the body is larger than 4 bytes")
    assert refused.headers == {}
    assert b"largest_body" not in refused.response().body


def test_another_method_is_405_and_told_which_to_use():
    response = refusal(wrong_method()).response()

    assert response.status == 405
    assert response.headers["allow"] == "POST"


def test_an_error_of_the_family_that_is_not_known_yet_is_still_refused():
    assert refusal(WebhookError("new")).status == 422


def test_the_title_is_the_statuss_own():
    """RFC 9457, 4.2.1: without a type the title is the phrase of the status."""
    assert refusal(wrong_method()).problem()["title"] == "Method Not Allowed"
