"""Flows: what adapters are written in. This module performs no I/O, reads no clock and blocks on nothing.

A *flow* is a plain generator. It yields what it needs from the world, an `Effect`, and gets the answer back;
its ``return`` is the result. Runners perform the effects, sync or async, so that a vendor's protocol is
written once::

    def version(self) -> Flow[str]:
        answer: Response = yield Request(method="GET", url=self.url, operation="version", safety=Safety.SAFE)
        return answer.text()

Rules of a flow: once retries are over an answer arrives as a `Response` whatever its status, and only a
missing answer is thrown in; it never logs, never catches a broad exception, and when `Interrupted` is thrown
in it undoes what it made with requests marked ``undo=True`` and lets the error pass.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeAlias, TypeVar

from hamilton_sdk.errors import ConnectorError, Interrupted, Outcome
from hamilton_sdk.failure import error_from, peer_request_id, redacted_url
from hamilton_sdk.retry import Safety
from hamilton_sdk.retry_after import RETRY_AFTER_HEADERS

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "Adapter",
    "Auth",
    "Cut",
    "Effect",
    "Fetch",
    "Flow",
    "Lane",
    "Now",
    "Offload",
    "Outcome",
    "Page",
    "Query",
    "Request",
    "Responder",
    "Response",
    "Safety",
    "Sleep",
    "Together",
    "Token",
    "create",
    "error_from",
    "judge_by_status",
    "peer_request_id",
    "redacted_url",
]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_NOT_MODIFIED: Final = 304
_TOO_EARLY: Final = 425
_TOO_MANY: Final = 429
_REQUEST_TIMEOUT: Final = 408
_UNAVAILABLE: Final = 503
_NEVER: Final = (501, 505)


@dataclass(frozen=True, slots=True, init=False)
class Response:
    """An answer, whole.

    Attributes:
        status: HTTP status.
        headers: Names in lower case; several values of a name are joined with a comma and a space. Kept out
            of the repr, since cookies and tokens stand in them.
        body: The bytes, decompressed.
        attempts: Which attempt brought it, from 1.
        request_id: Our correlation id of the call, as journalled.
        retry_after: Seconds the peer asked to wait, read from the headers by the runner.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    body: bytes = field(default=b"", repr=False)
    attempts: int = 1
    request_id: str | None = None
    retry_after: float | None = None

    def __init__(
        self,
        status: int,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        attempts: int = 1,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        # Two are made for each call: a frozen dataclass's own constructor takes twice as long.
        _SET_STATUS(self, status)
        _SET_HEADERS(self, {} if headers is None else headers)
        _SET_BODY(self, body)
        _SET_ATTEMPTS(self, attempts)
        _SET_REQUEST_ID(self, request_id)
        _SET_RETRY_AFTER(self, retry_after)

    def text(self) -> str:
        """The body as UTF-8, undecodable bytes replaced."""
        return self.body.decode("utf-8", "replace")

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 (RFC 9110 section 15.3)


_SET_STATUS, _SET_HEADERS, _SET_BODY, _SET_ATTEMPTS, _SET_REQUEST_ID, _SET_RETRY_AFTER = (
    vars(Response)[each.name].__set__ for each in fields(Response)
)


def judge_by_status(response: Response) -> Outcome:
    """What a status says about the effect (RFC 9110 section 15; RFC 6585 section 4).

    A redirect is final: none is followed, and it most often leads to a log-in page.
    """
    status = response.status
    if 200 <= status < 300 or status == _NOT_MODIFIED:  # noqa: PLR2004 (RFC 9110 section 15.3)
        return Outcome.DONE
    if status in (_TOO_MANY, _TOO_EARLY):
        return Outcome.REFUSED
    if status == _UNAVAILABLE and any(name in response.headers for name in RETRY_AFTER_HEADERS):
        return Outcome.REFUSED
    if status == _REQUEST_TIMEOUT or (status >= 500 and status not in _NEVER):  # noqa: PLR2004
        return Outcome.UNKNOWN
    return Outcome.FINAL


@dataclass(frozen=True, slots=True)
class Lane:
    """What a peer allows for one thing of its own, such as a mailbox: the runner keeps to it.

    Requests with lanes of the same name share it, within one connector. Waiting for room is part of the
    operation's deadline.

    Attributes:
        name: Of the thing; part of no error and no record.
        width: Requests at the same time.
        most: Requests begun within `seconds`; None for no limit.
        seconds: The span for `most`.
    """

    name: str
    width: int
    most: int | None = None
    seconds: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Effect: one exchange with the peer. The answer is a `Response`.

    Attributes:
        method: HTTP method, upper case.
        url: Absolute ``http`` or ``https`` address.
        operation: The peer's name of the call, for errors and the journal.
        safety: What sending it twice does.
        headers: Sent as they are; kept out of the repr with the body, since they hold credentials.
        body: The bytes to send.
        judge: What an answer says about the effect; by status unless the protocol hides it elsewhere.
        undo: Compensation: performed even when the operation was cancelled or its deadline is over, within
            ten seconds in all.
        authenticate: Whether the adapter's `Auth` applies its token to it.
        retry_of: The answer whose unserved items this request asks for again; delay, attempts and budget go
            on from there.
        largest_response: Bytes read before the answer is refused; the transport's limit if None.
        lane: The peer's limit that it falls under; None for none.
    """

    method: str
    url: str = field(repr=False)
    operation: str
    safety: Safety
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    body: bytes = field(default=b"", repr=False)
    judge: Callable[[Response], Outcome] = field(default=judge_by_status, repr=False)
    undo: bool = False
    authenticate: bool = True
    retry_of: Response | None = None
    largest_response: int | None = None
    lane: Lane | None = None

    def __repr__(self) -> str:
        undo = ", undo" if self.undo else ""
        return f"Request({self.method} {redacted_url(self.url)}, {self.operation}, {self.safety.value}{undo})"

    def with_headers(self, headers: Mapping[str, str]) -> Request:
        """The same request with these headers added or replaced, whatever the case of their names."""
        replaced = {name.lower() for name in headers}
        kept = {name: value for name, value in self.headers.items() if name.lower() not in replaced}
        return replace(self, headers={**kept, **headers})

    def as_undo(self) -> Request:
        """The same request, marked as compensation."""
        return replace(self, undo=True)


@dataclass(frozen=True, slots=True)
class Sleep:
    """Effect: wait. The answer is None.

    Attributes:
        seconds: How long.
    """

    seconds: float


@dataclass(frozen=True, slots=True)
class Now:
    """Effect: the aware time in UTC. The answer is a datetime."""


Fetch: TypeAlias = Callable[[Request], Response]
"""Performs one request on the connector's own transport and blocks for the answer."""


@dataclass(frozen=True, slots=True)
class Offload:
    """Effect: run a blocking function, in a thread where the runner is async. The answer is what it returns.

    Attributes:
        function: Gets a `Fetch`, so that libraries such as MSAL use our TLS, proxy and limits.
    """

    function: Callable[[Fetch], object]


@dataclass(frozen=True, slots=True)
class Query:
    """Effect: one operation on the store. The answer is what it returns.

    Attributes:
        operation: A prepared store operation; what kinds there are is the store's business.
    """

    operation: object


@dataclass(frozen=True, slots=True)
class Together:
    """Effect: several flows at once. The answer is a list of their results, in order.

    The first error ends the others, which are interrupted and undone, and is then thrown in.

    Attributes:
        flows: What to run.
        limit: How many at the same time.
    """

    flows: Sequence[Flow[Any]]
    limit: int = 8


Effect: TypeAlias = Request | Sleep | Now | Offload | Query | Together

# The answer's type follows from the effect and is stated where it is received:
# `answer: Response = yield request`.
Flow: TypeAlias = Generator[Effect, Any, T]


@dataclass(frozen=True, slots=True)
class Page(Generic[T_co]):
    """One page of a list.

    Attributes:
        items: What it holds, in the peer's order.
        next: The token of the following page; None on the last. Opaque; it may be kept and resumed from.
    """

    items: tuple[T_co, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """An access token.

    Attributes:
        value: The secret itself, kept out of the repr.
        expires_at: Aware; None when the peer does not say.
    """

    value: str = field(repr=False)
    expires_at: datetime | None = None


class Auth(Protocol):
    """How an adapter that needs a token gets and uses one; the runner caches it and refreshes it once."""

    def acquire(self) -> Flow[Token]:
        """Get a new token."""
        ...

    def apply(self, request: Request, token: Token) -> Request:
        """Put the token on a request."""
        ...

    def expired(self, response: Response) -> bool:
        """Whether the answer says that the token is no longer good."""
        ...


class Adapter(Protocol):
    """What a runner needs to know of an adapter."""

    @property
    def name(self) -> str:
        """Family and product, for errors and the journal: ``"acs.aeos"``."""
        ...

    @property
    def auth(self) -> Auth | None:
        """How requests get a token; None where the adapter signs its requests itself."""
        ...


class Responder(Protocol):
    """The mirror image of an adapter: answers requests as a peer would. Simulators are responders."""

    def respond(self, request: Request) -> Flow[Response]:
        """Answer one request; may yield `Sleep` and `Now`, and raise `Cut`."""
        ...


class Cut(Exception):
    """Raised by a responder to give no answer; not an error of ours, but a way to drop the line.

    Args:
        kind: ``"refused"`` (nothing is accepted), ``"reset"`` (the line is cut), ``"timeout"`` (silence) or
            ``"truncated"`` (a beginning of the answer, then the line is cut).
        after_work: Whether the peer had done what was asked.
    """

    def __init__(self, kind: str = "reset", *, after_work: bool = False) -> None:
        super().__init__(kind)
        self.kind = kind
        self.after_work = after_work


def create(
    request: Request,
    lookup: Callable[[], Flow[T | None]],
    read: Callable[[Response], T],
) -> Flow[T]:
    """Create something at a peer without an idempotency key, and heal an unknown outcome.

    Args:
        request: The create; its safety is `Safety.UNSAFE`.
        lookup: Finds by the caller's own reference what the create would have made.
        read: Makes the result of an answer; raises a `ConnectorError` for one that is a failure.

    Returns:
        What was made: by the first request, by the one after the look-up proved it absent, or as found.

    Raises:
        ConnectorError: The create failed for certain, its outcome is still unknown after the second try, or
            the look-up failed, in which case nothing is sent again. It is the create's own error then, with
            the look-up's as its cause: the look-up's alone might say that nothing was sent.
    """
    again = True
    while True:
        try:
            return (yield from _send(request, read))
        except ConnectorError as error:
            failure = error
        found = yield from _look_up_after(failure, lookup)
        if found is not None:
            return found
        if not again:
            raise failure
        again = False


def _look_up_after(failure: ConnectorError, lookup: Callable[[], Flow[T | None]]) -> Flow[T | None]:
    if failure.outcome is not Outcome.UNKNOWN or isinstance(failure, Interrupted):
        raise failure
    try:
        return (yield from lookup())
    except Interrupted:
        raise
    except ConnectorError as error:
        failure.add_note(f"Looking up whether it happened failed as well: {error}")
        raise failure from error


def _send(request: Request, read: Callable[[Response], T]) -> Flow[T]:
    answer: Response = yield request
    return read(answer)
