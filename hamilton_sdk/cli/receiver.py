"""A receiver of webhooks: verifies each message, answers, and tells what came. Performs no I/O."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import RequestRefused, WebhookError, WebhookVerificationError
from hamilton_sdk.flow import Now, Response
from hamilton_sdk.webhooks.receiving.answers import METHOD, refusal, wrong_method

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hamilton_sdk.errors import VerificationReason
    from hamilton_sdk.flow import Flow, Request
    from hamilton_sdk.testing.faults import FaultScript
    from hamilton_sdk.webhooks.events import Event
    from hamilton_sdk.webhooks.signing import Webhook

__all__ = ["Arrival", "Receiver"]

_NO_CONTENT: Final = 204


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message that came.

    Attributes:
        at: When, in UTC.
        status: What it was answered.
        id: Of the message; None unless it is genuine.
        signed_at: When this attempt was signed; None unless it is genuine.
        event: What it says; None where it is no event.
        is_new: Whether no message of this id came before.
        error: Why it is refused; None where it is taken.
    """

    at: datetime
    status: int
    id: str | None = None
    signed_at: datetime | None = None
    event: Event | None = None
    is_new: bool = False
    error: WebhookError | RequestRefused | None = None

    @property
    def reason(self) -> VerificationReason | None:
        """Which check failed; None where all held."""
        return self.error.reason if isinstance(self.error, WebhookVerificationError) else None

    @property
    def is_taken(self) -> bool:
        """Whether it is genuine, and an event."""
        return self.error is None


class Receiver:
    """Answers requests at any path; may be asked by several threads at once.

    Args:
        hook: Verifies.
        tell: Hears of every message that came.
        faults: What goes wrong, by the id of the message; nothing if None.
    """

    def __init__(
        self, hook: Webhook, tell: Callable[[Arrival], None], *, faults: FaultScript | None = None
    ) -> None:
        self._hook = hook
        self._tell = tell
        self._faults = faults
        self._known: set[str] = set()
        self._lock = threading.Lock()

    @property
    def path(self) -> str:
        """Where it is said to be; it answers anywhere."""
        return "/webhooks"

    def respond(self, request: Request) -> Flow[Response]:
        """Take one request."""
        now: datetime = yield Now()
        id_ = request.headers.get("webhook-id", "")
        if self._faults is None:
            return self._take(request, now)
        return (yield from self._faults.around(id_, lambda: self._take(request, now), _no_fault_of_its_own))

    def _take(self, request: Request, now: datetime) -> Response:
        try:
            if request.method != METHOD:
                raise wrong_method()
            message = self._hook.verify(request.body, request.headers, now)
        except (RequestRefused, WebhookError) as error:
            refused = refusal(error)
            self._tell(Arrival(now, refused.status, error=error))
            return refused.response()
        is_new = self._remember(message.id)
        try:
            event = message.event()
        except WebhookError as error:
            refused = refusal(error)
            arrival = Arrival(now, refused.status, message.id, message.timestamp, None, is_new, error)
            self._tell(arrival)
            return refused.response()
        self._tell(Arrival(now, _NO_CONTENT, message.id, message.timestamp, event, is_new))
        return Response(status=_NO_CONTENT)

    def _remember(self, id_: str) -> bool:
        with self._lock:
            is_new = id_ not in self._known
            self._known.add(id_)
            return is_new


def _no_fault_of_its_own(_: object) -> Response:
    """HTTP has no failure of its own but its statuses."""
    return Response(status=500)
