"""Rich notifications: resource data encrypted for the subscriber, as Graph does it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from hamilton_sdk.testing.simulators.graph.wire import Document

__all__ = ["read_certificate", "seal"]


def read_certificate(text: str) -> Certificate:
    """A subscriber's certificate, base64 of its DER.

    Raises:
        ValueError: It is none, or holds no RSA key of 2048 to 4096 bits.
    """
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.x509 import load_der_x509_certificate

    certificate = load_der_x509_certificate(base64.b64decode(text, validate=True))
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey) or not 2048 <= key.key_size <= 4096:  # noqa: PLR2004 (documented sizes)
        message = "the certificate has no RSA key of 2048 to 4096 bits"
        raise ValueError(message)
    return certificate


def seal(document: Document, certificate: Certificate, certificate_id: str) -> Document:
    """The `encryptedContent` of a notification.

    A key of its own for each item: AES-256-CBC with PKCS7 whose first 16 bytes are the vector; HMAC-SHA256
    over the raw ciphertext with the same key; the key itself under RSA-OAEP with SHA-1.
    """
    from cryptography.hazmat.primitives import padding
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import CBC
    from cryptography.hazmat.primitives.hashes import SHA1

    key = os.urandom(32)
    padder = padding.PKCS7(128).padder()
    plain = padder.update(json.dumps(document).encode()) + padder.finalize()
    encryptor = Cipher(AES(key), CBC(key[:16])).encryptor()
    data = encryptor.update(plain) + encryptor.finalize()
    public = certificate.public_key()
    assert isinstance(public, RSAPublicKey)
    # SHA-1 is what the service uses: OAEP with SHA-256 fails against its own published vector.
    wrapped = public.encrypt(key, OAEP(MGF1(SHA1()), SHA1(), None))  # noqa: S303 (see above)
    return {
        "data": _base64(data),
        "dataSignature": _base64(hmac.digest(key, data, hashlib.sha256)),
        "dataKey": _base64(wrapped),
        "encryptionCertificateId": certificate_id,
        "encryptionCertificateThumbprint": certificate.fingerprint(SHA1()).hex().upper(),  # noqa: S303
    }


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
