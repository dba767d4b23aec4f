"""What a sender is answered when its message is refused: one table of statuses for all frameworks. Pure.

| what happened | status |
|---|---|
| the signature is wrong, or anything else that makes `WebhookVerificationError` | 400 |
| it is genuine, and the body is not the event that it should be: `WebhookPayloadError` | 422 |
| the body is too large | 413 |
| it comes in chunks, and the server does not decode them | 411 |
| it is not whole | 400 |
| another method than POST | 405 |

The sender is told which check failed, and nothing of what was expected: hints are for the receiver's own log.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import responses
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import RequestRefused, WebhookVerificationError
from hamilton_sdk.flow import Response

if TYPE_CHECKING:
    from hamilton_sdk.errors import VerificationReason, WebhookError

__all__ = ["METHOD", "Refusal", "refusal", "wrong_method"]

METHOD: Final = "POST"
"""How webhooks come (Standard Webhooks 1.0.0; CloudEvents http-webhook 2.1)."""

_BAD_REQUEST: Final = 400
_WRONG_METHOD: Final = 405
_UNPROCESSABLE: Final = 422


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a message is refused.

    Attributes:
        status: HTTP status.
        detail: What is wrong, in words that may leave the house.
        reason: Which check failed, where verifying did.
    """

    status: int
    detail: str
    reason: VerificationReason | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What the status asks for: ``Allow`` with 405 (RFC 9110, 15.5.6)."""
        return {"allow": METHOD} if self.status == _WRONG_METHOD else {}

    def problem(self) -> dict[str, str | int]:
        """The refusal as a problem of RFC 9457."""
        told: dict[str, str | int] = {
            "title": responses.get(self.status, "Refused"),
            "status": self.status,
            "detail": self.detail,
        }
        return told if self.reason is None else {**told, "reason": self.reason}

    def response(self) -> Response:
        """The answer, its body being the problem in JSON."""
        headers = {**self.headers, "content-type": "application/problem+json"}
        return Response(status=self.status, headers=headers, body=json.dumps(self.problem()).encode())


def refusal(error: WebhookError | RequestRefused) -> Refusal:
    """How to answer an error of receiving.

    Example:
        >>> from hamilton_sdk.errors import WebhookPayloadError
        >>> refusal(WebhookPayloadError("data.room is missing")).status
        422
    """
    if isinstance(error, RequestRefused):
        return Refusal(error.status, error.message)
    if isinstance(error, WebhookVerificationError):
        return Refusal(_BAD_REQUEST, f"the webhook is not accepted: {error.reason}", error.reason)
    return Refusal(_UNPROCESSABLE, "the webhook is genuine, but its body is not the event that it should be")


def wrong_method() -> RequestRefused:
    """The error of any other method."""
    message = f"webhooks come by {METHOD}"
    return RequestRefused(message, status=_WRONG_METHOD)
