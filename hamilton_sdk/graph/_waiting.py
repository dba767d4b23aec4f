"""How long a booking may take: waiting for the room's answer comes on top of what its calls may take."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hamilton_sdk.graph.interface import Mode
    from hamilton_sdk.retry import RetryPolicy

__all__ = ["USUAL_WAIT", "deadline_with"]

USUAL_WAIT: Final = timedelta(seconds=30)


def deadline_with(policy: RetryPolicy, wait: timedelta, mode: Mode) -> float | None:
    """Seconds for an operation that may wait on purpose; None for no limit.

    Args:
        policy: Whose deadline is for the calls themselves.
        wait: What comes on top where a person organises; a room that organises is not waited for.
        mode: Who organises.
    """
    if policy.deadline is None or mode == "organizer":
        return policy.deadline
    return policy.deadline + wait.total_seconds()
