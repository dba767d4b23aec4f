"""The AsyncAPI document of webhooks: who sends what over which protocol; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk.webhooks.events._schemas import HEADERS, chosen, component_schemas
from hamilton_sdk.webhooks.events.registry import type_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hamilton_sdk.webhooks.events.base import Event

__all__ = ["asyncapi"]


def asyncapi(
    *, title: str = "Webhooks", version: str = "1", events: Iterable[type[Event]] | None = None
) -> dict[str, object]:
    """An AsyncAPI 3.1 document with a message for each type of event, as their sender sees it.

    Args:
        title: Of the document.
        version: Of the document, as its readers count it.
        events: Which are sent; all of the SDK's if not given.
    """
    described = chosen(events)
    names = [event.__name__ for event in described]
    channel = {
        # Each receiver has an address of its own.
        "address": None,
        "description": "An endpoint of a receiver's, over HTTPS.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
    }
    return {
        "asyncapi": "3.1.0",
        "info": {"title": title, "version": version},
        "defaultContentType": "application/json",
        "channels": {"endpoint": channel},
        "operations": {f"send{name}": _operation(name) for name in names},
        "components": {
            "messages": {event.__name__: _message(event) for event in described},
            "schemas": component_schemas(described),
        },
    }


def _operation(name: str) -> dict[str, object]:
    return {
        "action": "send",
        "channel": {"$ref": "#/channels/endpoint"},
        "messages": [{"$ref": f"#/channels/endpoint/messages/{name}"}],
        "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
    }


def _message(event: type[Event]) -> dict[str, object]:
    headers = {"type": "object", "properties": HEADERS, "required": list(HEADERS)}
    return {
        "name": type_of(event),
        "title": event.model_config.get("title", event.__name__),
        "summary": event.__doc__ or "",
        "contentType": "application/json",
        "payload": {"$ref": f"#/components/schemas/{event.__name__}"},
        "bindings": {"http": {"headers": headers, "bindingVersion": "0.3.0"}},
    }
