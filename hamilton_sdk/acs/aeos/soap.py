"""SOAP 1.1 as AEOS speaks it: writing an envelope and reading one safely. Pure; the standard library alone.

What comes from the network is capped, decoded strictly as UTF-8 and refused if it declares a document type,
before the parser sees it: entities cannot be defined, and no external one is ever fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from hamilton_sdk.errors import Invalid

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = [
    "SCHEMA",
    "Broken",
    "Content",
    "Fault",
    "Fields",
    "Reply",
    "as_content",
    "local_name",
    "read_envelope",
    "tag",
    "write_envelope",
]

SCHEMA: Final = "http://www.nedap.com/aeosws/schema"
_ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"

Fields: TypeAlias = "tuple[tuple[str, Content], ...]"
Content: TypeAlias = "str | int | bool | Fields | None"
"""What an element holds: text, a number, a truth, or child elements by name; None leaves the element out."""

_HEAD: Final = f'<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="{_ENVELOPE}"><soap:Body>'
_FOOT: Final = "</soap:Body></soap:Envelope>"

# XML 1.0 section 2.2 allows tab, line feed and carriage return, but a parser rewrites the last one, and no
# field of AEOS holds several lines.
_UNWRITABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DEEPEST: Final = 32
"""Levels that are copied: the deepest message described has seven."""


class Broken(ValueError):
    """The answer is not what the interface describes."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A SOAP fault.

    Attributes:
        blame: The local name of ``faultcode``: ``"Client"``, ``"Server"`` or the server's own.
        code: ``StatusInfo/ErrorCode``; None for a fault that AEOS itself did not make.
        message: The server's words. They may hold names and numbers, hence not in the repr.
    """

    blame: str
    code: int | None
    message: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a Body held.

    Attributes:
        root: The payload; None for an empty Body.
        fault: The fault, if it is one.
    """

    root: Element | None = None
    fault: Fault | None = None


def tag(name: str) -> str:
    """The parser's spelling of an element name of AEOS."""
    return f"{{{SCHEMA}}}{name}"


def local_name(name: str) -> str:
    """A name without namespace or prefix."""
    return name.rpartition("}")[2].rpartition(":")[2]


def write_envelope(root: str, content: Content) -> bytes:
    """Write a request.

    Args:
        root: Name of the Body's child, which is what AEOS dispatches on.
        content: What it holds.

    Raises:
        Invalid: A text holds a character that XML cannot carry unchanged.
    """
    parts = [_HEAD, f'<{root} xmlns="{SCHEMA}">']
    _write_content(root, content, parts)
    parts += (f"</{root}>", _FOOT)
    return "".join(parts).encode()


def _write_content(name: str, content: Content, parts: list[str]) -> None:
    if isinstance(content, tuple):
        for child, value in content:
            if value is not None:
                parts.append(f"<{child}>")
                _write_content(child, value, parts)
                parts.append(f"</{child}>")
    elif isinstance(content, bool):
        parts.append("true" if content else "false")
    elif content is not None:
        parts.append(_escaped(name, str(content)))


def _escaped(name: str, text: str) -> str:
    if _UNWRITABLE.search(text):
        message = f"{name} holds a control character or one that XML cannot carry"
        raise Invalid(message, hint=f"remove control characters and line breaks from {name}")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def read_envelope(body: bytes, largest: int) -> Reply:
    """Read an answer.

    Args:
        body: As received.
        largest: The most bytes accepted.

    Raises:
        Broken: It is too large, no UTF-8, no XML, declares a document type, or is no SOAP 1.1 envelope.
    """
    envelope = _parse(body, largest)
    if envelope.tag != f"{{{_ENVELOPE}}}Envelope":
        message = f"<{local_name(envelope.tag)}> where a SOAP 1.1 envelope is expected"
        raise Broken(message)
    holder = envelope.find(f"{{{_ENVELOPE}}}Body")
    if holder is None:
        message = "an envelope without a Body"
        raise Broken(message)
    root = next(iter(holder), None)
    if root is not None and root.tag == f"{{{_ENVELOPE}}}Fault":
        return Reply(fault=_fault(root))
    return Reply(root=root)


def _parse(body: bytes, largest: int) -> Element:
    # Loaded on use: it costs as much as the rest of this package together.
    from xml.etree import ElementTree as ET

    if len(body) > largest:
        message = f"larger than {largest} bytes"
        raise Broken(message)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "not UTF-8"
        raise Broken(message) from None
    if "<!DOCTYPE" in text:
        message = "a document type declaration, which is refused"
        raise Broken(message)
    try:
        return ET.fromstring(text)  # noqa: S314 (capped, and no document type: nothing to expand)
    except (ET.ParseError, ValueError):
        # The parser's own words may quote the document.
        message = "not well-formed XML"
        raise Broken(message) from None


def _fault(element: Element) -> Fault:
    status = next(element.iter(tag("StatusInfo")), None)
    code = None if status is None else status.findtext(tag("ErrorCode"), "").strip()
    words = None if status is None else status.findtext(tag("Message"))
    return Fault(
        blame=local_name(element.findtext("faultcode", "").strip()),
        code=int(code) if code and code.isascii() and code.isdigit() and len(code) < _LONGEST_CODE else None,
        message=words or element.findtext("faultstring") or "",
    )


_LONGEST_CODE: Final = 10  # an xs:int has ten digits at most; those of AEOS have three


def as_content(element: Element, depth: int = _DEEPEST) -> Content:
    """What an element holds, to be sent back as it was received; attributes are dropped.

    Raises:
        Broken: It is nested deeper than any message of AEOS.
    """
    if depth == 0:
        message = "elements nested too deep"
        raise Broken(message)
    if len(element):
        return tuple((local_name(child.tag), as_content(child, depth - 1)) for child in element)
    return element.text or ""
