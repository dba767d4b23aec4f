"""The throw-away authority: what it issues is trusted by whoever trusts it, and by nobody else."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.testing.authority import Authority

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "new" / "folder")


def load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def names(certificate: x509.Certificate) -> tuple[list[str], list[object]]:
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return found.get_values_for_type(x509.DNSName), found.get_values_for_type(x509.IPAddress)


def verify(certificate: Path, ca: Path, name: str) -> None:
    builder = PolicyBuilder().store(Store([load(ca)])).time(datetime.now(UTC))
    builder.build_server_verifier(x509.DNSName(name)).verify(load(certificate), [])


def test_a_server_is_verified_by_its_authority_for_its_name(authority: Authority, tmp_path: Path) -> None:
    server = authority.issue_server("aeos.example")
    verify(server.certificate, authority.ca, "aeos.example")
    with pytest.raises(VerificationError):
        verify(server.certificate, authority.ca, "other.example")
    with pytest.raises(VerificationError):
        verify(server.certificate, Authority(tmp_path / "other").ca, "aeos.example")


def test_names_and_addresses_are_told_apart(authority: Authority) -> None:
    server = authority.issue_server("aeos.example", "10.1.2.3", "2001:db8::1", "localhost")
    assert names(load(server.certificate)) == (
        ["aeos.example", "localhost"],
        [IPv4Address("10.1.2.3"), IPv6Address("2001:db8::1")],
    )


def test_without_a_name_a_server_is_for_this_machine(authority: Authority) -> None:
    server = authority.issue_server()
    assert names(load(server.certificate)) == (["localhost"], [IPv4Address("127.0.0.1"), IPv6Address("::1")])


def test_a_client_is_named_and_is_no_server(authority: Authority) -> None:
    client = load(authority.issue_client("connector").certificate)
    assert client.subject.rfc4514_string() == "CN=connector"
    usage = client.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]


def test_keys_are_p_256_and_belong_to_their_certificates(authority: Authority) -> None:
    for identity in (authority.issue_server(), authority.issue_client("connector")):
        key = load_pem_private_key(identity.key.read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        assert isinstance(key.curve, ec.SECP256R1)
        assert key.public_key() == load(identity.certificate).public_key()


def test_files_are_readable_by_their_owner_alone(authority: Authority) -> None:
    server = authority.issue_server()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (authority.ca, server.certificate, server.key)] == [
        0o600
    ] * 3
    assert stat.S_IMODE(authority.ca.parent.stat().st_mode) == 0o700


def test_nothing_issued_is_overwritten(authority: Authority) -> None:
    first, second = authority.issue_server(), authority.issue_server()
    assert first.certificate != second.certificate
    assert load(first.certificate).serial_number != load(second.certificate).serial_number


def test_validity_is_as_given(authority: Authority) -> None:
    start = datetime(2026, 1, 1, 8, tzinfo=UTC)
    end = datetime(2026, 1, 2, 8, tzinfo=UTC)
    certificate = load(authority.issue_server(valid_from=start, valid_until=end).certificate)
    assert (certificate.not_valid_before_utc, certificate.not_valid_after_utc) == (start, end)


def test_validity_is_a_week_from_a_little_before_now_if_not_given(authority: Authority) -> None:
    certificate = load(authority.issue_server().certificate)
    assert certificate.not_valid_before_utc < datetime.now(UTC) - timedelta(minutes=30)
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(days=7)


def test_a_naive_validity_is_refused(authority: Authority) -> None:
    with pytest.raises(ConfigurationError, match="no time zone"):
        authority.issue_server(valid_from=datetime(2026, 1, 1))
    with pytest.raises(ConfigurationError, match="no time zone"):
        authority.issue_server(valid_until=datetime(2026, 1, 1))


def test_a_validity_that_ends_before_it_begins_is_refused(authority: Authority) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    with pytest.raises(ConfigurationError, match="ends before it begins"):
        authority.issue_server(valid_until=past)
