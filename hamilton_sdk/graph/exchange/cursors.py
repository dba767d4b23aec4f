"""Where a round of changes begins, or goes on: our own cursor around Graph's link. Pure.

Graph freezes the window in its link and does not tell it, so that a link that it has forgotten could not be
replaced: the window is kept beside it.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from hamilton_sdk.errors import Invalid
from hamilton_sdk.graph.exchange.nodes import Node, flag, text
from hamilton_sdk.graph.exchange.wire import refusal
from hamilton_sdk.model import TimeWindow

__all__ = ["Cursor"]

_FORM: Final = "1"


@dataclass(frozen=True, slots=True)
class Cursor:
    """What is kept between two rounds.

    Attributes:
        room: Whose calendar.
        window: What the rounds tell of.
        link: Graph's own, with its state in it.
        restarted: Whether the round that it goes on with was begun anew.
    """

    room: str
    window: TimeWindow
    link: str
    restarted: bool = False

    def written(self) -> str:
        """As text that callers keep."""
        content = {
            "form": _FORM,
            "room": self.room.lower(),
            "start": self.window.start.isoformat(),
            "end": self.window.end.isoformat(),
            "link": self.link,
            "restarted": self.restarted,
        }
        return base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode()

    @classmethod
    def read(cls, written: str, room: str) -> Cursor:
        """The cursor of a text.

        Raises:
            Invalid: It is none of that room's.
        """
        try:
            parsed: object = json.loads(base64.urlsafe_b64decode(written.encode()))
            content: Node = cast("Node", parsed) if isinstance(parsed, dict) else {}
            start, end = (datetime.fromisoformat(text(content, name) or "") for name in ("start", "end"))
            window, link = TimeWindow(start, end), text(content, "link")
        except (ValueError, binascii.Error, Invalid):
            raise _wrong() from None
        if link is None or text(content, "form") != _FORM or text(content, "room") != room.lower():
            raise _wrong()
        return cls(room, window, link, flag(content, "restarted"))


def _wrong() -> Invalid:
    return refusal(
        Invalid,
        "the cursor is none of this room's",
        "give the cursor of an earlier round of the same room, or a window for a first one",
        "changes",
    )
