"""How a call becomes a request, and its answer a result: the only place that knows Graph's address."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeVar, cast
from urllib.parse import quote, urlencode, urlsplit

from hamilton_sdk.errors import BadResponse, ConnectorError, Invalid
from hamilton_sdk.flow import Flow, Lane, Request, Response, Safety, Together
from hamilton_sdk.graph.exchange import faults
from hamilton_sdk.graph.exchange.nodes import Broken, Node, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Call", "Wire", "path", "refusal", "several"]

T = TypeVar("T")
E = TypeVar("E", bound=ConnectorError)

_VERSION: Final = "/v1.0"
_IMMUTABLE: Final = 'IdType="ImmutableId"'
_UTC: Final = 'outlook.timezone="UTC"'


def path(*segments: str) -> str:
    """A path of segments as they are: ids hold ``/``, ``+`` and ``=``, and differ by case."""
    return "".join(f"/{quote(each, safe='@$')}" for each in segments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of Graph.

    Attributes:
        operation: Its name, for errors and the journal.
        path: Below the version, encoded; or a whole link that Graph gave.
        mailbox: Whose limits it falls under.
        method: HTTP method.
        safety: What sending it twice does.
        query: Of the address; none for a link, which is followed as it is.
        body: JSON to send; None for none.
        prefer: More preferences than those of every call.
        version: Of the event that it is about: the change is refused for another.
    """

    operation: str
    path: str
    mailbox: str | None = None
    method: str = "GET"
    safety: Safety = Safety.SAFE
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Node | None = None
    prefer: tuple[str, ...] = ()
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Wire:
    """Sends calls and reads their answers.

    Attributes:
        url: Of Graph, without version.
        width: Requests at the same time for one mailbox.
        most: Requests for one mailbox within 600 s.
        undo: Whether requests are marked as compensation.
    """

    url: str
    width: int
    most: int
    undo: bool = False

    def undoing(self) -> Wire:
        """The same, for compensation."""
        return replace(self, undo=True)

    @property
    def prefix(self) -> str:
        """Where every address begins."""
        return f"{self.url}{_VERSION}"

    def ask(self, call: Call) -> Flow[Node]:
        """Perform a call.

        Returns:
            The answer's object; an empty one where there is no content.

        Raises:
            ConnectorError: It failed, or the answer is no JSON object.
        """
        return (yield from self.ask_for(call, _itself))

    def ask_for(self, call: Call, read: Callable[[Node], T]) -> Flow[T]:
        """Perform a call, and read its answer, which may raise `Broken`."""
        request = self.request(call)
        answer: Response = yield request
        return self.read(request, answer, read)

    def request(self, call: Call) -> Request:
        """What to send."""
        headers = {
            "accept": "application/json",
            "client-request-id": str(uuid.uuid4()),
            "prefer": ", ".join((_IMMUTABLE, _UTC, *call.prefer)),
        }
        if call.version is not None:
            headers["if-match"] = f'W/"{call.version}"'
        body = b""
        if call.body is not None:
            headers["content-type"] = "application/json"
            body = json.dumps(call.body, ensure_ascii=False, separators=(",", ":")).encode()
        return Request(
            method=call.method,
            url=self.address(call),
            operation=call.operation,
            safety=call.safety,
            headers=headers,
            body=body,
            judge=faults.judge_read if call.safety is Safety.SAFE else faults.judge,
            undo=self.undo,
            lane=self._lane(call.mailbox),
        )

    def address(self, call: Call) -> str:
        """Where a call goes.

        Raises:
            BadResponse: It is a link to another host: a stored link is nobody's way into our network.
        """
        if not call.path.startswith("/"):
            self.check_link(call.path)
            return call.path
        address = f"{self.prefix}{call.path}"
        # "$" stays readable, and spaces become %20: "+" is not taken for one everywhere in OData.
        query = urlencode(call.query, quote_via=quote, safe="$'(),:/@")
        return f"{address}?{query}" if query else address

    def check_link(self, link: str) -> None:
        """Refuse a link that does not lead to Graph itself.

        Raises:
            BadResponse: It leads elsewhere.
        """
        if not self.leads_here(link):
            raise refusal(
                BadResponse,
                "a link leads to another host than Graph's",
                "a proxy may have rewritten it; links are followed on the configured host alone",
            )

    def check_token(self, token: str | None) -> None:
        """Refuse a token of callers that is no link of Graph's.

        Raises:
            Invalid: It is none.
        """
        if token is not None and not self.leads_here(token):
            raise refusal(
                Invalid, "the token is none of this list's", "give one that a page brought, or None"
            )

    def next_link(self, answer: Node) -> str | None:
        """Where the next page is; None after the last.

        Raises:
            BadResponse: The link leads to another host.
        """
        link = text(answer, "@odata.nextLink")
        if link is not None:
            self.check_link(link)
        return link

    def leads_here(self, link: str) -> bool:
        """Whether a link leads to the configured host."""
        ours = urlsplit(self.url)
        try:
            theirs = urlsplit(link)
            same = (theirs.scheme, theirs.hostname, theirs.port) == (ours.scheme, ours.hostname, ours.port)
        except ValueError:
            return False
        return same and "@" not in theirs.netloc and theirs.path.startswith(f"{ours.path}{_VERSION}/")

    def read(self, request: Request, answer: Response, read: Callable[[Node], T]) -> T:
        """The result of an answer.

        Raises:
            ConnectorError: It is a failure, or not what the interface describes.
        """
        if not answer.ok:
            raise faults.failed(request, answer)
        try:
            return read(_parsed(answer.body))
        except Broken as error:
            raise faults.broken(request, answer, error.reason) from None

    def _lane(self, mailbox: str | None) -> Lane | None:
        if mailbox is None:
            return None
        # Outlook: four at once and 10,000 in 10 minutes, per application and mailbox.
        return Lane(mailbox.lower(), self.width, self.most, 600.0)


def _itself(answer: Node) -> Node:
    return answer


def _parsed(body: bytes) -> Node:
    if not body:
        return {}
    try:
        parsed: object = json.loads(body)
    except ValueError:
        reason = "no JSON"
        raise Broken(reason) from None
    if not isinstance(parsed, dict):
        reason = "no JSON object"
        raise Broken(reason)
    return cast("Node", parsed)


def refusal(kind: type[E], message: str, hint: str, operation: str | None = None) -> E:
    """An error of our own making, which names the connector."""
    return kind(f"{faults.CONNECTOR}: {message}", hint=hint, connector=faults.CONNECTOR, operation=operation)


def several(flows: Sequence[Flow[T]], limit: int = 8) -> Flow[list[T]]:
    """Flows of one kind at once."""
    if len(flows) == 1:
        return [(yield from flows[0])]
    results: list[T] = yield Together(flows, limit)
    return results
