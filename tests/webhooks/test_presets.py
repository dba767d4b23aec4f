"""The signatures that customers' gateways have: as their vendors make them, and as strict as our own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import pickle
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError, WebhookVerificationError
from hamilton_sdk.webhooks.presets import BodySignature, TimestampedSignature
from hamilton_sdk.webhooks.verified import VerifiedBody
from tests.webhooks.refused import refused

NOW = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)
SECONDS = 1774603800
BODY = b'{"type":"visit.created"}'
SECRET = "whsec_a text, all of it"


def code(signed: bytes, secret: str = SECRET) -> bytes:
    return hmac.digest(secret.encode(), signed, hashlib.sha256)


def timestamped(*secrets: str, now: datetime = NOW, **settings: object) -> TimestampedSignature:
    given = secrets or SECRET
    return TimestampedSignature(given, header="X-Sign", clock=SettableClock(now), **settings)  # type: ignore[arg-type]


class TestTimestamped:
    def test_it_is_the_hexadecimal_code_of_time_full_stop_and_body(self) -> None:
        expected = {"X-Sign": f"t={SECONDS},v1={code(b'1774603800.' + BODY).hex()}"}
        assert timestamped().sign(None, BODY) == expected
        assert timestamped().sign("msg_1", BODY, NOW) == expected, "no id is signed"
        assert timestamped().verify(BODY, expected) == VerifiedBody(None, NOW, BODY)

    @given(st.binary(), st.integers(0, 253_402_300_799))
    def test_what_was_signed_is_verified(self, body: bytes, seconds: int) -> None:
        at = datetime.fromtimestamp(seconds, UTC)
        made = timestamped("new", "old")
        assert made.verify(body, made.sign(None, body, at), at) == VerifiedBody(None, at, body)

    def test_all_secrets_sign_and_each_is_accepted(self) -> None:
        headers = timestamped("new", "old").sign(None, BODY)
        assert headers["X-Sign"].count("v1=") == 2
        assert headers["X-Sign"].split(",")[:2] == timestamped("new").sign(None, BODY)["X-Sign"].split(",")
        for receiver in ("new", "old"):
            assert timestamped(receiver).verify(BODY, headers).body == BODY
            assert timestamped("new", "old").verify(BODY, timestamped(receiver).sign(None, BODY)).body == BODY
        with refused(
            "no_match", r"^no signature in the X-Sign header is that of this body with one of the sec"
        ):
            timestamped("other").verify(BODY, headers)

    @pytest.mark.parametrize(
        "header",
        [
            "v1={good},t={now}",
            "v0=x,t={now},v1={good}",
            "t={now},v1={bad},v1={good}",
            "t={now},v1={good},v2=a=b",
        ],
    )
    def test_elements_have_any_order_and_unknown_ones_are_skipped(self, header: str) -> None:
        good, bad = code(b"1774603800." + BODY).hex(), code(b"x").hex()
        written = header.format(now=SECONDS, good=good, bad=bad)
        assert timestamped().verify(BODY, {"x-sign": written}).timestamp == NOW

    @pytest.mark.parametrize(
        ("header", "reason"),
        [
            ("", "malformed_header"),
            ("t", "malformed_header"),
            ("t=1774603800, v1={good}", "malformed_header"),
            ("t=1774603800,v1={good},", "malformed_header"),
            ("t=1774603800;v1={good}", "malformed_timestamp"),
            ("t=1774603800,v1=", "malformed_header"),
            ("t=1774603800,v1={good}0", "malformed_header"),
            ("t=1774603800,v1=1774603800", "malformed_header"),
            ("t=1774603800,v1={GOOD}", "malformed_header"),
            ("t=1774603800,v1={good},v1=abc", "malformed_header"),
            ("t=1774603800,v1=é", "malformed_header"),
            ("v1={good}", "malformed_header"),
            ("t=1774603800,t=1774603800,v1={good}", "malformed_header"),
            ("t=,v1={good}", "malformed_header"),
            ("t=nan,v1={good}", "malformed_timestamp"),
            ("t=1e9,v1={good}", "malformed_timestamp"),
            ("t=01774603800,v1={good}", "malformed_timestamp"),
            ("t=-1,v1={good}", "malformed_timestamp"),
            ("t=1234567890123,v1={good}", "malformed_timestamp"),
            ("t=1774603800", "no_known_version"),
            ("t=1774603800,v0={good}", "no_known_version"),
            ("t=1774603800,V1={good}", "no_known_version"),
            ("t=1774603801,v1={good}", "no_match"),
            ("t=0,v1={good}", "too_old"),
            ("t=999999999999,v1={good}", "too_new"),
            ("t=1774603800,v1={good}," + "v2=x," * 2000 + "v3=x", "malformed_header"),
        ],
    )
    def test_anything_else_is_refused_for_its_reason(self, header: str, reason: str) -> None:
        good = code(b"1774603800." + BODY).hex()
        written = header.replace("{good}", good).replace("{GOOD}", good.upper())
        with refused(reason, "X-Sign header|signed"):  # type: ignore[arg-type]  # one of them
            timestamped().verify(BODY, {"X-Sign": written})

    def test_the_tolerance_holds_on_both_sides(self) -> None:
        """Stripe's own library takes any time of the future."""
        made = timestamped(past_tolerance=timedelta(seconds=10), future_tolerance=timedelta(seconds=5))
        headers = made.sign(None, BODY, NOW)
        for seconds in (-5, 10):
            assert made.verify(BODY, headers, NOW + timedelta(seconds=seconds)).body == BODY
        with refused("too_old"):
            made.verify(BODY, headers, NOW + timedelta(seconds=11))
        with refused("too_new"):
            made.verify(BODY, headers, NOW - timedelta(seconds=6))

    def test_five_minutes_are_allowed_by_default(self) -> None:
        headers = timestamped().sign(None, BODY, NOW)
        for minutes in (-5, 5):
            assert timestamped().verify(BODY, headers, NOW + timedelta(minutes=minutes)).body == BODY
            with pytest.raises(WebhookVerificationError):
                timestamped().verify(BODY, headers, NOW + timedelta(minutes=minutes * 1.01))

    def test_without_a_clock_it_is_now(self) -> None:
        made = TimestampedSignature(SECRET, header="X-Sign")
        assert made.verify(BODY, made.sign(None, BODY)).body == BODY

    def test_times_are_aware_datetimes_and_not_before_1970(self) -> None:
        with pytest.raises(TypeError, match=r"^timestamp must be an aware datetime"):
            timestamped().sign(None, BODY, datetime(2026, 3, 27))
        with pytest.raises(ConfigurationError, match="before 1970"):
            timestamped().sign(None, BODY, datetime(1969, 1, 1, tzinfo=UTC))


# The example that GitHub publishes for receivers to test with.
GITHUB = BodySignature("It's a Secret to Everybody", header="X-Hub-Signature-256", prefix="sha256=")
GITHUB_HEADERS = {
    "X-Hub-Signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
}
SHOPIFY = BodySignature(SECRET, header="X-Shopify-Hmac-SHA256", encoding="base64")
PLAIN = BodySignature(SECRET, header="X-Sign")


class TestBody:
    def test_it_is_githubs(self) -> None:
        assert GITHUB.sign(None, b"Hello, World!") == GITHUB_HEADERS
        verified = GITHUB.verify(b"Hello, World!", GITHUB_HEADERS)
        assert verified == VerifiedBody(None, None, b"Hello, World!")

    def test_in_base64_it_is_shopifys(self) -> None:
        expected = {"X-Shopify-Hmac-SHA256": base64.b64encode(code(BODY)).decode("ascii")}
        assert SHOPIFY.sign("msg_1", BODY, NOW) == expected
        assert SHOPIFY.verify(BODY, expected, NOW) == VerifiedBody(None, None, BODY)

    @pytest.mark.parametrize("preset", [GITHUB, SHOPIFY, PLAIN])
    @given(body=st.binary())
    def test_what_was_signed_is_verified_and_nothing_else(self, preset: BodySignature, body: bytes) -> None:
        headers = preset.sign(None, body)
        assert preset.verify(body, headers).body == body
        with refused("no_match"):
            preset.verify(body + b"\0", headers)

    def test_the_newest_secret_signs_and_each_is_accepted(self) -> None:
        both = BodySignature(["new", "old"], header="X-Sign")
        new, old = BodySignature("new", header="X-Sign"), BodySignature("old", header="X-Sign")
        assert both.sign(None, BODY) == new.sign(None, BODY)
        for sender in (new, old):
            assert both.verify(BODY, sender.sign(None, BODY)).body == BODY
        with refused("no_match"):
            old.verify(BODY, both.sign(None, BODY))

    @pytest.mark.parametrize(
        ("preset", "header", "said"),
        [
            (GITHUB, "{hex}", "X-Hub-Signature-256 header is not sha256= and 32 bytes in hex"),
            (GITHUB, "sha1={hex}", "not sha256= and 32 bytes in hex"),
            (GITHUB, "SHA256={hex}", "not sha256="),
            (GITHUB, "sha256=sha256={hex}", "not sha256="),
            (GITHUB, "sha256={hex},sha256={hex}", "not sha256="),
            (GITHUB, "sha256={HEX}", "not sha256="),
            (GITHUB, "sha256={hex}\n", "not sha256="),
            (GITHUB, "sha256=", "not sha256="),
            (GITHUB, "", "not sha256="),
            (PLAIN, "sha256={hex}", "X-Sign header is not 32 bytes in hex"),
            (PLAIN, "{base64}", "not 32 bytes in hex"),
            (PLAIN, "é" * 64, "not 32 bytes in hex"),
            (PLAIN, "\u0661" * 64, "not 32 bytes in hex"),
            (SHOPIFY, "{hex}", "not 32 bytes in base64"),
            (SHOPIFY, " {base64}", "not 32 bytes in base64"),
            (SHOPIFY, "{base64}=", "not 32 bytes in base64"),
            (SHOPIFY, "A" * 42 + "B=", "not 32 bytes in base64"),
            (SHOPIFY, "x" * 9000, "longer than 8192"),
        ],
    )
    def test_its_form_is_exact(self, preset: BodySignature, header: str, said: str) -> None:
        digest = code(BODY)
        parts = {
            "hex": digest.hex(),
            "HEX": digest.hex().upper(),
            "base64": base64.b64encode(digest).decode(),
        }
        (name,) = preset.sign(None, BODY)
        with refused("malformed_header", said):
            preset.verify(BODY, {name: header.format(**parts)})

    def test_without_a_prefix_the_header_is_the_signature(self) -> None:
        assert BodySignature(SECRET, header="X-Sign").sign(None, BODY) == {"X-Sign": code(BODY).hex()}

    @pytest.mark.parametrize(
        "prefix",
        ["sha256=\r\nX-Other: ", "\n", "\r", "a\0", "a\tb", "\x7f", "é", "\x85", "\u2028", "\ud800", " a"],
    )
    def test_a_prefix_is_what_a_header_can_hold(self, prefix: str) -> None:
        """Else it would begin a header of its own, or never match what arrives."""
        with pytest.raises(
            ConfigurationError, match=r"^prefix has a character that a header cannot hold there\n"
        ) as caught:
            BodySignature(SECRET, header="X-Sign", prefix=prefix)
        assert caught.value.hint == 'printable ASCII, no space first: for example "sha256="'

    @given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30))
    def test_a_prefix_within_that_is_sent_and_verified(self, prefix: str) -> None:
        made = BodySignature(SECRET, header="X-Sign", prefix=prefix.lstrip())
        headers = made.sign(None, BODY)
        assert headers["X-Sign"].startswith(prefix.lstrip())
        assert made.verify(BODY, {"X-Sign": headers["X-Sign"].strip()}).body == BODY

    @pytest.mark.parametrize("name", ["prefix", "encoding"])
    @pytest.mark.parametrize("value", [None, 5, b"hex", ["hex"]])
    def test_settings_are_texts(self, name: str, value: object) -> None:
        with pytest.raises(TypeError, match=rf"^{name} must be a str, not {type(value).__name__}$"):
            BodySignature(SECRET, header="X-Sign", **{name: value})  # type: ignore[arg-type]  # what a caller may get wrong

    def test_there_are_two_encodings(self) -> None:
        with pytest.raises(ConfigurationError, match=r"^encoding is 'base64url'\n") as caught:
            BodySignature(SECRET, header="X-Sign", encoding="base64url")  # type: ignore[arg-type]  # there is none
        assert caught.value.hint == 'it is "hex" or "base64"'


MADE = [timestamped(), GITHUB, SHOPIFY, PLAIN]


@pytest.mark.parametrize("preset", MADE)
class TestBoth:
    def test_the_header_is_found_in_any_case_once(self, preset: BodySignature) -> None:
        ((name, value),) = preset.sign(None, BODY).items()
        for spelled in (name, name.lower(), name.upper(), name.lower().encode()):
            assert preset.verify(BODY, [(spelled, value)]).body == BODY
        assert preset.verify(BODY, [(name, value), (name, value)]).body == BODY
        with refused("duplicate_header"):
            preset.verify(BODY, [(name, value), (name.lower(), "x")])
        with refused("missing_header", rf"no {name.lower()} header"):
            preset.verify(BODY, {})

    @pytest.mark.parametrize("body", ["{}", bytearray(b"{}"), None])
    def test_a_body_is_bytes(self, preset: BodySignature, body: object) -> None:
        with pytest.raises(TypeError, match=r"^the body must be bytes"):
            preset.sign(None, body)  # type: ignore[arg-type]  # what a caller may get wrong
        with pytest.raises(TypeError, match=r"^the body must be bytes"):
            preset.verify(body, {})  # type: ignore[arg-type]  # what a caller may get wrong

    def test_headers_are_a_mapping_or_pairs(self, preset: BodySignature) -> None:
        with pytest.raises(TypeError, match=r"^headers must be a mapping or pairs"):
            preset.verify(BODY, None)  # type: ignore[arg-type]  # what a caller may get wrong

    @given(st.binary(max_size=30), st.text(max_size=90) | st.text("tv10=,sha26", max_size=90))
    def test_any_header_is_never_more_than_refused(
        self, preset: BodySignature, body: bytes, value: str
    ) -> None:
        (name,) = preset.sign(None, BODY)
        with pytest.raises(WebhookVerificationError):
            preset.verify(body, {name: value})

    def test_secrets_are_neither_shown_nor_pickled(self, preset: BodySignature) -> None:
        (name,) = preset.sign(None, BODY)
        assert repr(preset) == f"<{type(preset).__name__} in {name} with 1 secrets>"
        with pytest.raises(TypeError, match=rf"^a {type(preset).__name__} holds secrets and is not pickled"):
            pickle.dumps(preset)


@pytest.mark.parametrize("kind", [TimestampedSignature, BodySignature])
class TestSettings:
    def test_a_wrong_secret_is_named(self, kind: type[BodySignature]) -> None:
        with pytest.raises(
            ConfigurationError, match=r"^the webhook secret is a text with white space around it\n"
        ):
            kind("secret\n", header="X-Sign")

    @pytest.mark.parametrize("header", [None, 5, b"X-Sign", ["X-Sign"]])
    def test_a_header_is_a_text(self, kind: type[BodySignature], header: object) -> None:
        with pytest.raises(TypeError, match=rf"^header must be a str, not {type(header).__name__}$"):
            kind(SECRET, header=header)  # type: ignore[arg-type]  # what a caller may get wrong

    @pytest.mark.parametrize(
        "header",
        [
            "",
            "X Sign",
            "X-Sign:",
            "X-Sign\r\n",
            "X-Sign\n",
            "X\r\nY: z",
            "X\0",
            "X\t",
            "é",
            "\u0661",
            "\u017f",
        ],
    )
    def test_a_header_has_a_name(self, kind: type[BodySignature], header: str) -> None:
        with pytest.raises(
            ConfigurationError, match=r"^header is not the name of an HTTP header\n"
        ) as caught:
            kind(SECRET, header=header)
        assert caught.value.hint == 'for example "X-Signature"'
