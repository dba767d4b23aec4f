"""Encryption at rest: what a database keeps of secrets is of no use without the key."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.secrets.sources import SecretSource

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

__all__ = ["SecretBox"]


class SecretBox:
    """Encrypts and decrypts with keys that can be changed. Thread-safe.

    The source gives one key or several, separated by white space or commas: the first encrypts, all decrypt.
    To change the key put a new one in front, let `rotate` encrypt what there is anew, and take the old one
    away. The source is asked for its keys whenever something is encrypted, and once more where no key at hand
    decrypts something: a process that runs meanwhile need not be started anew.

    Args:
        source: Of the keys, each as `SecretBox.new_key` makes them.

    Raises:
        ConfigurationError: There is no key, or one is none.
        TypeError: It is no source.

    Example:
        >>> from hamilton_sdk.secrets import StaticSecret
        >>> box = SecretBox(StaticSecret(SecretBox.new_key()))
        >>> box.decrypt(box.encrypt(b"secret"))
        b'secret'
    """

    def __init__(self, source: SecretSource) -> None:
        _check_source(source)
        self._source = source
        self._lock = threading.Lock()
        self._fernet = _keys(source)

    @staticmethod
    def new_key() -> str:
        """A new random key: 32 bytes as base64url. Whoever has it reads what was encrypted with it."""
        from cryptography.fernet import Fernet

        return Fernet.generate_key().decode("ascii")

    def encrypt(self, content: bytes) -> bytes:
        """Encrypt with the first key; the result is ASCII and tells when it was made.

        Raises:
            ConfigurationError: There is no key any more, or one is none.
        """
        return self._anew().encrypt(content)

    def decrypt(self, sealed: bytes) -> bytes:
        """Decrypt with whichever key fits.

        Raises:
            ConfigurationError: None does, or it was changed.
        """
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            fernet = self._anew()
        try:
            return fernet.decrypt(sealed)
        except InvalidToken:
            message = "a stored secret cannot be decrypted with any key at hand"
            hint = "give the key it was encrypted with behind the new one, separated by a comma"
            raise ConfigurationError(message, hint=hint) from None

    def rotate(self, sealed: bytes) -> bytes:
        """Encrypt anew with the first key.

        Raises:
            ConfigurationError: No key decrypts it.
        """
        return self.encrypt(self.decrypt(sealed))

    def _anew(self) -> MultiFernet:
        """The keys as they are now."""
        with self._lock:
            self._fernet = _keys(self._source)
            return self._fernet


def _check_source(given: object) -> None:
    if not isinstance(given, SecretSource):
        message = f"a key must come from a SecretSource, not {type(given).__name__}"
        raise TypeError(message)


def _keys(source: SecretSource) -> MultiFernet:
    from cryptography.fernet import Fernet, MultiFernet

    texts = [text for text in re.split(r"[\s,]+", source.get().get_secret_value()) if text]
    try:
        return MultiFernet([Fernet(text) for text in texts])
    except ValueError:  # it may repeat the key
        message = "a key for encryption is no key"
        hint = "it is 32 random bytes in base64url, as SecretBox.new_key() makes them"
        raise ConfigurationError(message, hint=hint) from None
