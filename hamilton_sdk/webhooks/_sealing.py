"""What the outbox keeps encrypted of an endpoint: its secrets and its headers, which may hold credentials."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hamilton_sdk.secrets import SecretBox, SecretSource

__all__ = ["KeptSecret", "Seal", "rotated"]

_MOST_SECRETS: Final = 10
"""How many secrets sign at the same time at most: each is one more signature in a header."""


class KeptSecret(NamedTuple):
    """A secret that signs.

    Attributes:
        secret: Its text.
        until: Microseconds until which it does; None for the current one.
    """

    secret: str
    until: int | None

    def __repr__(self) -> str:
        return f"KeptSecret(..., until={self.until})"


def rotated(kept: Sequence[KeptSecret], secret: str, now: int, until: int) -> list[KeptSecret]:
    """The secrets once a new one came: those before it sign along until the overlap is over.

    Raises:
        ConfigurationError: The secret is one of them already, or they are too many.
    """
    valid = [each for each in kept if each.until is None or each.until > now]
    if any(each.secret == secret for each in valid):
        message = "the new secret is one that this endpoint has"
        raise ConfigurationError(message, hint="leave secret out to have a new one made")
    if len(valid) >= _MOST_SECRETS:
        message = f"this endpoint has {len(valid)} secrets that still sign"
        raise ConfigurationError(message, hint="rotate less often, or with a shorter overlap")
    ending = [
        KeptSecret(each.secret, until if each.until is None else min(each.until, until)) for each in valid
    ]
    return [KeptSecret(secret, None), *ending]


class Seal:
    """Encrypts what is kept of endpoints, and opens it again.

    Args:
        key: Where its keys come from; None where no endpoint is managed or delivered to.

    Attributes:
        place: Where what it encrypts is kept, in words.

    Raises:
        ConfigurationError: The key is none.
        TypeError: It is no source of secrets.
    """

    def __init__(self, key: SecretSource | None) -> None:
        self.place: str = "this outbox"
        self._box: SecretBox | None = None
        if key is not None:
            from hamilton_sdk.secrets import SecretBox

            self._box = SecretBox(key)

    def box(self) -> SecretBox:
        """What encrypts.

        Raises:
            ConfigurationError: There is no key.
        """
        if self._box is None:
            message = "the secrets of endpoints are kept encrypted, and this outbox has no key"
            hint = 'open it with key=EnvironmentSecret("HAMILTON_KEY"), say; SecretBox.new_key() makes one'
            raise ConfigurationError(message, hint=hint)
        return self._box

    def secrets(self, kept: Sequence[KeptSecret]) -> bytes:
        """Secrets as they are kept, newest first."""
        content = [{"secret": each.secret, "until": each.until} for each in kept]
        return self.box().encrypt(json.dumps(content).encode())

    def kept_secrets(self, sealed: bytes) -> list[KeptSecret]:
        """What was kept, newest first, those that have ended among it.

        Raises:
            ConfigurationError: No key at hand decrypts it.
        """
        content: list[dict[str, Any]] = json.loads(self.box().decrypt(sealed))
        return [KeptSecret(each["secret"], each["until"]) for each in content]

    def opens(self, sealed: bytes) -> bool:
        """Whether a key at hand decrypts an endpoint's secrets."""
        try:
            self.kept_secrets(sealed)
        except ConfigurationError:
            return False
        return True

    def open_secrets(self, sealed: bytes, now: int) -> list[str]:
        """The secrets that sign at a time, newest first.

        Args:
            sealed: As kept.
            now: Microseconds.

        Raises:
            ConfigurationError: No key at hand decrypts them.
        """
        kept = self.kept_secrets(sealed)
        return [each.secret for each in kept if each.until is None or each.until > now]

    def anew(self, secrets: bytes, headers: str) -> tuple[bytes, str]:
        """Secrets and headers as kept, encrypted with the newest key.

        Raises:
            ConfigurationError: No key at hand decrypts them.
        """
        box = self.box()
        return box.rotate(secrets), box.rotate(headers.encode("ascii")).decode("ascii") if headers else ""

    def headers(self, headers: Mapping[str, str]) -> str:
        """Headers as they are kept."""
        return self.box().encrypt(json.dumps(dict(headers)).encode()).decode("ascii") if headers else ""

    def open_headers(self, sealed: str) -> dict[str, str]:
        """The headers that were kept.

        Raises:
            ConfigurationError: No key at hand decrypts them.
        """
        if not sealed:
            return {}
        headers: dict[str, str] = json.loads(self.box().decrypt(sealed.encode("ascii")))
        return headers
