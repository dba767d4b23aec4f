"""The web service's front: who is let in, which operation is meant, and how it is refused."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from hamilton_sdk.flow import Response
from hamilton_sdk.testing.simulators.aeos import envelope
from hamilton_sdk.testing.simulators.aeos.envelope import Malformed
from hamilton_sdk.testing.simulators.aeos.errors import (
    NO_LICENCE,
    NOT_AUTHORISED,
    NOT_IMPLEMENTED,
    WRONG_FUNCTION,
    Refused,
)
from hamilton_sdk.testing.simulators.aeos.operations import BY_ROOT, Operation
from hamilton_sdk.testing.simulators.aeos.people import REMOVED
from hamilton_sdk.testing.simulators.aeos.reader import NAMESPACE, Reader, Record
from hamilton_sdk.testing.simulators.aeos.schema import SIMPLE
from hamilton_sdk.testing.simulators.aeos.writer import write

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from hamilton_sdk.flow import Request
    from hamilton_sdk.testing.simulators.aeos.state import Site
    from hamilton_sdk.testing.simulators.aeos.values import Value

__all__ = ["SYSTEM_ERROR", "Account", "Call", "Service"]

SYSTEM_ERROR: Final = 990
FAULT_STATUS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The one account that is let in.

    Attributes:
        username: Its name.
        password: Its password.
        forbidden: Operations or functions it has no right to.
        unlicensed: Operations or functions the site has no licence for.
    """

    username: str
    password: str
    forbidden: frozenset[str]
    unlicensed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Call:
    """A request as far as it could be understood.

    Attributes:
        operation: Which operation its root element names; None for none.
        element: The payload, or why there is none.
        name: The operation's name, ``"unknown"`` for none.
    """

    operation: Operation | None
    element: Element | Malformed

    @property
    def name(self) -> str:
        """The operation's name, for the fault script."""
        return self.operation.name if self.operation else "unknown"


class Service:
    """Everything between HTTP and the operations.

    Args:
        site: The state; whoever calls `answer` holds its lock.
        reader: Checks payloads.
        account: Who is let in.
        path: Of the service.
        lists_may_be_empty_bodies: Whether a find without a result answers an empty Body.
    """

    def __init__(
        self, site: Site, reader: Reader, account: Account, path: str, *, lists_may_be_empty_bodies: bool
    ) -> None:
        self._site = site
        self._reader = reader
        self._account = account
        self._path = path
        self._empty_bodies = lists_may_be_empty_bodies

    def receive(self, request: Request) -> Call:
        """Find out what is asked; refuses nothing yet."""
        if len(request.body) > envelope.LARGEST_REQUEST:
            return Call(None, Malformed(because="The message is too large"))
        try:
            element = envelope.payload(request.body)
        except Malformed as malformed:
            return Call(None, malformed)
        operation = BY_ROOT.get(element.tag.removeprefix(f"{{{NAMESPACE}}}"))
        if operation is None or element.tag != f"{{{NAMESPACE}}}{operation.root}":
            return Call(None, element)
        older = self._reader.schema.generation == "older"
        return Call(None if older and operation.newer else operation, element)

    def answer(self, request: Request, call: Call) -> Response:
        """Do what is asked, or refuse it."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        turned_away = self._turn_away(request, headers)
        if turned_away is not None:
            return turned_away
        if isinstance(call.element, Malformed):
            return envelope.soap_fault(call.element)
        if headers.get("soapaction", "").strip('" '):
            return envelope.soap_fault(Malformed(because="The SOAPAction does not match an operation"))
        if call.operation is None:
            return envelope.fault(WRONG_FUNCTION, "Wrong function", FAULT_STATUS)
        try:
            return self._perform(call.operation, call.element)
        except Refused as refusal:
            return self.refuse(call, refusal.code, refusal.because)

    def refuse(self, call: Call, code: int | None, message: str, status: int | None = None) -> Response:
        """A fault with a code, or with the operation's own, which names the operation and not the cause."""
        own = call.operation.code if call.operation else WRONG_FUNCTION
        return envelope.fault(code or own or SYSTEM_ERROR, message, status or FAULT_STATUS)

    def _turn_away(self, request: Request, headers: Mapping[str, str]) -> Response | None:
        if urlsplit(request.url).path != self._path:
            return Response(status=404)
        if request.method != "POST":
            return Response(status=405, headers={"allow": "POST"})
        if not self._is_let_in(headers.get("authorization", "")):
            return Response(status=401, headers={"www-authenticate": 'Basic realm="AEOS"'})
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "text/xml":
            return Response(status=415)
        return None

    def _is_let_in(self, authorization: str) -> bool:
        scheme, _, encoded = authorization.partition(" ")
        try:
            given = base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError):
            return False
        wanted = f"{self._account.username}:{self._account.password}".encode()
        return scheme.lower() == "basic" and hmac.compare_digest(given, wanted)

    def _perform(self, operation: Operation, element: Element) -> Response:
        names = {operation.name, operation.function}
        if names & self._account.forbidden:
            raise Refused(because="Not authorised", code=NOT_AUTHORISED)
        if names & self._account.unlicensed:
            raise Refused(because="No licence", code=NO_LICENCE)
        if operation.handler is None:
            raise Refused(because="Not implemented", code=NOT_IMPLEMENTED)
        if operation.content in SIMPLE:
            asked = Record({"Id": [self._reader.simple(element, operation.content)]})
        else:
            asked = self._reader.read(element, operation.content)
        return self._reply(operation, operation.handler(self._site, asked))

    def _reply(self, operation: Operation, value: Value) -> Response:
        if value is None or (self._empty_bodies and _is_empty_list(operation, value)):
            return envelope.reply("")
        root = envelope.REMOVED_ROOT if value == REMOVED else envelope.ROOT
        return envelope.reply(write(self._reader.schema, operation.reply, operation.result, value, root))


def _is_empty_list(operation: Operation, value: Value) -> bool:
    return (
        operation.result.endswith("List")
        and isinstance(value, Mapping)
        and not any(isinstance(items, list) and items for items in value.values())
    )
