"""Opening rich notifications. Pure but for reading private keys, which may block.

As Microsoft Graph does it ("Change notifications that include resource data", confirmed against its published
vector): the symmetric key comes under RSA-OAEP with SHA-1; the HMAC-SHA256 under it is over the encrypted
bytes and is checked first; then AES-256 in CBC mode with PKCS #7, whose initialisation vector is the first 16
bytes of that same key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Final, cast

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.graph._pem import Pem, PrivateKey, is_at_hand, pem_source, secret_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import SecretStr

    from hamilton_sdk.graph.notifications.models import EncryptedContent
    from hamilton_sdk.secrets.sources import SecretSource

__all__ = ["DecryptionKey", "DecryptionKeys", "Undecryptable", "UnknownCertificate"]

_KEY_BYTES: Final = 32
_BLOCK_BYTES: Final = 16
_LONGEST_ID: Final = 128


class UnknownCertificate(Exception):
    """There is no key for the certificate that was used."""


class Undecryptable(Exception):
    """It was changed on its way, is for another key, or never was encrypted so."""


class DecryptionKey:
    """The private key of a certificate that `Calendar.watch` was given. Its repr does not show it.

    Args:
        certificate_id: What `watch` was given as ``certificate_id``.
        private_key: PEM of the RSA key: a path, the text itself, or a `SecretSource` of it; read anew
            whenever it is used.
        password: Of the key; None where it has none.

    Raises:
        ConfigurationError: There is no key, or the password is wrong.
        TypeError: A value is of another type.
    """

    def __init__(
        self,
        certificate_id: str,
        private_key: Pem,
        *,
        password: str | SecretStr | SecretSource | None = None,
    ) -> None:
        if not 0 < len(certificate_id) <= _LONGEST_ID:
            message = "certificate_id is empty, or longer than 128 characters"
            raise ConfigurationError(message, hint="give the same as to watch()")
        self.certificate_id: str = certificate_id
        source = pem_source(private_key)
        asked = None if password is None else secret_source(password)
        self.private_key: PrivateKey = PrivateKey(source, asked)
        if is_at_hand(source):
            self.private_key.get()

    def __repr__(self) -> str:
        return f"DecryptionKey({self.certificate_id!r}, ...)"


class DecryptionKeys:
    """All keys that notifications may be encrypted for: during rotation the old and the new one.

    Args:
        keys: Each of a certificate of its own.

    Raises:
        ConfigurationError: Two are of one certificate id.
    """

    def __init__(self, keys: Iterable[DecryptionKey]) -> None:
        given = tuple(keys)
        self._keys = {each.certificate_id: each.private_key for each in given}
        if len(self._keys) < len(given):
            message = "two keys have the same certificate_id"
            raise ConfigurationError(
                message, hint="give a new certificate a new id, and keep the old for a day"
            )

    def open(self, content: EncryptedContent) -> Mapping[str, object]:
        """The event in a notification: the members that were asked for when watching.

        Raises:
            UnknownCertificate: There is no key for it.
            Undecryptable: It cannot be opened, or is no JSON object.
            ConfigurationError: The key cannot be had.
        """
        key = self._keys.get(content.certificate_id)
        if key is None:
            raise UnknownCertificate
        symmetric = _symmetric(key, _bytes(content.key))
        data = _bytes(content.data)
        expected = hmac.digest(symmetric, data, hashlib.sha256)
        if not hmac.compare_digest(expected, _bytes(content.signature)):
            raise Undecryptable
        return _parsed(_decrypted(symmetric, data))


def _bytes(written: str) -> bytes:
    try:
        return base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):  # the latter for text beyond ASCII
        raise Undecryptable from None


def _symmetric(private_key: PrivateKey, encrypted: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    sha1 = hashes.SHA1()  # noqa: S303 (Graph's choice; in OAEP it need not resist collisions)
    try:
        key = private_key.get().decrypt(encrypted, padding.OAEP(padding.MGF1(sha1), sha1, None))
    except ValueError:
        raise Undecryptable from None
    if len(key) != _KEY_BYTES:
        raise Undecryptable
    return key


def _decrypted(key: bytes, data: bytes) -> bytes:
    from cryptography.hazmat.primitives import padding
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:_BLOCK_BYTES])).decryptor()
    unpadder = padding.PKCS7(8 * _BLOCK_BYTES).unpadder()
    try:
        padded = decryptor.update(data) + decryptor.finalize()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        raise Undecryptable from None


def _parsed(plain: bytes) -> Mapping[str, object]:
    try:
        found: object = json.loads(plain)
    except (ValueError, RecursionError):
        raise Undecryptable from None
    if not isinstance(found, dict):
        raise Undecryptable
    return cast("Mapping[str, object]", found)
