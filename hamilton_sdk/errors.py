"""One tree of errors for everything the SDK can raise.

::

    HamiltonError
      ConfigurationError        wrong or missing settings, raised in the constructor
      ConnectorError            a call outward did not do what was asked
        NotReachable            nothing was sent
          NameNotResolved       DNS has no answer for the host
          ConnectionFailed      TCP refused, no route, or no connection in time
          TlsFailed             the TLS handshake broke off
            CertificateRejected the peer's (or our) certificate is not accepted; final
          ProxyFailed           the proxy refused or could not reach the peer
          AddressRefused        the address is not one to deliver to; final
        TimedOut                no answer in time: the outcome is unknown
          ConnectionLost        the connection was cut before the answer was whole
        Unauthorized            the peer does not accept who we are
        Forbidden               it knows us and refuses
        NotFound                there is no such thing
        Conflict                something else stands in the way
        Invalid                 the values are wrong; usually found before any request
        RateLimited             too many calls, and waiting longer was not worth it
        ServerFailed            the peer failed
        BadResponse             the answer breaks the contract
        PartialFailure          what was done, undone, left
        Unsupported             this peer cannot; raised before any request
        Interrupted             thrown into a flow that must end: undo, then let it pass
      StoreError                the database cannot do it: full, locked, gone, of another version
      RequestRefused            a request that came in is not taken; has the status to answer it with
      WebhookError              the only thing verifying can raise
        WebhookVerificationError  the message cannot be trusted; has a reason
        WebhookPayloadError     the message is trusted, but is no event

No secret and no personal data stands in ``str(error)``. Errors pickle and copy; the raw answer kept for
debugging is dropped on pickling.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Literal, TypeAlias

__all__ = [
    "AddressRefused",
    "BadResponse",
    "CertificateRejected",
    "ConfigurationError",
    "Conflict",
    "ConnectionFailed",
    "ConnectionLost",
    "ConnectorError",
    "Forbidden",
    "HamiltonError",
    "Interrupted",
    "Invalid",
    "NameNotResolved",
    "NotFound",
    "NotReachable",
    "Outcome",
    "PartialFailure",
    "ProxyFailed",
    "RateLimited",
    "RequestRefused",
    "ServerFailed",
    "StoreError",
    "TimedOut",
    "TlsFailed",
    "Unauthorized",
    "Unsupported",
    "VerificationReason",
    "WebhookError",
    "WebhookPayloadError",
    "WebhookVerificationError",
]


class Outcome(StrEnum):
    """What is known about the effect of one attempt at the peer."""

    DONE = "done"
    """The peer did it."""
    NOT_SENT = "not_sent"
    """Nothing reached the peer."""
    REFUSED = "refused"
    """The peer turned the call away without working on it (429; 503 with Retry-After)."""
    UNKNOWN = "unknown"
    """It may or may not have happened."""
    FINAL = "final"
    """The peer answered, and asking again will not change the answer."""


class HamiltonError(Exception):
    """Anything the SDK raises on purpose.

    Args:
        message: What went wrong and where, without secrets or personal data.
        hint: What a person can do about it.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if hint:
            self.add_note(f"Hint: {hint}")

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        # Exception's own reduce would call the constructor with positional arguments only.
        state = {name: value for name, value in self.__dict__.items() if name != "raw"}
        return (_rebuild, (type(self), self.args, state))


def _rebuild(kind: type[HamiltonError], args: tuple[object, ...], state: dict[str, object]) -> HamiltonError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    if hasattr(error, "__notes__"):
        # A shallow copy would share the list, and a note added to the copy would show on the original.
        error.__notes__ = list(error.__notes__)
    return error


class ConfigurationError(HamiltonError):
    """A setting is wrong or missing; raised before anything is sent."""


class StoreError(HamiltonError):
    """The database cannot do what was asked; nothing of it was kept, unless the message says so."""


class RequestRefused(HamiltonError):
    """A request that came in is not taken: too large, not whole, of another method.

    Args:
        message: What is wrong with it, without its content.
        status: HTTP status to answer it with.
        hint: What a person can do about it.
    """

    def __init__(self, message: str, *, status: int, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status


class WebhookError(HamiltonError):
    """A webhook message cannot be used."""


VerificationReason: TypeAlias = Literal[
    "missing_header",
    "malformed_header",
    "duplicate_header",
    "malformed_timestamp",
    "too_old",
    "too_new",
    "no_known_version",
    "no_match",
]
"""Why a webhook message cannot be trusted; a closed set, for logs and counters."""


class WebhookVerificationError(WebhookError):
    """A webhook message cannot be trusted: answer it with status 400 and do nothing else.

    Args:
        message: What is wrong, without the message's content.
        reason: The same as a word of a closed set.
        hint: What a person can do about it.
    """

    def __init__(self, message: str, *, reason: VerificationReason, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.reason: VerificationReason = reason


class WebhookPayloadError(WebhookError):
    """A webhook message can be trusted, but its body is not the event that it should be."""


class ConnectorError(HamiltonError):
    """A call outward did not do what was asked.

    Args:
        message: What went wrong, without secrets or personal data.
        hint: What a person can do about it.
        connector: The family and product, for example ``"acs.aeos"``.
        operation: The peer's or the SDK's name of the call, for example ``"assignToken"``.
        method: HTTP method, where there was a request.
        url: The address with user, password and query removed.
        status: HTTP status of the answer.
        code: The peer's own error code, as text.
        request_id: Our correlation id of the call.
        peer_request_id: The peer's id of the request, for its support.
        retry_after: Seconds the peer asked to wait.
        attempts: How often the request was sent or tried.
        outcome: What is known about the effect at the peer.
        raw: The beginning of the raw answer, for debugging; never in ``str``, dropped on pickling.
    """

    default_outcome: ClassVar[Outcome] = Outcome.FINAL
    # What an error has that came out of a pickle.
    raw: bytes | None = None

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        connector: str | None = None,
        operation: str | None = None,
        method: str | None = None,
        url: str | None = None,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        peer_request_id: str | None = None,
        retry_after: float | None = None,
        attempts: int = 0,
        outcome: Outcome | None = None,
        raw: bytes | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.connector = connector
        self.operation = operation
        self.method = method
        self.url = url
        self.status = status
        self.code = code
        self.request_id = request_id
        self.peer_request_id = peer_request_id
        self.retry_after = retry_after
        self.attempts = attempts
        self.outcome: Outcome = self.default_outcome if outcome is None else outcome
        self.raw = raw


class NotReachable(ConnectorError):
    """Nothing was sent: the peer could not be reached."""

    default_outcome = Outcome.NOT_SENT


class NameNotResolved(NotReachable):
    """DNS has no answer for the host name."""


class ConnectionFailed(NotReachable):
    """No TCP connection: refused, no route, or not in time."""


class TlsFailed(NotReachable):
    """The TLS handshake broke off."""


class CertificateRejected(TlsFailed):
    """A certificate is not accepted; trying again does not help."""

    default_outcome = Outcome.FINAL


class ProxyFailed(NotReachable):
    """The proxy refused the connection or could not reach the peer."""


class AddressRefused(NotReachable):
    """The host's address is private, reserved or a metadata service, and its network was not allowed."""

    default_outcome = Outcome.FINAL


class TimedOut(ConnectorError):
    """No answer in time; whether it happened at the peer is unknown."""

    default_outcome = Outcome.UNKNOWN


class ConnectionLost(TimedOut):
    """The connection was cut before the answer was whole; whether it happened is unknown."""


class Unauthorized(ConnectorError):
    """The peer does not accept the credentials."""


class Forbidden(ConnectorError):
    """The peer knows the account and refuses: a right or a licence is missing."""


class NotFound(ConnectorError):
    """There is no such thing at the peer."""


class Conflict(ConnectorError):
    """Something at the peer stands in the way, for example a badge in somebody else's hands."""


class Invalid(ConnectorError):
    """The values are wrong: found before any request, or refused by the peer."""


class RateLimited(ConnectorError):
    """The peer turned the call away for the rate of calls, and waiting longer was not worth it."""

    default_outcome = Outcome.REFUSED


class ServerFailed(ConnectorError):
    """The peer failed; see ``outcome`` for whether it may have worked nevertheless."""

    default_outcome = Outcome.UNKNOWN


class BadResponse(ConnectorError):
    """The answer breaks the contract: not XML, another content type, a missing element."""

    default_outcome = Outcome.UNKNOWN


class PartialFailure(ConnectorError):
    """A composed operation failed half way.

    Args:
        message: What failed.
        done: Steps that stand, in words and peer ids.
        undone: Steps that were taken back.
        left: Steps that could not be taken back and need a person.

    The other arguments are those of `ConnectorError`.
    """

    def __init__(
        self,
        message: str,
        *,
        done: tuple[str, ...] = (),
        undone: tuple[str, ...] = (),
        left: tuple[str, ...] = (),
        hint: str | None = None,
        connector: str | None = None,
        operation: str | None = None,
        method: str | None = None,
        url: str | None = None,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        peer_request_id: str | None = None,
        retry_after: float | None = None,
        attempts: int = 0,
        outcome: Outcome | None = None,
        raw: bytes | None = None,
    ) -> None:
        super().__init__(
            message,
            hint=hint,
            connector=connector,
            operation=operation,
            method=method,
            url=url,
            status=status,
            code=code,
            request_id=request_id,
            peer_request_id=peer_request_id,
            retry_after=retry_after,
            attempts=attempts,
            outcome=outcome,
            raw=raw,
        )
        self.done = done
        self.undone = undone
        self.left = left


class Unsupported(ConnectorError):
    """This peer cannot do that; raised before any request, with what to use instead."""


class Interrupted(ConnectorError):
    """Thrown by the runner into a flow that must end: undo what was made, then let it pass."""

    default_outcome = Outcome.UNKNOWN
