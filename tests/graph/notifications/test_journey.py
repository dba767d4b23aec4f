"""A room is watched, a person changes something in Outlook, and the receiver is told: over the simulator."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import HamiltonError, RequestRefused
from hamilton_sdk.flow import Request, Response
from hamilton_sdk.graph import Calendar, ClientSecret, Graph
from hamilton_sdk.graph.notifications import DecryptionKey, NotificationReceiver
from hamilton_sdk.testing.simulators.graph import GraphSimulator
from hamilton_sdk.testing.simulators.graph.settings import Switches
from tests.graph.exchange.entra import certificate_pem, key_pem
from tests.graph.notifications.posted import NOW

ROOM = "ampere@contoso.example"
URL = "https://app.example/graph?site=7"


class World:
    """A tenant, an application that watches its rooms, and the receiver behind its address.

    Args:
        keys: What the receiver opens rich notifications with.
        watch: More arguments of `watch`.
    """

    def __init__(self, keys=(), **watch) -> None:
        self.clock = SettableClock(NOW)
        self.simulator = GraphSimulator(post=self.post, switches=Switches(echoed_notifications=1))
        entra = self.simulator.entra
        graph = Graph(entra.tenant_id, entra.client_id, ClientSecret(entra.client_secret))
        self.calendar = Calendar(graph, transport=self.simulator, clock=self.clock)
        self.secrets: dict[str, str] = {}
        self.receiver = NotificationReceiver(
            self.secrets,
            tenant_id=entra.tenant_id,
            client_id=entra.client_id,
            keys=keys,
            transport=self.simulator,
            clock=self.clock,
        )
        self.got: list = []
        self.broken = False
        with self.calendar as calendar:
            self.watch = calendar.watch(ROOM, URL, **watch)
        self.secrets[self.watch.id] = self.watch.secret or ""

    def post(self, request: Request) -> Response:
        """What Graph does at our address."""
        assert request.method == "POST"
        try:
            received = self.receiver.receive(urlsplit(request.url).query, request.body)
        except RequestRefused as refused:
            return Response(refused.status)
        except HamiltonError:
            return Response(503)
        if self.broken:
            return Response(500)
        if not received.handshake:
            self.got.append(received)
            self.receiver.done(received)
        return received.response

    def book(self) -> str:
        event = self.simulator.outlook.book(ROOM, NOW, NOW + timedelta(hours=1))
        return event if isinstance(event, str) else event["id"]

    def deliver(self) -> None:
        self.simulator.deliver(self.clock.now())


@pytest.fixture
def plain():
    world = World()
    with world.receiver:
        yield world


def test_the_address_is_tried_and_then_told(plain):
    """Handshakes for both addresses came before; created, then updated twice, is told as it comes, once."""
    event = plain.book()
    plain.simulator.outlook.edit(ROOM, event, subject="Board")
    plain.simulator.outlook.delete(ROOM, event)
    plain.deliver()
    (received,) = plain.got
    assert received.watch_ids == (plain.watch.id,)
    assert {each.kind for each in received.changes} == {"created", "updated", "deleted"}
    assert {each.event_id for each in received.changes} == {event}
    assert (received.refused, received.repeated >= 1) == ((), True)


def test_what_could_not_be_kept_comes_again(plain):
    plain.broken = True
    plain.book()
    plain.deliver()
    plain.broken = False
    plain.clock.advance(60)
    plain.deliver()
    (received,) = plain.got
    assert [each.kind for each in received.changes] == ["created"]


@pytest.mark.parametrize(
    ("event", "reaction"),
    [
        ("reauthorizationRequired", "renew"),
        ("subscriptionRemoved", "watch_again"),
        ("missed", "resync"),
        ("new", None),
    ],
)
def test_what_happens_to_the_watch_is_told(plain, event, reaction):
    plain.simulator.lifecycle(event, plain.clock.now())
    plain.deliver()
    (received,) = plain.got
    assert [(each.kind, each.reaction) for each in received.lifecycle] == [(event, reaction)]


def test_a_watch_of_somebody_else_is_refused(plain):
    plain.secrets.clear()
    plain.book()
    plain.deliver()
    (received,) = plain.got
    assert (received.changes, [each.reason for each in received.refused]) == ((), ["unknown_watch"])


def test_a_rich_notification_brings_the_event():
    keys = [DecryptionKey("2026", key_pem("second")), DecryptionKey("2025", key_pem("first"))]
    world = World(keys, certificate=certificate_pem("first"), certificate_id="2025")
    with world.receiver:
        event = world.book()
        world.deliver()
    (received,) = world.got
    (change,) = received.changes
    assert (change.event_id, change.unread, received.refused) == (event, None, ())
    assert change.content is not None
    assert change.content["id"] == event
    assert change.content["start"]["dateTime"].startswith("2026-01-05T09:00")
