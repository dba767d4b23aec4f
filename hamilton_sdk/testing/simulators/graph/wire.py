"""Requests taken apart as Graph reads them, and answers put together."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from hamilton_sdk.flow import Response
from hamilton_sdk.graph.zones import zone_named
from hamilton_sdk.testing.simulators.graph.errors import Refused, malformed, unknown_zone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hamilton_sdk.flow import Request

__all__ = ["Call", "Document", "Preferences", "Reply", "read_call"]

Document: TypeAlias = dict[str, Any]
"""A JSON object."""

_PREFERENCE: Final = re.compile(r'\s*([A-Za-z.\-]+)\s*(?:=\s*(?:"([^"]*)"|([^,;\s]*)))?\s*(?:[,;]|$)')


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a request prefers (header ``Prefer``).

    Attributes:
        immutable: Whether ids are of the immutable kind.
        zone: In which times are given; UTC if None.
        page_size: Items of a page of delta.
        text: Whether bodies are given as text.
    """

    immutable: bool = False
    zone: str | None = None
    page_size: int | None = None
    text: bool = False

    def applied(self) -> str:
        """What the answer confirms in ``Preference-Applied``."""
        parts = ["IdType=ImmutableId"] if self.immutable else []
        if self.zone is not None:
            parts.append(f'outlook.timezone="{self.zone}"')
        if self.page_size is not None:
            parts.append(f"odata.maxpagesize={self.page_size}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Attributes:
        method: Upper case.
        base: Scheme and host.
        path: Its segments, decoded, without the version.
        query: Options, names in lower case, decoded.
        headers: Names in lower case.
        body: As sent.
        prefer: What it prefers.
        now: Aware.
    """

    method: str
    base: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    prefer: Preferences
    now: datetime

    def document(self) -> Document:
        """The body as a JSON object.

        Raises:
            Refused: It is none.
        """
        if not self.headers.get("content-type", "").lower().startswith("application/json"):
            message = "A content type of application/json is needed."
            raise malformed(message)
        try:
            found: object = json.loads(self.body)
        except ValueError:
            raise malformed() from None
        if not isinstance(found, dict):
            raise malformed()
        return cast("Document", found)

    def number(self, name: str, default: int, largest: int) -> int:
        """A query option that is a number.

        Raises:
            Refused: It is none, or out of range.
        """
        text = self.query.get(name)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit() or not 0 <= int(text) <= largest:
            raise Refused(400, "ErrorInvalidUrlQuery", f"Invalid value '{text}' for {name}.")
        return int(text)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it is bytes."""

    status: int
    document: Document | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def response(self) -> Response:
        """The answer as bytes."""
        if self.document is None:
            return Response(status=self.status, headers=dict(self.headers))
        headers = {"content-type": "application/json; odata.metadata=minimal; charset=utf-8", **self.headers}
        return Response(status=self.status, headers=headers, body=json.dumps(self.document).encode())

    def with_headers(self, headers: Mapping[str, str]) -> Reply:
        """The same with more headers."""
        return replace(self, headers={**self.headers, **headers})


def read_call(request: Request, now: datetime) -> Call:
    """Take a request apart.

    Raises:
        Refused: It prefers a zone that is unknown.
    """
    parts = urlsplit(request.url)
    headers = {name.lower(): value for name, value in request.headers.items()}
    segments = tuple(unquote(each) for each in parts.path.split("/") if each)
    return Call(
        method=request.method.upper(),
        base=f"{parts.scheme}://{parts.netloc}",
        path=segments[1:] if segments[:1] == ("v1.0",) else segments,
        query={name.lower(): value for name, value in parse_qsl(parts.query, keep_blank_values=True)},
        headers=headers,
        body=request.body,
        prefer=_preferences(headers.get("prefer", "")),
        now=now,
    )


def _preferences(header: str) -> Preferences:
    given = {name.lower(): quoted or bare for name, quoted, bare in _PREFERENCE.findall(header)}
    zone = given.get("outlook.timezone")
    if zone is not None and zone_named(zone) is None:
        raise unknown_zone(zone)
    size = given.get("odata.maxpagesize", "")
    return Preferences(
        immutable=given.get("idtype", "").lower() == "immutableid",
        zone=zone,
        page_size=int(size) if size.isdigit() and int(size) > 0 else None,
        text=given.get("outlook.body-content-type", "").lower() == "text",
    )
