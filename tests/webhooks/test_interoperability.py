"""Against what others published and against their libraries, in both directions."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks
import svix.webhooks
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.webhooks.signing import WeakSecretWarning, Webhook
from hamilton_sdk.webhooks.verified import VerifiedMessage
from tests.webhooks.refused import refused
from tests.webhooks.vectors import KNOWN_ANSWERS, SECRET, KnownAnswer

OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def webhook(answer: KnownAnswer) -> Webhook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", WeakSecretWarning)
        return Webhook(answer.secret)


@pytest.mark.parametrize("answer", KNOWN_ANSWERS, ids=lambda answer: answer.source)
class TestKnownAnswers:
    def test_it_signs_as_published(self, answer: KnownAnswer) -> None:
        made = webhook(answer).sign(answer.id, answer.body, datetime.fromtimestamp(answer.timestamp, UTC))
        assert made == {
            "webhook-id": answer.id,
            "webhook-timestamp": str(answer.timestamp),
            "webhook-signature": answer.signature,
        }
        assert list(made) == ["webhook-id", "webhook-timestamp", "webhook-signature"]

    def test_it_verifies_what_was_published(self, answer: KnownAnswer) -> None:
        at = datetime.fromtimestamp(answer.timestamp, UTC)
        headers = {
            "webhook-id": answer.id,
            "webhook-timestamp": str(answer.timestamp),
            "webhook-signature": answer.signature,
        }
        message = webhook(answer).verify(answer.body, headers, received_at=at)
        assert message == VerifiedMessage(answer.id, at, answer.body)
        assert message.timestamp.tzinfo is UTC
        with refused("no_match"):
            webhook(answer).verify(answer.body + b" ", headers, received_at=at)


# Their body is text, or bytes that are UTF-8; their clock is the machine's.
BODIES = st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(str.encode)


class TestStandardWebhooks:
    @given(BODIES)
    def test_it_verifies_what_we_sign(self, body: bytes) -> None:
        headers = Webhook(SECRET).sign("msg_1", body)
        assert standardwebhooks.Webhook(SECRET).verify(body, headers, json_parse=False) is None

    @given(BODIES)
    def test_we_verify_what_it_signs(self, body: bytes) -> None:
        now = datetime.now(UTC)
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": standardwebhooks.Webhook(SECRET).sign("msg_1", now, body.decode()),
        }
        assert Webhook(SECRET).verify(body, headers).body == body

    def test_it_verifies_with_either_secret_while_we_rotate(self) -> None:
        headers = Webhook([OTHER, SECRET]).sign("msg_1", b"{}")
        for secret in (SECRET, OTHER):
            assert standardwebhooks.Webhook(secret).verify(b"{}", headers) == {}

    def test_it_skips_our_asymmetric_signature(self) -> None:
        headers = Webhook([Webhook.generate_key_pair().secret, SECRET]).sign("msg_1", b"{}")
        assert standardwebhooks.Webhook(SECRET).verify(b"{}", headers) == {}

    def test_neither_accepts_what_the_other_signed_for_somebody_else(self) -> None:
        headers = Webhook(OTHER).sign("msg_1", b"{}")
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            standardwebhooks.Webhook(SECRET).verify(b"{}", headers)
        with refused("no_match"):
            Webhook(SECRET).verify(b"{}", headers)


class TestSvix:
    @pytest.mark.parametrize("prefix", ["svix", "webhook"])
    def test_it_verifies_what_we_sign_under_either_name(self, prefix: str) -> None:
        headers = Webhook(SECRET, header_prefix=prefix).sign("msg_1", b"{}")  # type: ignore[arg-type]  # one of both
        svix.webhooks.Webhook(SECRET).verify(b"{}", headers)
        with pytest.raises(svix.webhooks.WebhookVerificationError):
            svix.webhooks.Webhook(SECRET).verify(b"[]", headers)

    def test_we_verify_what_it_signs(self) -> None:
        now = datetime.now(UTC)
        headers = {
            "Svix-Id": "msg_1",
            "Svix-Timestamp": str(int(now.timestamp())),
            "Svix-Signature": svix.webhooks.Webhook(SECRET).sign("msg_1", now, "{}"),
        }
        message = Webhook(SECRET, header_prefix="svix").verify(b"{}", headers)
        assert message.timestamp == now.replace(microsecond=0)

    def test_both_sets_of_headers_at_once_do_not_confuse_us(self) -> None:
        """svix-id beside webhook-* makes Svix's own library look for a message that nobody signed."""
        headers = {**Webhook(SECRET).sign("msg_1", b"{}"), "svix-id": "msg_2"}
        with pytest.raises(svix.webhooks.WebhookVerificationError):
            svix.webhooks.Webhook(SECRET).verify(b"{}", headers)
        assert Webhook(SECRET).verify(b"{}", headers).id == "msg_1"


def test_an_aware_time_of_another_zone_is_signed_as_its_instant() -> None:
    """Standardwebhooks signs the wall clock's digits as if they were UTC."""
    now = datetime.now(UTC).astimezone(datetime.now(UTC).astimezone().tzinfo)
    for zone in (UTC, now.tzinfo):
        headers = Webhook(SECRET).sign("msg_1", b"{}", now.astimezone(zone) - timedelta(seconds=1))
        assert standardwebhooks.Webhook(SECRET).verify(b"{}", headers) == {}
