"""Signing and verifying webhooks by Standard Webhooks 1.0.0, versions v1 and v1a.

Of the standard library alone, but for Ed25519, which loads cryptography on use. Pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, NoReturn, Protocol, Self

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.webhooks._headers import VALUES, Headers, Names, pick_message, tokens
from hamilton_sdk.webhooks._keys import (
    PublicKey,
    SecretKey,
    SymmetricKey,
    WeakSecretWarning,
    key_pair,
    public_text,
    read_keys,
    symmetric_secret,
    text_keys,
)
from hamilton_sdk.webhooks._refusals import refusal
from hamilton_sdk.webhooks._window import FIVE_MINUTES, TIMESTAMP, Window, from_seconds, outgoing_seconds
from hamilton_sdk.webhooks.verified import VerifiedMessage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.errors import WebhookVerificationError
    from hamilton_sdk.webhooks._keys import Key
    from hamilton_sdk.webhooks.verified import Verified

__all__ = [
    "HeaderPrefix",
    "Headers",
    "KeyPair",
    "SignatureScheme",
    "SignedTest",
    "VerifiedMessage",
    "WeakSecretWarning",
    "Webhook",
    "check_body",
    "check_id",
]

HeaderPrefix = Literal["webhook", "svix"]
"""What the three headers begin with: the standard's own, or what Svix sends unless told otherwise."""

# Visible ASCII but for the full stop, which separates the signed parts (with one in the id, two messages
# would have the same signature), and the comma, with which proxies join headers.
_ID: Final = re.compile(r"[!-+\-/-~]{1,256}")
_ID_RULE: Final = "1 to 256 visible ASCII characters without a full stop or a comma"
# An id has no full stop, so the one between the two is the only one there is.
_SIGNED: Final = re.compile(_ID.pattern + r"\." + TIMESTAMP + r"\.")


class SignatureScheme(Protocol):
    """What `Webhook` and the presets have in common: each can stand where another does."""

    def sign(self, id: str, body: bytes, timestamp: datetime | None = None) -> dict[str, str]:  # noqa: A002
        """The headers to send with a body."""
        ...

    def verify(self, body: bytes, headers: Headers, received_at: datetime | None = None) -> Verified:
        """The body, if its signature is genuine."""
        ...


class SendableEvent(Protocol):
    """An event that can be sent, as those of `hamilton_sdk.webhooks.events` can."""

    @property
    def id(self) -> str:
        """Names the event, in all its deliveries."""
        ...

    def to_bytes(self) -> bytes:
        """The event as it is sent."""
        ...


class SignedTest(NamedTuple):
    """A signed message for the test of a receiver.

    Attributes:
        body: What to post.
        headers: The headers to post with it.
    """

    body: bytes
    headers: dict[str, str]


class KeyPair(NamedTuple):
    """A new Ed25519 pair.

    Attributes:
        secret: ``whsk_...``, for the one who signs; the repr does not show it.
        public: ``whpk_...``, for those who verify.
    """

    secret: str
    public: str

    def __repr__(self) -> str:
        return f"KeyPair(public={self.public!r})"


class Webhook:
    """The secrets of one endpoint: signs what is sent to it, verifies what it receives.

    Immutable, and safe to share between threads and tasks.

    Args:
        secret: ``whsec_...`` (symmetric), ``whsk_...`` (Ed25519, signs and verifies) or ``whpk_...``
            (Ed25519, verifies); or several of them, the newest first. All sign, and each is accepted, so that
            one replaces another without a message lost.
        past_tolerance: How old a message may be; exactly so old is still accepted.
        future_tolerance: How far ahead the sender's clock may be; exactly so far is still accepted.
        clock: The time where none is given; the machine's own if None.
        header_prefix: What the three headers begin with: ``"webhook"``, the standard's, or ``"svix"``. Those
            that begin otherwise are never looked at.

    Raises:
        ConfigurationError: A secret is of a wrong kind, which the message names; a tolerance is negative.
        TypeError: An argument is of another type.

    Warns:
        WeakSecretWarning: A symmetric secret has 16 to 23 bytes. The standard asks for 24; fewer than 16 are
            an error.

    Example:
        >>> hook = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        >>> headers = hook.sign("msg_1", b'{"type":"visit.created"}')
        >>> hook.verify(b'{"type":"visit.created"}', headers).id
        'msg_1'
    """

    __slots__ = ("_keys", "_names", "_only", "_versions", "_window")

    def __init__(
        self,
        secret: str | Sequence[str],
        *,
        past_tolerance: timedelta = FIVE_MINUTES,
        future_tolerance: timedelta = FIVE_MINUTES,
        clock: Clock | None = None,
        header_prefix: HeaderPrefix = "webhook",
    ) -> None:
        keys = read_keys(secret, stacklevel=2)
        self._set_up(keys, Window(past_tolerance, future_tolerance, clock), header_prefix)

    def _set_up(self, keys: tuple[Key, ...], window: Window, header_prefix: HeaderPrefix) -> None:
        if check_text(header_prefix, "header_prefix") not in {"webhook", "svix"}:
            message = f"header_prefix is {header_prefix!r}"
            raise ConfigurationError(message, hint='it is "webhook" or "svix"')
        self._keys = keys
        self._versions = dict.fromkeys(key.version for key in keys)
        self._only = keys[0] if len(keys) == 1 and isinstance(keys[0], SymmetricKey) else None
        self._names = Names.beginning(header_prefix)
        self._window = window

    @classmethod
    def from_text(
        cls,
        text: str | Sequence[str],
        *,
        past_tolerance: timedelta = FIVE_MINUTES,
        future_tolerance: timedelta = FIVE_MINUTES,
        clock: Clock | None = None,
        header_prefix: HeaderPrefix = "webhook",
    ) -> Self:
        """For a sender whose key is the secret's text itself, not decoded.

        Args:
            text: Its UTF-8 bytes are the key, a prefix included; or several, the newest first. How strong a
                text is cannot be seen by its length, so any that is not empty is taken.
            past_tolerance: As for `Webhook`.
            future_tolerance: As for `Webhook`.
            clock: As for `Webhook`.
            header_prefix: As for `Webhook`.

        Raises:
            ConfigurationError: A text is empty, or has white space around it.
            TypeError: An argument is of another type.
        """
        hook = cls.__new__(cls)
        window = Window(past_tolerance, future_tolerance, clock)
        hook._set_up(text_keys(text), window, header_prefix)  # noqa: SLF001 (its own)
        return hook

    @staticmethod
    def generate_secret() -> str:
        """A new symmetric secret of 32 random bytes, ``whsec_...``."""
        import secrets

        return symmetric_secret(secrets.token_bytes(32))

    @staticmethod
    def generate_key_pair() -> KeyPair:
        """A new Ed25519 pair: keep the secret, give the public key to those who verify."""
        return KeyPair(*key_pair())

    @property
    def public_keys(self) -> tuple[str, ...]:
        """The public keys of the Ed25519 secrets and public keys, ``whpk_...``, in their order."""
        return tuple(public_text(key.material) for key in self._keys if isinstance(key, PublicKey))

    def sign(self, id: str, body: bytes, timestamp: datetime | None = None) -> dict[str, str]:  # noqa: A002
        """The headers to send with a body, signed with every secret.

        Args:
            id: The message's id, the same for each attempt to deliver it: 1 to 256 visible ASCII characters
                without a full stop or a comma.
            body: The bytes that are sent, exactly.
            timestamp: When this attempt is made, aware; the clock's time if None.

        Raises:
            ConfigurationError: The id has another form, there are only public keys, or the time is before
                1970.
            TypeError: An argument is of another type.
        """
        check_body(body)
        check_id(id)
        seconds = outgoing_seconds(self._window, timestamp)
        prefix = f"{id}.{seconds}.".encode()
        signatures = [
            f"{key.version},{key.sign(prefix, body).decode()}"
            for key in self._keys
            if isinstance(key, (SymmetricKey, SecretKey))
        ]
        if not signatures:
            message = "there are only public keys, and these cannot sign"
            raise ConfigurationError(message, hint="give the whsk_ secret where messages are signed")
        names = self._names
        return {names.id: id, names.timestamp: str(seconds), names.signature: " ".join(signatures)}

    def verify(self, body: bytes, headers: Headers, received_at: datetime | None = None) -> VerifiedMessage:
        """The message, if it was signed with one of the secrets and just now.

        Args:
            body: The bytes as they arrived, before anything parsed them.
            headers: All headers of the request: a mapping or pairs, of str or bytes, names in any case.
            received_at: When the message arrived, aware; the clock's time if None.

        Raises:
            WebhookVerificationError: Anything is wrong with the message; ``reason`` says what.
            TypeError: An argument is of another type; a naive datetime is one.
        """
        check_body(body)
        id_, sent, signature = pick_message(headers, self._names)
        signed = f"{id_}.{sent}."
        if _SIGNED.fullmatch(signed) is None:
            raise self._malformed(id_)
        seconds = int(sent)
        self._window.check(seconds, received_at)
        self._check_signature(signature, signed.encode(), body)
        return VerifiedMessage(id_, from_seconds(seconds), body)

    def sign_test(
        self,
        event: SendableEvent | bytes,
        *,
        id: str | None = None,  # noqa: A002
        timestamp: datetime | None = None,
    ) -> SignedTest:
        """A signed message for the test of a receiver.

        Args:
            event: An event, or a body as it is.
            id: The message's id; that of the event if None, and made up for a body.
            timestamp: When it is signed, aware; the clock's time if None.

        Raises:
            ConfigurationError: As for `sign`.
            TypeError: As for `sign`.

        Example:
            >>> hook = Webhook(Webhook.generate_secret())
            >>> body, headers = hook.sign_test(b'{"type":"visit.created"}')
            >>> hook.verify(body, headers).body == body
            True
        """
        # Loaded on use: nobody who verifies needs chance.
        import secrets

        if isinstance(event, bytes):
            body, own = event, f"msg_{secrets.token_hex(12)}"
        else:
            _check_event(event)
            body, own = event.to_bytes(), event.id
        return SignedTest(body, self.sign(own if id is None else id, body, timestamp))

    def _check_signature(self, header: str, prefix: bytes, body: bytes) -> None:
        # Nearly every message has one signature and nearly every receiver one key: a header that equals the
        # only right one needs no parsing.
        if self._only is not None and self._only.is_header(header, prefix, body):
            return
        offered = tokens(header, self._names.signature)
        if self._versions.keys().isdisjoint(offered):
            raise self._unknown(offered)
        for key in self._keys:
            if key.version in offered and key.matches(prefix, body, offered[key.version]):
                return
        message = "no signature of the webhook is that of this body with one of the secrets"
        raise refusal(message, "no_match")

    def _unknown(self, offered: dict[str, list[bytes]]) -> WebhookVerificationError:
        held = " and ".join(self._versions)
        # Of the two known versions, one at most is there: with both, a key for one of them was tried.
        known = next((version for version in VALUES if version in offered), None)
        signed = f"is signed with {known} only" if known else "has no signature of a known version"
        return refusal(f"the webhook {signed}, and the secrets given are for {held}", "no_known_version")

    def _malformed(self, given: str) -> WebhookVerificationError:
        if _ID.fullmatch(given) is None:
            return refusal(f"the {self._names.id} header is not {_ID_RULE}", "malformed_header")
        message = f"the {self._names.timestamp} header is not a whole number of seconds of at most 12 digits"
        return refusal(message, "malformed_timestamp")

    def __reduce__(self) -> NoReturn:
        message = "a Webhook holds secrets and is not pickled: make it anew in the process that needs it"
        raise TypeError(message)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __repr__(self) -> str:
        versions = ", ".join(key.version for key in self._keys)
        return f"<{type(self).__name__} with secrets of {versions}>"


def check_body(body: object) -> None:
    """Refuse anything but bytes: text would have to be encoded again, and not as the sender did.

    Raises:
        TypeError: It is something else.
    """
    if not isinstance(body, bytes):
        message = f"the body must be bytes, as they are on the wire, not {type(body).__name__}"
        raise TypeError(message)


def _check_event(given: object) -> None:
    if not (hasattr(given, "to_bytes") and hasattr(given, "id")):
        message = f"event must be an event, or a body as bytes, not {type(given).__name__}"
        raise TypeError(message)


def check_text(given: object, name: str) -> str:
    """A text, if it is one.

    Args:
        given: An argument.
        name: What it is called, for the error.

    Raises:
        TypeError: It is something else.
    """
    if not isinstance(given, str):
        message = f"{name} must be a str, not {type(given).__name__}"
        raise TypeError(message)
    return given


def check_id(given: object) -> None:
    """Refuse an id that could not be verified.

    Raises:
        ConfigurationError: It has another form.
        TypeError: It is no text.
    """
    if _ID.fullmatch(check_text(given, "id")) is None:
        message = f"the webhook's id is not {_ID_RULE}"
        raise ConfigurationError(message, hint='a random id such as "msg_" + uuid4().hex has the form')
