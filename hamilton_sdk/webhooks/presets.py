"""The ways to sign that customers' gateways already have, as presets with the shape of `Webhook`. Pure.

Their secrets are texts whose UTF-8 bytes are the key, a prefix included. They sign less than Standard
Webhooks do: neither of them an id, and one not even a time.
"""

from __future__ import annotations

import base64
import re
from hmac import compare_digest
from typing import TYPE_CHECKING, Final, Literal, NoReturn

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks._headers import VALUES, check_length, pick
from hamilton_sdk.webhooks._keys import text_keys
from hamilton_sdk.webhooks._refusals import refusal
from hamilton_sdk.webhooks._window import FIVE_MINUTES, TIMESTAMP, Window, from_seconds, outgoing_seconds
from hamilton_sdk.webhooks.signing import check_body, check_text
from hamilton_sdk.webhooks.verified import VerifiedBody

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.webhooks._headers import Headers
    from hamilton_sdk.webhooks._keys import SymmetricKey

__all__ = ["BodySignature", "Encoding", "TimestampedSignature"]

Encoding = Literal["hex", "base64"]
"""How a signature is written: in lower-case hexadecimal, or in standard base64."""

_HEADER: Final = re.compile(r"[A-Za-z0-9_-]+")
# What may stand in a header's value (RFC 9110, 5.5), and neither be lost on the way nor begin another header.
_PREFIX: Final = re.compile(r"(?:[!-~][ -~]*)?")
_HEX: Final = re.compile(r"[0-9a-f]{64}")
_FORMS: Final = {"hex": _HEX, "base64": VALUES["v1"]}
_ELEMENT: Final = re.compile(r"([A-Za-z0-9_]+)=([!-+\--~]+)")
_TIMESTAMP: Final = re.compile(TIMESTAMP)


class _Preset:
    """The keys and the one header of a preset."""

    __slots__ = ("_header", "_keys")

    def __init__(self, secret: str | Sequence[str], header: str) -> None:
        self._keys: tuple[SymmetricKey, ...] = text_keys(secret)
        if not _HEADER.fullmatch(check_text(header, "header")):
            message = "header is not the name of an HTTP header"
            raise ConfigurationError(message, hint='for example "X-Signature"')
        self._header = header

    def _received(self, headers: Headers) -> str:
        (value,) = pick(headers, (self._header.lower(),))
        check_length(value, self._header)
        return value

    def _check_match(self, prefix: bytes, body: bytes, offered: Sequence[bytes]) -> None:
        expected = [key.digest(prefix, body) for key in self._keys]
        if not any(compare_digest(each, given) for each in expected for given in offered):
            message = (
                f"no signature in the {self._header} header is that of this body with one of the secrets"
            )
            raise refusal(message, "no_match")

    def __reduce__(self) -> NoReturn:
        message = f"a {type(self).__name__} holds secrets and is not pickled: make it anew where it is needed"
        raise TypeError(message)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} in {self._header} with {len(self._keys)} secrets>"


class TimestampedSignature(_Preset):
    """``t=<seconds>,v1=<hex>``: HMAC-SHA256 of the time, a full stop and the body, as Stripe signs.

    Args:
        secret: The secret's text; or several, the newest first: all sign, and each is accepted.
        header: The name of the header.
        past_tolerance: How old a message may be; exactly so old is still accepted.
        future_tolerance: How far ahead the sender's clock may be; exactly so far is still accepted.
        clock: The time where none is given; the machine's own if None.

    Raises:
        ConfigurationError: A secret is empty or has white space around it; another setting is wrong.
        TypeError: An argument is of another type.

    Example:
        >>> gateway = TimestampedSignature("a secret text", header="X-Gateway-Signature")
        >>> gateway.verify(b"{}", gateway.sign(None, b"{}")).body
        b'{}'
    """

    __slots__ = ("_window",)

    def __init__(
        self,
        secret: str | Sequence[str],
        *,
        header: str,
        past_tolerance: timedelta = FIVE_MINUTES,
        future_tolerance: timedelta = FIVE_MINUTES,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(secret, header)
        self._window = Window(past_tolerance, future_tolerance, clock)

    def sign(self, id: str | None, body: bytes, timestamp: datetime | None = None) -> dict[str, str]:  # noqa: A002, ARG002
        """The header to send with a body, signed with every secret.

        Args:
            id: Not sent: this scheme has no place for it.
            body: The bytes that are sent, exactly.
            timestamp: When this attempt is made, aware; the clock's time if None.

        Raises:
            ConfigurationError: The time is before 1970.
            TypeError: An argument is of another type.
        """
        check_body(body)
        seconds = outgoing_seconds(self._window, timestamp)
        prefix = f"{seconds}.".encode()
        signatures = [f"v1={key.digest(prefix, body).hex()}" for key in self._keys]
        return {self._header: ",".join([f"t={seconds}", *signatures])}

    def verify(self, body: bytes, headers: Headers, received_at: datetime | None = None) -> VerifiedBody:
        """The body, if it was signed with one of the secrets and just now.

        Args:
            body: The bytes as they arrived, before anything parsed them.
            headers: All headers of the request: a mapping or pairs, of str or bytes, names in any case.
            received_at: When the message arrived, aware; the clock's time if None.

        Raises:
            WebhookVerificationError: Anything is wrong with the message; ``reason`` says what.
            TypeError: An argument is of another type; a naive datetime is one.
        """
        check_body(body)
        written, signatures = self._read(self._received(headers))
        seconds = int(written)
        self._window.check(seconds, received_at)
        self._check_match(f"{written}.".encode(), body, signatures)
        return VerifiedBody(None, from_seconds(seconds), body)

    def _read(self, header: str) -> tuple[str, list[bytes]]:
        """The time as it is written, and the signatures; elements of other names are skipped."""
        times: list[str] = []
        signatures: list[bytes] = []
        for element in header.split(","):
            match = _ELEMENT.fullmatch(element)
            if match is None or (match[1] == "v1" and not _HEX.fullmatch(match[2])):
                message = f"the {self._header} header is not written as t=<seconds>,v1=<hexadecimal>"
                raise refusal(message, "malformed_header")
            if match[1] == "t":
                times.append(match[2])
            elif match[1] == "v1":
                signatures.append(bytes.fromhex(match[2]))
        if len(times) != 1:
            message = f"the {self._header} header has {len(times)} times (t=) instead of one"
            raise refusal(message, "malformed_header")
        if _TIMESTAMP.fullmatch(times[0]) is None:
            message = f"the time in the {self._header} header is not a whole number of at most 12 digits"
            raise refusal(message, "malformed_timestamp")
        if not signatures:
            message = f"the {self._header} header has no signature of version v1"
            raise refusal(message, "no_known_version")
        return times[0], signatures


class BodySignature(_Preset):
    """HMAC-SHA256 of the body alone, in hexadecimal or base64, as GitHub and Shopify sign.

    No time is signed: who once saw a message can send it again. Remember what was processed, by an id in the
    body.

    Args:
        secret: The secret's text; or several, the newest first: the newest signs, and each is accepted.
        header: The name of the header.
        encoding: How the signature is written.
        prefix: What stands before it, such as ``sha256=``: printable ASCII, and no space first.

    Raises:
        ConfigurationError: A secret is empty or has white space around it; another setting is wrong.
        TypeError: An argument is of another type.

    Example:
        >>> gateway = BodySignature("a secret text", header="X-Hub-Signature-256", prefix="sha256=")
        >>> gateway.verify(b"{}", gateway.sign(None, b"{}")).body
        b'{}'
    """

    __slots__ = ("_encoding", "_prefix")

    def __init__(
        self,
        secret: str | Sequence[str],
        *,
        header: str,
        encoding: Encoding = "hex",
        prefix: str = "",
    ) -> None:
        super().__init__(secret, header)
        if check_text(encoding, "encoding") not in _FORMS:
            message = f"encoding is {encoding!r}"
            raise ConfigurationError(message, hint='it is "hex" or "base64"')
        if not _PREFIX.fullmatch(check_text(prefix, "prefix")):
            message = "prefix has a character that a header cannot hold there"
            raise ConfigurationError(message, hint='printable ASCII, no space first: for example "sha256="')
        self._encoding: Encoding = encoding
        self._prefix = prefix

    def sign(self, id: str | None, body: bytes, timestamp: datetime | None = None) -> dict[str, str]:  # noqa: A002, ARG002
        """The header to send with a body, signed with the newest secret: it has room for one signature.

        Args:
            id: Not sent: this scheme has no place for it.
            body: The bytes that are sent, exactly.
            timestamp: Not sent: this scheme has no place for it.

        Raises:
            TypeError: The body is not bytes.
        """
        check_body(body)
        digest = self._keys[0].digest(b"", body)
        text = digest.hex() if self._encoding == "hex" else base64.b64encode(digest).decode()
        return {self._header: self._prefix + text}

    def verify(self, body: bytes, headers: Headers, received_at: datetime | None = None) -> VerifiedBody:  # noqa: ARG002
        """The body, if it was signed with one of the secrets, whenever that was.

        Args:
            body: The bytes as they arrived, before anything parsed them.
            headers: All headers of the request: a mapping or pairs, of str or bytes, names in any case.
            received_at: Not looked at: no time is signed.

        Raises:
            WebhookVerificationError: Anything is wrong with the message; ``reason`` says what.
            TypeError: An argument is of another type.
        """
        check_body(body)
        header = self._received(headers)
        text = header.removeprefix(self._prefix)
        if not header.startswith(self._prefix) or _FORMS[self._encoding].fullmatch(text) is None:
            wanted = f"{self._prefix} and " if self._prefix else ""
            message = f"the {self._header} header is not {wanted}32 bytes in {self._encoding}"
            raise refusal(message, "malformed_header")
        given = bytes.fromhex(text) if self._encoding == "hex" else base64.b64decode(text)
        self._check_match(b"", body, [given])
        return VerifiedBody(None, None, body)
