"""What type checkers are to see of signing and verifying; checked by mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import assert_type

import httpx
from starlette.datastructures import Headers as StarletteHeaders
from werkzeug.datastructures import Headers as WerkzeugHeaders

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import VerificationReason, WebhookVerificationError
from hamilton_sdk.webhooks import (
    BodySignature,
    Event,
    HttpSignatures,
    KeyPair,
    SignatureScheme,
    SignedTest,
    TimestampedSignature,
    Verified,
    VerifiedBody,
    VerifiedMessage,
    Webhook,
)

NOW = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)


def webhooks(event: Event) -> None:
    """A `Webhook` always has an id and a time to give."""
    hook = Webhook(
        ["whsec_...", "whpk_..."],
        past_tolerance=timedelta(hours=1),
        future_tolerance=timedelta(minutes=1),
        clock=SettableClock(),
        header_prefix="svix",
    )
    assert_type(Webhook.from_text("text"), Webhook)
    assert_type(Webhook.generate_secret(), str)
    assert_type(Webhook.generate_key_pair(), KeyPair)
    assert_type(hook.public_keys, tuple[str, ...])
    headers = hook.sign("msg_1", b"{}", NOW)
    assert_type(headers, dict[str, str])
    message = hook.verify(b"{}", headers, received_at=NOW)
    assert_type(message, VerifiedMessage)
    assert_type(message.id, str)
    assert_type(message.timestamp, datetime)
    assert_type(message.body, bytes)
    assert_type(message.event(), Event)
    assert_type(hook.sign_test(event), SignedTest)
    assert_type(hook.sign_test(b"{}", id="msg_1", timestamp=NOW).headers, dict[str, str])


def headers_of_any_shape(
    hook: Webhook,
    mapping: Mapping[str, str],
    ours: httpx.Headers,
    starlette: StarletteHeaders,
    werkzeug: WerkzeugHeaders,
    plain: Message,
) -> None:
    """A mapping or pairs, of text or of bytes, as frameworks have them."""
    for headers in (mapping, ours, starlette, werkzeug, plain):
        hook.verify(b"{}", headers)
    hook.verify(b"{}", [("webhook-id", "msg_1")])
    hook.verify(b"{}", {b"webhook-id": b"msg_1"})
    hook.verify(b"{}", [(b"webhook-id", b"msg_1")])


def schemes() -> None:
    """Each stands where another does; the presets may have no id and no time to give."""
    several: list[SignatureScheme] = [
        Webhook("whsec_..."),
        TimestampedSignature("text", header="X-Signature"),
        BodySignature(["new", "old"], header="X-Signature", encoding="base64"),
        HttpSignatures({"key": "whsk_..."}, url="https://receiver.example/hooks"),
    ]
    for scheme in several:
        assert_type(scheme.sign("msg_1", b"{}"), dict[str, str])
        verified = scheme.verify(b"{}", {})
        assert_type(verified, Verified)
        assert_type(verified.id, str | None)
        assert_type(verified.timestamp, datetime | None)
        assert_type(verified.event(), Event)
    preset = BodySignature("text", header="X-Signature", prefix="sha256=")
    assert_type(preset.sign(None, b"{}"), dict[str, str])
    assert_type(preset.verify(b"{}", {}), VerifiedBody)


def reasons(error: WebhookVerificationError) -> None:
    """A reason is one of a closed set."""
    assert_type(error.reason, VerificationReason)


def refused(hook: Webhook) -> None:
    """What a type checker must refuse."""
    hook.verify("{}", {})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # text is not what arrived
    hook.sign("msg_1", b"{}", "now")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no datetime
    hook.verify(b"{}", {"webhook-id": ["msg_1"]})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # a list
    Webhook("whsec_...", header_prefix="x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no such
