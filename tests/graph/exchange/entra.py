"""A tenant of Entra ID for tests: a strict token endpoint, certificates, and a connector that asks it."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from hamilton_sdk.flow import Cut, Flow, Request, Response, Safety
from hamilton_sdk.graph.exchange.tokens import EntraAuth
from hamilton_sdk.shell import AsyncShell, Shell

TENANT = "11112222-bbbb-3333-cccc-4444dddd5555"
CLIENT = "00001111-aaaa-2222-bbbb-3333cccc4444"
SECRET = "Gx8Q~the.client-secret_value/+="
LOGIN = "https://login.microsoftonline.com"
SCOPE = "https://graph.microsoft.com/.default"
GRAPH = "https://graph.microsoft.com/v1.0"
TOKEN_PATH = f"/{TENANT}/oauth2/v2.0/token"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

# What Entra ID says, in the form of its documentation; the texts name things that no error may repeat.
WORDS = {
    7000222: ("invalid_client", 401),
    7000215: ("invalid_client", 401),
    700027: ("invalid_client", 401),
    700016: ("unauthorized_client", 400),
    90002: ("invalid_request", 400),
    7000112: ("unauthorized_client", 400),
    65001: ("invalid_grant", 400),
    53003: ("access_denied", 400),
    500011: ("invalid_resource", 400),
    90033: ("temporarily_unavailable", 503),
}
TRACE = "0000aaaa-11bb-cccc-dd22-eeeeee333333"


def said(number: int, **more: object) -> Response:
    """An error as the token endpoint writes it."""
    word, status = WORDS[number]
    told = {
        "error": word,
        "error_description": f"AADSTS{number}: for app '{CLIENT}' of person@example.com. Trace ID: {TRACE}",
        "error_codes": [number],
        "trace_id": TRACE,
        **more,
    }
    return Response(status, {"content-type": "application/json"}, json.dumps(told).encode())


@dataclass
class Entra:
    """The token endpoint, and a Graph that takes its tokens.

    Attributes:
        secret: What the application has to know.
        certificate: With what it may prove itself instead.
        script: Answers to give first; an exception is raised.
        login: Where it is.
        scope: What may be asked for.
        lifetime: Seconds of a token.
        posts: The forms that came.
        issued: The tokens given.
        good: The tokens that Graph takes; whatever was issued last if None.
    """

    secret: str = SECRET
    certificate: x509.Certificate | None = None
    script: list[Response | Exception] = field(default_factory=list)
    login: str = LOGIN
    scope: str = SCOPE
    lifetime: object = 3599
    posts: list[dict[str, str]] = field(default_factory=list)
    issued: list[str] = field(default_factory=list)
    calls: int = 0

    def respond(self, request: Request) -> Flow[Response]:
        yield from ()
        if request.url.startswith(f"{self.login}/"):
            return self._token(request)
        self.calls += 1
        taken = request.headers.get("authorization") == f"Bearer {self.issued[-1]}"
        return Response(200 if taken else 401)

    def revoke(self) -> None:
        """Let no token of before be good any more."""
        self.issued.append("revoked")

    def _token(self, request: Request) -> Response:
        assert request.method == "POST"
        assert request.url == f"{self.login}{TOKEN_PATH}"
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        assert "authorization" not in request.headers
        form = dict(parse_qsl(request.body.decode(), strict_parsing=True))
        self.posts.append(form)
        if self.script:
            answer = self.script.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        assert form.pop("grant_type") == "client_credentials"
        assert form.pop("scope") == self.scope
        if form.pop("client_id") != CLIENT:
            return said(700016)
        return self._granted() if self._proven(form) else said(7000215)

    def _proven(self, form: dict[str, str]) -> bool:
        form.pop("client_info", None)
        if self.certificate is None:
            assert set(form) == {"client_secret"}
            return form["client_secret"] == self.secret
        assert set(form) == {"client_assertion", "client_assertion_type"}
        assert form["client_assertion_type"] == ASSERTION
        assertion = form["client_assertion"]
        claims = jwt.decode(
            assertion,
            self.certificate.public_key(),  # type: ignore[arg-type]  # an RSA key
            algorithms=["PS256"],
            audience=f"{self.login}{TOKEN_PATH}".replace("http:", "https:"),
        )
        assert (claims["iss"], claims["sub"]) == (CLIENT, CLIENT)
        thumbprint = self.certificate.fingerprint(hashes.SHA256())
        return jwt.utils.base64url_decode(jwt.get_unverified_header(assertion)["x5t#S256"]) == thumbprint

    def _granted(self) -> Response:
        self.issued.append(f"token.{len(self.issued)}")
        told = {"token_type": "Bearer", "access_token": self.issued[-1], "ext_expires_in": 3599}
        if self.lifetime is not None:
            told["expires_in"] = self.lifetime
        return Response(200, {"content-type": "application/json"}, json.dumps(told).encode())


@dataclass(frozen=True)
class Asking:
    """An adapter with one call."""

    auth: EntraAuth
    name: str = "graph.exchange"

    def ask(self) -> Flow[int]:
        request = Request(method="GET", url=f"{GRAPH}/ping", operation="ping", safety=Safety.SAFE)
        answer: Response = yield request
        return answer.status


class Asker(Shell[Asking]):
    def ask(self) -> int:
        return self._run(self._adapter.ask(), "ask")


class AsyncAsker(AsyncShell[Asking]):
    async def ask(self) -> int:
        return await self._run(self._adapter.ask(), "ask")


def auth(credential: Any, login: str = LOGIN, scope: str = SCOPE, **more: str) -> EntraAuth:
    return EntraAuth(
        **{"tenant_id": TENANT, "client_id": CLIENT, **more},
        credential=credential,
        login_url=login,
        scope=scope,
    )


@functools.cache
def key(name: str = "first", bits: int = 2048) -> rsa.RSAPrivateKey:
    """An RSA key, made once per name."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@functools.cache
def certificate(name: str = "first") -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key(name).public_key())
        .serial_number(7)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=3650))
        .sign(key(name), hashes.SHA256())
    )


def key_pem(name: str = "first", password: str | None = None, private: Any = None) -> str:
    encryption: Any = serialization.NoEncryption()
    if password is not None:
        encryption = serialization.BestAvailableEncryption(password.encode())
    return (
        (private or key(name))
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
        .decode()
    )


def certificate_pem(name: str = "first") -> str:
    return certificate(name).public_bytes(serialization.Encoding.PEM).decode()


class Changing:
    """A source of secrets whose value changes, and which counts how often it is asked."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.asked = 0

    def get(self) -> Any:
        from pydantic import SecretStr

        self.asked += 1
        return SecretStr(self.value)


def cut(kind: str) -> Callable[[], Cut]:
    return functools.partial(Cut, kind)
