"""Whether a JSON Schema may take the place of a published one without a new version.

Receivers were written for what is published. So a field may be added if it can be missing, and words of
explanation may change; anything else would break some of them: a field that is gone, one that must be there
now or need not be any more, another type, limit, pattern or constant.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["breaking_changes"]

Schema = dict[str, object]

# Keywords that explain and that no validator judges by (JSON Schema Draft 2020-12, Validation 9); the
# definitions are compared where something refers to them.
_EXPLAINS = {"title", "description", "examples", "default", "deprecated", "$comment", "$defs", "$schema"}
_LOOKED_INTO = {"properties", "required", "items", "anyOf", "$ref"}


def breaking_changes(published: Schema, proposed: Schema) -> list[str]:
    """Each change that needs a new version, with the field it is about."""
    return list(_changes(_Side(published, published), _Side(proposed, proposed), ""))


class _Side:
    """A schema within its document, with references followed."""

    def __init__(self, schema: object, document: Schema) -> None:
        self.document = document
        self.schema = self._followed(cast("Schema", schema))

    def _followed(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            found: object = self.document
            for step in str(schema["$ref"]).removeprefix("#/").split("/"):
                found = cast("Schema", found)[step]
            beside = {keyword: value for keyword, value in schema.items() if keyword != "$ref"}
            schema = {**cast("Schema", found), **beside}
        return schema

    def inside(self, schema: object) -> _Side:
        return _Side(schema, self.document)

    def whole(self, keyword: str) -> object:
        """What a keyword says, with what it refers to in its place."""
        return self._inlined(self.schema.get(keyword))

    def _inlined(self, value: object) -> object:
        if isinstance(value, dict):
            schema = self._followed(cast("Schema", value)) if "$ref" in value else cast("Schema", value)
            return {name: self._inlined(each) for name, each in schema.items()}
        if isinstance(value, list):
            return [self._inlined(each) for each in cast("list[object]", value)]
        return value

    @property
    def fields(self) -> Schema:
        return cast("Schema", self.schema.get("properties", {}))

    @property
    def required(self) -> set[str]:
        return set(cast("list[str]", self.schema.get("required", [])))

    def choices(self) -> list[_Side]:
        return [self.inside(each) for each in cast("list[object]", self.schema.get("anyOf", []))]


def _changes(old: _Side, new: _Side, path: str) -> Iterator[str]:
    place = path or "the event"
    for keyword in sorted((old.schema.keys() | new.schema.keys()) - _EXPLAINS - _LOOKED_INTO):
        before, after = old.whole(keyword), new.whole(keyword)
        if before != after:
            yield f"{place}: {keyword} was {json.dumps(before)} and is {json.dumps(after)}"
    yield from _changed_fields(old, new, path)
    yield from _changed_choices(old, new, place)
    if ("items" in old.schema) != ("items" in new.schema):
        yield f"{place}: items are described on one side only"
    elif "items" in old.schema:
        yield from _changes(old.inside(old.schema["items"]), new.inside(new.schema["items"]), f"{path}[]")


def _changed_fields(old: _Side, new: _Side, path: str) -> Iterator[str]:
    inside = f"{path}." if path else ""
    for name in sorted(old.fields.keys() - new.fields.keys()):
        yield f"{inside}{name}: is gone or has another name"
    for name in sorted(new.required - old.required):
        yield f"{inside}{name}: must be there now"
    for name in sorted((old.required - new.required) & new.fields.keys()):
        yield f"{inside}{name}: need not be there any more"
    for name in sorted(old.fields.keys() & new.fields.keys()):
        yield from _changes(old.inside(old.fields[name]), new.inside(new.fields[name]), f"{inside}{name}")


def _changed_choices(old: _Side, new: _Side, place: str) -> Iterator[str]:
    before, after = old.choices(), new.choices()
    if len(before) != len(after):
        yield f"{place}: had {len(before)} alternatives and has {len(after)}"
        return
    for one, other in zip(before, after, strict=True):
        yield from _changes(one, other, place)
