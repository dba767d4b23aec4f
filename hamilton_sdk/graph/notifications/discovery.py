"""The keys with which Entra ID signs, from its discovery documents, kept for a day. Flows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

from hamilton_sdk.errors import BadResponse
from hamilton_sdk.failure import error_from
from hamilton_sdk.flow import Now, Request, Safety

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hamilton_sdk.flow import Flow, Response

__all__ = ["CONNECTOR", "SigningKeys"]

CONNECTOR: Final = "graph.notifications"

_LIFE: Final = timedelta(days=1)
_PATIENCE: Final = timedelta(minutes=5)
"""Between two look-ups for a key that is not known: a forged token makes no flood of them."""
_DOCUMENT: Final = "/common/.well-known/openid-configuration"
_LARGEST: Final = 1024 * 1024
_HINT: Final = "is login_url the address of Entra ID? A proxy or a portal may answer in its place"
_HOSTS: Final = frozenset(
    {
        "login.microsoftonline.com",
        "login.microsoftonline.us",
        "login.windows.net",
        "login.chinacloudapi.cn",
        "login.partner.microsoftonline.cn",
    }
)


@dataclass(frozen=True, slots=True)
class _Kept:
    keys: Mapping[str, object] = field(default_factory=dict[str, object])
    at: datetime | None = None


class SigningKeys:
    """Entra ID's public keys.

    Args:
        login_url: Of Entra ID, without a path.
    """

    def __init__(self, login_url: str) -> None:
        self._login_url = login_url
        self._kept = _Kept()

    def get(self, wanted: Iterable[str]) -> Flow[Mapping[str, object]]:
        """The keys by their id, fetched anew daily, and where one is wanted that is not known.

        Args:
            wanted: Ids of keys.

        Raises:
            ConnectorError: They cannot be fetched.
        """
        now: datetime = yield Now()
        kept = self._kept
        age = _LIFE if kept.at is None else now - kept.at
        known = all(each in kept.keys for each in wanted)
        if age < (_LIFE if known else _PATIENCE):
            return kept.keys
        keys = yield from self._fetch()
        # One assignment, so that threads see the one or the other.
        self._kept = _Kept(keys, now)
        return keys

    def _fetch(self) -> Flow[Mapping[str, object]]:
        request = _get(f"{self._login_url}{_DOCUMENT}", "discovery")
        answer: Response = yield request
        address = _object(request, answer).get("jwks_uri")
        if not isinstance(address, str) or not self._trusts(address):
            raise _broken(request, answer, "the discovery document names no keys of Entra ID")
        request = _get(address, "signing keys")
        answer = yield request
        keys = _object(request, answer).get("keys")
        found = _by_id(cast("list[object]", keys) if isinstance(keys, list) else [])
        if not found:
            raise _broken(request, answer, "there is no signing key in the answer")
        return found

    def _trusts(self, address: str) -> bool:
        """Whether keys may come from there: our own log-in, or another of Microsoft's."""
        try:
            theirs, ours = urlsplit(address), urlsplit(self._login_url)
            same = (theirs.scheme, theirs.hostname, theirs.port) == (ours.scheme, ours.hostname, ours.port)
            known = theirs.scheme == "https" and theirs.port in {None, 443} and theirs.hostname in _HOSTS
        except ValueError:
            return False
        return "@" not in theirs.netloc and (same or known)


def _get(url: str, operation: str) -> Request:
    return Request(
        method="GET",
        url=url,
        operation=operation,
        safety=Safety.SAFE,
        headers={"accept": "application/json"},
        authenticate=False,
        largest_response=_LARGEST,
    )


def _object(request: Request, answer: Response) -> Mapping[str, object]:
    if not answer.ok:
        raise error_from(request, answer, connector=CONNECTOR)
    try:
        found: object = json.loads(answer.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _broken(request, answer, "the answer is no JSON object")
    return cast("Mapping[str, object]", found)


def _broken(request: Request, answer: Response, message: str) -> Exception:
    return error_from(request, answer, connector=CONNECTOR, message=message, kind=BadResponse, hint=_HINT)


def _by_id(keys: Iterable[object]) -> dict[str, object]:
    """RSA keys for signing."""
    found: dict[str, object] = {}
    for each in keys:
        if isinstance(each, dict):
            key = cast("Mapping[str, object]", each)
            named = key.get("kid")
            if isinstance(named, str) and key.get("kty") == "RSA" and key.get("use", "sig") == "sig":
                found[named] = key
    return found
