"""Secrets and certificates: checked where they are given, read anew where they are used, never shown."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pydantic import SecretStr

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.graph.exchange.credentials import ClientCertificate, ClientSecret
from hamilton_sdk.secrets import EnvironmentSecret
from tests.graph.exchange.entra import Changing, certificate, certificate_pem, key, key_pem


@pytest.mark.parametrize("given", ["s3cret", SecretStr("s3cret")])
def test_a_secret_is_given_as_text(given):
    credential = ClientSecret(given)
    assert credential.client_credential() == "s3cret"
    assert "s3cret" not in repr(credential)


def test_a_secret_is_read_anew_each_time(monkeypatch):
    credential = ClientSecret(EnvironmentSecret("ENTRA_SECRET"))
    for value in ("one", "two"):
        monkeypatch.setenv("ENTRA_SECRET", value)
        assert credential.client_credential() == value
    monkeypatch.delenv("ENTRA_SECRET")
    with pytest.raises(ConfigurationError, match="ENTRA_SECRET"):
        credential.client_credential()


def test_an_empty_secret_is_refused_at_once():
    with pytest.raises(ConfigurationError):
        ClientSecret("  ")
    with pytest.raises(TypeError):
        ClientSecret(5)


def same(credential: ClientCertificate, name: str = "first") -> bool:
    """Whether it is that key and certificate, as MSAL would get them."""
    told = credential.client_credential()
    assert set(told) == {"private_key", "public_certificate"}
    private = serialization.load_pem_private_key(told["private_key"].encode(), None)
    return private.private_numbers() == key(name).private_numbers() and told[
        "public_certificate"
    ] == certificate_pem(name)


def test_key_and_certificate_are_texts():
    assert same(ClientCertificate(key_pem(), certificate_pem()))


def test_key_and_certificate_are_paths(tmp_path):
    (tmp_path / "key.pem").write_text(key_pem())
    (tmp_path / "certificate.pem").write_text(certificate_pem())
    assert same(ClientCertificate(tmp_path / "key.pem", str(tmp_path / "certificate.pem")))


@pytest.mark.parametrize("parts", [(0, 1), (1, 0), (2, 0, 1), (2, 1, 0)])
def test_both_stand_in_one_file_in_any_order_with_a_chain(tmp_path, parts):
    texts = (key_pem(), certificate_pem(), certificate_pem("second"))
    (tmp_path / "all.pem").write_text("# made by hand\n".join(texts[each] for each in parts))
    assert same(ClientCertificate(tmp_path / "all.pem"))


@pytest.mark.parametrize("password", ["opens it", SecretStr("opens it"), Changing("opens it")])
def test_a_password_opens_the_key(password):
    assert same(ClientCertificate(key_pem(password="opens it"), certificate_pem(), password=password))


def test_files_are_read_anew_so_that_a_rotated_certificate_needs_no_restart(tmp_path):
    path = tmp_path / "all.pem"
    path.write_text(key_pem() + certificate_pem())
    credential = ClientCertificate(path)
    path.write_text(key_pem("second") + certificate_pem("second"))
    assert same(credential, "second")


def test_a_source_of_ones_own_is_left_alone_until_a_token_is_asked_for():
    """It may ask a network; and it may not be there yet."""
    source = Changing("nothing yet")
    credential = ClientCertificate(source, certificate_pem())
    assert source.asked == 0
    source.value = key_pem()
    assert same(credential)
    assert source.asked == 1


def test_thumbprints_are_computed():
    credential = ClientCertificate(key_pem(), certificate_pem())
    assert credential.thumbprint == certificate().fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 (as Entra ID shows it)
    assert credential.thumbprint_sha256 == certificate().fingerprint(hashes.SHA256()).hex().upper()


def test_nothing_of_it_is_shown():
    credential = ClientCertificate(key_pem(), certificate_pem())
    assert repr(credential) == "ClientCertificate(...)"


ELLIPTIC = key_pem(private=ec.generate_private_key(ec.SECP256R1()))
SMALL = key_pem(private=rsa.generate_private_key(public_exponent=65537, key_size=1024))  # noqa: S505 (to see it refused)


@pytest.mark.parametrize(
    ("arguments", "password", "message"),
    [
        ((certificate_pem(),), None, "private key is not in"),
        ((key_pem(),), None, "no certificate that belongs"),
        ((key_pem(), certificate_pem("second")), None, "no certificate that belongs"),
        ((key_pem(password="opens it"), certificate_pem()), None, "needs a password"),
        ((key_pem(password="opens it"), certificate_pem()), "wrong", "password is wrong"),
        ((key_pem(), certificate_pem()), "none needed", "has no password"),
        ((ELLIPTIC, certificate_pem()), None, "no RSA key"),
        ((SMALL, certificate_pem()), None, "no RSA key"),
        (
            ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", certificate_pem()),
            None,
            "cannot be read",
        ),
        (
            (key_pem(), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
            None,
            "certificate cannot be read",
        ),
        (("/nowhere/key.pem",), None, "cannot be read"),
    ],
)
def test_what_does_not_fit_is_told_when_it_is_given(arguments, password, message):
    with pytest.raises(ConfigurationError, match=message) as caught:
        ClientCertificate(*arguments, password=password)
    shown = f"{caught.value} {caught.value.__notes__}"
    assert caught.value.hint
    assert "AAAA" not in shown
    assert "MII" not in shown


@pytest.mark.parametrize("given", [5, None, b"-----BEGIN PRIVATE KEY-----"])
def test_a_value_of_another_type_is_named(given):
    with pytest.raises(TypeError, match=type(given).__name__):
        ClientCertificate(given)
