"""A SOAP client for the tests of the simulator: it deals in plain text and knows no table of types."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.flow import Request, Response, Safety
from hamilton_sdk.serving import answer
from hamilton_sdk.testing.simulators import AeosSimulator

if TYPE_CHECKING:
    from hamilton_sdk.flow import Responder

SCHEMA = "http://www.nedap.com/aeosws/schema"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
NOON = datetime(2026, 3, 27, 11, tzinfo=UTC)
"""Friday the 27th of March 2026, twelve o'clock in Paris."""

BEGIN, END = "2026-03-27T08:45:00", "2026-03-27T18:00:00"
"""The window of the examples, in the server's local time: 07:45 to 17:00 UTC."""


def basic(username: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def enveloped(payload: str) -> bytes:
    """A message with a payload whose elements are in the service's namespace."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><e:Envelope xmlns:e="{SOAP}" xmlns="{SCHEMA}">'
        f"<e:Body>{payload}</e:Body></e:Envelope>"
    ).encode()


class Reply:
    """An answer, with its payload or its fault taken apart."""

    def __init__(self, response: Response) -> None:
        self.response = response
        self.status = response.status
        self.xml = response.text()
        envelope = ET.fromstring(response.body) if response.body else ET.Element("none")  # noqa: S314 (our own)
        body = envelope.find(f"{{{SOAP}}}Body")
        self.payload = body[0] if body is not None and len(body) else None
        self.root = "" if self.payload is None else _local(self.payload)
        self.tree: Any = None if self.payload is None or self.root == "Fault" else _tree(self.payload)

    @property
    def code(self) -> int | None:
        """The service's error code, None where there is no such fault."""
        return None if self._detail("ErrorCode") is None else int(self._detail("ErrorCode") or 0)

    @property
    def message(self) -> str | None:
        return self._detail("Message")

    @property
    def soap_code(self) -> str | None:
        return None if self.payload is None else self.payload.findtext("faultcode")

    def text(self, name: str) -> str | None:
        """The text of the first element of that name, wherever it is."""
        return next(iter(self.texts(name)), None)

    def texts(self, name: str) -> list[str]:
        """The texts of all elements of that name."""
        assert self.payload is not None, self.xml
        assert self.root != "Fault", self.xml
        return [element.text or "" for element in self.payload.iter(f"{{{SCHEMA}}}{name}")]

    def _detail(self, name: str) -> str | None:
        if self.payload is None:
            return None
        return self.payload.findtext(f"detail/{{{SCHEMA}}}StatusInfo/{{{SCHEMA}}}{name}")


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _tree(element: ET.Element) -> Any:
    """Pairs of names and contents, in order."""
    return [(_local(child), _tree(child)) for child in element] if len(element) else element.text or ""


class Client:
    """Talks to a simulator, in process and at a moment that the test sets."""

    def __init__(self, simulator: AeosSimulator | None = None, responder: Responder | None = None) -> None:
        self.simulator = simulator or AeosSimulator()
        self.responder = responder or self.simulator
        self.clock = SettableClock(NOON)
        self.headers = {
            "Authorization": basic(self.simulator.username, self.simulator.password),
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": '""',
        }

    def send(self, payload: str) -> Reply:
        """Send a payload."""
        return self.raw(enveloped(payload))

    def ok(self, payload: str) -> Reply:
        """Send a payload that must not be refused."""
        reply = self.send(payload)
        assert reply.status == 200, reply.xml
        return reply

    def raw(
        self,
        body: bytes,
        *,
        method: str = "POST",
        url: str = "https://aeos.example.org:8443/aeosws",
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """Send bytes."""
        request = Request(
            method=method,
            url=url,
            operation="any",
            safety=Safety.UNSAFE,
            headers=self.headers if headers is None else headers,
            body=body,
        )
        return Reply(answer(self.responder, request, self.clock))

    # Shorthands for what many tests need first

    def add_visitor(self, *, last_name: str = "Durand", more: str = "", before: str = "") -> int:
        """Add a visitor and return the id."""
        reply = self.ok(f"<VisitorAdd>{before}<LastName>{last_name}</LastName>{more}</VisitorAdd>")
        return int(reply.text("Id") or 0)

    def assign(self, carrier: int, number: str = "48213377", kind: int = 2) -> Reply:
        return self.send(
            f"<IdentifierAdd><CarrierId>{carrier}</CarrierId><IdentifierType>{kind}</IdentifierType>"
            f"<BadgeNumber>{number}</BadgeNumber></IdentifierAdd>"
        )

    def token(self, root: str, number: str = "48213377", more: str = "", kind: int = 2) -> Reply:
        """One of the calls that name a badge by type and number."""
        return self.send(
            f"<{root}><IdentifierType>{kind}</IdentifierType>"
            f"<BadgeNumber>{number}</BadgeNumber>{more}</{root}>"
        )

    def grant(self, carrier: int, template: int = 51, begin: str = BEGIN, end: str | None = END) -> Reply:
        """Give a template to a carrier itself."""
        return self.send(
            f"<ProfileAdd><CarrierId>{carrier}</CarrierId>"
            f"<AuthorisationOnline>{granted(template, begin, end)}</AuthorisationOnline></ProfileAdd>"
        )

    def visit(self, visitor: int, begin: str = BEGIN, end: str = END, grants: str | None = None) -> Reply:
        """Add a visit with a grant for the same window."""
        grants = granted(51, begin, end) if grants is None else grants
        return self.send(
            f"<VisitAdd><VisitorId>{visitor}</VisitorId><ContactPersonId>60</ContactPersonId>"
            f"<beginVisit>{begin}</beginVisit><endVisit>{end}</endVisit>"
            f"<Authorization>{grants}</Authorization></VisitAdd>"
        )

    def state(self, number: str = "48213377", kind: int = 2) -> tuple[str | None, ...]:
        """Status, Blocked, Replaced and holder of a badge, as findToken tells; all None if unknown."""
        reply = self.ok(
            f"<IdentifierSearchInfo><IdentifierSearch><BadgeNumber>{number}</BadgeNumber>"
            f"<IdentifierType>{kind}</IdentifierType></IdentifierSearch></IdentifierSearchInfo>"
        )
        return tuple(reply.text(name) for name in ("Status", "Blocked", "Replaced", "CarrierId"))


def granted(template: int = 51, begin: str = BEGIN, end: str | None = END, enabled: str = "true") -> str:
    until = "" if end is None else f"<DateUntil>{end}</DateUntil>"
    return (
        f"<TemplateAuthorisation><Enabled>{enabled}</Enabled><TemplateId>{template}</TemplateId>"
        f"<DateFrom>{begin}</DateFrom>{until}</TemplateAuthorisation>"
    )
