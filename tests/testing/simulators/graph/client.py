"""A client for the tests of the simulator: it deals in plain JSON and knows no model."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.flow import Request, Response, Safety
from hamilton_sdk.serving import answer
from hamilton_sdk.testing.simulators import GraphSimulator

BASE = "https://graph.microsoft.com"
NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
"""A Monday."""

ROOM, OTHER_ROOM = "ampere@contoso.example", "curie@contoso.example"
PERSON, OTHER_PERSON = "marie.martin@contoso.example", "paul.petit@contoso.example"
PROPERTY = "String {66f5a359-4659-4830-9070-00040ec6ac6e} Name Fun"


def at(hour: float, day: int = 5) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC) + timedelta(hours=hour)


def moment(hour: float, day: int = 5, zone: str = "UTC") -> dict[str, str]:
    return {"dateTime": f"{at(hour, day):%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": zone}


def event(begin: float = 9, end: float = 10, *, day: int = 5, **members: Any) -> dict[str, Any]:
    return {"subject": "Review", "start": moment(begin, day), "end": moment(end, day), **members}


def invited(address: str, kind: str = "resource") -> dict[str, Any]:
    return {"type": kind, "emailAddress": {"address": address, "name": address}}


def weekly(number: int = 3, *days: str) -> dict[str, Any]:
    pattern = {
        "type": "weekly",
        "interval": 1,
        "daysOfWeek": list(days) or ["monday"],
        "firstDayOfWeek": "monday",
    }
    span = {"type": "numbered", "startDate": "2026-01-05", "numberOfOccurrences": number}
    return {"pattern": pattern, "range": span}


class Reply:
    """An answer taken apart."""

    def __init__(self, response: Response) -> None:
        self.response = response
        self.status = response.status
        self.headers = response.headers
        self.json: Any = json.loads(response.body) if response.body else None

    @property
    def code(self) -> str | None:
        return None if self.json is None else self.json.get("error", {}).get("code")

    @property
    def value(self) -> list[dict[str, Any]]:
        assert self.status == 200, self.json
        return self.json["value"]


class Client:
    """One application with a token."""

    def __init__(self, simulator: GraphSimulator, now: datetime = NOW) -> None:
        self.simulator = simulator
        self.clock = SettableClock(now)
        self.token = simulator.entra.issue(now)

    def ask(self, method: str, path: str, document: Any = None, **headers: str) -> Reply:
        """One request; underscores in names of headers are hyphens."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given.setdefault("authorization", f"Bearer {self.token}")
        body = b""
        if document is not None:
            body = document if isinstance(document, bytes) else json.dumps(document).encode()
            given.setdefault("content-type", "application/json")
        url = path if path.startswith("https:") else f"{BASE}/v1.0/{path}"
        request = Request(
            method=method, url=url, operation="?", safety=Safety.UNSAFE, headers=given, body=body
        )
        return Reply(answer(self.simulator, request, self.clock))

    def get(self, path: str, query: dict[str, str] | None = None, **headers: str) -> Reply:
        return self.ask("GET", f"{path}?{urlencode(query)}" if query else path, **headers)

    def create(
        self, mailbox: str = ROOM, document: dict[str, Any] | None = None, **headers: str
    ) -> dict[str, Any]:
        reply = self.ask("POST", f"users/{mailbox}/events", document or event(), **headers)
        assert reply.status == 201, reply.json
        return reply.json

    def on(self, mailbox: str, key: str, rest: str = "") -> str:
        return f"users/{mailbox}/events/{quote(key, safe='')}{rest}"

    def read(self, mailbox: str, key: str, **headers: str) -> dict[str, Any]:
        reply = self.get(self.on(mailbox, key), **headers)
        assert reply.status == 200, reply.json
        return reply.json

    def view(
        self, mailbox: str = ROOM, start: datetime = NOW, days: int = 30, **query: str
    ) -> list[dict[str, Any]]:
        window = {
            "startDateTime": start.isoformat(),
            "endDateTime": (start + timedelta(days=days)).isoformat(),
        }
        return self.get(f"users/{mailbox}/calendarView", {**window, "$top": "999", **query}).value
