"""Delivering one message: sign, send, judge. A flow; pure.

What an attempt amounts to is a `Verdict`. Three questions hang on it: is the delivery done with, does the
attempt count towards the end of its schedule, and is the failure the receiver's? A failure before anything
reached the receiver does not count: an outage of a proxy or of DNS must not eat what the receiver's schedule
grants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

from hamilton_sdk import __version__
from hamilton_sdk.errors import (
    AddressRefused,
    ConfigurationError,
    ConnectionLost,
    ConnectorError,
    HamiltonError,
    Interrupted,
    NameNotResolved,
    Outcome,
    ProxyFailed,
    TimedOut,
)
from hamilton_sdk.flow import Now, Request, Response, Safety
from hamilton_sdk.webhooks._time import micros

if TYPE_CHECKING:
    from hamilton_sdk.flow import Flow

__all__ = [
    "DELIVERIES",
    "KEPT_OF_RESPONSE",
    "Claimed",
    "DeliveryRequest",
    "Result",
    "Sign",
    "Target",
    "Verdict",
    "deliver",
    "failed_before",
    "released",
]

KEPT_OF_RESPONSE: Final = 16_384
"""Bytes of a receiver's answer that are kept with the attempt."""

_KEPT_OF_ERROR: Final = 500
_HEADERS: Final = {
    "Content-Type": "application/json",
    "User-Agent": f"hamilton-apps-sdk/{__version__} (webhooks)",
}
_GONE: Final = 410
# Standard Webhooks 1.0.0 names 429, 502 and 504; a 503 says the same.
_THROTTLED: Final = frozenset({429, 502, 503, 504})


class Verdict(Enum):
    """What an attempt amounts to.

    Attributes:
        counts: Whether it is one of the attempts that the schedule grants.
        blame: Whether the receiver failed.
    """

    DELIVERED = ("delivered", True, False)
    """The receiver took it: 2xx."""
    FAILED = ("failed", True, True)
    """Any other status, a redirect too; no connection, a connection cut, an answer that is no HTTP."""
    THROTTLED = ("throttled", True, True)
    """The receiver is overloaded, or did not answer in time: to be asked again later than usual."""
    GONE = ("gone", True, True)
    """410: the receiver wants no more."""
    UNREACHED = ("unreached", False, True)
    """Its name leads nowhere, or to an address that is not allowed: nothing was sent."""
    PREVENTED = ("prevented", False, False)
    """Something of our own failed, such as the proxy: nothing was sent."""
    RELEASED = ("released", False, False)
    """It was not tried, and is given back."""

    def __init__(self, word: str, counts: bool, blame: bool) -> None:  # noqa: FBT001 (a table, above)
        self.word = word
        self.counts = counts
        self.blame = blame


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a worker needs to know of an endpoint.

    Attributes:
        id: The endpoint's.
        url: Where to post.
        secrets: As stored, encrypted.
        headers: Of the endpoint's own, as stored, encrypted.
        networks: Private networks it may lie in.
        schedule: Seconds before each attempt.
    """

    id: str
    url: str = field(repr=False)
    secrets: bytes = field(repr=False)
    headers: str = field(repr=False)
    networks: tuple[str, ...]
    schedule: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery in the hands of one worker until its lease ends.

    Attributes:
        id: The delivery's.
        event_id: Sent as ``webhook-id``, the same in each attempt.
        event_type: For hooks.
        body: Sent as it is.
        attempts: Made before, as far as they count.
        lease_until: End of the lease, in microseconds since 1970.
        target: The endpoint.
    """

    id: int
    event_id: str
    event_type: str
    body: bytes = field(repr=False)
    attempts: int
    lease_until: int
    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a claimed delivery.

    Attributes:
        claimed: The delivery.
        verdict: What it amounts to.
        at: When the attempt began, in microseconds since 1970.
        ended_at: When it ended.
        status: HTTP status, where there was an answer.
        error: The class of the error and its message.
        response: The beginning of the answer.
        retry_after: Seconds the receiver asked to wait.
    """

    claimed: Claimed
    verdict: Verdict
    at: int
    ended_at: int
    status: int | None = None
    error: str | None = None
    response: bytes | None = field(default=None, repr=False)
    retry_after: float | None = None


Sign: TypeAlias = Callable[[Claimed, datetime], Mapping[str, str]]
"""The endpoint's headers and the signature of an attempt at a time; raises ConfigurationError where the
secrets cannot be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRequest(Request):
    """A request that may go into some private networks.

    Attributes:
        networks: Which ones; the guarded transport refuses all others.
    """

    networks: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return Request.__repr__(self)


@dataclass(frozen=True, slots=True)
class _Deliveries:
    """What the runner wants to know of deliveries, for its journal."""

    name: str = "webhooks.delivery"
    auth: None = None


DELIVERIES: Final = _Deliveries()


def deliver(claimed: Claimed, sign: Sign, longest: timedelta) -> Flow[Result]:
    """Make one attempt.

    Args:
        claimed: What to deliver.
        sign: Makes headers and signature, for the time of this attempt.
        longest: How long the attempt may take. It is not begun where the lease ends before.

    Returns:
        What came of it. Nothing a receiver does is raised.
    """
    started: datetime = yield Now()
    at = micros(started)
    if claimed.lease_until < micros(started + longest):
        return released(claimed, at)
    try:
        headers = sign(claimed, started)
    except ConfigurationError as error:
        return failed_before(claimed, at, error)
    try:
        answer: Response = yield _request(claimed, headers)
    except Interrupted:
        raise
    except ConnectorError as error:
        failed_at: datetime = yield Now()
        return _of_error(claimed, at, micros(failed_at), error)
    ended: datetime = yield Now()
    return _of_answer(claimed, at, micros(ended), answer)


def released(claimed: Claimed, at: int) -> Result:
    """The result of a delivery that is given back untried."""
    return Result(claimed=claimed, verdict=Verdict.RELEASED, at=at, ended_at=at)


def failed_before(claimed: Claimed, at: int, error: BaseException) -> Result:
    """The result of a delivery that something of our own prevented."""
    return Result(claimed=claimed, verdict=Verdict.PREVENTED, at=at, ended_at=at, error=_text(error))


def _request(claimed: Claimed, headers: Mapping[str, str]) -> DeliveryRequest:
    target = claimed.target
    return DeliveryRequest(
        method="POST",
        url=target.url,
        operation="deliver",
        safety=Safety.IDEMPOTENT,  # by its id
        headers={**_HEADERS, **headers},
        body=claimed.body,
        judge=_outcome,
        largest_response=KEPT_OF_RESPONSE,
        networks=target.networks,
    )


def _outcome(answer: Response) -> Outcome:
    """What an answer says, for the journal: a delivery is repeated by its schedule, not by the runner."""
    verdict = _by_status(answer.status)
    if verdict is Verdict.DELIVERED:
        return Outcome.DONE
    return Outcome.REFUSED if verdict is Verdict.THROTTLED else Outcome.FINAL


def _by_status(status: int) -> Verdict:
    if 200 <= status < 300:  # noqa: PLR2004 (RFC 9110 section 15.3)
        return Verdict.DELIVERED
    if status == _GONE:
        return Verdict.GONE
    return Verdict.THROTTLED if status in _THROTTLED else Verdict.FAILED


def _by_error(error: ConnectorError) -> Verdict:
    if error.status is not None:
        return _by_status(error.status)  # it had answered, and only the rest of its answer did not come
    if isinstance(error, ProxyFailed):
        return Verdict.PREVENTED
    if isinstance(error, (NameNotResolved, AddressRefused)):
        return Verdict.UNREACHED
    if isinstance(error, TimedOut) and not isinstance(error, ConnectionLost):
        return Verdict.THROTTLED
    return Verdict.FAILED


def _of_answer(claimed: Claimed, at: int, ended_at: int, answer: Response) -> Result:
    return Result(
        claimed=claimed,
        verdict=_by_status(answer.status),
        at=at,
        ended_at=ended_at,
        status=answer.status,
        error=_REDIRECT if answer.status // 100 == 3 else None,  # noqa: PLR2004 (RFC 9110 section 15.4)
        response=answer.body[:KEPT_OF_RESPONSE],
        retry_after=answer.retry_after,
    )


_REDIRECT: Final = "a redirect, which is not followed: ask the receiver for its new address"


def _of_error(claimed: Claimed, at: int, ended_at: int, error: ConnectorError) -> Result:
    return Result(
        claimed=claimed,
        verdict=_by_error(error),
        at=at,
        ended_at=ended_at,
        status=error.status,
        error=_text(error),
        retry_after=error.retry_after,
    )


def _text(error: BaseException) -> str:
    # Of others' errors the class alone: their messages may hold anything.
    message = f": {error}" if isinstance(error, HamiltonError) else ""
    return f"{type(error).__name__}{message}"[:_KEPT_OF_ERROR]
