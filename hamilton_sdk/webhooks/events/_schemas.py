"""JSON Schemas (Draft 2020-12) of events, and what the documents made of them have in common; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from hamilton_sdk.webhooks.events.registry import EVENTS, type_of, version_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema

    from hamilton_sdk.webhooks.events.base import Event

__all__ = ["HEADERS", "chosen", "component_schemas", "event_schema"]

# Standard Webhooks 1.0.0.
HEADERS: Final[dict[str, dict[str, object]]] = {
    "webhook-id": {"type": "string", "description": "The event's `id`: the same in every delivery of it."},
    "webhook-timestamp": {
        "type": "string",
        "pattern": "^[0-9]+$",
        "description": "When this delivery was attempted, in seconds since 1970-01-01 UTC.",
    },
    "webhook-signature": {
        "type": "string",
        "description": "One or more signatures separated by a space, each `v1,` (HMAC-SHA256) or `v1a,` "
        "(Ed25519) and Base64, of the id, the timestamp and the raw body with a full stop between.",
    },
}
"""What every delivery carries, by name: its schema."""


class _Sent(GenerateJsonSchema):
    """What stands in a body: `id`, `type` and `version` always, though a constructor fills them in."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,  # noqa: FBT001 (pydantic's own signature)
    ) -> bool:
        filled_in = field["schema"]["type"] == "default" and field["schema"].get("default", ...) is not None
        return filled_in or super().field_is_required(field, total)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 (pydantic's own signature)
        return False


def event_schema(event: type[Event]) -> dict[str, object]:
    """The JSON Schema of the bodies of one class of events.

    Receivers allow fields that it does not name: new ones come without a new version.
    """
    schema = event.model_json_schema(schema_generator=_Sent)
    name = f"{type_of(event)}.v{version_of(event)}"
    return {"$schema": _Sent.schema_dialect, "$id": f"urn:hamilton-apps-sdk:event:{name}", **schema}


def chosen(events: Iterable[type[Event]] | None) -> tuple[type[Event], ...]:
    """The events that a document describes: all of the SDK's if none are named."""
    return tuple(EVENTS.values() if events is None else events)


def component_schemas(events: Iterable[type[Event]]) -> dict[str, object]:
    """Schemas by class, for a document that keeps them under ``components``."""
    _, schema = models_json_schema(
        [(event, "validation") for event in events],
        schema_generator=_Sent,
        ref_template="#/components/schemas/{model}",
    )
    return dict(schema.get("$defs", {}))
