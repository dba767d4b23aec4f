"""Private keys as PEM: from a path, a text or a source, read anew so that rotation needs no restart."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final, TypeAlias

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.secrets.sources import FileSecret, SecretSource, StaticSecret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from pydantic import SecretStr

__all__ = ["Pem", "PrivateKey", "blocks", "is_at_hand", "pem_source", "secret_source"]

Pem: TypeAlias = "str | os.PathLike[str] | SecretSource"
"""A path, the text itself, or a source of the text."""

_BLOCK: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
_SMALLEST_KEY: Final = 2048


class PrivateKey:
    """An RSA key that is read whenever it is used, and parsed when it has changed.

    Args:
        pem: Where it stands; what else stands there is passed over.
        password: Of the key; None where it has none.
    """

    def __init__(self, pem: SecretSource, password: SecretSource | None) -> None:
        self._pem = pem
        self._password = password
        self._known: tuple[str, str | None, RSAPrivateKey] | None = None

    def get(self) -> RSAPrivateKey:
        """The key as it is now.

        Raises:
            ConfigurationError: There is none, it is too small, or the password does not open it.
        """
        pem = self._pem.get().get_secret_value()
        password = None if self._password is None else self._password.get().get_secret_value()
        known = self._known
        if known is not None and known[:2] == (pem, password):
            return known[2]
        key = _parsed(pem, password)
        self._known = (pem, password, key)
        return key


def _parsed(pem: str, password: str | None) -> RSAPrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    block = next(blocks(pem, "PRIVATE KEY"), None)
    if block is None:
        what = "is not in the PEM"
        raise _unfit_key(what)
    try:
        key = load_pem_private_key(block, None if password is None else password.encode())
    except TypeError:  # a password where none is needed, or the other way round
        what = "needs a password" if password is None else "has no password, and one was given"
        raise _unfit_key(what) from None
    except (ValueError, UnsupportedAlgorithm):
        what = "cannot be read, or the password is wrong"
        raise _unfit_key(what) from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _SMALLEST_KEY:
        what = "is no RSA key of 2048 bits or more"
        raise _unfit_key(what)
    return key


def _unfit_key(what: str) -> ConfigurationError:
    hint = "give an RSA key as PEM (-----BEGIN PRIVATE KEY-----), and password= if it is encrypted"
    return ConfigurationError(f"the private key {what}", hint=hint)


def blocks(pem: str, ending: str) -> Iterator[bytes]:
    """The parts of a PEM whose label ends so."""
    return (each[0].encode() for each in _BLOCK.finditer(pem) if each[1].endswith(ending))


def pem_source(given: Pem) -> SecretSource:
    """A source of what is given as a path, a text or a source.

    Raises:
        TypeError: It is something else.
    """
    if isinstance(given, SecretSource):
        return given
    if isinstance(given, str):
        return StaticSecret(given) if "-----BEGIN" in given else FileSecret(given)
    _check_path(given)
    return FileSecret(given)


def _check_path(given: object) -> None:
    if not isinstance(given, os.PathLike):
        message = f"a PEM must be text, a path or a SecretSource, not {type(given).__name__}"
        raise TypeError(message)


def secret_source(given: str | SecretStr | SecretSource) -> SecretSource:
    """A source of a secret, which may be one already.

    Raises:
        ConfigurationError: It is empty.
        TypeError: It is something else.
    """
    return given if isinstance(given, SecretSource) else StaticSecret(given)


def is_at_hand(source: SecretSource) -> bool:
    """Whether it can be read at any time; a caller's own source may ask a network."""
    return isinstance(source, (FileSecret, StaticSecret))
