"""Standard Webhooks, v1 and v1a: what was signed is verified, and anything else is the one error."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError, WebhookVerificationError
from hamilton_sdk.webhooks.signing import (
    KeyPair,
    SignedTest,
    WeakSecretWarning,
    Webhook,
    check_body,
    check_id,
)
from hamilton_sdk.webhooks.verified import VerifiedMessage
from tests.webhooks.events.samples import sample
from tests.webhooks.refused import refused
from tests.webhooks.vectors import ED25519_PAIR, KNOWN_ANSWERS, SECRET

NOW = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)
SECONDS = 1774603800
BODY = b'{"type":"visit.created"}'
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
WHSK, WHPK = ED25519_PAIR


def hook(*secrets: str, now: datetime = NOW, **settings: object) -> Webhook:
    return Webhook(secrets or (SECRET,), clock=SettableClock(now), **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("secrets", [(SECRET,), (WHSK,), (OTHER, WHSK, SECRET)])
def test_the_same_bytes_are_verified_whatever_they_mean(secrets: tuple[str, ...]) -> None:
    """Neither JSON nor UTF-8: what a body is, is not the business of its signature."""
    made = hook(*secrets)
    for body in (b"", b"\xff\xfe", b"not JSON", b"\0" * 100_000):
        assert made.verify(body, made.sign("msg_1", body)) == VerifiedMessage("msg_1", NOW, body)


class TestSeveralSecrets:
    def test_sign_signs_with_all_the_newest_first(self) -> None:
        signature = hook(OTHER, WHSK, SECRET).sign("msg_1", BODY)["webhook-signature"]
        alone = [hook(each).sign("msg_1", BODY)["webhook-signature"] for each in (OTHER, WHSK, SECRET)]
        assert signature == " ".join(alone)
        assert [token.partition(",")[0] for token in signature.split(" ")] == ["v1", "v1a", "v1"]

    @pytest.mark.parametrize(
        "receiver", [(SECRET,), (OTHER,), (WHPK,), (WHSK,), (WHPK, OTHER), (OTHER, SECRET)]
    )
    def test_each_receiver_accepts_it_whichever_secret_it_has(self, receiver: tuple[str, ...]) -> None:
        headers = hook(OTHER, WHSK, SECRET).sign("msg_1", BODY)
        assert hook(*receiver).verify(BODY, headers).id == "msg_1"

    @pytest.mark.parametrize("sender", [SECRET, OTHER, WHSK])
    def test_a_receiver_accepts_each_of_its_secrets(self, sender: str) -> None:
        receiver = hook(OTHER, WHPK, SECRET)
        assert receiver.verify(BODY, hook(sender).sign("msg_1", BODY)).id == "msg_1"

    def test_rotation_loses_no_message(self) -> None:
        """Old, both, new: at each step, sender and receiver may be one step apart."""
        steps = [hook(SECRET), hook(OTHER, SECRET), hook(OTHER)]
        for sender, receiver in [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 1), (2, 2)]:
            assert steps[receiver].verify(BODY, steps[sender].sign("msg_1", BODY)).body == BODY
        with refused(
            "no_match", "^no signature of the webhook is that of this body with one of the secrets\n"
        ):
            steps[2].verify(BODY, steps[0].sign("msg_1", BODY))

    def test_a_good_signature_may_stand_anywhere_among_others(self) -> None:
        made = hook()
        good = made.sign("msg_1", BODY)["webhook-signature"]
        bad = hook(OTHER).sign("msg_1", BODY)["webhook-signature"]
        for header in (f"{bad} {good}", f"v9,x {good} v8,y", f"{good} {good}", f"v1a,{'A' * 86}== {good}"):
            assert made.verify(BODY, {**made.sign("msg_1", BODY), "webhook-signature": header}).body == BODY

    def test_one_secret_given_twice_signs_once(self) -> None:
        assert hook(SECRET, SECRET).sign("msg_1", BODY) == hook().sign("msg_1", BODY)


class TestSign:
    def test_the_time_is_the_clocks_or_the_one_given_in_any_zone(self) -> None:
        made = hook(now=NOW + timedelta(milliseconds=999))
        assert made.sign("msg_1", BODY)["webhook-timestamp"] == str(SECONDS)
        paris = NOW.astimezone(ZoneInfo("Europe/Paris"))
        assert made.sign("msg_1", BODY, paris) == made.sign("msg_1", BODY, NOW)
        assert made.sign("msg_1", BODY, timestamp=NOW + timedelta(hours=1))["webhook-timestamp"] == str(
            SECONDS + 3600
        )

    def test_before_1970_nothing_was_signed(self) -> None:
        with pytest.raises(ConfigurationError, match=r"^the webhook's timestamp is before 1970"):
            hook().sign("msg_1", BODY, datetime(1969, 12, 31, tzinfo=UTC))

    @pytest.mark.parametrize(
        "id_", ["", "a.1", "a b", "a,b", "a\n", "\ta", "é", "a\x7f", "\x00", "x" * 257, "a\u2028", "\ud800"]
    )
    def test_an_id_that_could_not_be_verified_is_refused(self, id_: str) -> None:
        said = r"^the webhook's id is not 1 to 256 visible ASCII characters without a full stop or a comma\n"
        with pytest.raises(ConfigurationError, match=said) as caught:
            hook().sign(id_, BODY)
        assert caught.value.hint == 'a random id such as "msg_" + uuid4().hex has the form'

    def test_public_keys_alone_cannot_sign(self) -> None:
        with pytest.raises(
            ConfigurationError, match=r"^there are only public keys, and these cannot sign\n"
        ) as caught:
            hook(WHPK).sign("msg_1", BODY)
        assert caught.value.hint == "give the whsk_ secret where messages are signed"
        assert hook(WHPK, SECRET).sign("msg_1", BODY) == hook(SECRET).sign("msg_1", BODY)

    @pytest.mark.parametrize("body", ["{}", bytearray(b"{}"), memoryview(b"{}"), None, {}])
    def test_a_body_is_bytes(self, body: object) -> None:
        said = rf"^the body must be bytes, as they are on the wire, not {type(body).__name__}$"
        with pytest.raises(TypeError, match=said):
            hook().sign("msg_1", body)  # type: ignore[arg-type]  # what a caller may get wrong
        with pytest.raises(TypeError, match=said):
            hook().verify(body, {})  # type: ignore[arg-type]  # what a caller may get wrong
        with pytest.raises(TypeError, match=said):
            check_body(body)

    @pytest.mark.parametrize("id_", [None, 7, b"msg_1"])
    def test_an_id_is_text(self, id_: object) -> None:
        for call in (lambda: hook().sign(id_, BODY), lambda: check_id(id_)):  # type: ignore[arg-type]
            with pytest.raises(TypeError, match=rf"^id must be a str, not {type(id_).__name__}$"):
                call()

    @pytest.mark.parametrize("moment", [datetime(2026, 3, 27, 9, 30), SECONDS, "2026-03-27T09:30:00Z"])
    def test_times_are_aware_datetimes(self, moment: object) -> None:
        with pytest.raises(TypeError, match=r"^timestamp must be an aware datetime"):
            hook().sign("msg_1", BODY, moment)  # type: ignore[arg-type]  # what a caller may get wrong
        with pytest.raises(TypeError, match=r"^received_at must be an aware datetime"):
            hook().verify(BODY, hook().sign("msg_1", BODY), moment)  # type: ignore[arg-type]


def test_the_only_header_that_can_be_right_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearly every message has one signature and nearly every receiver one secret."""
    headers = hook().sign("msg_1", BODY)

    def parsed(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("hamilton_sdk.webhooks.signing.tokens", parsed)
    assert hook().verify(BODY, headers).id == "msg_1"
    for made in (hook(OTHER), hook(SECRET, OTHER), hook(WHSK)):
        with pytest.raises(AssertionError):
            made.verify(BODY, headers)


class TestRefused:
    """By the reason; among the rows is all that standardwebhooks 1.1.0 lets through or fails on otherwise."""

    def changed(self, **headers: str) -> dict[str, str]:
        changed = {f"webhook-{name}": value for name, value in headers.items()}
        return {**hook().sign("msg_1", BODY), **changed}

    @pytest.mark.parametrize(
        "timestamp",
        [
            "1774603800.0",
            "1774603800.5",
            " 1774603800",
            "1774603800 ",
            "1774603800\n",
            "1_774603800",
            "+1774603800",
            "-1",
            "01774603800",
            "00",
            "",
            "1e9",
            "0x69",
            "\u0661774603800",
            "\u00b2",
            "nan",
            "inf",
            "\x00",
            "1234567890123",
            "9" * 5000,
            "1774603800,1774603800",
            "1774603800.1774603800",
        ],
    )
    def test_a_timestamp_is_plain_digits(self, timestamp: str) -> None:
        said = r"^the webhook-timestamp header is not a whole number of seconds of at most 12 digits\n"
        with refused("malformed_timestamp", said):
            hook().verify(BODY, self.changed(timestamp=timestamp))

    @pytest.mark.parametrize(("timestamp", "reason"), [("0", "too_old"), ("999999999999", "too_new")])
    def test_digits_of_any_number_are_a_time(self, timestamp: str, reason: str) -> None:
        with refused(reason):  # type: ignore[arg-type]  # one of them
            hook().verify(BODY, self.changed(timestamp=timestamp))

    @pytest.mark.parametrize(
        "id_", ["", "a.1", "msg_1,msg_1", "msg 1", "msg_1\r\nx: y", "msg_1\x00", "é", "x" * 257]
    )
    def test_an_id_is_visible_and_has_no_full_stop(self, id_: str) -> None:
        said = (
            "^the webhook-id header is not 1 to 256 visible ASCII characters without a full stop or a comma\n"
        )
        with refused("malformed_header", said):
            hook().verify(BODY, self.changed(id=id_))

    def test_two_messages_with_one_signature_cannot_be_made(self) -> None:
        """Id a.1, time 2, body x would be signed like id a, time 1, body 2.x."""
        at = datetime.fromtimestamp(1, UTC)
        signed = hook().sign("a", b"2.x", at)
        moved = {**signed, "webhook-id": "a.1", "webhook-timestamp": "2"}
        with refused("malformed_header"):
            hook().verify(b"x", moved, received_at=at)

    @pytest.mark.parametrize("header", ["v1", "v1,a,b", "v1,=", "", "abc", "v1,é", "v1,  v1,", "v1,\u0661"])
    def test_signatures_have_their_form(self, header: str) -> None:
        with refused("malformed_header", r"^(the|a v1 signature in the) webhook-signature header "):
            hook().verify(BODY, self.changed(signature=header))

    def test_a_malformed_signature_is_refused_also_beside_a_good_one(self) -> None:
        good = hook().sign("msg_1", BODY)["webhook-signature"]
        for header in (
            f"{good}  {good}",
            f"{good} v1",
            f"{good} v1,abc",
            f"{good} v1a,{good[3:]}",
            f"{good},",
        ):
            with refused("malformed_header"):
                hook().verify(BODY, self.changed(signature=header))

    @pytest.mark.parametrize(
        ("secrets", "header", "said"),
        [
            ((SECRET,), "v2,abc", "has no signature of a known version, and the secrets given are for v1"),
            ((SECRET,), f"v1a,{'A' * 86}==", "is signed with v1a only, and the secrets given are for v1"),
            ((WHPK,), f"v1,{'A' * 43}=", "is signed with v1 only, and the secrets given are for v1a"),
            (
                (WHPK, SECRET),
                "V1,a v3,d",
                "has no .* known version, and the secrets given are for v1a and v1",
            ),
        ],
    )
    def test_without_a_version_that_a_secret_is_for_it_says_which_there_are(
        self, secrets: tuple[str, ...], header: str, said: str
    ) -> None:
        with refused("no_known_version", rf"^the webhook {said}\n"):
            hook(*secrets).verify(BODY, self.changed(signature=header))

    def test_both_known_versions_may_be_there_in_vain(self) -> None:
        header = f"v1,{'A' * 43}= v1a,{'A' * 86}=="
        for secrets in ((SECRET,), (WHPK,), (WHPK, SECRET)):
            with refused("no_match"):
                hook(*secrets).verify(BODY, self.changed(signature=header))

    def test_nothing_of_the_message_stands_in_the_error(self) -> None:
        with pytest.raises(WebhookVerificationError) as caught:
            hook().verify(b"Durand", self.changed(id="Durand"))
        assert "Durand" not in str(caught.value)
        assert SECRET[6:] not in repr(caught.value)

    @pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
    def test_a_missing_header_is_named(self, missing: str) -> None:
        headers = hook().sign("msg_1", BODY)
        del headers[missing]
        with refused("missing_header", rf"^the webhook has no {missing} header\n"):
            hook().verify(BODY, headers)

    def test_a_header_that_contradicts_another_is_refused(self) -> None:
        with refused("duplicate_header"):
            hook().verify(BODY, [*hook().sign("msg_1", BODY).items(), ("Webhook-Id", "msg_2")])


class TestTolerance:
    def test_exactly_five_minutes_on_both_sides_are_accepted(self) -> None:
        headers = hook().sign("msg_1", BODY, NOW)
        for minutes in (-5, 0, 5):
            assert hook().verify(BODY, headers, NOW + timedelta(minutes=minutes)).timestamp == NOW
        with refused("too_old", r"^the webhook was signed 301 s ago, and 300 s are allowed\n"):
            hook().verify(BODY, headers, NOW + timedelta(minutes=5, seconds=1))
        with refused("too_new", r"^the webhook was signed 301 s ahead, and 300 s are allowed\n"):
            hook().verify(BODY, headers, NOW - timedelta(minutes=5, seconds=1))

    def test_past_and_future_have_their_own(self) -> None:
        made = hook(past_tolerance=timedelta(hours=1), future_tolerance=timedelta(0))
        headers = made.sign("msg_1", BODY, NOW)
        assert made.verify(BODY, headers, received_at=NOW + timedelta(hours=1)).id == "msg_1"
        with refused("too_old"):
            made.verify(BODY, headers, received_at=NOW + timedelta(hours=1, seconds=1))
        with refused("too_new"):
            made.verify(BODY, headers, received_at=NOW - timedelta(seconds=1))

    def test_the_clock_decides_where_no_arrival_is_given(self) -> None:
        clock = SettableClock(NOW)
        made = Webhook(SECRET, clock=clock)
        headers = made.sign("msg_1", BODY)
        clock.advance(300)
        assert made.verify(BODY, headers).timestamp == NOW
        clock.advance(1)
        with refused("too_old"):
            made.verify(BODY, headers)
        assert made.verify(BODY, headers, NOW).timestamp == NOW

    def test_without_a_clock_it_is_now(self) -> None:
        made = Webhook(SECRET)
        message = made.verify(BODY, made.sign("msg_1", BODY))
        assert abs(message.timestamp - datetime.now(UTC)) < timedelta(minutes=1)

    def test_a_wrong_tolerance_is_refused(self) -> None:
        with pytest.raises(ConfigurationError, match=r"^past_tolerance is negative"):
            hook(past_tolerance=timedelta(seconds=-1))
        with pytest.raises(TypeError, match=r"^future_tolerance must be a timedelta, not int$"):
            hook(future_tolerance=300)


class TestHeaderPrefix:
    def test_svix_sends_other_names(self) -> None:
        made = hook(header_prefix="svix")
        headers = made.sign("msg_1", BODY)
        assert list(headers) == ["svix-id", "svix-timestamp", "svix-signature"]
        assert made.verify(BODY, headers).id == "msg_1"
        assert list(headers.values()) == list(hook().sign("msg_1", BODY).values())

    def test_the_two_sets_are_never_mixed(self) -> None:
        standard, svix = hook(), hook(header_prefix="svix")
        headers = standard.sign("msg_1", BODY)
        mixed = {**headers, "svix-id": "msg_2"}
        assert standard.verify(BODY, mixed).id == "msg_1"
        with refused("missing_header", "no svix-timestamp header"):
            svix.verify(BODY, mixed)
        with refused("malformed_header", r"^the svix-id header"):
            svix.verify(BODY, {**svix.sign("msg_1", BODY), "svix-id": "a.b"})

    def test_there_is_no_third(self) -> None:
        with pytest.raises(ConfigurationError, match=r"^header_prefix is 'x'\n") as caught:
            hook(header_prefix="x")
        assert caught.value.hint == 'it is "webhook" or "svix"'
        with pytest.raises(TypeError, match=r"^header_prefix must be a str, not list$"):
            hook(header_prefix=["svix"])


class TestFromText:
    def test_the_texts_bytes_are_the_key(self) -> None:
        made = Webhook.from_text("Schlüssel", clock=SettableClock(NOW))
        same = hook("whsec_U2NobMO8c3NlbC1VVEYtOC1hbmQtbW9yZQ==")
        assert made.sign("msg_1", BODY) != same.sign("msg_1", BODY)
        assert Webhook.from_text("Schlüssel-UTF-8-and-more").sign("msg_1", BODY, NOW) == same.sign(
            "msg_1", BODY
        )

    def test_it_takes_the_settings_of_the_other(self) -> None:
        clock = SettableClock(NOW)
        made = Webhook.from_text(
            ["new", "old"],
            past_tolerance=timedelta(seconds=1),
            future_tolerance=timedelta(seconds=2),
            clock=clock,
            header_prefix="svix",
        )
        headers = Webhook.from_text("old", header_prefix="svix", clock=clock).sign("msg_1", BODY)
        assert made.verify(BODY, headers).id == "msg_1"
        with refused("too_old", "1 s are allowed"):
            made.verify(BODY, headers, NOW + timedelta(seconds=2))
        with refused("too_new", "2 s are allowed"):
            made.verify(BODY, headers, NOW - timedelta(seconds=3))

    def test_five_minutes_there_too(self) -> None:
        made = Webhook.from_text("text", clock=SettableClock(NOW))
        headers = made.sign("msg_1", BODY)
        for minutes in (-5, 5):
            assert made.verify(BODY, headers, NOW + timedelta(minutes=minutes)).id == "msg_1"
            with pytest.raises(WebhookVerificationError):
                made.verify(BODY, headers, NOW + timedelta(minutes=minutes * 1.01))

    def test_a_wrong_text_is_named(self) -> None:
        with pytest.raises(ConfigurationError, match=r"^the webhook secret is empty"):
            Webhook.from_text("")

    def test_a_subclass_stays_one(self) -> None:
        own = type("Own", (Webhook,), {})
        assert type(own.from_text("text")) is own


class TestSecrets:
    def test_a_generated_secret_has_32_random_bytes(self) -> None:
        secret = Webhook.generate_secret()
        assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
        assert Webhook.generate_secret() != secret
        assert hook(secret).verify(BODY, hook(secret).sign("msg_1", BODY)).id == "msg_1"

    def test_a_generated_pair_signs_and_verifies(self) -> None:
        pair = Webhook.generate_key_pair()
        assert hook(pair.public).verify(BODY, hook(pair.secret).sign("msg_1", BODY)).id == "msg_1"
        assert Webhook.generate_key_pair() != pair
        assert repr(pair) == f"KeyPair(public={pair.public!r})"
        assert KeyPair("whsk_x", "whpk_y") == KeyPair("whsk_x", "whpk_y")

    def test_the_public_keys_can_be_given_away(self) -> None:
        assert hook(SECRET, WHSK).public_keys == (WHPK,)
        assert hook(WHPK, SECRET).public_keys == (WHPK,)
        assert hook().public_keys == ()

    def test_a_weak_one_warns(self) -> None:
        with pytest.warns(WeakSecretWarning, match="a webhook secret has 18 bytes; "):
            Webhook(KNOWN_ANSWERS[3].secret)

    def test_a_wrong_one_is_named(self) -> None:
        with pytest.raises(ConfigurationError, match=r"^the webhook secret is without a prefix\n"):
            Webhook("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    def test_nothing_shows_them(self) -> None:
        made = hook(SECRET, WHSK)
        assert repr(made) == str(made) == "<Webhook with secrets of v1, v1a>"

    def test_it_is_not_pickled_and_a_copy_is_itself(self) -> None:
        made = hook()
        with pytest.raises(TypeError, match=r"^a Webhook holds secrets and is not pickled"):
            pickle.dumps(made)
        assert copy.copy(made) is made
        assert copy.deepcopy([made])[0] is made


class TestSignTest:
    def test_bytes_are_signed_as_they_are_under_an_id_of_their_own(self) -> None:
        made = hook().sign_test(BODY)
        assert isinstance(made, SignedTest)
        body, headers = made
        assert body is BODY
        assert re.fullmatch(r"msg_[0-9a-f]{24}", headers["webhook-id"])
        assert hook().verify(body, headers).timestamp == NOW
        assert hook().sign_test(BODY).headers["webhook-id"] != headers["webhook-id"]

    def test_an_event_is_sent_as_it_is_delivered(self) -> None:
        event = sample("visit.created")
        made = hook().sign_test(event)
        assert made.body == event.to_bytes()
        message = hook().verify(made.body, made.headers)
        assert message.id == event.id
        assert message.event() == event

    def test_id_and_time_may_be_given(self) -> None:
        at = NOW - timedelta(days=1)
        for event in (BODY, sample("visit.created")):
            made = hook().sign_test(event, id="msg_7", timestamp=at)
            assert made.headers == hook().sign("msg_7", made.body, at)
        with pytest.raises(ConfigurationError, match=r"^the webhook's id"):
            hook().sign_test(BODY, id="")

    @pytest.mark.parametrize("given", ["{}", {"type": "visit.created"}, 5, None])
    def test_anything_else_is_a_mistake_of_the_caller(self, given: object) -> None:
        message = rf"^event must be an event, or a body as bytes, not {type(given).__name__}$"
        with pytest.raises(TypeError, match=message):
            hook().sign_test(given)  # type: ignore[arg-type]
