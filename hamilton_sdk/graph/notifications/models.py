"""The words of notifications: what Graph posts, once it is read and found genuine. Pure; no pydantic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from hamilton_sdk.flow import Response

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = [
    "Change",
    "EncryptedContent",
    "Item",
    "Lifecycle",
    "Reaction",
    "Received",
    "Refused",
    "RefusedReason",
    "Unread",
]

Reaction: TypeAlias = Literal["renew", "watch_again", "resync"]
"""What a lifecycle notification asks for."""

Unread: TypeAlias = Literal["unknown_certificate"]
"""Why a genuine notification's content was not read."""

RefusedReason: TypeAlias = Literal[
    "malformed",
    "unknown_watch",
    "wrong_secret",
    "other_tenant",
    "too_late",
    "no_valid_token",
    "undecryptable",
]
"""Why an item is not taken; a closed set, for logs and counters."""

_REACTIONS: Final[Mapping[str, Reaction]] = {
    "reauthorizationRequired": "renew",
    "subscriptionRemoved": "watch_again",
    "missed": "resync",
}
_OK: Final = 200
_ACCEPTED: Final = 202


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptedContent:
    """The event itself, encrypted for one of our certificates.

    Attributes:
        data: Base64 of the event's JSON, encrypted.
        signature: Base64 of the HMAC over it.
        key: Base64 of the symmetric key, encrypted.
        certificate_id: Which certificate it is for, by the name given when watching.
    """

    data: str = field(repr=False)
    signature: str = field(repr=False)
    key: str = field(repr=False)
    certificate_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a post, as read and not yet trusted.

    Attributes:
        watch_id: The subscription's id.
        secret: Its ``clientState``.
        tenant_id: Whose.
        expires_at: When the subscription ends, as it was when this was sent.
        change: What happened to an event; None for a lifecycle notification.
        lifecycle: What happened to the subscription; None for a change.
        resource: Of the change.
        mailbox: Read from the resource.
        event_id: Of the event.
        version: The event's change key.
        encrypted: The event, where it came along.
    """

    watch_id: str
    secret: str | None = field(default=None, repr=False)
    tenant_id: str | None = None
    expires_at: datetime | None = None
    change: str | None = None
    lifecycle: str | None = None
    resource: str | None = field(default=None, repr=False)
    mailbox: str | None = field(default=None, repr=False)
    event_id: str | None = None
    version: str | None = None
    encrypted: EncryptedContent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An event was made, altered or removed: read `Calendar.changes` of its room.

    One change in Outlook often gives several of these (created, then updated, then updated), and they come in
    no order: they say *that* something changed, and the calendar says what stands.

    Attributes:
        watch_id: The subscription's id.
        kind: ``"created"``, ``"updated"`` or ``"deleted"``; a word not known yet is kept as it is.
        resource: As Graph names it; kept out of the repr.
        mailbox: Whose calendar, as Graph's id or an address; None where the resource does not say.
        event_id: Opaque, case-sensitive.
        version: The event's change key; None where it is not told.
        tenant_id: Whose.
        expires_at: When the subscription ends, as it was when this was sent.
        content: The members that were asked for when watching, for a rich notification; None where it is not
            rich, or `unread` says why.
        unread: ``"unknown_certificate"``: it is for a certificate whose key was not given.
    """

    watch_id: str
    kind: str
    resource: str | None = field(default=None, repr=False)
    mailbox: str | None = field(default=None, repr=False)
    event_id: str | None = None
    version: str | None = None
    tenant_id: str | None = None
    expires_at: datetime | None = None
    content: Mapping[str, object] | None = field(default=None, repr=False)
    unread: Unread | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """Something happened to a subscription.

    Attributes:
        watch_id: The subscription's id.
        kind: ``"reauthorizationRequired"``, ``"subscriptionRemoved"`` or ``"missed"``; a word not known yet
            is kept as it is.
        tenant_id: Whose.
        expires_at: When it ends.
    """

    watch_id: str
    kind: str
    tenant_id: str | None = None
    expires_at: datetime | None = None

    @property
    def reaction(self) -> Reaction | None:
        """What to do: ``"renew"`` it, ``"watch_again"`` and read the changes, or ``"resync"``: read them.

        None for a word that is not known: nothing.
        """
        return _REACTIONS.get(self.kind)


@dataclass(frozen=True, slots=True)
class Refused:
    """An item that is not taken.

    Attributes:
        reason: Why, as a word of a closed set.
        watch_id: What it says to be of, if it says anything; not to be trusted, and out of the repr.
    """

    reason: RefusedReason
    watch_id: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A post of Graph, read and judged. Keep what it holds before answering with `response`.

    Attributes:
        changes: Genuine ones, duplicates folded.
        lifecycle: Genuine ones.
        refused: Items that are forged, too late, or cannot be opened; they are answered as if taken, so that
            nobody learns why, and Graph does not send them for hours.
        repeated: How many items said what another one said.
        validation: What to echo, for the handshake that tries an address; None for notifications.
        marks: By which a repeated change is known, for `NotificationReceiver.done`.
    """

    changes: tuple[Change, ...] = ()
    lifecycle: tuple[Lifecycle, ...] = ()
    refused: tuple[Refused, ...] = ()
    repeated: int = 0
    validation: bytes | None = field(default=None, repr=False)
    marks: tuple[tuple[object, ...], ...] = field(default=(), repr=False)

    @property
    def handshake(self) -> bool:
        """Whether it is no notification, but tries the address."""
        return self.validation is not None

    @property
    def watch_ids(self) -> tuple[str, ...]:
        """Whose calendars to read: those that changed, and those of which Graph lost something."""
        concerned = [each.watch_id for each in self.changes]
        concerned += [each.watch_id for each in self.lifecycle if each.reaction in ("watch_again", "resync")]
        return tuple(dict.fromkeys(concerned))

    @property
    def response(self) -> Response:
        """The answer: 202, or the handshake's 200."""
        if self.validation is None:
            return Response(_ACCEPTED)
        # Free text of anybody's choice: never to be taken for a page.
        headers = {
            "content-type": "text/plain; charset=utf-8",
            "x-content-type-options": "nosniff",
            "cache-control": "no-store",
        }
        return Response(_OK, headers, self.validation)
