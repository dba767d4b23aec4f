"""`hamilton webhooks send`: one attempt to deliver a message, by the transport of deliveries."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hamilton_sdk import __version__
from hamilton_sdk.clock import SystemClock
from hamilton_sdk.errors import (
    AddressRefused,
    CertificateRejected,
    ConnectorError,
    Invalid,
    WebhookPayloadError,
)
from hamilton_sdk.flow import Request, Safety
from hamilton_sdk.transport.addresses import networks_of
from hamilton_sdk.transport.guarded import open_guarded_transport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.flow import Response
    from hamilton_sdk.transport.base import Http
    from hamilton_sdk.webhooks.signing import Webhook

__all__ = ["Sent", "id_of", "send"]

_KEPT: Final = 2048
"""Bytes of the receiver's answer that are shown."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of an attempt.

    Attributes:
        id: Of the message.
        milliseconds: How long it took.
        answer: What the receiver answered; None where nothing came.
        error: Why nothing came.
    """

    id: str
    milliseconds: int
    answer: Response | None
    error: ConnectorError | None

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver took it."""
        return self.answer is not None and self.answer.status // 100 == 2  # noqa: PLR2004 (RFC 9110, 15.3)

    @property
    def hint(self) -> str | None:
        """What to do where nothing came, in the words of the command line."""
        if isinstance(self.error, AddressRefused):
            return "if it is a system of yours, allow its network, such as --allow 127.0.0.0/8"
        if isinstance(self.error, CertificateRejected):
            return f"{self.error.hint}; here an authority is given with --ca FILE"
        return None if self.error is None else self.error.hint


def id_of(body: bytes) -> str:
    """The id of the event in a body; a new one where it is no event of the SDK's."""
    from hamilton_sdk.webhooks.events import parse_event

    made = f"msg_{secrets.token_hex(12)}"
    try:
        return parse_event(body, id=made).id
    except WebhookPayloadError:
        return made


def send(
    hook: Webhook,
    url: str,
    body: bytes,
    id_: str,
    *,
    http: Http,
    networks: Sequence[str] = (),
    clock: Clock | None = None,
) -> Sent:
    """Sign a body and post it once.

    Args:
        hook: Signs.
        url: Where, by https.
        body: What.
        id_: Of the message.
        http: Settings of the transport.
        networks: Private networks it may go to.
        clock: For the signature and the duration.

    Raises:
        ConfigurationError: A network or the id is none.
        Invalid: The url is none that anything is delivered to.
    """
    clock = clock or SystemClock()
    allowed = networks_of(networks, "--allow")
    request = Request(
        method="POST",
        url=url,
        operation="deliver",
        safety=Safety.IDEMPOTENT,  # by its id
        headers={
            "Content-Type": "application/json",
            "User-Agent": f"hamilton-apps-sdk/{__version__} (webhooks)",
            **hook.sign(id_, body, clock.now()),
        },
        body=body,
        largest_response=_KEPT,
    )
    transport = open_guarded_transport(http, clock)
    begun = clock.monotonic()
    answer = error = None
    try:
        answer = transport.send(request, None, allowed)
    except Invalid:
        raise
    except ConnectorError as failure:
        error = failure
    finally:
        transport.close()
    return Sent(id_, round((clock.monotonic() - begun) * 1000), answer, error)
