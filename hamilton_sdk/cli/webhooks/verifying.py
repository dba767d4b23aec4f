"""`hamilton webhooks verify`: says whether a message is genuine, and what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from hamilton_sdk.cli.ending import BROKEN, print_json, refuse
from hamilton_sdk.cli.webhooks.documents import verified_document
from hamilton_sdk.errors import WebhookPayloadError, WebhookVerificationError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hamilton_sdk.cli.webhooks.scheme import Hook
    from hamilton_sdk.webhooks.verified import Verified

__all__ = ["verify"]


def verify(
    hook: Hook,
    body: bytes,
    headers: Sequence[tuple[str, str]],
    moment: datetime | None,
    *,
    as_json: bool,
) -> None:
    """Say whether a message is genuine.

    Args:
        hook: Verifies.
        body: As it arrived.
        headers: That came with it.
        moment: When; now if None.
        as_json: Whether machines are told.

    Raises:
        Exit: It is not genuine.
    """
    try:
        message = hook.verify(body, headers, moment)
    except WebhookVerificationError as error:
        first = {"genuine": False, "reason": error.reason}
        refuse(error, as_json=as_json, first=first, details=[f"Reason: {error.reason}"], code=BROKEN)
    _show(message, as_json=as_json)


def _show(message: Verified, *, as_json: bool) -> None:
    event, problem = None, None
    try:
        event = message.event()
    except WebhookPayloadError as error:
        problem = error.message
    if as_json:
        print_json({**verified_document(message, event, problem)})
        return
    signed_at = "none is signed" if message.timestamp is None else message.timestamp.isoformat()
    kind = f"none: {problem}" if event is None else event.type
    typer.echo(f"id: {message.id or 'none is signed'}\ntimestamp: {signed_at}\ntype: {kind}")
