"""What an application proves itself with towards Entra ID: a secret or a certificate.

Each is read anew whenever a token is asked for, so that one that was rotated needs no restart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.graph._pem import PrivateKey, blocks, is_at_hand, pem_source, secret_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate
    from pydantic import SecretStr

    from hamilton_sdk.graph._pem import Pem
    from hamilton_sdk.secrets.sources import SecretSource

__all__ = ["ClientCertificate", "ClientSecret", "Credential"]


class Credential(Protocol):
    """What `Graph` takes: a `ClientSecret`, a `ClientCertificate`, or one of your own."""

    def client_credential(self) -> str | Mapping[str, str]:
        """It, as MSAL takes it, read anew; may block.

        Raises:
            ConfigurationError: It cannot be had.
        """
        ...


class ClientSecret:
    """A client secret of an application in Entra ID. Its repr does not show it.

    Args:
        secret: Its *value*, which Entra ID shows once (not the secret's id); or a `SecretSource`, which is
            asked at every token request.

    Raises:
        ConfigurationError: It is empty.
        TypeError: It is neither text nor a source.

    Example:
        >>> ClientSecret("Q~value")
        ClientSecret(...)
    """

    def __init__(self, secret: str | SecretStr | SecretSource) -> None:
        self._source = secret_source(secret)

    def __repr__(self) -> str:
        return "ClientSecret(...)"

    def client_credential(self) -> str:
        """The secret as it is now."""
        return self._source.get().get_secret_value()


class ClientCertificate:
    """A certificate of an application in Entra ID, with its private key. Its repr does not show them.

    Entra ID knows the certificate by its thumbprint, which is computed. What is given as text or path is
    checked here; everything is read anew at every token request.

    Args:
        private_key: PEM of the RSA key: a path, the text itself, or a `SecretSource` of it. Certificates may
            stand in it as well.
        certificate: PEM of the certificate, likewise; None where it stands beside the key. Of several the one
            that belongs to the key counts.
        password: Of the key; None where it has none.

    Raises:
        ConfigurationError: A file cannot be read, there is no RSA key or no certificate that belongs to it,
            or the password is wrong.
        TypeError: A value is of another type.
    """

    def __init__(
        self,
        private_key: Pem,
        certificate: Pem | None = None,
        *,
        password: str | SecretStr | SecretSource | None = None,
    ) -> None:
        pem = pem_source(private_key)
        self._key = PrivateKey(pem, None if password is None else secret_source(password))
        self._certificate = pem if certificate is None else pem_source(certificate)
        # A caller's own source is left alone until a token is asked for.
        if is_at_hand(pem) and is_at_hand(self._certificate):
            self._pair()

    def __repr__(self) -> str:
        return "ClientCertificate(...)"

    @property
    def thumbprint(self) -> str:
        """SHA-1 of the certificate in upper-case hex, as Entra ID's pages show it."""
        from cryptography.hazmat.primitives import hashes

        # It identifies and protects nothing.
        return self._pair()[1].fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303

    @property
    def thumbprint_sha256(self) -> str:
        """SHA-256 of the certificate in upper-case hex: what goes into the assertion (``x5t#S256``)."""
        from cryptography.hazmat.primitives import hashes

        return self._pair()[1].fingerprint(hashes.SHA256()).hex().upper()

    def client_credential(self) -> dict[str, str]:
        """Key and certificate as they are now; MSAL computes the SHA-256 thumbprint from the latter."""
        from cryptography.hazmat.primitives import serialization

        key, certificate = self._pair()
        plain = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        public = certificate.public_bytes(serialization.Encoding.PEM)
        return {"private_key": plain.decode("ascii"), "public_certificate": public.decode("ascii")}

    def _pair(self) -> tuple[RSAPrivateKey, Certificate]:
        key = self._key.get()
        for certificate in _certificates(self._certificate.get().get_secret_value()):
            if certificate.public_key() == key.public_key():
                return key, certificate
        message = "there is no certificate that belongs to the private key"
        raise ConfigurationError(message, hint="give certificate=, the one registered in Entra ID, as PEM")


def _certificates(pem: str) -> Iterator[Certificate]:
    from cryptography.x509 import load_pem_x509_certificate

    for block in blocks(pem, "CERTIFICATE"):
        try:
            yield load_pem_x509_certificate(block)
        except ValueError:
            message = "the certificate cannot be read"
            raise ConfigurationError(message, hint="give it as PEM (-----BEGIN CERTIFICATE-----)") from None
