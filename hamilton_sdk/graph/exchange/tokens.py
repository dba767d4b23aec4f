"""Access tokens for Graph, by MSAL over the connector's own transport. Pure but for the offloaded part.

MSAL keeps good tokens, and failures too: a 5xx or 429 is given again for up to a minute without asking, and
so is a 400 (MSAL 1.39). Keeping tokens is the runner's part; each request here is an MSAL application of its
own, so that nothing sticks: neither a failure, nor a secret, nor a token that Graph has refused.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Final, NoReturn, Protocol, cast
from urllib.parse import quote, urlencode, urlsplit

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.flow import Now, Offload, Request, Safety, Token
from hamilton_sdk.graph.exchange import refusals
from hamilton_sdk.graph.exchange.faults import code_of
from hamilton_sdk.graph.exchange.nodes import text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hamilton_sdk.flow import Fetch, Flow, Response
    from hamilton_sdk.graph.exchange.credentials import Credential

__all__ = ["EntraAuth"]

_UNAUTHORIZED: Final = 401
_OK: Final = 200
_REFUSED_TOKEN: Final = frozenset({"", "invalidauthenticationtoken"})
_TOKEN: Final = re.compile(r"[\x21-\x7e]+")
_LARGEST_ANSWER: Final = 256 * 1024
_LONGEST_LIFE: Final = 7 * 24 * 3600
_ANY_TENANT: Final = ("common", "organizations", "consumers")


@dataclass(frozen=True, slots=True)
class _Grant:
    """What Entra ID gave: the token, and how many seconds it is good for; None if it does not say."""

    token: str = field(repr=False)
    seconds: int | None


@dataclass(frozen=True, slots=True)
class EntraAuth:
    """Gets and applies the token of an application (client credentials, OAuth 2.0).

    The token is asked for at `login_url` and nowhere else: no document of the log-in names another place.

    Attributes:
        tenant_id: The directory's id or one of its domains.
        client_id: The application's.
        credential: A secret or a certificate, read anew for each token.
        login_url: Of Entra ID, without a path: ``"https://login.microsoftonline.com"``.
        scope: What for: ``"https://graph.microsoft.com/.default"``.

    Raises:
        ConfigurationError: `tenant_id` stands for any tenant, of which an application gets no token.
    """

    tenant_id: str
    client_id: str
    credential: Credential
    login_url: str
    scope: str

    def __post_init__(self) -> None:
        if self.tenant_id.lower() in _ANY_TENANT:
            message = f"tenant_id is {self.tenant_id!r}, which is no tenant"
            raise ConfigurationError(message, hint="give the Directory (tenant) ID of the application's page")

    def acquire(self) -> Flow[Token]:
        """Get a new token.

        Raises:
            ConnectorError: Entra ID gives none; `code` is its own, such as ``"AADSTS7000222"``.
            ConfigurationError: The credential cannot be had, or the extra ``graph`` is not installed.
        """
        asked: datetime = yield Now()
        grant: _Grant = yield Offload(self._ask)
        if grant.seconds is None:
            return Token(grant.token)
        return Token(grant.token, asked + timedelta(seconds=grant.seconds))

    def apply(self, request: Request, token: Token) -> Request:
        """Put the token on a request."""
        return request.with_headers({"authorization": f"Bearer {token.value}"})

    def expired(self, response: Response) -> bool:
        """Whether Graph no longer takes the token: a 401 that says so, or does not say why."""
        return response.status == _UNAUTHORIZED and code_of(response) in _REFUSED_TOKEN

    def _ask(self, fetch: Fetch) -> _Grant:
        line = _Line(fetch, f"{self.login_url}/{quote(self.tenant_id, safe='')}")
        application = _msal().ConfidentialClientApplication(
            self.client_id,
            client_credential=self.credential.client_credential(),
            authority=line.authority,
            http_client=line,
            instance_discovery=False,
        )
        found = application.acquire_token_for_client([self.scope])
        seconds = found.get("expires_in")
        return _Grant(str(found["access_token"]), seconds if isinstance(seconds, int) else None)


class _Line:
    """MSAL's HTTP client: `fetch`, with Entra ID's answers checked before MSAL sees and keeps them.

    Args:
        fetch: Performs a request on the connector's transport.
        address: Of the tenant at the log-in.
    """

    def __init__(self, fetch: Fetch, address: str) -> None:
        self._fetch = fetch
        self._address = address
        parts = urlsplit(address)
        # MSAL takes no http, which is for this machine alone; where to ask is not left to it anyway.
        self.authority = parts._replace(scheme="https").geturl()

    def get(self, url: str, **more: object) -> _Answer:
        """The discovery document: it holds nothing that is not known, so none is asked for."""
        del url, more
        endpoint = f"{self.authority}/oauth2/v2.0"
        told = {"authorization_endpoint": f"{endpoint}/authorize", "token_endpoint": f"{endpoint}/token"}
        return _Answer(json.dumps(told))

    def post(
        self, url: str, *, data: Mapping[str, str], headers: Mapping[str, str], **more: object
    ) -> _Answer:
        """Ask for a token.

        Raises:
            ConnectorError: There is none in the answer.
        """
        del url, more
        request = Request(
            method="POST",
            url=f"{self._address}/oauth2/v2.0/token",
            operation="token",
            safety=Safety.IDEMPOTENT,
            headers={**headers, "content-type": "application/x-www-form-urlencoded"},
            body=urlencode(data).encode(),
            judge=refusals.judge,
            authenticate=False,
            largest_response=_LARGEST_ANSWER,
        )
        return _Answer(json.dumps(_granted(request, self._fetch(request))))

    def close(self) -> None:
        """Nothing: the transport is the connector's."""


class _Answer:
    """A good answer as MSAL reads it.

    Args:
        content: JSON.
    """

    status_code = _OK

    def __init__(self, content: str) -> None:
        self.text = content
        self.headers: dict[str, str] = {}

    def raise_for_status(self) -> None:
        """Nothing: failures never get this far."""


def _granted(request: Request, response: Response) -> dict[str, object]:
    """The members of a good answer.

    Raises:
        ConnectorError: It is not good.
    """
    if not response.ok:
        raise refusals.refused(request, response)
    found = refusals.parsed(response)
    token = text(found, "access_token")
    bearer = (text(found, "token_type") or "").lower() == "bearer"
    if token is None or _TOKEN.fullmatch(token) is None or not bearer:
        raise refusals.no_token(request, response)
    granted: dict[str, object] = {"access_token": token, "token_type": "Bearer"}
    seconds = _seconds(found.get("expires_in"))
    return granted if seconds is None else {**granted, "expires_in": seconds}


def _seconds(value: object) -> int | None:
    # Endpoints of version 1 write a text.
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < len(str(10**9)):
        value = int(value)
    return min(value, _LONGEST_LIFE) if type(value) is int and value >= 0 else None


class _Application(Protocol):
    def acquire_token_for_client(self, scopes: list[str]) -> Mapping[str, object]: ...


class _Msal(Protocol):
    """What is used of MSAL, which has no types."""

    def ConfidentialClientApplication(  # noqa: N802 (MSAL's name)
        self,
        client_id: str,
        *,
        client_credential: str | Mapping[str, str],
        authority: str,
        http_client: _Line,
        instance_discovery: bool,
    ) -> _Application: ...


def _msal() -> _Msal:
    # Loaded on use: it takes longer than all of the SDK.
    try:
        return cast("_Msal", import_module("msal"))
    except ImportError:
        _missing()


def _missing() -> NoReturn:
    message = "tokens of Entra ID need MSAL, which is not installed"
    raise ConfigurationError(message, hint="pip install 'hamilton-apps-sdk[graph]'") from None
