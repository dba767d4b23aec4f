"""Drives a flow by hand: answers each request by the name of its root, and keeps what was asked, in order."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias
from xml.etree import ElementTree as ET

from hamilton_sdk.errors import ConnectorError
from hamilton_sdk.flow import Now, Request, Response, Together

SCHEMA = "http://www.nedap.com/aeosws/schema"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)


def parse(text: str | bytes) -> ET.Element:
    """An element of what a test, or the adapter itself, wrote."""
    return ET.fromstring(text)  # noqa: S314 (nothing here comes from outside)


Answer: TypeAlias = "str | Response | ConnectorError | Callable[[Asked], str | Response]"


@dataclass
class Asked:
    """One request, taken apart."""

    request: Request
    root: ET.Element

    @property
    def name(self) -> str:
        return self.root.tag.partition("}")[2]

    def text(self, path: str) -> str | None:
        """Text of a descendant by local names."""
        return self.root.findtext("/".join(f"{{{SCHEMA}}}{step}" for step in path.split("/")))

    def texts(self, name: str) -> list[str | None]:
        return [each.text for each in self.root.iter(f"{{{SCHEMA}}}{name}")]

    def order(self) -> list[str]:
        """Names of the children in their order on the wire."""
        return [each.tag.partition("}")[2] for each in self.root]


@dataclass
class Script:
    """Answers by root name. A list is used up and its last answer stays; anything else always holds."""

    answers: dict[str, Any]
    now: datetime = NOW
    asked: list[Asked] = field(default_factory=list)
    # Fails one request, counted from 0, before or after the world has done what it asks.
    failing: int | None = None
    failure: ConnectorError | None = None
    after_work: bool = False

    def names(self, *, undo: bool | None = None) -> list[str]:
        return [each.name for each in self.asked if undo is None or each.request.undo == undo]

    def of(self, name: str) -> list[Asked]:
        return [each for each in self.asked if each.name == name]

    def writes(self) -> list[str]:
        """Names of the requests that change something."""
        return [each.name for each in self.asked if each.request.safety.value != "safe"]

    def run(self, flow: Generator[Any, Any, Any]) -> Any:
        """Perform a flow to its end; its result, or its error."""
        answer: Any = None
        failure: BaseException | None = None
        while True:
            try:
                effect = flow.throw(failure) if failure is not None else flow.send(answer)
            except StopIteration as stop:
                return stop.value
            answer, failure = None, None
            try:
                answer = self._perform(effect)
            except ConnectorError as error:
                failure = error

    def _perform(self, effect: Any) -> Any:
        if isinstance(effect, Now):
            return self.now
        if isinstance(effect, Together):
            return [self.run(each) for each in effect.flows]
        assert isinstance(effect, Request), effect
        return self._answer(effect)

    def _answer(self, request: Request) -> Response:
        body = parse(request.body).find(f"{{{ENVELOPE}}}Body")
        assert body is not None
        asked = Asked(request, body[0])
        self.asked.append(asked)
        if self.failing == len(self.asked) - 1 and self.failure is not None:
            if self.after_work:
                self._answered(asked)
            raise self.failure
        return self._answered(asked)

    def _answered(self, asked: Asked) -> Response:
        assert asked.name in self.answers, f"nothing is scripted for {asked.name}; asked: {self.names()}"
        answer = self.answers[asked.name]
        if isinstance(answer, list):
            answer = answer[0] if len(answer) == 1 else answer.pop(0)
        if callable(answer):
            answer = answer(asked)
        if isinstance(answer, ConnectorError):
            raise answer
        return answer if isinstance(answer, Response) else reply(answer)


def reply(payload: str, status: int = 200) -> Response:
    """An answer as AEOS writes them: a default namespace for the payload, and a stray prefix."""
    if payload and "xmlns=" not in payload.partition(">")[0] and not payload.startswith("<soap:"):
        head, _, rest = payload.partition(">")
        closed = head.endswith("/")
        head = head.removesuffix("/")
        payload = (
            f'{head} xmlns:ns2="http://www.nedap.com/aeosws" xmlns="{SCHEMA}"{"/" if closed else ""}>{rest}'
        )
    envelope = f'<soap:Envelope xmlns:soap="{ENVELOPE}"><soap:Body>{payload}</soap:Body></soap:Envelope>'
    body = f'<?xml version="1.0"?>{envelope}'
    return Response(status=status, headers={"content-type": "text/xml;charset=UTF-8"}, body=body.encode())


def fault(code: int | None, message: str = "Carrier not found", blame: str = "Server") -> Response:
    """A fault with status 500."""
    info = f"<ErrorCode>{code}</ErrorCode><Message>{message}</Message>"
    status = f'<detail><StatusInfo xmlns="{SCHEMA}">{info}</StatusInfo></detail>' if code is not None else ""
    payload = (
        f'<soap:Fault xmlns:unused="{SCHEMA}"><faultcode>soap:{blame}</faultcode>'
        f"<faultstring>{message}</faultstring>{status}</soap:Fault>"
    )
    return reply(payload, 500)
