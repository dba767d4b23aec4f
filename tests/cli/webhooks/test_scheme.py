"""A preset that is named signs and verifies as gateways do, and options that do not fit it are refused."""

from __future__ import annotations

import hmac
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from hamilton_sdk.cli.webhooks.options import HeaderNames, Preset
from hamilton_sdk.cli.webhooks.scheme import Scheme
from hamilton_sdk.errors import ConfigurationError, Invalid, WebhookVerificationError

NOW = datetime(2026, 3, 27, 8, 45, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TEXT = "a secret text"
BODY = b'{"a":1}'


def digest(secret: str, message: bytes) -> bytes:
    return hmac.digest(secret.encode(), message, sha256)


class TestPresets:
    def test_a_timestamped_signature_is_of_time_and_body(self) -> None:
        hook = Scheme(Preset.TIMESTAMPED, "X-Gateway").hook(TEXT)
        signature = digest(TEXT, b"1774601100." + BODY).hex()
        assert hook.sign("msg_1", BODY, NOW) == {"X-Gateway": f"t=1774601100,v1={signature}"}

    @pytest.mark.parametrize(
        ("preset", "prefix", "written"),
        [
            (Preset.BODY_HEX, None, digest(TEXT, BODY).hex()),
            (Preset.BODY_HEX, "sha256=", f"sha256={digest(TEXT, BODY).hex()}"),
            (Preset.BODY_BASE64, None, b64encode(digest(TEXT, BODY)).decode()),
        ],
    )
    def test_a_body_signature_is_of_the_body_alone(
        self, preset: Preset, prefix: str | None, written: str
    ) -> None:
        hook = Scheme(preset, "X-Signature", prefix).hook(TEXT)
        assert hook.sign("msg_1", BODY, NOW) == {"X-Signature": written}

    @pytest.mark.parametrize("preset", Preset)
    @pytest.mark.parametrize("line_end", ["\n", "\r\n"])
    def test_secrets_stand_on_lines_and_each_is_accepted(self, preset: Preset, line_end: str) -> None:
        """A text may have spaces in it, which separate the secrets of Standard Webhooks."""
        scheme = Scheme(preset, "X-Signature")
        both = scheme.hook(f"the new one{line_end}{TEXT}")
        for secret in ("the new one", TEXT):
            assert both.verify(BODY, scheme.hook(secret).sign(None, BODY, NOW), NOW).body == BODY
        with pytest.raises(WebhookVerificationError):
            both.verify(BODY, scheme.hook("another").sign(None, BODY, NOW), NOW)

    @pytest.mark.parametrize("is_text", [True, False])
    def test_the_key_is_the_text_with_all_that_it_begins_with(self, is_text: bool) -> None:
        hook = Scheme(Preset.BODY_HEX, "X-Signature", is_text=is_text).hook(SECRET)
        assert hook.sign(None, BODY) == {"X-Signature": digest(SECRET, BODY).hex()}

    def test_a_header_that_cannot_be_is_refused(self) -> None:
        with pytest.raises(ConfigurationError, match="not the name of an HTTP header"):
            Scheme(Preset.BODY_HEX, "X Signature").hook(TEXT)


@pytest.mark.parametrize("scheme", [Scheme(), Scheme(Preset.TIMESTAMPED, "X-Gateway")], ids=str)
class TestTolerances:
    def test_are_five_minutes(self, scheme: Scheme) -> None:
        hook = scheme.hook(SECRET)
        headers = hook.sign("msg_1", BODY, NOW)
        for minutes in (-5, 5):
            assert hook.verify(BODY, headers, NOW + timedelta(minutes=minutes)).body == BODY
        with pytest.raises(WebhookVerificationError):
            hook.verify(BODY, headers, NOW + timedelta(seconds=301))

    @pytest.mark.parametrize(("late", "reason"), [(11, "too_old"), (-21, "too_new")])
    def test_are_what_was_said(self, scheme: Scheme, late: int, reason: str) -> None:
        hook = scheme.hook(SECRET, past=10, future=20)
        headers = hook.sign("msg_1", BODY, NOW)
        assert hook.verify(BODY, headers, NOW + timedelta(seconds=10)).body == BODY
        assert hook.verify(BODY, headers, NOW - timedelta(seconds=20)).body == BODY
        with pytest.raises(WebhookVerificationError) as caught:
            hook.verify(BODY, headers, NOW + timedelta(seconds=late))
        assert caught.value.reason == reason


def test_without_a_preset_it_is_standard_webhooks() -> None:
    headers = Scheme(headers_begin=HeaderNames.SVIX).hook(SECRET).sign("msg_1", BODY, NOW)
    assert list(headers) == ["svix-id", "svix-timestamp", "svix-signature"]
    Scheme().check(id="msg_1", timed={"--timestamp": "now"})


class TestWhatDoesNotFit:
    @pytest.mark.parametrize(
        ("scheme", "said", "hint"),
        [
            (Scheme(Preset.BODY_HEX), "--preset body-hex needs the name of its header", "--header-name X-"),
            (Scheme(header_name="X-A"), "--header-name is given without --preset", "timestamped, body-hex"),
            (Scheme(signature_prefix=""), "--signature-prefix is given without --preset", "body-base64"),
            (
                Scheme(Preset.BODY_HEX, "X-A", headers_begin=HeaderNames.SVIX),
                "--headers-begin has no place here: --preset body-hex has one header",
                "leave --headers-begin out",
            ),
            (
                Scheme(Preset.TIMESTAMPED, "X-A", "sha256="),
                "--signature-prefix has no place here: --preset timestamped is always written t=...,v1=...",
                "leave --signature-prefix out",
            ),
        ],
        ids=str,
    )
    def test_is_said_before_anything_is_signed(self, scheme: Scheme, said: str, hint: str) -> None:
        for use in (scheme.check, lambda: scheme.hook(TEXT)):
            with pytest.raises(Invalid) as caught:
                use()
            assert said in caught.value.message
            assert hint in (caught.value.hint or "")

    @pytest.mark.parametrize("preset", Preset)
    def test_an_id_that_would_not_be_signed(self, preset: Preset) -> None:
        with pytest.raises(Invalid, match=f"--id has no place here: --preset {preset} signs no id"):
            Scheme(preset, "X-A").check(id="msg_1")

    @pytest.mark.parametrize("preset", [Preset.BODY_HEX, Preset.BODY_BASE64])
    def test_a_time_that_would_not_be_signed(self, preset: Preset) -> None:
        scheme = Scheme(preset, "X-A")
        scheme.check(timed={"--received-at": None})
        with pytest.raises(Invalid, match=r"--past-tolerance has no place here: .* signs no time"):
            scheme.check(timed={"--received-at": None, "--past-tolerance": 0})

    def test_a_time_that_is_signed_fits(self) -> None:
        Scheme(Preset.TIMESTAMPED, "X-A").check(timed={"--timestamp": "now"})
