"""Secrets in the notation of Standard Webhooks, read strictly: a wrong kind is named when it is given. Pure.

``whsec_`` and base64 is a symmetric key (version v1); ``whsk_`` and ``whpk_`` are an Ed25519 secret and its
public key (v1a; the specification leaves the secret open: this is how Svix writes it). No error shows one.
"""

from __future__ import annotations

import base64
import binascii
import re
import warnings
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias, TypeGuard

from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

__all__ = [
    "Key",
    "PublicKey",
    "SecretKey",
    "SymmetricKey",
    "WeakSecretWarning",
    "key_pair",
    "public_text",
    "read_keys",
    "symmetric_secret",
    "text_keys",
]

_SYMMETRIC: Final = "whsec_"
_SECRET: Final = "whsk_"  # noqa: S105 (what secrets begin with)
_PUBLIC: Final = "whpk_"
_PREFIXES: Final = (_SYMMETRIC, _SECRET, _PUBLIC)

# The specification asks for 24 to 64 bytes; Svix's servers take up to 75, and its manual shows a key of 18.
_SHORTEST, _STRONG, _LONGEST = 16, 24, 75
_HALF: Final = 32

# RFC 2104: of SHA-256, and what each byte of the key becomes on either side.
_BLOCK: Final = 64
_INNER_PAD: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER_PAD: Final = bytes(byte ^ 0x5C for byte in range(256))

_LAYOUT: Final = {
    _SECRET: "it is base64 of the 32-byte seed followed by the 32-byte public key of that seed",
    _PUBLIC: "it is base64 of the 32-byte public key",
}
_UNSET: Final = "an unset variable is a usual reason"
_STRIP: Final = "remove what stands around it"
_FROM_HEXADECIMAL: Final = (
    'give "whsec_" + base64.b64encode(bytes.fromhex(...)).decode(); if its text is the key, use from_text'
)

# In one case, with a digit: base64 of constant bytes may be letters alone.
_HEXADECIMAL: Final = re.compile(r"(?=.*[0-9])(?:[0-9a-f]{16,}|[0-9A-F]{16,})")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_BASE64_URL: Final = re.compile(r"[A-Za-z0-9]*[-_][A-Za-z0-9_-]*={0,2}")


class WeakSecretWarning(UserWarning):
    """A secret is shorter than the 24 bytes that Standard Webhooks asks for: ask its issuer for another."""


class SymmetricKey:
    """A key both sides know: HMAC-SHA256, version v1."""

    __slots__ = ("_inner", "_outer", "material")
    version: ClassVar = "v1"

    def __init__(self, material: bytes) -> None:
        self.material = material
        block = material if len(material) <= _BLOCK else sha256(material).digest()
        padded = block.ljust(_BLOCK, b"\0")
        self._inner = sha256(padded.translate(_INNER_PAD))
        self._outer = sha256(padded.translate(_OUTER_PAD))

    def digest(self, prefix: bytes, body: bytes) -> bytes:
        """HMAC (RFC 2104) of the two, one after the other; the body is not copied.

        Both halves of the key are hashed beforehand. `hmac.new(...).copy()` does the same and takes half as
        long again, which is a sixth of verifying a small message.
        """
        inner = self._inner.copy()
        inner.update(prefix)
        inner.update(body)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()

    def sign(self, prefix: bytes, body: bytes) -> bytes:
        """The signature, in base64."""
        return binascii.b2a_base64(self.digest(prefix, body), newline=False)

    def is_header(self, header: str, prefix: bytes, body: bytes) -> bool:
        """Whether a header holds the one signature of the two, and nothing else."""
        return header.isascii() and compare_digest(b"v1," + self.sign(prefix, body), header.encode())

    def matches(self, prefix: bytes, body: bytes, values: Sequence[bytes]) -> bool:
        """Whether one of the signatures, in base64, is that of the two."""
        expected = self.sign(prefix, body)
        return any(compare_digest(expected, value) for value in values)


class PublicKey:
    """The public half of an Ed25519 pair: it verifies, version v1a."""

    __slots__ = ("material", "public")
    version: ClassVar = "v1a"

    def __init__(self, material: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        self.material = material
        self.public: Ed25519PublicKey = Ed25519PublicKey.from_public_bytes(material)

    def matches(self, prefix: bytes, body: bytes, values: Sequence[bytes]) -> bool:
        """Whether one of the signatures, in base64, is that of the two."""
        from cryptography.exceptions import InvalidSignature

        signed = prefix + body
        for value in values:
            try:
                self.public.verify(binascii.a2b_base64(value), signed)
            except InvalidSignature:
                continue
            return True
        return False


class SecretKey(PublicKey):
    """Both halves of an Ed25519 pair: it signs, too."""

    __slots__ = ("private",)

    def __init__(self, material: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        super().__init__(material[_HALF:])
        self.private: Ed25519PrivateKey = Ed25519PrivateKey.from_private_bytes(material[:_HALF])
        if self.private.public_key().public_bytes_raw() != self.material:
            raise _wrong(kind="a whsk_ secret whose halves do not belong together", hint=_LAYOUT[_SECRET])

    def sign(self, prefix: bytes, body: bytes) -> bytes:
        """The signature, in base64."""
        return binascii.b2a_base64(self.private.sign(prefix + body), newline=False)


Key: TypeAlias = SymmetricKey | SecretKey | PublicKey


def _as_texts(given: object) -> tuple[str, ...]:
    """One text or several, each once.

    Raises:
        TypeError: It is neither.
        ConfigurationError: There is none.
    """
    several = [given] if isinstance(given, str) else given
    if not _is_several(several):
        message = f"a secret must be a str, or a list or tuple of them, not {type(given).__name__}"
        raise TypeError(message)
    texts: list[str] = []
    for each in several:
        if not isinstance(each, str):
            message = f"a secret must be a str, not {type(each).__name__}"
            raise TypeError(message)
        texts.append(each)
    if not texts:
        message = "no webhook secret was given"
        raise ConfigurationError(message, hint="give at least one; of several, the newest first")
    return tuple(dict.fromkeys(texts))


def _is_several(given: object) -> TypeGuard[Sequence[object]]:
    return isinstance(given, (list, tuple))


def read_keys(given: str | Sequence[str], *, stacklevel: int) -> tuple[Key, ...]:
    """The keys of secrets, in their order, each once.

    Args:
        given: One secret or several.
        stacklevel: Whom a `WeakSecretWarning` points at, as if the caller warned.

    Raises:
        ConfigurationError: One is of a wrong kind; the message names which.
        TypeError: One is no text.
    """
    keys = tuple(_read(text) for text in _as_texts(given))
    shortest = min((len(key.material) for key in keys if isinstance(key, SymmetricKey)), default=_STRONG)
    if shortest < _STRONG:
        message = f"a webhook secret has {shortest} bytes; Standard Webhooks asks for {_STRONG} at least"
        warnings.warn(message, WeakSecretWarning, stacklevel=stacklevel + 1)
    return keys


def text_keys(given: str | Sequence[str]) -> tuple[SymmetricKey, ...]:
    """Symmetric keys of foreign texts, whose UTF-8 bytes are the key; each once.

    Raises:
        ConfigurationError: One is empty, has white space around it, or cannot be written in UTF-8.
        TypeError: One is no text.
    """
    return tuple(SymmetricKey(_text_material(text)) for text in _as_texts(given))


def _text_material(text: str) -> bytes:
    if not text:
        raise _wrong(kind="empty", hint=_UNSET)
    if text != text.strip():
        hint = "remove it: a line break at the end of a file is usual"
        raise _wrong(kind="a text with white space around it", hint=hint)
    try:
        return text.encode()
    except UnicodeEncodeError:  # it holds the text, and is not to travel with what is raised below
        hint = "read it as UTF-8 from where it came"
    raise _wrong(kind="a text that UTF-8 cannot write", hint=hint)


def symmetric_secret(material: bytes) -> str:
    """How a symmetric key is written."""
    return _SYMMETRIC + base64.b64encode(material).decode()


def key_pair() -> tuple[str, str]:
    """A new Ed25519 pair: how its secret and its public key are written."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    secret = private.private_bytes_raw() + public
    return _SECRET + base64.b64encode(secret).decode(), public_text(public)


def public_text(material: bytes) -> str:
    """How a public key is written."""
    return _PUBLIC + base64.b64encode(material).decode()


def _wrong(*, kind: str, hint: str) -> ConfigurationError:
    return ConfigurationError(f"the webhook secret is {kind}", hint=hint)


def _read(text: str) -> Key:
    prefix = next((each for each in _PREFIXES if text.startswith(each)), None)
    if prefix is None:
        raise _unprefixed(text)
    material = _decode(prefix, text.removeprefix(prefix))
    if prefix == _SYMMETRIC:
        return _symmetric(material)
    wanted = _HALF if prefix == _PUBLIC else 2 * _HALF
    if len(material) != wanted:
        kind = f"a {prefix} key of {len(material)} bytes instead of {wanted}"
        raise _wrong(kind=kind, hint=_LAYOUT[prefix])
    return PublicKey(material) if prefix == _PUBLIC else SecretKey(material)


def _symmetric(material: bytes) -> SymmetricKey:
    if material.startswith(_SYMMETRIC.encode()):
        kind = "a whsec_ secret that was encoded in base64 a second time"
        raise _wrong(kind=kind, hint="decode it once, and give that")
    if not _SHORTEST <= len(material) <= _LONGEST:
        kind = f"a whsec_ secret of {len(material)} bytes, and {_SHORTEST} to {_LONGEST} are taken"
        hint = "was it cut off, or is its text the key (from_text)? Webhook.generate_secret() makes a new one"
        raise _wrong(kind=kind, hint=hint)
    return SymmetricKey(material)


def _unprefixed(text: str) -> ConfigurationError:
    """Name what was given instead of a secret with a prefix."""
    inner = text.strip("\"' \t\r\n")
    if not inner:
        return _wrong(kind="empty", hint=_UNSET)
    if inner.startswith(_PREFIXES):
        return _wrong(kind="one with quotes or white space around it", hint=_STRIP)
    if inner.startswith(("v1,", "v1a,")):
        return _wrong(kind="one with the version before it", hint="begin at whsec_, whsk_ or whpk_")
    if inner.startswith("-----BEGIN"):
        return _wrong(kind="a PEM file", hint="give the raw key in base64 behind whsk_ or whpk_")
    if _HEXADECIMAL.fullmatch(inner):
        return _wrong(kind="hexadecimal", hint=_FROM_HEXADECIMAL)
    hint = "put whsec_ before it if it is base64; if its text is the key, use from_text"
    return _wrong(kind="without a prefix", hint=hint)


def _decode(prefix: str, encoded: str) -> bytes:
    if encoded.startswith(_PREFIXES):
        raise _wrong(kind=f"one with a second prefix behind {prefix}", hint="keep the inner one alone")
    if encoded != encoded.strip("\"' \t\r\n"):
        raise _wrong(kind="one with quotes or white space around it", hint=_STRIP)
    if _HEXADECIMAL.fullmatch(encoded):
        raise _wrong(kind=f"hexadecimal behind {prefix}", hint=_FROM_HEXADECIMAL)
    if _BASE64_URL.fullmatch(encoded):
        hint = "write it in standard base64, with + in place of - and / in place of _"
        raise _wrong(kind=f"base64url behind {prefix}", hint=hint)
    if _BASE64.fullmatch(encoded) is None:
        raise _wrong(kind=f"not base64 behind {prefix}", hint="copy it anew")
    digits = encoded.rstrip("=")
    if len(digits) % 4 == 1:
        raise _wrong(kind=f"cut off: no base64 behind {prefix} has such a length", hint="copy it anew")
    # Some issuers leave the padding out.
    return base64.b64decode(digits + "=" * (-len(digits) % 4))
