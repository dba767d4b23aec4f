"""Rich notifications are opened exactly as Graph encrypts them; anything that was changed is not."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import hashes

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.graph.notifications.decryption import (
    DecryptionKey,
    DecryptionKeys,
    Undecryptable,
    UnknownCertificate,
)
from hamilton_sdk.graph.notifications.models import EncryptedContent
from tests.graph.exchange.entra import Changing, key_pem
from tests.graph.notifications.posted import EVENT, encrypted, text


def content(**more):
    made = encrypted(**more)
    return EncryptedContent(
        data=made["data"],
        signature=made["dataSignature"],
        key=made["dataKey"],
        certificate_id=made["encryptionCertificateId"],
    )


def keys(*names: str) -> DecryptionKeys:
    return DecryptionKeys(DecryptionKey(name, key_pem(name)) for name in names)


def test_an_event_is_opened():
    assert keys("first").open(content()) == EVENT


def test_during_rotation_the_certificate_id_chooses_the_key():
    both = keys("first", "second")
    assert both.open(content(certificate_id="second")) == EVENT
    assert both.open(content(certificate_id="first")) == EVENT


def test_a_certificate_without_a_key_is_told_apart():
    with pytest.raises(UnknownCertificate):
        keys("second").open(content())


def test_the_private_key_is_read_anew():
    source = Changing(key_pem("second"))
    both = DecryptionKeys([DecryptionKey("first", source)])
    assert source.asked == 0
    with pytest.raises(Undecryptable):
        both.open(content())
    source.value = key_pem("first")
    assert both.open(content()) == EVENT


def test_a_key_with_a_password_is_opened():
    key = DecryptionKey("first", key_pem(password="opens it"), password="opens it")
    assert DecryptionKeys([key]).open(content()) == EVENT


def changed(written: str, at: int = 0) -> str:
    raw = bytearray(base64.b64decode(written))
    raw[at] ^= 1
    return text(bytes(raw))


@pytest.mark.parametrize("name", ["data", "dataSignature", "dataKey"])
@pytest.mark.parametrize("at", [0, -1])
def test_any_changed_byte_is_noticed(name, at):
    made = encrypted()
    with pytest.raises(Undecryptable):
        keys("first").open(content(**{name: changed(made[name], at)}))


@pytest.mark.parametrize("name", ["data", "dataSignature", "dataKey"])
@pytest.mark.parametrize("value", ["***", "é", "AAA", "AAAA"])
def test_what_is_no_base64_or_too_short_is_noticed(name, value):
    with pytest.raises(Undecryptable):
        keys("first").open(content(**{name: value}))


def test_only_oaep_with_sha_1_is_graphs():
    with pytest.raises(Undecryptable):
        keys("first").open(content(sha=hashes.SHA256))


def test_only_a_key_of_32_bytes_is_graphs():
    with pytest.raises(Undecryptable):
        keys("first").open(content(symmetric=b"k" * 16))


def test_the_initialisation_vector_is_the_beginning_of_the_key():
    with pytest.raises(Undecryptable):
        keys("first").open(content(iv=b"\0" * 16))


@pytest.mark.parametrize("plain", [b"", b"[]", b"no json", b"\xff", b"[" * 100_000])
def test_content_that_is_no_event_is_noticed(plain):
    with pytest.raises(Undecryptable):
        keys("first").open(content(plain=plain))


def test_data_that_ends_within_a_block_is_noticed():
    """Its signature is good: it never was encrypted so."""
    import hashlib
    import hmac

    symmetric = b"k" * 32
    made = content(symmetric=symmetric)
    data = b"short"
    odd = EncryptedContent(
        data=text(data),
        signature=text(hmac.new(symmetric, data, hashlib.sha256).digest()),
        key=made.key,
        certificate_id="first",
    )
    with pytest.raises(Undecryptable):
        keys("first").open(odd)


@pytest.mark.parametrize(
    ("certificate_id", "pem", "password"),
    [
        ("", key_pem(), None),
        ("x" * 129, key_pem(), None),
        ("first", "/nowhere/key.pem", None),
        ("first", key_pem(), "none needed"),
    ],
)
def test_a_wrong_setting_is_told_when_it_is_made(certificate_id, pem, password):
    with pytest.raises(ConfigurationError):
        DecryptionKey(certificate_id, pem, password=password)


def test_two_keys_of_one_certificate_are_a_mistake():
    with pytest.raises(ConfigurationError, match="same certificate_id"):
        keys("first", "first")


def test_its_repr_does_not_show_the_key():
    assert repr(DecryptionKey("first", key_pem())) == "DecryptionKey('first', ...)"
