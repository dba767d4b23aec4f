"""The record of one attempt, and where it goes."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass

from hamilton_sdk.errors import Outcome

__all__ = ["Journal", "Record"]

logging.getLogger("hamilton_sdk").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One attempt at a call outward.

    Attributes:
        connector: Family and product, for example ``"acs.aeos"``.
        operation: The peer's name of the call.
        peer: Host and port.
        attempt: Which attempt, from 1.
        outcome: What is known about its effect.
        status: HTTP status, where there was an answer.
        duration_ms: Milliseconds it took.
        request_id: Our correlation id.
        peer_request_id: The peer's id of the request.
        error: The class of the error, where there was one.
    """

    connector: str
    operation: str
    peer: str
    attempt: int
    outcome: Outcome
    status: int | None
    duration_ms: float
    request_id: str
    peer_request_id: str | None = None
    error: str | None = None


class Journal:
    """Where a connector's records go: the logger of its family.

    Args:
        connector: Family and product, for example ``"acs.aeos"``.
    """

    __slots__ = ("_logger",)

    def __init__(self, connector: str) -> None:
        self._logger = logging.getLogger(f"hamilton_sdk.{connector.partition('.')[0]}")

    def wants(self, outcome: Outcome) -> bool:
        """Whether anybody listens to records of such an outcome."""
        return self._logger.isEnabledFor(_level(outcome))

    def write(self, record: Record) -> None:
        """Log a record: INFO where the peer did it, WARNING otherwise.

        The fields are in the log record's ``hamilton`` attribute, for structured handlers, and in its text.
        """
        self._logger.log(
            _level(record.outcome),
            "%s %s at %s: %s (status %s, attempt %d, %.1f ms, request %s)",
            record.connector,
            record.operation,
            record.peer,
            record.outcome,
            record.status,
            record.attempt,
            record.duration_ms,
            record.request_id,
            extra={"hamilton": asdict(record)},
        )


def _level(outcome: Outcome) -> int:
    return logging.INFO if outcome is Outcome.DONE else logging.WARNING
