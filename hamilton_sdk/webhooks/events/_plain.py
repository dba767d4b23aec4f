"""What JSON can carry, read strictly and checked where it is made; pure.

Stricter than JSON itself where two readers could see two different things in one text (RFC 8259, 4 and 6;
RFC 7493): a name twice in one object, NaN, halves of surrogate pairs, numbers without end.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Final, LiteralString, NoReturn, cast

from pydantic_core import PydanticCustomError

from hamilton_sdk.errors import WebhookPayloadError

__all__ = ["LARGEST", "TELL_THE_SENDER", "plain", "plain_text", "read_object"]

LARGEST: Final = 1024 * 1024
"""Bytes of an event at most. Standard Webhooks advises to stay below 20 kB."""

TELL_THE_SENDER: Final = "tell the sender which rule is broken; asking for it again brings the same body"

_DEEPEST: Final = 64
_DIGITS: Final = 300
_TOO_LARGE: Final = 10**_DIGITS

_Rule = tuple[LiteralString, LiteralString]

_DEEP: Final[_Rule] = ("too_deep", "is nested more than 64 deep")
_HALF: Final[_Rule] = ("surrogate", "holds half of a surrogate pair, which UTF-8 cannot write")
_LONG: Final[_Rule] = ("too_long", "holds an integer of more than 300 digits")
_NOT_FINITE: Final[_Rule] = ("not_finite", "holds a number that is not finite")
_NOT_JSON: Final[_Rule] = ("not_json", "holds what JSON has no form for")
_NAME: Final[_Rule] = ("name", "holds an object with a name that is no text")
_TWICE: Final[_Rule] = ("twice", "holds an object with the same name twice")


def _refuse(rule: _Rule) -> NoReturn:
    raise PydanticCustomError(
        *rule, {"hint": "give what JSON can carry: None, bool, int, float, str, list, dict"}
    )


def plain_text(text: str) -> str:
    """Refuse text that UTF-8 cannot write."""
    try:
        text.encode()
    except UnicodeEncodeError:
        _refuse(_HALF)
    return text


def plain(value: object, depth: int = 0) -> object:
    """A value as JSON gives it back: mappings as dict, tuples as list.

    Raises:
        PydanticCustomError: JSON cannot carry it, or not so that every reader gets the same.
    """
    if depth > _DEEPEST:
        _refuse(_DEEP)
    match value:
        case None | bool():
            return value
        case str():
            return plain_text(value)
        case int() | float():
            return _number(value)
        case Mapping():
            items = cast("Mapping[object, object]", value).items()
            return {_name(name): plain(each, depth + 1) for name, each in items}
        case list() | tuple():
            return [plain(each, depth + 1) for each in cast("list[object]", value)]
        case _:
            _refuse(_NOT_JSON)


def _number(value: float) -> float:
    if isinstance(value, int):
        return value if -_TOO_LARGE < value < _TOO_LARGE else _refuse(_LONG)
    return value if math.isfinite(value) else _refuse(_NOT_FINITE)


def _name(name: object) -> str:
    return plain_text(name) if isinstance(name, str) else _refuse(_NAME)


def read_object(body: bytes, limit: int) -> dict[str, object]:
    """The JSON object that a body consists of.

    Args:
        body: UTF-8.
        limit: Bytes at most.

    Raises:
        WebhookPayloadError: It is none.
    """
    if len(body) > limit:
        _unreadable(f"has more than {limit} bytes")
    try:
        content: object = _DECODER.decode(body.decode())
    except UnicodeDecodeError:
        _unreadable("is not UTF-8")
    except PydanticCustomError as broken:
        _unreadable(broken.message_template)
    except RecursionError:
        _unreadable(_DEEP[1])
    except ValueError:
        _unreadable("is not JSON")
    if not isinstance(content, dict):
        _unreadable("is no JSON object")
    return cast("dict[str, object]", content)


def _unreadable(rule: str) -> NoReturn:
    message = f"the body {rule}"
    raise WebhookPayloadError(message, hint=TELL_THE_SENDER) from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    for name in content:
        plain_text(name)
    return content if len(content) == len(pairs) else _refuse(_TWICE)


def _integer(text: str) -> int:
    # Reading digits takes time by the square of their number.
    return int(text) if len(text) <= _DIGITS else _refuse(_LONG)


def _constant(_: str) -> NoReturn:
    _refuse(_NOT_FINITE)


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_constant=_constant)
