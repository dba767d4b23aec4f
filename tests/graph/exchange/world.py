"""A very small Exchange for the adapter's own tests: enough state to see what is left, and a driver."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from hamilton_sdk.errors import ConnectorError, Outcome, RateLimited
from hamilton_sdk.flow import Now, Request, Response, Sleep, Together
from hamilton_sdk.graph import Reservation
from hamilton_sdk.graph.exchange.settings import REFERENCE_PROPERTY, Settings, addresses
from hamilton_sdk.graph.exchange.tenant import Tenant
from hamilton_sdk.graph.exchange.times import moment, stamp
from hamilton_sdk.graph.exchange.wire import Wire
from hamilton_sdk.model import TimeWindow

URL = "https://graph.microsoft.com"
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
ROOM, OTHER_ROOM, PERSON = "baker@contoso.example", "able@contoso.example", "alice@contoso.example"
AT = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)


def window(start: datetime = AT, hours: float = 1) -> TimeWindow:
    return TimeWindow(start, start + timedelta(hours=hours))


def reservation(reference: str = "r-1", **changed: Any) -> Reservation:
    given: dict[str, Any] = {"room": ROOM, "subject": "Budget", "window": window(), **changed}
    return Reservation(reference, **given)


def tenant(**changed: Any) -> Tenant:
    url, login_url = addresses("global", None, None)
    given: dict[str, Any] = {
        "tenant_id": "t-1",
        "client_id": "c-1",
        "mode": "organizer",
        "national_cloud": "global",
        "mailbox_concurrency": 4,
        "mailbox_requests": 10_000,
        "url": url,
        "login_url": login_url,
        "reference_property": REFERENCE_PROPERTY,
        "verify_rooms": True,
        "longest_subject": 255,
        "longest_body": 1000,
        "page_size": 50,
        **changed,
    }
    return Tenant(Settings(**given), Wire(URL, 4, 10_000))


def answer(body: Any = None, status: int = 200, **headers: str) -> Response:
    content = b"" if body is None else json.dumps(body).encode()
    return Response(status, {"content-type": "application/json", **headers}, content)


def fault(
    status: int, code: str, message: str = "It failed for bob@contoso.example.", **headers: str
) -> Response:
    inner = {"date": "2026-12-01T08:00:00", "request-id": "req-1", "client-request-id": "cli-1"}
    return answer({"error": {"code": code, "message": message, "innerError": inner}}, status, **headers)


def utc(at: datetime) -> dict[str, str]:
    return {"dateTime": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.0000000"), "timeZone": "UTC"}


def event(event_id: str = "AAMk=", **changed: Any) -> dict[str, Any]:
    """An event as Graph writes it, with the members that matter and some that are null."""
    return {
        "@odata.etag": f'W/"key-{event_id}"',
        "id": event_id,
        "changeKey": f"key-{event_id}",
        "createdDateTime": "2026-11-30T08:00:00.1234567Z",
        "lastModifiedDateTime": "2026-11-30T08:00:01.1234567Z",
        "subject": "Budget",
        "body": {"contentType": "text", "content": ""},
        "sensitivity": "normal",
        "isAllDay": False,
        "isCancelled": False,
        "isOrganizer": True,
        "showAs": "busy",
        "type": "singleInstance",
        "seriesMasterId": None,
        "iCalUId": f"uid-{event_id}",
        "originalStartTimeZone": "UTC",
        "recurrence": None,
        "onlineMeeting": None,
        "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
        "start": utc(AT),
        "end": utc(AT + HOUR),
        "location": {"displayName": "", "locationType": "default"},
        "attendees": [],
        "organizer": {"emailAddress": {"name": "Baker", "address": ROOM}},
        **changed,
    }


def marked(reference: str) -> dict[str, Any]:
    # Exchange writes the property's name back in a case of its own.
    return {"singleValueExtendedProperties": [{"id": REFERENCE_PROPERTY.upper(), "value": reference}]}


@dataclass
class Asked:
    """One request, taken apart."""

    request: Request
    path: str
    query: dict[str, str]
    body: Any

    @property
    def name(self) -> str:
        return self.request.operation

    @property
    def mailbox(self) -> str:
        return self.path.split("/")[2]


Answer = Response | ConnectorError | Callable[[Asked], Response | None]


@dataclass
class World:
    """Mailboxes and their events by id, and what is answered out of order, by operation."""

    rooms: tuple[str, ...] = (ROOM, OTHER_ROOM)
    people: tuple[str, ...] = (PERSON,)
    now: datetime = NOW
    events: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    # Used up in their order; None lets one through.
    scripted: dict[str, list[Answer | None]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    room_answers: str = "none"
    # An id of a transaction and the event that was made for it, for ever.
    transactions: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    honours_if_match: bool = True

    def __post_init__(self) -> None:
        self._numbers = count(1)
        for mailbox in (*self.rooms, *self.people):
            self.events.setdefault(mailbox, {})

    def put(self, mailbox: str = ROOM, /, **members: Any) -> dict[str, Any]:
        made = event(f"E{next(self._numbers)}=", **members)
        self.events[mailbox][made["id"]] = made
        return made

    def names(self, *, undo: bool | None = None) -> list[str]:
        return [each.name for each in self.asked if undo in (None, each.request.undo)]

    def of(self, name: str) -> list[Asked]:
        return [each for each in self.asked if each.name == name]

    def run(self, flow: Any) -> Any:
        """Perform a flow to its end; its result, or its error."""
        reply: Any = None
        failure: BaseException | None = None
        while True:
            try:
                effect = flow.throw(failure) if failure is not None else flow.send(reply)
            except StopIteration as stop:
                return stop.value
            reply, failure = None, None
            try:
                reply = self._perform(effect)
            except ConnectorError as error:
                failure = error

    def _perform(self, effect: Any) -> Any:
        if isinstance(effect, Now):
            return self.now
        if isinstance(effect, Sleep):
            self.slept.append(effect.seconds)
            self.now += timedelta(seconds=effect.seconds)
            return None
        if isinstance(effect, Together):
            return [self.run(each) for each in effect.flows]
        assert isinstance(effect, Request), effect
        return self.answer(effect)

    def answer(self, request: Request) -> Response:
        if request.retry_of is not None and request.retry_of.attempts >= 4:
            raise RateLimited("over", outcome=Outcome.REFUSED)
        reply = self._answered(self._taken_apart(request))
        attempts = 1 if request.retry_of is None else request.retry_of.attempts + 1
        return Response(reply.status, reply.headers, reply.body, attempts, "our-id")

    def _taken_apart(self, request: Request) -> Asked:
        parts = urlsplit(request.url)
        query = {key: values[0] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
        body = json.loads(request.body) if request.body else None
        asked = Asked(request, unquote(parts.path.removeprefix("/v1.0")), query, body)
        self.asked.append(asked)
        return asked

    def _answered(self, asked: Asked) -> Response:
        script = self.scripted.get(asked.name)
        if script:
            scripted = script.pop(0)
            if callable(scripted):
                scripted = scripted(asked)
            if isinstance(scripted, ConnectorError):
                raise scripted
            if scripted is not None:
                return scripted
        return self.serve(asked)

    def serve(self, asked: Asked) -> Response:
        """What a working Exchange does."""
        if asked.path == "/$batch":
            return self._batch(asked)
        if asked.path.startswith("/places/"):
            return self._place(asked.path.removeprefix("/places/"))
        mailbox = asked.mailbox
        if mailbox not in self.events:
            return fault(404, "ErrorInvalidUser")
        rest = asked.path.split("/", 3)[3]
        if rest == "calendar/getSchedule":
            return self._schedules(asked)
        if rest == "calendarView":
            return answer({"value": self._within(mailbox, asked.query)})
        if rest == "events":
            return self._create(asked, mailbox) if asked.body else self._filter(asked, mailbox)
        return self._one(asked, mailbox, rest.removeprefix("events/"))

    def _batch(self, asked: Asked) -> Response:
        assert len(asked.body["requests"]) <= 20
        replies = []
        for item in asked.body["requests"]:
            url = f"{URL}/v1.0{item['url']}"
            inner = Request(
                method=item["method"],
                url=url,
                operation="inner",
                safety=asked.request.safety,
                headers=item["headers"],
            )
            got = self._answered(self._taken_apart(inner))
            body = json.loads(got.body) if got.body.startswith(b"{") else got.body.decode()
            headers = {"Content-Type": "application/json", **got.headers}
            replies.append({"id": item["id"], "status": got.status, "headers": headers, "body": body})
        most = Counter(each["url"].split("/")[2] for each in asked.body["requests"])
        assert max(most.values()) <= 4
        return answer({"responses": replies[::-1]})

    def _place(self, place: str) -> Response:
        if place in self.rooms:
            return answer({"@odata.type": "#microsoft.graph.room", "emailAddress": place, "id": "p-1"})
        return fault(404, "ResourceNotFound")

    def _within(self, mailbox: str, query: dict[str, str]) -> list[dict[str, Any]]:
        start, end = stamp(query["startDateTime"]), stamp(query["endDateTime"])
        assert start is not None
        assert end is not None
        return [
            each
            for each in self.events[mailbox].values()
            if moment(each["start"]) < end and moment(each["end"]) > start
        ]

    def _filter(self, asked: Asked, mailbox: str) -> Response:
        wanted = re.fullmatch(
            r"singleValueExtendedProperties/Any\(ep: ep/id eq '(.*)' and ep/value eq '(.*)'\)",
            asked.query["$filter"],
        )
        assert wanted is not None
        assert asked.query["$expand"] == f"singleValueExtendedProperties($filter=id eq '{wanted[1]}')"
        value = wanted[2].replace("''", "'")
        found = [
            each
            for each in self.events[mailbox].values()
            for mark in each.get("singleValueExtendedProperties", [])
            if (mark["id"].lower(), mark["value"]) == (wanted[1].lower(), value)
        ]
        return answer({"value": found})

    def _create(self, asked: Asked, mailbox: str) -> Response:
        body, key = asked.body, asked.body["transactionId"]
        if key in self.transactions:
            written, made = self.transactions[key]
            if written != json.dumps(body):
                return fault(409, "ErrorDuplicateTransactionId")
            return answer(made, 201)
        made = self.put(mailbox, **self._stored(body, mailbox))
        made["createdDateTime"] = f"2026-12-01T08:00:{len(self.asked):02}.0000000Z"
        self.transactions[key] = (json.dumps(body), dict(made))
        # The extended property is not echoed.
        told = {name: value for name, value in made.items() if name != "singleValueExtendedProperties"}
        return answer(told, 201)

    def _stored(self, body: dict[str, Any], mailbox: str) -> dict[str, Any]:
        stored = {name: value for name, value in body.items() if name != "transactionId"}
        if "start" in body and "timeZone" in body["start"]:
            stored["originalStartTimeZone"] = body["start"]["timeZone"]
            if not body.get("isAllDay"):
                stored |= {end: utc(moment(body[end])) for end in ("start", "end")}
            else:
                stored |= {end: {**body[end], "timeZone": "UTC"} for end in ("start", "end")}
        if "recurrence" in body:
            stored["type"] = "seriesMaster" if body["recurrence"] else "singleInstance"
        if "attendees" in body:
            stored["attendees"] = [
                {**each, "status": {"response": self.room_answers, "time": "0001-01-01T00:00:00Z"}}
                for each in body["attendees"]
            ]
        if mailbox in self.people:
            stored["organizer"] = {"emailAddress": {"address": mailbox}}
        return stored

    def _one(self, asked: Asked, mailbox: str, rest: str) -> Response:
        event_id, _, action = rest.partition("/")
        found = self.events[mailbox].get(event_id)
        if found is None:
            return fault(404, "ErrorItemNotFound")
        if action == "instances":
            return answer({"value": []})
        if asked.request.method == "GET":
            return answer(found)
        if asked.request.method == "PATCH":
            return self._patch(asked, mailbox, found)
        del self.events[mailbox][event_id]
        return answer(None, 202 if action == "cancel" else 204)

    def _patch(self, asked: Asked, mailbox: str, found: dict[str, Any]) -> Response:
        wanted = asked.request.headers.get("if-match")
        if self.honours_if_match and wanted not in (None, found["@odata.etag"]):
            return fault(412, "ErrorIrresolvableConflict")
        found.update(self._stored(asked.body, mailbox))
        self.touch(found)
        return answer(found)

    def touch(self, found: dict[str, Any]) -> None:
        found["changeKey"] = f"key-{next(self._numbers)}"
        found["@odata.etag"] = f'W/"{found["changeKey"]}"'

    def _schedules(self, asked: Asked) -> Response:
        assert len(asked.body["schedules"]) <= 20
        span = {"startDateTime": asked.body["startTime"], "endDateTime": asked.body["endTime"]}
        query = {name: f"{value['dateTime']}Z" for name, value in span.items()}
        told = []
        for address in asked.body["schedules"]:
            if address not in self.events:
                error = {"message": "no", "responseCode": "5009"}
                told.append({"scheduleId": address, "availabilityView": "", "error": error})
                continue
            items = [
                {"status": each["showAs"], "start": each["start"], "end": each["end"], "subject": "x"}
                for each in self._within(address, query)
            ]
            told.append({"scheduleId": address.upper(), "availabilityView": "2", "scheduleItems": items})
        return answer({"value": told[::-1]})
