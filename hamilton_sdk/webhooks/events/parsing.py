"""From the body of a webhook message to its event: pure, and strict about everything but what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from hamilton_sdk.errors import WebhookPayloadError
from hamilton_sdk.webhooks.events._plain import LARGEST, TELL_THE_SENDER, read_object
from hamilton_sdk.webhooks.events.registry import VERSIONS, UnknownEvent

if TYPE_CHECKING:
    from hamilton_sdk.webhooks.events.base import Event

__all__ = ["parse_event"]

_NEEDED: Final = ("id", "type", "timestamp", "data")
_SHOWN: Final = 5


def parse_event(body: bytes, *, id: str | None = None, limit: int = LARGEST) -> Event:  # noqa: A002
    """The event that a body states. Verify the message first: whoever sent it is not looked at here.

    Args:
        body: As it was received: a JSON object in UTF-8.
        id: The message's own, for a body that names none. The payload that Standard Webhooks recommends has
            neither an id nor a version: it is read as version 1.
        limit: Bytes at most.

    Returns:
        An event of the type's own class; an `UnknownEvent` for a type or a version that is not known yet.
        Fields that are not known are kept.

    Raises:
        WebhookPayloadError: The body is no event. It names the field and the rule, never a value.
        TypeError: `body` is no bytes.

    Example:
        >>> body = b'{"id":"evt_1","type":"visit.checked_in","version":1,'
        >>> body += b'"timestamp":"2026-03-27T08:45:00Z","data":{"visit_id":"HV-2026-1"}}'
        >>> event = parse_event(body)
        >>> event.object
        'visit:HV-2026-1'
        >>> event.to_bytes() == body
        True
    """
    _only_bytes(body)
    content = read_object(body, limit)
    content.setdefault("version", 1)
    if id is not None:
        content.setdefault("id", id)
    missing = [name for name in _NEEDED if name not in content]
    if missing:
        raise _broken([f"{name}: is missing" for name in missing])
    try:
        return _class_for(content["type"], content["version"]).model_validate(content)
    except ValidationError as error:
        raise _broken([f"{_path(fault['loc'])}: {fault['msg']}" for fault in error.errors()]) from None


def _only_bytes(body: object) -> None:
    """Text was decoded by somebody, and what was signed may be lost."""
    if not isinstance(body, bytes):
        message = f"parse_event takes the body as bytes, not {type(body).__name__}"
        raise TypeError(message)


def _class_for(kind: object, version: object) -> type[Event]:
    # True and 1.0 are equal to 1, and none of them is a version.
    if isinstance(kind, str) and type(version) is int:
        return VERSIONS.get((kind, version), UnknownEvent)
    return UnknownEvent


def _path(location: tuple[int | str, ...]) -> str:
    """Of declared fields only: names that are not known may themselves say something about a person."""
    return ".".join(map(str, location)) or "the event"


def _broken(said: list[str]) -> WebhookPayloadError:
    more = f"; and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return WebhookPayloadError("; ".join(said[:_SHOWN]) + more, hint=TELL_THE_SENDER)
