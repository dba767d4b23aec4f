"""What machines are told."""

from __future__ import annotations

import json
from datetime import timedelta

from hamilton_sdk.cli.webhooks.documents import (
    arrival_document,
    attempts_document,
    listed_document,
    sent_document,
    verified_document,
)
from hamilton_sdk.cli.webhooks.sending import Sent
from hamilton_sdk.cli.webhooks.stored import Listed
from hamilton_sdk.errors import TimedOut
from hamilton_sdk.flow import Response
from hamilton_sdk.webhooks import VerifiedMessage
from hamilton_sdk.webhooks.models import Attempt, Counters, Delivery
from tests.cli.webhooks.arrivals import EVENT, FORGED, NEW, NOW


def test_a_genuine_message() -> None:
    message = VerifiedMessage("evt_1", NOW, EVENT.to_bytes())
    common = {"genuine": True, "id": "evt_1", "timestamp": "2026-03-27T08:45:00+00:00"}
    assert verified_document(message, EVENT, None) == {
        **common,
        "type": "visit.created",
        "object": "visit:HV-1",
        "problem": None,
    }
    assert verified_document(message, None, "no event") == {
        **common,
        "type": None,
        "object": None,
        "problem": "no event",
    }


def test_messages_that_came() -> None:
    assert arrival_document(NEW) == {
        "at": "2026-03-27T08:45:00+00:00",
        "status": 204,
        "id": "evt_1",
        "type": "visit.created",
        "object": "visit:HV-1",
        "signed_at": "2026-03-27T08:44:57+00:00",
        "new": True,
        "reason": None,
        "error": None,
        "hint": None,
    }
    assert arrival_document(FORGED) == {
        "at": "2026-03-27T08:45:00+00:00",
        "status": 400,
        "id": None,
        "type": None,
        "object": None,
        "signed_at": None,
        "new": False,
        "reason": "no_match",
        "error": "it is not genuine",
        "hint": "compare secrets",
    }


def test_what_came_of_sending() -> None:
    assert sent_document(Sent("msg_1", 12, Response(status=500, body=b"\xff!"), None)) == {
        "delivered": False,
        "id": "msg_1",
        "status": 500,
        "milliseconds": 12,
        "response": "\ufffd!",
        "error": None,
        "hint": None,
    }
    assert sent_document(Sent("msg_1", 12, None, TimedOut("no answer", hint="wait"))) == {
        "delivered": False,
        "id": "msg_1",
        "status": None,
        "milliseconds": 12,
        "response": None,
        "error": "no answer",
        "hint": "wait",
    }


def test_deliveries_and_counters() -> None:
    delivery = Delivery(
        id=7,
        event_id="evt_1",
        event_type="visit.created",
        endpoint_id="ep_1",
        object="visit:HV-1",
        sequence=2,
        state="pending",
        attempts=1,
        next_at=NOW,
        published_at=NOW,
        updated_at=NOW,
    )
    counters = Counters(pending=1, leased=0, delivered=2, dead=3, skipped=4, oldest_pending=None)
    document = listed_document(Listed(counters, (delivery,), more=True))
    assert json.loads(json.dumps(document)) == {
        "counters": {
            "pending": 1,
            "leased": 0,
            "delivered": 2,
            "dead": 3,
            "skipped": 4,
            "oldest_pending": None,
        },
        "deliveries": [
            {
                "id": 7,
                "state": "pending",
                "event": "evt_1",
                "type": "visit.created",
                "endpoint": "ep_1",
                "object": "visit:HV-1",
                "sequence": 2,
                "attempts": 1,
                "next_at": "2026-03-27T08:45:00+00:00",
                "published_at": "2026-03-27T08:45:00+00:00",
                "updated_at": "2026-03-27T08:45:00+00:00",
            }
        ],
        "more": True,
    }


def test_attempts() -> None:
    answered = Attempt(
        number=1, at=NOW, status=500, duration=timedelta(seconds=0.0126), error=None, response=b"no"
    )
    lost = Attempt(number=2, at=NOW, status=None, duration=timedelta(0), error="TimedOut", response=None)
    at = "2026-03-27T08:45:00+00:00"
    assert attempts_document(7, [answered, lost]) == {
        "delivery": 7,
        "attempts": [
            {"number": 1, "at": at, "status": 500, "milliseconds": 13, "error": None, "response": "no"},
            {"number": 2, "at": at, "status": None, "milliseconds": 0, "error": "TimedOut", "response": None},
        ],
    }
