"""A secret is read strictly: the wrong kind is named when it is given, and nothing ever shows it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import traceback
import warnings

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks._keys import (
    PublicKey,
    SecretKey,
    SymmetricKey,
    WeakSecretWarning,
    key_pair,
    public_text,
    read_keys,
    symmetric_secret,
    text_keys,
)
from tests.webhooks.vectors import ED25519_PAIR, SECRET

SEED_AND_PUBLIC = base64.b64decode(ED25519_PAIR[0].removeprefix("whsk_"))


def b64(material: bytes) -> str:
    return base64.b64encode(material).decode("ascii")


def one(secret: str) -> SymmetricKey | SecretKey | PublicKey:
    (key,) = read_keys(secret, stacklevel=1)
    return key


def wrong(secret: str) -> tuple[str, str | None]:
    """What an integrator reads of a wrong secret; nothing in it, nor in what led to it, is the secret."""
    with pytest.raises(ConfigurationError) as caught:
        read_keys(secret, stacklevel=1)
    error = caught.value
    told = "".join(traceback.format_exception(error, limit=0)) + repr(error)
    assert len(secret.strip()) <= len("whsec_") or secret not in told
    assert error.__cause__ is None
    assert error.__context__ is None
    assert str(error).startswith("the webhook secret is ")
    return str(error).removeprefix("the webhook secret is "), error.hint


class TestSymmetric:
    @given(st.binary(max_size=200), st.binary(max_size=300), st.binary(max_size=300))
    def test_its_code_is_hmac_sha256_of_both_parts(self, material: bytes, prefix: bytes, body: bytes) -> None:
        expected = hmac.digest(material, prefix + body, "sha256")
        key = SymmetricKey(material)
        assert key.digest(prefix, body) == expected
        assert key.digest(prefix, body) == expected, "a prepared key is not used up"
        assert key.sign(prefix, body) == base64.b64encode(expected)

    @pytest.mark.parametrize("size", [63, 64, 65])
    def test_a_key_longer_than_a_block_is_hashed_first(self, size: int) -> None:
        material = bytes(range(1, size + 1))
        assert SymmetricKey(material).digest(b"", b"x") == hmac.digest(material, b"x", "sha256")

    def test_it_finds_its_signature_among_others(self) -> None:
        key = SymmetricKey(b"k" * 24)
        good, other = key.sign(b"a.", b"b"), key.sign(b"a.", b"c")
        assert key.matches(b"a.", b"b", [other, good])
        assert key.matches(b"a.", b"b", [good])
        assert not key.matches(b"a.", b"b", [other])
        assert not key.matches(b"a.", b"b", [])
        assert not SymmetricKey(b"l" * 24).matches(b"a.", b"b", [good])

    def test_it_knows_a_header_that_holds_nothing_but_its_signature(self) -> None:
        key = SymmetricKey(b"k" * 24)
        header = "v1," + key.sign(b"a.", b"b").decode("ascii")
        assert key.is_header(header, b"a.", b"b")
        for other in (header + " ", header[:-1], header.replace("v1", "v2"), "é" + header[1:], "", "\ud800"):
            assert not key.is_header(other, b"a.", b"b")
        assert not key.is_header(header, b"a.", b"c")

    def test_it_is_version_1(self) -> None:
        assert SymmetricKey(b"k").version == "v1"
        assert SymmetricKey(b"k").material == b"k"


class TestEd25519:
    def test_a_secret_key_signs_and_its_public_key_verifies(self) -> None:
        secret, public = one(ED25519_PAIR[0]), one(ED25519_PAIR[1])
        assert isinstance(secret, SecretKey)
        assert type(public) is PublicKey
        assert secret.version == public.version == "v1a"
        assert secret.material == public.material == SEED_AND_PUBLIC[32:]
        good, other = secret.sign(b"a.", b"b"), secret.sign(b"a.", b"c")
        for key in (secret, public):
            assert key.matches(b"a.", b"b", [other, good])
            assert not key.matches(b"a.", b"b", [other])
            assert not key.matches(b"a.", b"b", [])

    def test_it_is_pure_ed25519_over_the_bytes_themselves(self) -> None:
        private = Ed25519PrivateKey.from_private_bytes(SEED_AND_PUBLIC[:32])
        assert base64.b64decode(SecretKey(SEED_AND_PUBLIC).sign(b"a.", b"b")) == private.sign(b"a.b")

    def test_another_pairs_signature_is_not_accepted(self) -> None:
        made, public = key_pair()
        signature = SecretKey(SEED_AND_PUBLIC).sign(b"a.", b"b")
        assert not one(made).matches(b"a.", b"b", [signature])
        assert not one(public).matches(b"a.", b"b", [signature])

    def test_the_halves_must_belong_together(self) -> None:
        other = base64.b64decode(key_pair()[1].removeprefix("whpk_"))
        said, hint = wrong("whsk_" + b64(SEED_AND_PUBLIC[:32] + other))
        assert said == "a whsk_ secret whose halves do not belong together"
        assert hint == "it is base64 of the 32-byte seed followed by the 32-byte public key of that seed"

    def test_a_pair_is_written_as_svix_writes_it(self) -> None:
        secret, public = key_pair()
        assert secret.startswith("whsk_")
        assert public.startswith("whpk_")
        material = base64.b64decode(secret.removeprefix("whsk_"))
        assert len(material) == 64
        assert public_text(material[32:]) == public
        assert key_pair()[0] != secret


class TestReading:
    def test_a_symmetric_secret_is_base64_behind_its_prefix(self) -> None:
        key = one(SECRET)
        assert isinstance(key, SymmetricKey)
        assert key.material == base64.b64decode(SECRET[6:])

    @given(st.binary(min_size=24, max_size=75))
    def test_what_is_written_is_read(self, material: bytes) -> None:
        assert one(symmetric_secret(material)).material == material

    @pytest.mark.parametrize("size", [24, 25, 26])
    def test_padding_may_be_left_out(self, size: int) -> None:
        """Some issuers do (standard-webhooks, pull request 265)."""
        material = bytes(range(200, 200 + size))
        assert one(symmetric_secret(material).rstrip("=")).material == material

    def test_several_keep_their_order_and_each_counts_once(self) -> None:
        other = symmetric_secret(b"o" * 32)
        keys = read_keys([other, SECRET, other, ED25519_PAIR[1]], stacklevel=1)
        assert [key.material for key in keys] == [
            one(each).material for each in (other, SECRET, ED25519_PAIR[1])
        ]
        assert len(read_keys((SECRET,), stacklevel=1)) == 1

    def test_one_at_least_is_needed(self) -> None:
        with pytest.raises(ConfigurationError, match=r"^no webhook secret was given\n") as caught:
            read_keys([], stacklevel=1)
        assert caught.value.hint == "give at least one; of several, the newest first"

    @pytest.mark.parametrize("given", [None, b"whsec_", 7, {SECRET}, {SECRET: 1}])
    def test_a_secret_is_text(self, given: object) -> None:
        said = rf"^a secret must be a str, or a list or tuple of them, not {type(given).__name__}$"
        with pytest.raises(TypeError, match=said):
            read_keys(given, stacklevel=1)  # type: ignore[arg-type]  # what a caller may get wrong
        with pytest.raises(TypeError, match=rf"^a secret must be a str, not {type(given).__name__}$"):
            read_keys([SECRET, given], stacklevel=1)  # type: ignore[list-item]  # what a caller may get wrong


class TestStrength:
    @pytest.mark.parametrize("size", [16, 18, 23])
    def test_a_secret_below_the_standards_24_bytes_is_taken_with_a_warning(self, size: int) -> None:
        with pytest.warns(
            WeakSecretWarning, match=f"has {size} bytes; Standard Webhooks asks for 24"
        ) as caught:
            keys = read_keys(
                [SECRET, symmetric_secret(b"k" * 23), symmetric_secret(b"k" * size)], stacklevel=1
            )
        assert keys[-1].material == b"k" * size
        assert len(caught) == 1

    @pytest.mark.parametrize("size", [24, 32, 64, 75])
    def test_from_24_bytes_on_there_is_none(self, size: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert one(symmetric_secret(b"k" * size)).material == b"k" * size

    def test_ed25519_keys_have_the_length_they_have(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert one(ED25519_PAIR[1]).version == "v1a"

    @pytest.mark.parametrize("size", [0, 1, 15, 76, 200])
    def test_what_is_no_key_by_its_length_is_refused(self, size: int) -> None:
        said, hint = wrong("whsec_" + b64(b"k" * size)) if size else ("", "")
        if size:
            assert said == f"a whsec_ secret of {size} bytes, and 16 to 75 are taken"
            assert hint is not None
            assert "Webhook.generate_secret()" in hint


HEX = hashlib.sha256(b"x").hexdigest()
FROM_HEX = (
    'give "whsec_" + base64.b64encode(bytes.fromhex(...)).decode(); if its text is the key, use from_text'
)
CUT_OFF = "was it cut off, or is its text the key (from_text)? Webhook.generate_secret() makes a new one"
URL_SAFE = base64.urlsafe_b64encode(b"\xff\xfe\xfd" * 8).decode("ascii")


class TestWrongKinds:
    @pytest.mark.parametrize(
        ("secret", "said"),
        [
            ("", "empty"),
            (" \n", "empty"),
            ('""', "empty"),
            (f"v1,{SECRET}", "one with the version before it"),
            (f"v1a,{ED25519_PAIR[1]}", "one with the version before it"),
            (f" {SECRET}", "one with quotes or white space around it"),
            (f"{SECRET}\n", "one with quotes or white space around it"),
            (f"{SECRET}\r", "one with quotes or white space around it"),
            (f"{SECRET}\t", "one with quotes or white space around it"),
            (f'"{SECRET}"', "one with quotes or white space around it"),
            (f"'{SECRET}'", "one with quotes or white space around it"),
            (f'{SECRET}"', "one with quotes or white space around it"),
            (f"whsec_{SECRET}", "one with a second prefix behind whsec_"),
            (f"whsec_{ED25519_PAIR[1]}", "one with a second prefix behind whsec_"),
            (HEX, "hexadecimal"),
            (HEX.upper(), "hexadecimal"),
            (f"whsec_{HEX}", "hexadecimal behind whsec_"),
            (f"whsec_{URL_SAFE}", "base64url behind whsec_"),
            ("whsec_-" + "a" * 31, "base64url behind whsec_"),
            ("whsec_" + "a" * 30 + "_=", "base64url behind whsec_"),
            ("whsec_", "not base64 behind whsec_"),
            ("whsec_a b", "not base64 behind whsec_"),
            ("whsec_" + "a" * 30 + "é", "not base64 behind whsec_"),
            ("whsec_aaaa===", "not base64 behind whsec_"),
            ("whsec_aa=aa", "not base64 behind whsec_"),
            (SECRET[:-3], "cut off: no base64 behind whsec_ has such a length"),
            (SECRET[:-3] + "=", "cut off: no base64 behind whsec_ has such a length"),
            (SECRET.removeprefix("whsec_"), "without a prefix"),
            ("an old text", "without a prefix"),
            ("WHSEC_" + SECRET[6:], "without a prefix"),
            ("-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----\n", "a PEM file"),
            (symmetric_secret(SECRET.encode()), "a whsec_ secret that was encoded in base64 a second time"),
            ("whpk_" + b64(SEED_AND_PUBLIC), "a whpk_ key of 64 bytes instead of 32"),
            ("whsk_" + b64(SEED_AND_PUBLIC[:32]), "a whsk_ key of 32 bytes instead of 64"),
            ("whsk_" + b64(SEED_AND_PUBLIC) + "A", "not base64 behind whsk_"),
        ],
    )
    def test_it_is_named_with_a_way_out(self, secret: str, said: str) -> None:
        told, hint = wrong(secret)
        assert told == said
        assert hint

    @pytest.mark.parametrize(
        ("secret", "hint"),
        [
            ("", "an unset variable is a usual reason"),
            (f" {SECRET}", "remove what stands around it"),
            (f"{SECRET}\n", "remove what stands around it"),
            (f"v1,{SECRET}", "begin at whsec_, whsk_ or whpk_"),
            (f"whsec_{SECRET}", "keep the inner one alone"),
            ("-----BEGIN PUBLIC KEY-----", "give the raw key in base64 behind whsk_ or whpk_"),
            (HEX, FROM_HEX),
            (f"whsec_{HEX}", FROM_HEX),
            (f"whsec_{URL_SAFE}", "write it in standard base64, with + in place of - and / in place of _"),
            ("whsec_a b", "copy it anew"),
            (SECRET[:-3], "copy it anew"),
            ("old text", "put whsec_ before it if it is base64; if its text is the key, use from_text"),
            (symmetric_secret(SECRET.encode()), "decode it once, and give that"),
            (symmetric_secret(b"k"), CUT_OFF),
            ("whpk_" + b64(b"k"), "it is base64 of the 32-byte public key"),
        ],
    )
    def test_the_hint_says_how_to_write_it(self, secret: str, hint: str) -> None:
        assert wrong(secret)[1] == hint

    @given(st.text(max_size=60) | st.text(max_size=60).map("whsec_".__add__))
    def test_any_text_is_a_key_or_a_mistake_that_has_a_name(self, secret: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", WeakSecretWarning)
            try:
                assert one(secret).material
            except ConfigurationError as error:
                assert error.hint


LINE_BREAK = "remove it: a line break at the end of a file is usual"


class TestText:
    @given(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
            lambda text: text == text.strip()
        )
    )
    def test_its_utf_8_bytes_are_the_key(self, text: str) -> None:
        (key,) = text_keys(text)
        assert key.material == text.encode()

    def test_a_prefix_belongs_to_it(self) -> None:
        """As Stripe does, whose secrets begin with whsec_ too."""
        assert text_keys(SECRET)[0].material == SECRET.encode()

    def test_several_keep_their_order_and_each_counts_once(self) -> None:
        assert [key.material for key in text_keys(["b", "a", "b"])] == [b"b", b"a"]

    @pytest.mark.parametrize(
        ("text", "said", "hint"),
        [
            ("", "empty", "an unset variable is a usual reason"),
            ("secret\n", "a text with white space around it", LINE_BREAK),
            (" secret", "a text with white space around it", LINE_BREAK),
            ("secret\ud800", "a text that UTF-8 cannot write", "read it as UTF-8 from where it came"),
        ],
    )
    def test_what_no_sender_means_is_named(self, text: str, said: str, hint: str) -> None:
        with pytest.raises(ConfigurationError, match=rf"^the webhook secret is {said}\n") as caught:
            text_keys(text)
        assert caught.value.hint == hint
        assert caught.value.__context__ is None

    def test_it_is_text(self) -> None:
        with pytest.raises(TypeError, match=r"not bytes$"):
            text_keys(b"secret")  # type: ignore[arg-type]  # what a caller may get wrong
