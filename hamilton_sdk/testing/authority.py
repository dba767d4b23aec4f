"""A throw-away certificate authority, so that tests and simulators speak real TLS.

Example:
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     authority = Authority(Path(folder))
    ...     server = authority.issue_server("localhost")
    ...     authority.ca.name, server.certificate.name
    ('ca.pem', 'server-1.pem')
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Authority", "Identity"]

_HERE: Final = ("127.0.0.1", "::1", "localhost")
_LIFETIME: Final = timedelta(days=7)
_BACKDATED: Final = timedelta(hours=1)  # so that a peer whose clock is a little behind takes it


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate and its key.

    Attributes:
        certificate: PEM file of the certificate.
        key: PEM file of its key, unencrypted, readable by its owner alone.
    """

    certificate: Path
    key: Path


class Authority:
    """A certificate authority that lives in a folder and is trusted by nobody who was not given `ca`.

    Args:
        directory: Where certificates and keys are written; made if it is not there.

    Attributes:
        ca: PEM file of its own certificate: what a client passes as ``Http(ca=...)``.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory = directory
        self._issued = 0
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Hamilton SDK throw-away authority")
        self._certificate = self._self_signed()
        self.ca: Path = directory / "ca.pem"
        _write(self.ca, self._certificate.public_bytes(serialization.Encoding.PEM))

    def issue_server(
        self, *names: str, valid_from: datetime | None = None, valid_until: datetime | None = None
    ) -> Identity:
        """Issue a server's certificate.

        Args:
            names: DNS names and IP addresses it is good for; this machine's own if none is given.
            valid_from: Aware; an hour ago if not given.
            valid_until: Aware; a week after `valid_from` if not given.

        Raises:
            ConfigurationError: A datetime is naive, or the end is not after the start.
        """
        known = names or _HERE
        alternative = x509.SubjectAlternativeName([_general_name(name) for name in known])
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        return self._issue("server", known[0], _validity(valid_from, valid_until), alternative, usage)

    def issue_client(self, name: str) -> Identity:
        """Issue a client's certificate, valid for a week.

        Args:
            name: Its common name.
        """
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        return self._issue("client", name, _validity(None, None), usage)

    def _issue(
        self, kind: str, name: str, validity: tuple[datetime, datetime], *extensions: x509.ExtensionType
    ) -> Identity:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(name), self._name, key.public_key(), validity)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        for extension in (issuer, *extensions):
            builder = builder.add_extension(extension, critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        self._issued += 1
        made = Identity(*(self._directory / f"{kind}-{self._issued}{end}" for end in (".pem", ".key")))
        _write(made.certificate, certificate.public_bytes(serialization.Encoding.PEM))
        _write(made.key, _key_bytes(key))
        return made

    def _self_signed(self) -> x509.Certificate:
        public = self._key.public_key()
        builder = _builder(self._name, self._name, public, _validity(None, None))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_SIGNS, critical=True)
        return builder.sign(self._key, hashes.SHA256())


_SIGNS: Final = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    validity: tuple[datetime, datetime],
) -> x509.CertificateBuilder:
    start, end = validity
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _validity(start: datetime | None, end: datetime | None) -> tuple[datetime, datetime]:
    for moment in (start, end):
        if moment is not None and moment.utcoffset() is None:
            message = "a certificate's validity is naive: it has no time zone"
            raise ConfigurationError(message, hint="give an aware datetime, e.g. datetime(..., tzinfo=UTC)")
    begin = datetime.now(UTC) - _BACKDATED if start is None else start
    finish = begin + _LIFETIME if end is None else end
    if finish <= begin:
        message = "a certificate's validity ends before it begins"
        raise ConfigurationError(message, hint="give valid_from as well, before valid_until")
    return begin, finish


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes) -> None:
    # Made with its mode: a key must not be readable by others for even a moment.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
