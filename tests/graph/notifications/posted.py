"""What Graph posts, made by hand: items, encrypted content, validation tokens, and Entra ID's keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from hamilton_sdk.flow import Flow, Request, Response
from tests.graph.exchange.entra import CLIENT, LOGIN, TENANT, key

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
WATCH = "76222963-cc7b-42d2-882d-8aaa69cb2ba3"
SECRET = "the-client-state"
PUBLISHER = "0bf30f3b-4a52-48df-9a82-234910c4a086"
EVENT = {"id": "AAMk/ev+1=", "subject": "Board", "start@odata.type": "#microsoft.graph.dateTimeTimeZone"}
JWKS = f"{LOGIN}/common/discovery/keys"
DOCUMENT = f"{LOGIN}/common/.well-known/openid-configuration"


def item(**more: Any) -> dict[str, Any]:
    """A change, as it comes; a member of None is left out."""
    made = {
        "subscriptionId": WATCH,
        "subscriptionExpirationDateTime": "2026-01-08T14:30:00.1234567+05:30",
        "clientState": SECRET,
        "changeType": "updated",
        "resource": "Users/room-guid/Events/AAMk/ev+1=".replace("AAMk/ev", "AAMkev"),
        "tenantId": TENANT,
        "resourceData": {
            "@odata.type": "#Microsoft.Graph.Event",
            "@odata.id": "Users/room-guid/Events/AAMk",
            "@odata.etag": 'W/"DwAAABYAAA=="',
            "id": "AAMk/ev+1=",
        },
        **more,
    }
    return {name: value for name, value in made.items() if value is not None}


def lifecycle(event: str = "missed", **more: Any) -> dict[str, Any]:
    return item(changeType=None, resource=None, resourceData=None, lifecycleEvent=event, **more)


def body(*items: Any, tokens: Any = None) -> bytes:
    told: dict[str, Any] = {"value": list(items)}
    if tokens is not None:
        told["validationTokens"] = tokens
    return json.dumps(told).encode()


def encrypted(
    content: Any = EVENT,
    certificate_id: str = "first",
    *,
    plain: bytes | None = None,
    sha: Any = hashes.SHA1,
    symmetric: bytes | None = None,
    iv: bytes | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Encrypted as Graph's documentation says, with cryptography alone."""
    used = secrets.token_bytes(32) if symmetric is None else symmetric
    padder = padding.PKCS7(128).padder()
    padded = padder.update(json.dumps(content).encode() if plain is None else plain) + padder.finalize()
    encryptor = Cipher(algorithms.AES(used), modes.CBC(used[:16] if iv is None else iv)).encryptor()
    data = encryptor.update(padded) + encryptor.finalize()
    oaep = rsa_padding.OAEP(rsa_padding.MGF1(sha()), sha(), None)
    return {
        "data": text(data),
        "dataSignature": text(hmac.new(used, data, hashlib.sha256).digest()),
        "dataKey": text(key(certificate_id).public_key().encrypt(used, oaep)),
        "encryptionCertificateId": certificate_id,
        "encryptionCertificateThumbprint": "07293748CC064953A3052FB978C735FB89E61C3D",
        **more,
    }


def text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def token(signed_with: str = "entra", kid: str | None = None, algorithm: str = "RS256", **claims: Any) -> str:
    """A validation token, as the documentation shows one; a claim of None is left out."""
    made = {
        "aud": CLIENT,
        "iss": f"https://sts.windows.net/{TENANT}/",
        "iat": NOW,
        "nbf": NOW - timedelta(minutes=1),
        "exp": NOW + timedelta(hours=8),
        "appid": PUBLISHER,
        "appidacr": "2",
        "tid": TENANT,
        "ver": "1.0",
        **claims,
    }
    payload = {name: value for name, value in made.items() if value is not None}
    return jwt.encode(payload, key(signed_with), algorithm, headers={"kid": kid or signed_with})


def json_web_key(name: str = "entra", **more: Any) -> dict[str, Any]:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key(name).public_key()))
    public.pop("key_ops", None)
    return {**public, "kid": name, "use": "sig", **more}


@dataclass
class EntraKeys:
    """The discovery documents of Entra ID.

    Attributes:
        keys: With what it signs.
        jwks: Where it says they are.
        script: Answers to give first.
        asked: The addresses that were asked for.
    """

    keys: list[Any] = field(default_factory=lambda: [json_web_key()])
    jwks: Any = JWKS
    script: list[Response] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def respond(self, request: Request) -> Flow[Response]:
        yield from ()
        assert request.method == "GET"
        assert "authorization" not in request.headers
        self.asked.append(request.url)
        if self.script:
            return self.script.pop(0)
        told = (
            {"jwks_uri": self.jwks} if request.url.endswith("openid-configuration") else {"keys": self.keys}
        )
        return Response(200, {}, json.dumps(told).encode())
