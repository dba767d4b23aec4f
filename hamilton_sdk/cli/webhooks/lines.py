"""What `listen` tells machines: a JSON document a line, the first with what a sender needs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hamilton_sdk.cli.webhooks.documents import arrival_document

if TYPE_CHECKING:
    from collections import Counter

    from hamilton_sdk.cli.receiver import Arrival
    from hamilton_sdk.cli.report import Json

__all__ = ["Lines"]


class Lines:
    """Tells a program what a receiver gets."""

    def open(self, needed: dict[str, str]) -> None:
        """Say what a sender needs."""
        _write({**needed})

    def tell(self, arrival: Arrival) -> None:
        """Add a line."""
        _write(arrival_document(arrival))

    def close(self, counts: Counter[str]) -> None:
        """Nothing is said at the end: every line tells of a message."""


def _write(document: Json) -> None:
    # Escapes are read the same whatever the output's encoding.
    print(json.dumps(document), flush=True)  # noqa: T201 (its output)
