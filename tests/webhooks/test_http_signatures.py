"""HTTP Message Signatures with the digest of the body: always covered, always computed anew."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError, WebhookVerificationError
from hamilton_sdk.webhooks._keys import WeakSecretWarning
from hamilton_sdk.webhooks.http_signatures import HttpSignatures
from hamilton_sdk.webhooks.verified import VerifiedBody
from tests.webhooks.refused import refused
from tests.webhooks.vectors import ED25519_PAIR, KNOWN_ANSWERS, RFC_9421, SECRET, HttpMessage

NOW = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)
SECONDS = 1774603800
BODY = b'{"type":"visit.created"}'
URL = "https://receiver.example/hooks?tenant=1"
WHSK, WHPK = ED25519_PAIR


def scheme(keys: dict[str, str] | None = None, now: datetime = NOW, **settings: object) -> HttpSignatures:
    made = {"url": URL, "clock": SettableClock(now), **settings}
    return HttpSignatures(keys or {"k": SECRET}, **made)  # type: ignore[arg-type]  # by name


def resigned(before: str, after: str, *, components: tuple[str, ...] = ()) -> dict[str, str]:
    """Headers whose statement was changed after signing."""
    headers = scheme(components=components).sign(None, BODY)
    assert before in headers["signature-input"]
    return {**headers, "signature-input": headers["signature-input"].replace(before, after)}


class TestSign:
    def test_it_signs_method_target_id_and_digest(self) -> None:
        headers = scheme().sign("msg_1", BODY)
        assert sorted(headers) == ["content-digest", "signature", "signature-input", "webhook-id"]
        assert headers["webhook-id"] == "msg_1"
        assert headers["signature-input"] == (
            'sig1=("@method" "@target-uri" "webhook-id" "content-digest")'
            f';created={SECONDS};keyid="k";alg="hmac-sha256"'
        )
        assert scheme().verify(BODY, headers) == VerifiedBody("msg_1", NOW, BODY)

    def test_without_an_id_none_is_sent_and_none_is_given_back(self) -> None:
        headers = scheme().sign(None, BODY)
        assert "webhook-id" not in headers
        assert scheme().verify(BODY, headers) == VerifiedBody(None, NOW, BODY)
        assert scheme().verify(BODY, {**headers, "webhook-id": "msg_1"}).id is None, "it is not signed"

    def test_the_components_are_the_users(self) -> None:
        headers = scheme(components=["@authority", "@path", "webhook-id"]).sign("msg_1", BODY)
        assert '("@authority" "@path" "webhook-id" "content-digest")' in headers["signature-input"]
        assert (
            '=("content-digest")' in scheme(components=["content-digest"]).sign(None, BODY)["signature-input"]
        )

    @pytest.mark.parametrize("method", ["POST", "PUT"])
    def test_the_method_and_the_target_are_bound(self, method: str) -> None:
        made = scheme(method=method)
        headers = made.sign("msg_1", BODY)
        assert made.verify(BODY, headers).id == "msg_1"
        for other in (scheme(method="PATCH"), scheme(method=method, url=URL + "2")):
            with refused(
                "no_match",
                r"^the webhook's signature is not that of this request to url= with the key it names\n",
            ):
                other.verify(BODY, headers)

    @given(st.binary(), st.integers(0, 253_402_300_799))
    def test_what_was_signed_is_verified(self, body: bytes, seconds: int) -> None:
        at = datetime.fromtimestamp(seconds, UTC)
        made = scheme()
        assert made.verify(body, made.sign("msg_1", body, at), at) == VerifiedBody("msg_1", at, body)

    def test_what_cannot_be_signed_is_said(self) -> None:
        with pytest.raises(ConfigurationError, match=r"^there are only public keys\n"):
            scheme({"k": WHPK}).sign(None, BODY)
        with pytest.raises(ConfigurationError, match=r"^content-type is not made here\n") as caught:
            scheme(components=["content-type"]).sign(None, BODY)
        assert caught.value.hint == "this can verify messages of others, but not sign any"
        with pytest.raises(ConfigurationError, match=r"^the webhook's id is not"):
            scheme().sign("a.b", BODY)
        with pytest.raises(ConfigurationError, match="before 1970"):
            scheme().sign(None, BODY, datetime(1969, 1, 1, tzinfo=UTC))

    def test_arguments_have_their_types(self) -> None:
        with pytest.raises(TypeError, match=r"^the body must be bytes"):
            scheme().sign(None, "{}")  # type: ignore[arg-type]  # what a caller may get wrong
        with pytest.raises(TypeError, match=r"^the body must be bytes"):
            scheme().verify("{}", {})  # type: ignore[arg-type]  # what a caller may get wrong
        with pytest.raises(TypeError, match=r"^headers must be a mapping or pairs"):
            scheme().verify(BODY, None)  # type: ignore[arg-type]  # what a caller may get wrong
        with pytest.raises(TypeError, match=r"^timestamp must be an aware datetime"):
            scheme().sign(None, BODY, datetime(2026, 3, 27))
        with pytest.raises(TypeError, match=r"^received_at must be an aware datetime"):
            scheme().verify(BODY, scheme().sign(None, BODY), datetime(2026, 3, 27))


class TestKeys:
    BOTH = {"new": WHSK, "old": SECRET}  # noqa: RUF012 (never changed)

    def test_all_sign_and_each_is_accepted(self) -> None:
        headers = scheme(self.BOTH).sign("msg_1", BODY)
        assert headers["signature-input"].count("keyid=") == 2
        for keys in ({"new": WHSK}, {"new": WHPK}, {"old": SECRET}, self.BOTH):
            assert scheme(keys).verify(BODY, headers).id == "msg_1"
        for name, secret in self.BOTH.items():
            assert scheme(self.BOTH).verify(BODY, scheme({name: secret}).sign("msg_1", BODY)).id == "msg_1"

    def test_public_keys_do_not_sign(self) -> None:
        headers = scheme({"p": WHPK, "old": SECRET}).sign(None, BODY)
        assert 'keyid="p"' not in headers["signature-input"]
        assert 'keyid="old"' in headers["signature-input"]

    def test_one_good_signature_is_enough(self) -> None:
        """The first is by a key that is called the same and is another."""
        other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
        headers = scheme({"new": other, "old": SECRET}).sign(None, BODY)
        assert scheme({"new": SECRET, "old": SECRET}).verify(BODY, headers).body == BODY
        with refused("no_match"):
            scheme({"new": SECRET, "old": other}).verify(BODY, headers)

    def test_a_signature_by_nobody_known_is_said(self) -> None:
        said = r"^none of the webhook's 1 signatures is by a key and an algorithm known here\n"
        with refused("no_known_version", said):
            scheme({"other": SECRET}).verify(BODY, scheme().sign(None, BODY))
        with refused("no_known_version", said):
            scheme().verify(BODY, resigned(';keyid="k"', ""))
        with refused("no_known_version", said):
            scheme().verify(BODY, resigned("hmac-sha256", "ed25519"))
        with refused("no_known_version", said.replace("1", "0")):
            scheme().verify(BODY, {**scheme().sign(None, BODY), "signature": "", "signature-input": ""})

    def test_the_algorithm_need_not_be_stated_but_belongs_to_the_signature(self) -> None:
        with refused("no_match"):
            scheme(components=()).verify(BODY, resigned(';alg="hmac-sha256"', ""))

    def test_texts_are_keys_by_their_bytes(self) -> None:
        clock = SettableClock(NOW)
        made = HttpSignatures.from_text({"k": "text"}, url=URL, clock=clock)
        assert made.verify(BODY, made.sign("msg_1", BODY)).id == "msg_1"
        with refused("no_match"):
            scheme().verify(BODY, made.sign("msg_1", BODY))

    def test_texts_take_all_other_settings(self) -> None:
        made = HttpSignatures.from_text(
            {"k": "text"},
            url=URL,
            method="PUT",
            components=(),
            past_tolerance=timedelta(seconds=1),
            future_tolerance=timedelta(seconds=2),
            clock=SettableClock(NOW),
        )
        headers = made.sign(None, BODY)
        assert '=("content-digest")' in headers["signature-input"]
        with refused("too_old", "1 s are allowed"):
            made.verify(BODY, headers, NOW + timedelta(seconds=2))
        with refused("too_new", "2 s are allowed"):
            made.verify(BODY, headers, NOW - timedelta(seconds=3))
        assert type(type("Own", (HttpSignatures,), {}).from_text({"k": "text"}, url=URL)).__name__ == "Own"


class TestBody:
    """RFC 9421, 7.2.8: a signature says nothing of a body whose digest it does not cover."""

    @pytest.mark.parametrize("body", [b"", BODY + b" ", b"{}"])
    def test_another_body_is_refused(self, body: bytes) -> None:
        with refused("no_match", r"^the content-digest header is not that of this body\n"):
            scheme().verify(body, scheme().sign(None, BODY))

    def test_a_digest_that_is_made_to_fit_is_not_the_one_that_was_signed(self) -> None:
        headers = {
            **scheme().sign(None, BODY),
            "content-digest": scheme().sign(None, b"{}")["content-digest"],
        }
        with refused("no_match", r"^the webhook's signature is not that of this request"):
            scheme().verify(b"{}", headers)

    @pytest.mark.parametrize("body", [BODY, b""])
    def test_a_body_is_not_taken_on_trust(self, body: bytes) -> None:
        """Not even an empty one, for which the package asks no digest."""
        headers = scheme().sign(None, body)
        with refused("missing_header", r"^the webhook has no content-digest header\n"):
            scheme().verify(body, {name: headers[name] for name in ("signature", "signature-input")})
        for other in ('"content-type"', '"content-digest";req', '"content-digest";bs', '"x"'):
            changed = {
                **headers,
                "signature-input": headers["signature-input"].replace('"content-digest"', other),
            }
            with refused("malformed_header", r"^the webhook's signature does not cover content-digest\n"):
                scheme().verify(body, changed)

    @pytest.mark.parametrize("vector", RFC_9421, ids=lambda vector: vector.name)
    def test_the_published_signatures_do_not_cover_their_body(self, vector: HttpMessage) -> None:
        at = datetime.fromtimestamp(1618884473, UTC)
        name = vector.signature_input.rpartition("keyid=")[2].strip('"')
        made = HttpSignatures({name: vector.secret}, url=vector.url, components=())
        headers = [
            *vector.headers,
            ("Signature-Input", vector.signature_input),
            ("Signature", vector.signature),
        ]
        with refused("malformed_header", r"^the webhook's signature does not cover content-digest\n"):
            made.verify(b'{"hello": "world"}', headers, at)

    def test_a_sender_must_cover_what_is_asked_for(self) -> None:
        headers = scheme(components=["@method"]).sign(None, BODY)
        assert scheme(components=["@method"]).verify(BODY, headers).body == BODY
        assert scheme(components=[]).verify(BODY, headers).body == BODY
        with refused(
            "malformed_header", r"^the webhook's signature does not cover @target-uri and content-type\n"
        ):
            scheme(components=["@method", "@target-uri", "content-type"]).verify(BODY, headers)


class TestTimes:
    def test_five_minutes_on_both_sides(self) -> None:
        headers = scheme().sign(None, BODY)
        for minutes in (-5, 5):
            assert scheme().verify(BODY, headers, NOW + timedelta(minutes=minutes)).timestamp == NOW
        with refused("too_old"):
            scheme().verify(BODY, headers, NOW + timedelta(minutes=5, seconds=1))
        with refused("too_new"):
            scheme().verify(BODY, headers, NOW - timedelta(minutes=5, seconds=1))

    def test_without_a_clock_it_is_now(self) -> None:
        made = HttpSignatures({"k": SECRET}, url=URL)
        assert made.verify(BODY, made.sign(None, BODY)).body == BODY

    @pytest.mark.parametrize(
        "created", ["", ";created", ";created=1.5", ';created="1"', ";created=-1", ";created=?0"]
    )
    @pytest.mark.parametrize("expires", ["", ";expires=1774604000"])
    def test_the_time_is_stated_in_whole_seconds(self, created: str, expires: str) -> None:
        said = r"^the webhook's signature states no time, or one that is no whole number of seconds\n"
        with refused("malformed_timestamp", said):
            scheme(components=()).verify(BODY, resigned(f";created={SECONDS}", created + expires))

    @pytest.mark.parametrize("expires", [";expires", ";expires=1.5", ';expires="1"', ";expires=-1"])
    def test_so_is_the_end(self, expires: str) -> None:
        with refused("malformed_timestamp"):
            scheme(components=()).verify(BODY, resigned(";keyid", expires + ";keyid"))

    def test_what_is_over_by_its_own_word_is_refused(self) -> None:
        made = scheme(components=(), future_tolerance=timedelta(0))
        with refused("too_old", r"^the webhook's signature expired 1 s ago\n"):
            made.verify(BODY, resigned(";keyid", f";expires={SECONDS - 1};keyid"))
        with refused("no_match"):  # not over, but nobody signed that
            made.verify(BODY, resigned(";keyid", f";expires={SECONDS};keyid"))

    def test_no_number_is_too_large_to_be_refused(self) -> None:
        with refused("too_new"):
            scheme(components=()).verify(BODY, resigned(f"created={SECONDS}", "created=999999999999999"))


class TestHeaders:
    @pytest.mark.parametrize("name", ["signature", "signature-input", "content-digest"])
    def test_each_is_needed(self, name: str) -> None:
        headers = scheme().sign(None, BODY)
        del headers[name]
        with refused("missing_header", rf"^the webhook has no {name} header\n"):
            scheme().verify(BODY, headers)

    @pytest.mark.parametrize("name", ["signature", "signature-input"])
    @pytest.mark.parametrize("value", ["é", "sig1", "sig1=(", "sig2=()", "sig1=:AAAA:, sig1=:AAAA:", "\x00"])
    def test_each_is_a_dictionary_of_the_same_labels(self, name: str, value: str) -> None:
        said = r"^the signature-input and signature headers are not written by RFC 9421\n"
        with refused("malformed_header", said):
            scheme().verify(BODY, {**scheme().sign(None, BODY), name: value})

    def test_lines_of_one_name_are_one_value(self) -> None:
        headers = scheme({"new": WHSK, "old": SECRET}).sign(None, BODY)
        lines = [
            (name, part)
            for name, value in headers.items()
            for part in (value.split(", ") if name.startswith("signature") else [value])
        ]
        assert len(lines) == 5
        raw = [(name.encode(), part.encode()) for name, part in lines]
        assert scheme({"old": SECRET}).verify(BODY, raw).body == BODY

    @pytest.mark.parametrize("sent", [" msg_1", "msg_1\t", "\t msg_1 ", "msg_1\r\n "])
    def test_white_space_around_an_id_makes_no_other_id(self, sent: str) -> None:
        """It is not signed (RFC 9421, 2.1): a message sent again with a space is no other one."""
        headers = scheme().sign("msg_1", BODY) | {"webhook-id": sent}
        assert scheme().verify(BODY, headers).id == "msg_1"

    def test_an_id_that_is_signed_is_one(self) -> None:
        headers = scheme().sign("msg_1", BODY)
        for wrong in ([("Webhook-Id", "msg_2")], [("Webhook-Id", "msg_1")]):
            with refused("no_match"):
                scheme().verify(BODY, [*headers.items(), *wrong])

    def test_no_header_is_longer_than_any_honest_one(self) -> None:
        with refused("malformed_header", r"^the signature header is longer than 8192 characters\n"):
            scheme().verify(BODY, {**scheme().sign(None, BODY), "signature": "x" * 8193})

    @given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.binary(max_size=20))
    def test_any_headers_are_never_more_than_refused(
        self, signature: str, signature_input: str, digest: str, body: bytes
    ) -> None:
        good = scheme().sign(None, BODY)
        for headers in (
            {"signature": signature, "signature-input": signature_input, "content-digest": digest},
            {**good, "signature-input": "sig1=" + signature_input},
            {
                **good,
                "signature-input": f'sig1=({signature_input} "content-digest");created={SECONDS};keyid="k"',
            },
            {**good, "signature": "sig1=" + signature},
            {**good, "content-digest": digest},
        ):
            with pytest.raises(WebhookVerificationError):
                scheme().verify(body, headers)


class TestSettings:
    @pytest.mark.parametrize("keys", [{}, {"": SECRET}, {"é": SECRET}, {"a\n": SECRET}])
    def test_keys_have_ids(self, keys: dict[str, str]) -> None:
        with pytest.raises(
            ConfigurationError, match=r"^keys has no key, or a key id that is not printable ASCII\n"
        ):
            HttpSignatures(keys, url=URL)

    def test_a_wrong_secret_is_named_and_a_weak_one_warned_of(self) -> None:
        with pytest.raises(ConfigurationError, match=r"^the webhook secret is without a prefix"):
            scheme({"k": "text"})
        with pytest.raises(ConfigurationError, match=r"^the webhook secret is empty"):
            HttpSignatures.from_text({"k": ""}, url=URL)
        with pytest.warns(WeakSecretWarning, match="a webhook secret has 18 bytes; "):
            HttpSignatures({"k": KNOWN_ANSWERS[3].secret}, url=URL)

    @pytest.mark.parametrize(
        "settings",
        [
            {"url": "/hooks"},
            {"url": "https://receiver.example/é"},
            {"url": "https://receiver.example/\r\nX-Other: x"},
            {"method": "post"},
            {"method": "PO ST"},
            {"method": "POST\n", "components": ()},
            {"method": "", "components": ()},
            {"components": ["@x"]},
            {"components": ["@query-param"]},
        ],
    )
    def test_what_nothing_can_be_signed_of_is_refused_at_once(self, settings: dict[str, object]) -> None:
        with pytest.raises(
            ConfigurationError, match=r"^of such a request nothing can be signed: ."
        ) as caught:
            scheme(**settings)
        assert caught.value.hint == "give the whole address, and names such as @method"

    @pytest.mark.parametrize("components", ["@method", b"@method", None, 5])
    def test_components_are_several_names(self, components: object) -> None:
        kind = type(components).__name__
        with pytest.raises(TypeError, match=rf"^components must be a sequence of names, not one {kind}$"):
            scheme(components=components)
        with pytest.raises(TypeError, match=r"^a component must be a str, not bytes$"):
            scheme(components=["@method", b"@path"])

    @pytest.mark.parametrize("name", ["", "@", "X-Other", "x\r\ny", "x y", "é", '"x"', "x;sf", "@method\n"])
    def test_a_component_that_no_signature_can_cover_is_refused(self, name: str) -> None:
        with pytest.raises(ConfigurationError, match=r"^components has what is no name of one\n"):
            scheme(components=["@method", name])

    @pytest.mark.parametrize("name", ["url", "method"])
    @pytest.mark.parametrize("value", [None, 5, b"POST"])
    def test_settings_are_texts(self, name: str, value: object) -> None:
        with pytest.raises(TypeError, match=rf"^{name} must be a str, not {type(value).__name__}$"):
            scheme(**{name: value})

    @pytest.mark.parametrize("make", [HttpSignatures, HttpSignatures.from_text])
    def test_keys_are_texts_by_text(self, make: Callable[..., HttpSignatures]) -> None:
        for keys in (None, 5, SECRET, [SECRET]):
            with pytest.raises(TypeError, match=r"^keys must be a mapping of key ids to secrets, not "):
                make(keys, url=URL)
        for key_id in (None, 5, b"k"):
            with pytest.raises(TypeError, match=r"^a key id must be a str, not "):
                make({key_id: SECRET}, url=URL)
        for secret in (None, 5, b"x", [SECRET, SECRET]):
            with pytest.raises(TypeError, match=r"^a secret must be a str, not "):
                make({"k": secret}, url=URL)

    def test_without_the_package_the_extra_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(sys.modules, "hamilton_sdk.webhooks._rfc9421", raising=False)
        monkeypatch.setitem(sys.modules, "http_message_signatures", None)
        monkeypatch.delattr("hamilton_sdk.webhooks._rfc9421", raising=False)
        with pytest.raises(
            ConfigurationError, match="http-message-signatures, which is not installed"
        ) as caught:
            HttpSignatures({"k": SECRET}, url=URL)
        assert caught.value.hint == "pip install 'hamilton-apps-sdk[http-signatures]'"

    def test_secrets_are_neither_shown_nor_pickled(self) -> None:
        assert repr(scheme({"a": SECRET, "b": WHPK})) == "<HttpSignatures with the keys 'a', 'b'>"
        with pytest.raises(TypeError, match=r"^an HttpSignatures holds secrets and is not pickled"):
            pickle.dumps(scheme())
