"""Claimed deliveries and their results, made up; and what drives a flow by hand."""

from __future__ import annotations

from typing import Any

from hamilton_sdk.flow import Now, Response
from hamilton_sdk.webhooks._time import moment
from hamilton_sdk.webhooks.delivering import Claimed, Result, Target, Verdict
from hamilton_sdk.webhooks.schedule import SCHEDULE

__all__ = ["AT", "SECOND", "claimed", "drive", "result", "target"]

SECOND = 1_000_000
AT = 1_800_000_000 * SECOND


def target(**more: Any) -> Target:
    """An endpoint as a worker knows it."""
    given = {
        "id": "ep_1",
        "url": "https://customer.example/hooks",
        "secrets": b"sealed",
        "headers": "",
        "networks": (),
        "schedule": SCHEDULE,
    }
    return Target(**{**given, **more})


def claimed(number: int = 1, endpoint: str = "ep_1", **more: Any) -> Claimed:
    """A delivery in a worker's hands for two minutes."""
    given = {
        "id": number,
        "event_id": f"e{number}",
        "event_type": "visit.created",
        "body": b'{"n": 1}',
        "attempts": 0,
        "lease_until": AT + 120 * SECOND,
        "target": target(id=endpoint),
    }
    return Claimed(**{**given, **more})


def result(of: Claimed, verdict: Verdict = Verdict.DELIVERED, **more: Any) -> Result:
    """What came of it after a second."""
    return Result(**{"claimed": of, "verdict": verdict, "at": AT, "ended_at": AT + SECOND, **more})


def drive(flow: Any, answer: Response | Exception, *, seconds: float = 1.0) -> tuple[Any, list[Any]]:
    """Run a flow whose one request gets an answer, or an error, after some seconds; and what it asked for."""
    asked: list[Any] = []
    now = AT
    effect = next(flow)
    while True:
        asked.append(effect)
        try:
            if isinstance(effect, Now):
                effect = flow.send(moment(now))
                continue
            now += round(seconds * SECOND)
            effect = flow.throw(answer) if isinstance(answer, Exception) else flow.send(answer)
        except StopIteration as end:
            return end.value, asked
