"""`GraphSimulator`: a small tenant of Entra ID and Exchange Online as a pure responder."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from hamilton_sdk.errors import ConfigurationError, ConnectorError
from hamilton_sdk.flow import Cut, Now, Response, Sleep
from hamilton_sdk.graph.zones import zone_named
from hamilton_sdk.testing.faults import Fault, FaultScript
from hamilton_sdk.testing.simulators.graph.batch import item_document, read_batch
from hamilton_sdk.testing.simulators.graph.delta import Delta
from hamilton_sdk.testing.simulators.graph.errors import Refused
from hamilton_sdk.testing.simulators.graph.events import Events
from hamilton_sdk.testing.simulators.graph.meetings import Meetings
from hamilton_sdk.testing.simulators.graph.notifying import Notifying
from hamilton_sdk.testing.simulators.graph.outlook import Outlook
from hamilton_sdk.testing.simulators.graph.outward import post as post_outward
from hamilton_sdk.testing.simulators.graph.places import Places
from hamilton_sdk.testing.simulators.graph.responding import Responding
from hamilton_sdk.testing.simulators.graph.routes import Route, route
from hamilton_sdk.testing.simulators.graph.service import Service, failure
from hamilton_sdk.testing.simulators.graph.settings import Switches
from hamilton_sdk.testing.simulators.graph.state import Mailbox, Tenant
from hamilton_sdk.testing.simulators.graph.subscriptions import Subscriptions, handshake
from hamilton_sdk.testing.simulators.graph.throttle import Throttle
from hamilton_sdk.testing.simulators.graph.tokens import Entra
from hamilton_sdk.testing.simulators.graph.wire import Call, Preferences, Reply, read_call

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hamilton_sdk.flow import Fetch, Flow, Request
    from hamilton_sdk.testing.simulators.graph.batch import Item
    from hamilton_sdk.testing.simulators.graph.notifying import Owed
    from hamilton_sdk.testing.simulators.graph.state import Attendant, Event

__all__ = ["GraphSimulator", "Person", "Room"]

_TENANT: Final = "4f0c5a1e-7d0b-4c1e-9a52-6b1d0f3e8c77"
_CLIENT: Final = "9c2a6f04-1b7e-4d8c-8f6d-2e5b7a90c3d1"
_VALIDATES: Final = ("subscriptions.create", "subscriptions.update", "subscriptions.reauthorize")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room's mailbox.

    Args:
        address: Its e-mail address.
        name: Shown.
        attendant: What its booking attendant does where nothing conflicts; ``"off"`` never answers.
        members: Of the place, as Graph names them: ``capacity``, ``building``, ``floorNumber``…
    """

    address: str
    name: str
    attendant: Attendant = "accept"
    members: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)


@dataclass(frozen=True, slots=True)
class Person:
    """A person's mailbox."""

    address: str
    name: str


_ROOMS: Final = tuple(
    Room(
        address=f"{name.lower()}@contoso.example", name=name, members={"capacity": size, "building": "Siège"}
    )
    for name, size in (("Ampere", 8), ("Becquerel", 12), ("Curie", 4))
)
_PEOPLE: Final = (
    Person("marie.martin@contoso.example", "Marie Martin"),
    Person("paul.petit@contoso.example", "Paul Petit"),
)


class GraphSimulator:
    """The token endpoint of Entra ID and the calendars of Microsoft Graph v1.0, in memory.

    Pure: `respond` is a flow. Pass it as ``transport=`` for use in process, to `hamilton_sdk.serving.asgi` or
    to `hamilton_sdk.testing.server.LoopbackServer` for use over a socket. Calls may come from several
    threads. One host stands for both ``login.microsoftonline.com`` and ``graph.microsoft.com``.

    Operations in its fault script: ``token``, ``discovery``, ``events.create``, ``events.get``,
    ``events.list``, ``events.update``, ``events.delete``, ``events.instances``, ``events.cancel``,
    ``events.accept``, ``events.decline``, ``events.tentativelyAccept``, ``calendarView``, ``delta``,
    ``getSchedule``, ``translateExchangeIds``, ``mailboxSettings``, ``users.get``, ``places``, ``batch``,
    ``unknown`` for what there is not,
    ``subscriptions.create``, ``.list``, ``.get``, ``.update``, ``.delete``, ``.reauthorize``. Requests within
    a batch are asked by their own names as well.

    Args:
        tenant_id: A GUID.
        client_id: Of the application that is let in.
        client_secret: Its secret.
        certificates: SHA-1 or SHA-256 thumbprints, hexadecimal, of its certificates; any if None.
        rooms: Their mailboxes.
        people: Theirs.
        room_lists: Names and rooms' addresses of room lists, by address.
        timezone: Of the mailboxes, an IANA or Windows name.
        answer_delay: How long a room takes to answer an invitation.
        forbidden: Mailboxes outside the application's policy: 403.
        unreachable: Mailboxes that are there and cannot be used: 404.
        denied: Operations that the application has no permission for: 403.
        post: Sends handshakes and, by `deliver`, notifications; over the network if not given.
        switches: What is not known of the real service; see `Switches`.
        faults: What goes wrong; nothing if not given.

    Raises:
        ConfigurationError: An unknown time zone.
    """

    def __init__(
        self,
        *,
        # The application
        tenant_id: str = _TENANT,
        client_id: str = _CLIENT,
        client_secret: str = "simulated-secret",  # noqa: S107 (a made-up application of a made-up tenant)
        certificates: Collection[str] | None = None,
        # The tenant
        rooms: Sequence[Room | str] = _ROOMS,
        people: Sequence[Person | str] = _PEOPLE,
        room_lists: Mapping[str, tuple[str, tuple[str, ...]]] | None = None,
        timezone: str = "Romance Standard Time",
        answer_delay: timedelta = timedelta(),
        # What may not be
        forbidden: Collection[str] = (),
        unreachable: Collection[str] = (),
        denied: Collection[str] = (),
        # How it reaches others
        post: Fetch | None = None,
        # What is not known of the real one, and what goes wrong
        switches: Switches | None = None,
        faults: FaultScript | None = None,
    ) -> None:
        if zone_named(timezone) is None:
            message = "GraphSimulator: timezone is no name of a time zone"
            raise ConfigurationError(
                message, hint='give one such as "Romance Standard Time" or "Europe/Paris"'
            )
        self.switches: Switches = switches or Switches()
        self.faults: FaultScript = FaultScript() if faults is None else faults
        self.entra: Entra = Entra(
            tenant_id, client_id, client_secret, None if certificates is None else frozenset(certificates)
        )
        self._lock = threading.RLock()
        self._post = post or post_outward
        self._tenant = Tenant(self._tell)
        for each in (*rooms, *people):
            self._tenant.add(_mailbox(each, timezone, room=each in rooms))
        self._meetings = Meetings(self._tenant, answer_delay)
        events = Events(self._tenant, self._meetings, self.switches)
        responding = Responding(events, self._meetings)
        self.delta: Delta = Delta(self._tenant, self.switches)
        self.subscriptions: Subscriptions = Subscriptions(client_id, self._reach)
        self.notifying: Notifying = Notifying(self.entra, self.subscriptions, self.switches)
        self.throttle: Throttle = Throttle(self.switches)
        addresses = tuple(each.address for each in self._tenant.mailboxes.values() if each.kind == "room")
        lists = {"rooms@contoso.example": ("All rooms", addresses)} if room_lists is None else room_lists
        self._service = Service(
            tenant=self._tenant,
            events=events,
            responding=responding,
            delta=self.delta,
            places=Places(self._tenant, lists, self.switches),
            subscriptions=self.subscriptions,
            switches=self.switches,
        )
        self._service.forbidden.update(each.lower() for each in forbidden)
        self._service.unreachable.update(each.lower() for each in unreachable)
        self._service.denied.update(denied)
        self.outlook: Outlook = Outlook(self._tenant, events, responding, self._meetings, self._lock)
        """What people do in Outlook, and what they see."""

    def respond(self, request: Request) -> Flow[Response]:
        """Answer one request as the two services would.

        Args:
            request: What its bytes say counts, not its operation name.

        Raises:
            Cut: As the fault script has it.
        """
        now: datetime = yield Now()
        with self._lock:
            self._tenant.now = max(now, self._tenant.now)
            self._meetings.settle()
        try:
            call = read_call(request, now)
        except Refused as refused:
            call = read_call(replace(request, headers={}), now)
            return _stamped(call, failure(call, refused)).response()
        if _is_login(call):
            return (yield from self._log_in(call))
        at = route(call)
        if at.name == "batch":
            return (yield from self._batch(call))
        return (yield from self._one(call, at))

    def _log_in(self, call: Call) -> Flow[Response]:
        name = "token" if call.path[-1].lower() == "token" else "discovery"

        def work() -> Response:
            with self._lock:
                reply = self.entra.answer(call)
            return (reply or Reply(404)).response()

        return (yield from self.faults.around(name, work, lambda fault: _failed(call, fault).response()))

    def _one(self, call: Call, at: Route) -> Flow[Response]:
        """One request to Graph, within its mailbox's limits."""
        stranger = self._stranger(call)
        lane = None if stranger else self._lane(at)
        try:
            if lane is not None:
                with self._lock:
                    self.throttle.enter(lane, call.now)
        except Refused as refused:
            return _stamped(call, failure(call, refused)).response()
        try:
            if self.switches.latency:
                yield Sleep(self.switches.latency)
            problem = stranger or self._validated(call, at)

            def work() -> Response:
                with self._lock:
                    reply = failure(call, problem) if problem else self._service.answer(call, at)
                    return _stamped(call, reply).response()

            def refuse(fault: Fault) -> Response:
                return _stamped(call, _failed(call, fault)).response()

            return (yield from self.faults.around(at.name, work, refuse))
        finally:
            if lane is not None:
                with self._lock:
                    self.throttle.leave(lane)

    def _stranger(self, call: Call) -> Refused | None:
        """Why a request is not let in."""
        try:
            self.entra.check(call)
        except Refused as refused:
            return refused
        return None

    def _lane(self, at: Route) -> str | None:
        if at.mailbox is None:
            return None
        try:
            return self._tenant.mailbox(at.mailbox).address.lower()
        except Refused:
            return None

    def _validated(self, call: Call, at: Route) -> Refused | None:
        """Ask a subscription's endpoints whether they want it; outside the lock, as they may call back."""
        if at.name not in _VALIDATES:
            return None
        for url in self.subscriptions.endpoints(call, at, renewal=self.switches.handshakes_at_renewal):
            question, text = handshake(url)
            answer = self._reached(question)
            if answer is None:
                return Refused(400, "InvalidRequest", "Subscription validation request timed out.")
            kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            if answer.status != 200 or kind != "text/plain" or answer.text() != text:  # noqa: PLR2004
                message = (
                    f"Subscription validation request failed. HTTP status code is '{answer.status}'. "
                    "Notification endpoint must respond with 200 OK to validation request."
                )
                return Refused(400, "InvalidRequest", message)
        return None

    def _reached(self, request: Request) -> Response | None:
        try:
            return self._post(request)
        except (Cut, ConnectorError):
            return None

    def _batch(self, call: Call) -> Flow[Response]:
        fault = self.faults.draw("batch")
        script = FaultScript()
        if fault is not None:
            script.add(fault)
        late = fault is None or fault.after_work or fault.kind in ("slow", "content_type")
        whole = (yield from self._served(call)) if late else Response(status=200)
        return (yield from script.around("batch", lambda: whole, lambda each: _failed(call, each).response()))

    def _served(self, call: Call) -> Flow[Response]:
        """The answers to all requests of a batch, in an order that is not theirs."""
        try:
            self.entra.check(call)
            items = read_batch(call)
        except Refused as refused:
            return _stamped(call, failure(call, refused)).response()
        found: list[dict[str, Any]] = []
        served: dict[str, int] = {}
        busy: dict[str, int] = {}
        for item in items:
            answer = yield from self._item(call, item, served, busy)
            served[item.id.lower()] = answer.status
            found.append(item_document(item, answer))
        return _stamped(call, Reply(200, {"responses": found[::-1]})).response()

    def _item(self, call: Call, item: Item, served: dict[str, int], busy: dict[str, int]) -> Flow[Response]:
        """One request of a batch; where all run at once, a mailbox takes four and refuses the rest."""
        if any(served[each.lower()] >= 400 for each in item.depends_on):  # noqa: PLR2004 (RFC 9110)
            refused = Refused(424, "FailedDependency", "A request that this one depends on has failed.")
            return failure(call, refused).response()
        try:
            inner = read_call(item.request, call.now)
        except Refused as refused:
            return failure(call, refused).response()
        at = route(inner)
        lane = self._lane(at)
        if lane is not None and not item.depends_on:
            busy[lane] = busy.get(lane, 0) + 1
            if busy[lane] > self.switches.mailbox_concurrency:
                after = self.switches.retry_after
                headers = {} if after is None else {"retry-after": after}
                message = "Application is over its MailboxConcurrency limit."
                return failure(inner, Refused(429, "ApplicationThrottled", message, headers)).response()
        return (yield from self._one(inner, at))

    def due(self) -> Flow[None]:
        """Send the notifications that are owed by now; failed ones are owed again, later.

        The flow yields a `Request` for each address. `deliver` performs it by `post`.
        """
        now: datetime = yield Now()
        with self._lock:
            ready = self.notifying.take(now)
        for request, items in ready:
            delivered = False
            try:
                answer: Response = yield request
                delivered = answer.ok
            except (ConnectorError, Cut):
                delivered = False
            self._settle(items, now, delivered=delivered)

    def _settle(self, items: list[Owed], now: datetime, *, delivered: bool) -> None:
        with self._lock:
            self.notifying.settle(items, now, delivered=delivered)

    def deliver(self, now: datetime) -> int:
        """Send what is owed by a time, by `post`, and say how many requests that were.

        Args:
            now: Aware.
        """
        with self._lock:
            ready = self.notifying.take(now)
        for request, items in ready:
            answer = self._reached(request)
            self._settle(items, now, delivered=answer is not None and answer.ok)
        return len(ready)

    def lifecycle(self, event: str, now: datetime, *, subscription: str | None = None) -> None:
        """Owe a lifecycle event; ``subscriptionRemoved`` ends the subscription as well.

        Args:
            event: ``"reauthorizationRequired"``, ``"subscriptionRemoved"``, ``"missed"``, or one unknown yet.
            now: Aware.
            subscription: Its id; all if None.
        """
        with self._lock:
            for each in list(self.subscriptions.all.values()):
                if subscription in (None, each.id):
                    self.notifying.lifecycle(each, event, now)
                    if event == "subscriptionRemoved":
                        del self.subscriptions.all[each.id]

    def client_lines(self, url: str) -> list[tuple[str, str]]:
        """What a client needs, as names and values.

        Args:
            url: Where the simulator is served, without path.

        Returns:
            ``url`` first, then ``token``, ``tenant`` and the credential, then ``room`` once for each room.
        """
        base = url.rstrip("/")
        boxes = self._tenant.mailboxes.values()
        return [
            ("url", f"{base}/"),
            ("token", f"{base}/{self.entra.tenant_id}/oauth2/v2.0/token"),
            ("tenant", self.entra.tenant_id),
            ("client_id", self.entra.client_id),
            ("client_secret", self.entra.client_secret),
            *(("room", each.address) for each in boxes if each.kind == "room"),
            *(("person", each.address) for each in boxes if each.kind == "person"),
        ]

    def _reach(self, key: str) -> Mailbox:
        return self._service.reach(key)

    def _tell(self, kind: str, event: Event, mailbox: Mailbox) -> None:
        self.notifying.tell(kind, event, mailbox, self._tenant.now)


def _mailbox(given: Room | Person | str, zone: str, *, room: bool) -> Mailbox:
    if isinstance(given, str):
        name = given.partition("@")[0].replace(".", " ").title()
        return Mailbox(address=given, name=name, kind="room" if room else "person", zone=zone)
    if isinstance(given, Room):
        return Mailbox(
            address=given.address,
            name=given.name,
            kind="room",
            zone=zone,
            room=dict(given.members),
            attendant=given.attendant,
        )
    return Mailbox(address=given.address, name=given.name, kind="person", zone=zone)


def _is_login(call: Call) -> bool:
    names = [each.lower() for each in call.path]
    return names[1:3] == ["oauth2", "v2.0"] or "openid-configuration" in names or "discovery" in names[1:2]


def _failed(call: Call, fault: Fault) -> Reply:
    refused = Refused(
        fault.status or 500, "ErrorInternalServerError", fault.message or "An internal server error occurred."
    )
    return failure(call, refused)


def _stamped(call: Call, reply: Reply) -> Reply:
    """The answer with its two ids, and the preferences that were applied."""
    own = str(uuid4())
    headers = {"request-id": own, "client-request-id": call.headers.get("client-request-id", own)}
    applied = call.prefer.applied() if call.prefer != Preferences() else ""
    if applied:
        headers["preference-applied"] = applied
    return reply.with_headers(headers)
