"""HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530). Needs the extra ``http-signatures``.

A signature covers a body only through its digest (RFC 9421, 7.2.8): here it always has to, and the digest is
always computed anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, NoReturn, Self, TypeGuard, cast

from hamilton_sdk.errors import ConfigurationError, WebhookVerificationError
from hamilton_sdk.webhooks._headers import check_length, every_value
from hamilton_sdk.webhooks._keys import SecretKey, SymmetricKey, read_keys, text_keys
from hamilton_sdk.webhooks._refusals import refusal
from hamilton_sdk.webhooks._window import FIVE_MINUTES, Window, from_seconds, outgoing_seconds
from hamilton_sdk.webhooks.signing import check_body, check_id, check_text
from hamilton_sdk.webhooks.verified import VerifiedBody

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, timedelta

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.webhooks._headers import Headers
    from hamilton_sdk.webhooks._keys import Key
    from hamilton_sdk.webhooks._rfc9421 import Candidate

__all__ = ["HttpSignatures"]

_INPUT: Final = "signature-input"
_SIGNATURE: Final = "signature"
_DIGEST: Final = "content-digest"
_ID: Final = "webhook-id"
# RFC 9110, 5.6.2 and 9.1: a token; RFC 9421, 2.1: of headers, in lower case.
_METHOD: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Z-]+")
_COMPONENT: Final = re.compile(r"@?[!#$%&'*+.^_`|~0-9a-z-]+")
_PLAIN: Final[dict[str, object]] = {}


class HttpSignatures:
    """HTTP Message Signatures with hmac-sha256 or ed25519 over a request and the digest of its body.

    Args:
        keys: Secrets as for `Webhook`, by key id, the newest first. All sign, and each is accepted.
        url: The receiver's own address, as senders know it: what is signed of the target is taken from it,
            and not from headers that a proxy may change.
        method: Of the request.
        components: What is signed besides the digest, and what a signature must at least cover to be
            accepted: names of derived components and, for verifying, of headers.
        past_tolerance: How old a message may be; exactly so old is still accepted.
        future_tolerance: How far ahead the sender's clock may be; exactly so far is still accepted.
        clock: The time where none is given; the machine's own if None.

    Raises:
        ConfigurationError: A setting is wrong, or the extra ``http-signatures`` is not installed.
        TypeError: An argument is of another type.

    Example:
        >>> key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        >>> scheme = HttpSignatures({"2026-03": key}, url="https://receiver.example/hooks")
        >>> scheme.verify(b"{}", scheme.sign("msg_1", b"{}")).id
        'msg_1'
    """

    __slots__ = ("_components", "_keys", "_method", "_url", "_window")

    def __init__(
        self,
        keys: Mapping[str, str],
        *,
        url: str,
        method: str = "POST",
        components: Sequence[str] = ("@method", "@target-uri"),
        past_tolerance: timedelta = FIVE_MINUTES,
        future_tolerance: timedelta = FIVE_MINUTES,
        clock: Clock | None = None,
    ) -> None:
        made: dict[str, Key] = {}
        _check_keys(keys)
        for key_id, secret in keys.items():  # a comprehension would be a frame of its own to the warning
            (made[key_id],) = read_keys(secret, stacklevel=2)
        self._set_up(made, url, method, components, Window(past_tolerance, future_tolerance, clock))

    def _set_up(
        self, keys: Mapping[str, Key], url: str, method: str, components: Sequence[str], window: Window
    ) -> None:
        if not keys or not all(key_id and key_id.isascii() and key_id.isprintable() for key_id in keys):
            message = "keys has no key, or a key id that is not printable ASCII"
            raise ConfigurationError(message, hint='give secrets by key id, e.g. {"2026-03": "whsec_..."}')
        self._keys = dict(keys)
        self._url, self._method = check_text(url, "url"), check_text(method, "method")
        self._components = tuple(name for name in _names(components) if name != _DIGEST)
        self._window = window
        _check_target(method, url, [name for name in self._components if name.startswith("@")])

    @classmethod
    def from_text(
        cls,
        keys: Mapping[str, str],
        *,
        url: str,
        method: str = "POST",
        components: Sequence[str] = ("@method", "@target-uri"),
        past_tolerance: timedelta = FIVE_MINUTES,
        future_tolerance: timedelta = FIVE_MINUTES,
        clock: Clock | None = None,
    ) -> Self:
        """For peers whose shared key is the secret's text itself, not decoded.

        Args:
            keys: Texts by key id; their UTF-8 bytes are the keys.
            url: As for `HttpSignatures`.
            method: As for `HttpSignatures`.
            components: As for `HttpSignatures`.
            past_tolerance: As for `HttpSignatures`.
            future_tolerance: As for `HttpSignatures`.
            clock: As for `HttpSignatures`.

        Raises:
            ConfigurationError: As for `HttpSignatures`; or a text is empty, or has white space around it.
            TypeError: An argument is of another type.
        """
        _check_keys(keys)
        made = {key_id: text_keys(text)[0] for key_id, text in keys.items()}
        scheme = cls.__new__(cls)
        window = Window(past_tolerance, future_tolerance, clock)
        scheme._set_up(made, url, method, components, window)  # noqa: SLF001 (its own)
        return scheme

    def sign(self, id: str | None, body: bytes, timestamp: datetime | None = None) -> dict[str, str]:  # noqa: A002
        """The headers to send with a body, with a signature of every key.

        Args:
            id: The message's id, sent and signed as the header ``webhook-id``; left out if None.
            body: The bytes that are sent, exactly: after any content coding.
            timestamp: When this attempt is made, aware; the clock's time if None.

        Raises:
            ConfigurationError: There are only public keys, a component is a header that is not made here, the
                id has another form, or the time is before 1970.
            TypeError: An argument is of another type.
        """
        from hamilton_sdk.webhooks._rfc9421 import Message, sign

        check_body(body)
        headers: dict[str, str] = {}
        if id is not None:
            check_id(id)
            headers[_ID] = id
        keys = {
            key_id: key for key_id, key in self._keys.items() if isinstance(key, (SymmetricKey, SecretKey))
        }
        missing = [name for name in self._components if not name.startswith("@") and name not in headers]
        if missing or not keys:
            message = f"{missing[0]} is not made here" if missing else "there are only public keys"
            raise ConfigurationError(message, hint="this can verify messages of others, but not sign any")
        at = from_seconds(outgoing_seconds(self._window, timestamp))
        components = dict.fromkeys([*self._components, *headers])
        sign(Message(self._method, self._url, headers), keys, tuple(components), body, at)
        return {name.lower(): value for name, value in headers.items()}

    def verify(self, body: bytes, headers: Headers, received_at: datetime | None = None) -> VerifiedBody:
        """The body, if it was signed with one of the keys and just now.

        Args:
            body: The bytes as they arrived, before any content coding was undone.
            headers: All headers of the request: a mapping or pairs, of str or bytes, names in any case.
            received_at: When the message arrived, aware; the clock's time if None.

        Returns:
            With the ``id`` of the header ``webhook-id`` where that is signed, and None where it is not.

        Raises:
            WebhookVerificationError: Anything is wrong with the message; ``reason`` says what.
            TypeError: An argument is of another type; a naive datetime is one.
        """
        check_body(body)
        values = every_value(headers)
        *others, last = self._candidates(values)
        for candidate in others:
            try:
                return self._accept(candidate, values, body, received_at)
            except WebhookVerificationError:
                continue
        return self._accept(last, values, body, received_at)

    def _candidates(self, values: Mapping[str, list[str]]) -> list[Candidate]:
        """The signatures by keys that are known here; there is one at least."""
        from hamilton_sdk.webhooks._rfc9421 import ALGORITHMS, read

        joined = {name: _joined(values, name) for name in (_DIGEST, _INPUT, _SIGNATURE)}
        try:
            found = read(joined[_INPUT], joined[_SIGNATURE])
        except ValueError:
            message = f"the {_INPUT} and {_SIGNATURE} headers are not written by RFC 9421"
            raise refusal(message, "malformed_header") from None
        known: list[Candidate] = []
        for each in found:
            key = self._keys.get(str(each.parameters.get("keyid")))
            if key and each.parameters.get("alg") in {None, ALGORITHMS[key.version]}:
                known.append(each)
        if not known:
            message = f"none of the webhook's {len(found)} signatures is by a key and an algorithm known here"
            raise refusal(message, "no_known_version")
        return known

    def _accept(
        self,
        candidate: Candidate,
        values: Mapping[str, list[str]],
        body: bytes,
        received_at: datetime | None,
    ) -> VerifiedBody:
        from hamilton_sdk.webhooks._rfc9421 import Message, Pairs, digest_matches, is_genuine

        self._check_coverage(candidate)
        created = self._check_times(candidate, received_at)
        pairs = tuple((name, value) for name, several in values.items() for value in several)
        key = self._keys[str(candidate.parameters["keyid"])]
        if not is_genuine(Message(self._method, self._url, Pairs(pairs)), candidate, key):
            message = "the webhook's signature is not that of this request to url= with the key it names"
            raise refusal(message, "no_match")
        if not digest_matches(_joined(values, _DIGEST), body):
            message = f"the {_DIGEST} header is not that of this body"
            raise refusal(message, "no_match")
        id_ = _joined(values, _ID) if (_ID, _PLAIN) in candidate.covered else None
        return VerifiedBody(id_, from_seconds(created), body)

    def _check_coverage(self, candidate: Candidate) -> None:
        whole = any(
            name == _DIGEST and parameters.keys() <= {"sf", "key"} for name, parameters in candidate.covered
        )
        missing = [] if whole else [_DIGEST]
        missing += [name for name in self._components if (name, _PLAIN) not in candidate.covered]
        if missing:
            message = f"the webhook's signature does not cover {' and '.join(missing)}"
            raise refusal(message, "malformed_header")

    def _check_times(self, candidate: Candidate, received_at: datetime | None) -> int:
        """When the signature was made, if that is within the window and before its own end."""
        created, expires = (candidate.parameters.get(name) for name in ("created", "expires"))
        if not _is_time(created) or not (expires is None or _is_time(expires)):
            message = "the webhook's signature states no time, or one that is no whole number of seconds"
            raise refusal(message, "malformed_timestamp")
        self._window.check(created, received_at)
        if expires is not None:
            self._window.check_end(expires, received_at)
        return created

    def __reduce__(self) -> NoReturn:
        message = "an HttpSignatures holds secrets and is not pickled: make it anew where it is needed"
        raise TypeError(message)

    def __repr__(self) -> str:
        return f"<HttpSignatures with the keys {', '.join(map(repr, self._keys))}>"


def _check_keys(keys: object) -> None:
    """Refuse anything but texts by text."""
    if not isinstance(keys, Mapping):
        message = f"keys must be a mapping of key ids to secrets, not {type(keys).__name__}"
        raise TypeError(message)
    for key_id, secret in cast("Mapping[object, object]", keys).items():
        check_text(key_id, "a key id")
        check_text(secret, "a secret")


def _names(components: object) -> Iterator[str]:
    """Names of components, as they stand in a signature."""
    if isinstance(components, (str, bytes)) or not isinstance(components, Iterable):
        message = f"components must be a sequence of names, not one {type(components).__name__}"
        raise TypeError(message)
    for name in cast("Iterable[object]", components):
        text = check_text(name, "a component")
        if not _COMPONENT.fullmatch(text):
            message = "components has what is no name of one"
            hint = "a header's name in lower case, or that of a derived component such as @method"
            raise ConfigurationError(message, hint=hint)
        yield text


def _is_time(value: object) -> TypeGuard[int]:
    # Not bool: a parameter without a value is one.
    return type(value) is int and value >= 0


def _joined(values: Mapping[str, list[str]], name: str) -> str:
    """A header's lines as one value (RFC 9110, 5.3)."""
    lines = values.get(name)
    if lines is None:
        message = f"the webhook has no {name} header"
        raise refusal(message, "missing_header")
    # As it is signed: neither white space around a line nor a fold in it is a part of it (RFC 9421, 2.1), nor
    # of an id to remember.
    value = ", ".join(" ".join(part.strip(" \t") for part in line.split("\r\n")).strip() for line in lines)
    check_length(value, name)
    return value


def _check_target(method: str, url: str, derived: Sequence[str]) -> None:
    """Refuse what nothing could be signed of, before a message is lost by it."""
    try:
        from hamilton_sdk.webhooks import _rfc9421
    except ImportError:
        message = "HTTP message signatures need the package http-message-signatures, which is not installed"
        raise ConfigurationError(message, hint="pip install 'hamilton-apps-sdk[http-signatures]'") from None
    trouble = _rfc9421.trouble_with(method, url, derived)
    if trouble is None and not _METHOD.fullmatch(method):
        trouble = "the method is no name of one"
    if trouble is not None:
        message = f"of such a request nothing can be signed: {trouble}"
        raise ConfigurationError(message, hint="give the whole address, and names such as @method") from None
