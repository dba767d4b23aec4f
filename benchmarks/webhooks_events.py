"""What typed events cost beside the JSON of the standard library, which checks nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from benchmarks.measure import Row, in_turn
from hamilton_sdk.webhooks.events import Person, VisitCheckedIn, VisitData, parse_event

__all__ = ["rows"]

_ROUNDS, _CALLS = 15, 2000
_WHEN = datetime(2026, 3, 27, 8, 45, tzinfo=UTC)


def _event() -> VisitCheckedIn:
    host = Person(id="E-1001")
    data = VisitData(visit_id="HV-2026-1", start=_WHEN, end=_WHEN + timedelta(hours=2), host=host)
    return VisitCheckedIn(timestamp=_WHEN, site="Orléans", sequence=3, data=data)


def rows() -> list[Row]:
    """Reading and writing one event, and the same by `json` alone."""
    event = _event()
    body = event.to_bytes()
    content = json.loads(body)
    times = in_turn(
        {
            "read": lambda: parse_event(body),
            "json.loads": lambda: json.loads(body),
            "write": event.to_bytes,
            "json.dumps": lambda: json.dumps(content, ensure_ascii=False).encode(),
        },
        rounds=_ROUNDS,
        calls=_CALLS,
    )
    return [
        Row(
            f"{ours} a typed event of {len(body)} bytes",
            times[ours] * 1e6,
            "us",
            note=f"{bare} alone: {times[bare] * 1e6:.1f} us",
        )
        for ours, bare in (("read", "json.loads"), ("write", "json.dumps"))
    ]
