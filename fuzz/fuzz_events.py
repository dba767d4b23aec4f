"""Whatever body a webhook has is an event that comes back as it was written, or a `WebhookPayloadError`."""

from __future__ import annotations

import json

import atheris
from harness import spoil, start

with atheris.instrument_imports(include=["hamilton_sdk"]):
    from hamilton_sdk.errors import WebhookPayloadError
    from hamilton_sdk.webhooks.events import EVENTS, parse_event

_KINDS = list(EVENTS)
_IDS = ("visit_id", "reservation_id", "room_id", "service_id")


def once(data: bytes) -> None:
    """Read one body; every other one is a proper event, spoilt in a few places."""
    chance = atheris.FuzzedDataProvider(data)
    if chance.ConsumeBool():
        content = {
            "id": "evt_1",
            "type": chance.PickValueInList(_KINDS),
            "version": chance.ConsumeIntInRange(1, 2),
            "timestamp": "2026-03-27T08:45:00Z",
            "site": chance.ConsumeUnicode(4),
            "data": {
                **dict.fromkeys(_IDS, "X-1"),
                "visitor": {"name": chance.ConsumeUnicode(4)},
                "more": [1, {}],
            },
        }
        body = spoil(json.dumps(content).encode(), chance)
    else:
        body = chance.ConsumeBytes(512)
    try:
        event = parse_event(body)
    except WebhookPayloadError as refusal:
        assert refusal.hint
        return
    assert parse_event(event.to_bytes()) == event, body


if __name__ == "__main__":
    start(once)
