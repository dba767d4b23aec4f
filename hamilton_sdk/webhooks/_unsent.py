"""Which deliveries that could not be sent are news: the first of an endpoint, and not each of a thousand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.webhooks.delivering import Verdict
from hamilton_sdk.webhooks.hooks import UnsentDelivery

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hamilton_sdk.clock import Clock
    from hamilton_sdk.webhooks.delivering import Result

__all__ = ["Unsent"]

_AGAIN: Final = 3600.0
"""Seconds after which the same trouble of the same endpoint is told again."""
_UNSENT: Final = frozenset({Verdict.PREVENTED, Verdict.UNREACHED})


class Unsent:
    """What was told of each endpoint's troubles. Shared by the workers of one dispatcher.

    No lock: where two workers meet the same trouble at the same moment, it is told twice.

    Args:
        clock: Where time comes from.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told: dict[str, dict[str, float]] = {}
        """When it was told, by endpoint and kind of trouble."""

    def news(self, results: Iterable[Result]) -> tuple[UnsentDelivery, ...]:
        """What is to be told; a delivery that was sent ends its endpoint's troubles.

        Args:
            results: In the order in which they ended.
        """
        return tuple([_unsent(result) for result in results if self._is_news(result)])

    def _is_news(self, result: Result) -> bool:
        endpoint = result.claimed.target.id
        if result.verdict not in _UNSENT:
            if result.verdict is not Verdict.RELEASED:
                self._told.pop(endpoint, None)
            return False
        kind, now = (result.error or "").partition(":")[0], self._clock.monotonic()
        told = self._told.setdefault(endpoint, {})
        if kind in told and now - told[kind] < _AGAIN:
            return False
        told[kind] = now
        return True


def _unsent(result: Result) -> UnsentDelivery:
    claimed = result.claimed
    return UnsentDelivery(
        event_type=claimed.event_type,
        event_id=claimed.event_id,
        endpoint_id=claimed.target.id,
        delivery_id=claimed.id,
        error=result.error or "",
    )
