"""An outbox in a file with deliveries in several states, for the tests of what looks at one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.secrets import SecretBox, StaticSecret
from hamilton_sdk.webhooks.events import VisitCreated, VisitData
from hamilton_sdk.webhooks.outbox import Outbox

EIGHT = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@contextmanager
def filled(path: Path | str) -> Iterator[Outbox]:
    """Three events, published at eight, nine and ten, to one endpoint; the first of them is skipped."""
    clock = SettableClock(EIGHT)
    key = StaticSecret(SecretBox.new_key())
    with Outbox.open(path, key=key, clock=clock, synchronous="NORMAL") as outbox:
        outbox.add_endpoint("https://customer.example/hooks")
        for number in (1, 2, 3):
            outbox.publish(
                VisitCreated(id=f"evt_{number}", timestamp=EIGHT, data=VisitData(visit_id=f"HV-{number}"))
            )
            clock.advance(HOUR.total_seconds())
        (first,) = outbox.deliveries(event="evt_1")
        outbox.skip(first.id)
        yield outbox
