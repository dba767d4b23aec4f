"""What an application proves itself with towards Entra ID: a secret or a certificate.

Each is read anew whenever a token is asked for, so that one that was rotated needs no restart.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.secrets.sources import FileSecret, SecretSource, StaticSecret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate
    from pydantic import SecretStr

__all__ = ["ClientCertificate", "ClientSecret", "Credential", "Pem", "read_private_key"]

Pem: TypeAlias = "str | os.PathLike[str] | SecretSource"
"""A path, the text itself, or a source of the text."""

_BLOCK: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
_SMALLEST_KEY: Final = 2048


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
        self._source = _secret(secret)

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
        self._key = _source(private_key)
        self._certificate = self._key if certificate is None else _source(certificate)
        self._password = None if password is None else _secret(password)
        # A caller's own source may ask a network: it is left alone until a token is.
        if all(isinstance(each, (FileSecret, StaticSecret)) for each in (self._key, self._certificate)):
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
        password = None if self._password is None else self._password.get()
        key = read_private_key(_text(self._key), password)
        for certificate in _certificates(_text(self._certificate)):
            if certificate.public_key() == key.public_key():
                return key, certificate
        message = "there is no certificate that belongs to the private key"
        raise ConfigurationError(message, hint="give certificate=, the one registered in Entra ID, as PEM")


def read_private_key(pem: str, password: SecretStr | None = None) -> RSAPrivateKey:
    """The RSA key in a PEM.

    Args:
        pem: Its text; what else stands in it is passed over.
        password: Of the key.

    Raises:
        ConfigurationError: There is none, it is too small, or the password does not open it.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    block = next(_blocks(pem, "PRIVATE KEY"), None)
    if block is None:
        what = "is not in the PEM"
        raise _unfit_key(what)
    secret = None if password is None else password.get_secret_value().encode()
    try:
        key = load_pem_private_key(block, secret)
    except TypeError:  # a password where none is needed, or the other way round
        raise _unfit_key(
            "needs a password" if secret is None else "has no password, and one was given"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        what = "cannot be read, or the password is wrong"
        raise _unfit_key(what) from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _SMALLEST_KEY:
        what = "is no RSA key of 2048 bits or more"
        raise _unfit_key(what)
    return key


def _unfit_key(what: str) -> ConfigurationError:
    hint = "give an RSA key as PEM (-----BEGIN PRIVATE KEY-----), and password= if it is encrypted"
    return ConfigurationError(f"the private key {what}", hint=hint)


def _certificates(pem: str) -> Iterator[Certificate]:
    from cryptography.x509 import load_pem_x509_certificate

    for block in _blocks(pem, "CERTIFICATE"):
        try:
            yield load_pem_x509_certificate(block)
        except ValueError:
            message = "the certificate cannot be read"
            raise ConfigurationError(message, hint="give it as PEM (-----BEGIN CERTIFICATE-----)") from None


def _blocks(pem: str, ending: str) -> Iterator[bytes]:
    return (each[0].encode() for each in _BLOCK.finditer(pem) if each[1].endswith(ending))


def _secret(given: str | SecretStr | SecretSource) -> SecretSource:
    return given if isinstance(given, SecretSource) else StaticSecret(given)


def _source(given: Pem) -> SecretSource:
    if isinstance(given, SecretSource):
        return given
    if isinstance(given, str):
        return StaticSecret(given) if "-----BEGIN" in given else FileSecret(given)
    _check_path(given)
    return FileSecret(given)


def _check_path(given: object) -> None:
    if not isinstance(given, os.PathLike):
        message = f"a PEM must be text, a path or a SecretSource, not {type(given).__name__}"
        raise TypeError(message)


def _text(source: SecretSource) -> str:
    return source.get().get_secret_value()
