"""A subscriber for the tests: answers handshakes, keeps notifications, and can refuse."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA1

from hamilton_sdk.flow import Request, Response

URL = "https://subscriber.example/graph?key=1"


class Endpoint:
    def __init__(self) -> None:
        self.status = 202
        self.handshakes: list[str] = []
        self.bodies: list[dict[str, Any]] = []

    def __call__(self, request: Request) -> Response:
        query = parse_qs(urlsplit(request.url).query)
        if "validationToken" in query:
            self.handshakes.append(request.url)
            return Response(200, {"content-type": "text/plain"}, query["validationToken"][0].encode())
        self.bodies.append(json.loads(request.body))
        return Response(self.status)

    @property
    def items(self) -> list[dict[str, Any]]:
        return [item for body in self.bodies for item in body["value"]]


def opened(content: dict[str, str], key: RSAPrivateKey) -> dict[str, Any]:
    """Decrypt resource data as a subscriber does."""
    secret = key.decrypt(base64.b64decode(content["dataKey"]), OAEP(MGF1(SHA1()), SHA1(), None))  # noqa: S303 (what the service uses)
    data = base64.b64decode(content["data"])
    assert hmac.digest(secret, data, hashlib.sha256) == base64.b64decode(content["dataSignature"])
    decryptor = Cipher(AES(secret), CBC(secret[:16])).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    return json.loads(unpadder.update(decryptor.update(data) + decryptor.finalize()) + unpadder.finalize())
