"""Why a message is refused: the one error of verifying, with what a person can do about each reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import WebhookVerificationError

if TYPE_CHECKING:
    from hamilton_sdk.errors import VerificationReason

__all__ = ["HINTS", "refusal"]

HINTS: Final[dict[VerificationReason, str]] = {
    "missing_header": (
        "hand over the headers of the request as they arrived; see that no proxy removes any, and that the "
        "sender signs in this way"
    ),
    "malformed_header": "compare the header with what the sender's documentation shows",
    "duplicate_header": "find out which proxy or sender adds the header a second time",
    "malformed_timestamp": "whole seconds since 1970 are expected, in plain digits",
    "too_old": (
        "if the message is genuine, set this machine's clock, or give received_at= where messages wait in a "
        "queue before they are verified"
    ),
    "too_new": "set the clocks of this machine and of the sender",
    "no_known_version": "see how the sender signs, and give this receiver a secret of that kind",
    "no_match": (
        "verify the body's bytes as they arrived, before anything parses them; then see that the secret is "
        "the one of this endpoint"
    ),
}
"""What to do about each reason."""


def refusal(message: str, reason: VerificationReason) -> WebhookVerificationError:
    """The error of one reason, with its hint."""
    return WebhookVerificationError(message, reason=reason, hint=HINTS[reason])
