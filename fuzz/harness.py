"""What all fuzzers share: how they start, how a flow is fed without any network, how bytes are spoilt.

A fuzzer ends on any exception that its subject does not document. Run one by
``python fuzz/fuzz_retry_after.py -max_total_time=60``; ``make deep`` runs them all.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import atheris

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.flow import Flow, Request, Response

NOW = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)


def start(once: Callable[[bytes], None]) -> None:
    """Feed bytes until the time is over."""
    atheris.Setup(sys.argv, once)
    atheris.Fuzz()


def perform(flow: Flow[object], answer: Callable[[Request], Response]) -> object:
    """Run a flow to its end: it is always half past nine, no wait lasts, and each request gets an answer."""
    from hamilton_sdk.flow import Now, Request, Together

    reply: object = None
    try:
        while True:
            effect = flow.send(reply)
            if isinstance(effect, Request):
                reply = answer(effect)
            elif isinstance(effect, Together):
                reply = [perform(inner, answer) for inner in effect.flows]
            else:
                reply = NOW if isinstance(effect, Now) else None
    except StopIteration as end:
        return end.value


def spoil(body: bytes, chance: atheris.FuzzedDataProvider) -> bytes:
    """Put something else in a few places of a message that was well."""
    for _ in range(chance.ConsumeIntInRange(0, 3)):
        begin = chance.ConsumeIntInRange(0, len(body))
        end = begin + chance.ConsumeIntInRange(0, 40)
        body = body[:begin] + chance.ConsumeBytes(12) + body[end:]
    return body
