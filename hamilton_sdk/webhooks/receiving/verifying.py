"""What `verify_request` comes to in every framework: bytes and headers to the verifier, refusals to a log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from hamilton_sdk.errors import RequestRefused, WebhookError, WebhookVerificationError
from hamilton_sdk.flow import Response
from hamilton_sdk.webhooks.receiving.answers import METHOD, Refusal, refusal, wrong_method

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hamilton_sdk.serving.incoming import Incoming

__all__ = ["REFUSALS", "Verifier", "accepted", "check_method", "noted_refusal", "verify"]

M_co = TypeVar("M_co", covariant=True)
M = TypeVar("M")

REFUSALS: Final = (RequestRefused, WebhookError)
"""What `verify_request` raises on account of a request, and what a sender is answered with less than 500."""

_NO_CONTENT: Final = 204

_log = logging.getLogger("hamilton_sdk.webhooks")
_log.addHandler(logging.NullHandler())


class Verifier(Protocol[M_co]):
    """Who tells whether a message is genuine: `hamilton_sdk.webhooks.Webhook`, or one of the presets."""

    def verify(self, body: bytes, headers: Sequence[tuple[str, str]], /) -> M_co:
        """The message, if it is genuine.

        Args:
            body: The bytes as they came.
            headers: Every header as it came, in pairs.

        Raises:
            WebhookVerificationError: It cannot be trusted.
        """
        ...


def verify(incoming: Incoming, hook: Verifier[M]) -> M:
    """The message of a request, if it is genuine."""
    return hook.verify(incoming.body, incoming.headers)


def check_method(method: str | None) -> None:
    """Let POST pass.

    Raises:
        RequestRefused: Status 405.
    """
    if method != METHOD:
        raise wrong_method()


def noted_refusal(error: WebhookError | RequestRefused) -> Refusal:
    """How to answer an error of receiving, after a WARNING to ``logging.getLogger("hamilton_sdk.webhooks")``.

    Status and reason are in the log record's ``hamilton`` attribute, for structured handlers, and in its
    text, with the error's message and hint; nothing of the webhook's content is.
    """
    refused = refusal(error)
    reason = error.reason if isinstance(error, WebhookVerificationError) else None
    _log.warning(
        "webhook refused with status %d: %s%s",
        refused.status,
        error,
        f" ({error.hint})" if error.hint else "",
        extra={"hamilton": {"status": refused.status, "reason": reason, "error": type(error).__name__}},
    )
    return refused


def accepted(returned: object) -> Response:
    """The answer to a message that a handler took.

    Args:
        returned: What the handler returned: a `Response` stands, nothing is 204.

    Raises:
        TypeError: It is anything else, which might be meant as a failure.
    """
    if isinstance(returned, Response):
        return returned
    if not returned:
        return Response(status=_NO_CONTENT)
    kind = type(returned).__name__
    message = f"the handler of a webhook returns nothing or a hamilton_sdk.flow.Response, not {kind}"
    raise TypeError(message)
