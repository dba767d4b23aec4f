"""Whatever headers a webhook has, verifying gives what was signed or a `WebhookVerificationError`."""

from __future__ import annotations

from typing import get_args

import atheris
from harness import NOW, spoil, start

with atheris.instrument_imports(include=["hamilton_sdk"]):
    from hamilton_sdk.clock import SettableClock
    from hamilton_sdk.errors import VerificationReason, WebhookVerificationError
    from hamilton_sdk.webhooks import BodySignature, HttpSignatures, TimestampedSignature, Webhook

_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_CLOCK = SettableClock(NOW)
_BODY = b'{"type":"visit.created"}'
_SCHEMES = [
    Webhook(_SECRET, clock=_CLOCK),
    Webhook([Webhook.generate_secret(), _SECRET, Webhook.generate_key_pair().public], clock=_CLOCK),
    TimestampedSignature("a text", header="x-sign", clock=_CLOCK),
    BodySignature("a text", header="x-sign", prefix="sha256="),
    BodySignature("a text", header="x-sign", encoding="base64"),
    HttpSignatures({"k": _SECRET}, url="https://receiver.example/hooks", clock=_CLOCK),
]
# Who signs what each of them verifies.
_SIGNED = [
    [(name.encode(), value.encode("latin-1")) for name, value in scheme.sign("msg_1", _BODY).items()]
    for scheme in (_SCHEMES[0], _SCHEMES[0], *_SCHEMES[2:])
]
_REASONS = set(get_args(VerificationReason))


def once(data: bytes) -> None:
    """Verify one message: its headers are spoilt in a few places, some are there twice, some are missing."""
    chance = atheris.FuzzedDataProvider(data)
    number = chance.ConsumeIntInRange(0, len(_SCHEMES) - 1)
    pairs: list[tuple[bytes, bytes]] = []
    for name, value in _SIGNED[number]:
        for _ in range(chance.PickValueInList([1, 1, 1, 1, 1, 0, 2])):
            given = spoil(value, chance) if chance.ConsumeBool() else value
            pairs.append((name.upper() if chance.ConsumeBool() else name, given))
    body = spoil(_BODY, chance) if chance.ConsumeBool() else _BODY
    headers = (
        {name.decode(): value.decode("latin-1") for name, value in pairs} if chance.ConsumeBool() else pairs
    )
    try:
        verified = _SCHEMES[number].verify(body, headers)
    except WebhookVerificationError as refusal:
        assert refusal.reason in _REASONS
        assert refusal.hint
        return
    assert verified.body == _BODY, headers
    assert verified.id in {"msg_1", None}, headers
    assert verified.timestamp in {NOW, None}, headers


if __name__ == "__main__":
    start(once)
