"""The outcome of the demonstration for machines: one JSON document. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from hamilton_sdk.cli.wording import short_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hamilton_sdk.cli.demo import Opening, Outcome
    from hamilton_sdk.cli.record import Event, Mishap, Notice, Stay
    from hamilton_sdk.cli.visits import Problem, VisitFile

__all__ = ["Json", "Recorder", "problems_document"]

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"


class Recorder:
    """Listens to a play and keeps what belongs into the document; shows nothing."""

    def __init__(self) -> None:
        self._opening: Opening | None = None
        self._faults: list[Json] = []
        self._webhooks: list[Json] = []

    def open(self, opening: Opening) -> None:
        """Keep what is known before the first step."""
        self._opening = opening

    def tell(self, event: Event) -> None:
        """Keep the faults of an event, and what was published."""
        self._faults += [_fault(event, mishap) for mishap in event.mishaps]
        self._webhooks += map(_webhook, event.notices)

    def document(self, name: str, file: VisitFile, outcome: Outcome, *, seed: int, strategy: str) -> Json:
        """The whole document."""
        opening = self._opening
        return {
            "kept": outcome.kept,
            "simulated": None if opening is None else opening.product,
            "strategy": strategy,
            "seed": seed,
            "clock": None if opening is None else _text(opening.clock),
            "notes": [] if opening is None else list(opening.notes),
            "file": {
                "name": name,
                "encoding": file.encoding,
                "separator": file.separator,
                "lines": file.lines,
                "ignored_columns": list(file.ignored),
            },
            "problems": problems_document(outcome.problems),
            "visits": [_visit(stay) for stay in outcome.stays],
            "faults": self._faults,
            "webhooks": self._webhooks,
            "promises": [
                {"promise": promise.text, "kept": promise.kept, "detail": promise.detail}
                for promise in outcome.promises
            ],
        }


def _fault(event: Event, mishap: Mishap) -> Json:
    return {
        "during": event.kind,
        "reference": None if event.stay is None else event.stay.order.reference,
        "operation": mishap.operation,
        "fault": mishap.what,
        "healed": not event.was_given_up,
    }


def _webhook(notice: Notice) -> Json:
    return {
        "type": notice.type,
        "reference": notice.reference,
        "attempts": notice.attempts,
        "verified": notice.verified,
        "faults": list(notice.faults),
    }


def problems_document(problems: Sequence[Problem]) -> Json:
    """What is wrong in a file, by line and column."""
    return [
        {
            "line": problem.line,
            "column": problem.position,
            "name": problem.column,
            "message": problem.message,
        }
        for problem in problems
    ]


def _visit(stay: Stay) -> Json:
    return {
        "reference": stay.order.reference,
        "line": stay.visit.line,
        "visitor": short_name(stay.order.holder),
        "admitted_at": _text(stay.admitted_at),
        "left_at": _text(stay.left_at),
        "overstayed_at": _text(stay.overstayed_at),
        "expired_at": _text(stay.expired_at),
        "holders": stay.holders,
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
