"""What calendars add to the tree of errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hamilton_sdk.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hamilton_sdk.graph.models import Meeting

__all__ = ["RoomTaken"]


class RoomTaken(Conflict):
    """Other meetings are in the way, or the room declined.

    Args:
        message: What went wrong, without personal data.
        hint: What a person can do about it.
        conflicts: Those that are known; a room that declines does not always say which.
    """

    def __init__(self, message: str, *, hint: str | None = None, conflicts: Iterable[Meeting] = ()) -> None:
        super().__init__(message, hint=hint)
        self.conflicts: tuple[Meeting, ...] = tuple(conflicts)
