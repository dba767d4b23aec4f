"""What the commands tell machines. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hamilton_sdk.cli.receiver import Arrival
    from hamilton_sdk.cli.report import Json
    from hamilton_sdk.cli.webhooks.sending import Sent
    from hamilton_sdk.cli.webhooks.stored import Listed
    from hamilton_sdk.webhooks.events import Event
    from hamilton_sdk.webhooks.models import Attempt, Delivery
    from hamilton_sdk.webhooks.verified import Verified

__all__ = ["arrival_document", "attempts_document", "listed_document", "sent_document", "verified_document"]


def verified_document(message: Verified, event: Event | None, problem: str | None) -> Mapping[str, Json]:
    """A message that is genuine; id and timestamp are null where they are not signed."""
    return {
        "genuine": True,
        "id": message.id,
        "timestamp": _text(message.timestamp),
        "type": None if event is None else event.type,
        "object": None if event is None else event.object,
        "problem": problem,
    }


def arrival_document(arrival: Arrival) -> Json:
    """A message that came."""
    event, error = arrival.event, arrival.error
    return {
        "at": _text(arrival.at),
        "status": arrival.status,
        "id": arrival.id,
        "type": None if event is None else event.type,
        "object": None if event is None else event.object,
        "signed_at": _text(arrival.signed_at),
        "new": arrival.is_new,
        "reason": arrival.reason,
        "error": None if error is None else error.message,
        "hint": None if error is None else error.hint,
    }


def sent_document(sent: Sent) -> Json:
    """What came of an attempt."""
    answer, error = sent.answer, sent.error
    return {
        "delivered": sent.is_delivered,
        "id": sent.id,
        "status": None if answer is None else answer.status,
        "milliseconds": sent.milliseconds,
        "response": None if answer is None else answer.body.decode("utf-8", "replace"),
        "error": None if error is None else error.message,
        "hint": sent.hint,
    }


def listed_document(listed: Listed) -> Json:
    """Deliveries of an outbox."""
    counters = listed.counters
    return {
        "counters": {
            "pending": counters.pending,
            "leased": counters.leased,
            "delivered": counters.delivered,
            "dead": counters.dead,
            "skipped": counters.skipped,
            "oldest_pending": _text(counters.oldest_pending),
        },
        "deliveries": [_delivery(each) for each in listed.deliveries],
        "more": listed.more,
    }


def _delivery(delivery: Delivery) -> Json:
    return {
        "id": delivery.id,
        "state": delivery.state,
        "event": delivery.event_id,
        "type": delivery.event_type,
        "endpoint": delivery.endpoint_id,
        "object": delivery.object,
        "sequence": delivery.sequence,
        "attempts": delivery.attempts,
        "next_at": _text(delivery.next_at),
        "published_at": _text(delivery.published_at),
        "updated_at": _text(delivery.updated_at),
    }


def attempts_document(delivery: int, attempts: Sequence[Attempt]) -> Json:
    """What was tried for a delivery."""
    return {"delivery": delivery, "attempts": [_attempt(each) for each in attempts]}


def _attempt(attempt: Attempt) -> Json:
    response = attempt.response
    return {
        "number": attempt.number,
        "at": _text(attempt.at),
        "status": attempt.status,
        "milliseconds": round(attempt.duration.total_seconds() * 1000),
        "error": attempt.error,
        "response": None if response is None else response.decode("utf-8", "replace"),
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
