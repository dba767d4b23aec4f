"""A receiver answers as a real one does, and tells of every message that came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from hamilton_sdk.cli.receiver import Arrival, Receiver
from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import RequestRefused, WebhookPayloadError, WebhookVerificationError
from hamilton_sdk.flow import Cut, Response
from hamilton_sdk.serving.driving import answer, request_from
from hamilton_sdk.testing.faults import Fault, FaultScript
from hamilton_sdk.webhooks import Webhook
from hamilton_sdk.webhooks.events import VisitCreated, VisitData

NOW = datetime(2026, 3, 27, 8, 45, tzinfo=UTC)
HOOK = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
EVENT = VisitCreated(id="evt_1", timestamp=NOW, data=VisitData(visit_id="HV-1"))
BODY = EVENT.to_bytes()


class _Post:
    """Posts to a receiver, and keeps what it told."""

    def __init__(self, faults: FaultScript | None = None) -> None:
        self.told: list[Arrival] = []
        self.receiver = Receiver(HOOK, self.told.append, faults=faults)

    def __call__(self, body: bytes, headers: Mapping[str, str], *, method: str = "POST") -> Response:
        request = request_from(method, "https://127.0.0.1/webhooks", headers.items(), body)
        return answer(self.receiver, request, SettableClock(NOW))


def _signed(body: bytes, id_: str = "evt_1", age: int = 0) -> dict[str, str]:
    return HOOK.sign(id_, body, NOW - timedelta(seconds=age))


def test_a_genuine_event_is_taken() -> None:
    post = _Post()
    assert post(BODY, _signed(BODY, age=3)).status == 204
    (arrival,) = post.told
    assert (arrival.at, arrival.signed_at) == (NOW, NOW - timedelta(seconds=3))
    assert (arrival.status, arrival.id, arrival.event, arrival.is_new) == (204, "evt_1", EVENT, True)
    assert arrival.is_taken
    assert arrival.reason is None


def test_what_comes_again_is_taken_and_not_new() -> None:
    post = _Post()
    for age in (5, 0):
        assert post(BODY, _signed(BODY, age=age)).status == 204
    assert [arrival.is_new for arrival in post.told] == [True, False]


def test_what_is_not_genuine_is_refused_with_its_reason_and_leaves_no_trace() -> None:
    post = _Post()
    assert post(BODY + b" ", _signed(BODY)).status == 400
    assert post(BODY, _signed(BODY)).status == 204
    refused, taken = post.told
    assert isinstance(refused.error, WebhookVerificationError)
    assert (refused.status, refused.reason, refused.is_taken) == (400, "no_match", False)
    assert (refused.id, refused.event, refused.is_new) == (None, None, False)
    assert taken.is_new


def test_what_is_genuine_and_no_event_is_answered_422() -> None:
    post = _Post()
    assert post(b"hello", _signed(b"hello")).status == 422
    (arrival,) = post.told
    assert isinstance(arrival.error, WebhookPayloadError)
    assert (arrival.id, arrival.event, arrival.is_new, arrival.is_taken) == ("evt_1", None, True, False)


def test_another_method_is_answered_405() -> None:
    post = _Post()
    assert post(b"", {}, method="GET").status == 405
    (arrival,) = post.told
    assert isinstance(arrival.error, RequestRefused)
    assert arrival.reason is None


def test_faults_happen_to_the_message_they_are_meant_for() -> None:
    faults = FaultScript()
    faults.add(Fault("reset", after_work=True), "evt_2")
    faults.add(Fault("status", status=503), "evt_1")
    faults.add(Fault("fault"), "evt_3")
    post = _Post(faults)
    assert post(BODY, _signed(BODY)).status == 503
    assert post.told == []
    assert post(BODY, _signed(BODY)).status == 204
    with pytest.raises(Cut):
        post(BODY, _signed(BODY, "evt_2"))
    assert [arrival.id for arrival in post.told] == ["evt_1", "evt_2"]
    assert post(BODY, _signed(BODY, "evt_3")).status == 500
