"""The key of what is kept encrypted: whether it fits, and how it is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.store.statements import endpoints as statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hamilton_sdk.store.operation import Execute
    from hamilton_sdk.webhooks._sealing import KeptSecret, Seal

__all__ = ["CheckKey", "Reencrypt", "Reencrypted", "check_key", "kept_secrets"]

_MOST_NAMED: Final = 5
_HINT: Final = (
    "give the key they were encrypted with, behind a new one and separated by a comma if it was changed; "
    "where it is lost, remove_endpoint() and add them anew"
)


@dataclass(frozen=True, slots=True)
class CheckKey:
    """See that a key fits what is kept."""

    writes: ClassVar[bool] = False

    seal: Seal

    def run(self, execute: Execute) -> None:
        """Do it.

        Raises:
            ConfigurationError: There are endpoints, and it opens the secrets of none.
        """
        check_key(execute, self.seal)


@dataclass(frozen=True, slots=True)
class Reencrypted:
    """What came of a `Reencrypt`.

    Attributes:
        count: How many endpoints it could do it for.
        unreadable: Ids of the others.
        place: Where they are kept.
    """

    count: int
    unreadable: tuple[str, ...]
    place: str

    def checked(self) -> int:
        """How many there were.

        Raises:
            ConfigurationError: There were others.
        """
        if self.unreadable:
            named = _named(self.unreadable)
            message = f"no key opens {named} in {self.place}; endpoints encrypted anew: {self.count}"
            raise ConfigurationError(message, hint=_HINT)
        return self.count


@dataclass(frozen=True, slots=True)
class Reencrypt:
    """Encrypt what is kept with the newest key."""

    writes: ClassVar[bool] = True

    seal: Seal

    def run(self, execute: Execute) -> Reencrypted:
        """Do it."""
        unreadable: list[str] = []
        anew: list[dict[str, object]] = []
        for id_, secrets, headers in execute(statements.lock_sealed):
            try:
                sealed = self.seal.anew(secrets, headers)
            except ConfigurationError:
                unreadable.append(id_)
            else:
                anew.append({"id_": id_, "secrets": sealed[0], "headers": sealed[1]})
        if anew:
            execute(statements.seal_endpoint, anew)
        return Reencrypted(len(anew), tuple(unreadable), self.seal.place)


def check_key(execute: Execute, seal: Seal) -> None:
    """Refuse a key before anything is kept with it beside what it cannot open.

    Raises:
        ConfigurationError: There are endpoints, and it opens the secrets of none.
    """
    unreadable: list[str] = []
    for id_, sealed in execute(statements.select_secrets):
        if seal.opens(sealed):
            return
        unreadable.append(id_)
    if unreadable:
        message = f"the key opens the secrets of none of the endpoints in {seal.place}: {_named(unreadable)}"
        raise ConfigurationError(message, hint=_HINT)


def kept_secrets(endpoint: str, sealed: bytes, seal: Seal) -> list[KeptSecret]:
    """An endpoint's secrets.

    Raises:
        ConfigurationError: No key at hand opens them.
    """
    try:
        return seal.kept_secrets(sealed)
    except ConfigurationError as error:
        message = f"the secrets of endpoint {endpoint} in {seal.place} cannot be opened: {error}"
        raise ConfigurationError(message, hint=_HINT) from None


def _named(endpoints: Sequence[str]) -> str:
    some, more = ", ".join(endpoints[:_MOST_NAMED]), len(endpoints) - _MOST_NAMED
    return f"{some} and {more} more" if more > 0 else some
