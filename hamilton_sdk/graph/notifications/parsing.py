"""Reading what Graph posts. Pure; nothing is trusted yet, and nothing of the content stands in an error."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from hamilton_sdk.errors import RequestRefused
from hamilton_sdk.graph.notifications.models import EncryptedContent, Item

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Post", "moment", "parse", "place"]

_Node: TypeAlias = "Mapping[str, object]"

# Both spellings of OData, in any case: Users/{id}/Events/{id} and Users('{id}')/events('{id}').
_PLACE: Final = re.compile(
    r"/?users(?:/(?P<user>[^/]+)|\('(?P<quoted_user>[^']+)'\))"
    r"(?:/calendar)?/events(?:/(?P<event>[^/?]+)|\('(?P<quoted_event>[^']+)'\))?/?",
    re.IGNORECASE,
)
_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_ETAG: Final = re.compile(r'W/"(.+)"')
_MICROSECONDS: Final = 7
_BAD_REQUEST: Final = 400


@dataclass(frozen=True, slots=True)
class Post:
    """A post, as read.

    Attributes:
        items: Those that can be read; None for one that cannot.
        tokens: JWTs that vouch for encrypted items.
    """

    items: tuple[Item | None, ...]
    tokens: tuple[str, ...] = field(default=(), repr=False)


def parse(body: bytes) -> Post:
    """Read a post: notifications of changes and of subscriptions come mixed.

    Raises:
        RequestRefused: Status 400: it is no collection of notifications.
    """
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        raise _no_notifications() from None
    value = cast("_Node", found).get("value") if isinstance(found, dict) else None
    if not isinstance(value, list):
        raise _no_notifications()
    tokens = cast("_Node", found).get("validationTokens")
    listed = cast("list[object]", tokens) if isinstance(tokens, list) else []
    return Post(
        tuple(_item(each) for each in cast("list[object]", value)),
        tuple(each for each in listed if isinstance(each, str)),
    )


def _no_notifications() -> RequestRefused:
    message = "the body is no collection of notifications"
    hint = "only Microsoft Graph posts here; what was sent is something else"
    return RequestRefused(message, status=_BAD_REQUEST, hint=hint)


def _item(given: object) -> Item | None:
    if not isinstance(given, dict):
        return None
    node = cast("_Node", given)
    watch, change, lifecycle = (
        _text(node, name) for name in ("subscriptionId", "changeType", "lifecycleEvent")
    )
    if watch is None or (change is None and lifecycle is None):
        return None
    if lifecycle is not None:
        change = None
    data, resource = _node(node, "resourceData"), _text(node, "resource")
    mailbox, event = place(resource or "")
    encrypted = _encrypted(node)
    if node.get("encryptedContent") is not None and (encrypted is None or change is None):
        return None
    return Item(
        watch_id=watch,
        secret=_text(node, "clientState"),
        # Notifications of subscriptions have had the other name.
        tenant_id=_text(node, "tenantId") or _text(node, "organizationId"),
        expires_at=moment(_text(node, "subscriptionExpirationDateTime") or ""),
        change=change,
        lifecycle=lifecycle,
        resource=resource,
        mailbox=mailbox,
        # In the address it may be encoded.
        event_id=_text(data, "id") or event,
        version=_version(_text(data, "@odata.etag") or ""),
        encrypted=encrypted,
    )


def _encrypted(parent: _Node) -> EncryptedContent | None:
    """The encrypted event; None where it is missing or not whole."""
    node = _node(parent, "encryptedContent")
    data, signature, key, certificate = (
        _text(node, name) for name in ("data", "dataSignature", "dataKey", "encryptionCertificateId")
    )
    if data is None or signature is None or key is None or certificate is None:
        return None
    return EncryptedContent(data=data, signature=signature, key=key, certificate_id=certificate)


def place(resource: str) -> tuple[str | None, str | None]:
    """Whose mailbox and which event a resource names, in both spellings; None where it does not say.

    Example:
        >>> place("Users('room@example.com')/Events('AAMk=')")
        ('room@example.com', 'AAMk=')
    """
    found = _PLACE.fullmatch(resource.partition("?")[0])
    if found is None:
        return None, None
    return found["user"] or found["quoted_user"], found["event"] or found["quoted_event"]


def moment(written: str) -> datetime | None:
    """The instant of a date and time with up to nine digits and any offset, UTC where it has none.

    Returns:
        It, in UTC, cut to microseconds; None where it is none.

    Example:
        >>> moment("2026-01-05T09:00:00.1234567+05:30").isoformat()
        '2026-01-05T03:30:00.123456+00:00'
    """
    found = _MOMENT.fullmatch(written)
    if found is None:
        return None
    seconds, fraction, offset = found.groups(default="")
    try:
        read = datetime.fromisoformat(f"{seconds}{fraction[:_MICROSECONDS]}{offset or 'Z'}")
        return read.astimezone(UTC)
    except (ValueError, OverflowError):  # no such day, or one before the first
        return None


def _version(etag: str) -> str | None:
    found = _ETAG.fullmatch(etag)
    return found[1] if found else etag or None


def _text(parent: _Node, name: str) -> str | None:
    value = parent.get(name)
    return value if isinstance(value, str) and value else None


def _node(parent: _Node, name: str) -> _Node:
    value = parent.get(name)
    return cast("_Node", value) if isinstance(value, dict) else {}
