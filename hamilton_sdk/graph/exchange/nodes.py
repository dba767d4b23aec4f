"""Reading JSON whose members may be missing, null or of another type than documented. Pure.

Of 91 documented answers 13 hold null where the schema has an object: every member counts as nullable.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias, cast

__all__ = ["Broken", "Node", "flag", "node", "nodes", "text", "texts", "whole"]

Node: TypeAlias = Mapping[str, object]

_NOTHING: Final[Node] = {}


class Broken(Exception):
    """An answer is not what the interface describes.

    Args:
        reason: What it is instead, without its content.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def text(parent: Node, name: str) -> str | None:
    """A text that is not empty."""
    value = parent.get(name)
    return value if isinstance(value, str) and value else None


def flag(parent: Node, name: str) -> bool:
    """A truth; False where nothing is said."""
    return parent.get(name) is True


def whole(parent: Node, name: str) -> int | None:
    """A whole number, which some answers write as text (``"capacity": "50"``)."""
    value = parent.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def node(parent: Node, name: str) -> Node:
    """An object; an empty one where there is none."""
    value = parent.get(name)
    return cast("Node", value) if isinstance(value, dict) else _NOTHING


def nodes(parent: Node, name: str) -> list[Node]:
    """The objects of a list."""
    value = parent.get(name)
    if not isinstance(value, list):
        return []
    return [cast("Node", each) for each in cast("list[object]", value) if isinstance(each, dict)]


def texts(parent: Node, name: str) -> tuple[str, ...]:
    """The texts of a list."""
    value = parent.get(name)
    if not isinstance(value, list):
        return ()
    return tuple(each for each in cast("list[object]", value) if isinstance(each, str))
