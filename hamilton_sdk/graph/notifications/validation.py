"""Validation tokens: JWTs by which Graph vouches for encrypted notifications. Pure.

One comes for each pair of application and tenant. What is checked ("Change notifications that include
resource data"): the signature, the time, that it is for our application, that the tenant's own Entra ID
issued it, and that it was issued to Graph's publisher of notifications and to nobody else: any other
application of the tenant can have a token for ours too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from jwt import PyJWK

__all__ = ["PUBLISHER", "InvalidToken", "Validator", "key_id"]

PUBLISHER: Final = "0bf30f3b-4a52-48df-9a82-234910c4a086"
"""The application id of Microsoft Graph change tracking, which sends notifications."""

_SKEW: Final = timedelta(minutes=5)
_ALGORITHM: Final = "RS256"
_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_ISSUERS_1: Final = ("https://sts.windows.net", "https://sts.chinacloudapi.cn")
_ISSUERS_2: Final = (
    "https://login.microsoftonline.com",
    "https://login.microsoftonline.us",
    "https://login.partner.microsoftonline.cn",
)
_LONGEST: Final = 16 * 1024
# Time and issuer are judged here: the library goes by the machine's clock, and knows one issuer.
_BY_HAND: Final[dict[str, Any]] = {
    f"verify_{each}": False for each in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
}


class InvalidToken(Exception):
    """It vouches for nothing."""


@dataclass(frozen=True, slots=True)
class Validator:
    """Tells which tenants a set of tokens vouches for.

    Attributes:
        client_ids: Of our own applications, in lower case.
        login_url: Of Entra ID, which issues version 2 tokens.
        publisher: Who may have been issued one.
    """

    client_ids: frozenset[str]
    login_url: str
    publisher: str = PUBLISHER

    def tenants(self, tokens: Iterable[str], keys: Mapping[str, object], now: datetime) -> frozenset[str]:
        """The tenants, in lower case, for which one of the tokens is good.

        Args:
            tokens: As they came.
            keys: JSON Web Keys by their id.
            now: Aware.
        """
        good: set[str] = set()
        for token in tokens:
            try:
                good.add(self.tenant(token, keys, now))
            except InvalidToken:
                continue
        return frozenset(good)

    def tenant(self, token: str, keys: Mapping[str, object], now: datetime) -> str:
        """The tenant, in lower case, that a token vouches for.

        Raises:
            InvalidToken: None.
        """
        claims = _verified(token, keys)
        tenant = claims.get("tid")
        if not isinstance(tenant, str) or _GUID.fullmatch(tenant) is None:
            raise InvalidToken
        good = (
            self._is_timely(claims, now)
            and self._is_for_us(claims)
            and claims.get("iss") in self._issuers(tenant)
            and self._is_the_publisher(claims)
        )
        if not good:
            raise InvalidToken
        return tenant.lower()

    def _is_for_us(self, claims: Mapping[str, object]) -> bool:
        audience = claims.get("aud")
        return isinstance(audience, str) and audience.lower() in self.client_ids

    def _is_the_publisher(self, claims: Mapping[str, object]) -> bool:
        # "appid" is version 1's, "azp" version 2's; a token with both is neither.
        named = [claims[name] for name in ("appid", "azp") if name in claims]
        return named == [self.publisher]

    def _issuers(self, tenant: str) -> frozenset[str]:
        second = (*_ISSUERS_2, self.login_url)
        return frozenset(
            {f"{each}/{tenant}/" for each in _ISSUERS_1} | {f"{each}/{tenant}/v2.0" for each in second}
        )

    def _is_timely(self, claims: Mapping[str, object], now: datetime) -> bool:
        expires, begins = claims.get("exp"), claims.get("nbf")
        seconds, skew = now.timestamp(), _SKEW.total_seconds()
        return (
            _is_number(expires)
            and _is_number(begins)
            and cast("float", begins) - skew <= seconds < cast("float", expires) + skew
        )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def key_id(token: str) -> str | None:
    """Which key a token says to be signed with; None where it cannot be one of Entra ID's."""
    jwt = _library()
    if len(token) > _LONGEST:
        return None
    try:
        header: dict[str, object] = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        return None
    named = header.get("kid")
    return named if isinstance(named, str) and header.get("alg") == _ALGORITHM else None


def _verified(token: str, keys: Mapping[str, object]) -> Mapping[str, object]:
    """The claims of a token whose signature is good."""
    jwt = _library()
    named = key_id(token)
    key = None if named is None else keys.get(named)
    if key is None:
        raise InvalidToken
    try:
        public = cast("PyJWK", jwt.PyJWK(cast("dict[str, Any]", key), _ALGORITHM)).key
        return cast(
            "Mapping[str, object]",
            jwt.decode(token, public, algorithms=[_ALGORITHM], options=cast("Any", _BY_HAND)),
        )
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):  # a key of another kind as well
        raise InvalidToken from None


def _library() -> Any:  # noqa: ANN401 (a module)
    # Loaded on use: most notifications bring nothing encrypted.
    try:
        import jwt
    except ImportError:
        message = "validation tokens need PyJWT, which is not installed"
        raise ConfigurationError(message, hint="pip install 'hamilton-apps-sdk[graph]'") from None
    return jwt
