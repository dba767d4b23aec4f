"""Messages for the tests of receivers: one hook whose clock stands still, and what makes a message bad."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.webhooks.signing import Webhook

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BAD", "BODY", "HOOK", "headers"]

CLOCK = SettableClock()
HOOK = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", clock=CLOCK)
# Spaces that a parser would drop, an accent, a line end.
BODY = '{"type":  "visit.created",\r\n "data": {"name": "Élodie"} }\n'.encode()


def headers(body: bytes = BODY) -> dict[str, str]:
    return HOOK.sign("msg_1", body)


def _unsigned() -> dict[str, str]:
    return {}


def _old() -> dict[str, str]:
    return HOOK.sign("msg_1", BODY, CLOCK.now() - timedelta(minutes=6))


def _other() -> dict[str, str]:
    return headers(BODY.replace(b"  ", b" "))


def _garbled() -> dict[str, str]:
    return {**headers(), "webhook-signature": "v1"}


BAD: list[tuple[Callable[[], dict[str, str]], str]] = [
    (_unsigned, "missing_header"),
    (_old, "too_old"),
    (_other, "no_match"),
    (_garbled, "malformed_header"),
]
"""Headers that do not go with `BODY`, and the reason that is given."""
