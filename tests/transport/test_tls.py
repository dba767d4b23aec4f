"""The TLS policy, and files that cannot be used: each named, with what is wrong, before the first call."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate
from pydantic import SecretStr

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.transport import Http
from hamilton_sdk.transport.tls import check_files, client_context, proxy_context

if TYPE_CHECKING:
    from pathlib import Path

    from hamilton_sdk.testing.authority import Authority, Identity


def public() -> ssl.SSLContext:
    """Stands for the usual public authorities: trusts none, which is told apart by its flags."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    return context


def fresh_public() -> ssl.SSLContext:
    return public()


@pytest.fixture
def encrypted(client: Identity, tmp_path: Path) -> Path:
    """The client's key, under a password."""
    key = load_pem_private_key(client.key.read_bytes(), password=None)
    path = tmp_path / "encrypted.key"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"open sesame"),
        )
    )
    return path


@pytest.mark.parametrize("settings", ["public", "private", "mutual", "both"])
@pytest.mark.parametrize("make", [client_context, proxy_context])
def test_tls_1_2_is_the_floor_and_verification_is_on(
    make: object, settings: str, authority: Authority, client: Identity
) -> None:
    assert callable(make)
    http = {
        "public": Http(),
        "private": Http(ca=authority.ca),
        "mutual": Http(client_certificate=(client.certificate, client.key)),
        "both": Http(ca=str(authority.ca), client_certificate=(str(client.certificate), str(client.key))),
    }[settings]
    context = make(http, public)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_private_authorities_are_trusted_alone(authority: Authority) -> None:
    context = client_context(Http(ca=authority.ca), public)
    assert [certificate["subject"] for certificate in context.get_ca_certs()] == [
        ((("commonName", "Hamilton SDK throw-away authority"),),)
    ]


def test_the_public_authorities_are_read_once_where_nothing_is_added_to_them(client: Identity) -> None:
    assert client_context(Http(), public) is proxy_context(Http(), public)
    mutual = Http(client_certificate=(client.certificate, client.key))
    assert client_context(mutual, public) is not client_context(Http(), public)
    assert proxy_context(mutual, public) is proxy_context(Http(), public)
    assert client_context(Http(), fresh_public) is not client_context(Http(), public)


@pytest.mark.parametrize("setting", ["ca", "certificate", "key"])
def test_a_missing_file_is_named(setting: str, client: Identity, tmp_path: Path) -> None:
    missing = tmp_path / "missing.pem"
    given = {
        "ca": {"ca": missing},
        "certificate": {"client_certificate": (missing, client.key)},
        "key": {"client_certificate": (client.certificate, missing)},
    }[setting]
    with pytest.raises(ConfigurationError, match=r"missing\.pem cannot be read: no such file") as caught:
        Http(**given)
    assert caught.value.hint == "check the path, and that this process's user may read it"


def test_a_folder_given_for_a_file_is_named(client: Identity, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read: is a directory"):
        Http(client_certificate=(tmp_path, client.key))


def test_a_folder_without_certificates_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(ConfigurationError, match="holds no certificate") as caught:
        Http(ca=tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_every_file_of_a_folder_must_be_a_certificate(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "good.pem").write_bytes(authority.ca.read_bytes())
    (tmp_path / "odd.crt").write_text("nothing")
    with pytest.raises(ConfigurationError, match=r"odd\.crt holds no certificate in PEM"):
        Http(ca=tmp_path)


def test_a_file_that_is_no_pem_is_told_how_one_looks(tmp_path: Path) -> None:
    (tmp_path / "odd.pem").write_text("nothing")
    with pytest.raises(ConfigurationError, match="holds no certificate in PEM") as caught:
        Http(ca=tmp_path / "odd.pem")
    assert caught.value.hint == "a PEM file has a line -----BEGIN CERTIFICATE-----"


def test_a_file_in_binary_form_is_told_how_to_convert_it(authority: Authority, tmp_path: Path) -> None:
    certificate = load_pem_x509_certificate(authority.ca.read_bytes())
    (tmp_path / "ca.cer").write_bytes(certificate.public_bytes(serialization.Encoding.DER))
    with pytest.raises(ConfigurationError, match="holds no certificate in PEM") as caught:
        Http(ca=tmp_path / "ca.cer")
    assert "openssl x509 -inform der -in ca.cer" in (caught.value.hint or "")


def test_a_damaged_authority_is_named(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.pem"
    damaged.write_text("-----BEGIN CERTIFICATE-----\nbm90IGE=\n-----END CERTIFICATE-----\n")
    with pytest.raises(ConfigurationError, match=r"a certificate in .*damaged\.pem is damaged"):
        Http(ca=damaged)


def test_certificate_and_key_swapped_is_told(client: Identity) -> None:
    with pytest.raises(ConfigurationError, match=r"\.key holds no certificate in PEM"):
        Http(client_certificate=(client.key, client.certificate))


def test_a_key_of_another_certificate_is_told(client: Identity, authority: Authority) -> None:
    other = authority.issue_client("other")
    with pytest.raises(ConfigurationError, match="does not belong to the certificate in") as caught:
        Http(client_certificate=(client.certificate, other.key))
    assert str(other.key) in str(caught.value)


def test_a_damaged_pair_is_told(client: Identity, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.key"
    damaged.write_text("-----BEGIN PRIVATE KEY-----\nbm90IGE=\n-----END PRIVATE KEY-----\n")
    with pytest.raises(ConfigurationError, match="are no usable pair") as caught:
        Http(client_certificate=(client.certificate, damaged))
    assert str(damaged) in str(caught.value)


@pytest.mark.parametrize("password", ["open sesame", SecretStr("open sesame")], ids=["text", "secret"])
def test_an_encrypted_key_opens_with_its_password(
    client: Identity, encrypted: Path, password: object
) -> None:
    http = Http(client_certificate=(client.certificate, encrypted), client_key_password=password)
    check_files(http)
    assert "sesame" not in repr(http)


def test_an_encrypted_key_without_password_is_told_and_nobody_is_asked(
    client: Identity, encrypted: Path
) -> None:
    with pytest.raises(ConfigurationError, match=r"encrypted\.key is encrypted") as caught:
        Http(client_certificate=(client.certificate, encrypted))
    assert "client_key_password" in (caught.value.hint or "")


def test_a_wrong_password_is_told_and_not_shown(client: Identity, encrypted: Path) -> None:
    with pytest.raises(ConfigurationError, match="is not opened by client_key_password") as caught:
        Http(client_certificate=(client.certificate, encrypted), client_key_password="closed sesame")
    assert "sesame" not in f"{caught.value!r}{caught.value.__notes__}{caught.value.__cause__!r}"
