"""What a play tells the world: events through an outbox, to a receiver on loopback that verifies each.

Outbox, dispatcher, transport and receiver are the SDK's own, over real sockets and TLS.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from hamilton_sdk.cli.receiver import Receiver
from hamilton_sdk.cli.record import Notice
from hamilton_sdk.cli.stage import served
from hamilton_sdk.cli.trouble import words
from hamilton_sdk.secrets import SecretBox, StaticSecret
from hamilton_sdk.transport import Http, Timeouts
from hamilton_sdk.webhooks import Dispatcher, Outbox, Webhook
from hamilton_sdk.webhooks.events import EVENTS, Person, VisitData

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from datetime import datetime
    from random import Random

    from hamilton_sdk.cli.receiver import Arrival
    from hamilton_sdk.cli.record import EventType, Stay
    from hamilton_sdk.clock import SettableClock
    from hamilton_sdk.testing.faults import Fault, FaultScript

__all__ = ["Accidents", "Newsroom", "newsroom"]

_SCHEDULE: Final = (0.0, 0.2, 0.2, 0.4, 0.4)
"""Seconds: the usual schedule spans days, and what is played has ended by then."""
_WAIT: Final = 0.5
"""Seconds after which the next attempt is due, whatever chance adds."""
_TIMEOUTS: Final = Timeouts(total=5.0)


class Accidents:
    """Lets two deliveries fail, the same ones for the same chance: one is lost, and of one the answer is.

    Args:
        script: What the receiver asks.
        chance: Decides which.
        visits: How many there are; each has up to three events, the first of all of them before any other.
        enabled: Whether anything goes wrong at all.
    """

    def __init__(self, script: FaultScript, chance: Random, *, visits: int, enabled: bool) -> None:
        from hamilton_sdk.testing.faults import Fault

        self._script = script
        self._published = 0
        lost = chance.choice((Fault("reset"), Fault("status", status=500)))
        unheard = Fault("reset", after_work=True)
        first, second = chance.randrange(visits), visits + chance.randrange(visits)
        self._faults: Mapping[int, Fault] = {first: lost, second: unheard} if enabled else {}

    def befall(self, event_id: str) -> None:
        """Let the event that is published now go wrong on its way, if it is its turn."""
        fault = self._faults.get(self._published)
        self._published += 1
        if fault is not None:
            self._script.add(fault, event_id)

    def of(self, event_id: str) -> tuple[str, ...]:
        """What went wrong with an event, in words."""
        return tuple(words(fault) for operation, fault in self._script.drawn if operation == event_id)


class Newsroom:
    """Publishes what happens to visits, delivers it, and knows what arrived.

    Args:
        outbox: Where it is published.
        dispatcher: Delivers.
        clock: Of the play.
        arrivals: What the receiver has told so far.
        accidents: What goes wrong.
        url: Of the receiver.
    """

    def __init__(
        self,
        outbox: Outbox,
        dispatcher: Dispatcher,
        clock: SettableClock,
        arrivals: Sequence[Arrival],
        accidents: Accidents,
        url: str,
    ) -> None:
        self.url = url
        self._outbox = outbox
        self._dispatcher = dispatcher
        self._clock = clock
        self._arrivals = arrivals
        self._accidents = accidents
        self._sequences: Counter[str] = Counter()
        self._published: list[tuple[str, EventType, str]] = []

    def publish(self, kind: EventType, stay: Stay, at: datetime) -> None:
        """Publish what happened to a visit; names of people stay at home."""
        order = stay.order
        self._sequences[order.reference] += 1
        host = order.holder.host
        data = VisitData(
            visit_id=order.reference,
            start=order.window.start,
            end=order.window.end,
            host=Person(id=host) if host else None,
        )
        content = {"timestamp": at, "sequence": self._sequences[order.reference], "data": data}
        event = EVENTS[kind].model_validate(content)
        self._accidents.befall(event.id)
        self._outbox.publish(event)
        self._published.append((event.id, kind, order.reference))

    def deliver(self) -> tuple[Notice, ...]:
        """Deliver what was published since this was last asked; what fails is repeated by its schedule."""
        for _ in _SCHEDULE:
            self._dispatcher.deliver_due()
            if not self._outbox.counters().pending:
                break
            self._clock.advance(_WAIT)
        published, self._published = self._published, []
        return tuple(self._notice(*each) for each in published)

    def _notice(self, event_id: str, kind: EventType, reference: str) -> Notice:
        attempts = sum(delivery.attempts for delivery in self._outbox.deliveries(event=event_id))
        verified = sum(arrival.is_taken and arrival.id == event_id for arrival in self._arrivals)
        return Notice(kind, reference, attempts, verified, self._accidents.of(event_id))

    def arrived(self) -> Mapping[str, Sequence[str]]:
        """Types of the events that were verified, by visit, in the order of their first arrival."""
        found: dict[str, list[str]] = {}
        for arrival in self._arrivals:
            event = arrival.event
            if event is not None and arrival.is_new and isinstance(event.data, VisitData):
                found.setdefault(event.data.visit_id, []).append(event.type)
        return found


@contextmanager
def newsroom(clock: SettableClock, chance: Random, *, visits: int, faults: bool) -> Generator[Newsroom]:
    """Open an outbox, a dispatcher and a receiver; all of them end with the block.

    Args:
        clock: Of the play: signatures and waiting go by it.
        chance: Decides what goes wrong.
        visits: How many there are, at least one.
        faults: Whether anything goes wrong.
    """
    from hamilton_sdk.testing.faults import FaultScript

    secret, script = Webhook.generate_secret(), FaultScript()
    arrivals: list[Arrival] = []
    receiver = Receiver(Webhook(secret, clock=clock), arrivals.append, faults=script)
    with (
        TemporaryDirectory(prefix="hamilton-") as folder,
        served(receiver, clock) as (url, authority),
        Outbox.open(Path(folder, "hooks.db"), key=StaticSecret(SecretBox.new_key()), clock=clock) as outbox,
    ):
        outbox.add_endpoint(
            url,
            secret=secret,
            events=["visit.*"],
            schedule=_SCHEDULE,
            ordered=True,
            private_networks=["127.0.0.0/8"],
        )
        with Dispatcher(outbox, transport=Http(ca=authority, timeouts=_TIMEOUTS)) as dispatcher:
            accidents = Accidents(script, chance, visits=visits, enabled=faults)
            yield Newsroom(outbox, dispatcher, clock, arrivals, accidents, url)
