"""The OpenAPI document of webhooks: what a receiver's own documentation can show; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.webhooks.events._schemas import HEADERS, chosen, component_schemas
from hamilton_sdk.webhooks.events.registry import type_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hamilton_sdk.webhooks.events.base import Event

__all__ = ["openapi"]

# What the dispatcher makes of an answer (Standard Webhooks 1.0.0).
_RESPONSES: Final[dict[str, object]] = {
    "2XX": {"description": "The event is in the receiver's hands, and does not come again."},
    "410": {"description": "The endpoint is gone: it gets no event any more."},
    "429": {
        "description": "Too many deliveries: the event comes again later.",
        "headers": {
            "Retry-After": {
                "description": "How long to wait, in seconds or as a date.",
                "schema": {"type": "string"},
            }
        },
    },
    "default": {
        "description": "Anything else, a redirect as well, is a failure: the event comes again later."
    },
}


def openapi(
    *, title: str = "Webhooks", version: str = "1", events: Iterable[type[Event]] | None = None
) -> dict[str, object]:
    """An OpenAPI 3.1 document with a webhook for each type of event.

    Args:
        title: Of the document.
        version: Of the document, as its readers count it.
        events: Which are sent or received; all of the SDK's if not given.

    Example:
        >>> from hamilton_sdk.webhooks.events import EVENTS
        >>> list(openapi(events=[EVENTS["visit.created"]])["webhooks"])
        ['visit.created']
    """
    described = chosen(events)
    parameters = {name: _parameter(name, schema) for name, schema in HEADERS.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "webhooks": {type_of(event): {"post": _operation(event)} for event in described},
        "components": {"schemas": component_schemas(described), "parameters": parameters},
    }


def _parameter(name: str, schema: dict[str, object]) -> dict[str, object]:
    inner = {keyword: value for keyword, value in schema.items() if keyword != "description"}
    described = schema["description"]
    return {"name": name, "in": "header", "required": True, "description": described, "schema": inner}


def _operation(event: type[Event]) -> dict[str, object]:
    schema = {"$ref": f"#/components/schemas/{event.__name__}"}
    return {
        "operationId": event.__name__,
        "summary": event.model_config.get("title", event.__name__),
        "description": event.__doc__ or "",
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in HEADERS],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": _RESPONSES,
    }
