"""The token endpoint of Entra ID, and the documents by which it and its keys are discovered."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import parse_qsl
from uuid import uuid4

from hamilton_sdk.testing.simulators.graph.errors import Refused
from hamilton_sdk.testing.simulators.graph.wire import Reply

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from hamilton_sdk.testing.simulators.graph.wire import Call, Document

__all__ = ["PUBLISHER", "Entra", "sign"]

PUBLISHER: Final = "0bf30f3b-4a52-48df-9a82-234910c4a086"
"""The application that signs for change notifications."""

_LIFE: Final = 3599
_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(slots=True)
class _Issued:
    expires: datetime
    revoked: bool = False


class Entra:
    """Who is let in.

    Args:
        tenant_id: Of the tenant.
        client_id: Of the one application.
        client_secret: Its secret; it may be set anew.
        thumbprints: SHA-1 or SHA-256 thumbprints of certificates that it may use; any if None.
    """

    def __init__(
        self, tenant_id: str, client_id: str, client_secret: str, thumbprints: frozenset[str] | None
    ) -> None:
        self.tenant_id = tenant_id
        self.client_id = client_id
        self.client_secret = client_secret
        self.thumbprints = thumbprints
        self.secret_expired = False
        self._issued: dict[str, _Issued] = {}

    @cached_property
    def key(self) -> RSAPrivateKey:
        """Signs validation tokens; published by `keys`."""
        from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

        return generate_private_key(public_exponent=65537, key_size=2048)

    def answer(self, call: Call) -> Reply | None:
        """Answer what belongs to the log-in host; None for what does not."""
        match [each.lower() for each in call.path]:
            case [tenant, "oauth2", "v2.0", "token"]:
                return self._token(call, tenant)
            case [tenant, "v2.0", ".well-known", "openid-configuration"]:
                return self._discovery(call, tenant)
            case [tenant, ".well-known", "openid-configuration"]:
                return self._discovery(call, tenant)
            case [_, "discovery", *rest] if rest in (["keys"], ["v2.0", "keys"]):
                return Reply(200, {"keys": [self._public()]})
            case ["common", "discovery", "instance"]:
                return Reply(200, {"tenant_discovery_endpoint": f"{call.base}/{self.tenant_id}/v2.0/"})
            case _:
                return None

    def _discovery(self, call: Call, tenant: str) -> Reply:
        if tenant not in (self.tenant_id.lower(), "common", "organizations"):
            return _refused(400, "invalid_tenant", 90002, f"Tenant '{tenant}' not found.")
        named = "{tenantid}" if tenant == "common" else self.tenant_id
        return Reply(
            200,
            {
                "token_endpoint": f"{call.base}/{tenant}/oauth2/v2.0/token",
                "authorization_endpoint": f"{call.base}/{tenant}/oauth2/v2.0/authorize",
                "device_authorization_endpoint": f"{call.base}/{tenant}/oauth2/v2.0/devicecode",
                "jwks_uri": f"{call.base}/{tenant}/discovery/v2.0/keys",
                "issuer": f"{call.base}/{named}/v2.0",
                "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
                "response_types_supported": ["code", "id_token"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "tenant_region_scope": "EU",
                "cloud_instance_name": "microsoftonline.com",
            },
        )

    def _token(self, call: Call, tenant: str) -> Reply:
        form = dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
        refused = self._refusal(call, tenant, form)
        if refused is not None:
            return refused
        document = {
            "token_type": "Bearer",
            "expires_in": _LIFE,
            "ext_expires_in": _LIFE,
            "access_token": self.issue(call.now),
        }
        return Reply(200, document, {"cache-control": "no-store, no-cache"})

    def _refusal(self, call: Call, tenant: str, form: dict[str, str]) -> Reply | None:
        if call.method != "POST" or form.get("grant_type") != "client_credentials":
            return _refused(
                400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type."
            )
        if tenant != self.tenant_id.lower():
            return _refused(400, "invalid_request", 90002, f"Tenant '{tenant}' not found.")
        if not form.get("scope", "").endswith("/.default"):
            message = "The provided value for the input parameter 'scope' is not valid."
            return _refused(400, "invalid_scope", 1002012, message)
        if form.get("client_id") != self.client_id:
            message = "Application was not found in the directory."
            return _refused(400, "unauthorized_client", 700016, message)
        if "client_assertion" in form:
            return self._assertion_refusal(call, form)
        if form.get("client_secret") != self.client_secret:
            return _refused(401, "invalid_client", 7000215, "Invalid client secret provided.")
        if self.secret_expired:
            return _refused(401, "invalid_client", 7000222, "The provided client secret keys are expired.")
        return None

    def _assertion_refusal(self, call: Call, form: dict[str, str]) -> Reply | None:
        """What is wrong with a signed assertion; who signed it is told by the thumbprint alone."""
        try:
            header, claims, _ = (_decoded(each) for each in form["client_assertion"].split("."))
        except ValueError:
            return _refused(401, "invalid_client", 50027, "JWT token is invalid or malformed.")
        accepted = f"{call.base}/{self.tenant_id}/oauth2/v2.0/token".lower()
        problems = (
            form.get("client_assertion_type") != _ASSERTION,
            # Served on loopback this may be http, and MSAL knows https alone.
            str(claims.get("aud", "")).lower().partition("://")[2] != accepted.partition("://")[2],
            claims.get("iss") != self.client_id,
            claims.get("sub") != self.client_id,
            not isinstance(claims.get("exp"), (int, float)),
        )
        if any(problems):
            message = "Client assertion contains an invalid audience, issuer or subject."
            return _refused(401, "invalid_client", 700023, message)
        if claims["exp"] <= call.now.timestamp():
            return _refused(
                401, "invalid_client", 700024, "Client assertion is not within its valid time range."
            )
        # MSAL pads them, although RFC 7515 does not.
        known = {str(header.get(name, "")).rstrip("=") for name in ("x5t", "x5t#S256")}
        if self.thumbprints is not None and not known & {_thumbprint(each) for each in self.thumbprints}:
            return _refused(
                401,
                "invalid_client",
                700027,
                "The certificate with identifier used to sign is not registered.",
            )
        return None

    def issue(self, now: datetime, life: timedelta = timedelta(seconds=_LIFE)) -> str:
        """A new access token."""
        claims = {
            "aud": "https://graph.microsoft.com",
            "appid": self.client_id,
            "tid": self.tenant_id,
            "jti": str(uuid4()),
        }
        value = ".".join(_encoded(each) for each in ({"typ": "JWT", "alg": "none"}, claims)) + ".simulated"
        self._issued[value] = _Issued(now + life)
        return value

    def revoke(self) -> None:
        """Make every token issued so far invalid."""
        for each in self._issued.values():
            each.revoked = True

    def check(self, call: Call) -> None:
        """Let a request in.

        Raises:
            Refused: Its token is absent, unknown, revoked or over.
        """
        scheme, _, value = call.headers.get("authorization", "").partition(" ")
        issued = self._issued.get(value.strip())
        if scheme.lower() != "bearer" or not value:
            _refuse_token("Access token is empty.")
        if issued is None or issued.revoked:
            _refuse_token("Access token validation failure. Invalid audience.")
        if issued.expires <= call.now:
            _refuse_token("Lifetime validation failed, the token is expired.")

    def _public(self) -> Document:
        numbers = self.key.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.key_id,
            "n": _base64(numbers.n.to_bytes(256, "big")),
            "e": _base64(numbers.e.to_bytes(3, "big")),
        }

    @cached_property
    def key_id(self) -> str:
        """Names the key in a token's header."""
        return _base64(hashlib.sha256(str(self.key.public_key().public_numbers().n).encode()).digest()[:15])

    def validation_token(self, now: datetime, **claims: object) -> str:
        """A token that vouches for notifications to this application, as its publisher signs it."""
        seconds = int(now.astimezone(UTC).timestamp())
        standard: Document = {
            "aud": self.client_id,
            "iss": f"https://sts.windows.net/{self.tenant_id}/",
            "iat": seconds,
            "nbf": seconds - 300,
            "exp": seconds + 28_800,
            "appid": PUBLISHER,
            "tid": self.tenant_id,
            "ver": "1.0",
        }
        return sign(self.key, self.key_id, {**standard, **claims})


def sign(key: RSAPrivateKey, key_id: str, claims: dict[str, Any]) -> str:
    """A JWT signed with RS256."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    head = f"{_encoded({'typ': 'JWT', 'alg': 'RS256', 'kid': key_id})}.{_encoded(claims)}"
    return f"{head}.{_base64(key.sign(head.encode(), PKCS1v15(), SHA256()))}"


def _refuse_token(message: str) -> NoReturn:
    raise Refused(401, "InvalidAuthenticationToken", message, {"www-authenticate": "Bearer"})


def _refused(status: int, error: str, code: int, message: str) -> Reply:
    described = f"AADSTS{code}: {message}"
    return Reply(status, {"error": error, "error_description": described, "error_codes": [code]})


def _encoded(document: dict[str, Any]) -> str:
    return _base64(json.dumps(document).encode())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(part: str) -> Document:
    """A part of a JWT; its signature, which is no JSON, is an empty one."""
    raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if not raw.startswith(b"{"):
        return {}
    found: Document = json.loads(raw)
    return found


def _thumbprint(hexadecimal: str) -> str:
    return _base64(bytes.fromhex(hexadecimal))
