"""How Graph refuses: an `error` document with a code and a message (fact: only these two are required)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Refused", "bad_request", "malformed", "not_found", "unknown_path", "unknown_zone", "unsupported"]


class Refused(Exception):
    """A request is not done.

    Args:
        status: HTTP status.
        code: Graph's own.
        message: Its text.
        headers: Of the answer, names in lower case.
        members: Further members of the error.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.headers: dict[str, str] = dict(headers or {})
        self.members: dict[str, str] = dict(members or {})


def bad_request(message: str, code: str = "ErrorInvalidRequest") -> Refused:
    """400 for what is understood and cannot be."""
    return Refused(400, code, message)


def malformed(message: str = "were unable to deserialize") -> Refused:
    """400 for a body that is not what the operation takes."""
    return Refused(400, "UnableToDeserializePostBody", message)


def not_found() -> Refused:
    """404 for an item that is not in this mailbox."""
    return Refused(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def unknown_path(segment: str) -> Refused:
    """404 for a path that Graph does not have."""
    return Refused(404, "ResourceNotFound", f"Resource not found for the segment '{segment}'.")


def unknown_zone(name: str) -> Refused:
    """400 for a time zone that Exchange does not know."""
    message = f"The following TimeZone value is not supported: '{name}'."
    return Refused(400, "TimeZoneNotSupportedException", message)


def unsupported(option: str) -> Refused:
    """400 for a query option that this resource does not take."""
    return Refused(400, "ErrorInvalidUrlQuery", f"The query option '{option}' is not supported here.")
