"""Private keys: in every form of PEM, read anew, parsed once."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.graph._pem import PrivateKey, blocks, is_at_hand, pem_source, secret_source
from hamilton_sdk.secrets import EnvironmentSecret, FileSecret, StaticSecret
from tests.graph.exchange.entra import Changing, certificate_pem, key, key_pem


@pytest.mark.parametrize("form", ["TraditionalOpenSSL", "PKCS8"])
def test_both_forms_of_encrypted_pem_are_read(form):
    pem = key().private_bytes(
        serialization.Encoding.PEM,
        getattr(serialization.PrivateFormat, form),
        serialization.BestAvailableEncryption(b"opens it"),
    )
    found = PrivateKey(StaticSecret(pem.decode()), StaticSecret("opens it")).get()
    assert found.private_numbers() == key().private_numbers()


def test_it_is_parsed_anew_only_when_it_has_changed():
    source = Changing(key_pem())
    private = PrivateKey(source, None)
    assert private.get() is private.get()
    source.value = key_pem("second")
    assert private.get().private_numbers() == key("second").private_numbers()
    assert source.asked == 3


def test_a_password_that_changed_is_used():
    password = Changing("wrong")
    private = PrivateKey(StaticSecret(key_pem(password="opens it")), password)
    with pytest.raises(ConfigurationError, match="password is wrong"):
        private.get()
    password.value = "opens it"
    assert private.get().key_size == 2048


@pytest.mark.parametrize(
    ("pem", "password", "message"),
    [
        (certificate_pem(), None, "is not in the PEM"),
        (key_pem(password="opens it"), None, "needs a password"),
        (key_pem(), "none needed", "has no password"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", None, "cannot be read"),
        (key_pem(private=ec.generate_private_key(ec.SECP256R1())), None, "no RSA key"),
    ],
)
def test_what_is_no_key_is_told_without_its_content(pem, password, message):
    with pytest.raises(ConfigurationError, match=message) as caught:
        PrivateKey(StaticSecret(pem), None if password is None else StaticSecret(password)).get()
    assert "AAAA" not in f"{caught.value} {caught.value.hint}"


def test_a_path_a_text_and_a_source_are_told_apart(tmp_path):
    source = Changing(key_pem())
    assert pem_source(source) is source
    assert secret_source(source) is source
    assert isinstance(pem_source(key_pem()), StaticSecret)
    assert isinstance(pem_source(str(tmp_path / "key.pem")), FileSecret)
    assert isinstance(pem_source(tmp_path / "key.pem"), FileSecret)
    assert isinstance(secret_source("text"), StaticSecret)
    with pytest.raises(TypeError, match="bytes"):
        pem_source(b"-----BEGIN PRIVATE KEY-----")


def test_only_texts_and_files_can_be_read_at_any_time():
    assert is_at_hand(StaticSecret("text"))
    assert is_at_hand(FileSecret("nowhere"))
    assert not is_at_hand(EnvironmentSecret("LATER"))


def test_blocks_are_found_by_how_their_label_ends():
    pem = f"before\n{certificate_pem()}between\n{key_pem()}after"
    assert [each.decode() for each in blocks(pem, "PRIVATE KEY")] == [key_pem().strip()]
    assert [each.decode() for each in blocks(pem, "CERTIFICATE")] == [certificate_pem().strip()]
